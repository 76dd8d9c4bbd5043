// Ordinary programs have all of their points in the sandbox, as they have in Node; and whoever waits costs nobody else anything.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emptyFolder, tinyCourse } from '../check/tinyCourse'
import { kitRoot, openCourse } from '../course'
import type { Job } from '../runner/channel'
import { runJobs } from '../runner/run'
import { Compiler } from './compile'
import { prepare } from './declared'
import { readSubmission } from './intake'
import { ordinary } from './ordinary'
import type { LessonReport } from './report'
import { gradeSubmission } from './submission'

jest.setTimeout(300_000)

const titles = ['an answer that takes its time (2 points)', 'and once more']
const suite = (stem: string) => `// Waits for what is answered.
import { openLesson, print, sample } from '../scripts/lesson'
import type * as Lesson from '../solutions/${stem}'

const { lesson, task } = openLesson<typeof Lesson>('${stem}')

task('twice', () => {
  for (const title of ${JSON.stringify(titles)}) {
    test(title, async () => {
      const x = sample([3])
      const expected = print(x.add(x))
      expect(print(await lesson.twice(x))).toPrint(expected)
    }, 3000)
  }
})
`
const solution = `import type { Tensor } from '../engine'
export async function twice(x: Tensor): Promise<Tensor> {
  // #region todo: double x
  return x.mul(2)
  // #endregion
}
`
const answer = 'export const twice = async (x: any) => x.mul(2)'

/** Programs that fail, or that are in nobody's way. */
const odd = {
  'a timer that throws': `export const twice = (x: any) => new Promise((done) => { setTimeout(() => { throw new RangeError('from a timer') }, 1); setTimeout(done, 2, x.mul(2)) })`,
  'a timer that never ends': `export const twice = (x: any) => new Promise(() => setTimeout(() => { for (;;) {} }, 1))`,
  'an interval that nobody stops': `setInterval(() => {}, 1)\n${answer}`,
  'a timer far away': `setTimeout(() => { throw new Error('too late') }, 1e9)\nsetTimeout(() => {}, 5000)\n${answer}`,
  'ten thousand timers': `for (let i = 0; i < 1e4; i++) setTimeout(() => { throw new Error('one of many') }, 20_000)\n${answer}`,
}
const programs = [...ordinary, ...Object.entries(odd).map(([name, code]) => ({ name, code }))]
const stems = programs.map((_, i) => `${String(i + 1).padStart(2, '0')}-ordinary`)
const course = tinyCourse(Object.fromEntries(stems.map((stem) => [stem, { solution, suite: suite(stem) }])))

let graded: Map<string, LessonReport>
beforeAll(async () => {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'exercises'))
  for (const [i, { code }] of programs.entries()) writeFileSync(join(folder, 'exercises', `${stems[i]}.ts`), code)
  const known = await prepare(openCourse(kitRoot))
  const declared = Object.fromEntries(stems.map((stem) => [stem, titles.map((title) => ({ task: 'twice', title }))]))
  const compiler = new Compiler(known.compiler)
  const report = await gradeSubmission(course, readSubmission(course, folder), {
    stems,
    prepared: { ...known, declared },
    compiler,
    limits: { testMs: 1000, lessonMs: 2500, silenceMs: 20_000, memoryMegabytes: 64 },
  })
  compiler.end()
  graded = new Map(report.lessons.map((lesson, i) => [programs[i]?.name ?? '', lesson]))
})

const told = (name: string) =>
  graded
    .get(name)
    ?.tests.map(({ message }) => message)
    .join('\n')

test.each(ordinary.map(({ name }) => name))('%s', (name) => {
  expect(told(name)).toBe('\n')
  expect(graded.get(name)).toMatchObject({ score: 3, status: 'passed' })
})

test('in Node they have the same points', async () => {
  const jobs = ordinary.map(({ code }, i): Job => {
    const { exercise, suite } = course.files(stems[i] as string)
    writeFileSync(exercise, code)
    return { id: stems[i] as string, lesson: stems[i] as string, testFile: suite, subject: exercise, shown: exercise }
  })
  const outcomes = [...(await runJobs(jobs)).values()]
  expect(outcomes.flatMap(({ tests }) => tests.map(({ message }) => message)).filter(Boolean)).toEqual([])
  expect(outcomes.map(({ score }) => score)).toEqual(ordinary.map(() => 3))
})

test('what a timer throws fails the test that waits, with its words and its place', () => {
  expect(graded.get('a timer that throws')).toMatchObject({ score: 0, status: 'failed' })
  expect(told('a timer that throws')).toMatch(/RangeError: from a timer[\s\S]*exercises\/\d\d-ordinary\.ts:1:/)
})

test('a timer that never ends is stopped like any other loop', () => {
  expect(graded.get('a timer that never ends')).toMatchObject({ score: 0, status: 'timeout' })
})

test.each(['an interval that nobody stops', 'a timer far away', 'ten thousand timers'])(
  '%s is in nobody’s way',
  (name) => {
    expect(graded.get(name)).toMatchObject({ score: 3, status: 'passed', output: '' })
  },
)

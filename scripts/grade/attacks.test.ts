// Hostile submissions, graded for real: none earns a point, learns a secret, leaves a trace, or costs anyone else anything.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as torch from '../../engine'
import { emptyFolder, type LessonEdits, tinyCourse } from '../check/tinyCourse'
import { type Course, kitRoot, openCourse } from '../course'
import type { Job } from '../runner/channel'
import { runJobs } from '../runner/run'
import { type Attack, attacks, does } from './attacks'
import { Compiler } from './compile'
import { type Prepared, prepare } from './declared'
import { formats } from './formats'
import { honest } from './honest'
import { readSubmission } from './intake'
import type { LessonReport, Report } from './report'
import { gradeSubmission } from './submission'

jest.setTimeout(600_000)

const solution = `// A secret of the teacher's: solution-that-nobody-sees
import type { Tensor } from '../engine'
export function twice(x: Tensor): Tensor {
  // #region todo: double x
  return x.mul(2)
  // #endregion
}
export function gradientOf(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  // #region todo: return the gradient of f at x
  f(x).backward()
  return x.grad!
  // #endregion
}
`
const suite = (stem: string) => `// What the attacks are after: five points a lesson.
import { openLesson, print, sample } from '../scripts/lesson'
import type * as Lesson from '../solutions/${stem}'

const { lesson, task } = openLesson<typeof Lesson>('${stem}')
type Tensor = ReturnType<typeof sample>

task('twice', () => {
  test('any x doubled (2 points)', () => {
    const x = sample([3])
    const expected = print(x.add(x))
    expect(print(lesson.twice(x))).toPrint(expected)
  })
})

task('gradientOf', () => {
  for (const which of ['a gradient', 'another one', 'and one more']) {
    test(which, () => {
      const [x, w] = [sample([3]), sample([3])]
      const f = (v: Tensor) => v.mul(v).mul(w).sum()
      const copy = x.clone().requires_grad_(true)
      f(copy).backward()
      const expected = print(copy.grad)
      expect(print(lesson.gradientOf(f, x.requires_grad_(true)))).toPrint(expected)
    })
  }
})
`

const secret = 'environment-that-nobody-sees'
process.env.GRADUS_TEST_SECRET = secret

/** An attack a lesson, and honest ones between them. */
interface Entry {
  stem: string
  attack?: Attack
  code: string
}
const mark = join(emptyFolder(), 'mark')
const between = Math.floor(attacks.length / (honest.length + 1))
const entries: Entry[] = attacks.flatMap((attack, i): Entry[] => {
  const number = String(i % 100).padStart(2, '0')
  const stem = `${number}-attack-${i}`
  const entry = { stem, attack, code: attack.code.replaceAll('STEM', stem).replaceAll('MARK', mark) }
  const right =
    i % between === between - 1 ? [solution, ...honest.map(({ code }) => code)][Math.floor(i / between)] : undefined
  return right === undefined ? [entry] : [entry, { stem: `${number}-honest-${i}`, code: right }]
})
const course = tinyCourse(
  Object.fromEntries(entries.map(({ stem }): [string, LessonEdits] => [stem, { solution, suite: suite(stem) }])),
)

let known: Prepared

/** All of these suites declare the same; the cache is the kit's own. */
async function grade({ course, folder, stems = course.stems }: { course: Course; folder: string; stems?: string[] }) {
  const titles = [
    ['twice', 'any x doubled (2 points)'],
    ...['a gradient', 'another one', 'and one more'].map((title) => ['gradientOf', title]),
  ]
  const tests = titles.map(([task = '', title = '']) => ({ task, title }))
  const prepared = { ...known, declared: Object.fromEntries(stems.map((stem) => [stem, tests])) }
  const limits = { testMs: 200, lessonMs: 400, silenceMs: 2500, memoryMegabytes: 64 }
  const compiler = new Compiler(known.compiler)
  try {
    return await gradeSubmission(course, readSubmission(course, folder), { stems, prepared, compiler, limits })
  } finally {
    compiler.end()
  }
}

let report: Report
beforeAll(async () => {
  known = await prepare(openCourse(kitRoot))
  const folder = emptyFolder()
  mkdirSync(join(folder, 'exercises'))
  for (const entry of entries) writeFileSync(join(folder, 'exercises', `${entry.stem}.ts`), entry.code)
  // Two side by side, so that one waits while the other computes.
  const lanes = [0, 1].map((lane) => course.stems.filter((_, i) => i % 2 === lane))
  const [first, second] = await Promise.all(lanes.map((stems) => grade({ course, folder, stems })))
  report = { ...first!, lessons: [...first!.lessons, ...second!.lessons] }
})

function lessonOf(stem: string): LessonReport {
  return report.lessons.find(({ lesson }) => lesson === stem) as LessonReport
}

const cases = entries.flatMap(({ stem, attack }) => (attack ? [{ ...attack, stem }] : []))

test.each(cases)('$name: no point', ({ stem, status, says }) => {
  const lesson = lessonOf(stem)
  expect(lesson).toMatchObject({ score: 0, max_score: 5 })
  expect(lesson.tests.filter((each) => each.status === 'passed' || each.score !== 0)).toEqual([])
  if (status) expect(lesson.status).toBe(status)
  if (says) expect([lesson.message, ...lesson.tests.map(({ message }) => message)].join('\n')).toMatch(says)
})

test('there are more than sixty kinds, each with a name of its own', () => {
  expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length)
  expect(attacks.length).toBeGreaterThan(60)
})

test('the honest beside them have all of their points', () => {
  const theirs = entries.filter(({ attack }) => !attack).map(({ stem }) => lessonOf(stem))
  expect(theirs).toHaveLength(honest.length + 1)
  expect(theirs.flatMap(({ tests }) => tests.map(({ message }) => message)).filter(Boolean)).toEqual([])
  expect(theirs.map(({ score }) => score)).toEqual(theirs.map(() => 5))
  const printed = theirs.map(({ output }) => output).find((output) => output !== '') ?? ''
  expect(printed).toContain('x is tensor([')
  expect(printed).toContain("{ a: [ 1, 'two' ], b: null } Map (1) {'k' => 1} undefined\nalso here")
})

test('what one lesson leaves switched is not so in the next', async () => {
  const stems = ['01-leaves', '02-finds']
  const pair = tinyCourse(Object.fromEntries(stems.map((stem) => [stem, { solution, suite: suite(stem) }])))
  const folder = emptyFolder()
  const state = 'console.log(torch.is_grad_enabled(), torch.is_inference_mode_enabled(), torch.initial_seed())'
  const leave = 'torch.manual_seed(0); torch.inference_mode(true); torch.set_grad_enabled(false)'
  writeFileSync(join(folder, '01-leaves.ts'), does(`${state}; ${leave}; return x`, leave))
  writeFileSync(join(folder, '02-finds.ts'), `import * as torch from '../engine'\n${state}\n${solution}`)
  const [before, after] = (await grade({ course: pair, folder })).lessons
  expect(before?.output).toMatch(/ 0$/m)
  expect(after).toMatchObject({ score: 5, output: `true false ${torch.initial_seed()}\n` })
})

test.each(Object.entries(formats))(
  'as %s, nothing of solutions, of suites, of the environment or of the machine is told',
  (_, format) => {
    const text = format(report)
    const words = [
      'solution-that-nobody-sees',
      'v.mul(v).mul(w)',
      secret,
      kitRoot,
      course.root,
      'root:x:',
      'ESCAPED',
      'GOT',
    ]
    for (const word of words) expect(text.includes(word) ? word : '').toBe('')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
    expect(text.length).toBeLessThan(2_000_000)
  },
)

test('nothing was written', () => {
  expect(existsSync(mark)).toBe(false)
})

test('in plain Jest the forgeries work: they are no straw men', async () => {
  const forgers = entries.filter(({ attack }) => attack?.forges)
  const jobs = forgers.map((entry): Job => {
    const { exercise, suite } = course.files(entry.stem)
    writeFileSync(exercise, entry.code)
    return { id: entry.stem, lesson: entry.stem, testFile: suite, subject: exercise, shown: exercise }
  })
  const outcomes = await runJobs(jobs)
  const earned = forgers.map(({ stem, attack }) => ({
    name: attack?.name,
    earns: (outcomes.get(stem)?.score ?? 0) > 0,
  }))
  expect(earned.filter(({ earns }) => !earns)).toEqual([])
})

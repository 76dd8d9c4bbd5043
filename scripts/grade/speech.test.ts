// Reports in Chinese: as good as what a learner reads in `npm test`, the same points, and nothing that a stranger could keep busy.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emptyFolder, replacing } from '../check/tinyCourse'
import { type Course, kitRoot, openCourse } from '../course'
import { kitTranslator } from '../feedback/translation'
import { textOf } from '../state'
import { Compiler } from './compile'
import { prepare } from './declared'
import { readSubmission } from './intake'
import type { Report } from './report'
import { speechIn } from './speech'
import { gradeSubmission } from './submission'

jest.setTimeout(240_000)

const course: Course = openCourse(kitRoot)
const solution = (stem: string) => textOf(course.files(stem).solution)
const { GRADUS_COURSE: _, ...bare } = process.env
const run = (env: NodeJS.ProcessEnv, ...words: string[]) =>
  spawnSync(process.execPath, [join(kitRoot, 'scripts/gradus.js'), ...words], {
    env: { ...bare, NO_COLOR: '1', ...env },
    encoding: 'utf8',
  })

/** Everything that can be said of a lesson: wrong, thrown, endless, not TypeScript, under a wrong name, a stub, nothing. */
const handedIn = (folder: string) => {
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
  mkdirSync(folder, { recursive: true })
  write(
    '01-requires-grad.ts',
    'export const makeX = () => { for (;;) {} }\nexport const isTracked = (x: any) => x.nothing.there',
  )
  write('02-backward.ts', 'export const a = (')
  write('03-zero-grad.ts', replacing('  x.grad?.zero_()\n', '')(solution('03-zero-grad')))
  write('04-vectors.ts', '')
  write('05-no-grad.ts', textOf(course.files('05-no-grad').exercise))
  return folder
}
const named = (...numbers: string[]) => numbers.flatMap((number) => ['--lesson', number])
const wordsIn = ({ lessons }: Report) =>
  lessons.flatMap(({ message, tests }) => [message, ...tests.flatMap((test) => [test.name, test.message])])
const pointsIn = ({ lessons }: Report) =>
  lessons.map(({ tests }) => tests.map(({ status, score }) => `${status} ${score}`))

describe('a submission with everything that can be said of one', () => {
  const folder = handedIn(emptyFolder())
  const grade = (env: NodeJS.ProcessEnv, lessons: string[], ...words: string[]) => {
    const { status, stdout, stderr } = run(env, 'grade', folder, ...lessons, ...words)
    expect([status, status === 0 ? '' : stderr]).toEqual([0, ''])
    return JSON.parse(stdout) as Report
  }
  const quick = grade({ GRADUS_LANG: 'zh_CN.UTF-8' }, named('02', '03', '04', '05'))
  /** With that of the endless loop, which is not waited for as long as `npm run grade` waits. */
  let chinese: Report
  beforeAll(async () => {
    const compiler = new Compiler()
    const { lessons } = await gradeSubmission(course, readSubmission(course, folder), {
      stems: ['01-requires-grad'],
      prepared: await prepare(course),
      compiler,
      speech: speechIn(course, 'zh'),
      limits: { testMs: 400, lessonMs: 800, silenceMs: 20_000, memoryMegabytes: 64 },
    })
    compiler.end()
    chinese = { ...quick, lessons: [...lessons, ...quick.lessons] }
  })

  test('the language is that of the environment, or the one that is asked for; the points are the same', () => {
    const english = grade({ GRADUS_LANG: 'zh' }, named('02', '03', '04', '05'), '--lang', 'en')
    expect(wordsIn(english).filter((text) => /[\u4e00-\u9fff]/.test(text))).toEqual([])
    expect(pointsIn(chinese).slice(1)).toEqual(pointsIn(english))
    expect(chinese.lessons.map(({ status }) => status)).toEqual([
      'timeout',
      'rejected',
      'failed',
      'not-started',
      'not-started',
    ])
  })

  test('no sentence of the kit’s or of a suite’s is left in English', () => {
    const sentences = wordsIn(chinese).flatMap((text) => text.split('\n'))
    const english = sentences.filter((text) => /[a-z]+ [a-z]+ [a-z]+/.test(text) && !/[\u4e00-\u9fff]/.test(text))
    expect(english.filter((text) => !/^ +|^at exercises|^TypeError: /.test(text))).toEqual([])
    expect(sentences.filter((text) => /[\u4e00-\u9fff]/.test(text)).length).toBeGreaterThan(40)
  })

  test('what it says to a mistake is what the learner reads', () => {
    const wrong = chinese.lessons[2]?.tests.find(({ message }) => message.startsWith('应为'))
    expect(wrong?.message).toMatch(/^应为 {6}tensor\([\s\S]*\n得到 {6}tensor\(/)
    const why = wrong?.message.split('\n').at(-1) ?? ''
    expect(Object.values(JSON.parse(textOf(course.files('03-zero-grad').words)) as object)).toContainEqual(why)
  })
})

test('a class speaks Chinese, too, and is graded anew for those who read English', () => {
  const [folder, out] = [emptyFolder(), emptyFolder()]
  handedIn(join(folder, 'ana'))
  const grade = (language: string) =>
    run({}, 'grade', '--class', folder, '--out', out, '--lesson', '02', '--lang', language).stderr
  const message = () => (JSON.parse(readFileSync(join(out, 'reports/ana.json'), 'utf8')) as Report).lessons[0]?.message
  grade('zh')
  expect(message()).toBe(
    'exercises/02-backward.ts 不是合法的 TypeScript：Expression expected.\nat exercises/02-backward.ts:1:19',
  )
  expect(grade('zh')).toContain('(unchanged)')
  expect(grade('en')).not.toContain('(unchanged)')
  expect(message()).toContain('is not valid TypeScript')
})

test('a text that fits sentences in more ways than can be counted takes no time', () => {
  const levels = 20
  const nested = `${'The program cannot be run here: '.repeat(levels)}x${' is empty.'.repeat(levels)}`
  const began = performance.now()
  expect(kitTranslator('zh')(nested)).toContain('程序无法在这里运行：')
  expect(performance.now() - began).toBeLessThan(10_000)
})

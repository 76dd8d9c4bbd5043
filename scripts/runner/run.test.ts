// The runner on real processes: whatever a learner's file does, every lesson has an outcome in words, and the others are graded.
import { rmSync } from 'node:fs'
import { type LessonEdits, tinyCourse } from '../check/tinyCourse'
import type { Course } from '../course'
import { exerciseJobs } from './jobs'
import type { LessonOutcome, TestOutcome } from './outcome'
import { runJobs } from './run'

const suite = (stem: string) => `
import { openLesson, print } from '../scripts/lesson'
const { lesson, task } = openLesson<{ first(): unknown; second(): unknown }>('${stem}')
task('first', () => {
  test('first is 1 (2 points)', () => expect(print(lesson.first())).toPrint('1'))
})
task('second', () => {
  test('second is 2 (3 points)', () => expect(print(lesson.second())).toPrint('2'))
  test('second is 2 again (4 points)', () => expect(print(lesson.second())).toPrint('2'))
})
`
const first = 'export function first() {\n  return 1\n}\n'
const second = (...lines: string[]) =>
  `${first}export function second(): unknown {\n${lines.map((l) => `  ${l}\n`).join('')}}\n`

/** A course in which each named file is a learner's answer. */
function courseOf(answers: Record<string, string>): Course {
  const lessons = Object.entries(answers).map(([name, exercise], i): [string, LessonEdits] => {
    const stem = `${String(i + 1).padStart(2, '0')}-${name}`
    return [stem, { suite: suite(stem), exercise }]
  })
  return tinyCourse(Object.fromEntries(lessons))
}

async function grade(course: Course, limitMs = 500): Promise<Record<string, LessonOutcome>> {
  const outcomes = await runJobs(exerciseJobs(course, course.stems), { limitMs, memoryMegabytes: 300 })
  return Object.fromEntries([...outcomes].map(([stem, outcome]) => [stem.slice(3), outcome]))
}

const scores = (outcome: LessonOutcome | undefined) => outcome?.tests.map(({ status }) => status)
const secondOf = (outcome: LessonOutcome | undefined) => outcome?.tests[1] as TestOutcome

describe('code that does not come back', () => {
  let graded: Record<string, LessonOutcome>
  /** What is left running comes to light while the next lesson is on. */
  const leftovers: Record<string, string> = {
    'timer-loop': second('setTimeout(() => { while (true) {} }, 0)', 'return 2'),
    microtasks: second('const again = (): void => void Promise.resolve().then(again)', 'again()', 'return 2'),
  }

  beforeAll(async () => {
    const stopped = grade(
      courseOf({
        right: second('return 2'),
        loop: second('let n = 0', 'while (true) {', '  n++', '}'),
        'top-loop': `${first}for (;;) {}\n`,
        'async-loop': `${first}export async function second() {\n  await null\n  while (true) {}\n}\n`,
        killed: second("process.kill(process.pid, 'SIGKILL')"),
      }),
    )
    const greedy = courseOf({
      heap: second('const all = []', 'while (true) all.push(new Array(1e6).fill(1))'),
      tensors: second('const all = []', 'while (true) all.push(new Float32Array(1e6).fill(1))'),
    })
    graded = await grade(greedy, 20_000)
    for (const [name, answer] of Object.entries(leftovers)) {
      const pair = await grade(courseOf({ [name]: answer, [`after-${name}`]: second('return 2') }))
      Object.assign(graded, pair)
    }
    Object.assign(graded, await stopped)
  }, 120_000)

  test('an endless loop costs its test and those after it; the tests before keep their points', () => {
    const { loop } = graded
    expect(loop).toMatchObject({ status: 'timeout', score: 2, max_score: 9 })
    expect(scores(loop)).toEqual(['passed', 'failed', 'not-run'])
  })

  test('an endless loop is named with its function, its line and how long was waited', () => {
    expect(secondOf(graded.loop).message).toBe(
      'This test did not end within 0.5 s and was stopped. Is there a loop whose condition never becomes false? It was in `second`.\nat exercises/02-loop.ts:6:3',
    )
  })

  test.each(['right', 'after-timer-loop', 'after-microtasks'])('another lesson is graded all the same: %s', (name) => {
    expect(graded[name]).toMatchObject({ status: 'passed', score: 9, max_score: 9 })
  })

  test('a loop at the top of a file is named, and the points that it costs are counted', () => {
    expect(graded['top-loop']).toMatchObject({ status: 'timeout', score: 0, max_score: 9 })
    expect(graded['top-loop']?.message).toContain('Loading exercises/03-top-loop.ts did not end')
    expect(graded['top-loop']?.message).toContain('at exercises/03-top-loop.ts:4:')
  })

  test('a loop behind an await is found', () => {
    expect(graded['async-loop']).toMatchObject({ status: 'timeout', score: 2 })
    expect(graded['async-loop']?.message).toContain('at exercises/04-async-loop.ts:6:')
  })

  test('a loop in a timer is blamed on the lesson that set it, not on the one that was on', () => {
    expect(graded['timer-loop']).toMatchObject({ status: 'timeout', max_score: 9 })
    expect(graded['timer-loop']?.message).toContain('What a test left running did not end')
    expect(graded['timer-loop']?.message).toContain('at exercises/01-timer-loop.ts:5:')
  })

  test('promises that resolve each other without end are blamed on their lesson', () => {
    expect(graded.microtasks).toMatchObject({ status: 'timeout', max_score: 9 })
    expect(graded.microtasks?.message).toContain('What a test left running did not end')
  })

  test.each(['heap', 'tensors'])('memory without end is stopped, with its place: %s', (name) => {
    expect(graded[name]).toMatchObject({ status: 'out-of-memory', score: 2, max_score: 9 })
    expect(secondOf(graded[name]).message).toMatch(
      /^This test used more than 300 MB of memory and was stopped\. It was in `second`\.\nat exercises\/\d\d-\w+\.ts:6:\d+$/,
    )
  })

  test('code that kills its process loses its own test only', () => {
    expect(graded.killed).toMatchObject({ status: 'error', score: 2, max_score: 9 })
    expect(secondOf(graded.killed).message).toBe('This test ended the whole process (signal SIGKILL).')
  })
})

const survivors: Record<string, string> = {
  right: second('return 2'),
  recursion: second('return second()'),
  exit: second('process.exit(0)'),
  'exit-at-load': `${first}process.exit(0)\n`,
  'throws-text': second("throw 'no'"),
  'throws-null': second('throw null'),
  'throws-undefined': second('throw undefined'),
  'hostile-message': second(
    'const error = new Error()',
    "Object.defineProperty(error, 'message', { get() { throw new Error('inner') } })",
    'throw error',
  ),
  'hostile-object': second('throw { get stack() { throw 1 }, get message() { throw 2 }, toString() { throw 3 } }'),
  'long-message': second("throw new Error('a'.repeat(5_000_000))"),
  syntax: `${first}export function second( {\n  return 2\n}\n`,
  'throws-at-load': `${first}const x = null as unknown as { grad: number }\nconsole.log(x.grad)\n`,
  nothing: 'const a = 1\n',
  misspelt: `${first}export const secnd = () => 2\n`,
  number: `${first}export const second = 2\n`,
  empty: '\n',
  missing: first,
  'returns-undefined': second(),
  'returns-promise': `${first}export async function second() {\n  return 2\n}\n`,
  'returns-function': second('return () => 2'),
  'returns-object': second('return { two: 2 }'),
  'returns-nan': second('return NaN'),
  'returns-codes': second("return '\\u001b[31m2\\u001b[0m'"),
  'prints-much': second("for (let i = 0; i < 20000; i++) console.log('line', i)", 'return 2'),
  'prints-codes': second("console.log('\\u001b[31mred\\u001b[0m\\u0007')", 'return 2'),
  rejects: second("Promise.reject(new Error('nobody awaits'))", 'return 2'),
  windows: `\uFEFF${second('return 3')}`.replaceAll('\n', '\r\n'),
  'leaf-node': second('const leaf: any = { node: null }', 'return leaf.node.vjp(1)'),
  'no-suite': second('return 2'),
  'undefined-entry': second('const list: any = [1, 2]', 'return list[-1].mul(2)'),
  'joined-lines': second('const y = Number', '(y + 1).toFixed()', 'return 2'),
  'python-name': second('return len([1, 2])'),
  'called-property': second('const list: any = [1, 2]', 'return list.shape()'),
}

describe('code that goes wrong at once', () => {
  let graded: Record<string, LessonOutcome>
  beforeAll(async () => {
    const course = courseOf(survivors)
    for (const stem of course.stems) {
      if (stem.endsWith('-missing')) rmSync(course.files(stem).exercise)
      if (stem.endsWith('-no-suite')) rmSync(course.files(stem).suite)
    }
    graded = await grade(course)
  }, 120_000)

  test('a right answer beside all of these has full points', () => {
    expect(graded.right).toMatchObject({ status: 'passed', score: 9, max_score: 9 })
  })

  test('every lesson but the one without a suite counts all of its points', () => {
    const short = Object.entries(graded).filter(([, { max_score }]) => max_score !== 9)
    expect(short.map(([name]) => name)).toEqual(['no-suite'])
  })

  test.each<[string, string]>([
    [
      'recursion',
      'RangeError: Maximum call stack size exceeded\nA function calls itself without end.\nat exercises/02-recursion.ts:5:3',
    ],
    ['exit', 'Error: process.exit(0) would end the grading: return the answer instead.\nat exercises/03-exit.ts:5:11'],
    ['throws-text', 'Your code threw no\nOnly an Error knows its place: `throw new Error(…)`.'],
    ['throws-null', 'Your code threw null\nOnly an Error knows its place: `throw new Error(…)`.'],
    ['throws-undefined', 'Your code threw undefined\nOnly an Error knows its place: `throw new Error(…)`.'],
    [
      'misspelt',
      'exercises/14-misspelt.ts exports no `second`. The nearest name that it exports is `secnd`: was it renamed, or is the word `export` missing?',
    ],
    ['number', '`second` should be a function, and exercises/15-number.ts exports the number 2.'],
    ['returns-undefined', '`second` returned nothing (undefined). Is a `return` missing?'],
    ['returns-promise', '`second` returned a promise. Answers are plain values here: take out `async`.'],
    ['returns-function', '`second` returned a function. Was a pair of parentheses forgotten?'],
    [
      'returns-object',
      '`second` returned an object. A tensor, a number, a boolean, null or an array of these was expected.',
    ],
    ['returns-nan', 'expected  2\nreceived  nan'],
    ['windows', 'expected  2\nreceived  3'],
    [
      'leaf-node',
      "TypeError: Cannot read properties of null (reading 'vjp')\nA node is null here: a leaf has none, and neither has what is not tracked.\nat exercises/28-leaf-node.ts:6:20",
    ],
    [
      'undefined-entry',
      "TypeError: Cannot read properties of undefined (reading 'mul')\nSomething is undefined here. Do you come from Python? `list[-1]` is undefined: write `list.at(-1)`. And `for … in` goes through indices: `for (const each of list)` goes through the list.\nat exercises/30-undefined-entry.ts:6:19",
    ],
    [
      'joined-lines',
      "ReferenceError: Cannot access 'y' before initialization\n`y` is used before its line has come to an end. Does the next line begin with ( or [? JavaScript then reads both lines as one; a semicolon between them parts them.\nat exercises/31-joined-lines.ts:6:4",
    ],
    [
      'python-name',
      "ReferenceError: len is not defined\n`len` is Python's. Here one writes `list.length, x.shape[0]`.\nat exercises/32-python-name.ts:5:3",
    ],
    [
      'called-property',
      'TypeError: list.shape is not a function\n`shape` is a property, not a method: it stands without parentheses.\nat exercises/33-called-property.ts:6:15',
    ],
  ])('%s: the first task keeps its points, and the second one hears why', (name, message) => {
    expect(secondOf(graded[name])).toMatchObject({ status: 'failed', message })
    expect(graded[name]).toMatchObject({ status: 'failed', score: 2 })
  })

  test.each(['hostile-message', 'hostile-object'])('an exception that cannot be read says so: %s', (name) => {
    expect(secondOf(graded[name]).message).toContain('What was thrown cannot be read: reading it throws again.')
    expect(graded[name]?.score).toBe(2)
  })

  test('a message of five million letters is cut', () => {
    expect(secondOf(graded['long-message']).message.length).toBeLessThan(20_000)
  })

  test.each<[string, string]>([
    ['syntax', "exercises/11-syntax.ts is not valid TypeScript: ':' expected.\nat exercises/11-syntax.ts:5:10"],
    ['empty', 'exercises/16-empty.ts is empty. `npm run reset -- 16` puts the stub back.'],
    ['missing', 'exercises/17-missing.ts is missing. `npm run reset -- 17` puts the stub back.'],
  ])('%s: one sentence for the whole lesson', (name, message) => {
    expect(graded[name]).toMatchObject({ status: 'error', score: 0, message })
  })

  test.each<[string, string]>([
    [
      'exit-at-load',
      'process.exit(0) would end the grading: return the answer instead.\nat exercises/04-exit-at-load.ts:4:9',
    ],
    ['throws-at-load', "Cannot read properties of null (reading 'grad')"],
    ['throws-at-load', 'at exercises/12-throws-at-load.ts:5:15'],
    ['nothing', 'exports nothing. The suite calls `first`: is the word `export` still before it?'],
  ])('%s: every test says what stopped it', (name, words) => {
    expect(graded[name]).toMatchObject({ status: 'failed', score: 0 })
    expect(graded[name]?.tests[0]?.message).toContain(words)
  })

  test('a suite that is not there is said, with the way back', () => {
    expect(graded['no-suite']).toMatchObject({ status: 'error', score: 0 })
    expect(graded['no-suite']?.message).toBe(
      'The suite exercises/29-no-suite.test.ts is missing. `git checkout -- exercises/29-no-suite.test.ts` brings it back.',
    )
  })

  test('printing much is no endless loop, and only its beginning is kept', () => {
    expect(graded['prints-much']).toMatchObject({ status: 'passed' })
    expect(graded['prints-much']?.output.startsWith('line 0\nline 1\n')).toBe(true)
    expect(graded['prints-much']?.output.length).toBeLessThanOrEqual(20_000)
  })

  test('escape codes are taken out of what is printed and of what is returned', () => {
    expect(graded['prints-codes']?.output).toBe('red\nred\n')
    expect(secondOf(graded['returns-codes']).cause).toMatchObject({ kind: 'wrong', received: '2' })
  })

  test('a promise that nobody awaits and that rejects changes no verdict', () => {
    expect(graded.rejects).toMatchObject({ status: 'passed', score: 9 })
  })
})

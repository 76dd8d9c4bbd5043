// The prover is itself given something wrong: each lesson of one course has one fault, and the fault is named; the lesson without one is not.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Course } from '../course'
import { checkGrading } from './grading'
import type { Problem } from './problem'
import { type LessonEdits, replacing, tinyCourse } from './tinyCourse'

const first = 'twice 0, 1, 2, 3 is 0, 2, 4, 6'
const second = 'twice any x is x + x'

/** A second task, whose answer depends on the first. */
const thrice = `
/** Three times \`x\`. */
export function thrice(x: Tensor): Tensor {
  // #region todo: return 3x
  return twice(x).add(x)
  // #endregion
}
`
const thriceSuite = `
task('thrice', () => {
  test('thrice any x is x + x + x', () => {
    const x = sample([3])
    expect(print(lesson.thrice(x))).toPrint(print(x.mul(3)))
  })
})
`
const inTest = (title: string, ...lines: string[]) =>
  replacing(
    "task('twice', () => {\n",
    `task('twice', () => {\n  test('${title}', () => {\n    ${lines.join('\n    ')}\n  })\n`,
  )

/** Lessons by their fault. The first mistake of a new lesson is “not multiplied”: \`x\` instead of \`x.mul(2)\`. */
const faults: Record<string, LessonEdits> = {
  none: {},
  'stub-passes': { suite: inTest('one is one', "expect(print(1)).toPrint('1')") },
  'stub-fails': {
    suite: inTest(
      'is caught',
      'let answer = print(0)',
      'try { answer = print(lesson.twice(torch.ones(1))) } catch {}',
      "expect(answer).toPrint('tensor([2.])')",
    ),
  },
  'solution-fails': { suite: replacing('4., 6.])', '4., 7.])') },
  'solution-throws': { solution: replacing('return x.mul(2)', 'if (x.numel() > 3) null!\n  return x.mul(2).view(3)') },
  'nobody-catches': { mistakes: replacing("'x']", "'x.add(x)']") },
  crash: { mistakes: replacing("'x']", "'(null as unknown as Tensor).mul(2)']") },
  'no-words': { mistakes: replacing('nothing was multiplied', 'the words that nobody says') },
  'no-such-test': {
    mistakes: replacing(
      `caughtBy: '${second}',\n    says: 'nothing`,
      "caughtBy: 'a test of my dreams',\n    says: 'nothing",
    ),
  },
  'other-task': { solution: (text) => text + thrice, suite: (text) => text + thriceSuite },
  'tasks-that-build': {
    solution: (text) => text + thrice,
    suite: (text) => text + thriceSuite,
    mistakes: replacing("name: 'not multiplied',", "name: 'not multiplied',\n    breaks: ['thrice'],"),
  },
  'no-tests': { solution: (text) => text + thrice },
  'two-titles': { suite: inTest(first, "expect(print(lesson.twice(torch.ones(1)))).toPrint('tensor([2.])')") },
  'occurs-never': { mistakes: replacing("['x.mul(2)', 'x']", "['x.div(2)', 'x']") },
  'occurs-twice': { mistakes: replacing("['x.mul(2)', 'x']", "['x', 'y']") },
  'no-function': { mistakes: replacing("name: 'squared',\n    in: 'twice'", "name: 'squared',\n    in: 'thrice'") },
  endless: { mistakes: replacing("['x.mul(2)', 'x']", "['return x.mul(2)', 'for (;;) {}']") },
  'one-mistake': { mistakes: (text) => text.replace(/ {2}\{\n {4}name: 'squared'[\s\S]*?\n {2}\},\n/, '') },
  'mistakes-do-not-parse': { mistakes: 'export default [\n' },
  'mistakes-do-not-export': { mistakes: 'export const mistakes = []\n' },
  'suite-does-not-parse': { suite: "task('twice', () => {\n" },
  'no-region': { solution: (text) => text.replace(/ *\/\/ #.*\n/g, ''), exercise: 'export const twice = 1\n' },
}
const stemOf = (fault: string) => `${String(Object.keys(faults).indexOf(fault) + 1).padStart(2, '0')}-${fault}`

let course: Course
let problems: Problem[]
let checked: number
beforeAll(async () => {
  course = tinyCourse(Object.fromEntries(Object.entries(faults).map(([fault, edits]) => [stemOf(fault), edits])))
  ;({ problems, checked } = await checkGrading(course, undefined, 500))
}, 180_000)

/** What is said of a lesson, without its stem. */
const said = (fault: string) =>
  problems
    .filter(({ where, message }) => `${where} ${message}`.includes(stemOf(fault)))
    .map(({ where, message }) => `${where} ${message}`.replaceAll(stemOf(fault), 'NN'))

test('a new lesson proves itself', () => {
  expect(said('none')).toEqual([])
  expect(checked).toBeGreaterThan(50)
})

test.each<[string, (string | RegExp)[]]>([
  ['stub-passes', ['exercises/NN.ts the stub passes “one is one”: that test asks for nothing.']],
  [
    'stub-fails',
    [
      /^exercises\/NN\.ts the stub does not count as not started in “is caught”: expected {2}tensor\(\[2\.\]\)\nreceived {2}0\n/,
    ],
  ],
  [
    'solution-fails',
    [
      /^solutions\/NN\.ts fails “twice 0, 1, 2, 3 is 0, 2, 4, 6”: expected {2}tensor\(\[0\., 2\., 4\., 7\.\]\)\nreceived {2}tensor\(\[0\., 2\., 4\., 6\.\]\)/,
    ],
  ],
  ['nobody-catches', [`solutions/NN.mistakes.ts “not multiplied” is not caught by “${second}”: that test passes.`]],
  [
    'crash',
    [
      /^solutions\/NN\.mistakes\.ts “not multiplied” is caught by a crash, not by an assertion: TypeError: Cannot read properties of null/,
    ],
  ],
  [
    'no-words',
    [
      /^solutions\/NN\.mistakes\.ts “not multiplied” is not answered with “the words that nobody says”\. What it says:\nexpected {2}tensor/,
    ],
  ],
  [
    'no-such-test',
    ['solutions/NN.mistakes.ts “not multiplied” should be caught by “a test of my dreams”, but there is no such test.'],
  ],
  ['two-titles', [`exercises/NN.test.ts has two tests called “${first}”; give each a title of its own.`]],
  [
    'occurs-never',
    [
      'solutions/NN.mistakes.ts “not multiplied” replaces "x.div(2)", which occurs 0 times in twice; it must occur once.',
    ],
  ],
  [
    'occurs-twice',
    [
      /^solutions\/NN\.mistakes\.ts “not multiplied” replaces "x", which occurs \d times in twice; it must occur once\.$/,
    ],
  ],
  ['one-mistake', ['solutions/NN.mistakes.ts has one mistake for twice; at least two are needed.']],
  [
    'no-function',
    [
      'solutions/NN.mistakes.ts has one mistake for twice; at least two are needed.',
      'solutions/NN.mistakes.ts “squared” is in thrice, which the solution does not export.',
    ],
  ],
  [
    'endless',
    [
      /^solutions\/NN\.mistakes\.ts “not multiplied” is caught by a crash, not by an assertion: This test did not end within 0\.5 s/,
    ],
  ],
  ['mistakes-do-not-parse', [/^solutions\/NN\.mistakes\.ts cannot be loaded: /]],
  ['mistakes-do-not-export', ['solutions/NN.mistakes.ts should export the list of mistakes as its default.']],
  ['no-region', ['solutions/NN.ts there is no `// #region todo: …`: the stub would be the solution.']],
])('%s', (fault, expected) => {
  const found = said(fault)
  expect(found).toHaveLength(expected.length)
  for (const [i, message] of expected.entries())
    expect(found[i]).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
})

test('a mistake that fails the test of another task is named with that test', () => {
  expect(said('other-task')).toContain(
    'solutions/NN.mistakes.ts “not multiplied” also fails “thrice any x is x + x + x”, which belongs to another task.',
  )
})

test('a mistake may fail the tests of a task that it says it breaks', () => {
  expect(said('tasks-that-build').filter((message) => message.includes('another task'))).toEqual([
    'solutions/NN.mistakes.ts “squared” also fails “thrice any x is x + x + x”, which belongs to another task.',
  ])
})

test('a task without tests is named, and a task without mistakes', () => {
  expect(said('no-tests')).toEqual([
    'solutions/NN.mistakes.ts has no mistake for thrice; at least two are needed.',
    "exercises/NN.test.ts has no tests for thrice: wrap them in task('thrice', …).",
  ])
})

test('a solution that throws fails with the words of its exception', () => {
  expect(said('solution-throws')[0]).toMatch(
    /^solutions\/NN\.ts fails “twice 0, 1, 2, 3 is 0, 2, 4, 6”: RuntimeError: shape/,
  )
})

test('a suite that does not parse is said once for its solution', () => {
  expect(said('suite-does-not-parse')[0]).toMatch(
    /^solutions\/NN\.ts could not be graded: The suite of NN could not run: /,
  )
})

test('nothing of the trials is left behind', () => {
  const state = join(course.root, '.gradus')
  expect(existsSync(state) ? readdirSync(state) : []).toEqual([])
})

// The cells of a lesson run in order in one scope, print what the lesson says, and are accepted by TypeScript.

import { checkCellTypes, checkNotebooks } from './notebooks'
import type { Finding } from './problem'
import { type LessonEdits, replacing, tinyCourse } from './tinyCourse'

const cell = (...lines: string[]) => `\n\`\`\`ts\n${lines.join('\n')}\n\`\`\`\n`
const more = (...lines: string[]): LessonEdits => ({ en: (text) => text + cell(...lines) })
const told = ({ problems }: Finding) => problems.map(({ where, message }) => `${where} ${message}`)

test('what a new lesson says is what its cells print', () => {
  expect(checkNotebooks(tinyCourse())).toEqual({ checked: 1, problems: [] })
})

test('a cell sees the names of the cells before it, and may print nothing', () => {
  expect(told(checkNotebooks(tinyCourse({ '01-twice': more('const y = x.add(1)') })))).toEqual([])
})

test('a wrong text is shown beside what is printed, at the line of its cell', () => {
  const course = tinyCourse({ '01-twice': { en: replacing('4., 6.]', '4., 7.]') } })
  expect(told(checkNotebooks(course))).toEqual([
    'lessons/01-twice.md:8 this cell prints\ntensor([0., 2., 4., 6.])\nbut the lesson says\ntensor([0., 2., 4., 7.])\n',
  ])
})

test('a cell that prints without a text behind it says so', () => {
  const [problem] = told(checkNotebooks(tinyCourse({ '01-twice': more('console.log(x.sum())') })))
  expect(problem).toContain(
    'this cell prints\ntensor(6.)\nbut the lesson says\n(nothing: there is no text block after it)',
  )
})

test('a text behind a cell that prints nothing is wrong', () => {
  const course = tinyCourse({ '01-twice': { en: replacing('console.log(x.mul(2))', 'x.mul(2)') } })
  expect(told(checkNotebooks(course))[0]).toContain(
    'this cell prints\n(nothing)\nbut the lesson says\ntensor([0., 2., 4., 6.])',
  )
})

test('a cell that throws is named by its own line, and what stood before it counts', () => {
  const lines = told(checkNotebooks(tinyCourse({ '01-twice': more('const y = 1', "throw new RangeError('too far')") })))
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^lessons\/01-twice\.md:31 this cell fails: RangeError: too far$/)
})

test('a cell that never ends is stopped', () => {
  const [problem] = told(checkNotebooks(tinyCourse({ '01-twice': more('while (true) {}') }), 200))
  expect(problem).toMatch(/^lessons\/01-twice\.md:31 this cell fails: .*timed out after 200ms/)
})

test('cells that are no program at all are a problem, not a pass', () => {
  const [problem] = told(checkNotebooks(tinyCourse({ '01-twice': more('const = 1') })))
  expect(problem).toMatch(/^lessons\/01-twice\.md its cells cannot be run: SyntaxError/)
})

test('a cell imports the engine and nothing else', () => {
  const [problem] = told(
    checkNotebooks(tinyCourse({ '01-twice': more("import { readFileSync } from 'node:fs'", 'readFileSync') })),
  )
  expect(problem).toContain("a cell imports node:fs; cells import '../engine' and nothing else")
})

test('one bad lesson does not hide the others', () => {
  const course = tinyCourse({
    '01-twice': more("throw 'no'"),
    '02-again': { en: replacing('6.]', '7.]') },
    '03-fine': {},
  })
  expect(checkNotebooks(course).problems.map(({ where }) => where)).toEqual([
    'lessons/01-twice.md:31',
    'lessons/02-again.md:8',
  ])
})

test('TypeScript accepts the cells of a new lesson, and each problem stands at its own line', () => {
  const course = tinyCourse({
    '01-twice': {},
    '02-wrong-type': more('const y = 1', "x.mul('two')", 'x.mull(2)'),
    '03-no-program': more('const = 1'),
    '04-no-name': more('console.log(z)'),
  })
  const problems = told(checkCellTypes(course))
  expect(problems).toEqual([
    expect.stringMatching(/^lessons\/02-wrong-type\.md:32 .*not assignable/s),
    expect.stringMatching(/^lessons\/02-wrong-type\.md:33 Property 'mull' does not exist/),
    'lessons/03-no-program.md:31 Variable declaration expected.',
    'lessons/03-no-program.md:31 Variable declaration expected.',
    expect.stringMatching(/^lessons\/04-no-name\.md:31 Cannot find name 'z'/),
  ])
}, 180_000)

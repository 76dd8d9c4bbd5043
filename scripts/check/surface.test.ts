// A lesson's code uses only what the lessons up to it have introduced.
import type { Problem } from './problem'
import { checkSurface } from './surface'
import { type LessonEdits, replacing, tinyCourse } from './tinyCourse'

/** One course, for TypeScript reads the engine once for all of it. Each lesson that tells something uses what no other does. */
const lessons: Record<string, LessonEdits> = {
  '01-new': {},
  '02-cell': { en: replacing('console.log(x.mul(2))', 'console.log(x.cumsum(0))') },
  '03-early': { solution: replacing('x.mul(2)', 'x.add(x)') },
  '04-named': {
    solution: replacing('x.mul(2)', 'x.add(x)'),
    en: replacing('What it is for', 'The method `add` is plus. What it is for'),
  },
  '05-option': {
    solution: replacing('return x.mul(2)', 'return [x.mul(2)].map((y) => y.sum(0, { keepdim: true }))[0]!'),
  },
}

let problems: Problem[]
let checked: number
beforeAll(() => {
  ;({ problems, checked } = checkSurface(tinyCourse(lessons)))
}, 60_000)

const told = (stem: string) =>
  problems.map(({ where, message }) => `${where} ${message}`).filter((line) => line.includes(`/${stem}.`))

test('what a new lesson uses, it names', () => {
  expect(told('01-new')).toEqual([])
  expect(checked).toBeGreaterThanOrEqual(3 * Object.keys(lessons).length)
})

test('a cell that uses what no text has named is told at its line', () => {
  expect(told('02-cell')).toEqual([
    'lessons/02-cell.md:11 this cell uses `cumsum`, which no lesson up to 02-cell names in its text: say what it is, or do without.',
  ])
})

test('a solution may not use what only a later lesson introduces', () => {
  expect(told('03-early')).toEqual([
    'solutions/03-early.ts:7 uses `add`, which no lesson up to 03-early has shown: introduce it there, or do without.',
  ])
  expect(told('04-named')).toEqual([])
})

test('an option is a name too, and what is not of the engine is nobody’s business', () => {
  expect(told('05-option').map((line) => /`(\w+)`/.exec(line)?.[1])).toEqual(['sum', 'keepdim'])
})

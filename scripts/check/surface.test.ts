// A lesson's code uses only what the lessons up to it have introduced.
import { checkSurface } from './surface'
import { replacing, tinyCourse } from './tinyCourse'

const told = (lessons: Parameters<typeof tinyCourse>[0]) =>
  checkSurface(tinyCourse(lessons)).problems.map(({ where, message }) => `${where} ${message}`)

test('what a new lesson uses, it names', () => {
  const { checked, problems } = checkSurface(tinyCourse())
  expect(problems).toEqual([])
  expect(checked).toBeGreaterThanOrEqual(3)
})

test('a cell that uses what no text has named is told at its line', () => {
  const en = replacing('console.log(x.mul(2))', 'console.log(x.cumsum(0))')
  expect(told({ '01-twice': { en } })).toEqual([
    'lessons/01-twice.md:11 this cell uses `cumsum`, which no lesson up to 01-twice names in its text: say what it is, or do without.',
  ])
})

test('a solution may not use what only a later lesson introduces', () => {
  const solution = replacing('x.mul(2)', 'x.add(x)')
  const en = replacing('What it is for', 'The method `add` is plus. What it is for')
  expect(told({ '01-twice': { solution }, '02-again': { en } })).toEqual([
    'solutions/01-twice.ts:7 uses `add`, which no lesson up to 01-twice has shown: introduce it there, or do without.',
  ])
  expect(told({ '01-twice': {}, '02-again': { solution, en } })).toEqual([])
})

test('an option is a name too, and what is not of the engine is nobody’s business', () => {
  const solution = replacing('return x.mul(2)', 'return [x.mul(2)].map((y) => y.sum(0, { keepdim: true }))[0]!')
  expect(told({ '01-twice': { solution } }).map((line) => /`(\w+)`/.exec(line)?.[1])).toEqual(['sum', 'keepdim'])
})

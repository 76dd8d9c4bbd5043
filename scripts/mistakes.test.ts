// A mistake is an edit of one function of the solution, and of nothing else.
import { type Mistake, makeMistake } from './mistakes'

const solution = `import * as torch from '../engine'

export function one(x: Tensor): Tensor {
  return x.mul(2)
}

export const two = (x: Tensor) => x.mul(2)

export async function three(x: Tensor) {
  if (x) {
    return x.mul(2).add(x.mul(2))
  }
}
`
const mistake = (edit: Partial<Mistake>): Mistake => ({
  name: 'lost',
  in: 'one',
  replace: ['.mul(2)', ''],
  caughtBy: 'a',
  says: 'b',
  ...edit,
})

test('only the named function is edited', () => {
  expect(makeMistake(solution, mistake({}), 'm.ts')).toBe(solution.replace('return x.mul(2)\n}', 'return x\n}'))
})

test('a function that is an expression ends where the next export begins', () => {
  expect(makeMistake(solution, mistake({ in: 'two' }), 'm.ts')).toBe(solution.replace('=> x.mul(2)', '=> x'))
})

test('a function with braces inside reaches to the brace at the margin', () => {
  const edited = makeMistake(solution, mistake({ in: 'three', replace: ['.add(x.mul(2))', ''] }), 'm.ts')
  expect(edited).toBe(solution.replace('.add(x.mul(2))', ''))
})

test('of a class, only the named method is edited', () => {
  const pair =
    'export class Pair {\n  sum(): number {\n    return x.mul(2)\n  }\n\n  twice(): number {\n    return x.mul(2)\n  }\n}\n'
  const edited = makeMistake(pair, mistake({ in: 'twice' }), 'm.ts')
  expect(edited).toBe(pair.replace(/return x\.mul\(2\)\n {2}\}\n\}/, 'return x\n  }\n}'))
})

test('further replacements apply to what the first one made', () => {
  const edited = makeMistake(
    solution,
    mistake({ replace: ['mul(2)', 'add(3)'], with: [['add(3)', 'sub($&)']] }),
    'm.ts',
  )
  expect(edited).toContain('return x.sub($&)\n')
})

test('line ends of Windows do not hide where a function ends', () => {
  const windows = solution.replaceAll('\n', '\r\n')
  expect(makeMistake(windows, mistake({}), 'm.ts')).toBe(windows.replace('return x.mul(2)', 'return x'))
})

test.each<[string, Partial<Mistake>, string]>([
  [
    'a text that occurs twice',
    { in: 'three' },
    'm.ts: “lost” replaces ".mul(2)", which occurs 2 times in three; it must occur once.',
  ],
  [
    'a text that occurs nowhere',
    { replace: ['.div(2)', ''] },
    'm.ts: “lost” replaces ".div(2)", which occurs 0 times in one; it must occur once.',
  ],
  [
    'a text of another function',
    { replace: ['if (x)', ''] },
    'm.ts: “lost” replaces "if (x)", which occurs 0 times in one; it must occur once.',
  ],
  ['a function that is not there', { in: 'four' }, 'm.ts: “lost” is in four, which the solution does not export.'],
  ['the beginning of a name', { in: 'on' }, 'm.ts: “lost” is in on, which the solution does not export.'],
])('%s is refused', (_, edit, message) => {
  expect(() => makeMistake(solution, mistake(edit), 'm.ts')).toThrow(message)
})

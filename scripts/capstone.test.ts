// Lesson 22 asks for what PyTorch printed: its list of cells is the recording's, and the printing that it gives to the learner is PyTorch's.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as torch from '../engine'
import { Tensor } from '../solutions/22-your-own-engine'
import { kitRoot } from './course'

interface Recorded {
  seed: number
  cells: { cell: number; prints: string }[]
}

test('the suite of lesson 22 expects of each cell of the tutorial what the recording says, and draws from its seed', () => {
  const suite = readFileSync(join(kitRoot, 'exercises', '22-your-own-engine.test.ts'), 'utf8')
  const recording = readFileSync(join(kitRoot, 'engine', 'recordings', 'tutorial.json'), 'utf8')
  const { seed, cells }: Recorded = JSON.parse(recording)
  const list = /^const cells = \{\n(.*?)^\} as const/ms.exec(suite)?.[1] ?? ''
  const expected = cells.map(({ cell, prints }) => `  ${cell}: '${prints.replaceAll('\n', '\\n')}',\n`)
  expect(expected).toHaveLength(13)
  expect(list).toBe(expected.join(''))
  expect(suite).toContain(`manual_seed(${seed})`)
})

test.each([
  ['a vector of any length, where a note may pass the end of a line', (n: number) => [n]],
  ['a matrix', (n: number) => [2, n]],
  ['one number', () => []],
])('the printing that is given prints as PyTorch does: %s', (_, shapeFor) => {
  for (let n = 1; n <= 40; n++) {
    const shape = shapeFor(n)
    const values = torch.randn(shape).reshape([-1])
    const numbers = values.tolist() as number[]
    const mine = new Tensor(numbers, shape).requires_grad_()
    const theirs = values.reshape(shape).requires_grad_()
    expect(String(mine)).toBe(String(theirs))
    expect(String(mine.mul(3))).toBe(String(theirs.mul(3)))
    expect(String(mine.eq(mine))).toBe(String(theirs.eq(theirs)))
  }
})

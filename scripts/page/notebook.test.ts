// Cells as a program: what they print, the names between them, errors in their place, and the graph of the last one.
import { runUpTo } from '../book/cellGraphs'
import { CellSyntaxError, compileCells } from './notebook'

const start = "import * as torch from '../engine'\nconst x: torch.Tensor = torch.arange(3).requires_grad_(true)"

test('cells share their names, and types are taken out', () => {
  const { printed } = runUpTo(
    [start, 'const n = x.sum() as torch.Tensor\nconsole.log(n)', 'console.log(n.item(), "done")'],
    false,
  )
  expect(printed).toEqual(['', 'tensor(3., grad_fn=<SumBackward0>)\n', '3 done\n'])
})

test('the graph is that of the tensor that was walked, though nothing names it', () => {
  const { graph } = runUpTo([start, 'x.mul(x).sum().backward()\nconsole.log(x.exp())'], true)
  expect(graph?.nodes.map(({ name }) => name)).toEqual(['x', 'MulBackward0', null, 'SumBackward0', null])
})

test('without a walk it is that of what was printed or declared last', () => {
  expect(runUpTo([start, 'const y = x.exp()\nconst [a] = [y.mul(2)]'], true).graph?.nodes.at(-1)).toMatchObject({
    name: 'a',
  })
  expect(runUpTo([start, 'console.log(x.exp())'], true).graph?.nodes.at(-2)).toMatchObject({ name: 'ExpBackward0' })
})

test('the gradients of a walk in a later cell are known, because it is watched from the first', () => {
  const { graph } = runUpTo([start, 'const y = x.mul(2)\nconst z = y.sum()', 'z.backward()'], true)
  const y = graph?.nodes.find(({ name }) => name === 'y')
  expect(y).toMatchObject({ value: { text: 'tensor([0., 2., 4.])' }, grad: { text: 'tensor([1., 1., 1.])' } })
})

test('a cell that builds nothing has no graph', () => {
  expect(runUpTo(["import * as torch from '../engine'\nconsole.log(torch.arange(3))"], true)).toMatchObject({
    hasGraph: [false],
  })
})

test.each([
  [['const a = 1', 'const b = ('], 1, 1],
  [['const a = 1\nconst c = }', 'const b = 2'], 0, 2],
  [['if (true) {', '}'], 0, 1],
])('a cell that is no TypeScript is named, with its own line: %j', (cells, cell, line) => {
  expect(() => compileCells(cells)).toThrow(CellSyntaxError)
  try {
    compileCells(cells)
  } catch (error) {
    expect(error).toMatchObject({ cell, line })
  }
})

test('lines of the program are lines of the cells', () => {
  const { code, lines } = compileCells([start, 'const a = 1\nconst here = a'])
  expect(code.split('\n')[lines[1]! + 1 - 1]).toContain('const here = a')
})

test('backward is what it was when the cells have run, even where one fails', () => {
  const torch = require('../../engine')
  const { backward } = torch.Tensor.prototype
  expect(() => runUpTo([start, 'throw new Error("no")'], true)).toThrow('no')
  expect(torch.Tensor.prototype.backward).toBe(backward)
})

test('a gradient that was added to one from before is taken apart; one that was zeroed first is not', () => {
  const first = [start, 'x.mul(x).sum().backward()']
  const added = runUpTo([...first, 'x.sum().backward()\nx.sum().backward()'], true).graph
  expect(added?.additions).toEqual({ x: { held: 'tensor([0., 2., 4.])', added: 'tensor([2., 2., 2.])' } })
  expect(runUpTo([...first, 'x.grad!.zero_()\nx.sum().backward()'], true).graph?.additions).toEqual({})
  expect(runUpTo([...first, 'x.grad = null\nx.sum().backward()'], true).graph?.additions).toEqual({})
  expect(runUpTo(first, true).graph?.additions).toEqual({})
})

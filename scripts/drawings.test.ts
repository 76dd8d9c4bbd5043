// The graph that a function builds is captured once a task, and drawn when the test is over.
import * as torch from '../engine'
import { capture, type Drawing, takeCaptured } from './drawings'

type Tensor = torch.Tensor

const leaf = () => torch.tensor([1, 2, 3], { requires_grad: true })
const run = (task: string, answer: (...inputs: never[]) => unknown, ...inputs: unknown[]) =>
  capture(task, answer as (...inputs: unknown[]) => unknown, inputs)

const names = ({ nodes }: Drawing) => nodes.flatMap((node) => (node.kind === 'function' ? [node.name] : []))
const tensors = ({ nodes }: Drawing) =>
  nodes.flatMap((node) => (node.kind === 'tensor' ? [[node.name, node.value?.text, node.grad?.text]] : []))

test('gradients that arrive after the function has returned are in the drawing, and inputs bear its parameters’ names', () => {
  const y = run('loss', (x: Tensor) => x.mul(x).sum(), leaf()) as Tensor
  y.backward()
  const captured = takeCaptured()
  expect(captured?.task).toBe('loss')
  expect(names(captured!.drawing)).toEqual(['MulBackward0', 'SumBackward0'])
  expect(tensors(captured!.drawing)).toEqual([
    ['x', 'tensor([1., 2., 3.])', 'tensor([2., 4., 6.])'],
    [null, 'tensor([1., 4., 9.])', 'tensor([1., 1., 1.])'],
    [null, 'tensor(14.)', 'tensor(1.)'],
  ])
})

test('a graph that is not returned is drawn from its end', () => {
  const gradient = (x: Tensor) => {
    x.mul(2).sum().backward()
    return x.grad
  }
  expect(String(run('gradient', gradient, leaf()))).toBe('tensor([2., 2., 2.])')
  expect(names(takeCaptured()!.drawing)).toEqual(['MulBackward0', 'SumBackward0'])
})

test('a gradient that was added to an old one is told apart again', () => {
  const x = leaf()
  x.mul(4).sum().backward()
  run('added', (x: Tensor) => x.sum().backward(), x)
  expect(takeCaptured()!.drawing.additions).toEqual({
    x: { held: 'tensor([4., 4., 4.])', added: 'tensor([1., 1., 1.])' },
  })
})

test('what builds nothing has no drawing, and the next call of its task may have one', () => {
  const twice = (x: Tensor) => x.mul(2)
  run('twice', twice, torch.tensor([1]))
  expect(takeCaptured()).toBeUndefined()
  run('twice', twice, leaf())
  expect(names(takeCaptured()!.drawing)).toEqual(['MulBackward0'])
  run('twice', twice, leaf())
  expect(takeCaptured()).toBeUndefined()
})

test('too much is not drawn, and costs no more than a little', () => {
  const loop = (x: Tensor) => {
    let y = x
    for (let i = 0; i < 5000; i++) y = y.add(1)
    return y
  }
  expect(String(run('loop', loop, leaf()))).toContain('5001., 5002., 5003.')
  expect(takeCaptured()).toBeUndefined()
})

test('an exception passes through, and nothing goes on being watched', () => {
  const fail = () => {
    throw new Error('mine')
  }
  expect(() => run('fail', fail)).toThrow('mine')
  run('after', (x: Tensor) => x.exp(), leaf())
  expect(names(takeCaptured()!.drawing)).toEqual(['ExpBackward0'])
})

test('large values are cut', () => {
  run('large', (x: Tensor) => x.mul(2), torch.zeros([40, 40], { requires_grad: true }))
  const [first] = takeCaptured()!.drawing.nodes
  expect(first).toMatchObject({ kind: 'tensor', value: { values: null } })
  expect(JSON.stringify(first).length).toBeLessThan(1000)
})

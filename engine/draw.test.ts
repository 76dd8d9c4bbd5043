// torch.draw: what the drawing of a recorded graph says.
import * as torch from '.'
import { type DrawnFunction, type DrawnTensor, watch } from './draw'

function tensors(drawing: torch.Drawing): DrawnTensor[] {
  return drawing.nodes.filter((node) => node.kind === 'tensor')
}

function functions(drawing: torch.Drawing): DrawnFunction[] {
  return drawing.nodes.filter((node) => node.kind === 'function')
}

/** Each function with the tensors that it reads and makes: `x, w -> MulBackward0 -> y`. */
function steps(drawing: torch.Drawing): string[] {
  const label = new Map(tensors(drawing).map(({ id, name }) => [id, name ?? id]))
  return functions(drawing).map(({ id, name }) => {
    const inputs = drawing.edges.filter(({ to }) => to === id).sort((a, b) => a.index - b.index)
    const outputs = drawing.edges.filter(({ from }) => from === id).sort((a, b) => a.index - b.index)
    return `${inputs.map(({ from }) => label.get(from)).join(', ')} -> ${name} -> ${outputs.map(({ to }) => label.get(to)).join(', ')}`
  })
}

test('a graph is drawn in the order in which its operations ran, leaves with their values and gradients', () => {
  const x = torch.arange(4).requires_grad_()
  const y = torch.dot(x, x).mul(2)
  y.backward()
  const drawing = torch.draw(y, { params: { x, y } })
  expect(steps(drawing)).toEqual(['x, x -> DotBackward0 -> t1', 't1 -> MulBackward0 -> y'])
  expect(tensors(drawing)).toEqual([
    {
      id: 't0',
      kind: 'tensor',
      role: 'leaf',
      name: 'x',
      shape: [4],
      dtype: 'float32',
      requires_grad: true,
      output: 0,
      value: { values: [0, 1, 2, 3], text: 'tensor([0., 1., 2., 3.])' },
      grad: { values: [0, 4, 8, 12], text: 'tensor([ 0.,  4.,  8., 12.])' },
    },
    expect.objectContaining({ role: 'intermediate', name: null, shape: [], value: null, grad: null }),
    expect.objectContaining({ role: 'root', name: 'y', value: { values: [28], text: 'tensor(28.)' }, grad: null }),
  ])
})

test('a computation that is watched shows every value, and every gradient that passed', () => {
  const x = torch.tensor([1, 2, 3], { requires_grad: true })
  const drawing = torch.draw(
    () => {
      const loss = x.mul(x).sin().sum()
      loss.backward()
      return loss
    },
    { params: { x } },
  )
  const [leaf, square, sine, loss] = tensors(drawing)
  expect(square!.value!.values).toEqual([1, 4, 9])
  expect(square!.grad!.values).toEqual(torch.tensor([1, 4, 9]).cos().tolist())
  expect(sine!.value!.values).toEqual(torch.tensor([1, 4, 9]).sin().tolist())
  expect(sine!.grad!.values).toEqual([1, 1, 1])
  expect(loss!.grad!.values).toEqual([1])
  expect(leaf!.grad!.values).toEqual(x.grad!.tolist())
})

test('watching changes nothing: no .grad on intermediates, and it ends when the computation throws', () => {
  const x = torch.tensor([2], { requires_grad: true })
  let inner: torch.Tensor | undefined
  expect(() =>
    torch.draw(() => {
      inner = x.mul(3)
      inner.sum().backward()
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(inner!.retains_grad).toBe(false)
  expect(inner!._grad).toBeNull()
  const later = x.mul(5)
  expect(later.grad_fn!.outputHooks).toBeNull()
})

test('a value is the one that the operation gave, whatever was done to the tensor in place since', () => {
  const x = torch.tensor([1, 2], { requires_grad: true })
  const drawing = torch.draw(() => x.mul(2).add_(10).sum())
  expect(functions(drawing).map(({ name }) => name)).toEqual(['MulBackward0', 'AddBackward0', 'SumBackward0'])
  expect(tensors(drawing).map(({ value }) => value!.values)).toEqual([[1, 2], [2, 4], [12, 14], [26]])
})

test('without watching, the values that operations saved are shown until a backward pass frees them', () => {
  const x = torch.tensor([0, 1], { requires_grad: true })
  const y = x.exp().mul(x).sum()
  const exponential = () => tensors(torch.draw(y)).find(({ id }) => id === 't1')!
  expect(exponential().value!.values).toEqual([1, Math.fround(Math.E)])
  y.backward()
  expect(exponential().value).toBeNull()
  expect(exponential().shape).toEqual([2])
  expect(steps(torch.draw(y)).length).toBe(3)
})

test('a saved tensor that was changed in place since is not shown with its new values', () => {
  const x = torch.tensor([0, 1], { requires_grad: true })
  const e = x.exp()
  const y = e.mul(e).sum()
  torch.no_grad(() => e.zero_())
  const drawing = torch.draw(y)
  expect(tensors(drawing).find(({ id }) => id === 't1')!.value).toBeNull()
})

test('retain_grad shows the gradient of an intermediate that is named', () => {
  const x = torch.tensor([1, 2], { requires_grad: true })
  const h = x.mul(x)
  h.retain_grad()
  const y = h.sum()
  y.backward()
  const named = tensors(torch.draw(y, { params: { h } })).find(({ name }) => name === 'h')!
  expect(named.role).toBe('intermediate')
  expect(named.value!.values).toEqual([1, 4])
  expect(named.grad!.values).toEqual([1, 1])
})

test('a tensor used in several places is drawn once', () => {
  const x = torch.tensor([2], { requires_grad: true })
  const h = x.mul(3)
  const drawing = torch.draw(h.mul(h).add(h), { params: { x, h } })
  expect(steps(drawing)).toEqual([
    'x -> MulBackward0 -> h',
    'h, h -> MulBackward0 -> t2',
    't2, h -> AddBackward0 -> t3',
  ])
})

test('an operation with several results says which of them was used', () => {
  const x = torch.tensor([[1, 5], [7, 3]], { requires_grad: true }) // biome-ignore format: a matrix
  const [, second] = x.unbind(0) as [torch.Tensor, torch.Tensor]
  const drawing = torch.draw(second.sum(), { params: { second } })
  expect(tensors(drawing).find(({ name }) => name === 'second')!.output).toBe(1)
  expect(drawing.edges).toContainEqual({ from: 'f0', to: 't1', index: 1 })
})

test('several tensors are drawn together, and a leaf alone is a drawing too', () => {
  const x = torch.tensor([1, 2], { requires_grad: true })
  const drawing = torch.draw([x.sum(), x.mul(2)])
  expect(tensors(drawing).filter(({ role }) => role === 'root').length).toBe(2)
  expect(tensors(drawing).filter(({ role }) => role === 'leaf').length).toBe(1)
  expect(torch.draw(torch.ones(2)).nodes).toEqual([
    expect.objectContaining({ role: 'root', requires_grad: false, shape: [2] }),
  ])
})

test('the data survives JSON, with words for what is not finite', () => {
  const x = torch.tensor([-1, 0, 1], { requires_grad: true })
  const drawing = torch.draw(torch.tensor([1, 2, Number.NaN]).mul(x.log().neg()), { params: { x } })
  const again = JSON.parse(JSON.stringify(drawing))
  expect(again).toEqual({ nodes: drawing.nodes, edges: drawing.edges })
  expect(tensors(drawing).at(-1)!.value!.values).toEqual(['nan', 'inf', 'nan'])
})

test('more than a thousand elements are shown by their corners only', () => {
  const x = torch.zeros(2000, { requires_grad: true })
  const [leaf] = tensors(torch.draw(x.mul(2)))
  expect(leaf!.value).toEqual({ values: null, text: 'tensor([0., 0., 0.,  ..., 0., 0., 0.])' })
})

test('a chain of 20,000 operations is drawn', () => {
  let y = torch.tensor([1], { requires_grad: true })
  for (let i = 0; i < 20_000; i++) y = y.add(1)
  const drawing = torch.draw(y)
  expect(functions(drawing).length).toBe(20_000)
  expect(drawing.dot().split('\n').length).toBeGreaterThan(40_000)
})

test('DOT: boxes for functions, ellipses for tensors, a double line around the result, gradients ending in AccumulateGrad', () => {
  const x = torch.ones(2, 3, { requires_grad: true })
  const w = torch.ones(3, { requires_grad: true })
  expect(torch.draw(x.matmul(w).sum(), { params: { x, 'the "w"': w } }).dot()).toBe(`digraph {
node [shape=box, fontname=monospace, fontsize=10, height=0.2]
t0 [label="x\\n(2, 3)", shape=ellipse]
t1 [label="the \\"w\\"\\n(3)", shape=ellipse]
f0 [label="MvBackward0"]
f1 [label="SumBackward0"]
t3 [label="()", shape=ellipse, peripheries=2]
at0 [label="AccumulateGrad"]
t0 -> at0
at0 -> f0
at1 [label="AccumulateGrad"]
t1 -> at1
at1 -> f0
f0 -> f1
f1 -> t3
}
`)
})

test('DOT: an intermediate tensor appears when it has a name', () => {
  const x = torch.ones(2, { requires_grad: true })
  const h = x.mul(2)
  const dot = torch.draw(h.sum(), { params: { h } }).dot()
  expect(dot).toContain('t1 [label="h\\n(2)", shape=ellipse]')
  expect(dot).toContain('f0 -> t1\nt1 -> f1')
})

test('what is not a tensor is refused', () => {
  expect(() => torch.draw(3 as unknown as torch.Tensor)).toThrow(
    'draw(): expected a tensor, or a function that returns one',
  )
})

test('a computation can be watched now and drawn later, when gradients have arrived; of more than the most only the first are seen', () => {
  const x = torch.tensor([3], { requires_grad: true })
  const { result, draw } = watch(() => x.mul(2).mul(2), 1)
  result.backward()
  const texts = draw(result).nodes.flatMap((node) =>
    node.kind === 'tensor' ? [[node.value?.text, node.grad?.text]] : [],
  )
  expect(texts).toEqual([
    ['tensor([3.])', 'tensor([4.])'],
    ['tensor([6.])', 'tensor([2.])'],
    ['tensor([12.])', undefined],
  ])
})

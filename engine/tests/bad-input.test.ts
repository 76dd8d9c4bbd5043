// What plain JavaScript can send and TypeScript would refuse: one sentence that says which argument of which function.
import * as torch from '..'

// biome-ignore lint/suspicious/noExplicitAny: the point of these tests is to hand over what the types forbid
const t = torch as any
const x = t.ones(3)

test.each([
  ['a text for a tensor', () => x.add('a'), "add(): argument 'other' must be Tensor, not str"],
  ['nothing for a tensor', () => x.mul(), "mul(): argument 'other' must be Tensor, not NoneType"],
  ['a list for a tensor', () => t.dot(x, [1, 2, 3]), "dot(): argument 'other' must be Tensor, not list"],
  ['a number for a tensor', () => t.exp(2), "exp(): argument 'input' must be Tensor, not int"],
  ['a list to sum', () => t.sum([1]), "sum(): argument 'input' must be Tensor, not list"],
  ['a number where only tensors compare', () => t.maximum(x, 1), "maximum(): argument 'other' must be Tensor, not int"],
  ['a list to compare with', () => x.eq([1]), "eq(): argument 'other' must be Tensor, not list"],
  ['a text for a dimension', () => x.sum('a'), "sum(): argument 'dim' must be int, not str"],
  ['a fraction for a dimension', () => x.sum(0.5), "sum(): argument 'dim' must be int, not float"],
  [
    'NaN for a size',
    () => x.view(Number.NaN),
    "view(): argument 'size' must be tuple of ints, but found element of type float",
  ],
  [
    'NaN for a new size',
    () => t.zeros(Number.NaN),
    "zeros(): argument 'size' must be tuple of ints, but found element of type float",
  ],
  ['no size', () => t.ones(), 'ones() missing 1 required positional arguments: "size"'],
  [
    'a text for a dtype',
    () => t.tensor([1], { dtype: 'float32' }),
    "tensor(): argument 'dtype' must be torch.dtype, not str",
  ],
  [
    'a keyword misspelt',
    () => t.ones(2, { requires_gard: true }),
    "ones() got an unexpected keyword argument 'requires_gard'",
  ],
  [
    'a keyword of another library',
    () => x.sum(0, { keepdims: true }),
    "sum() got an unexpected keyword argument 'keepdims'",
  ],
  ['a text for a number', () => t.arange('4'), "arange(): argument 'end' must be Number, not str"],
  ['a text for a seed', () => t.manual_seed('a'), "manual_seed(): argument 'seed' must be int, not str"],
  ['a number among tensors', () => t.cat([x, 1]), 'expected Tensor as element 1 in argument 0, but got int'],
  [
    'a tensor for a list of tensors',
    () => t.stack(x),
    "stack(): argument 'tensors' must be tuple of Tensors, not Tensor",
  ],
  ['an index without a list', () => x.index(0), "index(): argument 'indices' must be a list, not int"],
  ['a list to copy', () => x.copy_([1, 2, 3]), "copy_(): argument 'other' must be Tensor, not list"],
  ['a text to fill with', () => x.fill_('a'), "fill_(): argument 'value' must be Number, not str"],
  ['a number to differentiate by', () => t.autograd.grad(x, [1]), "grad(): argument 'inputs' must be Tensor, not int"],
])('%s', (_, call, message) => {
  expect(call).toThrow(expect.objectContaining({ name: 'TypeError', message }))
})

test('a tensor of another copy of the engine is called what it is', () => {
  class Tensor {}
  const foreign = new Tensor()
  expect(() => x.add(foreign)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('another copy of the engine') }),
  )
})

test('a failed call leaves values, versions, gradients and modes as they were', () => {
  const a = torch.ones(2, { requires_grad: true })
  const b = a.mul(2)
  expect(() => b.add_(torch.ones(3))).toThrow('The size of tensor a (2) must match the size of tensor b (3)')
  expect(() => b.mul_(torch.ones(3, 2))).toThrow("output with shape [2] doesn't match the broadcast shape [3, 2]")
  expect(() => torch.no_grad(() => a.view(7))).toThrow('invalid for input of size 2')
  expect([String(b), b._version, a.grad, torch.is_grad_enabled()]).toEqual([
    'tensor([2., 2.], grad_fn=<MulBackward0>)',
    0,
    null,
    true,
  ])
})

test('a hook that throws stops the pass; the next one is right', () => {
  const a = torch.ones(2, { requires_grad: true })
  const b = a.mul(2)
  let angry = true
  b.register_hook(() => {
    if (angry) throw new Error('no')
  })
  const c = b.add(b).sum()
  expect(() => c.backward({ retain_graph: true })).toThrow('no')
  expect([a.grad, torch.is_grad_enabled()]).toEqual([null, true])
  angry = false
  c.backward()
  expect(String(a.grad)).toBe('tensor([4., 4.])')
})

test('a hook that runs a backward pass of its own through the same graph disturbs nothing', () => {
  const a = torch.tensor([1, 2], { requires_grad: true })
  const b = a.mul(a)
  const inner = b.sum()
  const c = b.mul(3)
  c.register_hook(() => inner.backward({ retain_graph: true }))
  c.add(b).sum().backward()
  expect(String(a.grad)).toBe('tensor([10., 20.])')
})

test('a saved tensor that was detached in place since is refused', () => {
  const x = torch.arange(4, { requires_grad: true })
  const y = x.mul(2)
  const z = y.mul(y).sum()
  y.detach_()
  expect(() => z.backward()).toThrow('Trying to use a saved tensor that has been detached in-place')
})

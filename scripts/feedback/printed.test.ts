// Printed text read back: the kind, and of a tensor its shape, elements and suffixes.
import { readPrinted } from './printed'

test.each<[string, string]>([
  ['None', 'None'],
  ['True', 'boolean'],
  ['False', 'boolean'],
  ['0', 'number'],
  ['-1.5', 'number'],
  ['1e-05', 'number'],
  ['nan', 'number'],
  ['-inf', 'number'],
  ['ValueError: no', 'error'],
  ['StopIterationException: no', 'error'],
  ['no error', 'error'],
  ['', 'text'],
  [' ', 'text'],
  ['Error of mine', 'text'],
  ['true', 'text'],
  ['tensor', 'text'],
  ['tensor(a)', 'text'],
  ['tensor(1.) and more', 'text'],
  ['()', 'tuple'],
  ['(1,)', 'tuple'],
])('%j is of the kind %s', (text, kind) => {
  expect(readPrinted(text).kind).toBe(kind)
})

test('a matrix over several lines, with its suffixes', () => {
  const text =
    'tensor([[1.0000e+00, -2.0000e-05],\n        [       inf,         nan]], dtype=torch.float64, grad_fn=<AddBackward0>)'
  expect(readPrinted(text)).toEqual({
    kind: 'tensor',
    shape: [2, 2],
    elements: ['1.0000e+00', '-2.0000e-05', 'inf', 'nan'],
    suffix: { dtype: 'torch.float64', grad_fn: '<AddBackward0>' },
  })
})

test('an empty tensor has the size that is printed', () => {
  expect(readPrinted('tensor([], size=(2, 0, 3))')).toMatchObject({ shape: [2, 0, 3], elements: [] })
})

test('a scalar has no dimensions', () => {
  expect(readPrinted('tensor(3, requires_grad=True)')).toMatchObject({
    shape: [],
    elements: ['3'],
    suffix: { requires_grad: 'True' },
  })
})

test('the items of a tuple are split at its own commas only', () => {
  const text = '(tensor([[1., 2.],\n        [3., 4.]], grad_fn=<MulBackward0>), (1, 2), None)'
  expect(readPrinted(text)).toEqual({
    kind: 'tuple',
    items: ['tensor([[1., 2.],\n        [3., 4.]], grad_fn=<MulBackward0>)', '(1, 2)', 'None'],
  })
})

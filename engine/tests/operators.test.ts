// JavaScript's operators can't be given a meaning for tensors; they say so instead of making NaN.
import * as torch from '..'

const x = torch.arange(3) as unknown as number

test.each([
  ['4 * x', () => 4 * x],
  ['x + x', () => x + x],
  ['x < 1000', () => x < 1000],
  ['-x', () => -x],
])('%s throws and names the methods', (_, compute) => {
  expect(compute).toThrow('operators such as *, + and < do not work on a Tensor in JavaScript')
  expect(compute).toThrow(expect.objectContaining({ name: 'TypeError', hint: expect.stringContaining('x.mul(4)') }))
})

test.each([
  ['x[0]', () => (x as unknown as number[])[0], 'x.index([0])'],
  ['x[2] = 1', () => Object.assign(x, { 2: 1 }), 'x.index_put_([2], value)'],
  ['x.length', () => (x as unknown as number[]).length, 'x.size(0)'],
])('%s says what to write instead', (_, access, instead) => {
  expect(access).toThrow(expect.objectContaining({ name: 'TypeError', hint: expect.stringContaining(instead) }))
})

test('text is text', () => {
  expect(`${x}`).toBe('tensor([0., 1., 2.])')
  expect(String(x)).toBe('tensor([0., 1., 2.])')
})

test('what no whole number is becomes the least one', () => {
  const x = torch.tensor([Number.NaN, Infinity, -2.7, 3e9])
  expect(String(x.long())).toBe(
    'tensor([-9223372036854775808, -9223372036854775808,                   -2,\n                  3000000000])',
  )
  expect(String(x.int())).toBe('tensor([-2147483648, -2147483648,          -2, -2147483648], dtype=torch.int32)')
})

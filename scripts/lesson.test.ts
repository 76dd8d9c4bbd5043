// What suites work with: text as Python prints it, errors as its tracebacks end, and inputs that tell right from nearly right.
import * as torch from '../engine'
import { errorOf, print, sample, sampleInteger } from './lesson'

test.each<[unknown, string]>([
  [torch.arange(3), 'tensor([0., 1., 2.])'],
  [null, 'None'],
  [true, 'True'],
  [false, 'False'],
  [1.5, '1.5'],
  [Number.NaN, 'nan'],
  [Number.POSITIVE_INFINITY, 'inf'],
  [Number.NEGATIVE_INFINITY, '-inf'],
  ['text', 'text'],
  [[1, null], '(1, None)'],
  [[1], '(1,)'],
  [[], '()'],
  [[torch.ones(1), [true]], '(tensor([1.]), (True,))'],
])('%p prints %s', (value, text) => {
  expect(print(value)).toBe(text)
})

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'Your code returned nothing (undefined). Is a `return` missing?'],
  ['a promise', Promise.resolve(1), 'Your code returned a promise. Answers are plain values here: take out `async`.'],
  ['a function', () => 1, 'Your code returned a function. Was a pair of parentheses forgotten?'],
  [
    'a bigint',
    1n,
    'Your code returned the bigint 1. A tensor, a number, a boolean, null or an array of these was expected.',
  ],
  [
    'an object',
    {},
    'Your code returned an object. A tensor, a number, a boolean, null or an array of these was expected.',
  ],
  ['nothing within a list', [1, undefined], 'Your code returned nothing (undefined). Is a `return` missing?'],
])('%s cannot be printed, and what to do is said', (_, value, message) => {
  expect(() => print(value)).toThrow(message)
})

test('an error is told by its kind and words; its absence too', () => {
  expect(errorOf(() => torch.arange(2).backward())).toBe(
    'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn',
  )
  expect(errorOf(() => 1)).toBe('no error')
  expect(
    errorOf(() => {
      throw 'text'
    }),
  ).toBe('text')
})

test('an answer that is not written yet is no error to be told', () => {
  expect(() =>
    errorOf(() => {
      throw new Error('TODO: write it')
    }),
  ).toThrow('TODO: write it')
})

test('a sample has the shape that was asked for, and no value that hides a missing factor', () => {
  for (const shape of [[], [1], [4], [2, 3], [7, 9]]) {
    const tensor = sample(shape)
    expect(tensor.shape).toEqual(shape)
    const values = ([tensor.tolist()] as unknown[]).flat(3) as number[]
    expect(
      values.filter(
        (value) => [-2, -1, 0, 1, 2].includes(value) || !Number.isInteger(4 * value) || Math.abs(value) > 4,
      ),
    ).toEqual([])
    if (values.length <= 28) expect(new Set(values).size).toBe(values.length)
  }
})

test('samples differ from call to call', () => {
  expect(new Set(Array.from({ length: 10 }, () => print(sample([4])))).size).toBeGreaterThan(5)
})

test('whole numbers reach both of their ends and no further', () => {
  expect(new Set(Array.from({ length: 300 }, () => sampleInteger(2, 4)))).toEqual(new Set([2, 3, 4]))
})

test('an error that nobody foresaw is shown with its place, not as a text', () => {
  const error = new TypeError('x.nope is not a function')
  const caught = errorOf(() => {
    throw error
  })
  expect(() => expect(caught).toPrint('no error')).toThrow(error)
  expect(() => expect(caught).toPrint('no error', { 'RuntimeError: other': 'Other words.' })).toThrow(error)
  expect(() => expect(caught).toPrint('no error', 'Words for it.')).toThrow('Words for it.')
})

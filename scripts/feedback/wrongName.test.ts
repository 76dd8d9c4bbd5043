import * as torch from '../../engine'
import { advise, hintForName } from './wrongName'

test.each([
  ['x.shape is not a function', '`shape` is a property, not a method: it stands without parentheses.'],
  ['x.T is not a function', '`T` is a property, not a method: it stands without parentheses.'],
  ['y.mul(...).grad is not a function', '`grad` is a property, not a method: it stands without parentheses.'],
  ['x.requires_grad is not a function', '`requires_grad` is a property, not a method: it stands without parentheses.'],
  ['x.dtype is not a function', '`dtype` is a property, not a method: it stands without parentheses.'],
  [
    'list.sum is not a function',
    '`sum` is a method of tensors, and what stands before it is none. `torch.tensor(…)` makes one of numbers.',
  ],
  ['x.bakward is not a function', 'There is no `bakward`. Did you mean `backward`?'],
  ['x.arange is not a function', 'It is a function here: `torch.arange`.'],
  ['x.mse_loss is not a function', 'It is a function here: `torch.nn.functional.mse_loss`.'],
  ['torch.mse_loss is not a function', 'It is a function here: `torch.nn.functional.mse_loss`.'],
  ['torch.backward is not a function', '`backward` is a method of tensors: `x.backward(…)`.'],
  ['torch.arrange is not a function', 'There is no `arrange`. Did you mean `arange`?'],
  ['torch.nn.functional.rellu is not a function', 'There is no `rellu`. Did you mean `relu`?'],
  ['x.qqqqqq is not a function', ''],
  ['f is not a function', ''],
])('%s: %s', (message, hint) => {
  expect(hintForName(message, torch)).toBe(hint)
})

test('an error of JavaScript gets the hint; one that has a hint, another message, or another kind is left as it is', () => {
  const hintOf = (error: Error) => {
    advise(error, torch)
    return Reflect.get(error, 'hint')
  }
  const message = 'x.shape is not a function'
  expect(hintOf(new TypeError(message))).toBe(hintForName(message, torch))
  expect(hintOf(Object.assign(new TypeError(message), { hint: 'mine' }))).toBe('mine')
  expect(hintOf(new TypeError('Cannot read properties of null'))).toBeUndefined()
  expect(hintOf(new RangeError(message))).toBeUndefined()
  expect(hintOf(Object.freeze(new TypeError(message)))).toBeUndefined()
})

// Lesson 02: one call of backward finds every partial derivative.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** The loss 2 x·x, a tensor of shape []. `x` has the shape [n]. */
export function loss(x: Tensor): Tensor {
  // #region todo: return twice the dot product of x with itself
  return torch.dot(x, x).mul(2)
  // #endregion
}

/** The gradient of 2 x·x, of the shape of `x`. `x` is tracked, and holds no gradient yet. */
export function gradient(x: Tensor): Tensor {
  // #region todo: run backward on 2 x·x and return the gradient that x then holds
  const y = torch.dot(x, x).mul(2)
  y.backward()
  return x.grad!
  // #endregion
}

/** Element by element, whether the gradient that `x` already holds is 4 x: a tensor of booleans, of the shape of `x`. */
export function matchesFormula(x: Tensor): Tensor {
  // #region todo: compare the gradient of x with 4 x, element by element
  return x.grad!.eq(x.mul(4))
  // #endregion
}

/** The gradient at `x` of any function `f` whose value is one number. `x` is tracked, and holds no gradient yet. */
export function gradientOf(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  // #region todo: run backward on f(x) and return the gradient that x then holds
  f(x).backward()
  return x.grad!
  // #endregion
}

/** The derivative at the number `a` of any function `f` of one number, as a number. */
export function derivative(f: (x: Tensor) => Tensor, a: number): number {
  // #region todo: return the derivative of f at a, as a plain number
  const x = torch.tensor(a, { requires_grad: true })
  f(x).backward()
  return x.grad!.item()
  // #endregion
}

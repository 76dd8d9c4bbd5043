// Lesson 02: one call of backward finds every partial derivative.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** The loss 2 x·x, a tensor of shape []. `x` has the shape [n]. */
export function loss(x: Tensor): Tensor {
  throw new Error('TODO: return twice the dot product of x with itself')
}

/** The gradient of 2 x·x, of the shape of `x`. `x` is tracked, and holds no gradient yet. */
export function gradient(x: Tensor): Tensor {
  throw new Error('TODO: run backward on 2 x·x and return the gradient that x then holds')
}

/** Element by element, whether the gradient that `x` already holds is 4 x: a tensor of booleans, of the shape of `x`. */
export function matchesFormula(x: Tensor): Tensor {
  throw new Error('TODO: compare the gradient of x with 4 x, element by element')
}

/** The gradient at `x` of any function `f` whose value is one number. `x` is tracked, and holds no gradient yet. */
export function gradientOf(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  throw new Error('TODO: run backward on f(x) and return the gradient that x then holds')
}

/** The derivative at the number `a` of any function `f` of one number, as a number. */
export function derivative(f: (x: Tensor) => Tensor, a: number): number {
  throw new Error('TODO: return the derivative of f at a, as a plain number')
}

// Lesson 10: gradients of gradients, and gradients that are part of a loss.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** The gradient of `f` at `x`. No tensor's `.grad` changes, neither that of `x` nor that of others which `f` uses. */
export function gradientOnly(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  throw new Error('TODO: return the gradient of f at x and leave every .grad as it is')
}

/** The second derivative of each value of `f(x)`, of the shape of `x`. `f` works element by element. */
export function secondDerivative(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  throw new Error('TODO: return the second derivative of each value')
}

/** `f(x)` and its first `n` derivatives, n + 1 tensors of shape []. What follows a constant derivative is 0. */
export function derivatives(f: (x: Tensor) => Tensor, x: Tensor, n: number): Tensor[] {
  throw new Error('TODO: return the list of f(x) and its first n derivatives')
}

/** The Hessian of `f` at `x` times `v`, of the shape of `x` and `v`. The Hessian itself is not built. */
export function hessianVector(f: (x: Tensor) => Tensor, x: Tensor, v: Tensor): Tensor {
  throw new Error('TODO: return the product of the Hessian of f at x with v')
}

/** loss(w, x) + strength * (the sum of the squares of its gradient at `x`), of shape [], with a way back to `w`. */
export function penalized(loss: (w: Tensor, x: Tensor) => Tensor, w: Tensor, x: Tensor, strength: number): Tensor {
  throw new Error('TODO: return the loss plus strength times the squared length of its gradient at x')
}

// Lesson 06: detach takes a value out of the record, and leaves the record as it is.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** The list `[y, u, z]`: y = x ⊙ x; u, the values of y with no way back; z = u ⊙ x. All have the shape of `x`. */
export function cutProduct(x: Tensor): [Tensor, Tensor, Tensor] {
  throw new Error('TODO: return [y, u, z], where u has the values of y and no way back')
}

/** Two gradients at `x` from one call of `f`: that of the sum of f(x) ⊙ g(x) with f(x) held fixed, and that of the sum of f(x). */
export function bothGradients(f: (x: Tensor) => Tensor, g: (x: Tensor) => Tensor, x: Tensor): [Tensor, Tensor] {
  throw new Error('TODO: return the gradient of f(x) ⊙ g(x) with f(x) held fixed, and that of f(x)')
}

/** The sum of the squares of prediction - target, of shape []. Walked back, it moves `prediction` and never `target`. */
export function lossTowards(prediction: Tensor, target: Tensor): Tensor {
  throw new Error('TODO: return the sum of the squared differences, with no way back to target')
}

/** The values of `w` at this moment: a tensor of its own, not tracked, that nothing done to `w` will change. */
export function snapshot(w: Tensor): Tensor {
  throw new Error('TODO: return the values of w as they are now, in a tensor of their own without a record')
}

/** A tensor with the values of f(x) and the way back of g(x). `f(x)` and `g(x)` have the shape of `x`. */
export function surrogate(f: (x: Tensor) => Tensor, g: (x: Tensor) => Tensor, x: Tensor): Tensor {
  throw new Error('TODO: return the values of f(x) with the way back of g(x)')
}

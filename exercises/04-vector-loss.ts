// Lesson 04: a loss of many values is differentiated through one weighted sum of them.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** The loss 2 x ⊙ x, element by element, of the shape of `x`. */
export function vectorLoss(x: Tensor): Tensor {
  throw new Error('TODO: return 2 x ⊙ x, one value for each element of x')
}

/** The gradient at `x` of the sum of all values of `f(x)`, of the shape of `x`. */
export function gradientThroughSum(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  throw new Error('TODO: return the gradient of the sum of f(x)')
}

/** The same gradient without `sum`: the pair `[seed, gradient]`, where backward on `f(x)` itself began with `seed`. */
export function gradientThroughSeed(f: (x: Tensor) => Tensor, x: Tensor): [Tensor, Tensor] {
  throw new Error('TODO: run backward on f(x) itself with the right seed and return [seed, gradient]')
}

/** The gradient at `x` of the sum of `weights[i] * f(x)[i]`. `f(x)` and `weights` have the shape [m], and `x` has any. */
export function weightedGradient(f: (x: Tensor) => Tensor, x: Tensor, weights: Tensor): Tensor {
  throw new Error('TODO: return the gradient of the weighted sum of f(x)')
}

/** The squared error of each sample, of shape [n]. `w` is [d], `inputs` [n, d] with a row per sample, `targets` [n]. */
export function sampleLosses(w: Tensor, inputs: Tensor, targets: Tensor): Tensor {
  throw new Error('TODO: return the squared error of each sample')
}

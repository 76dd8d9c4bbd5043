// Lesson 11: Jacobians and Hessians row by row, and the gradient of each sample.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** Row `i` of the Jacobian of `f` at `x`, of shape [n]. `x` is [n], and `f(x)` is [m]. */
export function jacobianRow(f: (x: Tensor) => Tensor, x: Tensor, i: number): Tensor {
  throw new Error('TODO: return row i of the Jacobian')
}

/** The Jacobian of `f` at `x`, of shape [m, n]. `x` is [n], and `f(x)` is [m]. Calls `f` once. */
export function jacobian(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  throw new Error('TODO: return the Jacobian, a row for each element of f(x)')
}

/** The Hessian of `f` at `x`, of shape [n, n]. `x` is [n], and `f(x)` is one number. Calls `f` once. */
export function hessian(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  throw new Error('TODO: return the Hessian, a row for each element of the gradient')
}

/** The gradient at `w` for each sample alone, of shape [samples, …shape of w]. `inputs` has a row per sample, `targets` a number. */
export function perSampleGradients(
  loss: (w: Tensor, input: Tensor, target: Tensor) => Tensor,
  w: Tensor,
  inputs: Tensor,
  targets: Tensor,
): Tensor {
  throw new Error('TODO: return one gradient for each sample, stacked')
}

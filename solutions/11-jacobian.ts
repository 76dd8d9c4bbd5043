// Lesson 11: Jacobians and Hessians row by row, and the gradient of each sample.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** Row `i` of the Jacobian of `f` at `x`, of shape [n]. `x` is [n], and `f(x)` is [m]. */
export function jacobianRow(f: (x: Tensor) => Tensor, x: Tensor, i: number): Tensor {
  // #region todo: return row i of the Jacobian
  return torch.autograd.grad(f(x).index([i]), x)[0]
  // #endregion
}

/** The Jacobian of `f` at `x`, of shape [m, n]. `x` is [n], and `f(x)` is [m]. Calls `f` once. */
export function jacobian(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  // #region todo: return the Jacobian, a row for each element of f(x)
  const y = f(x)
  const rows = Array.from(
    { length: y.shape[0]! },
    (_, i) => torch.autograd.grad(y.index([i]), x, { retain_graph: true })[0],
  )
  return torch.stack(rows)
  // #endregion
}

/** The Hessian of `f` at `x`, of shape [n, n]. `x` is [n], and `f(x)` is one number. Calls `f` once. */
export function hessian(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  // #region todo: return the Hessian, a row for each element of the gradient
  const [g] = torch.autograd.grad(f(x), x, { create_graph: true })
  const rows = Array.from(
    { length: x.shape[0]! },
    (_, i) => torch.autograd.grad(g.index([i]), x, { retain_graph: true })[0],
  )
  return torch.stack(rows)
  // #endregion
}

/** The gradient at `w` for each sample alone, of shape [samples, …shape of w]. `inputs` has a row per sample, `targets` a number. */
export function perSampleGradients(
  loss: (w: Tensor, input: Tensor, target: Tensor) => Tensor,
  w: Tensor,
  inputs: Tensor,
  targets: Tensor,
): Tensor {
  // #region todo: return one gradient for each sample, stacked
  const gradientFor = (i: number) => torch.autograd.grad(loss(w, inputs.index([i]), targets.index([i])), w)[0]
  return torch.stack(Array.from({ length: inputs.shape[0]! }, (_, i) => gradientFor(i)))
  // #endregion
}

// Lesson 20: the vector-Jacobian products of operations that move numbers, and of matrix products.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** The gradient of `x`, of its shape, from `gradOut`, the gradient of `x.reshape(…)`. */
export function reshapeVjp(x: Tensor, gradOut: Tensor): Tensor {
  // #region todo: bring the gradient back into the shape of x
  return gradOut.reshape(x.shape)
  // #endregion
}

/** The gradient of `x` from `gradOut`, the gradient of `x.permute(dims)`. */
export function permuteVjp(dims: number[], gradOut: Tensor): Tensor {
  // #region todo: send every dimension back to where it came from
  const inverse = dims.map((_, dim) => dims.indexOf(dim))
  return gradOut.permute(inverse)
  // #endregion
}

/** The gradient of `x`, of its shape, from `gradOut`, the gradient of `x.index([rows])`, which may pick a row more than once. */
export function indexVjp(x: Tensor, rows: number[], gradOut: Tensor): Tensor {
  // #region todo: add the gradient of every pick to the row that was picked
  const grad = torch.zeros(x.shape)
  for (const [pick, row] of rows.entries()) grad.index([row]).add_(gradOut.index([pick]))
  return grad
  // #endregion
}

/** The gradient of each part, in order, from `gradOut`, the gradient of `torch.cat(parts, dim)`. */
export function catVjp(parts: Tensor[], dim: number, gradOut: Tensor): Tensor[] {
  // #region todo: cut the gradient where the parts were joined
  let start = 0
  return parts.map((part) => {
    const size = part.shape[dim]!
    const piece = gradOut.narrow(dim, start, size)
    start += size
    return piece
  })
  // #endregion
}

/** The gradients of `a` and `b` from `gradOut`, the gradient of `a.matmul(b)`. Shapes: [n, k], [k, m] and [n, m]. */
export function matmulVjp(a: Tensor, b: Tensor, gradOut: Tensor): [Tensor, Tensor] {
  // #region todo: return the gradients of a and of b
  return [gradOut.matmul(b.t()), a.t().matmul(gradOut)]
  // #endregion
}

/**
 * The gradients of `samples` and `weight` from `gradOut`, the gradient of `samples.matmul(weight)`. Shapes: [batch, n, k], [k, m] and
 * [batch, n, m]; every sample is multiplied by the same weight.
 */
export function batchedVjp(samples: Tensor, weight: Tensor, gradOut: Tensor): [Tensor, Tensor] {
  // #region todo: return the gradients of the samples and of the weight that they share
  const eachSample = samples.transpose(1, 2).matmul(gradOut)
  return [gradOut.matmul(weight.t()), eachSample.sum(0)]
  // #endregion
}

// Lesson 18: a gradient has the shape of what it belongs to: un-broadcasting, sums, means, and where a walk begins.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** The gradient of what was broadcast from `shape` to the shape of `gradOut`: `gradOut`, summed to `shape`. */
export function sumTo(gradOut: Tensor, shape: number[]): Tensor {
  // #region todo: sum over the dimensions that broadcasting has added or stretched
  let gradient = gradOut
  while (gradient.shape.length > shape.length) gradient = gradient.sum(0)
  for (const [dim, size] of shape.entries()) {
    if (size === 1) gradient = gradient.sum(dim, { keepdim: true })
  }
  return gradient
  // #endregion
}

/** The vector-Jacobian product of `a.mul(b)`, whose shapes may differ: the gradients of a and of b. `toShape(gradient, shape)` sums to a shape. */
export function mulVjp(
  a: Tensor,
  b: Tensor,
  gradOut: Tensor,
  toShape: (gradient: Tensor, shape: number[]) => Tensor,
): [Tensor, Tensor] {
  // #region todo: return the gradients of a and of b, each with the shape of its own
  return [toShape(gradOut.mul(b), a.shape), toShape(gradOut.mul(a), b.shape)]
  // #endregion
}

/** The vector-Jacobian product of `x.sum(dim, { keepdim })`, with the shape of `x`. `dim` may be negative. */
export function sumVjp(x: Tensor, dim: number, keepdim: boolean, gradOut: Tensor): Tensor {
  // #region todo: give every element of x the gradient of the sum that it went into
  const kept = keepdim ? gradOut : gradOut.unsqueeze(dim)
  return kept.expand(x.shape)
  // #endregion
}

/** The vector-Jacobian product of `x.mean(dims, { keepdim: true })`, with the shape of `x`; where `dims` is null, of `x.mean()`. */
export function meanVjp(x: Tensor, dims: number[] | null, gradOut: Tensor): Tensor {
  // #region todo: give every element of x its share of the gradient of its mean
  return gradOut.div(x.numel() / gradOut.numel()).expand(x.shape)
  // #endregion
}

/** What a walk from `y` begins with: `gradient`, which must have the shape of `y`; where it is null, 1, if `y` has one element only. */
export function seedOf(y: Tensor, gradient: Tensor | null): Tensor {
  // #region todo: return the gradient to begin with, or throw an error where there is none
  if (gradient === null) {
    if (y.numel() !== 1) throw new Error('a gradient can be left out only where the result has one element')
    return torch.ones(y.shape)
  }
  if (String(gradient.shape) !== String(y.shape)) throw new Error('the gradient must have the shape of the result')
  return gradient
  // #endregion
}

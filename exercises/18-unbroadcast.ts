// Lesson 18: a gradient has the shape of what it belongs to: un-broadcasting, sums, means, and where a walk begins.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** The gradient of what was broadcast from `shape` to the shape of `gradOut`: `gradOut`, summed to `shape`. */
export function sumTo(gradOut: Tensor, shape: number[]): Tensor {
  throw new Error('TODO: sum over the dimensions that broadcasting has added or stretched')
}

/** The vector-Jacobian product of `a.mul(b)`, whose shapes may differ: the gradients of a and of b. `toShape(gradient, shape)` sums to a shape. */
export function mulVjp(
  a: Tensor,
  b: Tensor,
  gradOut: Tensor,
  toShape: (gradient: Tensor, shape: number[]) => Tensor,
): [Tensor, Tensor] {
  throw new Error('TODO: return the gradients of a and of b, each with the shape of its own')
}

/** The vector-Jacobian product of `x.sum(dim, { keepdim })`, with the shape of `x`. `dim` may be negative. */
export function sumVjp(x: Tensor, dim: number, keepdim: boolean, gradOut: Tensor): Tensor {
  throw new Error('TODO: give every element of x the gradient of the sum that it went into')
}

/** The vector-Jacobian product of `x.mean(dims, { keepdim: true })`, with the shape of `x`; where `dims` is null, of `x.mean()`. */
export function meanVjp(x: Tensor, dims: number[] | null, gradOut: Tensor): Tensor {
  throw new Error('TODO: give every element of x its share of the gradient of its mean')
}

/** What a walk from `y` begins with: `gradient`, which must have the shape of `y`; where it is null, 1, if `y` has one element only. */
export function seedOf(y: Tensor, gradient: Tensor | null): Tensor {
  throw new Error('TODO: return the gradient to begin with, or throw an error where there is none')
}

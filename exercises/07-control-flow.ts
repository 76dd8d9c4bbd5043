// Lesson 07: whatever ran is in the record, so code with loops and branches has a gradient as well.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** `a` doubled at least once, and until its norm is `limit` or more; times 100 if the sum is then not above 0. `a` is not all zeros. */
export function untilLarge(a: Tensor, limit: number): Tensor {
  throw new Error('TODO: double a until its norm reaches limit, then multiply by 100 if the sum is not above 0')
}

/** Whether the gradient at `a` of the sum of f(a) is f(a) / a in every place, up to rounding. `f(a)` has the shape of `a`. */
export function isProportional(f: (a: Tensor) => Tensor, a: Tensor): boolean {
  throw new Error('TODO: return whether the gradient of the sum of f(a) is f(a) / a, up to rounding')
}

/** The derivative of `f` at each element of `a` by itself, of the shape of `a`, which is [n]. `f` makes one number of one number. */
export function eachByItself(f: (element: Tensor) => Tensor, a: Tensor): Tensor {
  throw new Error('TODO: return the derivative of f at each element of a')
}

/** The Huber loss of one number: error² / 2 as far as `delta` on either side of 0, and beyond it a straight line. Shape []. */
export function huber(error: Tensor, delta: number): Tensor {
  throw new Error('TODO: return error² / 2 up to delta, and delta * (|error| - delta / 2) beyond it')
}

/** `[b, times]`: `step` applied to `a` while the norm is below `limit`, but at most `rounds` times; and how often it was. */
export function iterate(
  step: (b: Tensor) => Tensor,
  a: Tensor,
  limit: number,
  rounds: number,
): [b: Tensor, times: number] {
  throw new Error('TODO: apply step while the norm is below limit and rounds are left; return [result, steps taken]')
}

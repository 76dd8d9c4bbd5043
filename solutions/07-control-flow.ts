// Lesson 07: whatever ran is in the record, so code with loops and branches has a gradient as well.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** `a` doubled at least once, and until its norm is `limit` or more; times 100 if the sum is then not above 0. `a` is not all zeros. */
export function untilLarge(a: Tensor, limit: number): Tensor {
  // #region todo: double a until its norm reaches limit, then multiply by 100 if the sum is not above 0
  let b = a.mul(2)
  while (b.norm().item() < limit) b = b.mul(2)
  return b.sum().item() > 0 ? b : b.mul(100)
  // #endregion
}

/** Whether the gradient at `a` of the sum of f(a) is f(a) / a in every place, up to rounding. `f(a)` has the shape of `a`. */
export function isProportional(f: (a: Tensor) => Tensor, a: Tensor): boolean {
  // #region todo: return whether the gradient of the sum of f(a) is f(a) / a, up to rounding
  a.grad = null
  const d = f(a)
  d.sum().backward()
  return torch.allclose(a.grad!, d.div(a))
  // #endregion
}

/** The derivative of `f` at each element of `a` by itself, of the shape of `a`, which is [n]. `f` makes one number of one number. */
export function eachByItself(f: (element: Tensor) => Tensor, a: Tensor): Tensor {
  // #region todo: return the derivative of f at each element of a
  a.grad = null
  for (let i = 0; i < a.numel(); i++) f(a.index([i])).backward()
  return a.grad!
  // #endregion
}

/** The Huber loss of one number: error² / 2 as far as `delta` on either side of 0, and beyond it a straight line. Shape []. */
export function huber(error: Tensor, delta: number): Tensor {
  // #region todo: return error² / 2 up to delta, and delta * (|error| - delta / 2) beyond it
  const size = error.abs()
  if (size.item() <= delta) return error.mul(error).div(2)
  return size.sub(delta / 2).mul(delta)
  // #endregion
}

/** `[b, times]`: `step` applied to `a` while the norm is below `limit`, but at most `rounds` times; and how often it was. */
export function iterate(
  step: (b: Tensor) => Tensor,
  a: Tensor,
  limit: number,
  rounds: number,
): [b: Tensor, times: number] {
  // #region todo: apply step while the norm is below limit and rounds are left; return [result, steps taken]
  let b = a
  let times = 0
  for (; times < rounds && b.norm().item() < limit; times++) b = step(b)
  return [b, times]
  // #endregion
}

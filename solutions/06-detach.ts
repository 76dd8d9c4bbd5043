// Lesson 06: detach takes a value out of the record, and leaves the record as it is.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** The list `[y, u, z]`: y = x ⊙ x; u, the values of y with no way back; z = u ⊙ x. All have the shape of `x`. */
export function cutProduct(x: Tensor): [Tensor, Tensor, Tensor] {
  // #region todo: return [y, u, z], where u has the values of y and no way back
  const y = x.mul(x)
  const u = y.detach()
  return [y, u, u.mul(x)]
  // #endregion
}

/** Two gradients at `x` from one call of `f`: that of the sum of f(x) ⊙ g(x) with f(x) held fixed, and that of the sum of f(x). */
export function bothGradients(f: (x: Tensor) => Tensor, g: (x: Tensor) => Tensor, x: Tensor): [Tensor, Tensor] {
  // #region todo: return the gradient of f(x) ⊙ g(x) with f(x) held fixed, and that of f(x)
  const y = f(x)
  const walk = (loss: Tensor) => {
    x.grad = null
    loss.backward()
    return x.grad!
  }
  return [walk(y.detach().mul(g(x)).sum()), walk(y.sum())]
  // #endregion
}

/** The sum of the squares of prediction - target, of shape []. Walked back, it moves `prediction` and never `target`. */
export function lossTowards(prediction: Tensor, target: Tensor): Tensor {
  // #region todo: return the sum of the squared differences, with no way back to target
  const difference = prediction.sub(target.detach())
  return difference.mul(difference).sum()
  // #endregion
}

/** The values of `w` at this moment: a tensor of its own, not tracked, that nothing done to `w` will change. */
export function snapshot(w: Tensor): Tensor {
  // #region todo: return the values of w as they are now, in a tensor of their own without a record
  return w.detach().clone()
  // #endregion
}

/** A tensor with the values of f(x) and the way back of g(x). `f(x)` and `g(x)` have the shape of `x`. */
export function surrogate(f: (x: Tensor) => Tensor, g: (x: Tensor) => Tensor, x: Tensor): Tensor {
  // #region todo: return the values of f(x) with the way back of g(x)
  const way = g(x)
  return way.add(f(x).sub(way).detach())
  // #endregion
}

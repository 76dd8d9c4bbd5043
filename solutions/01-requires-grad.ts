// Lesson 01: tell the engine which numbers you want gradients for.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** The tensor 0, 1, …, n - 1, of shape [n]. */
export function makeX(n: number): Tensor {
  // #region todo: return the tensor 0, 1, …, n - 1
  return torch.arange(n)
  // #endregion
}

/** Whether `x` is tracked. Asking changes nothing. */
export function isTracked(x: Tensor): boolean {
  // #region todo: return whether x is tracked
  return x.requires_grad
  // #endregion
}

/** Track `x` itself, in place, and return it. */
export function track(x: Tensor): Tensor {
  // #region todo: track x in place and return it
  return x.requires_grad_(true)
  // #endregion
}

/** Whether `x` holds no gradient yet. */
export function hasNoGradient(x: Tensor): boolean {
  // #region todo: return whether x holds no gradient yet
  return x.grad === null
  // #endregion
}

/** A new tensor of floats that holds `data`, tracked from the start. */
export function trackedTensor(data: number[]): Tensor {
  // #region todo: return a tracked tensor that holds data
  return torch.tensor(data, { requires_grad: true })
  // #endregion
}

/** The first normal numbers that `seed` gives, as a tracked tensor of the shape `shape`. */
export function drawTracked(seed: number, shape: number[]): Tensor {
  // #region todo: set the seed, then draw a tracked tensor of normal numbers
  torch.manual_seed(seed)
  return torch.randn(shape, { requires_grad: true })
  // #endregion
}

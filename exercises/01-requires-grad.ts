// Lesson 01: tell the engine which numbers you want gradients for.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** The tensor 0, 1, …, n - 1, of shape [n]. */
export function makeX(n: number): Tensor {
  throw new Error('TODO: return the tensor 0, 1, …, n - 1')
}

/** Whether `x` is tracked. Asking changes nothing. */
export function isTracked(x: Tensor): boolean {
  throw new Error('TODO: return whether x is tracked')
}

/** Track `x` itself, in place, and return it. */
export function track(x: Tensor): Tensor {
  throw new Error('TODO: track x in place and return it')
}

/** Whether `x` holds no gradient yet. */
export function hasNoGradient(x: Tensor): boolean {
  throw new Error('TODO: return whether x holds no gradient yet')
}

/** A new tensor of floats that holds `data`, tracked from the start. */
export function trackedTensor(data: number[]): Tensor {
  throw new Error('TODO: return a tracked tensor that holds data')
}

/** The first normal numbers that `seed` gives, as a tracked tensor of the shape `shape`. */
export function drawTracked(seed: number, shape: number[]): Tensor {
  throw new Error('TODO: set the seed, then draw a tracked tensor of normal numbers')
}

// Lesson 12: fit a line by gradient descent, with a training loop that fits anything.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** w * input + b for each input, of the shape of `inputs`. `w` and `b` have the shape []. */
export function predict(w: Tensor, b: Tensor, inputs: Tensor): Tensor {
  throw new Error('TODO: return w * input + b for each input')
}

/** The mean of the squared differences, of shape []. `predictions` and `targets` have one shape. */
export function meanSquaredError(predictions: Tensor, targets: Tensor): Tensor {
  throw new Error('TODO: return the mean of the squared differences')
}

/** One round: moves each parameter one step downhill, in place, and returns the loss from before the step. */
export function trainingStep(parameters: Tensor[], loss: () => Tensor, rate: number): number {
  throw new Error('TODO: zero, forward, backward, step; return the loss from before the step')
}

/**
 * Makes rounds until a loss is not at least `tolerance` below the one before it, or `limit` rounds are made. `round` returns its loss.
 * Returns the loss curve: the losses of all rounds, the last one included.
 */
export function untilFlat(round: () => number, tolerance: number, limit: number): number[] {
  throw new Error('TODO: make rounds until the loss is flat or the limit is reached, and return the loss curve')
}

/** The pair [w, b] that so many rounds down the mean squared error lead to, from w = 0 and b = 0. Both are [] and tracked. */
export function fitLine(inputs: Tensor, targets: Tensor, rate: number, rounds: number): [Tensor, Tensor] {
  throw new Error('TODO: begin with w = 0 and b = 0, go as many rounds, and return [w, b]')
}

// Lesson 12: fit a line by gradient descent, with a training loop that fits anything.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** w * input + b for each input, of the shape of `inputs`. `w` and `b` have the shape []. */
export function predict(w: Tensor, b: Tensor, inputs: Tensor): Tensor {
  // #region todo: return w * input + b for each input
  return inputs.mul(w).add(b)
  // #endregion
}

/** The mean of the squared differences, of shape []. `predictions` and `targets` have one shape. */
export function meanSquaredError(predictions: Tensor, targets: Tensor): Tensor {
  // #region todo: return the mean of the squared differences
  const errors = predictions.sub(targets)
  return errors.mul(errors).mean()
  // #endregion
}

/** One round: moves each parameter one step downhill, in place, and returns the loss from before the step. */
export function trainingStep(parameters: Tensor[], loss: () => Tensor, rate: number): number {
  // #region todo: zero, forward, backward, step; return the loss from before the step
  for (const p of parameters) p.grad = null
  const value = loss()
  value.backward()
  torch.no_grad(() => {
    for (const p of parameters) p.sub_(p.grad!.mul(rate))
  })
  return value.item()
  // #endregion
}

/**
 * Makes rounds until a loss is not at least `tolerance` below the one before it, or `limit` rounds are made. `round` returns its loss.
 * Returns the loss curve: the losses of all rounds, the last one included.
 */
export function untilFlat(round: () => number, tolerance: number, limit: number): number[] {
  // #region todo: make rounds until the loss is flat or the limit is reached, and return the loss curve
  const curve = [round()]
  while (curve.length < limit) {
    const before = curve.at(-1)!
    const now = round()
    curve.push(now)
    if (before - now < tolerance) break
  }
  return curve
  // #endregion
}

/** The pair [w, b] that so many rounds down the mean squared error lead to, from w = 0 and b = 0. Both are [] and tracked. */
export function fitLine(inputs: Tensor, targets: Tensor, rate: number, rounds: number): [Tensor, Tensor] {
  // #region todo: begin with w = 0 and b = 0, go as many rounds, and return [w, b]
  const w = torch.tensor(0, { requires_grad: true })
  const b = torch.tensor(0, { requires_grad: true })
  for (let round = 0; round < rounds; round++) {
    w.grad = null
    b.grad = null
    const errors = inputs.mul(w).add(b).sub(targets)
    errors.mul(errors).mean().backward()
    torch.no_grad(() => {
      w.sub_(w.grad!.mul(rate))
      b.sub_(b.grad!.mul(rate))
    })
  }
  return [w, b]
  // #endregion
}

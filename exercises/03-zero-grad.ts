// Lesson 03: gradients add up until you begin a new sum.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** Set the gradient of `x` to zero, in place. Returns the pair `[x, x.grad]`. `x` holds a gradient. */
export function zeroGradient(x: Tensor): [Tensor, Tensor] {
  throw new Error('TODO: set the gradient of x to zero, in place, and return [x, x.grad]')
}

/** The gradient of `x.sum()` alone, of the shape of `x`, whether `x` held a gradient before or not. */
export function gradientOfSum(x: Tensor): Tensor {
  throw new Error('TODO: begin a new sum, run backward on x.sum() and return the gradient')
}

/** What `passes` backward passes on 2 x·x leave, with nothing zeroed in between: a prediction. `x` is not tracked. */
export function predictGradient(x: Tensor, passes: number): Tensor {
  throw new Error('TODO: return the gradient that you predict, computed from x and passes')
}

/** The gradient of `x` after `passes` backward passes on `f(x)`, with nothing zeroed in between. `x` holds none before. */
export function gradientAfter(f: (x: Tensor) => Tensor, x: Tensor, passes: number): Tensor {
  throw new Error('TODO: run backward on f(x) as many times as passes says and return the gradient')
}

/** The gradient of each loss at `x`, one tensor per loss. Nothing that happens to `x` later changes them. */
export function gradientsOf(losses: ((x: Tensor) => Tensor)[], x: Tensor): Tensor[] {
  throw new Error('TODO: return the gradient of each loss, one tensor per loss')
}

// Lesson 09: what a record keeps, walking it again, and changes in place.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** Whether the record that one call of `f(x)` writes can be walked a second time, with nothing retained. */
export function canWalkAgain(f: (x: Tensor) => Tensor, x: Tensor): boolean {
  throw new Error('TODO: walk back from f(x) twice and return whether the second walk was allowed')
}

/** What h.grad and x.grad hold after `walks` walks over one record of h·h, where h = 3x retains its gradient: a prediction. */
export function predictGradients(x: Tensor, walks: number): [Tensor, Tensor] {
  throw new Error('TODO: return the two gradients that you predict, computed from x and walks')
}

/** The gradients of `first(h)` and of `second(h)` at `x`, where h = `shared(x)` is computed once. */
export function gradientsOfTwo(
  shared: (x: Tensor) => Tensor,
  first: (h: Tensor) => Tensor,
  second: (h: Tensor) => Tensor,
  x: Tensor,
): [Tensor, Tensor] {
  throw new Error('TODO: return the gradients of both losses, each alone, and call shared once')
}

/** For each input, the gradient that the new state sends to `w`, with the state before it taken as given. */
export function gradientPerStep(
  step: (state: Tensor, input: Tensor) => Tensor,
  w: Tensor,
  start: Tensor,
  inputs: Tensor[],
): Tensor[] {
  throw new Error('TODO: return the gradient that each new state sends to w, with the state before it taken as given')
}

/** The sum of place·place after each of `rounds` moves by `velocity`, from `start` on. Gradients flow to both. */
export function trailEnergy(start: Tensor, velocity: Tensor, rounds: number): Tensor {
  throw new Error('TODO: add up place·place after each move, so that the sum can be walked back')
}

// Lesson 09: what a record keeps, walking it again, and changes in place.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** Whether the record that one call of `f(x)` writes can be walked a second time, with nothing retained. */
export function canWalkAgain(f: (x: Tensor) => Tensor, x: Tensor): boolean {
  // #region todo: walk back from f(x) twice and return whether the second walk was allowed
  const y = f(x)
  y.backward()
  try {
    y.backward()
    return true
  } catch {
    return false
  }
  // #endregion
}

/** What h.grad and x.grad hold after `walks` walks over one record of h·h, where h = 3x retains its gradient: a prediction. */
export function predictGradients(x: Tensor, walks: number): [Tensor, Tensor] {
  // #region todo: return the two gradients that you predict, computed from x and walks
  return [x.mul(6 * walks), x.mul(18 * walks)]
  // #endregion
}

/** The gradients of `first(h)` and of `second(h)` at `x`, where h = `shared(x)` is computed once. */
export function gradientsOfTwo(
  shared: (x: Tensor) => Tensor,
  first: (h: Tensor) => Tensor,
  second: (h: Tensor) => Tensor,
  x: Tensor,
): [Tensor, Tensor] {
  // #region todo: return the gradients of both losses, each alone, and call shared once
  const h = shared(x)
  first(h).backward({ retain_graph: true })
  const gradient = x.grad!.clone()
  x.grad!.zero_()
  second(h).backward()
  return [gradient, x.grad!]
  // #endregion
}

/** For each input, the gradient that the new state sends to `w`, with the state before it taken as given. */
export function gradientPerStep(
  step: (state: Tensor, input: Tensor) => Tensor,
  w: Tensor,
  start: Tensor,
  inputs: Tensor[],
): Tensor[] {
  // #region todo: return the gradient that each new state sends to w, with the state before it taken as given
  let state = start
  return inputs.map((input) => {
    state = step(state.detach(), input)
    w.grad = null
    state.backward()
    return w.grad!
  })
  // #endregion
}

/** The sum of place·place after each of `rounds` moves by `velocity`, from `start` on. Gradients flow to both. */
export function trailEnergy(start: Tensor, velocity: Tensor, rounds: number): Tensor {
  // #region todo: add up place·place after each move, so that the sum can be walked back
  let place = start
  let energy = torch.tensor(0)
  for (let round = 0; round < rounds; round++) {
    place = place.add(velocity)
    energy = energy.add(torch.dot(place, place))
  }
  return energy
  // #endregion
}

// Lesson 05: switch recording off, on again, and put it back as it was.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** 2 x twice, as a pair: first computed with recording off, then recorded. */
export function doubleBothWays(x: Tensor): [Tensor, Tensor] {
  throw new Error('TODO: return 2 x computed with recording off, and 2 x recorded')
}

/** `f(x)`, computed with nothing recorded, inside `f` either. Recording is as it was afterwards, also when `f` throws. */
export function measure(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  throw new Error('TODO: return f(x), computed with recording off')
}

/** The gradient of `f` at `x`, also where the caller has switched recording off. Recording is as it was afterwards. */
export function gradientAnyway(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  throw new Error('TODO: return the gradient of f at x, whether recording is on or off')
}

/** Moves `w` one step against the gradient that it holds, in place, and returns it: w - learningRate * gradient. */
export function step(w: Tensor, learningRate: number): Tensor {
  throw new Error('TODO: move w one step against its gradient, in place, and return w')
}

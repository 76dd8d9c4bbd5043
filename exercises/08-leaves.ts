// Lesson 08: which tensors keep a gradient, and how to see or change the others on their way.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** Whether a backward pass leaves a gradient in `t` with nothing more asked for. */
export function keepsGradient(t: Tensor): boolean {
  throw new Error('TODO: return whether a backward pass will leave a gradient in t')
}

/** The gradient of `f` at the values of `x`, whatever kind of tensor `x` is. Neither `x` nor what it came from is changed. */
export function gradientHere(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  throw new Error('TODO: return the gradient of f at the values of x, and leave x as it is')
}

/** The gradients of `second(first(x))`, one number: the one of the tensor in the middle, and the one of `x`, as a pair. */
export function gradientBetween(
  first: (x: Tensor) => Tensor,
  second: (middle: Tensor) => Tensor,
  x: Tensor,
): [Tensor, Tensor] {
  throw new Error('TODO: return the gradients of the tensor in the middle and of x')
}

/** Takes `x` through all steps to one number, and returns the gradient of what each step made, in the order of the walk back. */
export function gradientsPassing(steps: ((h: Tensor) => Tensor)[], x: Tensor): Tensor[] {
  throw new Error('TODO: return the gradients as they pass on the way back')
}

/** A tensor with the values of `x` that hands its gradient on to `x` times `factor`. Other uses of `x` are not concerned. */
export function scaleGradient(x: Tensor, factor: number): Tensor {
  throw new Error('TODO: return a tensor like x whose gradient goes on to x times factor')
}

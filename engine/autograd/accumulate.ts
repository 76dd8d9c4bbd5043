// A leaf's end of the graph: where gradients are added up into `.grad`.
import type { Tensor } from '../tensor'
import { mode } from './mode'
import { Node } from './node'

export class AccumulateGrad extends Node {
  /** Called with the leaf after its `.grad` was updated. */
  afterHooks: ((leaf: Tensor) => void)[] | null = null

  constructor(readonly variable: Tensor) {
    // PyTorch gives these the highest number of all: a gradient is stored as soon as it is complete.
    super([], [variable], Number.POSITIVE_INFINITY)
  }

  name(): string {
    return 'torch::autograd::AccumulateGrad'
  }

  apply([grad]: (Tensor | null)[]): (Tensor | null)[] {
    if (!grad) return []
    const { variable } = this
    const old = variable._grad
    if (old === null) {
      // A copy, because the arriving tensor may be somebody else's too: another leaf's gradient, or the user's own.
      variable._grad = mode.grad ? grad.new_zeros(grad.sizes).copy_(grad) : grad.detach().clone()
    } else if (mode.grad) variable._grad = old.add(grad)
    else old.add_(grad) // in place: whoever holds x.grad sees the sum
    for (const hook of this.afterHooks ?? []) hook(variable)
    return []
  }
}

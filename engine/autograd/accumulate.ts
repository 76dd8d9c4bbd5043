// A leaf's end of the graph: where gradients are added up into `.grad`.
import { same } from '../kernels/loops'
import { map1 } from '../kernels/map'
import { isContiguous } from '../shape'
import type { Tensor } from '../tensor'
import { mode } from './mode'
import { LEAF, Node } from './node'

export class AccumulateGrad extends Node {
  /** Called with the leaf after its `.grad` was updated. */
  afterHooks: ((leaf: Tensor) => void)[] | null = null

  constructor(readonly variable: Tensor) {
    super(variable._layout, null, null, LEAF)
  }

  get inputCount(): number {
    return 0
  }

  name(): string {
    return 'torch::autograd::AccumulateGrad'
  }

  apply([grad]: (Tensor | null)[]): (Tensor | null)[] {
    if (!grad) return []
    const { variable } = this
    if (!variable._requiresGrad) return [] // not any more
    const old = variable._grad
    if (old === null) {
      // A copy where the gradient may be somebody else's too: another leaf's, or the user's own.
      if (mode.grad) variable._grad = grad.new_empty_strided(grad.sizes, variable.strides).copy_(grad)
      else variable._grad = this.owned && isContiguous(grad.sizes, grad.strides) ? grad : map1(grad, same)
    } else if (mode.grad) variable._grad = old.add(grad)
    else old.add_(grad) // in place: whoever holds x.grad sees the sum
    if (this.afterHooks !== null) for (const hook of this.afterHooks) hook(variable)
    return []
  }
}

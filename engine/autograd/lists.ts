// Recording operations on lists: several inputs (cat), or several outputs (split).
import { RuntimeError } from '../errors'
import type { Tensor } from '../tensor'
import { attach, edgeOf } from './graph'
import { ListedNode } from './node'
import { BACKWARD_TWICE, SavedTensor } from './saved'

/** The record of an operation on a list of tensors, none of which it saves. */
class ListNode extends ListedNode {
  constructor(
    private readonly gradFn: string,
    inputs: readonly Tensor[],
    result: Tensor,
    private readonly vjp: (grad: Tensor, k: number) => Tensor,
  ) {
    super(
      inputs.map(edgeOf),
      inputs.map((t) => t._outputNr),
      [result._layout],
    )
  }

  name(): string {
    return this.gradFn
  }

  apply([grad]: (Tensor | null)[]): (Tensor | null)[] {
    return this.next.map((edge, k) => (grad && edge ? this.vjp(grad, k) : null))
  }
}

/** Extends the graph by a call on a list; `vjp` gives the gradient of the k-th tensor. */
export function recordMany(
  gradFn: string,
  result: Tensor,
  inputs: readonly Tensor[],
  vjp: (grad: Tensor, k: number) => Tensor,
): void {
  attach(result, new ListNode(gradFn, inputs, result, vjp), 0)
}

/** The record of an operation with several outputs; `saved` is what its rule reads besides the gradients. */
class OutputsNode extends ListedNode {
  private freed = false

  constructor(
    private readonly gradFn: string,
    self: Tensor,
    outputs: readonly Tensor[],
    private readonly vjp: (grads: Tensor[], saved: Tensor) => Tensor,
    private saved: SavedTensor | null,
  ) {
    super(
      [edgeOf(self)],
      [self._outputNr],
      outputs.map((t) => t._layout),
    )
  }

  name(): string {
    return this.gradFn
  }

  apply(grads: (Tensor | null)[]): (Tensor | null)[] {
    const like = grads.find((grad) => grad)
    if (!like) return [null]
    if (this.freed) throw new RuntimeError(BACKWARD_TWICE)
    const saved = this.saved?.unpack()
    return [
      this.vjp(
        this.outputs.map(({ sizes }, k) => grads[k] ?? like.new_zeros(sizes)),
        saved as Tensor,
      ),
    ]
  }

  override release(): void {
    this.freed = this.saved !== null
    this.saved = null
  }
}

/**
 * Extends the graph by a call with several outputs; outputs that were not used count as zeros in `vjp`. A rule that reads the
 * input gets it as `saved`, checked and freed like any saved tensor.
 */
export function recordOutputs(
  gradFn: string,
  self: Tensor,
  outputs: readonly Tensor[],
  vjp: (grads: Tensor[], saved: Tensor) => Tensor,
  saved: Tensor | null = null,
): void {
  const node = new OutputsNode(gradFn, self, outputs, vjp, saved && SavedTensor.shared(saved))
  outputs.forEach((output, nr) => {
    attach(output, node, nr)
  })
}

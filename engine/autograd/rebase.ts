// In-place changes and the graph: what is allowed, and how a change through a view reaches the tensor behind it.
import { RuntimeError } from '../errors'
import type { Sizes } from '../shape'
import type { Tensor, ViewKind } from '../tensor'
import { attach, edgeOf } from './graph'
import { enable_grad, isRecording, mode } from './mode'
import { ListedNode, type Node } from './node'

const NO_GRAD_VIEW =
  "A view was created in no_grad mode and is being modified inplace with grad mode enabled. Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace either both inside the no_grad block (if you don't want the inplace to be tracked) or both outside (if you want the inplace to be tracked)."

/** Refuse an in-place operation that autograd could not account for. `recorded`: whether any operand requires grad. */
export function checkInplace(self: Tensor, recorded: boolean): void {
  if (self._inference && !mode.inference) {
    throw new RuntimeError(
      'Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to get a normal tensor before doing inplace update.See https://github.com/pytorch/rfcs/pull/17 for more details.',
    )
  }
  for (let d = 0; d < self.sizes.length; d++) {
    if (self.strides[d] === 0 && self.sizes[d]! > 1) {
      throw new RuntimeError(
        'unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please clone() the tensor before performing the operation.',
      )
    }
  }
  if (!recorded || !isRecording()) return
  const view = self._view
  if (view !== null) {
    const { base } = view
    checkView(view.kind, self)
    if (base._requiresGrad && base._gradFn === null) {
      throw new RuntimeError(
        'a view of a leaf Variable that requires grad is being used in an in-place operation.',
        'This tensor is a window into a leaf whose gradient you asked for. Change the leaf inside torch.no_grad(), or change a clone() of it.',
      )
    }
  }
  if (self._requiresGrad && self._gradFn === null) {
    throw new RuntimeError(
      'a leaf Variable that requires grad is being used in an in-place operation.',
      'You asked for the gradient of this tensor, so recording a change of it would lose the values it belongs to. To update it by hand, do so inside torch.no_grad(); to compute with it, use the method without the underscore.',
    )
  }
}

function checkView(kind: ViewKind, self: Tensor): void {
  if (kind === 'custom function') {
    const maker = self._gradFn?.name().replace(/Backward\d*$/, '')
    throw new RuntimeError(
      `Output ${self._outputNr} of ${maker} is a view and is being modified inplace. This view was created inside a custom Function (or because an input was returned as-is) and the autograd logic to handle view+inplace would override the custom backward associated with the custom Function, leading to incorrect gradients. This behavior is forbidden. You can fix this by cloning the output of the custom Function.`,
    )
  }
  if (kind === 'no_grad') throw new RuntimeError(NO_GRAD_VIEW)
  if (kind === 'several outputs') {
    const maker = self._gradFn?.name().replace(/Backward\d*$/, '') ?? 'Unbind'
    throw new RuntimeError(
      `Output ${self._outputNr} of ${maker} is a view and is being modified inplace. This view is the output of a function that returns multiple views. Such functions do not allow the output views to be modified inplace. You should replace the inplace operation by an out-of-place one.`,
    )
  }
}

/** After an in-place operation recorded as `node`: `self` is now its output, and so is what `self` looks into. */
export function rebase(self: Tensor, node: Node): void {
  const view = self._view
  if (view === null) {
    attach(self, node, 0)
    return
  }
  const { base } = view
  attach(base, new CopySlices(base, self, node), 0)
  attach(self, asStridedNode(base, self), 0)
  view.version = self.storage.version
}

/** The node of a view taken anew from its base, after the base was changed in place. */
export function asStridedNode(base: Tensor, view: Tensor): Node {
  const { sizes, strides, offset } = view
  return enable_grad(() => base.as_strided(sizes, strides, offset - base.storage.start))._gradFn!
}

/** The base after a part of it, seen through a view, was replaced by the result of `change`. */
class CopySlices extends ListedNode {
  private readonly baseSizes: Sizes
  private readonly baseStrides: Sizes
  private readonly viewSizes: Sizes
  private readonly viewStrides: Sizes
  private readonly viewOffset: number

  constructor(
    base: Tensor,
    view: Tensor,
    private readonly change: Node,
  ) {
    const others = change.next_functions.slice(1)
    super(
      [edgeOf(base), ...others.map(([node]) => node)],
      [base._outputNr, ...others.map(([, nr]) => nr)],
      [base._layout],
    )
    this.baseSizes = base.sizes
    this.baseStrides = base.strides
    this.viewSizes = view.sizes
    this.viewStrides = view.strides
    this.viewOffset = view.offset - base.offset
  }

  name(): string {
    return 'torch::autograd::CopySlices'
  }

  override release(): void {
    this.change.release()
  }

  apply([grad]: (Tensor | null)[]): (Tensor | null)[] {
    if (!grad) return this.next.map(() => null)
    // Outside the view the gradient passes through; inside it goes back through the change.
    const result = grad.new_empty_strided(this.baseSizes, this.baseStrides).copy_(grad)
    const slice = result.as_strided(this.viewSizes, this.viewStrides, this.viewOffset)
    const [through, ...others] = this.change.apply([slice.clone()])
    if (through) slice.copy_(through)
    else slice.zero_()
    return [result, ...others]
  }
}

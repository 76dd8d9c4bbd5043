// In-place changes and the graph: what is allowed, and how a change through a view reaches the tensor behind it.
import { RuntimeError } from '../errors'
import type { Sizes } from '../shape'
import type { Tensor, ViewKind } from '../tensor'
import { edgeOf, replace, tracked } from './graph'
import { enable_grad, isRecording, mode } from './mode'
import { ListedNode, type Node } from './node'

/** Why views that came about in some way may not be changed in place. */
const FORBIDDEN: Record<Exclude<ViewKind, 'tracked'>, string> = {
  no_grad:
    "Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the view and the inplace either both inside the no_grad block (if you don't want the inplace to be tracked) or both outside (if you want the inplace to be tracked).",
  'several outputs':
    'This view is the output of a function that returns multiple views. Such functions do not allow the output views to be modified inplace. You should replace the inplace operation by an out-of-place one.',
  'custom function':
    'This view was created inside a custom Function (or because an input was returned as-is) and the autograd logic to handle view+inplace would override the custom backward associated with the custom Function, leading to incorrect gradients. This behavior is forbidden. You can fix this by cloning the output of the custom Function.',
}

/**
 * Refuse an in-place operation that autograd could not account for. `recorded`: whether any operand requires grad; `mayOverlap`: whether
 * several elements in one place do no harm, because all become the same.
 */
export function checkInplace(self: Tensor, recorded: boolean, mayOverlap = false): void {
  if (self._inference && !mode.inference) {
    throw new RuntimeError(
      'Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to get a normal tensor before doing inplace update.See https://github.com/pytorch/rfcs/pull/17 for more details.',
    )
  }
  for (let d = 0; d < self.sizes.length && !mayOverlap; d++) {
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
    checkView(self)
    if (tracked(self) && base._gradFn === null) {
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

/** Refuses a change in place of a view for which no history could be written: of itself, or (`around` it) of what it looks into. */
export function checkView(self: Tensor, around = false): void {
  const kind = self._view!.kind
  if (kind === 'tracked') return
  const changed = around ? 'its base or another view of its base has been' : 'is being'
  const maker = self._gradFn?.name().replace(/Backward\d*$/, '')
  const unrecorded = `${maker === undefined ? 'A view was' : `Output ${self._outputNr} of ${maker} is a view of a view which was`} created in no_grad mode and ${changed} modified inplace with grad mode enabled.`
  const what =
    maker === undefined || kind === 'no_grad'
      ? unrecorded
      : `Output ${self._outputNr} of ${maker} is a view and ${changed} modified inplace.`
  throw new RuntimeError(`${what} ${FORBIDDEN[kind]}`)
}

/** After an in-place operation recorded as `node`: `self` is now its output, and so is what `self` looks into. */
export function rebase(self: Tensor, node: Node): void {
  const view = self._view
  if (view === null) {
    replace(self, node)
    return
  }
  const { base } = view
  replace(base, new CopySlices(base, self, node))
  replace(self, asStridedNode(base, self))
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

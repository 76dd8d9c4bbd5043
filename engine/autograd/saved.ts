// What an operation keeps for its backward pass, and the proof that nobody changed it since.
import { RuntimeError } from '../errors'
import { formatSizes } from '../shape'
import { Tensor } from '../tensor'
import { anomaly } from './anomaly'
import { Guard, guarded, no_grad } from './mode'
import { LEAF, type Node, userCode } from './node'

export const BACKWARD_TWICE =
  'Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward.'

/** What to keep in place of a saved tensor, and how to get the tensor back from it. */
export interface SavedTensorHooks {
  pack: (tensor: Tensor) => unknown
  unpack: (packed: unknown) => Tensor
}

const hooks: SavedTensorHooks[] = []

class HooksGuard extends Guard {
  private readonly depth = hooks.length

  restore(): void {
    hooks.length = this.depth
  }
}

/**
 * While it lasts, `pack` is called with every tensor that an operation saves, and `unpack` gives the tensor back when
 * backward needs it: a guard, or with a callback.
 * @shape tensors of any shape
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.graph.saved_tensors_hooks
 */
export function saved_tensors_hooks(pack: SavedTensorHooks['pack'], unpack: SavedTensorHooks['unpack']): Guard
export function saved_tensors_hooks<T>(
  pack: SavedTensorHooks['pack'],
  unpack: SavedTensorHooks['unpack'],
  body: () => T,
): T
export function saved_tensors_hooks<T>(
  pack: SavedTensorHooks['pack'],
  unpack: SavedTensorHooks['unpack'],
  body?: () => T,
): T | Guard {
  return guarded(new HooksGuard(), () => hooks.push({ pack, unpack }), body)
}

function packing({ pack, unpack }: SavedTensorHooks, tensor: Tensor): () => Tensor {
  userCode.mayRun = true
  const packed = no_grad(() => pack(tensor))
  return () => unpack(packed)
}

const ENABLE_ANOMALY =
  'enable anomaly detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False).'
const LOOK_ABOVE =
  'the backtrace further above shows the operation that failed to compute its gradient. The variable in question was changed in there or anywhere later. Good luck!'

const DETACHED_SINCE =
  'Trying to use a saved tensor that has been detached in-place, i.e. with .detach_().This is not supported, please use out-of-place `.detach()` instead'

/** A tensor as it was when an operation saved it. */
export class SavedTensor {
  private constructor(
    private readonly tensor: Tensor,
    /** The node that produced the tensor, where that is the node which saves it: an output rather than an input. */
    private readonly producer: Node | null,
    private readonly version: number,
    private readonly gradFn: Node | null,
    /** Answers what the tensor was packed into, where hooks were in force when it was saved. */
    private readonly unpacked: (() => Tensor) | null,
  ) {}

  static of(tensor: Tensor, producer: Node | null = null): SavedTensor {
    if (tensor._inference) {
      throw new RuntimeError(
        'Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in computation tracked by autograd. To work around this, you can make a clone to get a normal tensor and use it in autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`.',
      )
    }
    const unpacked = hooks.length > 0 ? packing(hooks[hooks.length - 1]!, tensor) : null
    return new SavedTensor(tensor, producer, tensor._storageVersion, producer ?? tensor._gradFn, unpacked)
  }

  /**
   * `tensor`, saved as an input. Operations that save the same tensor share one record of it as long as nothing happens to
   * it: a weight is used by every sample.
   */
  static shared(tensor: Tensor): SavedTensor {
    const last = tensor._saved
    if (last?.isIntact() && last.gradFn === tensor._gradFn && hooks.length === 0) return last
    const saved = SavedTensor.of(tensor)
    tensor._saved = saved
    return saved
  }

  /** The record that {@link saved} did without: `tensor` before any change, made by `maker`. */
  static unchanged(tensor: Tensor, producer: Node | null, maker: Node | null): SavedTensor {
    return new SavedTensor(tensor, producer, 0, maker, null)
  }

  /** Whether the elements are still those that were saved, and no hook packed them away. */
  isIntact(): boolean {
    return this.unpacked === null && this.tensor._storageVersion === this.version
  }

  /** The tensor, if its elements are still those that were saved. */
  unpack(): Tensor {
    const { tensor } = this
    if (this.unpacked !== null) return this.placed(this.unpacked())
    if (!this.isIntact()) throw this.versionError()
    if (tensor._gradFn === this.gradFn) return tensor
    if (tensor._gradFn === null && this.producer === null) throw new RuntimeError(DETACHED_SINCE)
    return this.placed(tensor)
  }

  /** The elements of `t`, in the place in the graph that the saved tensor had. */
  private placed(t: Tensor): Tensor {
    const { tensor, gradFn } = this
    const alias = new Tensor(t.storage, t._layout, t.offset)
    alias._gradFn = gradFn
    alias._outputNr = tensor._outputNr
    alias._accumulator = tensor._accumulator
    alias._requiresGrad = gradFn !== null || tensor._requiresGrad
    return alias
  }

  private versionError(): RuntimeError {
    const { tensor } = this
    const node = this.producer ?? tensor.grad_fn
    const origin = node
      ? `, which is output ${tensor._outputNr} of ${node.name().replace(/Backward0?(?=\d*$)/, '')},`
      : ''
    return new RuntimeError(
      `one of the variables needed for gradient computation has been modified by an inplace operation: [torch.${tensor.dtype.legacyName}Tensor ${formatSizes(tensor.sizes)}]${origin} is at version ${tensor._storageVersion}; expected version ${this.version} instead. Hint: ${anomaly.on ? LOOK_ABOVE : ENABLE_ANOMALY}`,
      'An operation remembered this tensor to compute a gradient from, and afterwards a method whose name ends in _ (or index_put_) changed it. Use the form without the underscore, or change a clone().',
    )
  }
}

/** Stands where something was saved, once the graph was freed. */
export const RELEASED = Symbol('released')

/** A saved operand: a tensor, with or without a record, or a plain number (`x.mul(3)`). */
export type Saved = Tensor | SavedTensor | number | typeof RELEASED | null

/**
 * What `node` keeps of a tensor: of an input, whose gradient goes on to `at`, or of its own output, where `at` is the node
 * itself. Most tensors are never changed in place and need no record: their version is 0, and `at` tells who made them.
 */
export function saved(tensor: Tensor, at: Node | null, node: Node): Tensor | SavedTensor {
  const isOutput = at === node
  const isPlain = tensor._storageVersion === 0 && hooks.length === 0 && !tensor._inference
  if (isPlain && (isOutput || tensor._gradFn === makerAt(at))) return tensor
  return isOutput ? SavedTensor.of(tensor, node) : SavedTensor.shared(tensor)
}

/** The tensor that {@link saved} kept, if its elements are still those that were saved. */
export function unpack(kept: Tensor | SavedTensor, at: Node | null, node: Node): Tensor {
  if (kept instanceof SavedTensor) return kept.unpack()
  const maker = makerAt(at)
  if (kept._storageVersion === 0 && kept._gradFn === maker) return kept
  return SavedTensor.unchanged(kept, at === node ? node : null, maker).unpack()
}

/** The same to look at; null where it is not what it was. */
export function intact(kept: Tensor | SavedTensor): Tensor | null {
  if (kept instanceof SavedTensor) return kept.isIntact() ? kept.unpack() : null
  return kept._storageVersion === 0 ? kept : null
}

/** The `_gradFn` of a tensor whose gradient goes to `at`. */
function makerAt(at: Node | null): Node | null {
  return at === null || at.sequence === LEAF ? null : at
}

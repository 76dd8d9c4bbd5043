// A node of the graph: one recorded operation, with edges to the nodes that made its inputs.
import { type DType, float32 } from '../dtype'
import type { Sizes } from '../shape'
import type { Tensor } from '../tensor'

/** Shape and dtype of one of a node's outputs: what a gradient arriving there must look like. */
export interface OutputSpec {
  readonly sizes: Sizes
  readonly dtype: DType
}

/** A change to, or a look at, the gradients that arrive at a node's output. */
export interface OutputHook {
  readonly output: number
  /** Comes after all others: it only looks. */
  readonly last: boolean
  readonly call: (grad: Tensor) => Tensor
}

/** A look at, or a change to, all gradients that arrive at a node's outputs. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks has no return statement
export type NodePreHook = (grad_outputs: (Tensor | null)[]) => (Tensor | null)[] | undefined | void

/** A look at, or a change to, the gradients that a node computed for its inputs. */
export type NodeHook = (
  grad_inputs: (Tensor | null)[],
  grad_outputs: (Tensor | null)[],
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks has no return statement
) => (Tensor | null)[] | undefined | void

/** A hook's handle: `remove()` takes it away again. */
export interface HookHandle {
  remove(): void
}

/** `list` with `hook` at its end, and how to take it away. */
export function hooked<Hook>(list: Hook[] | null, hook: Hook, set: (list: Hook[]) => void): HookHandle {
  const hooks = list ?? []
  set(hooks)
  hooks.push(hook)
  return {
    remove: () => {
      const at = hooks.indexOf(hook)
      if (at >= 0) hooks.splice(at, 1)
    },
  }
}

let created = 0

/**
 * Backward visits nodes in descending order of `sequence`: the youngest first. A node is always younger than the nodes
 * of its inputs, so this is a topological order, and it is PyTorch's.
 */
export abstract class Node implements OutputSpec {
  readonly sequence: number
  /** For each input of the operation: the node that made it, or null where no gradient is wanted. */
  readonly next: readonly (Node | null)[]
  /** For each input, which output of that node it was; null when it was always output 0. */
  nextNrs: readonly number[] | null
  /** Of the operation's only output; of its first one, if there are several. */
  readonly sizes: Sizes
  readonly dtype: DType
  private readonly several: readonly OutputSpec[] | null

  // What one backward pass keeps here (autograd/sweep.ts).
  pass: number
  pending: number
  grads: (Tensor | null)[] | null
  /** Nobody else holds the gradient that arrived: it may be kept without a copy. */
  owned: boolean

  outputHooks: OutputHook[] | null
  preHooks: NodePreHook[] | null
  postHooks: NodeHook[] | null

  constructor(next: readonly (Node | null)[], outputs: OutputSpec | readonly OutputSpec[], sequence = created++) {
    const several = Array.isArray(outputs) ? (outputs as readonly OutputSpec[]) : null
    const first = several === null ? (outputs as OutputSpec) : (several[0] ?? { sizes: [], dtype: float32 })
    this.sequence = sequence
    this.next = next
    this.nextNrs = null
    this.sizes = first.sizes
    this.dtype = first.dtype
    this.several = several
    this.pass = 0
    this.pending = 0
    this.grads = null
    this.owned = false
    this.outputHooks = null
    this.preHooks = null
    this.postHooks = null
  }

  /** Shape and dtype of each output of the operation. */
  get outputs(): readonly OutputSpec[] {
    return this.several ?? [this]
  }

  get outputCount(): number {
    return this.several === null ? 1 : this.several.length
  }

  /** Shape and dtype of one output. */
  output(nr: number): OutputSpec {
    return this.several === null ? this : this.several[nr]!
  }

  /** `MulBackward0`: as PyTorch calls it. */
  abstract name(): string

  /** The vector-Jacobian product: gradients of the outputs in, gradients of the inputs out, null for those not wanted. */
  abstract apply(grads: (Tensor | null)[]): (Tensor | null)[]

  /** Whether `grad`, an answer of `apply`, was made by it and is held by nobody else. Only an operation's own rule can say so. */
  makesFresh(_grad: Tensor, _arrived: readonly (Tensor | null)[]): boolean {
    return false
  }

  /** Forget what was saved; a later `apply` that needs it fails. */
  release(): void {}

  /** The tensors that it still has saved, as they were then: something to look at, for torch.draw. */
  remembered(): Tensor[] {
    return []
  }

  /** Pairs of the next node and which of its outputs, as PyTorch shows them. */
  get next_functions(): [Node | null, number][] {
    return this.next.map((node, k) => [node, this.nextNrs?.[k] ?? 0])
  }

  /** Calls `hook` with the gradients that arrive here, before this node's rule runs; it may return others. */
  register_prehook(hook: NodePreHook): HookHandle {
    return hooked(this.preHooks, hook, (hooks) => {
      this.preHooks = hooks
    })
  }

  /** Calls `hook` with what this node's rule computed and what it was given; it may return other results. */
  register_hook(hook: NodeHook): HookHandle {
    return hooked(this.postHooks, hook, (hooks) => {
      this.postHooks = hooks
    })
  }

  toString(): string {
    return `<${this.name().replace(/^.*::/, '')}>`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

// A node of the graph: one recorded operation, with edges to the nodes that made its inputs.
import { type DType, float32 } from '../dtype'
import type { Sizes } from '../shape'
import type { Tensor } from '../tensor'
import type { Saved } from './saved'

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

/**
 * Whether the user has given the engine code to run within backward passes: a hook, or a function's own backward. Such code
 * can see more than what a pass leaves behind: also when it does what (autograd/sweep.ts).
 */
export const userCode = { mayRun: false }

/** The `sequence` of a leaf's node: older than all others. */
export const LEAF = -1

/** `list` with `hook` at its end, and how to take it away. */
export function hooked<Hook>(list: Hook[] | null, hook: Hook, set: (list: Hook[]) => void): HookHandle {
  const hooks = list ?? []
  userCode.mayRun = true
  set(hooks)
  hooks.push(hook)
  return {
    remove: () => {
      const at = hooks.indexOf(hook)
      if (at >= 0) hooks.splice(at, 1)
    },
  }
}

const NONE: readonly never[] = []

/** What few nodes have. The others share {@link NOTHING_RARE}. */
class Rare {
  // What users asked to be called when a backward pass comes by.
  outputHooks: OutputHook[] | null = null
  preHooks: NodePreHook[] | null = null
  postHooks: NodeHook[] | null = null
  /** The nodes that made the third input and those after it. */
  toOthers: readonly (Node | null)[] = NONE
  /** For each input, which output of its node it is; null where each is the first. */
  edgeNrs: number[] | null = null
  // What an operation of a table was called with, and saved, of these (autograd/record.ts).
  args: unknown = undefined
  savedThird: Saved = null
  savedResult: Saved = null
  savedIndices: Saved = null
}

const NOTHING_RARE: Readonly<Rare> = new Rare()

let created = 0

/**
 * Backward visits nodes in descending order of `sequence`: the youngest first. A node is always younger than the nodes
 * of its inputs, so this is a topological order, and it is PyTorch's.
 *
 * A graph of scalars is nothing but nodes, all alive until backward has passed, and the collector copies what is alive:
 * so a node has no field and holds no list that it can do without.
 */
export abstract class Node {
  // Declared here and made in the constructor, as those of a tensor.
  declare readonly sequence: number
  /** Of the operation's only output; of its first one, if there are several. */
  declare protected readonly spec: OutputSpec
  // The edges: fields, because a list would take more room than both.
  /** The node that made the first input, or null where no gradient is wanted. */
  declare readonly toFirst: Node | null
  declare readonly toSecond: Node | null

  // What one backward pass keeps here (autograd/sweep.ts).
  /** The gradient that arrived; at a node of several outputs, one for each. */
  declare grads: Tensor | (Tensor | null)[] | null
  /** `pending` and, as the lowest bit, `owned`: one field, not two. */
  declare private arrivals: number

  declare protected rare: Readonly<Rare>

  constructor(spec: OutputSpec, toFirst: Node | null = null, toSecond: Node | null = null, sequence = created++) {
    this.sequence = sequence
    this.spec = spec
    this.toFirst = toFirst
    this.toSecond = toSecond
    this.grads = null
    this.arrivals = 0
    this.rare = NOTHING_RARE
  }

  /** How many gradients are still to come, in a pass that counts; else 0. */
  get pending(): number {
    return this.arrivals >> 1
  }

  set pending(count: number) {
    this.arrivals = (count << 1) | (this.arrivals & 1)
  }

  /** Nobody else holds the gradient that arrived: it may be kept without a copy, and changed. */
  get owned(): boolean {
    return (this.arrivals & 1) === 1
  }

  set owned(value: boolean) {
    this.arrivals = (this.arrivals & ~1) | (value ? 1 : 0)
  }

  protected get ownRare(): Rare {
    if (this.rare === NOTHING_RARE) this.rare = new Rare()
    return this.rare as Rare
  }

  /** How many inputs the operation had. */
  abstract get inputCount(): number

  get toOthers(): readonly (Node | null)[] {
    return this.rare.toOthers
  }

  /** The node that made input `k`, or null where no gradient is wanted. */
  edge(k: number): Node | null {
    return k === 0 ? this.toFirst : k === 1 ? this.toSecond : (this.toOthers[k - 2] ?? null)
  }

  /** Which output of that node it was. */
  edgeNr(k: number): number {
    return this.rare.edgeNrs === null ? 0 : this.rare.edgeNrs[k]!
  }

  /** For each input of the operation, {@link edge}. */
  get next(): (Node | null)[] {
    return Array.from({ length: this.inputCount }, (_, k) => this.edge(k))
  }

  /** How many outputs the operation had. */
  get outputCount(): number {
    return 1
  }

  /** Shape and dtype of one output. */
  output(_nr: number): OutputSpec {
    return this.spec
  }

  /** `MulBackward0`: as PyTorch calls it. */
  abstract name(): string

  /** The vector-Jacobian product: gradients of the outputs in, gradients of the inputs out, null for those not wanted. */
  abstract apply(grads: (Tensor | null)[]): (Tensor | null)[]

  /** Whether `grad`, an answer of `apply`, was made by it and is held by nobody else. Only an operation's own rule can say so. */
  makesFresh(_grad: Tensor, _arrived: Tensor): boolean {
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
    return this.next.map((node, k) => [node, this.edgeNr(k)])
  }

  get isHooked(): boolean {
    return this.outputHooks !== null || this.preHooks !== null || this.postHooks !== null
  }

  get outputHooks(): OutputHook[] | null {
    return this.rare.outputHooks
  }

  set outputHooks(hooks: OutputHook[] | null) {
    userCode.mayRun = true
    this.ownRare.outputHooks = hooks
  }

  get preHooks(): NodePreHook[] | null {
    return this.rare.preHooks
  }

  get postHooks(): NodeHook[] | null {
    return this.rare.postHooks
  }

  /** Calls `hook` with the gradients that arrive here, before this node's rule runs; it may return others. */
  register_prehook(hook: NodePreHook): HookHandle {
    return hooked(this.preHooks, hook, (hooks) => {
      this.ownRare.preHooks = hooks
    })
  }

  /** Calls `hook` with what this node's rule computed and what it was given; it may return other results. */
  register_hook(hook: NodeHook): HookHandle {
    return hooked(this.postHooks, hook, (hooks) => {
      this.ownRare.postHooks = hooks
    })
  }

  toString(): string {
    return `<${this.name().replace(/^.*::/, '')}>`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** A node for operations of any number of inputs or outputs. */
export abstract class ListedNode extends Node {
  readonly inputCount: number
  /** Shape and dtype of each output of the operation: its layout, not the tensor itself, which nobody needs to keep. */
  protected readonly outputs: readonly OutputSpec[]

  constructor(
    edges: readonly (Node | null)[],
    /** For each edge, which output of its node. */
    edgeNrs: readonly number[],
    outputs: readonly OutputSpec[],
  ) {
    super(outputs[0] ?? float32.scalar, edges[0], edges[1])
    this.inputCount = edges.length
    this.ownRare.toOthers = edges.slice(2)
    this.ownRare.edgeNrs = [...edgeNrs]
    this.outputs = outputs
  }

  override get outputCount(): number {
    return this.outputs.length
  }

  override output(nr: number): OutputSpec {
    return this.outputs[nr]!
  }
}

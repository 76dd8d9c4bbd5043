// Recording an operation: the node that remembers one call, what it saves, and how a rule reads it back.
import { RuntimeError } from '../errors'
import type { Sizes } from '../shape'
import type { Tensor } from '../tensor'
import { attach, edgeOf } from './graph'
import { mode } from './mode'
import { Node, type OutputSpec } from './node'
import { BACKWARD_TWICE, intact, RELEASED, type Saved, saved, unpack } from './saved'

/** An operand: a tensor, or a number that stands for a scalar of the other operand's type. */
export type Operand = Tensor | number

/**
 * What a rule sees of the recorded call, in the words of PyTorch's derivatives.yaml.
 * `self`, `other`, `third`, `result` and `indices` are there only if the rule says that it `needs` them.
 */
export interface Call<Args, Other extends Operand = Tensor> {
  readonly self: Tensor
  readonly other: Other
  readonly third: Tensor
  readonly result: Tensor
  readonly indices: Tensor
  /** The arguments that are not tensors. Free: nothing is saved for them. */
  readonly args: Args
  readonly selfSizes: Sizes
}

/** What a rule may ask to have saved, as bits. */
export const SLOTS = { self: 1, other: 2, third: 4, result: 8, indices: 16 } as const
export type Slot = keyof typeof SLOTS
const INPUTS = SLOTS.self | SLOTS.other | SLOTS.third
const OUTPUTS = SLOTS.result | SLOTS.indices

/** The vector-Jacobian product for one input: from the gradient of the result to the gradient of that input. */
export interface Rule<Args, Other extends Operand = Tensor> {
  (grad: Tensor, call: Call<Args, Other>): Tensor | null
  saves?: number
}

/** A rule together with what it needs saved. What no wanted gradient needs is not kept. */
export function needs<Args, Other extends Operand = Tensor>(
  ...request: [...Slot[], (grad: Tensor, call: Call<Args, Other>) => Tensor | null]
): Rule<Args, Other> {
  const rule = request.pop() as Rule<Args, Other>
  rule.saves = (request as Slot[]).reduce((bits, slot) => bits | SLOTS[slot], 0)
  return rule
}

/** The differentiable side of an operation: what recording one needs to know. */
export interface Recordable {
  readonly gradFn: string
  /** One for each input; null where PyTorch says "not differentiable". */
  // biome-ignore lint/suspicious/noExplicitAny: each operation knows the types of its own arguments; the recorder passes them through
  readonly rules: readonly (Rule<any, any> | null)[]
  /**
   * In which order the rules run: that of PyTorch's names of the operands in the alphabet, as its generated code has it. The last comes
   * first where this isn't given: `other`, then `self`. Where rules are recorded, it decides in which order their gradients meet
   * later, and so decides bits.
   */
  readonly order?: readonly number[]
}

/**
 * Whether what is being recorded is a rule's own computation. It shows: PyTorch's rules are C++, where a number as second
 * operand calls another overload than Python's `x * 2` does (`MulBackward1`).
 */
export const recording = { ofRules: false }

/** The record of one call of an operation in a table (ops/). */
export class OpNode extends Node implements Call<unknown, Operand> {
  declare private readonly op: Recordable
  declare private savedSelf: Saved
  /** The result of an operation on one tensor, which has no other. */
  declare private savedOther: Saved

  constructor(
    op: Recordable,
    args: unknown,
    output: OutputSpec,
    toSelf: Node | null,
    toOther: Node | null,
    toThird: Node | null,
  ) {
    super(output, toSelf, toOther)
    this.op = op
    this.savedSelf = null
    this.savedOther = null
    if (args !== undefined) this.ownRare.args = args
    if (toThird !== null) this.ownRare.toOthers = [toThird]
  }

  get inputCount(): number {
    return this.op.rules.length
  }

  /** Notes which output of its node `input`, the tensor behind edge `k`, is; answers what the rule for it needs saved. */
  connect(k: number, input: Tensor): number {
    const nr = input._outputNr
    if (nr !== 0) this.noteEdgeNr(k, nr)
    return this.op.rules[k]!.saves ?? 0
  }

  private noteEdgeNr(k: number, nr: number): void {
    this.ownRare.edgeNrs ??= [0, 0, 0]
    this.ownRare.edgeNrs[k] = nr
  }

  name(): string {
    return this.op.gradFn
  }

  save(bits: number, self: Tensor, other: Operand | null, third: Tensor | null): void {
    if (bits & SLOTS.self) this.savedSelf = saved(self, this.toFirst, this)
    if (bits & SLOTS.other) this.savedOther = typeof other === 'number' ? other : saved(other!, this.toSecond, this)
    if (bits & SLOTS.third) this.ownRare.savedThird = saved(third!, this.edge(2), this)
  }

  saveResult(bits: number, result: Tensor, indices: Tensor | null): void {
    if (bits & SLOTS.result) {
      const kept = saved(result, this, this)
      if (this.inputCount === 1) this.savedOther = kept
      else this.ownRare.savedResult = kept
    }
    if (bits & SLOTS.indices) this.ownRare.savedIndices = saved(indices!, null, this)
  }

  get args(): unknown {
    return this.rare.args
  }

  get self(): Tensor {
    return this.unpack(this.savedSelf, this.toFirst) as Tensor
  }

  get other(): Operand {
    return this.unpack(this.savedOther, this.toSecond)
  }

  get third(): Tensor {
    return this.unpack(this.rare.savedThird, this.edge(2)) as Tensor
  }

  get result(): Tensor {
    return this.unpack(this.inputCount === 1 ? this.savedOther : this.rare.savedResult, this) as Tensor
  }

  get indices(): Tensor {
    return this.unpack(this.rare.savedIndices, null) as Tensor
  }

  /** Empty where no gradient for `self` is wanted, and so nobody will look. */
  get selfSizes(): Sizes {
    return this.toFirst === null ? [] : this.toFirst.output(this.edgeNr(0)).sizes
  }

  /** What was saved of an operand; `at` is where its gradient goes. */
  private unpack(kept: Saved, at: Node | null): Operand {
    if (typeof kept === 'object' && kept !== null) return unpack(kept, at, this)
    if (kept === RELEASED) throw new RuntimeError(BACKWARD_TWICE, BACKWARD_TWICE_HINT)
    if (kept === null) throw new Error(`${this.name()}: its rule reads something that it does not say it needs`)
    recording.ofRules = false // to PyTorch's rule, a number that was an operand is a tensor
    return kept
  }

  override release(): void {
    if (this.savedSelf !== null) this.savedSelf = RELEASED
    if (this.savedOther !== null) this.savedOther = RELEASED
    if (this.rare.savedResult !== null) this.ownRare.savedResult = RELEASED
    if (this.rare.savedThird !== null) this.ownRare.savedThird = RELEASED
    if (this.rare.savedIndices !== null) this.ownRare.savedIndices = RELEASED
  }

  override remembered(): Tensor[] {
    const { savedThird, savedResult, savedIndices } = this.rare
    const kept = [this.savedSelf, this.savedOther, savedThird, savedResult, savedIndices]
    return kept.flatMap((one) => (typeof one === 'object' && one !== null ? (intact(one) ?? []) : []))
  }

  /** Rules compute new tensors, or hand on what they were given or a view of it; they keep nothing. */
  override makesFresh(grad: Tensor, arrived: Tensor): boolean {
    if (typeof grad._memory === 'number') return grad !== arrived
    return grad._view === null && grad._memory !== arrived._memory
  }

  /** The rule for input `k`, applied. */
  inputGrad(k: number, grad: Tensor): Tensor | null {
    return this.op.rules[k]!(grad, this)
  }

  apply([grad]: (Tensor | null)[]): (Tensor | null)[] {
    const inputs = new Array<Tensor | null>(this.inputCount)
    recording.ofRules = mode.grad
    try {
      const { order } = this.op
      for (let i = 0; i < inputs.length; i++) {
        const k = order === undefined ? inputs.length - 1 - i : order[i]!
        inputs[k] = grad && this.edge(k) !== null ? this.inputGrad(k, grad) : null
      }
    } finally {
      recording.ofRules = false
    }
    return inputs
  }
}

const BACKWARD_TWICE_HINT =
  'The first backward pass threw away what this graph had remembered. Compute the loss again before the second pass, or keep the graph with backward({ retain_graph: true }).'

/** Extends the graph by one call: `result = op(self, other, third; args)`. Call it only when an input is tracked. */
export function record(
  op: Recordable,
  result: Tensor,
  args: unknown,
  self: Tensor,
  other: Operand | null = null,
  third: Tensor | null = null,
  indices: Tensor | null = null,
): void {
  attach(result, recordedNode(op, result, args, self, other, third, indices), 0)
}

/** The node to which the gradient of input `k` goes; null where there is none to compute, or none is wanted. */
function edgeTo(input: Operand | null, op: Recordable, k: number): Node | null {
  return input !== null && typeof input !== 'number' && op.rules[k] !== null ? edgeOf(input) : null
}

/** The node that {@link record} attaches. */
export function recordedNode(
  op: Recordable,
  result: Tensor,
  args: unknown,
  self: Tensor,
  other: Operand | null,
  third: Tensor | null,
  indices: Tensor | null,
): Node {
  // Edges first: one may lead to a node that is made only now, and a node must be younger than those of its inputs.
  const toSelf = edgeTo(self, op, 0)
  const toOther = edgeTo(other, op, 1)
  const toThird = edgeTo(third, op, 2)
  const node = new OpNode(op, args, result._layout, toSelf, toOther, toThird)
  let saves = 0
  if (toSelf !== null) saves |= node.connect(0, self)
  if (toOther !== null) saves |= node.connect(1, other as Tensor)
  if (toThird !== null) saves |= node.connect(2, third!)
  if (saves & INPUTS) node.save(saves, self, other, third)
  if (saves & OUTPUTS) node.saveResult(saves, result, indices)
  return node
}

// torch.autograd.Function: operations of one's own, with forward and backward in plain code.
import { NotImplementedError, PythonTypeError, pythonType, RuntimeError } from '../errors'
import { Tensor } from '../tensor'
import { attach, edgeOf, tracked } from './graph'
import { isRecording, no_grad } from './mode'
import { ListedNode, type Node, type OutputSpec, userCode } from './node'
import { rebase } from './rebase'
import { BACKWARD_TWICE, SavedTensor } from './saved'

/** What a gradient may be: null for an input that has none. */
export type Gradient = Tensor | null | undefined

/** One call of a {@link CustomFunction}: what its forward leaves for its backward. Anything may be stored on it. */
export class FunctionContext {
  [name: string]: unknown

  /** Whether each argument of forward wants a gradient. */
  needs_input_grad: boolean[] = []
  /** Tensors to keep, packed when forward is done. */
  private toSave: (Tensor | null)[] = []
  private saved: (SavedTensor | null)[] | null = []
  private readonly dirty = new Set<Tensor>()
  private readonly nonDifferentiable = new Set<Tensor>()
  private materializes = true

  /** Keeps tensors for backward. Changes of them in place are noticed; other things go onto `ctx` itself. */
  save_for_backward(...tensors: (Tensor | null)[]): void {
    tensors.forEach((t, k) => {
      if (t !== null && !(t instanceof Tensor)) {
        throw new PythonTypeError(
          `save_for_backward can only save variables, but argument ${k} is of type ${pythonType(t)}`,
          'Store numbers and other things on ctx itself: ctx.power = 3.',
        )
      }
    })
    this.toSave = tensors
  }

  /** What {@link save_for_backward} kept. */
  get saved_tensors(): Tensor[] {
    if (this.saved === null) throw new RuntimeError(BACKWARD_TWICE)
    return this.saved.map((s) => s?.unpack() ?? (null as unknown as Tensor))
  }

  /** Says that forward changed these inputs in place. */
  mark_dirty(...tensors: Tensor[]): void {
    for (const t of tensors) this.dirty.add(t)
  }

  /** Says that these outputs have no gradient. */
  mark_non_differentiable(...tensors: Tensor[]): void {
    for (const t of tensors) this.nonDifferentiable.add(t)
  }

  /** Whether gradients of unused outputs reach backward as zeros (the default) or as null. */
  set_materialize_grads(value: boolean): void {
    this.materializes = value
  }

  /** @internal */
  static pack(ctx: FunctionContext, node: Node, outputs: readonly unknown[]): void {
    ctx.saved = ctx.toSave.map((t) => t && SavedTensor.of(t, outputs.includes(t) ? node : null))
    ctx.toSave = []
  }

  /** @internal */
  static release(ctx: FunctionContext): void {
    ctx.saved = null
  }

  /** @internal */
  static settings(ctx: FunctionContext) {
    return { dirty: ctx.dirty, nonDifferentiable: ctx.nonDifferentiable, materializes: ctx.materializes }
  }
}

type Backward = (ctx: FunctionContext, ...grads: never[]) => Gradient | readonly Gradient[]

/** One recorded call of a {@link CustomFunction}. */
class FunctionNode extends ListedNode {
  constructor(
    private readonly definition: { name: string; backward: Backward },
    private readonly ctx: FunctionContext,
    private readonly args: readonly unknown[],
    outputs: readonly OutputSpec[],
    /** For each result of forward, which of the outputs it is; null for what is no tensor. */
    private readonly positions: readonly (number | null)[],
  ) {
    const tensors = args.filter((arg) => arg instanceof Tensor)
    super(
      tensors.map(edgeOf),
      tensors.map((t) => t._outputNr),
      outputs,
    )
    userCode.mayRun = true
  }

  name(): string {
    return `${this.definition.name}Backward`
  }

  override release(): void {
    FunctionContext.release(this.ctx)
  }

  apply(grads: (Tensor | null)[]): (Tensor | null)[] {
    const { materializes } = FunctionContext.settings(this.ctx)
    const arrived = this.outputs.map(
      ({ sizes, dtype }, k) => grads[k] ?? (materializes ? Tensor.zeros(sizes, dtype) : null),
    )
    // One for each of forward's results, also for those that are no tensors.
    const given = this.positions.map((k) => (k === null ? null : arrived[k]!))
    const answer = this.definition.backward(this.ctx, ...(given as never[]))
    const answers: readonly Gradient[] = Array.isArray(answer) ? answer : [answer as Gradient]
    this.checkCount(answers)
    return this.args.flatMap((arg, k) =>
      arg instanceof Tensor ? [this.checked(answers[k])] : this.none(answers[k], k),
    )
  }

  /** As many gradients as arguments; more only if they are null. */
  private checkCount(answers: readonly Gradient[]): void {
    const expected = this.args.length
    if (answers.length === expected) return
    if (answers.length > expected && answers.slice(expected).every((grad) => grad === null || grad === undefined))
      return
    throw new RuntimeError(
      `function ${this.name()} returned an incorrect number of gradients (expected ${expected}, got ${answers.length})`,
      'backward returns one gradient for each argument of forward, in the same order, and null for those without one.',
    )
  }

  /** What is no tensor has no gradient. */
  private none(grad: Gradient, k: number): [] {
    if (grad === null || grad === undefined) return []
    throw new RuntimeError(
      `function ${this.name()} returned a gradient different than None at position ${k + 1}, but the corresponding forward input was not a Variable`,
      'A number, a flag or a text has no gradient: put null in its place.',
    )
  }

  private checked(grad: Gradient): Tensor | null {
    if (grad === null || grad === undefined) return null
    if (!(grad instanceof Tensor)) throw new RuntimeError(`expected Variable or None (got ${pythonType(grad)})`)
    return grad
  }
}

/**
 * An operation with a derivative of your own. Subclass it with static `forward(ctx, ...args)` and
 * `backward(ctx, ...gradients)`, and call it with `apply`; it prints as `<YourNameBackward>`.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#torch.autograd.Function
 */
// biome-ignore lint/complexity/noStaticOnlyClass: PyTorch's form; users subclass it
export abstract class CustomFunction {
  /** Computes the result. Not recorded. */
  static forward(..._: never[]): unknown {
    throw new NotImplementedError('You must implement the forward function for custom autograd.Function.')
  }

  /** From the gradients of the outputs to one gradient for each argument of forward (null where there is none). */
  static backward(..._: never[]): Gradient | readonly Gradient[] {
    throw new NotImplementedError(
      'You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD.',
    )
  }

  /** Calls the operation, and records it if an argument is tracked. */
  static apply<Args extends unknown[], Result>(
    this: { forward(ctx: FunctionContext, ...args: Args): Result; backward: Backward },
    ...args: Args
  ): Result
  static apply<Args extends unknown[], Result>(
    this: {
      forward(...args: Args): Result
      setup_context(ctx: FunctionContext, inputs: Args, output: Result): void
      backward: Backward
    },
    ...args: Args
  ): Result
  static apply(this: unknown, ...args: unknown[]): unknown {
    // biome-ignore lint/complexity/noThisInStatic: `this` is the user's subclass
    return call(this as Definition, args)
  }
}

interface Definition {
  name: string
  forward(...args: unknown[]): unknown
  setup_context?(ctx: FunctionContext, inputs: unknown[], output: unknown): void
  backward: Backward
}

function call(definition: Definition, args: unknown[]): unknown {
  const ctx = new FunctionContext()
  ctx.needs_input_grad = args.map((arg) => arg instanceof Tensor && tracked(arg))
  const records = isRecording() && ctx.needs_input_grad.includes(true)
  const result = no_grad(() => {
    if (definition.setup_context === undefined) return definition.forward(ctx, ...args)
    const output = definition.forward(...args)
    definition.setup_context(ctx, args, output)
    return output
  })
  const outputs = Array.isArray(result) ? result : [result]
  const tensors = outputs.filter((output) => output instanceof Tensor)
  const node = new FunctionNode(
    definition,
    ctx,
    args,
    tensors.map((t) => t._layout),
    outputs.map((output) => (output instanceof Tensor ? tensors.indexOf(output) : null)),
  )
  for (const t of FunctionContext.settings(ctx).dirty) {
    if (!outputs.includes(t)) throw new RuntimeError(DIRTY_NOT_RETURNED)
  }
  const placed = outputs.map((output) =>
    output instanceof Tensor ? place(output, tensors.indexOf(output), node, ctx, args, records) : output,
  )
  if (records) FunctionContext.pack(ctx, node, placed)
  return Array.isArray(result) ? placed : placed[0]
}

const DIRTY_NOT_RETURNED =
  'Some elements marked as dirty during the forward method were not returned as output. The inputs that are modified inplace must all be outputs of the Function.'

/** An output in its place in the graph. */
function place(
  output: Tensor,
  nr: number,
  node: Node,
  ctx: FunctionContext,
  args: unknown[],
  records: boolean,
): Tensor {
  const { dirty, nonDifferentiable } = FunctionContext.settings(ctx)
  if (dirty.has(output)) {
    if (!records) return output
    if (output._gradFn === null && output._requiresGrad) {
      throw new RuntimeError('a leaf Variable that requires grad has been used in an in-place operation.')
    }
    rebase(output, node)
    return output
  }
  const differentiable = records && output.dtype.is_floating_point && !nonDifferentiable.has(output)
  // An input that is handed back as it is becomes another tensor, or it would be its own descendant.
  const t = args.includes(output) ? new Tensor(output.storage, output._layout, output.offset) : output
  if (differentiable) {
    // A view of an input stays one, so that a change of it in place is refused: it would go round the function's backward.
    const base = t._view?.base ?? (t !== output ? (output._view?.base ?? output) : null)
    t._view = base && { base, kind: 'custom function', version: t.storage.version }
    attach(t, node, nr)
  }
  return t
}

const TWICE = 'trying to differentiate twice a function that was marked with @once_differentiable'

/** Stands where a gradient must not be differentiated again. */
class DelayedError extends ListedNode {
  name(): string {
    return 'torch::autograd::Error'
  }

  apply(): never {
    throw new RuntimeError(TWICE)
  }
}

/** A backward whose own operations are not recorded: differentiating its result again is an error, not a wrong answer. */
export function once_differentiable<Args extends unknown[], Result extends Gradient | readonly Gradient[]>(
  backward: (ctx: FunctionContext, ...args: Args) => Result,
): (ctx: FunctionContext, ...args: Args) => Result {
  return (ctx, ...args) => {
    const result = no_grad(() => backward(ctx, ...args))
    const sources = args.filter((arg) => arg instanceof Tensor && tracked(arg)) as Tensor[]
    if (!isRecording() || sources.length === 0) return result
    for (const grad of Array.isArray(result) ? result : [result]) {
      if (!(grad instanceof Tensor)) continue
      const node = new DelayedError(
        sources.map(edgeOf),
        sources.map((t) => t._outputNr),
        [grad._layout],
      )
      attach(grad, node, 0)
    }
    return result
  }
}

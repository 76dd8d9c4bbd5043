// What PyTorch records as one operation, although its derivative is made of several.
import { grad } from '../autograd/backward'
import { tracked } from '../autograd/graph'
import { enable_grad, isRecording, no_grad } from '../autograd/mode'
import { type Call, type Recordable, type Rule, record, SLOTS, type Slot } from '../autograd/record'
import type { Sizes } from '../shape'
import type { Tensor } from '../tensor'
import { asInside } from './inside'
import { needs } from './op'

/** What a rule reads that has no derivative. */
interface Rest<Args> {
  readonly args: Args
  readonly selfSizes: Sizes
  readonly indices: Tensor | null
}

interface AsOne<Args> {
  /**
   * The derivatives for `self` and `other`, from the gradient of the answer and that which the rule was given, where PyTorch has
   * formulas for them; null where the answer does not depend on the operand, for which PyTorch has zeros.
   */
  seconds?: readonly (((outer: Tensor, grad: Tensor, call: Call<Args>) => Tensor | null) | null)[]
  /** Whether one element of the answer depends on several of the gradient. */
  mixes?: boolean
  /** What is thrown where PyTorch has no derivative of the answer. */
  refuses?: () => Error
}

/**
 * A rule whose answer PyTorch records under a name of its own (`EluBackwardBackward0`) where gradients are recorded themselves: what
 * it answers is the same whether it is recorded or not. It is linear in the gradient; where it goes element by element, it is
 * its own derivative for that. For all else its steps are recorded anew and swept.
 */
export function asOne<Args>(gradFn: string, rule: Rule<Args>, options: AsOne<Args> = {}): Rule<Args> {
  const { seconds = [], mixes = false, refuses } = options
  const reads = (['self', 'other', 'third'] as const).filter((slot) => (rule.saves ?? 0) & SLOTS[slot])
  const slots: readonly Slot[] = (['self', 'other', 'third'] as const).slice(0, 1 + reads.length)
  const callOf = (rest: Rest<Args>, [, first, second]: Tensor[]) =>
    ({ ...rest, [reads[0] ?? '']: first, [reads[1] ?? '']: second }) as unknown as Call<Args>
  const itself: Rule<Rest<Args>> = needs(...slots.slice(1), (outer, call) =>
    one(outer, callOf(call.args, [outer, ...slots.slice(1).map((slot) => call[slot])])),
  )
  const ofSteps = (k: number): Rule<Rest<Args>> =>
    needs(...slots, (outer, call) => {
      if (refuses !== undefined) throw refuses()
      const given = slots.map((slot) => call[slot])
      const formula = seconds[k - 1]
      if (formula === null) return outer.new_zeros(given[k]!.sizes)
      if (formula !== undefined) return formula(outer, given[0]!, callOf(call.args, given))
      return asInside(() => {
        const inputs = given.map((t, i) => (i === k ? separated(t) : isRecording() ? t : t.detach()))
        const answer = enable_grad(() => rule(inputs[0]!, callOf(call.args, inputs))!)
        const how = { grad_outputs: outer, create_graph: isRecording(), allow_unused: true }
        return answer.requires_grad ? grad(answer, inputs[k]!, how)[0]! : null
      })
    })
  const rules = slots.map((_, k) => (k === 0 && !mixes && refuses === undefined ? itself : ofSteps(k)))
  const table: Recordable = { gradFn, rules, order: slots.map((_, k) => k) }
  const one: Rule<Args> = (inner, call) => {
    if (!isRecording()) return rule(inner, call)
    const computed = no_grad(() => rule(inner, call))
    if (computed === null) return null
    const answer = computed._view === null ? computed : computed.detach().clone()
    const { args, selfSizes } = call
    const indices = (rule.saves ?? 0) & SLOTS.indices ? call.indices : null
    const [first, second] = reads.map((slot) => call[slot])
    const isTracked = [inner, first, second].some((t) => t !== undefined && tracked(t))
    if (isTracked) record(table, answer, { args, selfSizes, indices }, inner, first, second)
    return answer
  }
  one.saves = rule.saves
  return one
}

/** The same numbers at the beginning of a graph of their own; joined to the one they come from if that is recorded on. */
function separated(t: Tensor): Tensor {
  return isRecording() ? t.view_as(t) : t.detach().requires_grad_()
}

// Choosing elements by a condition.
import { requireTensor } from '../arguments'
import { bool, float32 } from '../dtype'
import { RuntimeError } from '../errors'
import { map3, resultType } from '../kernels/map'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { needs, type Operand, op3 } from './op'

const select = op3({
  gradFn: 'WhereBackward0',
  forward: (condition, self, other) => map3(condition, self, other, (c, a, b) => (c ? a : b), resultType(self, other)),
  self: null,
  other: needs('self', (grad, { self: condition }) => where(condition, grad, 0)),
  third: needs('self', (grad, { self: condition }) => where(condition, 0, grad)),
  samples: (t) => [[t([1, -1]).detach().gt(0), t([[3, 2]]), t([[3], [4]])]],
})

/**
 * `input` where the condition holds, `other` elsewhere; all three broadcast. Of a condition alone: where it holds.
 * @shape A, B, C → broadcast(A, B, C)
 */
export function where(condition: Tensor, input: Operand, other: Operand): Tensor
export function where(condition: Tensor): Tensor[]
export function where(condition: Tensor, input?: Operand, other?: Operand): Tensor | Tensor[] {
  if (input === undefined && other === undefined) {
    requireTensor(condition, 'where', 'condition')
    return condition.nonzero({ as_tuple: true })
  }
  accept('where(Tensor condition, Operand input, Operand other)', condition, input, other)
  if (condition.dtype !== bool) {
    throw new RuntimeError(
      `where expected condition to be a boolean tensor, but got a tensor with dtype ${condition.dtype.legacyName}`,
    )
  }
  const [a, b] = [input!, other!]
  const like = typeof a === 'object' ? a : typeof b === 'object' ? b : condition.to(float32)
  return select(condition, scalar(a, like), scalar(b, like))
}

function scalar(value: Operand, like: Tensor): Tensor {
  return typeof value === 'object' ? value : like.new_full([], value)
}

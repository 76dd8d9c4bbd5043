// Einstein's notation.
import { requireTensor, wrongType } from '../arguments'
import { RuntimeError } from '../errors'
import { numelOf } from '../shape'
import type { Tensor } from '../tensor'
import type { TensorArgs } from './gluing'

/**
 * Einstein's notation: `einsum('ij,jk->ik', a, b)` is a matrix product. Letters name dimensions; those that are not in the
 * result are summed over.
 * @shape as the equation says
 * @see https://docs.pytorch.org/docs/stable/generated/torch.einsum.html
 */
export function einsum(equation: string, ...operands: TensorArgs): Tensor {
  if (typeof equation !== 'string') throw wrongType('einsum', 'equation', 'str', equation)
  const tensors = (operands.length === 1 && Array.isArray(operands[0]) ? operands[0] : operands) as readonly Tensor[]
  for (const tensor of tensors) requireTensor(tensor, 'einsum', 'operands')
  if (tensors.length === 0) throw new RuntimeError('einsum(): must provide at least one operand')
  const [left, right] = equation.replaceAll(' ', '').split('->') as [string, string | undefined]
  const subscripts = left.split(',')
  if (subscripts.length !== tensors.length) {
    throw new RuntimeError(
      subscripts.length > tensors.length
        ? 'einsum(): fewer operands were provided than specified in the equation'
        : 'einsum(): more operands were provided than specified in the equation',
    )
  }
  // The dimensions that an ellipsis stands for are numbered from the last one.
  const hidden = subscripts.map((text, k) => (text.includes('...') ? tensors[k]!.sizes.length - (text.length - 3) : 0))
  const most = Math.max(0, ...hidden)
  const dots = Array.from({ length: most }, (_, k) => `...${most - k}`)
  const labelsOf = (text: string) => {
    const [before, after] = text.split('...') as [string, string | undefined]
    return after === undefined ? [...before] : [...before, ...dots, ...after]
  }
  const letters = [...left.replaceAll(/[,.]/g, '')].sort()
  const once = letters.filter((c) => letters.indexOf(c) === letters.lastIndexOf(c))
  const result = right === undefined ? [...dots, ...once] : labelsOf(right)
  const again = result.find((label, k) => result.indexOf(label) < k)
  if (again !== undefined) {
    throw new RuntimeError(`einsum(): output subscript ${again} appears more than once in the output`)
  }
  const missing = result.find((label) => !letters.includes(label) && !dots.includes(label))
  if (missing !== undefined) {
    throw new RuntimeError(
      `einsum(): output subscript ${missing} does not appear in the equation for any input operand`,
    )
  }
  const order = [...new Set([...result, ...dots, ...letters])]
  const aligned = tensors.map((tensor, k) => align(tensor, labelsOf(subscripts[k]!), hidden[k]!, order, k))
  requireBroadcastable(aligned, order)
  const summed = order.map((_, d) => d).slice(result.length)
  if (aligned.length === 1) return summed.length === 0 ? aligned[0]! : aligned[0]!.sum(summed)
  const product = aligned.reduce((a, b, k) => contract(a, b, aligned.slice(k + 1), summed))
  return summed.length === 0 ? product : product.view(product.sizes.slice(0, result.length))
}

/** Operand `k` with all letters of the equation in one order: a dimension of size 1 for each that it lacks. */
function align(
  operand: Tensor,
  labels: readonly string[],
  hidden: number,
  order: readonly string[],
  k: number,
): Tensor {
  const dotted = labels.filter((label) => label.startsWith('...'))
  const [given, dims] = [labels.length - dotted.length, operand.sizes.length]
  if (hidden < 0 || given + hidden !== dims) {
    const what =
      hidden < 0
        ? `is more than the number of dimensions (${dims}) for operand ${k}`
        : `does not match the number of dimensions (${dims}) for operand ${k} and no ellipsis was given`
    throw new RuntimeError(`einsum(): the number of subscripts in the equation (${given}) ${what}`)
  }
  let out = operand
  const own: string[] = []
  for (const label of labels) {
    const again = own.indexOf(label)
    if (again >= 0) out = diagonalOf(out, again, own.length, label, k)
    else {
      const place = dotted.indexOf(label)
      if (place >= 0 && place < dotted.length - hidden) out = out.unsqueeze(own.length)
      own.push(label)
    }
  }
  for (const label of order) {
    if (own.includes(label)) continue
    out = out.unsqueeze(-1)
    own.push(label)
  }
  return out.permute(order.map((label) => own.indexOf(label)))
}

/** A letter that one operand has twice means the diagonal of these dimensions. */
function diagonalOf(t: Tensor, first: number, again: number, label: string, k: number): Tensor {
  const [size, repeated] = [t.sizes[first], t.sizes[again]]
  if (size !== repeated) {
    throw new RuntimeError(
      `einsum(): subscript ${label} is repeated for operand ${k} but the sizes don't match, ${repeated} != ${size}`,
    )
  }
  return t.diagonal(0, first, again).movedim(-1, first)
}

function requireBroadcastable(operands: readonly Tensor[], order: readonly string[]): void {
  order.forEach((label, d) => {
    let seen = 1
    operands.forEach(({ sizes }, k) => {
      const size = sizes[d]!
      if (size !== 1 && seen !== 1 && size !== seen) {
        throw new RuntimeError(
          `einsum(): subscript ${label} has size ${size} for operand ${k} which does not broadcast with previously seen size ${seen}`,
        )
      }
      if (size !== 1) seen = size
    })
  })
}

/** Two operands as one, summed over what no later one has. */
function contract(left: Tensor, right: Tensor, later: readonly Tensor[], summed: readonly number[]): Tensor {
  const last = summed.filter((d) => later.every(({ sizes }) => sizes[d] === 1))
  const has = (t: Tensor, d: number) => t.sizes[d] !== 1
  const alone = (t: Tensor, other: Tensor) => last.filter((d) => has(t, d) && !has(other, d))
  const summedAlone = (t: Tensor, other: Tensor) => {
    const dims = alone(t, other)
    return dims.length === 0 ? t : t.sum(dims, { keepdim: true })
  }
  const [a, b] = [summedAlone(left, right), summedAlone(right, left)]
  const both = last.filter((d) => has(a, d) && has(b, d))
  return both.length === 0 ? a.mul(b) : batched(a, b, both)
}

/** The sum of products over `summed` as a batched matrix product: what both have, the left's own, those summed over, the right's own. */
function batched(left: Tensor, right: Tensor, summed: readonly number[]): Tensor {
  const kept = left.sizes.map((_, d) => d).filter((d) => !summed.includes(d))
  const isRow = (d: number) => left.sizes[d] !== 1
  const batch = kept.filter((d) => isRow(d) && right.sizes[d] !== 1)
  const rows = kept.filter((d) => isRow(d) && right.sizes[d] === 1)
  const columns = kept.filter((d) => !isRow(d))
  // The operand whose dimensions come first in the result is the left one.
  if (rows.length > 0 && columns.length > 0 && columns.at(-1)! < rows[0]!) return product(right, left, columns, rows)
  return product(left, right, rows, columns)

  function product(a: Tensor, b: Tensor, own: readonly number[], others: readonly number[]): Tensor {
    const count = (t: Tensor, dims: readonly number[]) => numelOf(dims.map((d) => t.sizes[d]!))
    const [inBatch, inner] = [count(a, batch), count(a, summed)]
    const x = a.permute([...batch, ...own, ...summed, ...others]).reshape([inBatch, count(a, own), inner])
    const y = b.permute([...batch, ...summed, ...others, ...own]).reshape([inBatch, inner, count(b, others)])
    const order = [...batch, ...own, ...summed, ...others]
    const sizes = order.map((d) => (summed.includes(d) ? 1 : (others.includes(d) ? b : a).sizes[d]!))
    return x
      .bmm(y)
      .view(sizes)
      .permute(left.sizes.map((_, d) => order.indexOf(d)))
  }
}

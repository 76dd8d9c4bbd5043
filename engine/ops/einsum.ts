// Einstein's notation.
import { requireTensor, wrongType } from '../arguments'
import { RuntimeError } from '../errors'
import { numelOf } from '../shape'
import type { Tensor } from '../tensor'
import type { TensorArgs } from './gluing'

/** One operand's subscripts, with sizes. */
interface Labelled {
  tensor: Tensor
  labels: string[]
}

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
  const dots = (n: number) => Array.from({ length: n }, (_, k) => `...${n - k}`)
  const labelsOf = (text: string, n: number) => {
    const [before, after] = text.split('...') as [string, string | undefined]
    return after === undefined ? [...before] : [...before, ...dots(Math.max(n, 0)), ...after]
  }
  const labelled = tensors.map((tensor, k) => diagonals({ tensor, labels: labelsOf(subscripts[k]!, hidden[k]!) }, k))
  const letters = [...left.replaceAll(/[,.]/g, '')]
  const once = letters.filter((c) => letters.indexOf(c) === letters.lastIndexOf(c)).sort()
  const result = right === undefined ? [...dots(most), ...once] : labelsOf(right, most)
  if (tensors.length === 1) return ofOne(labelled[0]!, result)
  let joined = labelled[0]!
  labelled.slice(1).forEach((next, k) => {
    const later = new Set([...result, ...labelled.slice(k + 2).flatMap(({ labels }) => labels)])
    joined = contract(joined, next, later, result)
  })
  const summed = sumOut(joined, new Set(result))
  const order = result.map((label) => placeOf(label, summed))
  if (order.every((d, k) => d === k)) return summed.tensor
  const turned = summed.tensor.permute(order)
  return turned.view(turned.sizes) // as PyTorch's, which drops what was summed over
}

/** One operand: what is summed over goes last. */
function ofOne(operand: Labelled, result: readonly string[]): Tensor {
  const order = result.map((label) => placeOf(label, operand))
  const others = operand.labels.map((_, d) => d).filter((d) => !order.includes(d))
  const turned = operand.tensor.permute([...order, ...others])
  return others.length === 0 ? turned : turned.sum(others.map((_, k) => order.length + k))
}

function placeOf(label: string, { labels }: Labelled): number {
  const d = labels.indexOf(label)
  if (d >= 0) return d
  throw new RuntimeError(`einsum(): output subscript ${label} does not appear in the equation for any input operand`)
}

/** A letter that one operand has twice means the diagonal of these dimensions. */
function diagonals({ tensor, labels }: Labelled, k: number): Labelled {
  if (labels.length !== tensor.sizes.length) {
    throw new RuntimeError(
      `einsum(): the number of subscripts in the equation (${labels.length}) does not match the number of dimensions (${tensor.sizes.length}) for operand ${k} and no ellipsis was given`,
    )
  }
  const again = labels.findIndex((label, d) => labels.indexOf(label) < d)
  if (again < 0) return { tensor, labels }
  const label = labels[again]!
  const first = labels.indexOf(label)
  const [size, repeated] = [tensor.sizes[first], tensor.sizes[again]]
  if (size !== repeated) {
    throw new RuntimeError(
      `einsum(): subscript ${label} is repeated for operand ${k} but the sizes don't match, ${repeated} != ${size}`,
    )
  }
  const others = labels.filter((_, d) => d !== first && d !== again)
  return diagonals({ tensor: tensor.diagonal(0, first, again), labels: [...others, label] }, k)
}

function sumOut({ tensor, labels }: Labelled, kept: ReadonlySet<string>): Labelled {
  const dims = labels.map((_, d) => d).filter((d) => !kept.has(labels[d]!))
  return dims.length === 0
    ? { tensor, labels }
    : { tensor: tensor.sum(dims), labels: labels.filter((label) => kept.has(label)) }
}

/** Two operands as one batched matrix product: shared letters that stay, the left's own, those summed over, the right's own. */
function contract(left: Labelled, right: Labelled, later: ReadonlySet<string>, result: string[]): Labelled {
  const a = sumOut(left, new Set([...later, ...right.labels]))
  const b = sumOut(right, new Set([...later, ...left.labels]))
  const place = (label: string) => (result.includes(label) ? result.indexOf(label) : result.length)
  const shared = a.labels.filter((label) => b.labels.includes(label))
  const batch = shared.filter((label) => later.has(label))
  const summed = shared.filter((label) => !later.has(label))
  const rows = a.labels.filter((label) => !shared.includes(label))
  const columns = b.labels.filter((label) => !shared.includes(label))
  // The operand whose dimensions come first in the result is the left one.
  if (rows.length > 0 && columns.length > 0 && Math.max(...columns.map(place)) < Math.min(...rows.map(place))) {
    return contract(b, a, later, result)
  }
  const size = (label: string) => {
    const from = ({ tensor, labels }: Labelled) => tensor.sizes[labels.indexOf(label)]
    const [m, n] = [from(a), from(b)]
    if (m !== undefined && n !== undefined && m !== n) {
      throw new RuntimeError(
        `einsum(): operands do not broadcast with remapped shapes [original->remapped]: subscript ${label} has size ${m} and ${n}`,
      )
    }
    return (m ?? n)!
  }
  for (const label of shared) size(label)
  if (summed.every((label) => size(label) === 1)) {
    // Nothing to add up: a product with broadcasting.
    const kept = [...batch, ...rows, ...columns].sort((x, y) => place(x) - place(y))
    const labels = [...kept, ...summed]
    const spread = ({ tensor, labels: own }: Labelled) => {
      const ordered = labels.filter((label) => own.includes(label))
      const turned = ordered.every((label, d) => own[d] === label)
        ? tensor
        : tensor.permute(ordered.map((label) => own.indexOf(label)))
      return labels.reduce((t, label, d) => (own.includes(label) ? t : t.unsqueeze(d)), turned)
    }
    const product = spread(a).mul(spread(b))
    return { tensor: summed.length === 0 ? product : product.view(kept.map(size)), labels: kept }
  }
  const count = (labels: string[]) => numelOf(labels.map(size))
  const arranged = ({ tensor, labels }: Labelled, order: string[]) =>
    tensor.permute(order.map((label) => labels.indexOf(label)))
  const x = arranged(a, [...batch, ...rows, ...summed]).reshape([count(batch), count(rows), count(summed)])
  const y = arranged(b, [...batch, ...summed, ...columns]).reshape([count(batch), count(summed), count(columns)])
  const labels = [...batch, ...rows, ...columns]
  return { tensor: x.bmm(y).view(labels.map(size)), labels }
}

// Products over chosen dimensions: einsum, tensordot, kron, cross.
import { RuntimeError } from '../errors'
import { numelOf, sameSizes, wrapDim } from '../shape'
import type { Tensor } from '../tensor'
import { needs, type Op, op2 } from './op'

/** The sum of products over the last (first) `dims` dimensions of the two, or over the lists of them. */
export function tensordot(
  self: Tensor,
  other: Tensor,
  dims: number | readonly [readonly number[], readonly number[]] = 2,
): Tensor {
  const n = self.sizes.length
  const [left, right] =
    typeof dims === 'number'
      ? [Array.from({ length: dims }, (_, k) => n - dims + k), Array.from({ length: dims }, (_, k) => k)]
      : [dims[0].map((d) => wrapDim(d, n)), dims[1].map((d) => wrapDim(d, other.sizes.length))]
  const summed = left.map((d) => self.sizes[d]!)
  right.forEach((d, k) => {
    if (other.sizes[d] !== summed[k]) {
      throw new RuntimeError(
        `contracted dimensions need to match, but first has size ${summed[k]} in dim ${left[k]} and second has size ${other.sizes[d]} in dim ${d}`,
      )
    }
  })
  const rows = self.sizes.map((_, d) => d).filter((d) => !left.includes(d))
  const columns = other.sizes.map((_, d) => d).filter((d) => !right.includes(d))
  const sizesOf = (t: Tensor, list: readonly number[]) => list.map((d) => t.sizes[d]!)
  const a = self.permute([...rows, ...left]).reshape([numelOf(sizesOf(self, rows)), numelOf(summed)])
  const b = other.permute([...right, ...columns]).reshape([numelOf(summed), numelOf(sizesOf(other, columns))])
  return a.mm(b).view([...sizesOf(self, rows), ...sizesOf(other, columns)])
}

/** Kronecker's product: each element of `self` times the whole of `other`. */
export function kron(self: Tensor, other: Tensor): Tensor {
  const n = Math.max(self.sizes.length, other.sizes.length)
  const padded = (t: Tensor) => [...Array<number>(n - t.sizes.length).fill(1), ...t.sizes]
  const [a, b] = [padded(self), padded(other)]
  const product = self.reshape(a.flatMap((size) => [size, 1])).mul(other.reshape(b.flatMap((size) => [1, size])))
  return product._unsafe_view(a.map((size, d) => size * b[d]!))
}

const crossAlong: Op<[self: Tensor, other: Tensor, args: number]> = op2<Tensor, number>({
  gradFn: 'LinalgCrossBackward0',
  forward: (self, other, dim) => {
    const [a, b] = [self.detach(), other.detach()]
    const turn = (t: Tensor, by: number) => t.roll(by, dim)
    return turn(a, -1)
      .mul(turn(b, -2))
      .sub(turn(a, -2).mul(turn(b, -1)))
  },
  self: needs('other', (grad, { other, args: dim }) => crossAlong(other, grad, dim)), // (a × b)·g = a·(b × g)
  other: needs('self', (grad, { self, args: dim }) => crossAlong(grad, self, dim)),
  samples: (t) => [[t([1, 2, 3]), t([-1, 0.5, 2]), 0]],
})

/** The cross product of vectors of three elements along `dim` (the first dimension of that size). */
export function cross(self: Tensor, other: Tensor, dim: number | { dim?: number } = {}): Tensor {
  const wanted = typeof dim === 'number' ? dim : dim.dim
  const d = wanted === undefined ? self.sizes.indexOf(3) : wrapDim(wanted, self.sizes.length)
  if (d < 0 || self.sizes[d] !== 3 || !sameSizes(self.sizes, other.sizes)) {
    throw new RuntimeError(
      `linalg.cross: inputs dimension ${wanted ?? -1} must have length 3. Got ${self.sizes[d] ?? 0} and ${other.sizes[d] ?? 0}`,
    )
  }
  return crossAlong(self, other, d)
}

/** One operand's subscripts, with sizes. */
interface Labelled {
  tensor: Tensor
  labels: string[]
}

/**
 * Einstein's notation: `einsum('ij,jk->ik', a, b)` is a matrix product. Letters name dimensions; those that are not in the
 * result are summed over.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.einsum.html
 */
export function einsum(equation: string, ...operands: Tensor[]): Tensor {
  const [left, right] = equation.replaceAll(' ', '').split('->') as [string, string | undefined]
  const subscripts = left.split(',')
  if (subscripts.length !== operands.length) {
    throw new RuntimeError(
      subscripts.length > operands.length
        ? 'einsum(): more operands specified in equation than provided'
        : 'einsum(): fewer operands specified in equation than provided',
    )
  }
  const labelled = operands.map((tensor, k) => diagonals({ tensor, labels: [...subscripts[k]!] }, k))
  const counts = [...left.replaceAll(',', '')]
  const result = [
    ...(right ??
      counts
        .filter((c) => counts.indexOf(c) === counts.lastIndexOf(c))
        .sort()
        .join('')),
  ]
  let joined = labelled[0]!
  labelled.slice(1).forEach((next, k) => {
    const later = new Set([...result, ...labelled.slice(k + 2).flatMap(({ labels }) => labels)])
    joined = contract(joined, next, later)
  })
  const summed = sumOut(joined, new Set(result))
  const order = result.map((label) => {
    const d = summed.labels.indexOf(label)
    if (d < 0)
      throw new RuntimeError(
        `einsum(): output subscript ${label} does not appear in the equation for any input operand`,
      )
    return d
  })
  return order.every((d, k) => d === k) ? summed.tensor : summed.tensor.permute(order)
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
function contract(left: Labelled, right: Labelled, later: ReadonlySet<string>): Labelled {
  const a = sumOut(left, new Set([...later, ...right.labels]))
  const b = sumOut(right, new Set([...later, ...left.labels]))
  const shared = a.labels.filter((label) => b.labels.includes(label))
  const batch = shared.filter((label) => later.has(label))
  const summed = shared.filter((label) => !later.has(label))
  const rows = a.labels.filter((label) => !shared.includes(label))
  const columns = b.labels.filter((label) => !shared.includes(label))
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
  const count = (labels: string[]) => numelOf(labels.map(size))
  const arranged = ({ tensor, labels }: Labelled, order: string[]) =>
    tensor.permute(order.map((label) => labels.indexOf(label)))
  const x = arranged(a, [...batch, ...rows, ...summed]).reshape([count(batch), count(rows), count(summed)])
  const y = arranged(b, [...batch, ...summed, ...columns]).reshape([count(batch), count(summed), count(columns)])
  const labels = [...batch, ...rows, ...columns]
  return { tensor: x.bmm(y).view(labels.map(size)), labels }
}

// The product of several matrices, bracketed so that it costs least.
import { requireTensor, wrongType } from '../arguments'
import { RuntimeError } from '../errors'
import type { Tensor } from '../tensor'

/** Where to cut the chain from i to j: after Cormen and others, Introduction to Algorithms, 15.2. */
function cheapestCuts(sizes: readonly number[]): number[][] {
  const n = sizes.length - 1
  const cost = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  const cuts = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  for (let length = 1; length < n; length++) {
    for (let i = 0; i + length < n; i++) {
      const j = i + length
      cost[i]![j] = Number.POSITIVE_INFINITY
      for (let k = i; k < j; k++) {
        const total = cost[i]![k]! + cost[k + 1]![j]! + sizes[i]! * sizes[k + 1]! * sizes[j + 1]!
        if (total < cost[i]![j]!) {
          cost[i]![j] = total
          cuts[i]![j] = k
        }
      }
    }
  }
  return cuts
}

/**
 * The product of two or more matrices (the first and the last may be vectors), in the cheapest order.
 * @shape (a, b), (b, c), ... → (a, z); the first and the last may be vectors
 */
export function multi_dot(tensors: readonly Tensor[]): Tensor {
  if (!Array.isArray(tensors)) throw wrongType('linalg_multi_dot', 'tensors', 'tuple of Tensors', tensors)
  for (const t of tensors) requireTensor(t, 'linalg_multi_dot', 'tensors')
  const n = tensors.length
  if (n < 2) throw new RuntimeError(`multi_dot(): expected at least 2 tensors but got ${n}`)
  const [first, last] = [tensors[0]!, tensors[n - 1]!]
  const matrices = [...tensors]
  if (first.sizes.length === 1) matrices[0] = first.unsqueeze(0)
  if (last.sizes.length === 1) matrices[n - 1] = last.unsqueeze(-1)
  matrices.forEach((t, k) => {
    if (t.sizes.length !== 2) {
      throw new RuntimeError(
        k === 0 || k === n - 1
          ? `multi_dot(): the ${k === 0 ? 'first' : 'last'} tensor must be 1D or 2D but got ${t.sizes.length}D`
          : `multi_dot(): tensor ${k} must be 2D but got ${t.sizes.length}D`,
      )
    }
    if (k > 0 && matrices[k - 1]!.sizes[1] !== t.sizes[0]) {
      throw new RuntimeError(
        `multi_dot(): tensors ${k - 1} and ${k} with shapes [${matrices[k - 1]!.sizes.join(', ')}] and [${t.sizes.join(', ')}] cannot be multiplied`,
      )
    }
  })
  const cuts = cheapestCuts([matrices[0]!.sizes[0]!, ...matrices.map((t) => t.sizes[1]!)])
  const product = (i: number, j: number): Tensor =>
    i === j ? matrices[i]! : product(i, cuts[i]![j]!).mm(product(cuts[i]![j]! + 1, j))
  const rows = first.sizes.length === 1 ? [] : [matrices[0]!.sizes[0]!]
  const columns = last.sizes.length === 1 ? [] : [matrices[n - 1]!.sizes[1]!]
  return product(0, n - 1).view([...rows, ...columns])
}

/**
 * {@link multi_dot} of matrices given one by one.
 * @shape (a, b), (b, c), ... → (a, z); the first and the last may be vectors
 */
export function chain_matmul(...matrices: Tensor[]): Tensor {
  for (const t of matrices) requireTensor(t, 'chain_matmul', 'matrices')
  return matrices.length === 1 ? matrices[0]! : multi_dot(matrices)
}

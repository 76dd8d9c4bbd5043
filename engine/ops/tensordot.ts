// Sums of products over chosen dimensions.
import { wrongType } from '../arguments'
import { RuntimeError } from '../errors'
import { numelOf, wrapDim } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'

/** How many dimensions, or which of the one and which of the other. */
export type TensordotDims = number | readonly [readonly number[], readonly number[]]

/**
 * The sum of products over the last (first) `dims` dimensions of the two, or over the lists of them.
 * @shape A, B → the other dimensions of A, then those of B
 */
export function tensordot(self: Tensor, other: Tensor, dims: TensordotDims | { dims: TensordotDims } = 2): Tensor {
  accept('tensordot(Tensor input, Tensor other, any dims=2)', self, other, dims)
  const along = typeof dims === 'object' && dims !== null && 'dims' in dims ? dims.dims : dims
  const isPair =
    Array.isArray(along) &&
    along.length === 2 &&
    along.every((list) => Array.isArray(list) && list.every(Number.isInteger))
  if (!Number.isInteger(along) && !isPair) throw wrongType('tensordot', 'dims', 'int or two lists of ints', along)
  const named =
    typeof along === 'number'
      ? [Array.from({ length: along }, (_, k) => k - along), Array.from({ length: along }, (_, k) => k)]
      : along
  const [left, right] = [self, other].map((t, k) => named[k]!.map((d) => wrapDim(d, t.sizes.length))) as [
    number[],
    number[],
  ]
  if (self.dtype !== other.dtype) throw new RuntimeError('both inputs should have same dtype')
  const summed = left.map((d) => self.sizes[d]!)
  right.forEach((d, k) => {
    if (other.sizes[d] !== summed[k]) {
      throw new RuntimeError(
        `contracted dimensions need to match, but first has size ${summed[k]} in dim ${named[0]![k]} and second has size ${other.sizes[d]} in dim ${named[1]![k]}`,
      )
    }
  })
  const rows = self.sizes.map((_, d) => d).filter((d) => !left.includes(d))
  const columns = other.sizes.map((_, d) => d).filter((d) => !right.includes(d))
  const sizesOf = (t: Tensor, list: readonly number[]) => list.map((d) => t.sizes[d]!)
  const [m, k, n] = [sizesOf(self, rows), summed, sizesOf(other, columns)].map(numelOf) as [number, number, number]
  const [a, b] = [self.permute([...rows, ...left]), other.permute([...right, ...columns])]
  const product = m === 1 && n === 1 ? a.flatten().dot(b.flatten()) : a.reshape([m, k]).mm(b.reshape([k, n]))
  return product.view([...sizesOf(self, rows), ...sizesOf(other, columns)])
}

// Kronecker's product and the cross product.
import { RuntimeError } from '../errors'
import { sameSizes, wrapDim } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { needs, type Op, op2 } from './op'

/**
 * Kronecker's product: each element of `self` times the whole of `other`.
 * @shape A, B → the sizes of A times those of B
 */
export function kron(self: Tensor, other: Tensor): Tensor {
  accept('kron(Tensor input, Tensor other)', self, other)
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

/**
 * The cross product of vectors of three elements along `dim` (the first dimension of that size).
 * @shape A, A → A
 */
export function cross(self: Tensor, other: Tensor, dim: number | { dim?: number } = {}): Tensor {
  const [, wanted] = accept<[Tensor, number | null]>(
    'cross(Tensor input, Tensor other, int dim=None)',
    self,
    other,
    dim,
  )
  const d = wanted === null ? self.sizes.indexOf(3) : wrapDim(wanted, self.sizes.length)
  if (d < 0) throw new RuntimeError('no dimension of size 3 in input')
  if (self.sizes[d] !== 3 || !sameSizes(self.sizes, other.sizes)) {
    throw new RuntimeError(
      `linalg.cross: inputs dimension ${wanted ?? d} must have length 3. Got ${self.sizes[d] ?? 0} and ${other.sizes[d] ?? 0}`,
    )
  }
  return crossAlong(self, other, d)
}

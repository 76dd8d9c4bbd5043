// Vector norms.
import { requireTensor } from '../arguments'
import { RuntimeError } from '../errors'
import type { Tensor } from '../tensor'
import { parseReduce, type ReduceOptions, requireNormed } from './along'
import { vectorNorm } from './vector-norm'

/**
 * The p-norm (2 unless said) of all elements, or along dimensions.
 * @shape A → () or A without dim
 */
export function norm(
  self: Tensor,
  p?: number | 'fro' | null | (ReduceOptions & { p?: number | 'fro' }),
  dim?: number | readonly number[] | null | ReduceOptions,
  keepdim?: boolean | ReduceOptions,
): Tensor {
  requireTensor(self, 'norm', 'input')
  requireNormed(self)
  const given = typeof p === 'object' && p !== null ? p : { p: p ?? 2 }
  const order = given.p === 'fro' || given.p === undefined ? 2 : given.p
  if (typeof order !== 'number') throw new RuntimeError(`linalg.matrix_norm: Order ${order} not supported.`)
  const { along } = parseReduce(self, typeof p === 'object' && p !== null ? p : dim, keepdim, 'norm')
  return vectorNorm(self, { p: order, ...(along ?? { dims: self.sizes.map((_, d) => d), keepdim: false }) })
}

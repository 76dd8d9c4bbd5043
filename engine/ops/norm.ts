// Vector norms.
import { allocate, float32 } from '../dtype'
import { euclideanNorm } from '../kernels/norm'
import { isContiguous, reducedSizes } from '../shape'
import { Tensor } from '../tensor'
import { inMemoryOrder, parseReduce, type ReduceOptions, requireFloating, restoreDims, rows } from './along'
import { needs, type Op, op1 } from './op'
import { where } from './where'

interface NormArgs {
  p: number
  dims: readonly number[]
  keepdim: boolean
}

const vectorNorm: Op<[self: Tensor, args: NormArgs]> = op1<NormArgs>({
  gradFn: 'LinalgVectorNormBackward0',
  forward: (self, { p, dims: given, keepdim }) => {
    const dims = inMemoryOrder(self, given)
    const { data, offset, length, count } = rows(self, dims)
    const out = allocate(self.dtype, count)
    const isVector = isContiguous(
      dims.map((d) => self.sizes[d]!),
      dims.map((d) => self.strides[d]!),
    )
    for (let i = 0; i < count; i++) {
      const start = offset + i * length
      out[i] =
        p === 2 && self.dtype === float32
          ? euclideanNorm(data, start, length, isVector)
          : normOf(data, start, length, p)
    }
    return Tensor.own(out, reducedSizes(self.sizes, dims, keepdim), self.dtype)
  },
  self: needs('self', 'result', (grad, { self, result, args: { p, dims, keepdim } }) => {
    const wide = restoreDims(grad, self.sizes, dims, keepdim)
    const norm = restoreDims(result, self.sizes, dims, keepdim)
    if (p === 1) return wide.mul(self.sgn())
    if (p === 2) return wide.mul(self.div(norm).masked_fill(norm.eq(0), 0))
    if (p === Number.POSITIVE_INFINITY || p === Number.NEGATIVE_INFINITY) {
      const mask = self.abs().eq(norm)
      return self.sgn().mul(wide.mul(mask).div(mask.sum(dims, { keepdim: true })))
    }
    // |x|^(p-1) sgn(x) / norm^(p-1)
    const direction = self
      .abs()
      .pow(p - 1)
      .mul(self.sgn())
    return wide.mul(where(norm.eq(0), 0, direction.div(norm.pow(p - 1))))
  }),
  samples: (t) => [
    [
      t([
        [1, 2],
        [-3, 4],
      ]),
      { p: 2, dims: [0], keepdim: false },
    ],
    [
      t([
        [1, 2],
        [-3, 4],
      ]),
      { p: 3, dims: [0, 1], keepdim: true },
    ],
  ],
})

function normOf(data: ArrayLike<number>, start: number, n: number, p: number): number {
  let total = p === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : 0
  for (let i = 0; i < n; i++) {
    const x = Math.abs(data[start + i]!)
    if (p === 2) total += x * x
    else if (p === 1) total += x
    else if (p === 0) total += x === 0 ? 0 : 1
    else if (p === Number.POSITIVE_INFINITY) total = Math.max(total, x)
    else if (p === Number.NEGATIVE_INFINITY) total = Math.min(total, x)
    else total += x ** p
  }
  return p === 2 ? Math.sqrt(total) : p === 0 || p === 1 || !Number.isFinite(p) ? total : total ** (1 / p)
}

/** The p-norm (2 unless said) of all elements, or along dimensions. */
export function norm(
  self: Tensor,
  p?: number | 'fro' | null | (ReduceOptions & { p?: number | 'fro' }),
  dim?: number | readonly number[] | null | ReduceOptions,
  keepdim?: boolean | ReduceOptions,
): Tensor {
  requireFloating(self, 'linalg.vector_norm')
  const given = typeof p === 'object' && p !== null ? p : { p: p ?? 2 }
  const order = given.p === 'fro' || given.p === undefined ? 2 : given.p
  const { along } = parseReduce(self, typeof p === 'object' && p !== null ? p : dim, keepdim, 'norm')
  return vectorNorm(self, { p: order, ...(along ?? { dims: self.sizes.map((_, d) => d), keepdim: false }) })
}

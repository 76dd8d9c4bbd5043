// The p-norm and its gradient, under the two names by which PyTorch records it.
import { floatRepr } from '../decimal'
import { allocate, float32 } from '../dtype'
import { RuntimeError } from '../errors'
import { euclideanNorm } from '../kernels/norm'
import { rounding } from '../kernels/precision'
import { isContiguous, reducedSizes } from '../shape'
import { Tensor } from '../tensor'
import { inMemoryOrder, restoreDims, rows } from './along'
import { needs, type Op, op1 } from './op'
import { where } from './where'

export interface NormArgs {
  p: number
  dims: readonly number[]
  keepdim: boolean
}

/** The plain computation. */
export function computeNorm(self: Tensor, { p, dims: given, keepdim }: NormArgs): Tensor {
  if (p < 0 || p === Number.POSITIVE_INFINITY) requireIdentity(self, p, given)
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
        : normOf(data, start, length, p, rounding(self))
  }
  return Tensor.own(out, reducedSizes(self.sizes, dims, keepdim), self.dtype)
}

/** Refuses the largest or smallest of nothing. */
function requireIdentity(self: Tensor, p: number, dims: readonly number[]): void {
  const empty = dims.find((d) => self.sizes[d] === 0)
  if (empty === undefined) return
  const on =
    dims.length === self.sizes.length
      ? 'on an empty tensor because the operation does not have an identity'
      : `on the dimension ${empty}because this dimension is empty and the operation does not have an identity`
  throw new RuntimeError(`linalg.vector_norm cannot compute the ${Number.isFinite(p) ? p : floatRepr(p)} norm ${on}`)
}

/** The gradient of a p-norm, `|x|^(p-1) sgn(x) / norm^(p-1)`, 0 where the norm is. */
export function normGradient(grad: Tensor, self: Tensor, result: Tensor, { p, dims, keepdim }: NormArgs): Tensor {
  const wide = restoreDims(grad, self.sizes, dims, keepdim)
  const norm = restoreDims(result, self.sizes, dims, keepdim)
  if (p === 1) return wide.mul(self.sgn())
  if (p === 2) return wide.mul(self.div(norm).masked_fill(norm.eq(0), 0))
  if (p === Number.POSITIVE_INFINITY || p === Number.NEGATIVE_INFINITY) {
    const mask = self.abs().eq(norm)
    return self.sgn().mul(wide.mul(mask).div(mask.sum(dims, { keepdim: true })))
  }
  const scale = where(norm.eq(0), 0, wide.div(norm.pow(p - 1)))
  const magnitude = self.abs()
  if (p >= 2) return self.mul(magnitude.pow(p - 2)).mul(scale)
  const direction = self.sgn().mul(magnitude.pow(p - 1))
  return p < 1
    ? where(self.eq(0), 0, direction)
        .mul(wide)
        .mul(norm.pow(1 - p))
    : direction.mul(scale)
}

const norming = (gradFn: string): Op<[self: Tensor, args: NormArgs]> =>
  op1<NormArgs>({
    gradFn,
    forward: computeNorm,
    // How many elements are not 0 has no gradient at all.
    self: needs('self', 'result', (grad, { self, result, args }) =>
      args.p === 0 ? null : normGradient(grad, self, result, args),
    ),
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

/** What `x.norm(p)` records. */
export const vectorNorm: Op<[self: Tensor, args: NormArgs]> = norming('LinalgVectorNormBackward0')
/** What PyTorch's C++ records where it takes a norm itself. */
export const normInside: Op<[self: Tensor, args: NormArgs]> = norming('NormBackward1')

/** One term after the other, each sum and power rounded. */
function normOf(data: ArrayLike<number>, start: number, n: number, p: number, round: (x: number) => number): number {
  let total = p === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : 0
  for (let i = 0; i < n; i++) {
    const x = Math.abs(data[start + i]!)
    if (p === Number.POSITIVE_INFINITY) total = Math.max(total, x)
    else if (p === Number.NEGATIVE_INFINITY) total = Math.min(total, x)
    else total = round(total + (p === 1 ? x : p === 0 ? Number(x !== 0) : round(x ** p)))
  }
  return p === 2 ? Math.sqrt(total) : p === 0 || p === 1 || !Number.isFinite(p) ? total : total ** round(1 / p)
}

// The distance of two tensors, and slices brought to a norm.
import { RuntimeError } from '../errors'
import { wrapDim } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { needs, type Op, op1, op2 } from './op'
import { computeNorm, type NormArgs, normGradient } from './vector-norm'
import { where } from './where'

function whole(t: Tensor, p: number): NormArgs {
  return { p, dims: t.sizes.map((_, d) => d), keepdim: false }
}

const distance: Op<[self: Tensor, other: Tensor, args: number]> = op2<Tensor, number>({
  gradFn: 'DistBackward0',
  forward: (self, other, p) => {
    const difference = self.detach().sub(other.detach())
    if (!difference.dtype.is_floating_point) {
      throw new RuntimeError(
        `norm(): input dtype should be either floating point or complex. Got ${difference.dtype.legacyName} instead.`,
      )
    }
    return computeNorm(difference, whole(difference, p))
  },
  self: needs('self', 'other', 'result', (grad, { self, other, result, args: p }) => {
    const difference = self.sub(other)
    return normGradient(grad, difference, result, whole(difference, p))
  }),
  other: needs('self', 'other', 'result', (grad, { self, other, result, args: p }) => {
    const difference = self.sub(other)
    return normGradient(grad, difference, result, whole(difference, p)).neg()
  }),
  samples: (t) => [
    [t([1, -2]), t([3, 0.5]), 2],
    [t([1, -2]), t([3, 0.5]), 3],
  ],
})

/**
 * The p-norm of `self - other`.
 * @shape A, B → ()
 */
export function dist(self: Tensor, other: Tensor, p: number | { p?: number } = 2): Tensor {
  const [, order] = accept<[Tensor, number]>('dist(Tensor input, Tensor other, float p=2)', self, other, p)
  return distance(self, other, order)
}

interface Renorm {
  p: number
  dim: number
  maxnorm: number
}

function normsOfSlices(self: Tensor, { p, dim }: Renorm): Tensor {
  return computeNorm(self.detach(), { p, dims: self.sizes.map((_, d) => d).filter((d) => d !== dim), keepdim: true })
}

const brought: Op<[self: Tensor, args: Renorm]> = op1<Renorm>({
  gradFn: 'RenormBackward0',
  forward: (self, args) => {
    const norm = normsOfSlices(self, args)
    const factor = where(norm.gt(args.maxnorm), norm.add(1e-7).reciprocal().mul(args.maxnorm), 1)
    return self.detach().mul(factor)
  },
  // Where a slice was too long: d (m x / (|x| + ε))
  self: needs('self', (grad, { self, args }) => {
    const { p, dim, maxnorm } = args
    const dims = self.sizes.map((_, d) => d).filter((d) => d !== dim)
    const norm = self.norm(p, dims, { keepdim: true })
    const along = self.mul(grad).sum(dims, { keepdim: true })
    const ofNorm = normGradient(along, self, norm, { p, dims, keepdim: true })
    const inverse = norm.add(1e-7).reciprocal()
    return where(norm.gt(maxnorm), grad.sub(inverse.mul(ofNorm)).mul(inverse.mul(maxnorm)), grad)
  }),
  samples: (t) => [
    [
      t([
        [1, -2],
        [0.25, 0.5],
      ]),
      { p: 2, dim: 0, maxnorm: 1 },
    ],
  ],
})

/**
 * Every slice along `dim` whose p-norm is above `maxnorm` scaled down to it.
 * @shape A → A
 */
export function renorm(
  self: Tensor,
  p: number | { p: number; dim: number; maxnorm: number },
  dim?: number,
  maxnorm?: number,
): Tensor {
  const [order, along, most] = accept<[number, number, number]>(
    'renorm(Tensor input, float p, int dim, float maxnorm)',
    self,
    p,
    dim,
    maxnorm,
  )
  if (order <= 0) throw new RuntimeError('renorm: non-positive-norm not supported')
  if (self.sizes.length < 2) {
    throw new RuntimeError(`renorm: input needs at least 2 dimensions, got ${self.sizes.length} dimensions`)
  }
  return brought(self, { p: order, dim: wrapDim(along, self.sizes.length), maxnorm: most })
}

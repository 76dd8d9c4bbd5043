// softmax and its logarithm, computed so that large numbers do not overflow.
import { no_grad } from '../autograd/mode'
import { type DType, float32 } from '../dtype'
import { NotImplementedError } from '../errors'
import { positions } from '../kernels/layout'
import { wrapDim, wrapDims } from '../shape'
import { Tensor } from '../tensor'
import { restoreDims } from './along'
import { needs, type Op, op1, op2 } from './op'
import { where } from './where'

type Line = (read: (k: number) => number, write: (k: number, y: number) => void, n: number) => void

/** A function of all elements along `dim`, line by line. */
function alongLines(self: Tensor, dim: number, line: Line): Tensor {
  const out = Tensor.zeros(self.sizes, self.dtype)
  const n = self.sizes[dim] ?? 1
  const others = self.sizes.length === 0 ? [] : self.sizes.with(dim, 1)
  const from = positions(others, self.strides, self.offset)
  const to = positions(others, out.strides, 0)
  const [x, y] = [self.storage.data, out.storage.data]
  const [step, outStep] = [self.strides[dim] ?? 0, out.strides[dim] ?? 0]
  for (let i = 0; i < from.length; i++) {
    line(
      (k) => x[from[i]! + k * step]!,
      (k, value) => {
        y[to[i]! + k * outStep] = value
      },
      n,
    )
  }
  return out
}

function rounding(dtype: DType): (x: number) => number {
  return dtype === float32 ? Math.fround : (x) => x
}

function largest(read: (k: number) => number, n: number): number {
  let best = Number.NEGATIVE_INFINITY
  for (let k = 0; k < n; k++) if (!(read(k) <= best)) best = read(k)
  return best
}

const softmaxAlong: Op<[self: Tensor, args: number]> = op1<number>({
  gradFn: 'SoftmaxBackward0',
  forward: (self, dim) => {
    const round = rounding(self.dtype)
    return alongLines(self, dim, (read, write, n) => {
      const most = largest(read, n)
      let total = 0
      for (let k = 0; k < n; k++) total = round(total + round(Math.exp(round(read(k) - most))))
      for (let k = 0; k < n; k++) write(k, round(Math.exp(round(read(k) - most))) / total)
    })
  },
  self: needs('result', (grad, { result, args: dim }) => softmaxBackward(grad, result, dim)),
  samples: (t) => [
    [
      t([
        [0.5, -1, 2],
        [1, 0, 1],
      ]),
      1,
    ],
  ],
})

// y · (g - Σ g y)
const softmaxBackward: Op<[self: Tensor, other: Tensor, args: number]> = op2<Tensor, number>({
  gradFn: 'SoftmaxBackwardDataBackward0',
  forward: (grad, y, dim) => no_grad(() => weightedDifference(grad, y, dim)),
  self: needs('other', (grad, { other: y, args: dim }) => softmaxBackward(grad, y, dim)),
  other: needs('self', 'other', (grad, { self: g, other: y, args: dim }) => {
    const weight = g.mul(y).sum(dim, { keepdim: true })
    return grad.mul(g.sub(weight)).sub(g.mul(grad.mul(y).sum(dim, { keepdim: true })))
  }),
  samples: (t) => [[t([[0.5, -1, 2]]), t([[0.2, 0.3, 0.5]]), 1]],
})

function weightedDifference(grad: Tensor, y: Tensor, dim: number): Tensor {
  return grad.sub(grad.mul(y).sum(dim, { keepdim: true })).mul(y)
}

const logSoftmaxAlong: Op<[self: Tensor, args: number]> = op1<number>({
  gradFn: 'LogSoftmaxBackward0',
  forward: (self, dim) => {
    const round = rounding(self.dtype)
    return alongLines(self, dim, (read, write, n) => {
      const most = largest(read, n)
      let total = 0
      for (let k = 0; k < n; k++) total = round(total + round(Math.exp(round(read(k) - most))))
      const log = round(Math.log(total))
      for (let k = 0; k < n; k++) write(k, round(read(k) - most) - log)
    })
  },
  self: needs('result', (grad, { result, args: dim }) => logSoftmaxBackward(grad, result, dim)),
  samples: (t) => [
    [
      t([
        [0.5, -1, 2],
        [1, 0, 1],
      ]),
      1,
    ],
  ],
})

// g - e^y Σ g
const logSoftmaxBackward: Op<[self: Tensor, other: Tensor, args: number]> = op2<Tensor, number>({
  gradFn: 'LogSoftmaxBackwardDataBackward0',
  forward: (grad, y, dim) => no_grad(() => grad.sub(y.exp().mul(grad.sum(dim, { keepdim: true })))),
  self: needs('other', (grad, { other: y, args: dim }) => grad.sub(grad.mul(y.exp()).sum(dim, { keepdim: true }))),
  other: needs('self', 'other', (grad, { self: g, other: y, args: dim }) =>
    grad
      .mul(y.exp())
      .mul(g.sum(dim, { keepdim: true }))
      .neg(),
  ),
  samples: (t) => [[t([[0.5, -1, 2]]), t([[-0.2, -0.3, -0.5]]), 1]],
})

function requireFloating(self: Tensor, kernel: string): void {
  if (!self.dtype.is_floating_point) {
    throw new NotImplementedError(`"${kernel}_lastdim_kernel_impl" not implemented for '${self.dtype.legacyName}'`)
  }
}

/** `e^x / Σ e^x` along a dimension: positive numbers that add up to 1. */
export function softmax(self: Tensor, dim: number | { dim: number }): Tensor {
  requireFloating(self, 'softmax')
  return softmaxAlong(self, wrapDim(typeof dim === 'number' ? dim : dim.dim, self.sizes.length))
}

/** `ln softmax(x)` along a dimension. */
export function log_softmax(self: Tensor, dim: number | { dim: number }): Tensor {
  requireFloating(self, 'log_softmax')
  return logSoftmaxAlong(self, wrapDim(typeof dim === 'number' ? dim : dim.dim, self.sizes.length))
}

interface Along {
  dims: readonly number[]
  keepdim: boolean
}

const logsumexpAlong: Op<[self: Tensor, args: Along]> = op1<Along>({
  gradFn: 'LogsumexpBackward0',
  forward: (self, { dims, keepdim }) =>
    no_grad(() => {
      const x = self.detach()
      const most = x.amax(dims, { keepdim: true })
      const finite = where(most.abs().eq(Number.POSITIVE_INFINITY), 0, most)
      const kept = x.sub(finite).exp().sum(dims, { keepdim: true }).log().add(finite)
      return keepdim ? kept : kept.squeeze(dims).clone()
    }),
  self: needs('self', 'result', (grad, { self, result, args: { dims, keepdim } }) =>
    restoreDims(grad, self.sizes, dims, keepdim).mul(self.sub(restoreDims(result, self.sizes, dims, keepdim)).exp()),
  ),
  samples: (t) => [
    [
      t([
        [0.5, -1, 2],
        [1, 0, 1],
      ]),
      { dims: [1], keepdim: false },
    ],
  ],
})

/** `ln Σ e^x` along dimensions. */
export function logsumexp(
  self: Tensor,
  dim: number | readonly number[] | { dim: number | readonly number[]; keepdim?: boolean },
  options: boolean | { keepdim?: boolean } = {},
): Tensor {
  const given =
    typeof dim === 'object' && 'dim' in dim
      ? dim
      : { dim, ...(typeof options === 'boolean' ? { keepdim: options } : options) }
  return logsumexpAlong(self, { dims: wrapDims(given.dim, self.sizes.length), keepdim: given.keepdim ?? false })
}

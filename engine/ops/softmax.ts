// softmax and its logarithm, computed so that large numbers do not overflow.
import { no_grad } from '../autograd/mode'
import type { DType } from '../dtype'
import { positions } from '../kernels/layout'
import { floating } from '../kernels/precision'
import {
  type Line,
  logSoftmaxBackwardLine,
  logSoftmaxLine,
  type Place,
  softmaxBackwardLine,
  softmaxLine,
} from '../kernels/softmax'
import { numelOf, wrapDim, wrapDims } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { restoreDims } from './along'
import { needs, type Op, op1, op2 } from './op'
import { refuseIntegers } from './unsupported'
import { where } from './where'

type LineKernel = (x: Line, out: Line, n: number, place: Place) => void
type BackwardKernel = (grad: Line, y: Line, out: Line, n: number, place: Place) => void

/** A function of all elements along `dim`, line by line. */
function alongLines(self: Tensor, dim: number, kernel: LineKernel): Tensor {
  return linesOf([self], dim, ([x], out, n, place) => kernel(x!, out, n, place))
}

function backwardAlongLines(grad: Tensor, y: Tensor, dim: number, kernel: BackwardKernel): Tensor {
  return linesOf([grad, y], dim, ([g, x], out, n, place) => kernel(g!, x!, out, n, place))
}

function linesOf(
  inputs: readonly Tensor[],
  dim: number,
  kernel: (lines: Line[], out: Line, n: number, place: Place) => void,
): Tensor {
  const { sizes, dtype } = inputs[0]!
  const result = Tensor.zeros(sizes, dtype)
  const others = sizes.length === 0 ? [] : sizes.with(dim, 1)
  const lines = ({ storage, strides, offset }: Tensor) => {
    const data = storage.data as Float32Array | Float64Array
    const step = strides[dim] ?? 0
    return Array.from(positions(others, strides, offset), (at) => ({ data, at, step }))
  }
  const from = inputs.map(lines)
  const inner = numelOf(sizes.slice(dim + 1))
  const vectorLength = 32 / dtype.itemsize
  const place = (i: number): Place => {
    if (dim >= sizes.length - 1) return 'last'
    return i % inner < inner - (inner % vectorLength) ? 'column in a vector' : 'column'
  }
  lines(result).forEach((out, i) => {
    const each = from.map((list) => list[i]!)
    kernel(each, out, sizes[dim] ?? 1, place(i))
  })
  return result
}

const softmaxAlong: Op<[self: Tensor, args: number]> = op1<number>({
  gradFn: 'SoftmaxBackward0',
  forward: (self, dim) => alongLines(self, dim, softmaxLine),
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
  order: [0, 1],
  forward: (grad, y, dim) => backwardAlongLines(grad, y, dim, softmaxBackwardLine),
  self: needs('other', (grad, { other: y, args: dim }) => softmaxBackward(grad, y, dim)),
  other: needs('self', 'other', (grad, { self: g, other: y, args: dim }) => {
    const total = (t: Tensor) => y.mul(t).sum(dim, { keepdim: true })
    return g
      .mul(grad)
      .sub(total(g).mul(grad))
      .sub(g.mul(total(grad)))
  }),
  samples: (t) => [[t([[0.5, -1, 2]]), t([[0.2, 0.3, 0.5]]), 1]],
})

const logSoftmaxAlong: Op<[self: Tensor, args: number]> = op1<number>({
  gradFn: 'LogSoftmaxBackward0',
  forward: (self, dim) => alongLines(self, dim, logSoftmaxLine),
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
  order: [0, 1],
  forward: (grad, y, dim) => backwardAlongLines(grad, y, dim, logSoftmaxBackwardLine),
  self: needs('other', (grad, { other: y, args: dim }) => grad.sub(grad.mul(y.exp()).sum(dim, { keepdim: true }))),
  other: needs('self', 'other', (grad, { self: g, other: y, args: dim }) =>
    g.sum(dim, { keepdim: true }).neg().mul(y.exp()).mul(grad),
  ),
  samples: (t) => [[t([[0.5, -1, 2]]), t([[-0.2, -0.3, -0.5]]), 1]],
})

function requireFloating(self: Tensor, dim: number, kernel: string): void {
  const isLast = wrapDim(dim, self.sizes.length) >= self.sizes.length - 1
  refuseIntegers(self.dtype, `${kernel}${isLast ? '_lastdim' : ''}_kernel_impl`)
}

/**
 * `e^x / Σ e^x` along a dimension: positive numbers that add up to 1.
 * @shape A → A
 */
export function softmax(
  self: Tensor,
  dim: number | { dim: number; dtype?: DType },
  options: { dtype?: DType } = {},
): Tensor {
  const [d, dtype] = accept<[number, DType | null]>(
    'softmax(Tensor input, int dim, dtype dtype=None)',
    self,
    dim,
    typeof dim === 'object' ? undefined : options,
  )
  const x = dtype === null ? self : self.to(dtype)
  requireFloating(x, d, 'softmax')
  return softmaxAlong(x, wrapDim(d, x.sizes.length))
}

/**
 * `ln softmax(x)` along a dimension.
 * @shape A → A
 */
export function log_softmax(
  self: Tensor,
  dim: number | { dim: number; dtype?: DType },
  options: { dtype?: DType } = {},
): Tensor {
  const [d, dtype] = accept<[number, DType | null]>(
    'log_softmax(Tensor input, int dim, dtype dtype=None)',
    self,
    dim,
    typeof dim === 'object' ? undefined : options,
  )
  const x = dtype === null ? self : self.to(dtype)
  requireFloating(x, d, 'log_softmax')
  return logSoftmaxAlong(x, wrapDim(d, x.sizes.length))
}

interface Along {
  dims: readonly number[]
  keepdim: boolean
}

const logsumexpAlong: Op<[self: Tensor, args: Along]> = op1<Along>({
  gradFn: 'LogsumexpBackward0',
  forward: (self, { dims, keepdim }) =>
    no_grad(() => {
      const x = self.detach().to(floating(self))
      if (numelOf(x.sizes) === 0) return x.exp().sum(dims, { keepdim }).log()
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

/**
 * `ln Σ e^x` along dimensions.
 * @shape A → () or A without dim
 */
export function logsumexp(
  self: Tensor,
  dim: number | readonly number[] | { dim: number | readonly number[]; keepdim?: boolean },
  options?: boolean | { keepdim?: boolean },
): Tensor {
  const [along, keepdim] = accept<[number | readonly number[], boolean]>(
    'logsumexp(Tensor input, ints dim, bool keepdim=False)',
    self,
    dim,
    options,
  )
  return logsumexpAlong(self, { dims: wrapDims(along, self.sizes.length), keepdim })
}

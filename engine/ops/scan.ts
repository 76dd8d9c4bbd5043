// Running sums and products along a dimension, and its reversal.
import { tracked } from '../autograd/graph'
import { isRecording } from '../autograd/mode'
import { type Recordable, record } from '../autograd/record'
import { allocate, type DType, float32, float64, int64 } from '../dtype'
import { positions, resultStrides } from '../kernels/layout'
import { cast } from '../kernels/map'
import { layoutOf, wrapDim, wrapDims } from '../shape'
import { accept } from '../signature'
import { Storage } from '../storage'
import { Tensor } from '../tensor'
import { stack } from './join'
import { needs, type Op, op1 } from './op'
import { refuseIntegers } from './unsupported'
import { checkedSizes, type SizeArgs } from './view'
import { where } from './where'

/** Elements along `dim` combined from the first on; accumulated in float64, rounded as they are stored. */
function scanned(self: Tensor, dim: number, combine: (total: number, x: number) => number, start: number): Tensor {
  const source = self.dtype.is_floating_point ? self : cast(self, int64)
  const { sizes } = source
  const out = Tensor.zeros(sizes, source.dtype)
  if (sizes.length === 0) {
    out.storage.data[0] = source.storage.data[source.offset]!
    return out
  }
  const others = sizes.with(dim, 1)
  const from = positions(others, source.strides, source.offset)
  const to = positions(others, out.strides, 0)
  for (let i = 0; i < from.length; i++) {
    let total = start
    for (let k = 0; k < sizes[dim]!; k++) {
      total = combine(total, source.storage.data[from[i]! + k * source.strides[dim]!]!)
      out.storage.data[to[i]! + k * out.strides[dim]!] = total
    }
  }
  return out
}

const flipDims: Op<[self: Tensor, args: readonly number[]]> = op1<readonly number[]>({
  gradFn: 'FlipBackward0',
  forward: (self, dims) => {
    const { sizes, strides } = self
    const end = dims.reduce((at, d) => at + (sizes[d]! - 1) * strides[d]!, self.offset)
    const reversed = strides.map((step, d) => (dims.includes(d) ? -step : step))
    const layout = resultStrides(sizes, [strides])
    const from = positions(sizes, reversed, end)
    const to = positions(sizes, layout, 0)
    const out = allocate(self.dtype, from.length)
    for (let i = 0; i < out.length; i++) out[to[i]!] = self.storage.data[from[i]!]!
    return new Tensor(new Storage(out), layoutOf(sizes, layout, self.dtype), 0)
  },
  self: (grad, { args: dims }) => flipDims(grad, dims),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      [1],
    ],
  ],
})

/**
 * A copy with the order along the given dimensions reversed.
 * @shape A → A
 */
export function flip(self: Tensor, ...dims: (number | readonly number[])[]): Tensor {
  const list = checkedSizes('flip', self, dims as SizeArgs, 'dims')
  return flipDims(self, list.length === 0 ? [] : wrapDims(list, self.sizes.length))
}

interface Scan {
  dim: number
  /** The type of what is scanned, and that in which it is reckoned: part of the operation, not another before it. */
  from: DType
  dtype: DType
}

const cumsumAlong: Op<[self: Tensor, args: Scan]> = op1<Scan>({
  gradFn: 'CumsumBackward0',
  forward: (self, { dim, dtype }) => scanned(cast(self, dtype), dim, (total, x) => total + x, 0),
  // Element i is part of every sum from i on: a running sum from the other end.
  self: (grad, { args: { dim, from } }) =>
    (grad.sizes[dim] ?? 1) <= 1 ? grad : grad.to(from).flip(dim).cumsum(dim).flip(dim),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      { dim: 1, from: float64, dtype: float64 },
    ],
  ],
})

/**
 * Running sums along a dimension.
 * @shape A → A
 */
export function cumsum(
  self: Tensor,
  dim: number | { dim: number; dtype?: DType },
  options: { dtype?: DType } = {},
): Tensor {
  return cumsumAlong(self, scanArguments('cumsum', self, dim, options))
}

/** {@link cumsum} in place. */
export function cumsum_(self: Tensor, dim: number | { dim: number }): Tensor {
  return cumsumAlong.inplace(self, scanArguments('cumsum_', self, dim, {}))
}

function scanArguments(name: string, self: Tensor, dim: unknown, options: object): Scan {
  const [along, dtype] = accept<[number, DType | null]>(
    `${name}(Tensor input, int dim, dtype dtype=None)`,
    self,
    dim,
    typeof dim === 'object' ? undefined : options,
  )
  return { dim: wrapDim(along, self.sizes.length), from: self.dtype, dtype: dtype ?? self.dtype }
}

const cumprodAlong: Op<[self: Tensor, args: Scan]> = op1<Scan>({
  gradFn: 'CumprodBackward0',
  // In float64 and rounded when stored, as PyTorch accumulates.
  forward: (self, { dim, dtype }) => {
    const times = self.dtype.is_floating_point ? (a: number, b: number) => a * b : (a: number, b: number) => a * b + 0
    return scanned(cast(self, dtype), dim, times, 1)
  },
  self: needs('self', 'result', (given, { self, result, args: { dim, from } }) => {
    if (self.sizes.length === 0 || self.sizes[dim] === 1) return given
    const grad = given.to(from)
    if (self.ne(0).sum().item() === self.numel()) {
      return result.mul(grad).flip(dim).cumsum(dim).flip(dim).div(self)
    }
    return stack(
      Array.from({ length: self.sizes[dim]! }, (_, k) => withoutFactor(grad, self, dim, k)),
      dim,
    )
  }),
  samples: (t) => [
    [
      t([
        [1, 2, 3],
        [3, 4, -1],
      ]),
      { dim: 1, from: float64, dtype: float64 },
    ],
    [t([2, 0, 3]), { dim: 0, from: float64, dtype: float64 }],
  ],
})

/** The gradient of factor k where dividing by it is not safe: each product from k on, without that factor. */
function withoutFactor(grad: Tensor, self: Tensor, dim: number, k: number): Tensor {
  const later = self.sizes[dim]! - k - 1
  let product = k === 0 ? self.select(dim, 0).mul(0).add(1) : self.narrow(dim, 0, k).prod(dim)
  let total = grad.select(dim, k).mul(product)
  for (let j = k + 1; j <= k + later; j++) {
    product = product.mul(self.select(dim, j))
    total = total.add(grad.select(dim, j).mul(product))
  }
  return total
}

/**
 * Running products along a dimension.
 * @shape A → A
 */
export function cumprod(
  self: Tensor,
  dim: number | { dim: number; dtype?: DType },
  options: { dtype?: DType } = {},
): Tensor {
  return cumprodAlong(self, scanArguments('cumprod', self, dim, options))
}

/** {@link cumprod} in place. */
export function cumprod_(self: Tensor, dim: number | { dim: number }): Tensor {
  return cumprodAlong.inplace(self, scanArguments('cumprod_', self, dim, {}))
}

type Running = [values: Tensor, indices: Tensor]

/** The extreme element so far, and where it was (the last of equals); a nan stays for good. */
function running(gradFn: string, name: string, beats: (x: number, best: number) => boolean) {
  const table: Recordable = {
    gradFn,
    rules: [
      needs<number>('indices', (grad, { indices, selfSizes, args: dim }) =>
        selfSizes.length === 0 ? grad : grad.new_zeros(selfSizes).scatter_add(dim, indices, grad),
      ),
    ],
  }
  return (self: Tensor, dim: number | { dim: number }): Running => {
    const { dim: along } = scanArguments(name, self, dim, {})
    const values = Tensor.zeros(self.sizes, self.dtype)
    const indices = Tensor.zeros(self.sizes, int64)
    const n = self.sizes[along] ?? 1
    const others = self.sizes.length === 0 ? [] : self.sizes.with(along, 1)
    const [from, to] = [positions(others, self.strides, self.offset), positions(others, values.strides, 0)]
    const [step, place] = [self.strides[along] ?? 0, values.strides[along] ?? 0]
    for (let i = 0; i < from.length; i++) {
      let at = 0
      for (let k = 0; k < n; k++) {
        const [x, best] = [self.storage.data[from[i]! + k * step]!, self.storage.data[from[i]! + at * step]!]
        if (Number.isNaN(x) || beats(x, best)) at = k
        values.storage.data[to[i]! + k * place] = self.storage.data[from[i]! + at * step]!
        indices.storage.data[to[i]! + k * place] = at
      }
    }
    if (isRecording() && tracked(self)) record(table, values, along, self, null, null, indices)
    return [values, indices]
  }
}

/**
 * Along a dimension the largest element so far, and where it was: `[values, indices]`.
 * @shape A → (A, A)
 */
export const cummax: (self: Tensor, dim: number | { dim: number }) => Running = running(
  'CummaxBackward0',
  'cummax',
  (x, best) => x >= best,
)

/**
 * Along a dimension the smallest element so far, and where it was: `[values, indices]`.
 * @shape A → (A, A)
 */
export const cummin: (self: Tensor, dim: number | { dim: number }) => Running = running(
  'CumminBackward0',
  'cummin',
  (x, best) => x <= best,
)

const logSums: Op<[self: Tensor, args: number]> = op1<number>({
  gradFn: 'LogcumsumexpBackward0',
  forward: (self, dim) => {
    refuseIntegers(self.dtype, 'logcumsumexp_out_cpu')
    return scanned(
      self,
      dim,
      (total, x) => {
        const most = Math.max(total, x)
        return most === Number.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(Math.min(total, x) - most))
      },
      Number.NEGATIVE_INFINITY,
    )
  },
  // Positive and negative gradients apart, so that their logarithms exist: g_i e^(x_i) Σ_(k≥i) e^(-y_k)
  self: needs('self', 'result', (grad, { self, result, args: dim }) => {
    if (self.sizes.length === 0) return grad
    const logarithm = grad.abs().log()
    const least = self.dtype === float32 ? -3.4028234663852886e38 : -Number.MAX_VALUE
    const part = (chosen: Tensor) =>
      where(chosen, logarithm, least).sub(result).flip(dim).logcumsumexp(dim).flip(dim).add(self).exp()
    return part(grad.gt(0)).sub(part(grad.lt(0)))
  }),
  samples: (t) => [[t([0.5, -1, 2]), 0]],
})

/**
 * `ln Σ e^x` of the elements so far, along a dimension, without overflow.
 * @shape A → A
 */
export function logcumsumexp(self: Tensor, dim: number | { dim: number }): Tensor {
  return logSums(self, scanArguments('logcumsumexp', self, dim, {}).dim)
}

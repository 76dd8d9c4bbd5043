// Variance and standard deviation.
import { requireKeywords, requireNumber, requireTensor } from '../arguments'
import { tracked } from '../autograd/graph'
import { recordOutputs } from '../autograd/lists'
import { isRecording } from '../autograd/mode'
import { allocate } from '../dtype'
import { RuntimeError } from '../errors'
import { numelOf, reducedSizes, type Sizes, wrapDims } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { warn } from '../warnings'
import { inMemoryOrder, requireDims, restoreDims, rows } from './along'
import { needs, type Op, op1 } from './op'

/** Which dimensions (all, if not said), and what is subtracted from their number of elements in the divisor (1, after Bessel). */
export interface VarianceOptions {
  dim?: number | readonly number[] | null
  correction?: number
  unbiased?: boolean
  keepdim?: boolean
}

interface Spread {
  dims: readonly number[]
  correction: number
  keepdim: boolean
}

/**
 * Σ (x - mean)² / (n - correction) of each row, in float64: of all elements in two passes, the mean in their own type; along dimensions
 * in one, with the mean so far (B. P. Welford, 1962).
 */
function variances(self: Tensor, { dims, correction, keepdim }: Spread, finish: (variance: number) => number): Tensor {
  const sizes = reducedSizes(self.sizes, dims, keepdim)
  const isWhole = numelOf(sizes) === 1
  const { data, offset, length, count } = rows(self, isWhole ? inMemoryOrder(self, dims) : dims)
  const out = allocate(self.dtype, count)
  const mean = isWhole ? (self.detach().mean().item() as number) : 0
  for (let i = 0; i < count; i++) {
    const squares = isWhole
      ? squaresAround(mean, data, offset, length)
      : squaresInOnePass(data, offset + i * length, length)
    out[i] = finish(squares / Math.max(length - correction, 0))
  }
  return Tensor.own(out, sizes, self.dtype)
}

function squaresAround(mean: number, data: ArrayLike<number>, start: number, n: number): number {
  let squares = 0
  for (let k = 0; k < n; k++) squares += (data[start + k]! - mean) ** 2
  return squares
}

function squaresInOnePass(data: ArrayLike<number>, start: number, n: number): number {
  let mean = 0
  let squares = 0
  for (let k = 0; k < n; k++) {
    const x = data[start + k]!
    const off = x - mean
    mean += off / (k + 1)
    squares += off * (x - mean)
  }
  return squares
}

/** d var / dx = 2 (x - mean) / (n - correction) */
function varianceBackward(grad: Tensor, self: Tensor, { dims, correction, keepdim }: Spread): Tensor {
  const n = count(self.sizes, dims)
  const wide = restoreDims(grad, self.sizes, dims, keepdim)
  return wide.mul(2 / (n - correction)).mul(self.sub(self.mean(dims, { keepdim: true })))
}

function count(sizes: Sizes, dims: readonly number[]): number {
  return dims.reduce((n, d) => n * sizes[d]!, 1)
}

const variance: Op<[self: Tensor, args: Spread]> = op1<Spread>({
  gradFn: 'VarBackward0',
  forward: (self, spread) => variances(self, spread, (v) => v),
  self: needs('self', (grad, { self, args }) => varianceBackward(grad, self, args)),
  samples: (t) => [
    [
      t([
        [1, 2, 4],
        [0, -1, 5],
      ]),
      { dims: [1], correction: 1, keepdim: false },
    ],
  ],
})

const deviation: Op<[self: Tensor, args: Spread]> = op1<Spread>({
  gradFn: 'StdBackward0',
  forward: (self, spread) => variances(self, spread, Math.sqrt),
  // d√v = dv / 2√v, and 0 where all elements are equal
  self: needs('self', 'result', (grad, { self, result, args }) =>
    varianceBackward(grad.div(result.mul(2)).masked_fill(result.eq(0), 0), self, args),
  ),
  samples: (t) => [
    [
      t([
        [1, 2, 4],
        [0, -1, 5],
      ]),
      { dims: [0, 1], correction: 1, keepdim: true },
    ],
  ],
})

/** @shape A → () or A without dim */
type Variance = (
  self: Tensor,
  dim?: number | readonly number[] | boolean | null | VarianceOptions,
  options?: boolean | VarianceOptions,
) => Tensor

function spreadOf(self: Tensor, name: string, dim: Parameters<Variance>[1], options: Parameters<Variance>[2]): Spread {
  requireTensor(self, name, 'input')
  if (!self.dtype.is_floating_point) {
    throw new RuntimeError('std and var only support floating point and complex dtypes')
  }
  const given: VarianceOptions =
    typeof dim === 'boolean'
      ? { unbiased: dim }
      : typeof dim === 'object' && dim !== null && !Array.isArray(dim)
        ? (dim as VarianceOptions)
        : { dim: dim as number | null, ...(typeof options === 'boolean' ? { unbiased: options } : options) }
  requireKeywords(given, ['dim', 'unbiased', 'correction', 'keepdim'], name)
  requireDims(given.dim, name)
  if (given.correction !== undefined) requireNumber(given.correction, name, 'correction')
  const correction = given.correction ?? (given.unbiased === false ? 0 : 1)
  const dims = wrapDims(given.dim, self.sizes.length)
  if (count(self.sizes, dims) - correction <= 0) {
    warn(
      `${name}(): degrees of freedom is <= 0. Correction should be strictly less than the reduction factor (input numel divided by output numel).`,
    )
  }
  return { dims, correction, keepdim: given.keepdim ?? false }
}

/** Variance, of all elements or along dimensions; divides by n - 1 unless `correction` says otherwise. */
const varianceOf: Variance = (self, dim, options) => variance(self, spreadOf(self, 'var', dim, options))

/** Standard deviation, of all elements or along dimensions; divides by n - 1 unless `correction` says otherwise. */
export const std: Variance = (self, dim, options) => deviation(self, spreadOf(self, 'std', dim, options))

/** The means beside variances: not sum / n but a running mean in float64, as PyTorch takes them (B. P. Welford's), rounded once. */
function means(self: Tensor, { dims, keepdim }: Spread): Tensor {
  const { data, offset, length, count } = rows(self.detach(), dims)
  const out = allocate(self.dtype, count)
  for (let i = 0; i < count; i++) {
    let mean = length === 0 ? Number.NaN : 0
    for (let k = 0; k < length; k++) mean += (data[offset + i * length + k]! - mean) / (k + 1)
    out[i] = mean
  }
  return Tensor.own(out, reducedSizes(self.sizes, dims, keepdim), self.dtype)
}

/** A spread together with the mean, as one operation with two results. */
function withMean(gradFn: string, name: string, finish: (variance: number) => number, isRoot: boolean) {
  return (self: Tensor, dim?: Parameters<Variance>[1], options?: Parameters<Variance>[2]): [Tensor, Tensor] => {
    accept(`${name}(Tensor input)`, self)
    const args = spreadOf(self, name, dim, options)
    const { dims, keepdim } = args
    const results: [Tensor, Tensor] = [variances(self, args, finish), means(self, args)]
    if (!isRecording() || !tracked(self)) return results
    const vjp = ([spread, mean]: Tensor[], x: Tensor) => {
      const n = count(x.sizes, dims)
      const ofMean = restoreDims(mean!, x.sizes, dims, keepdim).expand(x.sizes).div(n)
      if (!isRoot) return varianceBackward(spread!, x, args).add(ofMean)
      const deviations = x.std(dims as number[], { correction: args.correction, keepdim })
      const slope = spread!.div(deviations.mul(2)).masked_fill(deviations.eq(0), 0)
      return varianceBackward(slope, x, args).add(ofMean)
    }
    recordOutputs(gradFn, self, results, vjp, self)
    return results
  }
}

/** @shape A → () or A without dim, twice */
type VarianceAndMean = (
  self: Tensor,
  dim?: Parameters<Variance>[1],
  options?: Parameters<Variance>[2],
) => [spread: Tensor, mean: Tensor]

/** Standard deviation and mean: `[std, mean]`, with the arguments of {@link std}. */
export const std_mean: VarianceAndMean = withMean('StdMeanBackward0', 'std_mean', Math.sqrt, true)

/** Variance and mean: `[var, mean]`, with the arguments of {@link var}. */
export const var_mean: VarianceAndMean = withMean('VarMeanBackward0', 'var_mean', (v) => v, false)

// `var` is a word of the language; it may be the name of an export, not of a variable.
export {
  /** Variance, of all elements or along dimensions; divides by n - 1 unless `correction` says otherwise. */ varianceOf as var,
}

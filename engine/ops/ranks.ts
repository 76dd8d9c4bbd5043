// Elements by their rank: the k-th, quantiles, the commonest.
import { RuntimeError } from '../errors'
import { placeOf } from '../kernels/select'
import { wrapDim } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { distributed, requireElements } from './along'
import { ascending, choosing, order } from './choosing'
import { needs, type Op, op1 } from './op'
import { refuseBool } from './unsupported'
import { where } from './where'

type ValuesAndIndices = [values: Tensor, indices: Tensor]

const choosingRank = choosing('KthvalueBackward0')

/**
 * The `k`-th smallest element along a dimension (the last), and where it is: `[values, indices]`.
 * @shape A → (A without dim, A without dim)
 */
export function kthvalue(
  self: Tensor,
  k: number,
  dim: number | { dim?: number; keepdim?: boolean } = -1,
  keepdim?: boolean | { keepdim?: boolean },
): ValuesAndIndices {
  const [rank, along, keep] = accept<[number, number, boolean]>(
    'kthvalue(Tensor input, int k, int dim=-1, bool keepdim=False)',
    self,
    k,
    dim,
    keepdim,
  )
  const d = wrapDim(along, self.sizes.length)
  requireElements(self, d, 'kthvalue')
  refuseBool(self.dtype, 'kthvalue_cpu')
  if (rank < 1 || rank > (self.sizes[d] ?? 1)) {
    throw new RuntimeError(`kthvalue(): selected number k out of range for dimension ${d}`)
  }
  const place = (line: number[]) => placeOf(line.length, rank - 1, (i, j) => ascending(line[i]!, line[j]!) < 0)
  return choosingRank(self, d, (line) => [place(line)], 1, keep)
}

const choosingCommonest = choosing('ModeBackward0')

/** The value that is there most often; the smallest of several, and the last place where it stands. */
function commonest(line: number[]): number {
  const sorted = order(line, false)
  let [best, length] = [sorted[0]!, 0]
  for (let start = 0; start < sorted.length; ) {
    let end = start
    while (end + 1 < sorted.length && line[sorted[end + 1]!] === line[sorted[start]!]) end++
    if (end - start + 1 > length) {
      length = end - start + 1
      best = Math.max(...sorted.slice(start, end + 1))
    }
    start = end + 1
  }
  return best
}

/**
 * The commonest element along a dimension (the last), and where it is: `[values, indices]`.
 * @shape A → (A without dim, A without dim)
 */
export function mode(
  self: Tensor,
  dim: number | { dim?: number; keepdim?: boolean } = -1,
  keepdim?: boolean | { keepdim?: boolean },
): ValuesAndIndices {
  const [along, keep] = accept<[number, boolean]>(
    'mode(Tensor input, int dim=-1, bool keepdim=False)',
    self,
    dim,
    keepdim,
  )
  requireElements(self, wrapDim(along, self.sizes.length), 'mode')
  return choosingCommonest(self, wrapDim(along, self.sizes.length), (line) => [commonest(line)], 1, keep)
}

/**
 * The elements in ascending order along the first dimension.
 * @shape A → A
 */
export function msort(self: Tensor): Tensor {
  accept('msort(Tensor input)', self)
  return self.sort(0)[0]
}

function middle(line: number[]): number {
  const sorted = order(line, false).filter((k) => !Number.isNaN(line[k]))
  return sorted.length === 0 ? 0 : sorted[Math.floor((sorted.length - 1) / 2)]!
}

const middleOfAll: Op<[self: Tensor]> = op1({
  gradFn: 'NanmedianBackward0',
  forward: (self) => choosingMiddle(self.detach().reshape([-1]), 0, (line) => [middle(line)], 1)[0].view([]),
  self: needs('self', 'result', (grad, { self, result }) => distributed(grad, self, result)),
  samples: (t) => [[t([1, 5, 4])]],
})

const choosingMiddle = choosing('NanmedianBackward1')

/**
 * {@link Tensor.median} of the elements that are not nan.
 * @shape A → () or (A without dim, A without dim)
 */
export function nanmedian(self: Tensor): Tensor
export function nanmedian(
  self: Tensor,
  dim: number | { dim: number; keepdim?: boolean },
  keepdim?: boolean | { keepdim?: boolean },
): ValuesAndIndices
export function nanmedian(self: Tensor, dim?: unknown, keepdim?: unknown): Tensor | ValuesAndIndices {
  const [along, keep] = accept<[number | null, boolean]>(
    'nanmedian(Tensor input, int dim=None, bool keepdim=False)',
    self,
    dim,
    keepdim,
  )
  if (along === null) return middleOfAll(self)
  return choosingMiddle(self, wrapDim(along, self.sizes.length), (line) => [middle(line)], 1, keep)
}

/** How a quantile between two elements is chosen. */
export type Interpolation = 'linear' | 'lower' | 'higher' | 'midpoint' | 'nearest'

/** Which dimension (all elements, if not said), whether it stays as size 1, and what to do between two elements. */
export interface QuantileOptions {
  dim?: number | null
  keepdim?: boolean
  interpolation?: Interpolation
}

type Quantile = (
  self: Tensor,
  q: number | Tensor,
  dim?: number | null | QuantileOptions,
  keepdim?: boolean | QuantileOptions,
  options?: QuantileOptions,
) => Tensor

function quantiles(name: string, ignoresNan: boolean): Quantile {
  const signature = `${name}(Tensor input, Operand q, int dim=None, bool keepdim=False, str interpolation='linear')`
  return (self, q, dim, keepdim, options) => {
    const [, along, keep, interpolation] = accept<[unknown, number | null, boolean, Interpolation]>(
      signature,
      self,
      q,
      dim,
      keepdim,
      options,
    )
    if (!self.dtype.is_floating_point)
      throw new RuntimeError(`${name}() input tensor must be either float or double dtype`)
    const shares = typeof q === 'number' ? self.new_full([], q) : q
    for (const share of shares.reshape([-1]).tolist() as number[]) {
      if (share < 0 || share > 1) {
        throw new RuntimeError(
          typeof q === 'number'
            ? `${name}() q must be in the range [0, 1] but got ${q}`
            : `${name}() q values must be in the range [0, 1]`,
        )
      }
    }
    const d = along === null ? null : wrapDim(along, self.sizes.length)
    const isLast = d === self.sizes.length - 1
    const lines = d === null ? self.flatten() : isLast ? self : self.unsqueeze(-1).transpose(d, -1)
    const size = lines.sizes[lines.sizes.length - 1]!
    const kept = self.sizes.flatMap((n, k) => (d === null || k === d ? (keep ? [1] : []) : [n]))
    const sorted = lines.sort(-1)[0].view([...kept, size])
    const isNan = sorted.detach().isnan()
    // Ranks of nan are at the end: the last one answers for all, or does not count.
    const last = ignoresNan
      ? isNan.logical_not().sum(-1, { keepdim: true }).sub(1).clamp({ min: 0 })
      : isNan.any(-1, true)
    const wanted = shares.reshape([-1])
    const ranks = ignoresNan ? wanted.mul(last.to(self.dtype)) : where(last, size - 1, wanted.mul(size - 1))
    const at = (t: Tensor) => sorted.gather(-1, t.long())
    const values = between(interpolation, ranks, at, name)
    // In place, as PyTorch has it, so that the result is no view.
    if (shares.sizes.length === 0) return values.squeeze_(-1)
    return values.unsqueeze_(0).transpose_(0, -1).squeeze_(-1)
  }
}

function between(interpolation: Interpolation, ranks: Tensor, at: (ranks: Tensor) => Tensor, name: string): Tensor {
  switch (interpolation) {
    case 'lower':
      return at(ranks.floor())
    case 'higher':
      return at(ranks.ceil())
    case 'nearest':
      return at(ranks.round())
    case 'linear':
      return at(ranks.floor()).lerp(at(ranks.ceil()), ranks.sub(ranks.floor()))
    case 'midpoint':
      return at(ranks.floor()).lerp(at(ranks.ceil()), ranks.new_full(ranks.sizes, 0.5))
    default:
      throw new RuntimeError(
        `${name}() interpolation must be one of linear, lower, higher, midpoint or nearest, but got ${interpolation}`,
      )
  }
}

/**
 * The value below which a share `q` (in [0, 1]; one or several) of the elements lies.
 * @shape A → the shape of q, then A without dim
 */
export const quantile: Quantile = quantiles('quantile', false)

/**
 * {@link quantile} of the elements that are not nan.
 * @shape A → the shape of q, then A without dim
 */
export const nanquantile: Quantile = quantiles('nanquantile', true)

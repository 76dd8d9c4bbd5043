// Elements in order: sort, argsort, topk, median.
import { bool } from '../dtype'
import { RuntimeError } from '../errors'
import { firstOf } from '../kernels/select'
import { wrapDim } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { distributed, requireElements } from './along'
import { ascending, choosing, order } from './choosing'
import { needs, type Op, op1 } from './op'
import { refuseBool } from './unsupported'

/** The keywords of {@link sort}. */
export interface SortOptions {
  dim?: number
  descending?: boolean
  stable?: boolean
}

const sorting = choosing('SortBackward0')
const sortingStably = choosing('SortBackward1')
const choosingTop = choosing('TopkBackward0')

function sortArguments(
  self: Tensor,
  dim: number | SortOptions | undefined,
  descending: boolean | SortOptions | undefined,
) {
  const [along, down, stable] = accept<[number, boolean, boolean | null]>(
    'sort(Tensor input, int dim=-1, bool descending=False, bool stable=None)',
    self,
    dim,
    descending,
  )
  return { dim: wrapDim(along, self.sizes.length), descending: down, sorts: stable === null ? sorting : sortingStably }
}

/**
 * The elements along a dimension (the last) in ascending order, and where they were: `[values, indices]`.
 * @shape A → (A, A)
 */
export function sort(
  self: Tensor,
  dim?: number | SortOptions,
  descending?: boolean | SortOptions,
): [values: Tensor, indices: Tensor] {
  const args = sortArguments(self, dim, descending)
  return args.sorts(self, args.dim, (line) => order(line, args.descending), self.sizes[args.dim] ?? 1)
}

/**
 * The indices that would sort the tensor along a dimension.
 * @shape A → A
 */
export function argsort(self: Tensor, dim?: number | SortOptions, descending?: boolean | SortOptions): Tensor {
  accept('argsort(Tensor input, int dim=-1, bool descending=False, bool stable=False)', self, dim, descending)
  return self.detach().sort(dim, descending)[1]
}

/**
 * The `k` largest (or smallest) elements along a dimension, in order, and where they were: `[values, indices]`.
 * @shape A → A with k along dim, twice
 */
export function topk(
  self: Tensor,
  k: number,
  dim: number | { dim?: number; largest?: boolean; sorted?: boolean } = -1,
  largest?: boolean | { largest?: boolean; sorted?: boolean },
  options?: boolean | { sorted?: boolean },
): [values: Tensor, indices: Tensor] {
  const [, along, down, sorted] = accept<[number, number, boolean, boolean]>(
    'topk(Tensor input, int k, int dim=-1, bool largest=True, bool sorted=True)',
    self,
    k,
    dim,
    largest,
    options,
  )
  const d = wrapDim(along, self.sizes.length)
  if (self.dtype === bool) throw new RuntimeError('topk does not support bool dtypes on CPU')
  if (k < 0 || k > (self.sizes[d] ?? 1)) throw new RuntimeError('selected index k out of range')
  const top = (line: number[]) => {
    const before = (i: number, j: number) => ascending(line[i]!, line[j]!) * (down ? -1 : 1) < 0
    return firstOf(line.length, k, before, sorted)
  }
  return choosingTop(self, d, top, k)
}

const middle: Op<[self: Tensor]> = op1({
  gradFn: 'MedianBackward0',
  forward: (self) => {
    refuseBool(self.dtype, 'median_cpu')
    const flat = self.detach().reshape([-1])
    return sorting(flat, 0, (line) => [order(line, false)[Math.floor((line.length - 1) / 2)]!], 1)[0].view([])
  },
  self: needs('self', 'result', (grad, { self, result }) => distributed(grad, self, result)),
  samples: (t) => [
    [
      t([
        [1, 5],
        [4, 3],
      ]),
    ],
  ],
})

const choosingMiddle = choosing('MedianBackward1')

function middleOf(line: number[]): number {
  const nan = line.findIndex(Number.isNaN)
  return nan >= 0 ? nan : order(line, false)[Math.floor((line.length - 1) / 2)]!
}

/**
 * The middle element of all (the lower of two); along a dimension, as an array of values and indices.
 * @shape A → () or (A without dim, A without dim)
 */
export function median(self: Tensor): Tensor
export function median(
  self: Tensor,
  dim: number | { dim: number; keepdim?: boolean },
  keepdim?: boolean | { keepdim?: boolean },
): [values: Tensor, indices: Tensor]
export function median(self: Tensor, dim?: unknown, keepdim?: unknown): Tensor | [Tensor, Tensor] {
  const [along, keep] = accept<[number | null, boolean]>(
    'median(Tensor input, int dim=None, bool keepdim=False)',
    self,
    dim,
    keepdim,
  )
  if (along === null) return middle(self)
  const d = wrapDim(along, self.sizes.length)
  requireElements(self, d, 'median')
  refuseBool(self.dtype, 'median_out')
  return choosingMiddle(self, d, (line) => [middleOf(line)], 1, keep)
}

// Elements in order: sort, argsort, topk, median.
import { tracked } from '../autograd/graph'
import { isRecording } from '../autograd/mode'
import { needs, type Recordable, record } from '../autograd/record'
import { allocate, int64 } from '../dtype'
import { RuntimeError } from '../errors'
import { wrapDim } from '../shape'
import { Tensor } from '../tensor'
import { restoreDims, rows } from './along'
import { type Op, op1 } from './op'
import { where } from './where'

interface Choice {
  dim: number
  keepdim: boolean
}

/** Chooses some indices of a line, in an order; the gradient goes back to where the elements came from. */
function choosing(
  gradFn: string,
): (
  self: Tensor,
  dim: number,
  choose: (line: number[]) => number[],
  length: number,
  keepdim?: boolean,
) => [Tensor, Tensor] {
  const table: Recordable = {
    gradFn,
    rules: [
      needs<Choice>('indices', (grad, { indices, selfSizes, args: { dim, keepdim } }) => {
        if (selfSizes.length === 0) return grad
        const restored = (t: Tensor) => restoreDims(t, selfSizes, [dim], keepdim)
        return grad.new_zeros(selfSizes).scatter(dim, restored(indices), restored(grad))
      }),
    ],
  }
  return (self, dim, choose, length, keepdim = true) => {
    const { data, offset, length: n, count } = rows(self, self.sizes.length === 0 ? [] : [dim])
    const values = allocate(self.dtype, count * length)
    const indices = allocate(int64, count * length)
    for (let i = 0; i < count; i++) {
      const line = Array.from({ length: n }, (_, k) => data[offset + i * n + k]!)
      choose(line).forEach((k, j) => {
        values[i * length + j] = line[k]!
        indices[i * length + j] = k
      })
    }
    // Lines lie side by side; the dimension goes back to its place.
    const kept = self.sizes.toSpliced(dim, 1)
    const place = (t: Tensor) => {
      if (self.sizes.length === 0) return t.reshape([])
      return keepdim ? t.movedim(-1, dim).contiguous() : Tensor.own(t.storage.data, kept, t.dtype)
    }
    const [sorted, where] = [
      place(Tensor.own(values, [...kept, length], self.dtype)),
      place(Tensor.own(indices, [...kept, length], int64)),
    ]
    if (isRecording() && tracked(self)) record(table, sorted, { dim, keepdim }, self, null, null, where)
    return [sorted, where]
  }
}

/** nan is the largest of all. */
function ascending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a - b
}

function order(line: number[], descending: boolean): number[] {
  const indices = line.map((_, k) => k)
  return indices.sort((i, j) => (descending ? ascending(line[j]!, line[i]!) : ascending(line[i]!, line[j]!)))
}

/** The keywords of {@link sort}. */
export interface SortOptions {
  dim?: number
  descending?: boolean
  stable?: boolean
}

const sorting = choosing('SortBackward0')
const choosingTop = choosing('TopkBackward0')

function sortArguments(
  self: Tensor,
  dim: number | SortOptions | undefined,
  descending: boolean | SortOptions | undefined,
) {
  const options = typeof dim === 'object' ? dim : typeof descending === 'object' ? descending : {}
  return {
    dim: wrapDim(typeof dim === 'number' ? dim : (options.dim ?? -1), self.sizes.length),
    descending: typeof descending === 'boolean' ? descending : (options.descending ?? false),
  }
}

/** The elements along a dimension (the last) in ascending order, and where they were: `[values, indices]`. */
export function sort(
  self: Tensor,
  dim?: number | SortOptions,
  descending?: boolean | SortOptions,
): [values: Tensor, indices: Tensor] {
  const args = sortArguments(self, dim, descending)
  return sorting(self, args.dim, (line) => order(line, args.descending), self.sizes[args.dim] ?? 1)
}

/** The indices that would sort the tensor along a dimension. */
export function argsort(self: Tensor, dim?: number | SortOptions, descending?: boolean | SortOptions): Tensor {
  return self.detach().sort(dim, descending)[1]
}

/** The `k` largest (or smallest) elements along a dimension, in order, and where they were: `[values, indices]`. */
export function topk(
  self: Tensor,
  k: number,
  dim: number | { dim?: number; largest?: boolean } = -1,
  largest = true,
): [values: Tensor, indices: Tensor] {
  const options = typeof dim === 'number' ? { dim, largest } : { dim: dim.dim ?? -1, largest: dim.largest ?? true }
  const d = wrapDim(options.dim, self.sizes.length)
  if (k < 0 || k > (self.sizes[d] ?? 1)) throw new RuntimeError('selected index k out of range')
  return choosingTop(self, d, (line) => order(line, options.largest).slice(0, k), k)
}

const middle: Op<[self: Tensor]> = op1({
  gradFn: 'MedianBackward0',
  forward: (self) => {
    const flat = self.detach().reshape([-1])
    return sorting(flat, 0, (line) => [order(line, false)[Math.floor((line.length - 1) / 2)]!], 1)[0].view([])
  },
  self: needs('self', 'result', (grad, { self, result }) => {
    const mask = result.isnan().item() ? self.isnan() : self.eq(result)
    return where(mask, grad.div(mask.sum()), 0)
  }),
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

/** The middle element of all (the lower of two); along a dimension, as an array of values and indices. */
export function median(self: Tensor): Tensor
export function median(self: Tensor, dim: number, options?: { keepdim?: boolean }): [values: Tensor, indices: Tensor]
export function median(
  self: Tensor,
  dim?: number,
  { keepdim = false }: { keepdim?: boolean } = {},
): Tensor | [Tensor, Tensor] {
  if (dim === undefined) return middle(self)
  return choosingMiddle(self, wrapDim(dim, self.sizes.length), (line) => [middleOf(line)], 1, keepdim)
}

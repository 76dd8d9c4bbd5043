// Elements in order: sort, argsort, topk, median.
import { tracked } from '../autograd/graph'
import { isRecording } from '../autograd/mode'
import { needs, type Recordable, record } from '../autograd/record'
import { allocate, int64 } from '../dtype'
import { RuntimeError } from '../errors'
import { wrapDim } from '../shape'
import { Tensor } from '../tensor'
import { rows } from './along'
import { type Op, op1 } from './op'
import { where } from './where'

/** Chooses some indices of a line, in an order; the gradient goes back to where the elements came from. */
function choosing(
  gradFn: string,
): (self: Tensor, dim: number, choose: (line: number[]) => number[], length: number) => [Tensor, Tensor] {
  const table: Recordable = {
    gradFn,
    rules: [
      needs<number>('indices', (grad, { indices, selfSizes, args: dim }) =>
        selfSizes.length === 0 ? grad : grad.new_zeros(selfSizes).scatter(dim, indices, grad),
      ),
    ],
  }
  return (self, dim, choose, length) => {
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
    const place = (t: Tensor) => (self.sizes.length === 0 ? t.reshape([]) : t.movedim(-1, dim).contiguous())
    const [sorted, where] = [
      place(Tensor.own(values, [...kept, length], self.dtype)),
      place(Tensor.own(indices, [...kept, length], int64)),
    ]
    if (isRecording() && tracked(self)) record(table, sorted, dim, self, null, null, where)
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

/** The middle element of all (the lower of two). */
export function median(self: Tensor): Tensor {
  return middle(self)
}

// scatter_reduce: elements that meet in one place are added, multiplied, averaged, or the extreme one wins.
import { RuntimeError } from '../errors'
import { positions } from '../kernels/layout'
import { wrapDim } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { integers } from './integers'
import { needs, type Op, op2 } from './op'
import { checkScattered, places } from './places'
import { where } from './where'

/** What becomes of elements that meet in one place. */
export type ScatterReduction = 'sum' | 'prod' | 'mean' | 'amax' | 'amin'

interface Meeting {
  dim: number
  index: Tensor
  reduce: ScatterReduction
  include_self: boolean
}

const combine: Record<ScatterReduction, (a: number, b: number) => number> = {
  sum: (a, b) => a + b,
  mean: (a, b) => a + b,
  prod: (a, b) => a * b,
  amax: Math.max,
  amin: Math.min,
}

/** How many elements meet in each place, `self` counted if it is included. */
function countOf(self: Tensor, { dim, index, include_self }: Meeting): Tensor {
  const start = include_self ? self.new_ones(self.sizes) : self.new_zeros(self.sizes)
  const count = start.scatter_add(dim, index, self.new_ones(index.sizes))
  return count.masked_fill(count.eq(0), 1)
}

const meeting: Op<[self: Tensor, other: Tensor, args: Meeting]> = op2<Tensor, Meeting>({
  gradFn: 'ScatterReduceBackward0',
  order: [0, 1],
  forward: (self, src, args) => {
    const out = self.detach().contiguous().clone()
    const { data } = out.storage
    const at = places(self.sizes, args, out.strides, out.offset)
    const from = positions(args.index.sizes, src.strides, src.offset)
    const met = new Set<number>()
    for (let i = 0; i < at.length; i++) {
      const k = at[i]!
      const value = src.storage.data[from[i]!]!
      data[k] = args.include_self || met.has(k) ? combine[args.reduce](data[k]!, value) : value
      met.add(k)
    }
    return args.reduce === 'mean' ? out.div(countOf(self.detach(), args)) : out
  },
  self: needs('self', 'other', 'result', (grad, { self, other: src, result, args }) => {
    const { dim, index, reduce, include_self } = args
    if (!include_self) return grad.scatter(dim, index, 0)
    if (reduce === 'sum') return grad
    if (reduce === 'mean') return grad.div(countOf(self, args))
    if (reduce === 'prod') {
      // A zero is taken out of its product, so as not to divide by it.
      const divisor = self.masked_fill(self.eq(0), 1)
      return grad.mul(divisor.scatter_reduce(dim, index, src, 'prod')).div(divisor)
    }
    const [isSelf] = winners(self, src, result, args)
    return isSelf.mul(grad.div(shareOf(self, src, result, args)))
  }),
  other: needs('self', 'other', 'result', (grad, { self, other: src, result, args }) => {
    const { dim, index, reduce, include_self } = args
    const at = (t: Tensor) => t.gather(dim, index)
    if (reduce === 'sum') return at(grad)
    if (reduce === 'mean') return at(grad).div(at(countOf(self, args)))
    if (reduce === 'prod') {
      const isZero = src.detach().eq(0)
      const zeros = at(self.new_zeros(self.sizes).scatter_add(dim, index, isZero.to(self.dtype)))
      // The only zero of its product: the others, of which the product without it is made.
      const alone = isZero.logical_and(zeros.eq(1))
      const others = self.scatter_reduce(dim, index, src.masked_fill(alone, 1), 'prod', { include_self })
      const divided = at(grad.mul(result)).div(src.masked_fill(isZero, 1))
      return where(alone, at(grad.mul(others)), divided)
    }
    const [, isSource] = winners(self, src, result, args)
    return isSource.mul(at(grad.div(shareOf(self, src, result, args))))
  }),
  samples: (t) => [
    [t([1, 2, 3]), t([7, 8, -1]), { dim: 0, index: integers([2, 0, 2]), reduce: 'prod', include_self: true }],
    [t([1, 2, 3]), t([7, 8, -1]), { dim: 0, index: integers([2, 0, 2]), reduce: 'amax', include_self: true }],
  ],
})

/** Which elements of `self`, and which of `src`, are the extreme ones of their places. */
function winners(self: Tensor, src: Tensor, result: Tensor, { dim, index }: Meeting): [Tensor, Tensor] {
  return [self.eq(result).to(self.dtype), src.eq(result.gather(dim, index)).to(self.dtype)]
}

/** Among how many the gradient of each place is shared. */
function shareOf(self: Tensor, src: Tensor, result: Tensor, args: Meeting): Tensor {
  const [isSelf, isSource] = winners(self, src, result, args)
  return isSelf.scatter_add(args.dim, args.index, isSource)
}

/**
 * A copy of `self` with elements of `src` brought to where `index` says; those that meet in one place are reduced, together
 * with what `self` has there unless `include_self` is false.
 * @shape A, B → A
 */
export function scatter_reduce(
  self: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor,
  reduce: ScatterReduction,
  options: { include_self?: boolean } = {},
): Tensor {
  const [, , , , include_self] = accept<[number, Tensor, Tensor, string, boolean]>(
    'scatter_reduce(Tensor input, int dim, Tensor index, Tensor src, str reduce, bool include_self=True)',
    self,
    dim,
    index,
    src,
    reduce,
    options,
  )
  if (!(reduce in combine)) {
    throw new RuntimeError(`reduce argument must be either sum, prod, mean, amax or amin, got ${reduce}.`)
  }
  const along = wrapDim(dim, self.sizes.length)
  checkScattered(self, { dim: along, index }, src)
  return meeting(self, src, { dim: along, index, reduce, include_self })
}

// Sums, means and products, over all dimensions or some of them.
import { isRecording } from '../autograd/mode'
import { int64 } from '../dtype'
import { map2 } from '../kernels/map'
import { productRange } from '../kernels/product'
import { sumDims, sumRange } from '../kernels/sum'
import { isContiguous, numelOf, reducedSizes, type Sizes } from '../shape'
import { Tensor } from '../tensor'
import {
  type Along,
  everything,
  inMemoryOrder,
  parseReduce,
  type Reduce,
  reduceRows,
  requireFloating,
  restoreDims,
  spread,
} from './along'
import { cat } from './join'
import { needs, op1 } from './op'

/** Sums in PyTorch's order of additions (kernels/sum.ts); integers and booleans sum to int64. */
function sumOver(self: Tensor, along: Along): Tensor {
  if (!self.dtype.is_floating_point) {
    return reduceRows(self, along, int64, (data, start, n) => {
      let total = 0
      for (let i = 0; i < n; i++) total += data[start + i]!
      return total
    })
  }
  const out = Tensor.zeros(reducedSizes(self.sizes, along.dims, along.keepdim), self.dtype)
  const isReduced = self.sizes.map((_, d) => along.dims.includes(d))
  const data = self.storage.data as Float32Array | Float64Array
  sumDims(data, self.offset, self.sizes, self.strides, isReduced, out.storage.data as Float32Array | Float64Array)
  return out
}

const sumAll = op1({
  gradFn: 'SumBackward0',
  forward: (self) => {
    if (!self.dtype.is_floating_point || !isContiguous(self.sizes, self.strides)) return sumOver(self, everything(self))
    return Tensor.scalar(sumRange(self.storage.data as Float32Array, self.offset, numelOf(self.sizes)), self.dtype)
  },
  self: (grad, { selfSizes }) => grad.expand(selfSizes),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
    ],
  ],
})

const sumAlong = op1<Along>({
  gradFn: 'SumBackward1',
  forward: sumOver,
  self: (grad, { selfSizes, args }) => spread(grad, selfSizes, args),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      { dims: [0], keepdim: false },
    ],
  ],
})

/** The sum of all elements, or along dimensions. */
export const sum: Reduce = (self, dim, keepdim) => {
  const { along, dtype } = parseReduce(self, dim, keepdim, 'sum')
  const x = dtype ? self.to(dtype) : self
  return along === null ? sumAll(x) : sumAlong(x, along)
}

function countOf(sizes: Sizes, dims: readonly number[]): number {
  return numelOf(dims.map((d) => sizes[d]!))
}

const meanAll = op1({
  gradFn: 'MeanBackward0',
  forward: (self) => map2(sumAll(self.detach()), numelOf(self.sizes), (s, n) => s / n),
  self: (grad, { selfSizes }) => grad.expand(selfSizes).div(numelOf(selfSizes)),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
    ],
  ],
})

const meanAlong = op1<Along>({
  gradFn: 'MeanBackward1',
  forward: (self, along) => map2(sumOver(self, along), countOf(self.sizes, along.dims), (s, n) => s / n),
  self: (grad, { selfSizes, args }) => spread(grad, selfSizes, args).div(countOf(selfSizes, args.dims)),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      { dims: [0], keepdim: true },
    ],
  ],
})

/** The mean of all elements, or along dimensions. */
export const mean: Reduce = (self, dim, keepdim) => {
  const { along, dtype } = parseReduce(self, dim, keepdim, 'mean')
  const x = dtype ? self.to(dtype) : self
  requireFloating(x, 'mean')
  return along === null ? meanAll(x) : meanAlong(x, along)
}

const prodAll = op1({
  gradFn: 'ProdBackward0',
  forward: (self) => productOver(self, everything(self)),
  self: needs('self', 'result', (grad, { self, result }) => {
    const zeros = countZeros(self)
    if (zeros === 0) return grad.mul(result.div(self))
    // Whatever the gradient is, even nan.
    if (zeros > 1 && !isRecording()) return self.new_zeros(self.sizes)
    const flat = self.contiguous().view(-1)
    return grad.mul(productOfOthers(flat, 0)).view(self.sizes)
  }),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
    ],
    [t([1, 0, 3])],
  ],
})

const prodAlong = op1<Along>({
  gradFn: 'ProdBackward1',
  forward: (self, along) => productOver(self, along),
  self: needs('self', 'result', (grad, { self, result, args: { dims, keepdim } }) => {
    if (self.sizes.length === 0) return grad
    const wide = restoreDims(grad, self.sizes, dims, keepdim)
    if (countZeros(self) === 0) return wide.mul(restoreDims(result, self.sizes, dims, keepdim).div(self))
    return wide.mul(productOfOthers(self, dims[0]!))
  }),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 0],
      ]),
      { dims: [0], keepdim: false },
    ],
  ],
})

function countZeros(self: Tensor): number {
  return self.detach().eq(0).sum().item() as number
}

/** For each element the product of the others along `dim`: (elements before) · (elements after). Safe where some are 0. */
function productOfOthers(self: Tensor, dim: number): Tensor {
  const size = self.sizes[dim]!
  if (size === 1) return self.new_ones(self.sizes)
  const ones = self.new_ones(self.sizes.with(dim, 1))
  const before = cat([ones, self.narrow(dim, 0, size - 1)], dim).cumprod(dim)
  const after = cat([ones, self.narrow(dim, 1, size - 1).flip(dim)], dim)
    .cumprod(dim)
    .flip(dim)
  return before.mul(after)
}

/** Products in PyTorch's order: from 32 neighbours on four vectors of eight side by side (of four in float64), else in turn. */
function productOver(self: Tensor, { dims: given, keepdim }: Along): Tensor {
  const dims = inMemoryOrder(self, given)
  const inVectors = isContiguous(
    dims.map((d) => self.sizes[d]!),
    dims.map((d) => self.strides[d]!),
  )
  const dtype = self.dtype.is_floating_point ? self.dtype : int64
  return reduceRows(self, { dims, keepdim }, dtype, (data, start, n) => productRange(data, start, n, dtype, inVectors))
}

/** The product of all elements, or along one dimension. */
export const prod: Reduce = (self, dim, keepdim) => {
  const { along, dtype } = parseReduce(self, dim, keepdim, 'prod')
  const x = dtype ? self.to(dtype) : self
  return along === null ? prodAll(x) : prodAlong(x, along)
}

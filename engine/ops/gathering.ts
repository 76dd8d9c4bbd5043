// Elements by a tensor of their places along one dimension: gather, scatter, scatter_add.
import { allocate, int64 } from '../dtype'
import { RuntimeError } from '../errors'
import { positions } from '../kernels/layout'
import { rowMajor } from '../kernels/map'
import { numelOf, type Sizes, wrapDim } from '../shape'
import { Tensor } from '../tensor'
import { type Op, op1, op2 } from './op'

interface GatherArgs {
  dim: number
  index: Tensor
}

/** Positions in a row-major tensor of `sizes` of `index`'s entries along `dim`. */
function places(sizes: Sizes, { dim, index }: GatherArgs, strides: Sizes, offset: number): Int32Array {
  const { data, offset: start } = rowMajor(index)
  const at = positions(
    index.sizes,
    strides.map((s, d) => (d === dim ? 0 : s)),
    offset,
  )
  const size = sizes[dim] ?? 1
  const step = strides[dim] ?? 0
  for (let i = 0; i < at.length; i++) {
    const k = data[start + i]!
    if (k < 0 || k >= size) throw new RuntimeError(`index ${k} is out of bounds for dimension ${dim} with size ${size}`)
    at[i]! += k * step
  }
  return at
}

const gatherFrom: Op<[self: Tensor, args: GatherArgs]> = op1<GatherArgs>({
  gradFn: 'GatherBackward0',
  forward: (self, args) => {
    const { data } = self.storage
    const at = places(self.sizes, args, self.strides, self.offset)
    const out = allocate(self.dtype, at.length)
    for (let i = 0; i < at.length; i++) out[i] = data[at[i]!]!
    return Tensor.own(out, args.index.sizes, self.dtype)
  },
  self: (grad, { selfSizes, args: { dim, index } }) => grad.new_zeros(selfSizes).scatter_add(dim, index, grad),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      {
        dim: 1,
        index: integers([
          [0, 0],
          [1, 0],
        ]),
      },
    ],
  ],
})

function integers(rows: readonly (readonly number[])[]): Tensor {
  return Tensor.own(Float64Array.from(rows.flat()), [rows.length, rows[0]!.length], int64)
}

/** `out[i][j] = self[index[i][j]][j]` for dimension 0, and so on: one element for each of `index`, which has the result's shape. */
export function gather(self: Tensor, dim: number, index: Tensor): Tensor {
  checkIndex(index, 'gather')
  if (index.sizes.length !== self.sizes.length) {
    throw new RuntimeError('Index tensor must have the same number of dimensions as input tensor')
  }
  if (self.sizes.length === 0 && index.sizes.length === 0) return gatherFrom(self, { dim: 0, index })
  return gatherFrom(self, { dim: wrapDim(dim, self.sizes.length), index })
}

function checkIndex(index: Tensor, name: string): void {
  if (index.dtype !== int64) throw new RuntimeError(`${name}(): Expected dtype int64 for index`)
}

function scattered(
  self: Tensor,
  source: Tensor,
  args: GatherArgs,
  put: (old: number, added: number) => number,
): Tensor {
  const out = Tensor.own(rowMajor(self).data.slice(), self.sizes, self.dtype)
  const { data, offset } = rowMajor(self)
  out.storage.data.set(data.subarray(offset, offset + numelOf(self.sizes)))
  const at = places(self.sizes, args, out.strides, 0)
  const from = positions(args.index.sizes, source.strides, source.offset)
  for (let i = 0; i < at.length; i++) {
    out.storage.data[at[i]!] = put(out.storage.data[at[i]!]!, source.storage.data[from[i]!]!)
  }
  return out
}

const scatterInto = op2<Tensor, GatherArgs>({
  gradFn: 'ScatterBackward0',
  forward: (self, source, args) => scattered(self, source, args, (_, added) => added),
  self: (grad, { args: { dim, index } }) => grad.scatter(dim, index, grad.new_zeros(index.sizes)),
  other: (grad, { args: { dim, index } }) => grad.gather(dim, index),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      t([[5, 6]]),
      { dim: 0, index: integers([[1, 0]]) },
    ],
  ],
})

/** A copy of `self` with elements of `source` put where `index` says: the inverse of {@link gather}. */
export function scatter(self: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  checkIndex(index, 'scatter')
  return scatterInto(self, source, { dim: wrapDim(dim, self.sizes.length), index })
}

const scatterAddInto = op2<Tensor, GatherArgs>({
  gradFn: 'ScatterAddBackward0',
  forward: (self, source, args) => scattered(self, source, args, (old, added) => old + added),
  self: (grad) => grad,
  other: (grad, { args: { dim, index } }) => grad.gather(dim, index),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      t([
        [5, 6],
        [7, 8],
      ]),
      {
        dim: 1,
        index: integers([
          [1, 1],
          [0, 1],
        ]),
      },
    ],
  ],
})

/** {@link scatter} that adds to what is there, so that repeated indices add up. */
export function scatter_add(self: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  checkIndex(index, 'scatter_add')
  return scatterAddInto(self, source, { dim: wrapDim(dim, self.sizes.length), index })
}

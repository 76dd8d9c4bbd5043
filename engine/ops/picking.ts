// Elements picked by lists of indices or masks, and repeated.
import { allocate, bool, int64 } from '../dtype'
import { IndexError, RuntimeError } from '../errors'
import { positions } from '../kernels/layout'
import { rowMajor } from '../kernels/map'
import { rounding } from '../kernels/precision'
import { broadcastSizes, contiguousStrides, numelOf, type Sizes, wrapDim } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { integers } from './integers'
import { cat } from './join'
import { needs, type Op, op1, op2 } from './op'
import { checkedSizes, type SizeArgs } from './view'

interface Along {
  dim: number
  index: Tensor
}

function linesOf(
  index: Tensor,
  size: number,
  name: string,
  outside: (k: number, size: number) => Error = outOfRange,
): number[] {
  if (index.dtype.category !== 1) throw new RuntimeError(`${name}(): Expected dtype int32 or int64 for index`)
  if (index.sizes.length > 1) throw new IndexError(`${name}(): Index is supposed to be a vector`)
  const { data, offset } = rowMajor(index)
  return Array.from({ length: numelOf(index.sizes) }, (_, i) => {
    const k = data[offset + i]!
    if (k < 0 || k >= size) throw outside(k, size)
    return k
  })
}

function outOfRange(): Error {
  return new IndexError('index out of range in self')
}

/** The words of the loop that PyTorch has for the second dimension, and for tensors without elements. */
function outOfBounds(k: number, size: number): Error {
  return new RuntimeError(
    size === 0
      ? 'index_select(): self indexing axis dim should be positive'
      : `INDICES element is out of DATA bounds, id=${k} axis_dim=${size}`,
  )
}

const selectLines: Op<[self: Tensor, args: Along]> = op1<Along>({
  gradFn: 'IndexSelectBackward0',
  forward: (self, { dim, index }) => {
    const { sizes, strides, offset, dtype } = self
    const isBounded = sizes.length > 1 && (dim === 1 || numelOf(sizes) === 0)
    const lines = linesOf(index, sizes[dim] ?? 1, 'index_select', isBounded ? outOfBounds : outOfRange)
    if (sizes.length === 0 && lines.length > 1) {
      throw new RuntimeError(`index_select(): Index to scalar can have only 1 value, got ${lines.length} value(s)`)
    }
    const out = Tensor.zeros(sizes.length === 0 ? [] : sizes.with(dim, lines.length), dtype)
    const others = sizes.length === 0 ? [] : sizes.with(dim, 1)
    const from = positions(others, strides, offset)
    const to = positions(others, out.strides, 0)
    lines.forEach((line, k) => {
      for (let i = 0; i < from.length; i++) {
        out.storage.data[to[i]! + k * (out.strides[dim] ?? 0)] =
          self.storage.data[from[i]! + line * (strides[dim] ?? 0)]!
      }
    })
    return out
  },
  self: (grad, { selfSizes, args: { dim, index } }) => grad.new_zeros(selfSizes).index_add(dim, index, grad),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      { dim: 1, index: integers([1, 1, 0]) },
    ],
  ],
})

/**
 * The lines of a dimension whose numbers are listed, in that order.
 * @shape A, (k) → A with k along dim
 */
export function index_select(self: Tensor, dim: number, index: Tensor): Tensor {
  accept('index_select(Tensor input, int dim, Tensor index)', self, dim, index)
  return selectLines(self, { dim: wrapDim(dim, self.sizes.length), index })
}

const addLines: Op<[self: Tensor, other: Tensor, args: Along & { alpha: number }]> = op2<
  Tensor,
  Along & { alpha: number }
>({
  gradFn: 'IndexAddBackward0',
  order: [0, 1],
  forward: (self, source, { dim, index, alpha }) => {
    const { data, offset } = rowMajor(self)
    const out = Tensor.own(data.slice(offset, offset + numelOf(self.sizes)), self.sizes, self.dtype)
    const lines = linesOf(index, self.sizes[dim] ?? 1, 'index_add')
    const round = rounding(self)
    const others = source.sizes.length === 0 ? [] : source.sizes.with(dim, 1)
    const from = positions(others, source.strides, source.offset)
    const to = positions(others, out.strides, 0)
    lines.forEach((line, k) => {
      for (let i = 0; i < from.length; i++) {
        const at = to[i]! + line * (out.strides[dim] ?? 0)
        const added = source.storage.data[from[i]! + k * (source.strides[dim] ?? 0)]!
        out.storage.data[at] = out.storage.data[at]! + (alpha === 1 ? added : round(alpha * added))
      }
    })
    return out
  },
  self: (grad) => grad,
  other: (grad, { args: { dim, index, alpha } }) =>
    alpha === 1 ? grad.index_select(dim, index) : grad.index_select(dim, index).mul(alpha),
  samples: (t) => [[t([1, 2, 3]), t([4, 5]), { dim: 0, index: integers([2, 2]), alpha: 0.5 }]],
})

/**
 * The lines of `source`, times `alpha`, added to the lines of `self` whose numbers are listed.
 * @shape A → A
 */
export function index_add(
  self: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  options: { alpha?: number } = {},
): Tensor {
  return addLines(self, source, addition('index_add', self, dim, index, source, options))
}

/** {@link index_add} in place. */
export function index_add_(
  self: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  options: { alpha?: number } = {},
): Tensor {
  return addLines.inplace(self, source, addition('index_add_', self, dim, index, source, options))
}

function addition(name: string, self: Tensor, dim: number, index: Tensor, source: Tensor, options: { alpha?: number }) {
  const [, , , alpha] = accept<[number, Tensor, Tensor, number]>(
    `${name}(Tensor input, int dim, Tensor index, Tensor source, float alpha=1)`,
    self,
    dim,
    index,
    source,
    options,
  )
  const d = wrapDim(dim, self.sizes.length)
  const [n, given] = [numelOf(index.sizes), source.sizes[d] ?? 1]
  if (source.dtype !== self.dtype) {
    throw new RuntimeError(
      `index_add_(): self (${self.dtype.legacyName}) and source (${source.dtype.legacyName}) must have the same scalar type`,
    )
  }
  if (n !== given) {
    throw new RuntimeError(
      `index_add_(): Number of indices (${n}) should be equal to source.size(dim): (${given}), for dim: ${d}`,
    )
  }
  return { dim: d, index, alpha }
}

/** Numbers of elements in a flattened tensor of `n`; negative ones count from the end. */
function flatPlaces(index: Tensor, n: number): number[] {
  const { data, offset } = rowMajor(index)
  return Array.from({ length: numelOf(index.sizes) }, (_, i) => {
    const k = data[offset + i]!
    if (k < -n || k >= n) throw new IndexError(`out of range: tried to access index ${k} on a tensor of ${n} elements.`)
    return k < 0 ? k + n : k
  })
}

const takeFlat = op1<Tensor>({
  gradFn: 'TakeBackward0',
  forward: (self, index) => {
    const { data, offset } = rowMajor(self)
    const out = allocate(self.dtype, numelOf(index.sizes))
    flatPlaces(index, numelOf(self.sizes)).forEach((k, i) => {
      out[i] = data[offset + k]!
    })
    return Tensor.own(out, index.sizes, self.dtype)
  },
  self: (grad, { selfSizes, args: index }) => grad.new_zeros(selfSizes).put(index, grad, true),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      integers([3, 0, 3]),
    ],
  ],
})

/**
 * Elements by their numbers in the flattened tensor.
 * @shape A, B → B
 */
export function take(self: Tensor, index: Tensor): Tensor {
  accept('take(Tensor input, Tensor index)', self, index)
  return takeFlat(self, index)
}

const putFlat: Op<[self: Tensor, other: Tensor, args: { index: Tensor; accumulate: boolean }]> = op2<
  Tensor,
  { index: Tensor; accumulate: boolean }
>({
  gradFn: 'PutBackward0',
  order: [0, 1],
  forward: (self, source, { index, accumulate }) => {
    const { data, offset } = rowMajor(self)
    const n = numelOf(self.sizes)
    const out = Tensor.own(data.slice(offset, offset + n), self.sizes, self.dtype)
    const { data: from, offset: start } = rowMajor(source)
    flatPlaces(index, n).forEach((k, i) => {
      out.storage.data[k] = (accumulate ? out.storage.data[k]! : 0) + from[start + i]!
    })
    return out
  },
  self: (grad, { args: { index, accumulate } }) =>
    accumulate ? grad : putFlat(grad, grad.new_zeros(index.sizes), { index, accumulate }),
  other: needs('other', (grad, { other: source, args: { index } }) => grad.take(index).reshape_as(source)),
  samples: (t) => [
    [t([[1, 2, 3]]), t([4, 5]), { index: integers([2, 0]), accumulate: false }],
    [t([[1, 2, 3]]), t([4, 5]), { index: integers([2, 2]), accumulate: true }],
  ],
})

function putting(name: string, self: Tensor, index: Tensor, source: Tensor, accumulate: PutOption) {
  const [, , adds] = accept<[Tensor, Tensor, boolean]>(
    `${name}(Tensor input, Tensor index, Tensor source, bool accumulate=False)`,
    self,
    index,
    source,
    accumulate,
  )
  if (index.dtype !== int64) {
    throw new RuntimeError(`put_(): Expected a long tensor for index, but got ${index.dtype.legacyName}`)
  }
  if (self.dtype !== source.dtype) {
    throw new RuntimeError(
      `put_(): self and source expected to have the same dtype, but got self.dtype = ${self.dtype.legacyName} and source.dtype = ${source.dtype.legacyName}`,
    )
  }
  const [given, wanted] = [numelOf(source.sizes), numelOf(index.sizes)]
  if (given !== wanted) {
    throw new IndexError(
      `put_(): Expected source and index to have the same number of elements, but got source.numel() = ${given}, index.numel() = ${wanted}`,
    )
  }
  if (numelOf(self.sizes) === 0 && wanted > 0) {
    throw new IndexError('put_(): Tried to put elements into an empty tensor')
  }
  return { index, accumulate: adds }
}

type PutOption = boolean | { accumulate?: boolean }

/**
 * Elements written into the places whose numbers in the flattened tensor are listed, or added there.
 * @shape A, B, B → A
 */
export function put(self: Tensor, index: Tensor, source: Tensor, accumulate: PutOption = false): Tensor {
  return putFlat(self, source, putting('put', self, index, source, accumulate))
}

/** {@link put} in place. */
export function put_(self: Tensor, index: Tensor, source: Tensor, accumulate: PutOption = false): Tensor {
  return putFlat.inplace(self, source, putting('put_', self, index, source, accumulate))
}

const repeated: Op<[self: Tensor, args: Sizes]> = op1<Sizes>({
  gradFn: 'RepeatBackward0',
  forward: (self, repeats) => {
    const lead = repeats.length - self.sizes.length
    const padded = [...Array<number>(lead).fill(1), ...self.sizes]
    const strides = [...Array<number>(lead).fill(0), ...self.strides]
    // Every dimension as two: which copy, and where in it.
    const from = positions(
      padded.flatMap((size, d) => [repeats[d]!, size]),
      strides.flatMap((step) => [0, step]),
      self.offset,
    )
    const out = allocate(self.dtype, from.length)
    for (let i = 0; i < out.length; i++) out[i] = self.storage.data[from[i]!]!
    return Tensor.own(
      out,
      padded.map((size, d) => size * repeats[d]!),
      self.dtype,
    )
  },
  self: (grad, { selfSizes, args: repeats }) => {
    const lead = repeats.length - selfSizes.length
    // Two dimensions for one that was repeated: which copy, and where in it.
    const copies: number[] = []
    const sizes: number[] = []
    repeats.forEach((n, d) => {
      if (d < lead || n !== 1) copies.push(sizes.push(n) - 1)
      if (d >= lead) sizes.push(selfSizes[d - lead]!)
    })
    const apart = grad.reshape(sizes)
    return copies.length === 0 ? apart : apart.sum(copies)
  },
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      [2, 1, 3],
    ],
  ],
})

/**
 * Copies of the tensor side by side: so many along each dimension, new dimensions in front.
 * @shape A → A times repeats, size by size
 */
export function repeat(self: Tensor, ...repeats: SizeArgs): Tensor {
  const counts = checkedSizes('repeat', self, repeats, 'repeats')
  if (counts.length < self.sizes.length) {
    throw new RuntimeError('Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor')
  }
  return repeated(self, counts)
}

/**
 * Where the tensor is not 0: one row of indices for each such element; `as_tuple`: one vector for each dimension.
 * @shape A → (k, dimensions)
 */
export function nonzero(self: Tensor, options?: { as_tuple?: false }): Tensor
export function nonzero(self: Tensor, options: { as_tuple: true }): Tensor[]
export function nonzero(self: Tensor, options: { as_tuple?: boolean } = {}): Tensor | Tensor[] {
  const [as_tuple] = accept<[boolean]>('nonzero(Tensor input, bool as_tuple=False)', self, options)
  const rows = places(self)
  return as_tuple ? rows.unbind(1) : rows
}

/**
 * Where the tensor is not 0: one row of indices for each such element.
 * @shape A → (k, dimensions)
 */
export function argwhere(self: Tensor): Tensor {
  accept('argwhere(Tensor input)', self)
  return places(self)
}

function places(self: Tensor): Tensor {
  const { data, offset } = rowMajor(self)
  const strides = contiguousStrides(self.sizes)
  const rows: number[] = []
  let count = 0
  for (let i = 0; i < numelOf(self.sizes); i++) {
    if (data[offset + i] === 0) continue
    count++
    self.sizes.forEach((size, d) => {
      rows.push(Math.floor(i / strides[d]!) % size)
    })
  }
  return Tensor.own(Float64Array.from(rows), [count, self.sizes.length], int64)
}

const selected: Op<[self: Tensor, args: Tensor]> = op1<Tensor>({
  gradFn: 'MaskedSelectBackward0',
  forward: (self, mask) =>
    self
      .detach()
      .expand(broadcastSizes(self.sizes, mask.sizes))
      .index([mask.expand(broadcastSizes(self.sizes, mask.sizes))]),
  self: (grad, { selfSizes, args: mask }) => {
    const sizes = broadcastSizes(selfSizes, mask.sizes)
    return grad.new_zeros(sizes).index_put_([mask.expand(sizes)], grad)
  },
  samples: (t) => [[t([1, -2, 3]), t([1, -2, 3]).detach().gt(0)]],
})

/**
 * The elements where `mask` is true, in one dimension.
 * @shape A, B → (k)
 */
export function masked_select(self: Tensor, mask: Tensor): Tensor {
  accept('masked_select(Tensor input, Tensor mask)', self, mask)
  if (mask.dtype !== bool) {
    throw new RuntimeError('masked_select: expected BoolTensor for mask')
  }
  return selected(self, mask)
}

interface Roll {
  shifts: readonly number[]
  dims: readonly number[]
}

const rolled: Op<[self: Tensor, args: Roll]> = op1<Roll>({
  gradFn: 'RollBackward0',
  forward: (self, { shifts, dims }) => {
    if (dims.length === 0) return rollAlong(self.detach().reshape([-1]), shifts[0]!, 0).view(self.sizes)
    return dims.reduce((out, dim, k) => rollAlong(out, shifts[k]!, dim), self.detach())
  },
  self: (grad, { args: { shifts, dims } }) => rolled(grad, { shifts: shifts.map((shift) => -shift), dims }),
  samples: (t) => [
    [t([[1, 2, 3]]), { shifts: [1], dims: [1] }],
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      { shifts: [1], dims: [] },
    ],
  ],
})

function rollAlong(self: Tensor, shift: number, dim: number): Tensor {
  const size = self.sizes[dim]!
  const start = size === 0 ? 0 : (((size - shift) % size) + size) % size
  return cat([self.narrow(dim, start, size - start), self.narrow(dim, 0, start)], dim)
}

/**
 * The elements moved on by `shifts` places, the last ones to the front; without `dims`, in the flattened tensor.
 * @shape A → A
 */
export function roll(
  self: Tensor,
  shifts: number | readonly number[],
  dims?: number | readonly number[] | { dims?: number | readonly number[] },
): Tensor {
  const [by, along] = accept<[number | readonly number[], number | readonly number[] | null]>(
    'roll(Tensor input, ints shifts, ints dims=None)',
    self,
    shifts,
    dims,
  )
  const listed = along === null ? [] : typeof along === 'number' ? [along] : along
  const steps = typeof by === 'number' ? [by] : by
  if (steps.length === 0) throw new RuntimeError('`shifts` required')
  if (self.sizes.length === 0 && listed.length > 0) {
    throw new IndexError('Dimension specified as 0 but tensor has no dimensions')
  }
  if (steps.length !== Math.max(listed.length, 1)) {
    throw new RuntimeError(`shifts and dimensions must align. shifts: ${steps.length}, dims:${listed.length}`)
  }
  return rolled(self, { shifts: steps, dims: listed.map((dim) => wrapDim(dim, self.sizes.length)) })
}

// Elementwise kernels: a scalar function over one, two or three tensors, with broadcasting and type promotion.
import { allocate, type DType, float32, int64, promoteTypes, type TypedArray } from '../dtype'
import {
  broadcastSizes,
  broadcastStrides,
  contiguousStrides,
  isContiguous,
  type Layout,
  layoutOf,
  numelOf,
  type Sizes,
  sameSizes,
} from '../shape'
import { Storage } from '../storage'
import { Tensor } from '../tensor'
import { isDense, merged, positions, resultStrides } from './layout'
import { type Function1, type Function2, plus, row1, row2, rows1, rows2, same } from './loops'

/** The number that a scalar holds; of another tensor, the first element. */
export function numberIn(t: Tensor): number {
  return typeof t._memory === 'number' ? t._memory : t._memory.data[t.offset]!
}

/** f(x) for every element. Computed in float64 and rounded once, when it is stored. */
export function map1(self: Tensor, f: Function1, dtype: DType = self.dtype): Tensor {
  const { sizes, strides, offset } = self
  if (sizes.length === 0) return Tensor.scalar(withOneZero(f(numberIn(self)), dtype), dtype)
  const x = self.storage.data
  const n = numelOf(sizes)
  const storage = Storage.forResult(dtype, n)
  const { data, start } = storage
  if (sizes.length <= 1) {
    row1(f, x, offset, strides[0] ?? 0, data, start, 1, n)
    return filled(storage, layoutLike(self, sizes, contiguousStrides(sizes), dtype), start)
  }
  if (isDense(sizes, strides)) {
    row1(f, x, offset, 1, data, start, 1, n)
    return filled(storage, layoutLike(self, sizes, strides, dtype), start)
  }
  const layout = resultStrides(sizes, [strides])
  // Which elements make a vector depends on it.
  const [lengths, steps, ownSteps] = f.vector === undefined ? [sizes, strides, layout] : merged(sizes, strides, layout)
  rows1(f, lengths, x, offset, steps!, data, start, ownSteps!)
  return filled(storage, layoutLike(self, sizes, layout, dtype), start)
}

/** The tensor in that memory, which has been written. Integers have one zero only, JavaScript's numbers two. */
function filled(storage: Storage, layout: Layout, start: number): Tensor {
  if (layout.dtype === int64) {
    const { data } = storage
    for (let e = start; e < start + storage.length; e++) data[e]! += 0
  }
  return new Tensor(storage, layout, start)
}

function withOneZero(value: number, dtype: DType): number {
  return dtype === int64 ? value + 0 : value
}

/** A result's layout: the operand's own, if it is the same. */
function layoutLike({ _layout: own }: Tensor, sizes: Sizes, strides: Sizes, dtype: DType): Layout {
  const same = own.dtype === dtype && sameSizes(own.sizes, sizes) && sameSizes(own.strides, strides)
  return same ? own : layoutOf(sizes, strides, dtype)
}

/** f(a, b) over two operands; `other` may be a number. Without `dtype`, the result has their promoted type. */
export function map2(
  self: Tensor,
  other: Tensor | number,
  f: Function2,
  dtype?: DType,
  computeType: DType = resultType(self, other),
): Tensor {
  const type = dtype ?? computeType
  const a = cast(self, computeType)
  const b = typeof other === 'number' ? null : cast(other, computeType)
  if (a.sizes.length === 0 && (b === null || b.sizes.length === 0)) {
    const x = numberIn(a)
    const y = b === null ? asType(other as number, computeType) : numberIn(b)
    if (type === float32 && f.single !== undefined) return new Tensor(f.single(x, y), float32.scalar, 0)
    return Tensor.scalar(withOneZero(f(x, y), type), type)
  }
  const x = dataOf(a, leftBox)
  const y = b === null ? boxed(other as number, computeType) : dataOf(b, float32Box)
  const i = a.offset
  const j = b === null ? 0 : b.offset
  const sizes = b === null ? a.sizes : broadcastSizes(a.sizes, b.sizes)
  const n = numelOf(sizes)
  const storage = Storage.forResult(type, n)
  const { data, start } = storage
  if (sizes.length <= 1) {
    // Numbers and vectors, by far the commonest: one row, no lists of steps.
    row2(f, x, i, stepOf(a, n), y, j, b === null ? 0 : stepOf(b, n), data, start, 1, n)
    return filled(storage, layoutLike(a, sizes, contiguousStrides(sizes), type), start)
  }
  if (b === null ? isDense(sizes, a.strides) : lieAlike(a, b)) {
    row2(f, x, i, 1, y, j, b === null ? 0 : 1, data, start, 1, n)
    return filled(storage, layoutLike(a, sizes, a.strides, type), start)
  }
  const iSteps = stretched(a, sizes)
  const jSteps = b === null ? sizes.map(() => 0) : stretched(b, sizes)
  const layout = resultStrides(sizes, b === null ? [iSteps] : [iSteps, jSteps])
  const [lengths, ...steps] =
    f.vector === undefined ? [sizes, iSteps, jSteps, layout] : merged(sizes, iSteps, jSteps, layout)
  rows2(f, lengths, x, i, steps[0]!, y, j, steps[1]!, data, start, steps[2]!)
  return filled(storage, layoutLike(a, sizes, layout, type), start)
}

/**
 * `a + b`, written over `a` if `b` has its shape and type. For sums that nobody has seen yet: no change is counted. The bits
 * are those of a new tensor.
 */
export function addInto(a: Tensor, b: Tensor): Tensor {
  if (a.dtype !== b.dtype || !lieAlike(a, b)) return map2(a, b, plus)
  if (typeof a._memory === 'number') a._memory = Math.fround(a._memory + numberIn(b))
  else {
    const [x, y] = [a._memory.data, b.storage.data]
    row2(plus, x, a.offset, 1, y, b.offset, 1, x, a.offset, 1, numelOf(a.sizes))
  }
  return a
}

/** Whether a walk through memory meets the elements of both in the same order, without gaps. */
function lieAlike(a: Tensor, b: Tensor): boolean {
  if (!sameSizes(a.sizes, b.sizes)) return false
  return sameSizes(a.strides, b.strides) ? isDense(a.sizes, a.strides) : bothContiguous(a.sizes, a.strides, b.strides)
}

/** A plain number as an operand: it takes the type of the tensor that it meets. */
function asType(x: number, dtype: DType): number {
  return dtype === float32 ? Math.fround(x) : x
}

/** The same in an array, as loops want it. */
function boxed(x: number, dtype: DType): TypedArray {
  const box = dtype === float32 ? float32Box : float64Box
  box[0] = x
  return box
}

/** The array in which the elements of `t` lie; for a scalar that has none, a box that serves as long as one loop runs. */
function dataOf(t: Tensor, box: Float32Array): TypedArray {
  if (typeof t._memory !== 'number') return t._memory.data
  box[0] = t._memory
  return box
}

const leftBox = new Float32Array(1)
const float32Box = new Float32Array(1)
const float64Box = new Float64Array(1)

/** How far neighbours of a scalar or a vector are apart when it is stretched to `n` elements. */
function stepOf({ sizes, strides }: Tensor, n: number): number {
  return sizes.length === 0 || sizes[0] !== n ? 0 : strides[0]!
}

/** f(a, b, c) over three tensors of any broadcastable shapes, already of the types that f wants. */
export function map3(
  a: Tensor,
  b: Tensor,
  c: Tensor,
  f: (a: number, b: number, c: number) => number,
  dtype: DType,
): Tensor {
  const sizes = broadcastSizes(broadcastSizes(a.sizes, b.sizes), c.sizes)
  const operands = [a, b, c].map((t) => stretched(t, sizes))
  const n = numelOf(sizes)
  const storage = Storage.forResult(dtype, n)
  const { data, start } = storage
  const [x, y, z] = [a.storage.data, b.storage.data, c.storage.data]
  if (operands.every((strides) => isContiguous(sizes, strides))) {
    const [i, j, k] = [a.offset, b.offset, c.offset]
    for (let e = 0; e < n; e++) data[start + e] = f(x[i + e]!, y[j + e]!, z[k + e]!)
    return new Tensor(storage, layoutOf(sizes, contiguousStrides(sizes), dtype), start)
  }
  const layout = resultStrides(sizes, operands)
  const [i, j, k] = [a, b, c].map((t, o) => positions(sizes, operands[o]!, t.offset)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  const to = positions(sizes, layout, start)
  for (let e = 0; e < n; e++) data[to[e]!] = f(x[i[e]!]!, y[j[e]!]!, z[k[e]!]!)
  return new Tensor(storage, layoutOf(sizes, layout, dtype), start)
}

function bothContiguous(sizes: Sizes, a: Sizes, b: Sizes): boolean {
  return isContiguous(sizes, a) && isContiguous(sizes, b)
}

function stretched(t: Tensor, sizes: Sizes): Sizes {
  return broadcastStrides(t.sizes, t.strides, sizes)
}

/**
 * The type in which two operands meet. Tensors with dimensions outrank 0-dimensional ones, and those outrank plain
 * numbers; the lower rank counts only where it brings a higher category (`int tensor + 1.5` is float32).
 */
export function resultType(a: Tensor, b: Tensor | number | boolean): DType {
  if (typeof b === 'boolean') return a.dtype
  if (typeof b === 'number') {
    if (a.dtype.category === 2) return a.dtype
    if (!Number.isInteger(b)) return float32
    return a.dtype.category === 1 ? a.dtype : int64
  }
  if (a.dtype === b.dtype) return a.dtype
  if ((a.sizes.length === 0) === (b.sizes.length === 0)) return promoteTypes(a.dtype, b.dtype)
  const [ranked, scalar] = a.sizes.length === 0 ? [b.dtype, a.dtype] : [a.dtype, b.dtype]
  return ranked.category >= scalar.category && ranked.category > 0 ? ranked : promoteTypes(ranked, scalar)
}

/** The same where integers meet as float32. */
export function floatingResult(a: Tensor, b: Tensor | number | boolean): DType {
  const type = resultType(a, b)
  return type.is_floating_point ? type : float32
}

/** The same elements as another type; `t` itself if it has that type already. Not recorded. */
export function cast(t: Tensor, dtype: DType): Tensor {
  return t.dtype === dtype ? t : map1(t, converter(t.dtype, dtype), dtype)
}

function converter(from: DType, to: DType): (x: number) => number {
  if (to.category === 2) return (x) => x
  if (to.category === 0) return (x) => (x === 0 ? 0 : 1)
  if (from.category < 2) return same
  // nan and what is too large become the least number, as the processor has it.
  const least = to === int64 ? -(2 ** 63) : -(2 ** 31)
  return (x) => (x >= least && x < -least ? Math.trunc(x) : least)
}

/** The elements row by row in an array of their own, or the storage itself when they lie so already. */
export function rowMajor(t: Tensor): { data: TypedArray; offset: number } {
  if (isContiguous(t.sizes, t.strides)) return { data: t.storage.data, offset: t.offset }
  return { data: gather(t), offset: 0 }
}

/** A row-major copy of the elements. */
export function gather(t: Tensor): TypedArray {
  const { data } = t.storage
  const n = numelOf(t.sizes)
  if (isContiguous(t.sizes, t.strides)) return data.slice(t.offset, t.offset + n)
  const out = allocate(t.dtype, n)
  rows1(same, t.sizes, data, t.offset, t.strides, out, 0, contiguousStrides(t.sizes))
  return out
}

/** Write `source`, broadcast and converted, into the elements of `target`. */
export function assign(target: Tensor, source: Tensor): void {
  const from = cast(source, target.dtype)
  const { sizes, strides, offset } = target
  const out = target.storage.data
  if (sizes.length === 0 && from.sizes.length === 0) {
    out[offset] = numberIn(from)
    return
  }
  // Overlapping storages are read before they are written, as a copy through memory would be.
  const overlaps = from.storage.data === out && from.storage.start === target.storage.start
  const x = overlaps ? gather(from) : from.storage.data
  const i = overlaps ? 0 : from.offset
  const steps = overlaps ? contiguousStrides(from.sizes) : from.strides
  if (sameSizes(sizes, from.sizes) && bothContiguous(sizes, strides, steps)) {
    row1(same, x, i, 1, out, offset, 1, numelOf(sizes))
  } else rows1(same, sizes, x, i, broadcastStrides(from.sizes, steps, sizes), out, offset, strides)
}

/** Write one number into every element of `target`. */
export function fill(target: Tensor, value: number): void {
  const { sizes, strides, offset } = target
  if (isContiguous(sizes, strides)) target.storage.data.fill(value, offset, offset + numelOf(sizes))
  else for (const at of positions(sizes, strides, offset)) target.storage.data[at] = value
}

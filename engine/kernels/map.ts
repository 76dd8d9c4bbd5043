// Elementwise kernels: a scalar function over one, two or three tensors, with broadcasting and type promotion.
import { allocate, type DType, float32, int64, promoteTypes, type TypedArray } from '../dtype'
import {
  broadcastSizes,
  broadcastStrides,
  contiguousStrides,
  isContiguous,
  numelOf,
  type Sizes,
  sameSizes,
} from '../shape'
import { Storage } from '../storage'
import { Tensor } from '../tensor'
import { isDense, positions, resultStrides } from './layout'

/** f(x) for every element. Computed in float64 and rounded once, when it is stored. */
export function map1(self: Tensor, f: (x: number) => number, dtype: DType = self.dtype): Tensor {
  const { sizes, strides, offset } = self
  const x = self.storage.data
  const n = numelOf(sizes)
  const out = allocate(dtype, n)
  if (isDense(sizes, strides)) {
    for (let i = 0; i < n; i++) out[i] = f(x[offset + i]!)
    return new Tensor(new Storage(out), sizes, strides, 0, dtype)
  }
  const layout = resultStrides(sizes, [strides])
  const from = positions(sizes, strides, offset)
  const to = positions(sizes, layout, 0)
  for (let i = 0; i < n; i++) out[to[i]!] = f(x[from[i]!]!)
  return new Tensor(new Storage(out), sizes, layout, 0, dtype)
}

/** f(a, b) over two operands; `other` may be a number. Without `dtype`, the result has their promoted type. */
export function map2(
  self: Tensor,
  other: Tensor | number,
  f: (a: number, b: number) => number,
  dtype?: DType,
  computeType: DType = resultType(self, other),
): Tensor {
  const type = dtype ?? computeType
  const a = cast(self, computeType)
  if (typeof other === 'number') {
    const b = computeType === float32 ? Math.fround(other) : other
    return map1(a, (x) => f(x, b), type)
  }
  const b = cast(other, computeType)
  const x = a.storage.data
  const y = b.storage.data
  if (sameSizes(a.sizes, b.sizes)) {
    const { sizes, strides } = a
    if (sameSizes(strides, b.strides) ? isDense(sizes, strides) : bothContiguous(sizes, strides, b.strides)) {
      const n = numelOf(sizes)
      const out = allocate(type, n)
      const i = a.offset
      const j = b.offset
      for (let k = 0; k < n; k++) out[k] = f(x[i + k]!, y[j + k]!)
      return new Tensor(new Storage(out), sizes, strides, 0, type)
    }
  }
  const sizes = broadcastSizes(a.sizes, b.sizes)
  const i = stretched(a, sizes)
  const j = stretched(b, sizes)
  const layout = resultStrides(sizes, [i, j])
  const out = allocate(type, numelOf(sizes))
  const from = positions(sizes, i, a.offset)
  const with_ = positions(sizes, j, b.offset)
  const to = positions(sizes, layout, 0)
  for (let k = 0; k < out.length; k++) out[to[k]!] = f(x[from[k]!]!, y[with_[k]!]!)
  return new Tensor(new Storage(out), sizes, layout, 0, type)
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
  const layout = resultStrides(sizes, operands)
  const out = allocate(dtype, numelOf(sizes))
  const [i, j, k] = [a, b, c].map((t, n) => positions(sizes, operands[n]!, t.offset)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  const to = positions(sizes, layout, 0)
  const [x, y, z] = [a.storage.data, b.storage.data, c.storage.data]
  for (let n = 0; n < out.length; n++) out[to[n]!] = f(x[i[n]!]!, y[j[n]!]!, z[k[n]!]!)
  return new Tensor(new Storage(out), sizes, layout, 0, dtype)
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

/** The same elements as another type; `t` itself if it has that type already. Not recorded. */
export function cast(t: Tensor, dtype: DType): Tensor {
  return t.dtype === dtype ? t : map1(t, converter(dtype), dtype)
}

function converter(to: DType): (x: number) => number {
  if (to.category === 2) return (x) => x
  if (to.category === 0) return (x) => (x === 0 ? 0 : 1)
  return Math.trunc
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
  const from = positions(t.sizes, t.strides, t.offset)
  for (let i = 0; i < n; i++) out[i] = data[from[i]!]!
  return out
}

/** Write `source`, broadcast and converted, into the elements of `target`. */
export function assign(target: Tensor, source: Tensor): void {
  const from = cast(source, target.dtype)
  const { sizes, strides, offset } = target
  const x = from.storage.data
  const out = target.storage.data
  if (sameSizes(sizes, from.sizes) && bothContiguous(sizes, strides, from.strides)) {
    const n = numelOf(sizes)
    const i = from.offset
    // Overlapping storages are read before they are written, as a copy through memory would be.
    if (x === out) out.copyWithin(offset, i, i + n)
    else for (let k = 0; k < n; k++) out[offset + k] = x[i + k]!
    return
  }
  const values = x === out ? gather(from) : x
  const read =
    x === out
      ? positions(sizes, broadcastStrides(from.sizes, contiguousStrides(from.sizes), sizes), 0)
      : positions(sizes, stretched(from, sizes), from.offset)
  const write = positions(sizes, strides, offset)
  for (let k = 0; k < write.length; k++) out[write[k]!] = values[read[k]!]!
}

/** Write one number into every element of `target`. */
export function fill(target: Tensor, value: number): void {
  const { sizes, strides, offset } = target
  if (isContiguous(sizes, strides)) target.storage.data.fill(value, offset, offset + numelOf(sizes))
  else for (const at of positions(sizes, strides, offset)) target.storage.data[at] = value
}

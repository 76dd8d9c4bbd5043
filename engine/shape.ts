// Sizes and strides: how a flat array is read as an n-dimensional one.
import type { DType } from './dtype'
import { IndexError, PythonTypeError, pythonType, RuntimeError } from './errors'

export type Sizes = readonly number[]

/** The shape of a scalar. */
export const NO_SIZES: Sizes = []
const ONE: Sizes = [1]

/** How a tensor's elements lie, and what they are. It never changes: tensors that are alike share one. */
export class Layout {
  constructor(
    readonly sizes: Sizes,
    readonly strides: Sizes,
    readonly dtype: DType,
  ) {}
}

/** A layout; for scalars the one that there is. */
export function layoutOf(sizes: Sizes, strides: Sizes, dtype: DType): Layout {
  return sizes.length === 0 ? dtype.scalar : new Layout(sizes, strides, dtype)
}

/** The number of elements: the product of the sizes, 1 for a scalar. */
export function numelOf(sizes: Sizes): number {
  let n = 1
  for (let d = 0; d < sizes.length; d++) n *= sizes[d]!
  return n
}

/** Row-major strides: the last dimension moves by 1, each one before it by the elements that follow. */
export function contiguousStrides(sizes: Sizes): Sizes {
  const n = sizes.length
  if (n === 0) return NO_SIZES
  if (n === 1) return ONE
  const strides = new Array<number>(n)
  let step = 1
  for (let d = n - 1; d >= 0; d--) {
    strides[d] = step
    step *= Math.max(sizes[d]!, 1)
  }
  return strides
}

/** Whether the elements lie in row-major order without gaps. A dimension of size 1 may have any stride. */
export function isContiguous(sizes: Sizes, strides: Sizes): boolean {
  let step = 1
  for (let d = sizes.length - 1; d >= 0; d--) {
    const size = sizes[d]!
    if (size === 0) return true
    if (size !== 1) {
      if (strides[d] !== step) return false
      step *= size
    }
  }
  return true
}

export function sameSizes(a: Sizes, b: Sizes): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let d = 0; d < a.length; d++) if (a[d] !== b[d]) return false
  return true
}

/** `[2, 3]`, as PyTorch's messages write sizes. */
export function formatSizes(sizes: Sizes): string {
  return `[${sizes.join(', ')}]`
}

/** The common shape of two operands: aligned at the right, a 1 stretches. */
export function broadcastSizes(a: Sizes, b: Sizes): Sizes {
  if (b.length === 0 || sameSizes(a, b)) return a
  if (a.length === 0) return b
  const n = Math.max(a.length, b.length)
  const out = new Array<number>(n)
  for (let d = n - 1; d >= 0; d--) {
    const i = a[d - n + a.length] ?? 1
    const j = b[d - n + b.length] ?? 1
    if (i !== j && i !== 1 && j !== 1) {
      throw new RuntimeError(
        `The size of tensor a (${i}) must match the size of tensor b (${j}) at non-singleton dimension ${d}`,
        `Shapes ${formatSizes(a)} and ${formatSizes(b)} are lined up at their last dimension; in each place the sizes must be equal, or one of them 1.`,
      )
    }
    out[d] = i === 1 ? j : i
  }
  return out
}

/** The strides that make a tensor look as if it had `target` sizes: 0 where it is repeated. */
export function broadcastStrides(sizes: Sizes, strides: Sizes, target: Sizes): Sizes {
  const lead = target.length - sizes.length
  return target.map((size, d) => (d < lead || (sizes[d - lead] === 1 && size !== 1) ? 0 : strides[d - lead]!))
}

/** A dimension in 0..ndim-1 from one that may count from the end. A scalar counts as one-dimensional. */
export function wrapDim(dim: number, ndim: number): number {
  const n = Math.max(ndim, 1)
  if (!Number.isInteger(dim)) {
    throw new PythonTypeError(`argument 'dim' must be int, not ${typeof dim === 'number' ? 'float' : pythonType(dim)}`)
  }
  if (dim < -n || dim >= n) {
    throw new IndexError(`Dimension out of range (expected to be in range of [${-n}, ${n - 1}], but got ${dim})`)
  }
  return dim < 0 ? dim + n : dim
}

/** Several dimensions, wrapped and without repetition; none given means all. */
export function wrapDims(dims: number | readonly number[] | null | undefined, ndim: number): number[] {
  if (typeof dims === 'number') {
    const wrapped = wrapDim(dims, ndim)
    return ndim === 0 ? [] : [wrapped]
  }
  if (dims !== null && dims !== undefined && !Array.isArray(dims)) {
    throw new PythonTypeError(`argument 'dim' must be int, not ${pythonType(dims)}`)
  }
  if (dims === null || dims === undefined || dims.length === 0) return Array.from({ length: ndim }, (_, d) => d)
  const seen = new Set<number>()
  for (const dim of dims) {
    const wrapped = wrapDim(dim, ndim)
    if (seen.has(wrapped)) throw new RuntimeError(`dim ${wrapped} appears multiple times in the list of dims`)
    seen.add(wrapped)
  }
  return ndim === 0 ? [] : [...seen].sort((a, b) => a - b)
}

/** Sizes with one -1 filled in so that they hold `numel` elements. */
export function inferSizes(sizes: Sizes, numel: number): Sizes {
  const unknown = sizes.indexOf(-1)
  if (unknown !== sizes.lastIndexOf(-1)) throw new RuntimeError('only one dimension can be inferred')
  let known = 1
  for (const [k, size] of sizes.entries()) {
    if (!Number.isInteger(size)) {
      const type = typeof size === 'number' ? 'float' : pythonType(size)
      throw new PythonTypeError(`argument 'size' must be tuple of ints, but found element of type ${type}`)
    }
    if (size < -1)
      throw new RuntimeError(`invalid shape dimension ${size} at index ${k} of shape ${formatSizes(sizes)}`)
    if (size !== -1) known *= size
  }
  if (unknown < 0 ? known === numel : known > 0 && numel % known === 0) {
    return unknown < 0 ? sizes : sizes.map((size) => (size === -1 ? numel / known : size))
  }
  if (unknown >= 0 && known === 0 && numel === 0) {
    throw new RuntimeError(
      `cannot reshape tensor of 0 elements into shape ${formatSizes(sizes)} because the unspecified dimension size -1 can be any value and is ambiguous`,
    )
  }
  throw new RuntimeError(
    `shape '${formatSizes(sizes)}' is invalid for input of size ${numel}`,
    `A new shape must hold as many elements as the old one, here ${numel}.`,
  )
}

/** The sizes left after reducing over `dims`; with keepdim each of them stays as 1. */
export function reducedSizes(sizes: Sizes, dims: readonly number[], keepdim: boolean): Sizes {
  if (keepdim) return sizes.map((size, d) => (dims.includes(d) ? 1 : size))
  return sizes.filter((_, d) => !dims.includes(d))
}

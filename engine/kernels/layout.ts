// Where elements lie in memory, and how an elementwise result is laid out.
import { contiguousStrides, isContiguous, numelOf, type Sizes, sameSizes } from '../shape'

/** The place in storage of every element, in row-major order. The general way; contiguous data needs no such list. */
export function positions(sizes: Sizes, strides: Sizes, offset: number): Int32Array {
  const n = numelOf(sizes)
  const out = new Int32Array(n)
  if (n === 0) return out
  const last = sizes.length - 1
  if (last < 0) {
    out[0] = offset
    return out
  }
  const inner = sizes[last]!
  const step = strides[last]!
  const counter = new Array<number>(last).fill(0)
  let row = offset
  for (let i = 0; i < n; ) {
    for (let j = 0, at = row; j < inner; j++, at += step) out[i++] = at
    for (let d = last - 1; d >= 0; d--) {
      row += strides[d]!
      if (++counter[d]! < sizes[d]!) break
      row -= strides[d]! * sizes[d]!
      counter[d] = 0
    }
  }
  return out
}

/** Whether the elements fill a stretch of memory exactly, in whatever order of dimensions. */
export function isDense(sizes: Sizes, strides: Sizes): boolean {
  if (isContiguous(sizes, strides)) return true
  const dims = sizes.map((_, d) => d).filter((d) => sizes[d] !== 1)
  dims.sort((a, b) => strides[a]! - strides[b]!)
  let step = 1
  for (const d of dims) {
    if (strides[d] !== step) return false
    step *= sizes[d]!
  }
  return true
}

/**
 * The strides of an elementwise result: it keeps the operands' order of dimensions, so that what is computed from a
 * transposed tensor is laid out transposed. After `TensorIterator::reorder_dimensions`.
 * `operands` are strides broadcast to `sizes`.
 */
export function resultStrides(sizes: Sizes, operands: readonly Sizes[]): Sizes {
  const first = operands[0]!
  if (operands.every((strides) => isContiguous(sizes, strides))) return contiguousStrides(sizes)
  if (operands.every((strides) => sameSizes(strides, first)) && isDense(sizes, first)) return first
  const strides = new Array<number>(sizes.length)
  let step = 1
  for (const d of fastestFirst(sizes, operands)) {
    strides[d] = step
    step *= Math.max(sizes[d]!, 1)
  }
  return strides
}

/** The dimensions in the order in which PyTorch walks through operands of these strides, the fastest first. */
export function fastestFirst(sizes: Sizes, operands: readonly Sizes[]): number[] {
  const order = sizes.map((_, k) => sizes.length - 1 - k)
  for (let i = 1; i < order.length; i++) {
    let moving = i
    for (let d = i - 1; d >= 0; d--) {
      const comparison = compareDims(order[d]!, order[moving]!, sizes, operands)
      if (comparison < 0) break
      if (comparison > 0) {
        const dim = order[d]!
        order[d] = order[moving]!
        order[moving] = dim
        moving = d
      }
    }
  }
  return order
}

/**
 * Sizes and steps as PyTorch walks through tensors: the dimensions in the order in which the last one lies in memory, and as one where
 * all pass from line to line as from element to element.
 */
export function merged(sizes: Sizes, ...steps: Sizes[]): [sizes: Sizes, ...steps: Sizes[]] {
  const last = steps.at(-1)!
  const order = sizes.map((_, d) => d).filter((d) => sizes[d] !== 1)
  order.sort((a, b) => last[b]! - last[a]!)
  const lengths: number[] = []
  const innermost: number[] = []
  for (const d of order) {
    const outer = innermost.at(-1)
    if (outer !== undefined && steps.every((one) => one[outer] === one[d]! * sizes[d]!)) {
      lengths.push(lengths.pop()! * sizes[d]!)
      innermost.pop()
    } else lengths.push(sizes[d]!)
    innermost.push(d)
  }
  return [lengths, ...steps.map((one) => innermost.map((d) => one[d]!))]
}

/** Negative if dimension `a` moves faster than `b`, positive if slower, 0 if no operand can tell. */
function compareDims(a: number, b: number, sizes: Sizes, operands: readonly Sizes[]): number {
  for (const strides of operands) {
    const i = strides[a]!
    const j = strides[b]!
    if (i === 0 || j === 0) continue
    if (i !== j) return i - j
    if (sizes[a]! > sizes[b]!) return 1
  }
  return 0
}

// Gauss's elimination with row exchanges, in float64.
import { RuntimeError } from '../errors'
import { rowMajor } from '../kernels/map'
import { numelOf } from '../shape'
import type { Tensor } from '../tensor'

/** The size of square matrices; refuses others. */
export function requireSquare(self: Tensor, name: string): number {
  const [m, n] = self.sizes.slice(-2)
  if (self.sizes.length < 2) {
    throw new RuntimeError(`linalg.${name}: The input tensor A must have at least 2 dimensions.`)
  }
  if (m !== n)
    throw new RuntimeError(`linalg.${name}: A must be batches of square matrices, but they are ${m} by ${n} matrices`)
  return n!
}

/**
 * Brings the n×n matrix in `a` to the identity by row operations, which `b` (n×k) undergoes too; answers the determinant, and where
 * that is 0, in which column (counted from 1) no pivot was left.
 */
export function eliminate(
  a: Float64Array,
  b: Float64Array,
  n: number,
  k: number,
): { determinant: number; without: number | null } {
  let determinant = 1
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let row = column; row < n; row++) {
      if (Math.abs(a[row * n + column]!) > Math.abs(a[pivot * n + column]!)) pivot = row
    }
    if (a[pivot * n + column] === 0) return { determinant: 0, without: column + 1 }
    if (pivot !== column) {
      exchange(a, pivot, column, n)
      exchange(b, pivot, column, k)
      determinant = -determinant
    }
    const head = a[column * n + column]!
    determinant *= head
    for (let row = 0; row < n; row++) {
      if (row === column) continue
      const factor = a[row * n + column]! / head
      if (factor === 0) continue
      for (let j = column; j < n; j++) a[row * n + j]! -= factor * a[column * n + j]!
      for (let j = 0; j < k; j++) b[row * k + j]! -= factor * b[column * k + j]!
    }
    for (let j = column; j < n; j++) a[column * n + j]! /= head
    for (let j = 0; j < k; j++) b[column * k + j]! /= head
  }
  return { determinant, without: null }
}

function exchange(rows: Float64Array, i: number, j: number, width: number): void {
  const row = rows.slice(i * width, (i + 1) * width)
  rows.copyWithin(i * width, j * width, (j + 1) * width)
  rows.set(row, j * width)
}

/** Each n×n matrix of a batch, as a copy in float64. */
export function matrices(self: Tensor, n: number): Float64Array[] {
  const { data, offset } = rowMajor(self)
  return Array.from({ length: n === 0 ? 0 : numelOf(self.sizes) / (n * n) }, (_, i) =>
    Float64Array.from(data.subarray(offset + i * n * n, offset + (i + 1) * n * n)),
  )
}

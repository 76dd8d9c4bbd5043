// Normalization of the columns of a float32 matrix, with the bits of PyTorch's: sums row after row, products added in fused steps.
import { fma32 } from './fma'

/** Rows one after the other, `columns` numbers each. */
export interface Matrix {
  readonly data: ArrayLike<number>
  readonly offset: number
  readonly rows: number
  readonly columns: number
}

/** For each column its mean, and one over its deviation. */
export interface Moments {
  readonly mean: Float32Array
  readonly inverse: Float32Array
}

const f = Math.fround

/** Calls `step` with each number, its column and its place. */
function walk({ data, offset, rows, columns }: Matrix, step: (x: number, column: number, at: number) => void): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) step(data[offset + i * columns + j]!, j, i * columns + j)
  }
}

/** The sum of each column. */
export function columnSums(x: Matrix): Float32Array {
  const sums = new Float32Array(x.columns)
  walk(x, (value, j) => {
    sums[j]! += value
  })
  return sums
}

export function momentsOf(x: Matrix, eps: number): Moments {
  const mean = columnSums(x).map((sum) => sum / x.rows)
  const squares = new Float32Array(x.columns)
  walk(x, (value, j) => {
    const off = f(value - mean[j]!)
    squares[j] = fma32(off, off, squares[j]!)
  })
  return { mean, inverse: squares.map((sum) => 1 / Math.sqrt(f(sum / x.rows) + eps)) }
}

/** `x a + b`, with mean, deviation, weight and bias of each column in one factor and one summand. */
export function normalizedColumns(
  x: Matrix,
  { mean, inverse }: Moments,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
): Float32Array {
  const factor = inverse.map((value, j) => value * weight[j]!)
  const summand = factor.map((value, j) => fma32(-mean[j]!, value, bias[j]!))
  const out = new Float32Array(x.rows * x.columns)
  walk(x, (value, j, at) => {
    out[at] = fma32(value, factor[j]!, summand[j]!)
  })
  return out
}

/** For each column the sum of the gradients, each times how far its number is from the mean. */
function columnProducts(grad: Matrix, x: Matrix, mean: Float32Array): Float32Array {
  const sums = new Float32Array(x.columns)
  walk(grad, (g, j, at) => {
    sums[j] = fma32(g, f(x.data[x.offset + at]! - mean[j]!), sums[j]!)
  })
  return sums
}

/** The gradient of the weights. */
export function weightGradient(grad: Matrix, x: Matrix, { mean, inverse }: Moments): Float32Array {
  return columnProducts(grad, x, mean).map((sum, j) => sum * inverse[j]!)
}

/** The gradient of the numbers themselves, where mean and deviation are their own. */
export function inputGradient(
  grad: Matrix,
  x: Matrix,
  { mean, inverse }: Moments,
  weight: ArrayLike<number>,
): Float32Array {
  const slope = columnProducts(grad, x, mean).map((sum, j) => f(f(sum * inverse[j]!) * inverse[j]!) / x.rows)
  const shift = columnSums(grad).map((sum) => sum / x.rows)
  const out = new Float32Array(x.rows * x.columns)
  walk(grad, (g, j, at) => {
    const along = f(f(x.data[x.offset + at]! - mean[j]!) * slope[j]!)
    out[at] = f(f(f(g - shift[j]!) - along) * inverse[j]!) * weight[j]!
  })
  return out
}

/** The gradient of the numbers themselves, where mean and deviation are given. */
export function scaledGradient(
  grad: Matrix,
  _x: Matrix,
  { inverse }: Moments,
  weight: ArrayLike<number>,
): Float32Array {
  const out = new Float32Array(grad.rows * grad.columns)
  walk(grad, (g, j, at) => {
    out[at] = f(g * inverse[j]!) * weight[j]!
  })
  return out
}

// Square matrices: determinant, inverse, linear equations. By elimination with row exchanges, in float64.
import { allocate } from '../dtype'
import { RuntimeError } from '../errors'
import { rowMajor } from '../kernels/map'
import { formatSizes, numelOf } from '../shape'
import { Tensor } from '../tensor'
import { needs, type Op, op1, op2 } from './op'

function requireSquare(self: Tensor, name: string): number {
  const [m, n] = self.sizes.slice(-2)
  if (self.sizes.length < 2) {
    throw new RuntimeError(`linalg.${name}: The input tensor A must have at least 2 dimensions.`)
  }
  if (m !== n)
    throw new RuntimeError(`linalg.${name}: A must be batches of square matrices, but they are ${m} by ${n} matrices`)
  return n!
}

/** Brings the n×n matrix in `a` to the identity by row operations, which `b` (n×k) undergoes too; answers the determinant. */
function eliminate(a: Float64Array, b: Float64Array, n: number, k: number): number {
  let determinant = 1
  for (let column = 0; column < n; column++) {
    let pivot = column
    for (let row = column; row < n; row++) {
      if (Math.abs(a[row * n + column]!) > Math.abs(a[pivot * n + column]!)) pivot = row
    }
    if (a[pivot * n + column] === 0) return 0
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
  return determinant
}

function exchange(rows: Float64Array, i: number, j: number, width: number): void {
  const row = rows.slice(i * width, (i + 1) * width)
  rows.copyWithin(i * width, j * width, (j + 1) * width)
  rows.set(row, j * width)
}

/** Each n×n matrix of a batch, as a copy in float64. */
function matrices(self: Tensor, n: number): Float64Array[] {
  const { data, offset } = rowMajor(self)
  return Array.from({ length: n === 0 ? 0 : numelOf(self.sizes) / (n * n) }, (_, i) =>
    Float64Array.from(data.subarray(offset + i * n * n, offset + (i + 1) * n * n)),
  )
}

/** The determinant of each matrix. */
export const det: Op<[self: Tensor]> = op1({
  gradFn: 'LinalgDetBackward0',
  forward: (self) => {
    const n = requireSquare(self, 'det')
    const batch = matrices(self, n)
    const out = allocate(self.dtype, batch.length)
    batch.forEach((matrix, i) => {
      out[i] = eliminate(matrix, new Float64Array(0), n, 0)
    })
    return Tensor.own(out, self.sizes.slice(0, -2), self.dtype)
  },
  // det · A⁻ᵀ
  self: needs('self', 'result', (grad, { self, result }) =>
    grad.mul(result).unsqueeze(-1).unsqueeze(-1).mul(self.inverse().mT),
  ),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, -4],
      ]),
    ],
  ],
})

/** The inverse of each matrix. */
export const inverse: Op<[self: Tensor]> = op1({
  gradFn: 'LinalgInvExBackward0',
  forward: (self) => {
    const n = requireSquare(self, 'inv')
    const out = allocate(self.dtype, numelOf(self.sizes))
    matrices(self, n).forEach((matrix, i) => {
      const identity = new Float64Array(n * n)
      for (let d = 0; d < n; d++) identity[d * n + d] = 1
      if (eliminate(matrix, identity, n, n) === 0) {
        throw new RuntimeError(
          'linalg.inv: The diagonal element is zero, the inversion could not be completed because the input matrix is singular.',
        )
      }
      out.set(identity, i * n * n)
    })
    return Tensor.own(out, self.sizes, self.dtype)
  },
  self: needs('result', (grad, { result }) => result.mT.matmul(grad).matmul(result.mT).neg()), // -A⁻ᵀ g A⁻ᵀ
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, -4],
      ]),
    ],
  ],
})

const solveMatrix: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'LinalgSolveExBackward0',
  forward: (self, other) => {
    const n = requireSquare(self, 'solve')
    const isVector = other.sizes.length === 1
    if (self.sizes.length !== 2 || other.sizes.length > 2 || other.sizes[0] !== n) {
      throw new RuntimeError(
        `linalg.solve: Incompatible shapes of A and B for the equation AX = B (${formatSizes(self.sizes)} and ${formatSizes(other.sizes)})`,
      )
    }
    const { data, offset } = rowMajor(other)
    const right = Float64Array.from(data.subarray(offset, offset + numelOf(other.sizes)))
    if (eliminate(matrices(self, n)[0] ?? new Float64Array(0), right, n, isVector ? 1 : other.sizes[1]!) === 0) {
      throw new RuntimeError('torch.linalg.solve: The solver failed because the input matrix is singular.')
    }
    const out = allocate(self.dtype, right.length)
    out.set(right)
    return Tensor.own(out, other.sizes, self.dtype)
  },
  // A x = b: g_b = A⁻ᵀ g, g_A = -g_b xᵀ
  self: needs('self', 'result', (grad, { self, result }) => {
    const back = solve(self.mT, grad)
    return (result.sizes.length === 1 ? back.outer(result) : back.matmul(result.mT)).neg()
  }),
  other: needs('self', (grad, { self }) => solve(self.mT, grad)),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, -4],
      ]),
      t([5, 6]),
    ],
    [
      t([
        [1, 2],
        [3, -4],
      ]),
      t([
        [5, 6, 1],
        [0, 1, 2],
      ]),
    ],
  ],
})

/** The X with A X = B, for a square matrix A and a vector or matrix B. */
export function solve(A: Tensor, B: Tensor): Tensor {
  return solveMatrix(A, B)
}

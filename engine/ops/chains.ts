// Products of several matrices, and of a matrix with itself.
import { RuntimeError } from '../errors'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { eye } from './create'

/**
 * A square matrix (or each of a batch) times itself, `n` times; the inverse for negative `n`.
 * @shape (..., n, n) → (..., n, n)
 */
export function matrix_power(self: Tensor, n: number): Tensor {
  accept('matrix_power(Tensor input, int n)', self, n)
  const [rows, columns] = self.sizes.slice(-2)
  if (self.sizes.length < 2) {
    throw new RuntimeError('linalg.matrix_power: The input tensor A must have at least 2 dimensions.')
  }
  if (rows !== columns) {
    throw new RuntimeError(
      `linalg.matrix_power: A must be batches of square matrices, but they are ${rows} by ${columns} matrices`,
    )
  }
  if (n === 0) return self.clone().copy_(eye(rows!, { dtype: self.dtype }))
  const base = n < 0 ? self.inverse() : self
  let exponent = Math.abs(n)
  if (exponent === 1) return n < 0 ? base : base.clone()
  if (exponent === 2) return base.matmul(base)
  if (exponent === 3) return base.matmul(base).matmul(base)
  let result: Tensor | null = null
  for (let square = base; ; square = square.matmul(square)) {
    if (exponent % 2 === 1) result = result === null ? square : result.matmul(square)
    exponent = Math.floor(exponent / 2)
    if (exponent === 0) return result!
  }
}

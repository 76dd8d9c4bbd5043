// Square matrices: determinants and the inverse.
import { tracked } from '../autograd/graph'
import { recordOutputs } from '../autograd/lists'
import { isRecording } from '../autograd/mode'
import { allocate } from '../dtype'
import { LinAlgError } from '../errors'
import { numelOf } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { eliminate, matrices, requireSquare } from './elimination'
import { needs, type Op, op1 } from './op'
import { where } from './where'

/**
 * The determinant of each matrix.
 * @shape (..., n, n) → (...)
 */
export const det: Op<[self: Tensor]> = op1({
  gradFn: 'LinalgDetBackward0',
  name: 'det',
  forward: (self) => {
    const n = requireSquare(self, 'det')
    const batch = matrices(self, n)
    const out = allocate(self.dtype, batch.length)
    batch.forEach((matrix, i) => {
      out[i] = eliminate(matrix, new Float64Array(0), n, 0).determinant
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

/**
 * The inverse of each matrix.
 * @shape (..., n, n) → (..., n, n)
 */
export const inverse: Op<[self: Tensor]> = op1({
  gradFn: 'LinalgInvExBackward0',
  name: 'inverse',
  forward: (self) => {
    const n = requireSquare(self, 'inv')
    const out = allocate(self.dtype, numelOf(self.sizes))
    matrices(self, n).forEach((matrix, i) => {
      const identity = new Float64Array(n * n)
      for (let d = 0; d < n; d++) identity[d * n + d] = 1
      const { without } = eliminate(matrix, identity, n, n)
      if (without !== null) {
        const where = self.sizes.length > 2 ? `(Batch element ${i}): ` : ''
        throw new LinAlgError(
          `linalg.inv: ${where}The diagonal element ${without} is zero, the inversion could not be completed because the input matrix is singular.`,
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

/**
 * The sign of each determinant and the logarithm of its magnitude: `[sign, logabsdet]`.
 * @shape (..., n, n) → ((...), (...))
 */
export function slogdet(self: Tensor): [sign: Tensor, logabsdet: Tensor] {
  accept('slogdet(Tensor input)', self)
  requireSquare(self, 'slogdet')
  const determinant = det(self.detach())
  const results: [Tensor, Tensor] = [determinant.sgn(), determinant.abs().log()]
  if (isRecording() && tracked(self)) {
    // d ln|det A| = A⁻ᵀ; the sign is constant
    const vjp = ([, grad]: Tensor[], A: Tensor) => A.inverse().mT.mul(grad!.unsqueeze(-1).unsqueeze(-1))
    recordOutputs('LinalgSlogdetBackward0', self, results, vjp, self)
  }
  return results
}

/**
 * The logarithm of each determinant; nan where it is negative.
 * @shape (..., n, n) → (...)
 */
export function logdet(self: Tensor): Tensor {
  accept('logdet(Tensor input)', self)
  const [sign, logabsdet] = slogdet(self)
  return where(sign.eq(-1), Number.NaN, logabsdet)
}

// Matrices as products of simpler ones: Cholesky's and QR. (Eigenvectors and singular vectors are left out: their signs are LAPACK's
// choice, so that nothing could print what PyTorch prints.)
import { tracked } from '../autograd/graph'
import { recordOutputs } from '../autograd/lists'
import { isRecording } from '../autograd/mode'
import { allocate } from '../dtype'
import { LinAlgError, RuntimeError } from '../errors'
import * as factorize from '../kernels/factorize'
import { rowMajor } from '../kernels/map'
import { numelOf } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { matrices, requireSquare } from './elimination'
import { cat } from './join'
import { needs, op1 } from './op'

function requireFloating(self: Tensor, name: string): void {
  if (self.dtype.is_floating_point) return
  throw new RuntimeError(
    `linalg.${name}: Expected a floating point or complex tensor as input. Got ${self.dtype.legacyName}`,
    'Say x.to(torch.float32) first.',
  )
}

const triangle = op1<{ upper: boolean }>({
  gradFn: 'LinalgCholeskyExBackward0',
  forward: (self, { upper }) => {
    const n = requireSquare(self, 'cholesky')
    requireFloating(self, 'cholesky')
    const out = allocate(self.dtype, numelOf(self.sizes))
    matrices(self, n).forEach((matrix, i) => {
      const minor = factorize.cholesky(matrix, n)
      if (minor > 0) {
        const where = self.sizes.length > 2 ? `(Batch element ${i}): ` : ''
        throw new LinAlgError(
          `linalg.cholesky: ${where}The factorization could not be completed because the input is not positive-definite (the leading minor of order ${minor} is not positive-definite).`,
          'A is positive-definite if it is symmetric and xᵀ A x > 0 for every x that is not 0: B Bᵀ + I is, for any B.',
        )
      }
      out.set(matrix, i * n * n)
    })
    const lower = Tensor.own(out, self.sizes, self.dtype)
    return upper ? lower.mT.contiguous() : lower
  },
  // g_A = L⁻ᵀ Φ(Lᵀ g) L⁻¹, made symmetric; Φ takes the lower triangle with half its diagonal
  self: needs('result', (grad, { result, args: { upper } }) => {
    const L = upper ? result.mT : result
    const inverse = L.inverse()
    const product = L.mT.matmul(upper ? grad.mT : grad).tril()
    const half = product.sub(product.diagonal(0, -2, -1).mul(0.5).diag_embed())
    const one = inverse.mT.matmul(half).matmul(inverse)
    return one.add(one.mT).mul(0.5)
  }),
  samples: () => [], // a finite difference of one element alone would leave the symmetric matrices
})

/**
 * The lower triangle L with L Lᵀ = A for a symmetric positive-definite A; or the upper one, Lᵀ.
 * @shape (..., n, n) → (..., n, n)
 */
export function cholesky(A: Tensor, options: { upper?: boolean } = {}): Tensor {
  const [upper] = accept<[boolean]>('linalg_cholesky(Tensor A, bool upper=False)', A, options)
  return triangle(A, { upper })
}

/** Which parts of Q and R are wanted. */
export type QrMode = 'reduced' | 'complete' | 'r'

/**
 * A = Q R with orthogonal columns in Q and an upper triangle R: `[Q, R]`.
 * @shape (..., m, n) → ((..., m, k), (..., k, n)) with k = min(m, n)
 */
export function qr(A: Tensor, mode: QrMode | { mode?: QrMode } = 'reduced'): [Q: Tensor, R: Tensor] {
  const [kind] = accept<[QrMode]>("linalg_qr(Tensor A, str mode='reduced')", A, mode)
  if (A.sizes.length < 2) throw new RuntimeError('linalg.qr: The input tensor A must have at least 2 dimensions.')
  if (!['reduced', 'complete', 'r'].includes(kind)) {
    throw new RuntimeError(
      `qr received unrecognized mode '${kind}' but expected one of 'reduced' (default), 'r', or 'complete'`,
    )
  }
  requireFloating(A, 'qr')
  const results = computeQr(A, kind)
  if (isRecording() && tracked(A)) {
    recordOutputs('LinalgQrBackward0', A, results, (grads, x) => qrBackward(grads, x, kind), A)
  }
  return results
}

function computeQr(A: Tensor, mode: QrMode): [Tensor, Tensor] {
  const batch = A.sizes.slice(0, -2)
  const [m, n] = A.sizes.slice(-2) as [number, number]
  const k = mode === 'complete' ? m : Math.min(m, n)
  const count = numelOf(batch)
  const { data, offset } = rowMajor(A)
  const [Q, R] = [allocate(A.dtype, count * m * k), allocate(A.dtype, count * k * n)]
  for (let i = 0; i < count; i++) {
    const r = Float64Array.from(data.subarray(offset + i * m * n, offset + (i + 1) * m * n))
    const q = factorize.householder(r, m, n)
    for (let row = 0; row < m; row++) Q.set(q.subarray(row * m, row * m + k), (i * m + row) * k)
    R.set(r.subarray(0, k * n), i * k * n)
  }
  const q = mode === 'r' ? Tensor.zeros([0], A.dtype) : Tensor.own(Q, [...batch, m, k], A.dtype)
  return [q, Tensor.own(R, [...batch, k, n], A.dtype)]
}

function qrBackward([gQ, gR]: Tensor[], A: Tensor, mode: QrMode): Tensor {
  const [m, n] = A.sizes.slice(-2) as [number, number]
  if (mode === 'r') {
    throw new RuntimeError(
      "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use linalg.qr(A, mode='reduced') if you are going to differentiate through linalg.qr.",
    )
  }
  if (mode === 'complete' && m > n) {
    throw new RuntimeError("The QR decomposition is not differentiable when mode='complete' and nrows > ncols.")
  }
  const [Q, R] = qr(A)
  if (m >= n) return tallQrBackward(Q, R, gQ!, gR!)
  // A wide matrix is [X Y] with X = Q U, R = [U V] and V = Qᵀ Y.
  const [U, gU, gV, Y] = [R.narrow(-1, 0, m), gR!.narrow(-1, 0, m), gR!.narrow(-1, m, n - m), A.narrow(-1, m, n - m)]
  return cat([tallQrBackward(Q, U, gQ!.add(Y.matmul(gV.mT)), gU), Q.matmul(gV)], -1)
}

/** g_A = (g_Q + Q S) R⁻ᵀ, where the upper triangle of the symmetric S is that of g_R Rᵀ - Qᵀ g_Q. */
function tallQrBackward(Q: Tensor, R: Tensor, gQ: Tensor, gR: Tensor): Tensor {
  const upper = gR.matmul(R.mT).sub(Q.mT.matmul(gQ)).triu()
  const symmetric = upper.add(upper.mT).sub(upper.diagonal(0, -2, -1).diag_embed())
  return gQ.add(Q.matmul(symmetric)).matmul(R.inverse().mT)
}

// Linear equations.
import { allocate } from '../dtype'
import { LinAlgError, RuntimeError } from '../errors'
import { rowMajor } from '../kernels/map'
import { numelOf } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { eliminate, matrices, requireSquare } from './elimination'
import { needs, type Op, op2 } from './op'

const solveMatrix: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'LinalgSolveExBackward0',
  forward: (self, other) => {
    const n = requireSquare(self, 'solve')
    const isVector = other.sizes.length === 1
    if (self.sizes.length !== 2 || other.sizes.length > 2 || other.sizes[0] !== n) {
      throw new RuntimeError(
        `linalg.solve: Incompatible shapes of A and B for the equation AX = B (${self.sizes.join('x')} and ${[...other.sizes, ...(isVector ? [1] : [])].join('x')})`,
      )
    }
    const { data, offset } = rowMajor(other)
    const right = Float64Array.from(data.subarray(offset, offset + numelOf(other.sizes)))
    const { without } = eliminate(matrices(self, n)[0] ?? new Float64Array(0), right, n, isVector ? 1 : other.sizes[1]!)
    if (without !== null) {
      throw new LinAlgError('torch.linalg.solve: The solver failed because the input matrix is singular.')
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

/**
 * The X with A X = B, for a square matrix A and a vector or matrix B.
 * @shape (n, n), (n) → (n); (n, n), (n, k) → (n, k)
 */
export function solve(A: Tensor, B: Tensor): Tensor {
  accept('linalg_solve(Tensor A, Tensor B)', A, B)
  return solveMatrix(A, B)
}

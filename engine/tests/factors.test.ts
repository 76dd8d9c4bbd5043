// Factors of matrices multiply to the matrix, and have the derivatives that their values say.
import * as torch from '../index'

const A = torch.tensor(
  [
    [2, -1, 0.5],
    [0.25, 1, 3],
    [-1.5, 0.75, 1],
    [0.5, 2, -2],
  ],
  { dtype: torch.float64, requires_grad: true },
)
const positive = (a: torch.Tensor) =>
  a
    .t()
    .matmul(a)
    .add(torch.eye(3, { dtype: torch.float64 }))

test('L Lᵀ is the matrix, and L a lower triangle', () => {
  const L = torch.linalg.cholesky(positive(A))
  expect(torch.allclose(L.matmul(L.mT), positive(A))).toBe(true)
  expect(L.triu(1).eq(0).all().item()).toBe(true)
})

test.each(['reduced', 'complete'] as const)(
  'Q R is the matrix in the mode "%s", and columns of Q are orthogonal',
  (mode) => {
    for (const matrix of [A, A.t(), torch.stack([A, A.mul(2)])]) {
      const [Q, R] = torch.linalg.qr(matrix, mode)
      expect(torch.allclose(Q.matmul(R), matrix)).toBe(true)
      expect(torch.allclose(Q.mT.matmul(Q), torch.eye(Q.size(-1), { dtype: torch.float64 }))).toBe(true)
      expect(R.tril(-1).abs().lt(1e-12).all().item()).toBe(true)
    }
  },
)

test.each([
  ['the lower triangle', (a: torch.Tensor) => torch.linalg.cholesky(positive(a))],
  ['the upper triangle', (a: torch.Tensor) => torch.linalg.cholesky(positive(a), { upper: true })],
  ['a tall QR', (a: torch.Tensor) => torch.linalg.qr(a)],
  ['a wide QR', (a: torch.Tensor) => torch.linalg.qr(a.t())],
])('%s has the first and second derivative that its values say', (_name, f) => {
  expect(torch.autograd.gradcheck(f, A)).toBe(true)
  expect(torch.autograd.gradgradcheck(f, A)).toBe(true)
})

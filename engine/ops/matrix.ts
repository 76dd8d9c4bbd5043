// Diagonals and triangles of matrices.
import { RuntimeError } from '../errors'
import { numelOf, wrapDim } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { integers } from './integers'
import { type Op, op1 } from './op'
import { intoZeros } from './part'
import { refuseBool } from './unsupported'
import { type ViewOp, viewOp } from './view'

interface Diagonal {
  offset: number
  dim1: number
  dim2: number
}

const diagonalBackward = intoZeros<Diagonal>('DiagonalBackwardBackward0', (whole, args) => diagonalOf(whole, args))

const diagonalOf: ViewOp<Diagonal> = viewOp<Diagonal>({
  gradFn: 'DiagonalBackward0',
  geometry: ({ sizes, strides, offset: start }, { offset, dim1, dim2 }) => {
    const [rows, columns] = [sizes[dim1]!, sizes[dim2]!]
    const length = Math.max(0, offset >= 0 ? Math.min(rows, columns - offset) : Math.min(rows + offset, columns))
    const others = (_: number, d: number) => d !== dim1 && d !== dim2
    return [
      [...sizes.filter(others), length],
      [...strides.filter(others), strides[dim1]! + strides[dim2]!],
      length === 0 ? start : start + (offset >= 0 ? offset * strides[dim2]! : -offset * strides[dim1]!),
    ]
  },
  self: (grad, { selfSizes, args }) => diagonalBackward(grad, { sizes: selfSizes, args }),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      { offset: 1, dim1: 0, dim2: 1 },
    ],
  ],
})

/**
 * A view of the diagonal of two dimensions, as the last dimension; `offset` above (or, negative, below) the main one.
 * @shape (..., m, n) → (..., min(m, n)), for the two dimensions
 */
export function diagonal(
  self: Tensor,
  offset: number | DiagonalOptions = 0,
  dim1?: number | DiagonalOptions,
  dim2?: number,
): Tensor {
  const [above, first, second] = accept<[number, number, number]>(
    'diagonal(Tensor input, int offset=0, int dim1=0, int dim2=1)',
    self,
    offset,
    dim1,
    dim2,
  )
  const n = self.sizes.length
  const [a, b] = [wrapDim(first, n), wrapDim(second, n)]
  if (a === b) throw new RuntimeError(`diagonal dimensions cannot be identical ${first}, ${second}`)
  return diagonalOf(self, { offset: above, dim1: a, dim2: b })
}

/** Which diagonal, of which two dimensions. */
export interface DiagonalOptions {
  offset?: number
  dim1?: number
  dim2?: number
}

const embedded = op1<Diagonal>({
  gradFn: 'DiagEmbedBackward0',
  forward: (self, { offset, dim1, dim2 }) => {
    const n = self.sizes[self.sizes.length - 1]! + Math.abs(offset)
    const [first, second] = [Math.min(dim1, dim2), Math.max(dim1, dim2)]
    const sizes = self.sizes.slice(0, -1).toSpliced(first, 0, n).toSpliced(second, 0, n)
    const out = Tensor.zeros(sizes, self.dtype)
    out.diagonal(offset, dim1, dim2).copy_(self.detach())
    return out
  },
  self: (grad, { args: { offset, dim1, dim2 } }) => grad.diagonal(offset, dim1, dim2),
  samples: (t) => [[t([1, 2]), { offset: 1, dim1: 0, dim2: 1 }]],
})

/**
 * Matrices with the last dimension on their diagonals, in two dimensions (the last two, if not said).
 * @shape (..., n) → (..., n, n)
 */
export function diag_embed(
  self: Tensor,
  offset: number | DiagonalOptions = 0,
  dim1?: number | DiagonalOptions,
  dim2?: number,
): Tensor {
  const [above, first, second] = accept<[number, number, number]>(
    'diag_embed(Tensor input, int offset=0, int dim1=-2, int dim2=-1)',
    self,
    offset,
    dim1,
    dim2,
  )
  const n = self.sizes.length + 1
  const [a, b] = [wrapDim(first, n), wrapDim(second, n)]
  if (a === b) throw new RuntimeError(`diagonal dimensions cannot be identical ${first}, ${second}`)
  return embedded(self, { offset: above, dim1: a, dim2: b })
}

const diagonalCopy = op1<number>({
  gradFn: 'DiagonalBackward0_copy',
  forward: (self, offset) => self.detach().diagonal(offset).clone(),
  self: (grad, { selfSizes, args: offset }) =>
    diagonalBackward(grad, { sizes: selfSizes, args: { offset, dim1: 0, dim2: 1 } }),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      0,
    ],
  ],
})

/**
 * Of a matrix its diagonal, as a copy; of a vector the matrix with that diagonal.
 * @shape (n, m) → (min(n, m)), (n) → (n, n)
 */
export function diag(self: Tensor, diagonal: number | { diagonal?: number } = 0): Tensor {
  const [offset] = accept<[number]>('diag(Tensor input, int diagonal=0)', self, diagonal)
  if (self.sizes.length === 1) return diag_embed(self, offset)
  if (self.sizes.length === 2) return diagonalCopy(self, offset)
  throw new RuntimeError(`diag(): Supports 1D or 2D tensors. Got ${self.sizes.length}D`)
}

/**
 * The sum of the diagonal of a matrix.
 * @shape A → ()
 */
export const trace: Op<[self: Tensor]> = op1({
  gradFn: 'TraceBackward0',
  forward: (self) => {
    if (self.sizes.length !== 2)
      throw new RuntimeError(`trace: expected a matrix, but got tensor with dim ${self.sizes.length}`)
    refuseBool(self.dtype, 'trace')
    return self.detach().diagonal().sum()
  },
  self: (grad, { selfSizes }) => {
    const columns = selfSizes[1]!
    const places = integers(Array.from({ length: Math.min(...selfSizes) }, (_, k) => k * (columns + 1)))
    return grad
      .new_zeros([numelOf(selfSizes)])
      .index_fill(0, places, grad)
      .view(selfSizes)
  },
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
    ],
  ],
})

function triangle(name: string, gradFn: string, keeps: (row: number, column: number, diagonal: number) => boolean) {
  const op: Op<[self: Tensor, args: number]> = op1<number>({
    gradFn,
    forward: (self, diagonal) => {
      if (self.sizes.length < 2) {
        throw new RuntimeError(`${name}: input tensor must have at least 2 dimensions`)
      }
      const out = self.detach().contiguous().clone()
      const [rows, columns] = self.sizes.slice(-2) as [number, number]
      for (let i = 0; i < numelOf(self.sizes); i++) {
        if (!keeps(Math.floor(i / columns) % rows, i % columns, diagonal)) out.storage.data[out.offset + i] = 0
      }
      return out
    },
    self: (grad, { args: diagonal }) => op(grad, diagonal),
    samples: (t) => [
      [
        t([
          [1, 2],
          [3, 4],
        ]),
        0,
      ],
    ],
  })
  return op
}

const lower = triangle('tril', 'TrilBackward0', (row, column, diagonal) => column <= row + diagonal)
const upper = triangle('triu', 'TriuBackward0', (row, column, diagonal) => column >= row + diagonal)

/** @shape A → A */
type Triangle = (self: Tensor, diagonal?: number | { diagonal?: number }) => Tensor

function triangular(name: string, op: (self: Tensor, diagonal: number) => Tensor): Triangle {
  const signature = `${name}(Tensor input, int diagonal=0)`
  return (self, diagonal) => op(self, accept<[number]>(signature, self, diagonal)[0])
}

/** The lower triangle of matrices, 0 above `diagonal`. */
export const tril: Triangle = triangular('tril', lower)
/** The upper triangle of matrices, 0 below `diagonal`. */
export const triu: Triangle = triangular('triu', upper)
/** {@link tril} in place. */
export const tril_: Triangle = triangular('tril_', lower.inplace)
/** {@link triu} in place. */
export const triu_: Triangle = triangular('triu_', upper.inplace)

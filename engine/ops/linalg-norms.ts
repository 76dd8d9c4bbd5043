// torch.linalg's norms: of vectors, of matrices, or whichever the shape suggests.
import { NotImplementedError, RuntimeError } from '../errors'
import { wrapDim, wrapDims } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { requireNormed } from './along'
import { vectorNorm } from './vector-norm'

/** What norms accept by name. */
export interface NormOptions {
  ord?: number | 'fro' | 'nuc' | null
  dim?: number | readonly number[] | null
  keepdim?: boolean
}

type Dim = number | readonly number[] | null

/**
 * The `ord`-norm (2 unless said) of all elements, or along dimensions.
 * @shape A → () or A without dim
 */
export function vector_norm(
  x: Tensor,
  ord: number | NormOptions = 2,
  dim?: Dim | NormOptions,
  options?: NormOptions,
): Tensor {
  const [p, along, keepdim] = accept<[number, Dim, boolean]>(
    'linalg_vector_norm(Tensor x, float ord=2, ints dim=None, bool keepdim=False)',
    x,
    ord,
    dim,
    options,
  )
  requireNormed(x)
  return vectorNorm(x, { p, dims: wrapDims(along, x.sizes.length), keepdim })
}

/**
 * A norm of matrices: 'fro' (unless said), the largest sum of a column (1) or row (inf), the smallest (-1, -inf).
 * @shape (..., m, n) → (...)
 */
export function matrix_norm(
  A: Tensor,
  ord: number | 'fro' | 'nuc' | NormOptions = 'fro',
  dim: readonly number[] | NormOptions = [-2, -1],
  options?: NormOptions,
): Tensor {
  const [p, dims, keepdim] = accept<[number | string, readonly number[], boolean]>(
    'linalg_matrix_norm(Tensor A, any ord, tuple dim, bool keepdim=False)',
    A,
    typeof ord === 'object' && ord !== null ? (ord.ord ?? 'fro') : ord,
    Array.isArray(dim)
      ? dim
      : (((typeof ord === 'object' && ord !== null ? ord : (dim as NormOptions))?.dim as number[]) ?? [-2, -1]),
    { keepdim: keepdimOf(ord, dim, options) },
  )
  if (A.sizes.length < 2)
    throw new RuntimeError('linalg.matrix_norm: The input tensor A must have at least 2 dimensions.')
  if (dims.length !== 2) {
    throw new RuntimeError(`linalg.matrix_norm: dim must be a 2-tuple. Got ${dims.join(', ')}`)
  }
  const [row, column] = dims.map((d) => wrapDim(d, A.sizes.length)) as [number, number]
  if (p === 'fro') return vectorNorm(A, { p: 2, dims: wrapDims(dims, A.sizes.length), keepdim })
  if (p === 'nuc' || p === 2 || p === -2) {
    throw new NotImplementedError(
      `linalg.matrix_norm: order ${p} needs singular values, which this engine does not compute`,
    )
  }
  if (typeof p !== 'number' || ![1, Number.POSITIVE_INFINITY].includes(Math.abs(p))) {
    throw new RuntimeError(`linalg.matrix_norm: Order ${p} not supported.`)
  }
  // Sums along one dimension, then the extreme one; a dimension that went away shifts those after it.
  const [summed, left] = Math.abs(p) === 1 ? [row, column] : [column, row]
  const sums = A.abs().sum(summed, { keepdim })
  const rest = keepdim || left < summed ? left : left - 1
  if (A.sizes[left] === 0) return sums.sum(rest, { keepdim }) // the largest of nothing is 0 here
  return p > 0 ? sums.amax(rest, { keepdim }) : sums.amin(rest, { keepdim })
}

function keepdimOf(...given: unknown[]): boolean {
  for (const one of given) {
    if (typeof one === 'object' && one !== null && 'keepdim' in one) return (one as NormOptions).keepdim ?? false
  }
  return false
}

/**
 * {@link vector_norm} without an order or along one dimension, {@link matrix_norm} of a matrix with an order or of two dimensions.
 * @shape A → () or A without dim
 */
export function norm(
  A: Tensor,
  ord: number | 'fro' | 'nuc' | null | NormOptions = null,
  dim?: Dim | NormOptions,
  options?: NormOptions,
): Tensor {
  const [order, along, keepdim] = accept<[number | string | null, Dim, boolean]>(
    'linalg_norm(Tensor A, any ord=None, ints dim=None, bool keepdim=False)',
    A,
    ord,
    dim,
    options,
  )
  const isMatrix = along === null ? order !== null && A.sizes.length === 2 : Array.isArray(along) && along.length === 2
  if (isMatrix && order !== null) {
    return matrix_norm(A, order as 'fro', (along as readonly number[] | null) ?? [0, 1], { keepdim })
  }
  if (typeof order === 'string') throw new RuntimeError('linalg.norm: A must be a matrix for this order')
  return vector_norm(A, order ?? 2, along, { keepdim })
}

/**
 * The inner products of vectors along a dimension (the last).
 * @shape A, A → A without dim
 */
export function vecdot(x: Tensor, y: Tensor, options: { dim?: number } = {}): Tensor {
  const [, dim] = accept<[Tensor, number]>('linalg_vecdot(Tensor x, Tensor y, int dim=-1)', x, y, options)
  return x.mul(y).sum(dim)
}

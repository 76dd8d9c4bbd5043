// Views with the dimensions in another order.
import { RuntimeError } from '../errors'
import { formatSizes, type Sizes, wrapDim } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { alias } from './basic'
import { checkedSizes, reviewInplace, type SizeArgs, type ViewOp, viewOp } from './view'

const swap = (gradFn: string, back: (grad: Tensor, args: [number, number]) => Tensor) =>
  viewOp<[number, number]>({
    gradFn,
    geometry: ({ sizes, strides, offset }, [a, b]) => [swapped(sizes, a, b), swapped(strides, a, b), offset],
    self: (grad, { args }) => back(grad, args),
    samples: (t) => [[t([[1, 2, 3]]), [0, 1]]],
  })

function swapped(list: Sizes, a: number, b: number): Sizes {
  if (a === b) return list
  const out = [...list]
  out[a] = list[b]!
  out[b] = list[a]!
  return out
}

const transposeDims = swap('TransposeBackward0', (grad, [a, b]) => grad.transpose(a, b))
const transposeMatrix = swap('TBackward0', (grad) => grad.t())

/**
 * Dimensions taken out and put in at other places; the others keep their order.
 * @shape A → the sizes of A in the order of dims
 */
export function movedim(
  self: Tensor,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  accept('movedim(Tensor input, ints source, ints destination)', self, source, destination)
  const n = self.sizes.length
  const [from, to] = [source, destination].map((dims) =>
    (typeof dims === 'number' ? [dims] : dims).map((d) => wrapDim(d, n)),
  )
  if (from!.length !== to!.length) {
    throw new RuntimeError(
      `movedim: Invalid source or destination dims: source (${formatSizes(from!)} dims) should contain the same number of dims as destination (${formatSizes(to!)} dims)`,
    )
  }
  for (const [name, dims] of Object.entries({ source: from!, destination: to! })) {
    if (new Set(dims).size < dims.length) {
      throw new RuntimeError(`movedim: repeated dim in \`${name}\` (${formatSizes(dims)})`)
    }
  }
  if (n === 0) return alias(self)
  const rest = self.sizes.map((_, d) => d).filter((d) => !from!.includes(d))
  return self.permute(self.sizes.map((_, d) => (to!.includes(d) ? from![to!.indexOf(d)]! : rest.shift()!)))
}

/**
 * Two dimensions exchanged.
 * @shape A → the sizes of A with the two exchanged
 */
export function transpose(self: Tensor, dim0: number, dim1: number): Tensor {
  accept('transpose(Tensor input, int dim0, int dim1)', self, dim0, dim1)
  const n = self.sizes.length
  return transposeDims(self, [wrapDim(dim0, n), wrapDim(dim1, n)])
}

/**
 * The transpose of a matrix; a vector or scalar stays as it is.
 * @shape (m, n) → (n, m); (n) → (n); () → ()
 */
export function t(self: Tensor): Tensor {
  accept('t(Tensor input)', self)
  const n = self.sizes.length
  if (n > 2) throw new RuntimeError(`t() expects a tensor with <= 2 dimensions, but self is ${n}D`)
  return transposeMatrix(self, [0, n < 2 ? 0 : 1])
}

const permuteDims: ViewOp<readonly number[]> = viewOp<readonly number[]>({
  gradFn: 'PermuteBackward0',
  geometry: ({ sizes, strides, offset }, dims) => [dims.map((d) => sizes[d]!), dims.map((d) => strides[d]!), offset],
  self: (grad, { args: dims }) =>
    permuteDims(
      grad,
      dims.map((_, d) => dims.indexOf(d)),
    ),
  samples: (t) => [[t([[[1, 2, 3]]]), [2, 0, 1]]],
})

/**
 * The dimensions in another order.
 * @shape A → the sizes of A in the order of dims
 */
export function permute(self: Tensor, ...dims: SizeArgs): Tensor {
  const order = checkedSizes('permute', self, dims, 'dims')
  const n = self.sizes.length
  if (order.length !== n) {
    throw new RuntimeError(
      `permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = ${n} is not equal to len(dims) = ${order.length}`,
    )
  }
  const wrapped = order.map((d) => wrapDim(d, n))
  if (new Set(wrapped).size !== n) throw new RuntimeError('permute(): duplicate dims are not allowed.')
  return permuteDims(self, wrapped)
}

const swapInplace = (gradFn: string, back: (grad: Tensor, args: [number, number]) => Tensor) =>
  reviewInplace<[number, number]>(
    gradFn,
    ({ sizes, strides, offset }, [a, b]) => [swapped(sizes, a, b), swapped(strides, a, b), offset],
    (grad, { args }) => back(grad, args),
  )

const transposeMatrix_ = swapInplace('TBackward1', (grad) => grad.t())
const transposeDims_ = swapInplace('TransposeBackward1', (grad, [a, b]) => grad.transpose(a, b))

/** {@link t} in place: the tensor itself changes its shape. */
export function t_(self: Tensor): Tensor {
  accept('t_(Tensor input)', self)
  const n = self.sizes.length
  if (n > 2) throw new RuntimeError(`t_() expects a tensor with <= 2 dimensions, but self is ${n}D`)
  return transposeMatrix_(self, [0, n < 2 ? 0 : 1])
}

/** {@link transpose} in place: the tensor itself changes its shape. */
export function transpose_(self: Tensor, dim0: number, dim1: number): Tensor {
  accept('transpose_(Tensor input, int dim0, int dim1)', self, dim0, dim1)
  const n = self.sizes.length
  return transposeDims_(self, [wrapDim(dim0, n), wrapDim(dim1, n)])
}

/**
 * {@link Tensor.mT}: the last two dimensions exchanged.
 * @shape (..., m, n) → (..., n, m)
 */
export function adjoint(self: Tensor): Tensor {
  accept('adjoint(Tensor input)', self)
  return transpose(self, -2, -1)
}

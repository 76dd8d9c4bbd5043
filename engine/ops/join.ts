// Tensors put together: cat and stack.
import { wrongType } from '../arguments'
import { tracked } from '../autograd/graph'
import { recordMany } from '../autograd/lists'
import { isRecording } from '../autograd/mode'
import { promoteTypes } from '../dtype'
import { PythonTypeError, pythonType, RuntimeError, ValueError } from '../errors'
import { assign } from '../kernels/map'
import { formatSizes, layoutOf, sameSizes, wrapDim } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'

/**
 * Tensors one after the other along a dimension; their other sizes agree.
 * @shape A each, sizes along dim may differ → A with their sum along dim
 */
export function cat(given: readonly Tensor[], dim: number | { dim?: number } = 0): Tensor {
  requireList(given, 'cat')
  // An empty vector fits anything, and adds nothing.
  const filled = given.filter(({ sizes }) => sizes.length !== 1 || sizes[0] !== 0)
  const tensors = filled.length > 0 ? filled : given
  const first = tensors[0]
  if (first === undefined) throw new ValueError('torch.cat(): expected a non-empty list of Tensors')
  const [along] = accept<[number]>('cat(any tensors, int dim=0)', tensors, dim)
  const d = wrapDim(along, first.sizes.length)
  tensors.forEach((t, k) => {
    checkCat(first, t, k, d)
  })
  const dtype = tensors.map((t) => t.dtype).reduce(promoteTypes)
  const starts: number[] = []
  let total = 0
  for (const t of tensors) {
    starts.push(total)
    total += t.sizes[d] ?? 0
  }
  const result = Tensor.zeros(first.sizes.with(d, total), dtype)
  tensors.forEach((t, k) => {
    const place = new Tensor(result.storage, layoutOf(t.sizes, result.strides, dtype), starts[k]! * result.strides[d]!)
    assign(place, t)
  })
  if (isRecording() && tensors.some(tracked)) {
    recordMany('CatBackward0', result, tensors, (grad, k) => grad.narrow(d, starts[k]!, tensors[k]!.sizes[d]!))
  }
  return result
}

function requireList(tensors: unknown, name: string): void {
  if (!Array.isArray(tensors)) throw wrongType(name, 'tensors', 'tuple of Tensors', tensors)
  tensors.forEach((t, k) => {
    if (!(t instanceof Tensor)) {
      throw new PythonTypeError(
        `expected Tensor as element ${k} in argument 0, but got ${pythonType(t)}`,
        t === null
          ? 'null stands in the list. The .grad of a tensor that was computed is null, and of one that no walk has come to.'
          : `${name} joins tensors: torch.${name}([a, b]).`,
      )
    }
  })
}

function checkCat(first: Tensor, t: Tensor, k: number, dim: number): void {
  if (t.sizes.length === 0) throw new RuntimeError(`zero-dimensional tensor (at position ${k}) cannot be concatenated`)
  if (t.sizes.length !== first.sizes.length) {
    throw new RuntimeError(
      `Tensors must have same number of dimensions: got ${first.sizes.length} and ${t.sizes.length}`,
    )
  }
  t.sizes.forEach((size, d) => {
    if (d !== dim && size !== first.sizes[d]) {
      throw new RuntimeError(
        `Sizes of tensors must match except in dimension ${dim}. Expected size ${first.sizes[d]} but got size ${size} for tensor number ${k} in the list.`,
      )
    }
  })
}

/**
 * Tensors of one shape side by side along a new dimension.
 * @shape A each → A with their number at dim
 */
export function stack(tensors: readonly Tensor[], dim: number | { dim?: number } = 0): Tensor {
  requireList(tensors, 'stack')
  const first = tensors[0]
  if (first === undefined) throw new RuntimeError('stack expects a non-empty TensorList')
  const [along] = accept<[number]>('stack(any tensors, int dim=0)', tensors, dim)
  const d = wrapDim(along, first.sizes.length + 1)
  tensors.forEach((t, k) => {
    if (!sameSizes(t.sizes, first.sizes)) {
      throw new RuntimeError(
        `stack expects each tensor to be equal size, but got ${formatSizes(first.sizes)} at entry 0 and ${formatSizes(t.sizes)} at entry ${k}`,
      )
    }
  })
  const dtype = tensors.map((t) => t.dtype).reduce(promoteTypes)
  const result = Tensor.zeros(first.sizes.toSpliced(d, 0, tensors.length), dtype)
  const strides = result.strides.toSpliced(d, 1)
  tensors.forEach((t, k) => {
    assign(new Tensor(result.storage, layoutOf(t.sizes, strides, dtype), k * result.strides[d]!), t)
  })
  if (isRecording() && tensors.some(tracked)) {
    recordMany('StackBackward0', result, tensors, (grad, k) => grad.select(d, k))
  }
  return result
}

/**
 * Vectors one after the other, or anything else side by side along dimension 1.
 * @shape A each → as cat along dimension 1, or 0 of vectors
 */
export function hstack(tensors: readonly Tensor[]): Tensor {
  requireList(tensors, 'hstack')
  return cat(tensors, tensors[0]?.sizes.length === 1 ? 0 : 1)
}

/**
 * Rows below each other.
 * @shape A each → as cat along dimension 0
 */
export function vstack(tensors: readonly Tensor[]): Tensor {
  requireList(tensors, 'vstack')
  return cat(
    tensors.map((t) => (t.sizes.length === 1 ? t.unsqueeze(0) : t)),
    0,
  )
}

// Tensors put together in ways built on cat and stack, and shapes brought together.
import { wrongType } from '../arguments'
import { tracked } from '../autograd/graph'
import { recordMany } from '../autograd/lists'
import { isRecording } from '../autograd/mode'
import { allocate, bool, promoteTypes } from '../dtype'
import { RuntimeError } from '../errors'
import { assign } from '../kernels/map'
import { broadcastSizes, formatSizes, type Sizes, sameSizes } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { cat, stack } from './join'

/** Several tensors as arguments, or one list of them. */
export type TensorArgs = (Tensor | readonly Tensor[])[]

function listOf(name: string, args: TensorArgs): readonly Tensor[] {
  const list = (args.length === 1 && Array.isArray(args[0]) ? args[0] : args) as readonly Tensor[]
  accept(`${name}(Tensors tensors)`, list)
  if (list.length === 0) throw new RuntimeError(`${name} expects a non-empty TensorList`)
  return list
}

/**
 * Vectors as the columns of a matrix; matrices side by side.
 * @shape (n) or (n, k) each → (n, columns)
 */
export function column_stack(tensors: readonly Tensor[]): Tensor {
  return cat(
    listOf('column_stack', [tensors]).map((t) => (t.sizes.length <= 1 ? t.reshape([t.numel(), 1]) : t)),
    1,
  )
}

/**
 * Stacked along the third dimension, which is made where it is missing.
 * @shape each stacked along dimension 2
 */
export function dstack(tensors: readonly Tensor[]): Tensor {
  return cat(listOf('dstack', [tensors]).map(atLeast3), 2)
}

/**
 * At least one dimension.
 * @shape A → A, with 1 where dimensions are missing
 */
export function atleast_1d(self: Tensor): Tensor {
  accept('atleast_1d(Tensor input)', self)
  return self.sizes.length === 0 ? self.reshape([1]) : self
}

/**
 * At least two dimensions: a vector becomes a row.
 * @shape A → A, with 1 where dimensions are missing
 */
export function atleast_2d(self: Tensor): Tensor {
  accept('atleast_2d(Tensor input)', self)
  return self.sizes.length === 0 ? self.reshape([1, 1]) : self.sizes.length === 1 ? self.unsqueeze(0) : self
}

function atLeast3(t: Tensor): Tensor {
  const n = t.sizes.length
  if (n === 0) return t.reshape([1, 1, 1])
  if (n === 1) return t.unsqueeze(0).unsqueeze(-1)
  return n === 2 ? t.unsqueeze(-1) : t
}

/**
 * At least three dimensions: a matrix gets a last one of size 1.
 * @shape A → A, with 1 where dimensions are missing
 */
export function atleast_3d(self: Tensor): Tensor {
  accept('atleast_3d(Tensor input)', self)
  return atLeast3(self)
}

/**
 * Matrices along the diagonal of a larger one, 0 elsewhere.
 * @shape (m, n) each → (Σ m, Σ n)
 */
export function block_diag(...tensors: TensorArgs): Tensor {
  const list = listOf('block_diag', tensors)
  const blocks = list.map((t) => {
    if (t.sizes.length > 2) {
      throw new RuntimeError(
        `torch.block_diag: Input tensors must have 2 or fewer dimensions. Input ${list.indexOf(t)} has ${t.sizes.length} dimensions`,
      )
    }
    return (t.sizes.length === 2 ? t.sizes : [1, t.numel()]) as readonly [number, number]
  })
  const total = (side: 0 | 1) => blocks.reduce((sum, block) => sum + block[side], 0)
  const dtype = list.map((t) => t.dtype).reduce(promoteTypes)
  const result = Tensor.zeros([total(0), total(1)], dtype)
  const starts = blocks.map((_, k) =>
    [0, 1].map((side) => blocks.slice(0, k).reduce((sum, b) => sum + b[side as 0]!, 0)),
  )
  const place = (whole: Tensor, k: number) =>
    whole.narrow(0, starts[k]![0]!, blocks[k]![0]).narrow(1, starts[k]![1]!, blocks[k]![1])
  list.forEach((t, k) => {
    assign(place(result, k), t.detach().reshape(blocks[k]!))
  })
  if (isRecording() && list.some(tracked)) {
    // What remains of a vector's row the sweep takes away.
    recordMany('BlockDiagBackward0', result, list, (grad, k) =>
      Array.from({ length: 2 - list[k]!.sizes.length }).reduce<Tensor>((part) => part.squeeze(-1), place(grad, k)),
    )
  }
  return result
}

function commonSizes(list: readonly Tensor[]): Sizes {
  return list.map((t) => t.sizes).reduce(broadcastSizes, [])
}

/**
 * All expanded to their common shape.
 * @shape A, B, ... → their broadcast shape, each
 */
export function broadcast_tensors(...tensors: TensorArgs): Tensor[] {
  const list = listOf('broadcast_tensors', tensors)
  const sizes = commonSizes(list)
  return list.map((t) => (sameSizes(t.sizes, sizes) ? t : t.expand(sizes)))
}

/** The shape to which shapes broadcast. */
export function broadcast_shapes(...shapes: (readonly number[] | number)[]): number[] {
  for (const shape of shapes) {
    if (typeof shape !== 'number' && !Array.isArray(shape))
      throw wrongType('broadcast_shapes', 'shapes', 'tuple of ints', shape)
  }
  const lists = shapes.map((shape) => (typeof shape === 'number' ? [shape] : shape))
  const result = new Array<number>(Math.max(0, ...lists.map(({ length }) => length))).fill(1)
  for (const [k, list] of lists.entries()) {
    for (let d = -1; d >= -list.length; d--) {
      const [size, sofar] = [list.at(d)!, result.at(d)!]
      if (size === 1 || size === sofar) continue
      if (sofar !== 1) {
        const shape = `(${list.join(', ')}${list.length === 1 ? ',' : ''})`
        throw new RuntimeError(
          `Attempting to broadcast a dimension of length ${size} at ${d}! Mismatching argument at index ${k} had ${shape}; but expected shape should be broadcastable to ${formatSizes(result)}`,
        )
      }
      result[result.length + d] = size
    }
  }
  return result
}

/**
 * Coordinates of a grid: for each vector its values over all dimensions; 'xy' exchanges the first two.
 * @shape (n), (m), ... → (n, m, ...) each
 */
export function meshgrid(...args: (Tensor | readonly Tensor[] | { indexing?: 'ij' | 'xy' })[]): Tensor[] {
  const last = args[args.length - 1]
  const hasOptions = typeof last === 'object' && last !== null && !Array.isArray(last) && !(last instanceof Tensor)
  const indexing = hasOptions ? ((last as { indexing?: string }).indexing ?? 'ij') : 'ij'
  const list = listOf('meshgrid', (hasOptions ? args.slice(0, -1) : args) as TensorArgs)
  if (indexing !== 'ij' && indexing !== 'xy') {
    throw new RuntimeError(`torch.meshgrid: indexing must be one of "xy" or "ij", but received: ${indexing}`)
  }
  for (const t of list) {
    if (t.sizes.length > 1) {
      throw new RuntimeError(`torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: ${t}`)
    }
    if (t.dtype !== list[0]!.dtype) throw new RuntimeError('meshgrid expects all tensors to have the same dtype')
  }
  const swaps = indexing === 'xy' && list.length >= 2
  const ordered = swaps ? [list[1]!, list[0]!, ...list.slice(2)] : list
  const sizes = ordered.map((t) => t.numel())
  const grids = ordered.map((t, k) => t.reshape(sizes.map((size, d) => (d === k ? size : 1))).expand(sizes))
  return swaps ? [grids[1]!, grids[0]!, ...grids.slice(2)].map((grid) => grid) : grids
}

/**
 * All pairs (triples, …) of elements, one of each vector, as rows.
 * @shape (n), (m), ... → (n · m · ..., vectors)
 */
export function cartesian_prod(...tensors: TensorArgs): Tensor {
  const list = listOf('cartesian_prod', tensors)
  if (list.length === 1) return list[0]!
  return stack(
    meshgrid(list).map((grid) => grid.flatten()),
    1,
  )
}

/**
 * All choices of `r` elements of a vector, as rows, in order.
 * @shape (n) → (choices, r)
 */
export function combinations(
  input: Tensor,
  r: number | { r?: number; with_replacement?: boolean } = 2,
  with_replacement?: boolean | { with_replacement?: boolean },
): Tensor {
  const [length, again] = accept<[number, boolean]>(
    'combinations(Tensor input, int r=2, bool with_replacement=False)',
    input,
    r,
    with_replacement,
  )
  if (input.sizes.length !== 1) throw new RuntimeError(`Expect a 1D vector, but got shape [${input.sizes.join(', ')}]`)
  if (length < 0) throw new RuntimeError(`Expect a non-negative number, but got ${length}`)
  const choices: number[][] = []
  const choose = (chosen: number[], from: number) => {
    if (chosen.length === length) choices.push(chosen)
    else for (let k = from; k < input.sizes[0]!; k++) choose([...chosen, k], again ? k : k + 1)
  }
  choose([], 0)
  if (length === 0 || choices.length === 0) return input.new_empty([choices.length === 0 ? 0 : 0, length])
  // As PyTorch has it: the grid of all tuples, column by column, without those that are no combination.
  const n = input.sizes[0]!
  const isChosen = allocate(bool, n ** length)
  for (const choice of choices) isChosen[choice.reduce((place, k) => place * n + k, 0)] = 1
  const mask = Tensor.own(isChosen, Array<number>(length).fill(n), bool)
  const grid = meshgrid(Array<Tensor>(length).fill(input), { indexing: 'ij' })
  return stack(
    grid.map((axis) => axis.masked_select(mask)),
    1,
  )
}

export {
  /** {@link cat}. */ cat as concat,
  /** {@link cat}. */ cat as concatenate,
  /** {@link vstack}. */ vstack as row_stack,
} from './join'

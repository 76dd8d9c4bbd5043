// Which elements a reduction brings together: its arguments, and the rows that they make.
import { requireKeywords, requireSizes, requireTensor, wrongType } from '../arguments'
import { allocate, type DType } from '../dtype'
import { IndexError, RuntimeError } from '../errors'
import { fastestFirst } from '../kernels/layout'
import { rowMajor } from '../kernels/map'
import { layoutOf, numelOf, reducedSizes, type Sizes, wrapDims } from '../shape'
import { Tensor } from '../tensor'

/** Which dimensions to reduce (all of them if not said), and whether they stay as size 1. */
export interface ReduceOptions {
  dim?: number | readonly number[] | null
  keepdim?: boolean
  dtype?: DType
}

/**
 * `x.sum()`, `x.sum(0)`, `x.sum([0, 1], { keepdim: true })`, `x.sum({ dim: 0 })`, `x.sum(0, true)`.
 * @shape A → () or A without dim
 */
export type Reduce = (
  self: Tensor,
  dim?: number | readonly number[] | null | ReduceOptions,
  keepdim?: boolean | ReduceOptions,
) => Tensor

export interface Along {
  dims: readonly number[]
  keepdim: boolean
}

type DimArgument = Parameters<Reduce>[1]
type KeepdimArgument = Parameters<Reduce>[2]

export function isOptions(value: unknown): value is ReduceOptions {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What was asked for; `along` is null for a reduction of everything. */
export function parseReduce(
  self: Tensor,
  dim: DimArgument,
  keepdim: KeepdimArgument,
  name: string,
): { readonly along: Along | null; readonly dtype?: DType } {
  requireTensor(self, name, 'input')
  if (dim === undefined && keepdim === undefined) return EVERYTHING
  const options = isOptions(dim) ? dim : isOptions(keepdim) ? keepdim : NO_OPTIONS
  if (options !== NO_OPTIONS) requireKeywords(options, REDUCE_KEYWORDS, name)
  const dims = isOptions(dim) ? dim.dim : (dim ?? options.dim)
  requireDims(dims, name)
  const keep = typeof keepdim === 'boolean' ? keepdim : (options.keepdim ?? false)
  if (typeof keep !== 'boolean') throw wrongType(name, 'keepdim', 'bool', keep)
  const all = (dims === undefined || dims === null) && !keep
  return { along: all ? null : { dims: wrapDims(dims, self.sizes.length), keepdim: keep }, dtype: options.dtype }
}

const EVERYTHING = { along: null }
const NO_OPTIONS: ReduceOptions = {}
const REDUCE_KEYWORDS = ['dim', 'keepdim', 'dtype', 'p']

/** Refuses what is no dimension and no list of them. */
export function requireDims(dims: unknown, name: string): void {
  if (dims === undefined || dims === null || Number.isInteger(dims)) return
  if (!Array.isArray(dims)) throw wrongType(name, 'dim', 'int', dims)
  requireSizes(dims, name, 'dim')
}

/** A gradient of a reduction, stretched over what was reduced. */
export function spread(grad: Tensor, sizes: Sizes, { dims, keepdim }: Along): Tensor {
  return restoreDims(grad, sizes, dims, keepdim).expand(sizes)
}

/** The reduced dimensions put back as size 1. */
export function restoreDims(t: Tensor, sizes: Sizes, dims: readonly number[], keepdim: boolean): Tensor {
  if (keepdim || sizes.length === 0) return t
  return dims.reduce((out, d) => out.unsqueeze(d), t)
}

/** The elements arranged so that those which are reduced together lie side by side: `count` rows of `length`. */
export function rows(self: Tensor, dims: readonly number[]) {
  const { sizes } = self
  const kept = sizes.map((_, d) => d).filter((d) => !dims.includes(d))
  const order = [...kept, ...dims]
  const arranged = new Tensor(
    self.storage,
    layoutOf(
      order.map((d) => sizes[d]!),
      order.map((d) => self.strides[d]!),
      self.dtype,
    ),
    self.offset,
  )
  const length = numelOf(dims.map((d) => sizes[d]!))
  return { ...rowMajor(arranged), length, count: numelOf(kept.map((d) => sizes[d]!)) }
}

/** One number for each row, by a function of the data and where the row begins. */
export function reduceRows(
  self: Tensor,
  { dims, keepdim }: Along,
  dtype: DType,
  reduce: (data: ArrayLike<number>, start: number, length: number) => number,
): Tensor {
  const { data, offset, length, count } = rows(self, dims)
  const out = allocate(dtype, count)
  for (let i = 0; i < count; i++) out[i] = reduce(data, offset + i * length, length)
  return Tensor.own(out, reducedSizes(self.sizes, dims, keepdim), dtype)
}

/** Where everything is reduced, PyTorch walks through the elements as they lie in memory. */
export function inMemoryOrder(self: Tensor, dims: readonly number[]): readonly number[] {
  return dims.length < self.sizes.length ? dims : fastestFirst(self.sizes, [self.strides]).reverse()
}

export function everything(self: Tensor): Along {
  return { dims: self.sizes.map((_, d) => d), keepdim: false }
}

/** The gradient of one element that was chosen of all, shared evenly among its equals. */
export function distributed(grad: Tensor, self: Tensor, result: Tensor): Tensor {
  const mask = result.isnan().item() ? self.isnan() : self.eq(result)
  return grad.new_zeros(self.sizes).masked_fill(mask, grad.div(mask.sum()))
}

/** Refuses to choose one of no elements. */
export function requireElements(self: Tensor, dim: number, name: string): void {
  if (self.sizes[dim] !== 0) return
  throw new IndexError(`${name}(): Expected reduction dim ${dim} to have non-zero size.`)
}

/** The same as {@link requireFloating} for norms, which have words of their own. */
export function requireNormed(self: Tensor): void {
  if (self.dtype.is_floating_point) return
  throw new RuntimeError(
    `linalg.vector_norm: Expected a floating point or complex tensor as input. Got ${self.dtype.legacyName}`,
  )
}

/** Refuses integers, for which the reduction has no exact answer. */
export function requireFloating(self: Tensor, name: string): void {
  if (self.dtype.is_floating_point) return
  throw new RuntimeError(
    `${name}(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ${self.dtype.legacyName}`,
    `A mean of ${self.dtype} values would not be whole; say x.to(torch.float32) first.`,
  )
}

// A tensor cut into several views along a dimension.
import { tracked } from '../autograd/graph'
import { recordOutputs } from '../autograd/lists'
import { isRecording } from '../autograd/mode'
import { IndexError, RuntimeError } from '../errors'
import { wrapDim } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { cat, stack } from './join'
import { sliceRange } from './part'
import { viewOf } from './view'

function severalViews(gradFn: string, self: Tensor, views: Tensor[], vjp: (grads: Tensor[]) => Tensor): Tensor[] {
  for (const view of views) view._view!.kind = 'several outputs'
  if (isRecording() && tracked(self)) recordOutputs(gradFn, self, views, vjp)
  return views
}

function pieces(gradFn: string, self: Tensor, lengths: readonly number[], dim: number): Tensor[] {
  const { sizes, strides } = self
  let start = 0
  const views = lengths.map((length) => {
    const view = viewOf(self, [sizes.with(dim, length), strides, self.offset + start * strides[dim]!])
    start += length
    return view
  })
  return severalViews(gradFn, self, views, (grads) => cat(grads, dim))
}

function equalLengths(size: number, length: number): number[] {
  const lengths: number[] = []
  for (let start = 0; start < size; start += length) lengths.push(Math.min(length, size - start))
  return lengths.length > 0 ? lengths : [0]
}

/**
 * Views of `split_size` neighbours each (the last may be shorter), or of the lengths in a list.
 * @shape A → A with split_size along dim, each
 */
export function split(
  self: Tensor,
  split_size: number | readonly number[],
  dim: number | { dim?: number } = 0,
): Tensor[] {
  const [, along] = accept<[unknown, number]>('split(Tensor input, ints split_size, int dim=0)', self, split_size, dim)
  if (self.sizes.length === 0) throw new RuntimeError('split expects at least a 1-dimensional tensor')
  const d = wrapDim(along, self.sizes.length)
  const size = self.sizes[d]!
  if (typeof split_size === 'number') {
    if (split_size < 0)
      throw new RuntimeError(`split expects split_size be non-negative, but got split_size=${split_size}`)
    if (split_size === 0 && size !== 0) {
      throw new RuntimeError(`split_size can only be 0 if dimension size is 0, but got dimension size of ${size}`)
    }
    return pieces('SplitBackward0', self, equalLengths(size, split_size || 1), d)
  }
  if (split_size.some((length) => length < 0)) {
    throw new RuntimeError(
      `split_with_sizes expects split_sizes have only non-negative entries, but got split_sizes=[${split_size.join(', ')}]`,
    )
  }
  if (split_size.reduce((a, b) => a + b, 0) !== size) {
    throw new RuntimeError(
      `split_with_sizes expects split_sizes to sum exactly to ${size} (input tensor's size at dimension ${d}), but got split_sizes=[${split_size.join(', ')}]`,
    )
  }
  return pieces('SplitWithSizesBackward0', self, split_size, d)
}

/**
 * At most `chunks` views of equal length (the last may be shorter).
 * @shape A → A with fewer along dim, each
 */
export function chunk(self: Tensor, chunks: number, dim: number | { dim?: number } = 0): Tensor[] {
  const [, along] = accept<[number, number]>('chunk(Tensor input, int chunks, int dim=0)', self, chunks, dim)
  if (self.sizes.length === 0) throw new RuntimeError('chunk expects at least a 1-dimensional tensor')
  if (chunks <= 0) throw new RuntimeError(`chunk expects \`chunks\` to be greater than 0, got: ${chunks}`)
  const d = wrapDim(along, self.sizes.length)
  const size = self.sizes[d]!
  return size === 0 ? split_with_sizes(self, new Array(chunks).fill(0), d) : split(self, Math.ceil(size / chunks), d)
}

/**
 * One view for each index of a dimension, which goes away.
 * @shape A → A without dim, each
 */
export function unbind(self: Tensor, dim: number | { dim?: number } = 0): Tensor[] {
  const [along] = accept<[number]>('unbind(Tensor input, int dim=0)', self, dim)
  const d = wrapDim(along, self.sizes.length)
  if (self.sizes.length === 0) throw new IndexError('Dimension specified as 0 but tensor has no dimensions')
  const { sizes, strides, offset } = self
  const views = Array.from({ length: sizes[d]! }, (_, k) =>
    viewOf(self, [sizes.toSpliced(d, 1), strides.toSpliced(d, 1), offset + k * strides[d]!]),
  )
  return severalViews('UnbindBackward0', self, views, (grads) => stack(grads, d))
}

/**
 * {@link split} into the lengths of a list.
 * @shape A → A with split_size along dim, each
 */
export function split_with_sizes(
  self: Tensor,
  split_sizes: readonly number[],
  dim: number | { dim?: number } = 0,
): Tensor[] {
  accept('split_with_sizes(Tensor input, tuple split_sizes, int dim=0)', self, split_sizes, dim)
  return split(self, split_sizes, dim)
}

/**
 * Views of nearly equal lengths, the longer ones first; or cut before each index of a list.
 * @shape A → A with fewer along dim, each
 */
export function tensor_split(
  self: Tensor,
  indices_or_sections: number | readonly number[],
  dim: number | { dim?: number } = 0,
): Tensor[] {
  const [cuts, along] = accept<[number | readonly number[], number]>(
    'tensor_split(Tensor input, ints indices_or_sections, int dim=0)',
    self,
    indices_or_sections,
    dim,
  )
  if (self.sizes.length === 0) {
    throw new RuntimeError('tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims')
  }
  const d = wrapDim(along, self.sizes.length)
  const size = self.sizes[d]!
  if (typeof cuts === 'number' && cuts <= 0)
    throw new RuntimeError(`number of sections must be larger than 0, got ${cuts}`)
  const starts = typeof cuts === 'number' ? evenCuts(size, cuts) : cuts
  const clip = (k: number) => Math.min(Math.max(k < 0 ? k + size : k, 0), size)
  const edges = [0, ...starts.map(clip), size]
  return edges.slice(1).map((end, k) => {
    const start = Math.min(edges[k]!, end)
    return sliceRange(self, { dim: d, start, stop: end, step: 1 })
  })
}

function evenCuts(size: number, sections: number): number[] {
  const [least, longer] = [Math.floor(size / sections), size % sections]
  return Array.from({ length: sections - 1 }, (_, k) => (k + 1) * least + Math.min(k + 1, longer))
}

function splitAlong(name: string, dim: (ndim: number) => number, least: number) {
  return (self: Tensor, indices_or_sections: number | readonly number[]): Tensor[] => {
    accept(`${name}(Tensor input, ints indices_or_sections)`, self, indices_or_sections)
    const n = self.sizes.length
    if (n < least) {
      throw new RuntimeError(
        `torch.${name} requires a tensor with at least ${least} dimension${least > 1 ? 's' : ''}, but got a tensor with ${n} dimensions!`,
      )
    }
    const d = dim(n)
    const size = self.sizes[d]!
    if (typeof indices_or_sections === 'number' && size % indices_or_sections !== 0) {
      throw new RuntimeError(
        `torch.${name} attempted to split along dimension ${d}, but the size of the dimension ${size} is not divisible by the split_size ${indices_or_sections}!`,
      )
    }
    return tensor_split(self, indices_or_sections, d)
  }
}

/** @shape A → A with fewer along dim, each */
type SplitAlong = (self: Tensor, indices_or_sections: number | readonly number[]) => Tensor[]

/** Columns apart: {@link tensor_split} along dimension 1 (0 of a vector), into equal parts. */
export const hsplit: SplitAlong = splitAlong('hsplit', (n) => (n === 1 ? 0 : 1), 1)
/** Rows apart: {@link tensor_split} along dimension 0, into equal parts. */
export const vsplit: SplitAlong = splitAlong('vsplit', () => 0, 2)
/** {@link tensor_split} along dimension 2, into equal parts. */
export const dsplit: SplitAlong = splitAlong('dsplit', () => 2, 3)

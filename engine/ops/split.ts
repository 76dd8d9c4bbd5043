// A tensor cut into several views along a dimension.
import { tracked } from '../autograd/graph'
import { recordOutputs } from '../autograd/lists'
import { isRecording } from '../autograd/mode'
import { RuntimeError } from '../errors'
import { wrapDim } from '../shape'
import type { Tensor } from '../tensor'
import { cat, stack } from './join'
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

/** Views of `split_size` neighbours each (the last may be shorter), or of the lengths in a list. */
export function split(self: Tensor, split_size: number | readonly number[], dim = 0): Tensor[] {
  if (self.sizes.length === 0) throw new RuntimeError('split expects at least a 1-dimensional tensor')
  const d = wrapDim(dim, self.sizes.length)
  const size = self.sizes[d]!
  if (typeof split_size === 'number') {
    if (split_size < 0)
      throw new RuntimeError(`split expects split_size be non-negative, but got split_size=${split_size}`)
    if (split_size === 0 && size !== 0) {
      throw new RuntimeError(`split_size can only be 0 if dimension size is 0, but got dimension size of ${size}`)
    }
    return pieces('SplitBackward0', self, equalLengths(size, split_size || 1), d)
  }
  if (split_size.reduce((a, b) => a + b, 0) !== size) {
    throw new RuntimeError(
      `split_with_sizes expects split_sizes to sum exactly to ${size} (input tensor's size at dimension ${d}), but got split_sizes=[${split_size.join(', ')}]`,
    )
  }
  return pieces('SplitWithSizesBackward0', self, split_size, d)
}

/** At most `chunks` views of equal length (the last may be shorter). */
export function chunk(self: Tensor, chunks: number, dim = 0): Tensor[] {
  if (self.sizes.length === 0) throw new RuntimeError('chunk expects at least a 1-dimensional tensor')
  if (chunks <= 0) throw new RuntimeError(`chunk expects \`chunks\` to be greater than 0, got: ${chunks}`)
  const d = wrapDim(dim, self.sizes.length)
  return split(self, Math.ceil(self.sizes[d]! / chunks), d)
}

/** One view for each index of a dimension, which goes away. */
export function unbind(self: Tensor, dim = 0): Tensor[] {
  const d = wrapDim(dim, self.sizes.length)
  if (self.sizes.length === 0) throw new RuntimeError('Dimension specified as 0 but tensor has no dimensions')
  const { sizes, strides, offset } = self
  const views = Array.from({ length: sizes[d]! }, (_, k) =>
    viewOf(self, [sizes.toSpliced(d, 1), strides.toSpliced(d, 1), offset + k * strides[d]!]),
  )
  return severalViews('UnbindBackward0', self, views, (grads) => stack(grads, d))
}

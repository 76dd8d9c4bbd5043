// Views: other sizes and strides over the same storage. Nothing is copied, so a change through one is seen through all.
import { requireInteger, requireSizes, requireTensor } from '../arguments'
import { IndexError, RuntimeError } from '../errors'
import {
  contiguousStrides,
  formatSizes,
  inferSizes,
  isContiguous,
  layoutOf,
  numelOf,
  type Sizes,
  sameSizes,
  wrapDim,
  wrapDims,
} from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { op1 } from './op'
import { asStrided, intoZeros, reach, selectIndex, sliceRange } from './part'
import { checkedSizes, type Geometry, reviewInplace, type SizeArgs, type ViewOp, viewOp } from './view'

const viewing = (gradFn: string) =>
  viewOp<Sizes>({
    gradFn,
    geometry: (self, sizes) => {
      const strides = viewStrides(self.sizes, self.strides, sizes)
      if (strides === null) {
        throw new RuntimeError(
          "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.",
        )
      }
      return [sizes, strides, self.offset]
    },
    self: (grad, { selfSizes }) => grad.reshape(selfSizes),
    samples: (t) => [[t([[1, 2, 3]]), [3]]],
  })

const viewSizes = viewing('ViewBackward0')
const reshapeAlias = viewing('ReshapeAliasBackward0') // what reshape records where the layout is not row by row

/** The strides under which `sizes` reads the same elements in the same order, or null if there are none. */
function viewStrides(old: Sizes, oldStrides: Sizes, sizes: Sizes): Sizes | null {
  if (isContiguous(old, oldStrides)) return contiguousStrides(sizes)
  if (numelOf(old) === 0) return sameSizes(old, sizes) ? oldStrides : contiguousStrides(sizes)
  // Walk from the last dimension: a run of old dimensions that lie behind each other may be cut anew.
  const strides = new Array<number>(sizes.length)
  let at = sizes.length - 1
  let run = 1
  let taken = 1
  let base = oldStrides[old.length - 1]!
  for (let d = old.length - 1; d >= 0; d--) {
    run *= old[d]!
    if (d > 0 && (old[d - 1] === 1 || oldStrides[d - 1] === run * base)) continue
    while (at >= 0 && (taken < run || sizes[at] === 1)) {
      strides[at] = taken * base
      taken *= sizes[at]!
      at--
    }
    if (taken !== run) return null
    if (d > 0) {
      base = oldStrides[d - 1]!
      run = 1
      taken = 1
    }
  }
  return at === -1 ? strides : null
}

/**
 * The same elements under other sizes, without copying; one size may be -1. Needs a compatible layout: see {@link reshape}.
 * @shape A → sizes
 */
export function view(self: Tensor, ...sizes: SizeArgs): Tensor {
  return viewSizes(self, inferSizes(checkedSizes('view', self, sizes), numelOf(self.sizes)))
}

const unsafeView = op1<Sizes>({
  gradFn: 'UnsafeViewBackward0',
  forward: (self, sizes) =>
    new Tensor(self.storage, layoutOf(sizes, contiguousStrides(sizes), self.dtype), self.offset),
  self: (grad, { selfSizes }) => grad.reshape(selfSizes),
  samples: (t) => [[t([[1, 2, 3]]), [3]]],
})

/**
 * Other sizes for a fresh result that nobody else can see: not a view, because the storage passes on.
 * @shape A → sizes
 */
export function _unsafe_view(self: Tensor, sizes: Sizes): Tensor {
  return unsafeView(self, sizes)
}

/**
 * The same elements under other sizes; a view where the layout allows it, else a copy. One size may be -1.
 * @shape A → sizes
 */
export function reshape(self: Tensor, ...sizes: SizeArgs): Tensor {
  const wanted = inferSizes(checkedSizes('reshape', self, sizes, 'shape'), numelOf(self.sizes))
  if (viewStrides(self.sizes, self.strides, wanted) !== null) {
    return isContiguous(self.sizes, self.strides) ? viewSizes(self, wanted) : reshapeAlias(self, wanted)
  }
  return unsafeView(self.contiguous(), wanted)
}

/**
 * One dimension out of those from `start_dim` to `end_dim`.
 * @shape A → A with start_dim … end_dim as one
 */
export function flatten(
  self: Tensor,
  start_dim: number | { start_dim?: number; end_dim?: number } = 0,
  end_dim: number | { end_dim?: number } = -1,
): Tensor {
  const [first, last] = accept<[number, number]>(
    'flatten(Tensor input, int start_dim=0, int end_dim=-1)',
    self,
    start_dim,
    typeof start_dim === 'object' ? undefined : end_dim,
  )
  const { sizes } = self
  const start = wrapDim(first, sizes.length)
  const end = wrapDim(last, sizes.length)
  if (start > end) throw new RuntimeError('flatten() has invalid args: start_dim cannot come after end_dim')
  if (sizes.length === 0) return self.reshape([1])
  if (start === end) return self
  return self.reshape([...sizes.slice(0, start), numelOf(sizes.slice(start, end + 1)), ...sizes.slice(end + 1)])
}

const expandSizes = viewOp<Sizes>({
  gradFn: 'ExpandBackward0',
  geometry: ({ sizes, strides, offset }, wanted) => {
    const lead = wanted.length - sizes.length
    return [
      wanted,
      wanted.map((size, d) => (d < lead || (sizes[d - lead] === 1 && size !== 1) ? 0 : strides[d - lead]!)),
      offset,
    ]
  },
  self: (grad) => grad, // the sweep sums a gradient to the shape of what it belongs to
  samples: (t) => [[t([[1], [2]]), [2, 2, 3]]],
})

/**
 * Dimensions of size 1 repeated, and new ones in front, without copying; -1 leaves a size as it is.
 * @shape A → sizes
 */
export function expand(self: Tensor, ...args: SizeArgs): Tensor {
  const wanted = checkedSizes('expand', self, args)
  const { sizes } = self
  const lead = wanted.length - sizes.length
  if (lead < 0) {
    throw new RuntimeError(
      `expand(torch.${self.dtype.legacyName}Tensor{${formatSizes(sizes)}}, size=${formatSizes(wanted)}): the number of sizes provided (${wanted.length}) must be greater or equal to the number of dimensions in the tensor (${sizes.length})`,
    )
  }
  const target = [...wanted]
  for (let d = wanted.length - 1; d >= 0; d--) {
    const size = wanted[d]!
    const had = d < lead ? 1 : sizes[d - lead]!
    if (size === -1) {
      if (d < lead) {
        throw new RuntimeError(
          `The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ${d}`,
        )
      }
      target[d] = had
    } else if (had !== 1 && had !== size) {
      throw new RuntimeError(
        `The expanded size of the tensor (${size}) must match the existing size (${had}) at non-singleton dimension ${d}.  Target sizes: ${formatSizes(wanted)}.  Tensor sizes: ${formatSizes(sizes)}`,
      )
    }
  }
  return expandSizes(self, target)
}

/**
 * {@link expand}, as a function.
 * @shape A → sizes
 */
export function broadcast_to(self: Tensor, size: readonly number[]): Tensor {
  accept('broadcast_to(Tensor input, ints size)', self, size)
  return self.expand(size)
}

/**
 * {@link expand} to the shape of another tensor.
 * @shape A, B → B
 */
export function expand_as(self: Tensor, other: Tensor): Tensor {
  accept('expand_as(Tensor input, Tensor other)', self, other)
  return self.expand(other.sizes)
}

/**
 * {@link view} with the shape of another tensor.
 * @shape A, B → B
 */
export function view_as(self: Tensor, other: Tensor): Tensor {
  accept('view_as(Tensor input, Tensor other)', self, other)
  return self.view(other.sizes)
}

/**
 * {@link reshape} to the shape of another tensor.
 * @shape A, B → B
 */
export function reshape_as(self: Tensor, other: Tensor): Tensor {
  accept('reshape_as(Tensor input, Tensor other)', self, other)
  return self.reshape(other.sizes)
}

interface Windows {
  dim: number
  size: number
  step: number
}

const windowsBackward = intoZeros<Windows>('UnfoldBackwardBackward0', (whole, args) => windows(whole, args), true)

const windows: ViewOp<Windows> = viewOp<Windows>({
  gradFn: 'UnfoldBackward0',
  geometry: ({ sizes, strides, offset }, { dim, size, step }) => [
    sizes.length === 0 ? [size] : [...sizes.with(dim, Math.floor((sizes[dim]! - size) / step) + 1), size],
    sizes.length === 0 ? [1] : [...strides.with(dim, strides[dim]! * step), strides[dim]!],
    offset,
  ],
  self: (grad, { selfSizes, args }) => windowsBackward(grad, { sizes: selfSizes, args }),
  samples: (t) => [[t([1, 2, 3, 4]), { dim: 0, size: 2, step: 1 }]],
})

/**
 * All runs of `size` neighbours along a dimension, `step` apart, as a new last dimension.
 * @shape A → A with fewer along dim, then size
 */
export function unfold(self: Tensor, dimension: number, size: number, step: number): Tensor {
  accept('unfold(Tensor input, int dimension, int size, int step)', self, dimension, size, step)
  const dim = wrapDim(dimension, self.sizes.length)
  const most = self.sizes[dim] ?? 1
  if (size > most) {
    throw new RuntimeError(`maximum size for tensor at dimension ${dim} is ${most} but size is ${size}`)
  }
  if (size < 0) throw new RuntimeError(`size is ${size} but must be >= 0`)
  if (step <= 0) throw new RuntimeError(`step is ${step} but must be > 0`)
  return windows(self, { dim, size, step })
}

const unsqueezeDim = viewOp<number>({
  gradFn: 'UnsqueezeBackward0',
  geometry: ({ sizes, strides, offset }, dim) => {
    const step = dim < sizes.length ? sizes[dim]! * strides[dim]! : 1
    return [sizes.toSpliced(dim, 0, 1), strides.toSpliced(dim, 0, step), offset]
  },
  self: (grad, { args: dim }) => grad.squeeze(dim),
  samples: (t) => [[t([[1], [2]]), 1]],
})

/**
 * A new dimension of size 1 at `dim`.
 * @shape A → A with 1 at dim
 */
export function unsqueeze(self: Tensor, dim: number | { dim: number }): Tensor {
  const [along] = accept<[number]>('unsqueeze(Tensor input, int dim)', self, dim)
  return unsqueezeDim(self, wrapDim(along, self.sizes.length + 1))
}

const squeezing = (gradFn: string) =>
  viewOp<readonly number[]>({
    gradFn,
    geometry: ({ sizes, strides, offset }, dims) => {
      const stays = (_: number, d: number) => sizes[d] !== 1 || !dims.includes(d)
      return [sizes.filter(stays), strides.filter(stays), offset]
    },
    self: (grad, { selfSizes, args: dims }) =>
      selfSizes.reduce((g, size, d) => (size === 1 && dims.includes(d) ? g.unsqueeze(d) : g), grad),
    samples: (t) => [[t([[1], [2]]), [1]]],
  })

const squeezeAll = squeezing('SqueezeBackward0')
const squeezeOne = squeezing('SqueezeBackward1')
const squeezeSome = squeezing('SqueezeBackward2')

/**
 * Without the dimensions of size 1: all of them, or those named that have size 1.
 * @shape A → A without the sizes 1
 */
export function squeeze(self: Tensor, dim?: number | readonly number[] | { dim?: number | readonly number[] }): Tensor {
  const [along] = accept<[number | readonly number[] | null]>('squeeze(Tensor input, ints dim=None)', self, dim)
  const n = self.sizes.length
  if (along === null) return squeezeAll(self, wrapDims(undefined, n))
  return typeof along === 'number' ? squeezeOne(self, [wrapDim(along, n)]) : squeezeSome(self, wrapDims(along, n))
}

/**
 * The slice at one index of a dimension, which goes away: `x[index]` for dimension 0.
 * @shape A → A without dim
 */
export function select(self: Tensor, dim: number, index: number): Tensor {
  accept('select(Tensor input, int dim, int index)', self, dim, index)
  const { sizes } = self
  if (sizes.length === 0) throw new IndexError('select() cannot be applied to a 0-dim tensor.')
  const d = wrapDim(dim, sizes.length)
  const size = sizes[d]!
  if (index < -size || index >= size) {
    throw new IndexError(
      `select(): index ${index} out of range for tensor of size ${formatSizes(sizes)} at dimension ${d}`,
    )
  }
  return selectIndex(self, [d, index < 0 ? index + size : index])
}

/**
 * `length` elements of a dimension from `start` on.
 * @shape A → A with length along dim
 */
export function narrow(self: Tensor, dim: number, start: number, length: number): Tensor {
  accept('narrow(Tensor input, int dim, int start, int length)', self, dim, start, length)
  if (self.sizes.length === 0) throw new RuntimeError('narrow() cannot be applied to a 0-dim tensor.')
  const d = wrapDim(dim, self.sizes.length)
  const size = self.sizes[d]!
  if (length < 0) throw new RuntimeError('narrow(): length must be non-negative.')
  if (start < -size || start > size) {
    throw new IndexError(`start out of range (expected to be in range of [${-size}, ${size}], but got ${start})`)
  }
  const from = start < 0 ? start + size : start
  if (from + length > size) {
    throw new RuntimeError(`start (${from}) + length (${length}) exceeds dimension size (${size}).`)
  }
  return sliceRange(self, { dim: d, start: from, stop: from + length, step: 1 })
}

/**
 * Any view of the storage behind `self`: sizes, strides and offset as given.
 * @shape A → sizes
 */
export function as_strided(
  self: Tensor,
  size: readonly number[],
  stride: readonly number[],
  storage_offset?: number,
): Tensor {
  requireTensor(self, 'as_strided', 'input')
  requireSizes(size, 'as_strided')
  requireSizes(stride, 'as_strided', 'stride')
  if (storage_offset !== undefined) requireInteger(storage_offset, 'as_strided', 'storage_offset')
  const { start, length } = self.storage
  const geometry: Geometry = [size, stride, start + (storage_offset ?? self.offset - start)]
  if (size.length !== stride.length) {
    throw new RuntimeError(`mismatch in length of strides and shape`)
  }
  if (reach(...geometry) > start + length) {
    throw new RuntimeError(
      `setStorage: sizes ${formatSizes(size)}, strides ${formatSizes(stride)}, storage offset ${geometry[2] - start}, and itemsize ${self.dtype.itemsize} requiring a storage size of ${(reach(...geometry) - start) * self.dtype.itemsize} are out of bounds for storage of size ${length * self.dtype.itemsize}`,
    )
  }
  return asStrided(self, { geometry, from: [self.sizes, self.strides, self.offset] })
}

const squeezeInplace = (gradFn: string) =>
  reviewInplace<readonly number[]>(
    gradFn,
    ({ sizes, strides, offset }, dims) => {
      const stays = (_: number, d: number) => sizes[d] !== 1 || !dims.includes(d)
      return [sizes.filter(stays), strides.filter(stays), offset]
    },
    (grad, { selfSizes, args: dims }) =>
      selfSizes.reduce((g, size, d) => (size === 1 && dims.includes(d) ? g.unsqueeze(d) : g), grad),
  )

const squeezeAll_ = squeezeInplace('SqueezeBackward3')
const squeezeOne_ = squeezeInplace('SqueezeBackward4')

/** {@link squeeze} in place: the tensor itself changes its shape. */
export function squeeze_(self: Tensor, dim?: number): Tensor {
  if (dim !== undefined) requireInteger(dim, 'squeeze_', 'dim')
  requireTensor(self, 'squeeze_', 'input')
  const n = self.sizes.length
  return dim === undefined ? squeezeAll_(self, wrapDims(undefined, n)) : squeezeOne_(self, [wrapDim(dim, n)])
}

const unsqueezeInplace = reviewInplace<number>(
  'UnsqueezeBackward1',
  ({ sizes, strides, offset }, dim) => {
    const step = dim < sizes.length ? sizes[dim]! * strides[dim]! : 1
    return [sizes.toSpliced(dim, 0, 1), strides.toSpliced(dim, 0, step), offset]
  },
  (grad, { args: dim }) => grad.squeeze(dim),
)

/** {@link unsqueeze} in place: the tensor itself changes its shape. */
export function unsqueeze_(self: Tensor, dim: number): Tensor {
  accept('unsqueeze_(Tensor input, int dim)', self, dim)
  return unsqueezeInplace(self, wrapDim(dim, self.sizes.length + 1))
}

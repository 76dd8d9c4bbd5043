// Copies with a part overwritten: lines of a dimension, what a mask marks, a slice, a diagonal.
import { bool } from '../dtype'
import { IndexError, RuntimeError } from '../errors'
import { gather, rowMajor } from '../kernels/map'
import { broadcastSizes, formatSizes, numelOf, type Sizes, sameSizes, wrapDim } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { asOne } from './as-one'
import { integers } from './integers'
import { cat } from './join'
import { type Op, type Operand, op1, op2, type Samples } from './op'
import { type Range, sliceRange } from './part'

interface Lines {
  dim: number
  index: Tensor
}

function copyOf(self: Tensor): Tensor {
  return Tensor.own(gather(self), self.sizes, self.dtype)
}

/** The numbers of the lines, each in 0 … size-1. */
function lineNumbers(self: Tensor, { dim, index }: Lines, name: string): number[] {
  if (index.sizes.length > 1)
    throw new IndexError(`${name}(): Index should have dimension 1 or 0 (got ${index.sizes.length})`)
  const size = self.sizes[dim] ?? 1
  const { data, offset } = rowMajor(index)
  return Array.from({ length: numelOf(index.sizes) }, (_, i) => {
    const k = data[offset + i]!
    if (k < -size || k >= size) {
      throw new IndexError(`index ${k} is out of bounds for dimension ${dim} with size ${size}`)
    }
    return k < 0 ? k + size : k
  })
}

const fillLines = op1<Lines & { value: number }>({
  gradFn: 'IndexFillBackward0',
  forward: (self, { value, ...lines }) => {
    const out = copyOf(self)
    for (const k of lineNumbers(self, lines, 'index_fill_')) out.select(lines.dim, k).fill_(value)
    return out
  },
  self: (grad, { args: { dim, index } }) => grad.index_fill(dim, index, 0),
  samples: (t) => [[t([1, 2, 3]), { dim: 0, index: integers([2, 0]), value: 7 }]],
})

const fillLinesWith = op2<Tensor, Lines>({
  gradFn: 'IndexFillBackward1',
  order: [0, 1],
  forward: (self, value, lines) => {
    const out = copyOf(self)
    for (const k of lineNumbers(self, lines, 'index_fill_')) out.select(lines.dim, k).copy_(value.detach())
    return out
  },
  self: (grad, { args: { dim, index } }) => grad.index_fill(dim, index, 0),
  other: (grad, { args: { dim, index } }) => grad.index_select(dim, index.unique()).sum(),
  samples: (t) => [[t([1, 2, 3]), t(7), { dim: 0, index: integers([2, 0]) }]],
})

function linesOf(name: string, self: Tensor, dim: number, index: Tensor): Lines {
  if (index.dtype.category !== 1) throw new IndexError(`${name}(): Expected dtype int64 for index.`)
  return { dim: wrapDim(dim, self.sizes.length), index }
}

/**
 * A copy with the lines of a dimension whose numbers are listed filled with one value.
 * @shape A → A
 */
export function index_fill(self: Tensor, dim: number, index: Tensor, value: Operand): Tensor {
  accept('index_fill(Tensor input, int dim, Tensor index, Operand value)', self, dim, index, value)
  const lines = linesOf('index_fill', self, dim, index)
  return typeof value === 'number' ? fillLines(self, { ...lines, value }) : fillLinesWith(self, value, lines)
}

/** {@link index_fill} in place. */
export function index_fill_(self: Tensor, dim: number, index: Tensor, value: Operand): Tensor {
  accept('index_fill_(Tensor input, int dim, Tensor index, Operand value)', self, dim, index, value)
  const lines = linesOf('index_fill_', self, dim, index)
  return typeof value === 'number'
    ? fillLines.inplace(self, { ...lines, value })
    : fillLinesWith.inplace(self, value, lines)
}

const copyLines: Op<[self: Tensor, other: Tensor, args: Lines]> = op2<Tensor, Lines>({
  gradFn: 'IndexCopyBackward0',
  order: [0, 1],
  forward: (self, source, lines) => {
    const out = copyOf(self)
    lineNumbers(self, lines, 'index_copy_').forEach((k, i) => {
      out.select(lines.dim, k).copy_(source.detach().select(lines.dim, i))
    })
    return out
  },
  self: (grad, { args: { dim, index } }) => grad.index_fill(dim, index, 0),
  other: (grad, { args: { dim, index } }) => {
    const lines = grad.index_select(dim, index)
    return lines.expand(lines.sizes)
  },
  samples: (t) => [[t([1, 2, 3]), t([7, 8]), { dim: 0, index: integers([2, 0]) }]],
})

/** The lines, if those of the source fit them. */
function copied(self: Tensor, source: Tensor, lines: Lines): Lines {
  const [n, given] = [numelOf(lines.index.sizes), source.sizes[lines.dim] ?? 1]
  if (source.dtype !== self.dtype) {
    throw new RuntimeError(
      `index_copy_(): self and source expected to have the same dtype, but got (self) ${self.dtype.legacyName} and (source) ${source.dtype.legacyName}`,
    )
  }
  if (n !== given) {
    throw new IndexError(`index_copy_(): Number of indices (${n}) should be equal to source.size(dim) (${given})`)
  }
  return lines
}

/**
 * A copy with the lines of `source` in the places that are listed.
 * @shape A → A
 */
export function index_copy(self: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  accept('index_copy(Tensor input, int dim, Tensor index, Tensor source)', self, dim, index, source)
  return copyLines(self, source, copied(self, source, linesOf('index_copy', self, dim, index)))
}

/** {@link index_copy} in place. */
export function index_copy_(self: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  accept('index_copy_(Tensor input, int dim, Tensor index, Tensor source)', self, dim, index, source)
  return copyLines.inplace(self, source, copied(self, source, linesOf('index_copy_', self, dim, index)))
}

interface Masked {
  mask: Tensor
  sourceSizes: Sizes
}

const maskedInto: Op<[self: Tensor, other: Tensor, args: Masked]> = op2<Tensor, Masked>({
  gradFn: 'MaskedScatterBackward0',
  order: [0, 1],
  forward: (self, source, { mask }) => {
    const sizes = broadcastSizes(self.sizes, mask.sizes)
    const out = copyOf(self.detach().expand(sizes))
    const marks = rowMajor(mask.expand(sizes))
    const from = rowMajor(source)
    const n = numelOf(source.sizes)
    let taken = 0
    for (let i = 0; i < numelOf(sizes); i++) {
      if (!marks.data[marks.offset + i]) continue
      if (taken === n) throw new RuntimeError('Number of elements of source < number of ones in mask')
      out.storage.data[i] = from.data[from.offset + taken++]!
    }
    return out
  },
  self: (grad, { args: { mask } }) => grad.masked_fill(mask, 0),
  other: asOne<Masked>(
    'MaskedScatterBackwardBackward0',
    (grad, { args: { mask, sourceSizes } }) => {
      const chosen = grad.masked_select(mask)
      return cat([chosen, chosen.new_zeros([numelOf(sourceSizes) - chosen.numel()])]).view(sourceSizes)
    },
    { mixes: true },
  ),
  samples: (t) => [[t([1, 2, 3]), t([7, 8, 9]), { mask: t([1, -1, 1]).detach().gt(0), sourceSizes: [3] }]],
})

function maskedArgs(name: string, self: Tensor, mask: Tensor, source: Tensor): Masked {
  accept(`${name}(Tensor input, Tensor mask, Tensor source)`, self, mask, source)
  if (mask.dtype !== bool) {
    throw new RuntimeError(`masked_scatter_ only supports boolean masks, but got mask with dtype ${mask.dtype.cppName}`)
  }
  return { mask, sourceSizes: source.sizes }
}

/**
 * A copy with the places that `mask` marks filled with the elements of `source`, one after the other.
 * @shape A → A
 */
export function masked_scatter(self: Tensor, mask: Tensor, source: Tensor): Tensor {
  return maskedInto(self, source, maskedArgs('masked_scatter', self, mask, source))
}

/** {@link masked_scatter} in place. */
export function masked_scatter_(self: Tensor, mask: Tensor, source: Tensor): Tensor {
  return maskedInto.inplace(self, source, maskedArgs('masked_scatter_', self, mask, source))
}

/** A copy with a view of it overwritten: the adjoint of the view gives both gradients. */
function overView<Args>(
  gradFn: string,
  view: (whole: Tensor, args: Args) => Tensor,
  samples: Samples<[Tensor, Tensor, Args]>,
) {
  const over: Op<[self: Tensor, other: Tensor, args: Args]> = op2<Tensor, Args>({
    gradFn,
    order: [0, 1],
    forward: (self, source, args) => {
      const out = copyOf(self)
      const part = view(out, args)
      if (!sameSizes(part.sizes, source.sizes)) {
        throw new RuntimeError(
          `expected src to have a size equal to the slice of self. src size = ${formatSizes(source.sizes)}, slice size = ${formatSizes(part.sizes)}`,
        )
      }
      part.copy_(source.detach())
      return out
    },
    self: (grad, { args }) => over(grad, grad.new_zeros(view(grad.detach(), args).sizes), args),
    other: (grad, { args }) => view(grad, args),
    samples: samples as never,
  }) as never
  return over
}

const PAIR = [
  [1, 2],
  [3, 4],
]

const overSelect = overView<[number, number]>(
  'SelectScatterBackward0',
  (whole, [dim, index]) => whole.select(dim, index),
  (t) => [[t(PAIR), t([5, 6]), [1, 0]]],
)

/**
 * A copy with the slice at one index of a dimension overwritten: see {@link Tensor.select}.
 * @shape A → A
 */
export function select_scatter(self: Tensor, src: Tensor, dim: number, index: number): Tensor {
  accept('select_scatter(Tensor input, Tensor src, int dim, int index)', self, src, dim, index)
  return overSelect(self, src, [dim, index])
}

const overSlice = overView<Range>('SliceScatterBackward0', sliceRange, (t) => [
  [t(PAIR), t([[5, 6]]), { dim: 0, start: 1, stop: 2, step: 1 }],
])

/**
 * A copy with `start:end:step` of one dimension overwritten.
 * @shape A → A
 */
export function slice_scatter(
  self: Tensor,
  src: Tensor,
  dim: number | { dim?: number; start?: number | null; end?: number | null; step?: number } = 0,
  start?: number | null,
  end?: number | null,
  step?: number,
): Tensor {
  const [, d, from, to, by] = accept<[Tensor, number, number | null, number | null, number]>(
    'slice_scatter(Tensor input, Tensor src, int dim=0, int start=None, int end=None, int step=1)',
    self,
    src,
    dim,
    start,
    end,
    step,
  )
  const at = wrapDim(d, self.sizes.length)
  const size = self.sizes[at]!
  const clip = (k: number) => Math.min(Math.max(k < 0 ? k + size : k, 0), size)
  return overSlice(self, src, { dim: at, start: clip(from ?? 0), stop: clip(to ?? size), step: by })
}

const overDiagonal = overView<[number, number, number]>(
  'DiagonalScatterBackward0',
  (whole, [offset, dim1, dim2]) => whole.diagonal(offset, dim1, dim2),
  (t) => [[t(PAIR), t([5, 6]), [0, 0, 1]]],
)

/**
 * A copy with a diagonal overwritten: see {@link Tensor.diagonal}.
 * @shape A → A
 */
export function diagonal_scatter(
  self: Tensor,
  src: Tensor,
  offset: number | { offset?: number; dim1?: number; dim2?: number } = 0,
  dim1?: number,
  dim2?: number,
): Tensor {
  const [, ...place] = accept<[Tensor, number, number, number]>(
    'diagonal_scatter(Tensor input, Tensor src, int offset=0, int dim1=0, int dim2=1)',
    self,
    src,
    offset,
    dim1,
    dim2,
  )
  return overDiagonal(self, src, place)
}

/**
 * The main diagonal overwritten with one value, in place.
 * @shape A → A
 */
export function fill_diagonal_(self: Tensor, fill_value: number): Tensor {
  accept('fill_diagonal_(Tensor input, float fill_value)', self, fill_value)
  if (self.sizes.length < 2) throw new RuntimeError('dimensions must larger than 1')
  if (self.sizes.length > 2 && self.sizes.some((size) => size !== self.sizes[0])) {
    throw new RuntimeError('all dimensions of input must be of equal length')
  }
  const length = Math.min(...self.sizes)
  const step = self.strides.reduce((a, b) => a + b, 0)
  self.as_strided([length], [step], self.storage_offset()).fill_(fill_value)
  return self
}

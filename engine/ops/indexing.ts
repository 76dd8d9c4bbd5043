// Indexing: `x[…]` written as `x.index([…])`, assignment to it, gather and scatter.
import { requireTensor } from '../arguments'
import { allocate, bool, int64 } from '../dtype'
import { IndexError, PythonTypeError, pythonType, RuntimeError, ValueError } from '../errors'
import { positions } from '../kernels/layout'
import { cast, rowMajor } from '../kernels/map'
import { broadcastSizes, broadcastStrides, contiguousStrides, formatSizes, numelOf, type Sizes } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { integers } from './integers'
import { type Op, type Operand, op1, op2 } from './op'
import { sliceRange } from './part'
import { ellipsis, type Index, Slice } from './slice'

/** Which elements advanced indexing reads: for each, its place in a row-major tensor of `sizes`. */
interface Picked {
  /** One index tensor (row-major numbers, already broadcast) for each indexed dimension, which are neighbours from `first` on. */
  indices: readonly Tensor[]
  first: number
}

function resultSizes(sizes: Sizes, { indices, first }: Picked): Sizes {
  return sizes.toSpliced(first, indices.length, ...indices[0]!.sizes)
}

/** The place in storage of each picked element, in the order of the result. */
function pickedPlaces(sizes: Sizes, strides: Sizes, offset: number, picked: Picked): Int32Array {
  const { indices, first } = picked
  const chosen = indices[0]!.sizes
  // Every index dimension moves by 0; what the numbers in it say is added afterwards.
  const still = strides.toSpliced(first, indices.length, ...chosen.map(() => 0))
  const out = resultSizes(sizes, picked)
  const at = positions(out, still, offset)
  const inner = numelOf(out.slice(first + chosen.length))
  const count = numelOf(chosen)
  const data = indices.map((index) => rowMajor(index))
  for (let i = 0; i < at.length; i++) {
    const which = Math.floor(i / inner) % count
    for (let d = 0; d < indices.length; d++) {
      const size = sizes[first + d]!
      const k = data[d]!.data[data[d]!.offset + which]!
      if (k < -size || k >= size) {
        throw new IndexError(`index ${k} is out of bounds for dimension ${d} with size ${size}`)
      }
      at[i]! += (k < 0 ? k + size : k) * strides[first + d]!
    }
  }
  return at
}

const pick: Op<[self: Tensor, args: Picked]> = op1<Picked>({
  gradFn: 'IndexBackward0',
  forward: (self, picked) => {
    const at = pickedPlaces(self.sizes, self.strides, self.offset, picked)
    const out = allocate(self.dtype, at.length)
    for (let i = 0; i < at.length; i++) out[i] = self.storage.data[at[i]!]!
    return Tensor.own(out, resultSizes(self.sizes, picked), self.dtype)
  },
  self: (grad, { selfSizes, args: picked }) => putBack(grad.new_zeros(selfSizes), grad, picked),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      { first: 0, indices: [integers([[0, 1, 1]])] },
    ],
  ],
})

function putting(
  gradFn: string,
  put: (old: number, added: number) => number,
  rule: (grad: Tensor, picked: Picked) => Tensor,
) {
  return op2<Tensor, Picked>({
    gradFn,
    order: [0, 1],
    forward: (self, values, picked) => {
      const out = Tensor.own(allocate(self.dtype, numelOf(self.sizes)), self.sizes, self.dtype)
      const { data, offset } = rowMajor(self)
      out.storage.data.set(data.subarray(offset, offset + numelOf(self.sizes)))
      const at = pickedPlaces(self.sizes, out.strides, 0, picked)
      const sizes = resultSizes(self.sizes, picked)
      if (broadcastSizes(values.sizes, sizes).length !== sizes.length) {
        throw new RuntimeError(
          `shape mismatch: value tensor of shape ${formatSizes(values.sizes)} cannot be broadcast to indexing result of shape ${formatSizes(sizes)}`,
        )
      }
      const from = positions(sizes, broadcastStrides(values.sizes, values.strides, sizes), values.offset)
      for (let i = 0; i < at.length; i++) {
        out.storage.data[at[i]!] = put(out.storage.data[at[i]!]!, values.storage.data[from[i]!]!)
      }
      return out
    },
    self: (grad, { args: picked }) => rule(grad, picked),
    other: (grad, { args: picked }) => pick(grad, picked),
    samples: (t) => [
      [
        t([
          [1, 2],
          [3, 4],
        ]),
        t([
          [
            [5, 6],
            [7, 8],
          ],
        ]),
        { first: 0, indices: [integers([[1, 0]])] },
      ],
    ],
  })
}

const adding = (gradFn: string) =>
  putting(
    gradFn,
    (old, added) => old + added,
    (grad) => grad,
  )
const [putAdded, putBack] = [adding('IndexPutBackward0'), adding('IndexPutImplBackward0')]
const putOver = putting(
  'IndexPutBackward0',
  (_, added) => added,
  (grad, picked) => putOver(grad, grad.new_zeros([]), picked),
)

/** Where a mask is true, as one index tensor for each of its dimensions. */
function maskIndices(mask: Tensor): Tensor[] {
  const { data, offset } = rowMajor(mask)
  const strides = contiguousStrides(mask.sizes)
  const hits: number[] = []
  for (let i = 0; i < numelOf(mask.sizes); i++) if (data[offset + i]) hits.push(i)
  return mask.sizes.map((size, d) =>
    Tensor.own(
      Float64Array.from(hits, (i) => Math.floor(i / strides[d]!) % size),
      [hits.length],
      int64,
    ),
  )
}

/** The view that numbers, slices and null ask for; dimensions with a tensor are left for {@link pick}. */
function basicView(
  name: string,
  self: Tensor,
  spec: readonly Index[],
): { view: Tensor; tensors: Map<number, Tensor[]> } {
  requireTensor(self, name, 'input')
  if (!Array.isArray(spec)) {
    throw new PythonTypeError(
      `${name}(): argument 'indices' must be a list, not ${pythonType(spec)}`,
      'What Python writes between brackets is a list here: x.index([0]) for x[0].',
    )
  }
  const consumed = spec.reduce<number>(
    (n, e) =>
      n +
      (e === null || e === ellipsis || typeof e === 'boolean'
        ? 0
        : e instanceof Tensor && e.dtype === bool
          ? e.sizes.length
          : 1),
    0,
  )
  if (consumed > self.sizes.length) {
    if (self.sizes.length === 0) {
      throw new IndexError(
        'invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim tensor to a number',
      )
    }
    throw new IndexError(`too many indices for tensor of dimension ${self.sizes.length}`)
  }
  let view = self
  let dim = 0
  const tensors = new Map<number, Tensor[]>()
  for (const entry of spec) {
    if (entry === ellipsis) dim += self.sizes.length - consumed
    else if (entry === null) view = view.unsqueeze(dim++)
    else if (entry instanceof Slice) view = sliceView(view, dim++, entry)
    else if (typeof entry === 'number') view = selectEntry(view, dim, entry)
    else if (entry instanceof Tensor || Array.isArray(entry)) {
      const index =
        entry instanceof Tensor ? entry : Tensor.own(Float64Array.from(entry as number[]), [entry.length], int64)
      const parts = index.dtype === bool ? maskParts(view, dim, index) : [integerIndex(index)]
      tensors.set(dim, parts)
      dim += parts.length
    } else
      throw new IndexError(
        `only integers, slices (\`:\`), ellipsis (\`...\`), None and long or byte Variables are valid indices (got ${pythonType(entry)})`,
      )
  }
  return { view, tensors }
}

function integerIndex(index: Tensor): Tensor {
  if (index.dtype.category === 1) return index
  throw new IndexError('tensors used as indices must be long, int, byte or bool tensors')
}

function maskParts(view: Tensor, dim: number, mask: Tensor): Tensor[] {
  mask.sizes.forEach((size, d) => {
    if (size !== view.sizes[dim + d]) {
      throw new IndexError(
        `The shape of the mask ${formatSizes(mask.sizes)} at index ${d} does not match the shape of the indexed tensor ${formatSizes(view.sizes)} at index ${dim + d}`,
      )
    }
  })
  return maskIndices(mask)
}

function selectEntry(view: Tensor, dim: number, index: number): Tensor {
  const size = view.sizes[dim]!
  if (!Number.isInteger(index)) {
    throw new IndexError(
      `only integers, slices (\`:\`), ellipsis (\`...\`), None and long or byte Variables are valid indices (got float)`,
    )
  }
  if (index < -size || index >= size) {
    throw new IndexError(`index ${index} is out of bounds for dimension ${dim} with size ${size}`)
  }
  return view.select(dim, index)
}

function sliceView(view: Tensor, dim: number, { start, stop, step }: Slice): Tensor {
  const size = view.sizes[dim]!
  if (step === 0) throw new ValueError('slice step cannot be zero')
  if (step !== null && step < 0) throw new ValueError('step must be greater than zero')
  const clip = (k: number | null, otherwise: number) =>
    k === null ? otherwise : Math.min(Math.max(k < 0 ? k + size : k, 0), size)
  const from = clip(start, 0)
  const to = Math.max(clip(stop, size), from)
  // Judged by what is written, not by what it comes to: PyTorch makes a slice of `-n:`, none of `0:`.
  if ((start ?? 0) === 0 && (stop ?? size) === size && (step ?? 1) === 1) return view
  return sliceRange(view, { dim, start: from, stop: to, step: step ?? 1 })
}

/** What is left to {@link pick}: index tensors broadcast to one shape, in neighbouring dimensions of `view`. */
function arrange(view: Tensor, tensors: Map<number, Tensor[]>): { view: Tensor; picked: Picked } {
  const entries = [...tensors].flatMap(([dim, parts]) => parts.map((index, k) => ({ dim: dim + k, index })))
  const sizes = entries.map((e) => e.index.sizes).reduce(broadcastSizes)
  const indices = entries.map((e) => e.index.expand(sizes).contiguous())
  const dims = entries.map((e) => e.dim)
  const first = dims[0]!
  if (dims.every((d, k) => d === first + k)) return { view, picked: { indices, first } }
  // Indexed dimensions that are not neighbours go to the front, and the result's index dimensions with them.
  const others = view.sizes.map((_, d) => d).filter((d) => !dims.includes(d))
  return { view: view.permute([...dims, ...others]), picked: { indices, first: 0 } }
}

/**
 * `x[…]`: `x.index([0, torch.slice(1, 3)])` is Python's `x[0, 1:3]`. Numbers and slices give a view, tensors a copy.
 * @shape A → what the index leaves
 */
export function index(self: Tensor, spec: readonly Index[]): Tensor {
  const { view, tensors } = basicView('index', self, spec)
  if (tensors.size === 0) return view === self ? self.alias() : view
  const { view: arranged, picked } = arrange(view, tensors)
  return pick(arranged, picked)
}

/**
 * `x[…] = value`: writes into what {@link index} would give; with `accumulate`, adds to what is there, repeated places too.
 * @shape A → A
 */
export function index_put_(
  self: Tensor,
  spec: readonly Index[],
  value: Operand,
  options: boolean | { accumulate?: boolean } = {},
): Tensor {
  const [, , accumulate] = accept<[unknown, Operand, boolean]>(
    'index_put_(Tensor input, any indices, Operand value, bool accumulate=False)',
    self,
    spec,
    value,
    options,
  )
  const { view, tensors } = basicView('index_put_', self, spec)
  const values = typeof value === 'number' ? self.new_full([], value) : value
  if (tensors.size === 0) {
    if (accumulate) view.add_(values)
    else if (typeof value === 'number') view.fill_(value)
    else view.copy_(value)
    return self
  }
  const { view: arranged, picked } = arrange(view, tensors)
  const put = accumulate ? putAdded : putOver
  put.inplace(arranged, cast(values, self.dtype), picked)
  return self
}

/**
 * {@link index_put_} into a copy.
 * @shape A → A
 */
export function index_put(
  self: Tensor,
  spec: readonly Index[],
  value: Operand,
  options: boolean | { accumulate?: boolean } = {},
): Tensor {
  const [, , accumulate] = accept<[unknown, Operand, boolean]>(
    'index_put(Tensor input, any indices, Operand value, bool accumulate=False)',
    self,
    spec,
    value,
    options,
  )
  const { view, tensors } = basicView('index_put', self, spec)
  if (tensors.size === 0 || view.sizes.length !== self.sizes.length) {
    return self.clone().index_put_(spec, value, { accumulate })
  }
  const values = typeof value === 'number' ? self.new_full([], value) : value
  const { view: arranged, picked } = arrange(self, tensors)
  if (arranged !== self) return self.clone().index_put_(spec, value, { accumulate })
  return (accumulate ? putAdded : putOver)(self, cast(values, self.dtype), picked)
}

// Elements by a tensor of their places along one dimension: gather, scatter, scatter_add.
import { allocate } from '../dtype'
import { RuntimeError } from '../errors'
import { positions } from '../kernels/layout'
import { rowMajor } from '../kernels/map'
import { broadcastSizes, numelOf, wrapDim } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { integers } from './integers'
import { type Op, type Operand, op1, op2 } from './op'
import { checkGathered, checkScattered, type GatherArgs, places } from './places'

const gatherFrom: Op<[self: Tensor, args: GatherArgs]> = op1<GatherArgs>({
  gradFn: 'GatherBackward0',
  forward: (self, args) => {
    const { data } = self.storage
    const at = places(self.sizes, args, self.strides, self.offset)
    const out = allocate(self.dtype, at.length)
    for (let i = 0; i < at.length; i++) out[i] = data[at[i]!]!
    return Tensor.own(out, args.index.sizes, self.dtype)
  },
  self: (grad, { selfSizes, args: { dim, index } }) => grad.new_zeros(selfSizes).scatter_add(dim, index, grad),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      {
        dim: 1,
        index: integers([
          [0, 0],
          [1, 0],
        ]),
      },
    ],
  ],
})

/**
 * `out[i][j] = self[index[i][j]][j]` for dimension 0, and so on: one element for each of `index`, which has the result's shape.
 * @shape A, B → B
 */
export function gather(self: Tensor, dim: number, index: Tensor): Tensor {
  accept('gather(Tensor input, int dim, Tensor index)', self, dim, index)
  checkIndex(index, 'gather')
  const args = { dim: wrapDim(dim, self.sizes.length), index }
  checkGathered(self, args)
  return gatherFrom(self, args)
}

function checkIndex(index: Tensor, name: string): void {
  if (index.dtype.category !== 1) throw new RuntimeError(`${name}(): Expected dtype int32/int64 for index`)
}

function scattered(
  self: Tensor,
  source: Tensor,
  args: GatherArgs,
  put: (old: number, added: number) => number,
): Tensor {
  const out = Tensor.own(rowMajor(self).data.slice(), self.sizes, self.dtype)
  const { data, offset } = rowMajor(self)
  out.storage.data.set(data.subarray(offset, offset + numelOf(self.sizes)))
  const at = places(self.sizes, args, out.strides, 0)
  const from = positions(args.index.sizes, source.strides, source.offset)
  for (let i = 0; i < at.length; i++) {
    out.storage.data[at[i]!] = put(out.storage.data[at[i]!]!, source.storage.data[from[i]!]!)
  }
  return out
}

const scatterInto = op2<Tensor, GatherArgs>({
  gradFn: 'ScatterBackward0',
  order: [0, 1],
  forward: (self, source, args) => scattered(self, source, args, (_, added) => added),
  self: (grad, { args: { dim, index } }) => grad.scatter(dim, index, 0),
  other: (grad, { args: { dim, index } }) => grad.gather(dim, index),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      t([[5, 6]]),
      { dim: 0, index: integers([[1, 0]]) },
    ],
  ],
})

const fillPlaces = op1<GatherArgs & { value: number }>({
  gradFn: 'ScatterBackward1',
  forward: (self, { value, ...args }) => scattered(self, Tensor.zeros(args.index.sizes, self.dtype), args, () => value),
  self: (grad, { args: { dim, index } }) => grad.scatter(dim, index, 0),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      { dim: 0, index: integers([[1, 0]]), value: 7 },
    ],
  ],
})

function placesOf(name: string, self: Tensor, dim: number, index: Tensor, src: unknown): GatherArgs {
  accept(`${name}(Tensor input, int dim, Tensor index, Operand src)`, self, dim, index, src)
  checkIndex(index, name.replace(/_$/, ''))
  const args = { dim: wrapDim(dim, self.sizes.length), index }
  if (!(src instanceof Tensor)) checkScattered(self, args)
  else {
    if (src.dtype !== self.dtype) throw new RuntimeError('scatter(): Expected self.dtype to be equal to src.dtype')
    checkScattered(self, args, src)
  }
  return args
}

/**
 * A copy of `self` with elements of `src` (or one number) put where `index` says: the inverse of {@link gather}.
 * @shape A → A
 */
export function scatter(self: Tensor, dim: number, index: Tensor, src: Operand): Tensor {
  const args = placesOf('scatter', self, dim, index, src)
  return typeof src === 'number' ? fillPlaces(self, { ...args, value: src }) : scatterInto(self, src, args)
}

/** {@link scatter} in place. */
export function scatter_(self: Tensor, dim: number, index: Tensor, src: Operand): Tensor {
  const args = placesOf('scatter_', self, dim, index, src)
  return typeof src === 'number'
    ? fillPlaces.inplace(self, { ...args, value: src })
    : scatterInto.inplace(self, src, args)
}

const scatterAddInto = op2<Tensor, GatherArgs>({
  gradFn: 'ScatterAddBackward0',
  order: [0, 1],
  forward: (self, source, args) => scattered(self, source, args, (old, added) => old + added),
  self: (grad) => grad,
  other: (grad, { args: { dim, index } }) => grad.gather(dim, index),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      t([
        [5, 6],
        [7, 8],
      ]),
      {
        dim: 1,
        index: integers([
          [1, 1],
          [0, 1],
        ]),
      },
    ],
  ],
})

/**
 * {@link scatter} that adds to what is there, so that repeated indices add up.
 * @shape A → A
 */
export function scatter_add(self: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  return scatterAddInto(self, src, placesOf('scatter_add', self, dim, index, src))
}

/** {@link scatter_add} in place. */
export function scatter_add_(self: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  return scatterAddInto.inplace(self, src, placesOf('scatter_add_', self, dim, index, src))
}

/**
 * The elements of `self` that `indices` names along `dim`, both broadcast; without `dim`, in the flattened tensor.
 * @shape A, B → the shape of B broadcast with A but for dim
 */
export function take_along_dim(self: Tensor, indices: Tensor, dim: number | null | { dim?: number } = null): Tensor {
  const [, along] = accept<[Tensor, number | null]>(
    'take_along_dim(Tensor input, Tensor indices, int dim=None)',
    self,
    indices,
    dim,
  )
  if (along === null) return self.view(-1).gather(0, indices.view(-1))
  const d = wrapDim(along, self.sizes.length)
  const others = broadcastSizes(self.sizes.with(d, 1), indices.sizes.with(d, 1))
  return self.expand(others.with(d, self.sizes[d]!)).gather(d, indices.expand(others.with(d, indices.sizes[d]!)))
}

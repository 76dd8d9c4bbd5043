// The same elements in other shapes and orders: tiles, mirror images, quarter turns, triangles unpacked.
import { requireInteger } from '../arguments'
import { RuntimeError } from '../errors'
import { numelOf, wrapDim } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { integers } from './integers'
import { diag_embed } from './matrix'
import { type Op, op1 } from './op'
import { checkedSizes, type SizeArgs } from './view'

/**
 * Copies side by side, so many along each dimension; unlike {@link Tensor.repeat}, fewer numbers than dimensions will do.
 * @shape A → A times repeats, size by size
 */
export function tile(self: Tensor, ...dims: SizeArgs): Tensor {
  const counts = checkedSizes('tile', self, dims, 'dims')
  return self.repeat([...Array<number>(Math.max(0, self.sizes.length - counts.length)).fill(1), ...counts])
}

/**
 * Each element (or line of a dimension) several times in a row: `repeats` times, or as often as a tensor says for each.
 * @shape A → A with repeats times as many along dim, or (k)
 */
export function repeat_interleave(
  self: Tensor,
  repeats: number | Tensor,
  dim: number | null | { dim?: number | null } = null,
): Tensor {
  const [counts, along] = accept<[number | Tensor, number | null]>(
    'repeat_interleave(Tensor input, Operand repeats, int dim=None)',
    self,
    repeats,
    dim,
  )
  const lines = along === null ? self.flatten() : self
  const d = wrapDim(along ?? 0, lines.sizes.length)
  const size = lines.sizes[d]!
  if (typeof counts === 'number') {
    requireInteger(counts, 'repeat_interleave', 'repeats')
    if (counts < 0) throw new RuntimeError('Repeats must be non-negative')
    const sizes = [...lines.sizes.slice(0, d), size * counts, ...lines.sizes.slice(d + 1)]
    return lines
      .unsqueeze(d + 1)
      .expand(lines.sizes.toSpliced(d + 1, 0, counts))
      .clone()
      .contiguous()
      .view(sizes)
  }
  if (counts.dtype.category !== 1) throw new RuntimeError('repeats has to be Long or Int tensor')
  const numbers = counts.reshape([-1]).tolist() as number[]
  if (numbers.some((n) => n < 0)) throw new RuntimeError('repeats can not be negative')
  const often = numbers.length === 1 ? Array<number>(size).fill(numbers[0]!) : numbers
  if (often.length !== size) {
    throw new RuntimeError(
      `repeats must have the same size as input along dim, but got repeats.size(0) = ${often.length} and input.size(${d}) = ${size}`,
    )
  }
  return lines.index_select(d, integers(often.flatMap((n, k) => Array<number>(n).fill(k))))
}

/**
 * All elements in one dimension: a view where the layout allows it, else a copy.
 * @shape A → (k)
 */
export function ravel(self: Tensor): Tensor {
  accept('ravel(Tensor input)', self)
  return self.contiguous().view(-1)
}

/**
 * One dimension cut into several; one of the sizes may be -1.
 * @shape A → A with dim replaced by sizes
 */
export function unflatten(self: Tensor, dim: number, sizes: readonly number[]): Tensor {
  accept('unflatten(Tensor input, int dim, tuple sizes)', self, dim, sizes)
  const d = wrapDim(dim, self.sizes.length)
  const size = self.sizes[d]!
  if (sizes.length === 0) throw new RuntimeError('unflatten: sizes must be non-empty')
  const known = numelOf(sizes.filter((s) => s !== -1))
  const given = sizes.map((s) => (s === -1 ? size / known : s))
  if (numelOf(given) !== size || !given.every(Number.isInteger)) {
    throw new RuntimeError(
      sizes.includes(-1)
        ? `unflatten: Provided sizes [${sizes.join(', ')}] don't multiply up to the size of dim ${d} (${size}) in the input tensor`
        : `unflatten: Provided sizes [${sizes.join(', ')}] don't multiply up to the size of dim ${d} (${size}) in the input tensor`,
    )
  }
  return self.view([...self.sizes.slice(0, d), ...given, ...self.sizes.slice(d + 1)])
}

/**
 * Left and right exchanged: the order of dimension 1 reversed.
 * @shape A → A
 */
export function fliplr(self: Tensor): Tensor {
  accept('fliplr(Tensor input)', self)
  if (self.sizes.length < 2) throw new RuntimeError('Input must be >= 2-d.')
  return self.flip(1)
}

/**
 * Top and bottom exchanged: the order of dimension 0 reversed.
 * @shape A → A
 */
export function flipud(self: Tensor): Tensor {
  accept('flipud(Tensor input)', self)
  if (self.sizes.length < 1) throw new RuntimeError('Input must be >= 1-d.')
  return self.flip(0)
}

interface Turn {
  k: number
  dims: readonly [number, number]
}

const turned: Op<[self: Tensor, args: Turn]> = op1<Turn>({
  gradFn: 'Rot90Backward0',
  forward: (self, { k, dims: [from, to] }) => {
    const x = self.detach()
    const turns = ((k % 4) + 4) % 4
    if (turns === 0) return x.clone()
    if (turns === 2) return x.flip([from, to])
    return x
      .flip(turns === 1 ? to : from)
      .transpose(from, to)
      .clone()
  },
  self: (grad, { args: { k, dims } }) => turned(grad, { k: -k, dims }),
  samples: (t) => [[t([[1, 2, 3]]), { k: 1, dims: [0, 1] }]],
})

/**
 * A plane turned by `k` quarter turns, from the first towards the second of its dimensions.
 * @shape A → the sizes of A with the two exchanged
 */
export function rot90(
  self: Tensor,
  k: number | { k?: number; dims?: readonly number[] } = 1,
  dims?: readonly number[] | { dims?: readonly number[] },
): Tensor {
  const [turns, plane] = accept<[number, readonly number[] | null]>(
    'rot90(Tensor input, int k=1, ints dims=None)',
    self,
    k,
    dims,
  )
  const n = self.sizes.length
  const given = plane ?? [0, 1]
  if (given.length !== 2) {
    throw new RuntimeError(`expected total rotation dims == 2, but got dims = ${given.length}`)
  }
  if (n < 2) throw new RuntimeError(`expected total dims >= 2, but got total dims = ${n}`)
  const [from, to] = given.map((d) => wrapDim(d, n)) as [number, number]
  if (from === to) {
    throw new RuntimeError(`expected rotation dims to be different, but got dim0 = ${given[0]} and dim1 = ${given[1]}`)
  }
  return turned(self, { k: turns, dims: [from, to] })
}

/**
 * The matrix with all elements on its diagonal.
 * @shape A → (n, n)
 */
export function diagflat(self: Tensor, offset = 0): Tensor {
  accept('diagflat(Tensor input, int offset=0)', self, offset)
  return diag_embed(self.contiguous().view(-1), offset)
}

/**
 * Summed until it has the given sizes: the adjoint of broadcasting.
 * @shape A → sizes
 */
export function sum_to_size(self: Tensor, ...size: SizeArgs): Tensor {
  const target = checkedSizes('sum_to_size', self, size)
  const lead = self.sizes.length - target.length
  const fits = lead >= 0 && target.every((s, d) => s === 1 || s === self.sizes[d + lead])
  if (!fits) {
    throw new RuntimeError(`size {[${target.join(', ')}]} is not expandable to size {[${self.sizes.join(', ')}]}.`)
  }
  const dims = self.sizes.flatMap((s, d) => (d < lead || (target[d - lead] === 1 && s !== 1) ? [d] : []))
  if (dims.length === 0) return self
  const summed = self.sum(dims, { keepdim: true })
  return lead > 0 ? summed.view(target) : summed
}

// torch.nn.functional: elements put around a tensor.
import { NotImplementedError, RuntimeError } from '../errors'
import { asOne } from '../ops/as-one'
import { integers } from '../ops/integers'
import { needs, type Op, op1 } from '../ops/op'
import { formatSizes, numelOf, type Sizes } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'

interface Padding {
  /** How many elements before and after, for each dimension; negative: so many are cut off. */
  before: readonly number[]
  after: readonly number[]
  value: number
}

const padded: Op<[self: Tensor, args: Padding]> = op1<Padding>({
  gradFn: 'ConstantPadNdBackward0',
  forward: (self, { before, after, value }) => {
    const out = self.new_full(
      self.sizes.map((size, d) => size + before[d]! + after[d]!),
      value,
    )
    const cut = before.map((n) => -n)
    const kept = self.sizes.map((size, d) => size + Math.min(before[d]!, 0) + Math.min(after[d]!, 0))
    inside(out, before, kept).copy_(inside(self.detach(), cut, kept))
    return out
  },
  // What was put around is cut off, what was cut off gets 0.
  self: (grad, { args: { before, after } }) =>
    padded(grad, { before: before.map((n) => -n), after: after.map((n) => -n), value: 0 }),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      { before: [0, 1], after: [1, -1], value: 7 },
    ],
  ],
})

function inside(whole: Tensor, before: readonly number[], sizes: readonly number[]): Tensor {
  return sizes.reduce((part, size, d) => part.narrow(d, Math.max(before[d]!, 0), size), whole)
}

interface Sources {
  /** For each padded dimension, from which index each element comes. */
  dims: readonly number[]
  indices: readonly (readonly number[])[]
}

/** Where in the flattened input each element of the padded one comes from. */
function places(sizes: Sizes, { dims, indices }: Sources): Tensor {
  const numbers = integers(Array.from({ length: numelOf(sizes) }, (_, i) => i)).reshape(sizes)
  return dims.reduce((out, dim, k) => out.index_select(dim, integers(indices[k]!)), numbers)
}

/** Each element from where it is reflected or repeated; its gradient goes back there, one after the other. */
function fromInside(name: string): Op<[self: Tensor, args: Sources]> {
  return op1<Sources>({
    gradFn: `${name}Backward0`,
    forward: (self, sources) => self.detach().take(places(self.sizes, sources)),
    self: asOne<Sources>(
      `${name}BackwardBackward0`,
      needs('self', (grad, { selfSizes, args }) => grad.new_zeros(selfSizes).put(places(selfSizes, args), grad, true)),
      { mixes: true, seconds: [null] },
    ),
    samples: (t) => [[t([1, 2, 3]), { dims: [0], indices: [[1, 0, 1, 2]] }]],
  })
}

const reflected = [1, 2, 3].map((n) => fromInside(`ReflectionPad${n}D`))
const replicated = [1, 2, 3].map((n) => fromInside(`ReplicationPad${n}D`))

/** What stands around: one value, the inside mirrored or its edge repeated, or the other end. */
export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular'

/** How to pad. */
export interface PadOptions {
  mode?: PadMode
  value?: number | null
}

/**
 * Elements put around a tensor: `amounts` are pairs of before and after, for the last dimension first; negative ones cut off.
 * Modes other than 'constant' pad the last one, two or three dimensions of a batch.
 * @shape (..., l) → (..., before + l + after), for each pair of amounts
 */
export function pad(
  input: Tensor,
  amounts: readonly number[],
  mode: PadMode | PadOptions = 'constant',
  value?: number | null | PadOptions,
): Tensor {
  const [, how, filler] = accept<[readonly number[], PadMode, number | null]>(
    "pad(Tensor input, ints pad, str mode='constant', float value=None)",
    input,
    amounts,
    mode,
    value,
  )
  const n = input.sizes.length
  if (amounts.length % 2 !== 0) throw new RuntimeError('Padding length must be divisible by 2')
  if (amounts.length / 2 > n) {
    throw new RuntimeError(
      `Padding length should be less than or equal to two times the input dimension but got padding length ${amounts.length} and input of dimension ${n}`,
    )
  }
  const at = (d: number, side: number) => amounts[2 * (n - 1 - d) + side] ?? 0
  const before = input.sizes.map((_, d) => at(d, 0))
  const after = input.sizes.map((_, d) => at(d, 1))
  if (how === 'constant') return padded(input, { before, after, value: filler ?? 0 })
  const spatial = amounts.length / 2
  if (n !== spatial + 1 && n !== spatial + 2) {
    throw new NotImplementedError(
      'Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now',
      'Pad the last one dimension of (C, L) or (N, C, L), the last two of (C, H, W) or (N, C, H, W).',
    )
  }
  const dims = input.sizes.map((_, d) => d).slice(n - spatial)
  switch (how) {
    case 'reflect':
      for (const d of dims) checkReflection(input, d, before[d]!, after[d]!)
      return reflected[spatial - 1]!(input, {
        dims,
        indices: dims.map((d) => sources(input.sizes[d]!, before[d]!, after[d]!, mirror)),
      })
    case 'replicate':
      return replicated[spatial - 1]!(input, {
        dims,
        indices: dims.map((d) => sources(input.sizes[d]!, before[d]!, after[d]!, nearest)),
      })
    case 'circular':
      return dims.reduce((out, d) => wrapped(out, d, before[d]!, after[d]!), laidInto(input, dims, before, after))
    default:
      throw new NotImplementedError(`Unrecognised padding mode ${how}`)
  }
}

function checkReflection(input: Tensor, dim: number, before: number, after: number): void {
  if (before < input.sizes[dim]! && after < input.sizes[dim]!) return
  throw new RuntimeError(
    `Argument #4: Padding size should be less than the corresponding input dimension, but got: padding (${before}, ${after}) at dimension ${dim} of input ${formatSizes(input.sizes)}`,
  )
}

function sources(size: number, before: number, after: number, from: (k: number, size: number) => number): number[] {
  return Array.from({ length: before + size + after }, (_, i) => from(i - before, size))
}

function mirror(k: number, size: number): number {
  return k < 0 ? -k : k >= size ? 2 * (size - 1) - k : k
}

function nearest(k: number, size: number): number {
  return Math.min(Math.max(k, 0), size - 1)
}

/** A larger tensor with the input, or what is kept of it, in its middle; the rest is still to be written. */
function laidInto(input: Tensor, dims: readonly number[], before: readonly number[], after: readonly number[]): Tensor {
  const out = input.detach().new_empty(input.sizes.map((size, d) => size + before[d]! + after[d]!))
  const middle = (t: Tensor, [first, last]: readonly [number, number], d: number) =>
    t.narrow(d, Math.max(first, 0), t.sizes[d]! - Math.max(first, 0) - Math.max(last, 0))
  const place = dims.reduce((t, d) => middle(t, [before[d]!, after[d]!], d), out)
  place.copy_(dims.reduce((t, d) => middle(t, [-before[d]!, -after[d]!], d), input))
  return out
}

/** Both margins of one dimension copied from the other end of the middle. */
function wrapped(out: Tensor, dim: number, before: number, after: number): Tensor {
  const size = out.sizes[dim]!
  if (before > 0) out.narrow(dim, 0, before).copy_(out.narrow(dim, size - before - Math.max(after, 0), before))
  if (after > 0) out.narrow(dim, size - after, after).copy_(out.narrow(dim, Math.max(before, 0), after))
  return out
}

// Elements counted: how many are not 0, which there are, how often each occurs, into which bin each falls.
import { allocate } from '../dtype'
import { NotImplementedError, RuntimeError } from '../errors'
import { gather } from '../kernels/map'
import { rounding } from '../kernels/precision'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { ascending } from './choosing'
import { integersOf } from './integers'
import { type Op, op1 } from './op'

/**
 * How many elements are not 0: in all, or along dimensions.
 * @shape A → () or A without dim
 */
export function count_nonzero(
  self: Tensor,
  dim: number | readonly number[] | null | { dim?: number | readonly number[] | null } = null,
): Tensor {
  const [along] = accept<[number | readonly number[] | null]>('count_nonzero(Tensor input, ints dim=None)', self, dim)
  return self
    .detach()
    .ne(0)
    .sum(along as number[] | null)
}

function withoutDerivative(gradFn: string, name: string): Op<[self: Tensor, args: readonly number[]]> {
  return op1<readonly number[]>({
    gradFn,
    forward: (self, values) => {
      const out = allocate(self.dtype, values.length)
      out.set(values)
      return Tensor.own(out, [values.length], self.dtype)
    },
    self: () => {
      throw new NotImplementedError(`the derivative for '${name}' is not implemented.`)
    },
    samples: () => [],
  })
}

const distinct = withoutDerivative('Unique2Backward0', '_unique2')
const distinctNeighbours = withoutDerivative('UniqueConsecutiveBackward0', 'unique_consecutive')

/** What besides the values: for each element which of them it is, and how often each occurs. */
export interface UniqueOptions {
  sorted?: boolean
  return_inverse?: boolean
  return_counts?: boolean
}

interface Groups {
  values: number[]
  inverse: Tensor
  counts: Tensor
}

/** Runs of equal elements among those in `order`. */
function groups(self: Tensor, data: ArrayLike<number>, order: readonly number[]): Groups {
  const values: number[] = []
  const counts: number[] = []
  const inverse = new Array<number>(order.length)
  for (const at of order) {
    const x = data[at]!
    if (values.length === 0 || values[values.length - 1] !== x) {
      values.push(x)
      counts.push(0)
    }
    counts[counts.length - 1]!++
    inverse[at] = values.length - 1
  }
  return { values, inverse: integersOf(inverse, self.sizes), counts: integersOf(counts, [counts.length]) }
}

function answer(values: Tensor, { inverse, counts }: Groups, return_inverse: boolean, return_counts: boolean) {
  if (!return_inverse && !return_counts) return values
  return [values, ...(return_inverse ? [inverse] : []), ...(return_counts ? [counts] : [])]
}

/**
 * The different elements in ascending order; with options, an array of them, {@link UniqueOptions} tells which.
 * @shape A → (k), or (k, ...) along dim
 */
export function unique(self: Tensor, options?: { sorted?: boolean }): Tensor
export function unique(self: Tensor, options: UniqueOptions): Tensor[]
export function unique(self: Tensor, options: UniqueOptions = {}): Tensor | Tensor[] {
  const [, return_inverse, return_counts] = accept<[boolean, boolean, boolean]>(
    'unique(Tensor input, bool sorted=True, bool return_inverse=False, bool return_counts=False)',
    self,
    options,
  )
  const data = gather(self)
  const order = Array.from(data, (_, i) => i).sort((a, b) => ascending(data[a]!, data[b]!))
  const found = groups(self, data, order)
  return answer(distinct(self, found.values), found, return_inverse, return_counts)
}

/**
 * Each run of equal neighbours once.
 * @shape A → (k), or (k, ...) along dim
 */
export function unique_consecutive(self: Tensor, options?: Record<string, never>): Tensor
export function unique_consecutive(self: Tensor, options: Omit<UniqueOptions, 'sorted'>): Tensor[]
export function unique_consecutive(self: Tensor, options: Omit<UniqueOptions, 'sorted'> = {}): Tensor | Tensor[] {
  const [return_inverse, return_counts] = accept<[boolean, boolean]>(
    'unique_consecutive(Tensor input, bool return_inverse=False, bool return_counts=False)',
    self,
    options,
  )
  const data = gather(self)
  const found = groups(
    self,
    data,
    Array.from(data, (_, i) => i),
  )
  return answer(distinctNeighbours(self, found.values), found, return_inverse, return_counts)
}

/**
 * How often each of the numbers 0, 1, 2, … occurs among whole numbers.
 * @shape (n) → (bins)
 */
export function bincount(self: Tensor, options: { minlength?: number } = {}): Tensor {
  const [minlength] = accept<[number]>('bincount(Tensor input, int minlength=0)', self, options)
  const data = Array.from(gather(self))
  if (self.dtype.category !== 1) {
    throw new NotImplementedError(`"bincount_cpu" not implemented for '${self.dtype.legacyName}'`)
  }
  if (self.sizes.length !== 1 || data.some((x) => x < 0)) {
    throw new RuntimeError('bincount only supports 1-d non-negative integral inputs.')
  }
  const counts = new Array<number>(
    Math.max(
      minlength,
      data.reduce((most, x) => Math.max(most, x + 1), 0),
    ),
  ).fill(0)
  for (const k of data) counts[k]!++
  return integersOf(counts, [counts.length])
}

/**
 * How many elements fall into each of `bins` intervals of equal length from `min` to `max` (the extreme elements, if both are 0).
 * @shape A → (bins)
 */
export function histc(
  self: Tensor,
  bins: number | { bins?: number; min?: number; max?: number } = 100,
  min?: number | { min?: number; max?: number },
  max?: number,
): Tensor {
  const [count, low, high] = accept<[number, number, number]>(
    'histc(Tensor input, int bins=100, float min=0, float max=0)',
    self,
    bins,
    min,
    max,
  )
  if (count <= 0) throw new RuntimeError('bins must be > 0')
  const round = rounding(self)
  const data = Array.from(gather(self))
  let [from, to] = [low, high]
  if (from === to && data.length > 0)
    [from, to] = [data.reduce((a, b) => Math.min(a, b)), data.reduce((a, b) => Math.max(a, b))]
  if (from === to) [from, to] = [from - 1, to + 1]
  if (!(from < to)) throw new RuntimeError('max must be larger than min')
  const out = allocate(self.dtype, count)
  for (const x of data) {
    if (!(x >= from && x <= to)) continue
    const bin = Math.trunc(round(round(round(x - from) / (to - from)) * count))
    out[Math.min(bin, count - 1)]!++
  }
  return Tensor.own(out, [count], self.dtype)
}

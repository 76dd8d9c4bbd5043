// Numbers looked up in others: places in an ascending sequence, membership.
import { requireTensor } from '../arguments'
import { bool } from '../dtype'
import { gather, map1, rowMajor } from '../kernels/map'
import { numelOf } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { integersOf } from './integers'

/** The first place in an ascending line of `n` numbers that is not below `x` (`right`: that is above it). */
function placeOf(line: ArrayLike<number>, start: number, n: number, x: number, right: boolean): number {
  let [low, high] = [0, n]
  while (low < high) {
    const half = (low + high) >> 1
    if (right ? line[start + half]! <= x : line[start + half]! < x) low = half + 1
    else high = half
  }
  return low
}

/**
 * Where each value would go into an ascending sequence: before equal elements, or with `right` after them.
 * @shape (..., n), (..., m) → (..., m)
 */
export function searchsorted(
  sorted_sequence: Tensor,
  values: Tensor | number,
  options: { right?: boolean } = {},
): Tensor {
  const [, right] = accept<[unknown, boolean]>(
    'searchsorted(Tensor sorted_sequence, Operand values, bool right=False)',
    sorted_sequence,
    values,
    options,
  )
  const { data, offset } = rowMajor(sorted_sequence)
  const n = sorted_sequence.sizes[sorted_sequence.sizes.length - 1] ?? 1
  if (typeof values === 'number') return integersOf([placeOf(data, offset, n, values, right)], [])
  const many = sorted_sequence.sizes.length > 1
  const wanted = rowMajor(values)
  const perLine = values.sizes[values.sizes.length - 1] ?? 1
  const places = Array.from({ length: numelOf(values.sizes) }, (_, i) => {
    const start = offset + (many ? Math.floor(i / perLine) * n : 0)
    return placeOf(data, start, n, wanted.data[wanted.offset + i]!, right)
  })
  return integersOf(places, values.sizes)
}

/**
 * Into which of the intervals between ascending boundaries each element falls.
 * @shape A, B → A
 */
export function bucketize(input: Tensor, boundaries: Tensor, options: { right?: boolean } = {}): Tensor {
  accept('bucketize(Tensor input, Tensor boundaries, bool right=False)', input, boundaries, options)
  return searchsorted(boundaries, input, options)
}

/**
 * True where an element is among `test_elements`.
 * @shape A, B → A
 */
export function isin(elements: Tensor, test_elements: Tensor | number): Tensor {
  requireTensor(elements, 'isin', 'elements')
  if (typeof test_elements !== 'number') requireTensor(test_elements, 'isin', 'test_elements')
  const known = new Set<number>(typeof test_elements === 'number' ? [test_elements] : gather(test_elements))
  return map1(elements, (x) => (known.has(x) ? 1 : 0), bool)
}

// Where the windows of a pool lie.
import { RuntimeError } from '../errors'
import { formatSizes, numelOf, type Sizes } from '../shape'
import type { Tensor } from '../tensor'

/** How many images there are: samples times channels. */
export function planesOf(sizes: Sizes): number {
  return numelOf(sizes.slice(0, -2))
}

/** How windows lie along one dimension. */
export interface Pool {
  kernel: number
  stride: number
  padding: number
  dilation: number
  ceil: boolean
}

/** How many windows there are. */
export function outputSize(size: number, { kernel, stride, padding, dilation, ceil }: Pool): number {
  const last = size + 2 * padding - dilation * (kernel - 1) - 1
  const n = (ceil ? Math.ceil(last / stride) : Math.floor(last / stride)) + 1
  // The last window must begin inside the input or its left padding.
  return ceil && (n - 1) * stride >= size + padding ? n - 1 : n
}

/** Refuses images and windows that do not fit together. */
export function checkPool(name: string, input: Tensor, pools: readonly [Pool, Pool]): void {
  const n = input.sizes.length
  if (n !== 3 && n !== 4) {
    throw new RuntimeError(
      'non-empty 3D or 4D (batch mode) tensor expected for input',
      'The dimensions are (batch, channels, height, width); without the first for a single sample.',
    )
  }
  if (pools.some(({ stride }) => stride <= 0)) throw new RuntimeError('stride should not be zero')
  if (pools.some(({ kernel }) => kernel <= 0)) throw new RuntimeError('kernel size should be greater than zero')
  for (const { kernel, padding, dilation } of pools) {
    if (padding < 0) throw new RuntimeError(`pad must be non-negative, but got pad: ${padding}`)
    if (padding > Math.floor((dilation * (kernel - 1) + 1) / 2)) {
      if (name === 'max_pool1d') {
        throw new RuntimeError(
          `max_pool1d() padding should be at most half of kernel size, but got padding=${padding} and kernel_size=${kernel}`,
        )
      }
      throw new RuntimeError(
        `pad should be at most half of effective kernel size, but got pad=${padding}, kernel_size=${kernel} and dilation=${dilation}`,
      )
    }
  }
  const [channels, ...sides] = input.sizes.slice(-3) as [number, number, number]
  const made = sides.map((size, d) => outputSize(size, pools[d]!))
  if (made.some((size) => size < 1)) {
    if (name === 'max_pool1d') throw new RuntimeError(`max_pool1d() Invalid computed output size: ${Math.min(...made)}`)
    throw new RuntimeError(
      `Given input size: (${channels}x${sides.join('x')}). Calculated output size: (${channels}x${made.map((size) => Math.max(size, 0)).join('x')}). Output size is too small`,
    )
  }
}

/** One number for both spatial dimensions, or one for each. */
export type Pair = number | readonly number[]

function pairOf(name: string, value: Pair, argument: string): [number, number] {
  if (typeof value === 'number') return [value, value]
  if (value.length === 1) return [value[0]!, value[0]!]
  if (value.length !== 2) {
    throw new RuntimeError(`${name}: ${argument} must either be a single int, or a tuple of two ints`)
  }
  return [value[0]!, value[1]!]
}

/** The windows' ways along both dimensions. */
export function poolsOf(
  name: string,
  kernel: Pair,
  stride: Pair | null,
  padding: Pair,
  dilation: Pair,
  ceil: boolean,
): [Pool, Pool] {
  const k = pairOf(name, kernel, 'kernel_size')
  const s = stride === null || (Array.isArray(stride) && stride.length === 0) ? k : pairOf(name, stride, 'stride')
  const [p, d] = [pairOf(name, padding, 'padding'), pairOf(name, dilation, 'dilation')]
  const pool = (side: 0 | 1): Pool => ({ kernel: k[side], stride: s[side], padding: p[side], dilation: d[side], ceil })
  return [pool(0), pool(1)]
}

/** A one-dimensional pool as a row of a two-dimensional one. */
function flat(value: Pair, otherwise: number): [number, number] {
  return [otherwise, typeof value === 'number' ? value : value[0]!]
}

/** {@link poolsOf} a signal, which is an image of one row. */
export function poolsOfSignal(
  name: string,
  input: Tensor,
  kernel: Pair,
  stride: Pair | null,
  padding: Pair,
  dilation: Pair,
  ceil: boolean,
): [Pool, Pool] {
  if (input.sizes.length !== 2 && input.sizes.length !== 3) {
    throw new RuntimeError(`${name}() Expected 2D or 3D input tensor, but got ${formatSizes(input.sizes)}`)
  }
  return poolsOf(name, flat(kernel, 1), flat(stride ?? kernel, 1), flat(padding, 0), flat(dilation, 1), ceil)
}

// torch.nn.functional: pooling.
import { tracked } from '../autograd/graph'
import { isRecording } from '../autograd/mode'
import { needs, type Recordable, record } from '../autograd/record'
import { allocate, int64 } from '../dtype'
import { RuntimeError } from '../errors'
import { rowMajor } from '../kernels/map'
import { rounding } from '../kernels/precision'
import { type Op, op1 } from '../ops/op'
import { formatSizes, numelOf, type Sizes } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'

/** Along one dimension, what each output element looks at: from, up to but without, and how many it counts as. */
type Windows = readonly (readonly [from: number, to: number, count: number])[]

interface Averaging {
  rows: Windows
  columns: Windows
  /** What sums are divided by, if not by the windows' counts. */
  divisor: number | null
}

function planesOf(sizes: Sizes): number {
  return numelOf(sizes.slice(0, -2))
}

/** Calls `visit` for each window of each plane, with the place of its result. */
function everyWindow(
  sizes: Sizes,
  { rows, columns }: Averaging,
  visit: (plane: number, out: number, row: Windows[number], column: Windows[number]) => void,
): void {
  const area = sizes[sizes.length - 2]! * sizes[sizes.length - 1]!
  let out = 0
  for (let plane = 0; plane < planesOf(sizes); plane++) {
    for (const row of rows) for (const column of columns) visit(plane * area, out++, row, column)
  }
}

/** `byParts`: divided by the height first, then by the width. */
function averaging(gradFn: string, byParts: boolean): Op<[self: Tensor, args: Averaging & { sizes: Sizes }]> {
  type Args = Averaging & { sizes: Sizes }
  const average: Op<[self: Tensor, args: Args]> = op1<Args>({
    gradFn,
    forward: (self, args) => {
      const { data, offset } = rowMajor(self)
      const width = self.sizes[self.sizes.length - 1]!
      const sizes = [...self.sizes.slice(0, -2), args.rows.length, args.columns.length]
      const out = allocate(self.dtype, numelOf(sizes))
      everyWindow(self.sizes, args, (plane, at, [top, bottom, high], [left, right, wide]) => {
        let total = 0
        for (let r = top; r < bottom; r++) {
          for (let c = left; c < right; c++) total += data[offset + plane + r * width + c]!
        }
        out[at] = total / (args.divisor ?? high * wide)
      })
      return Tensor.own(out, sizes, self.dtype)
    },
    self: (grad, { args }) => spread(grad, args),
    samples: (t) => [
      [
        t([[1, 2, 4]]),
        {
          rows: [[0, 1, 1]],
          columns: [
            [0, 2, 2],
            [1, 3, 2],
          ],
          divisor: null,
          sizes: [1, 3],
        },
      ],
    ],
  })
  // The adjoint: each gradient divided among the elements of its window.
  const spread: Op<[self: Tensor, args: Args]> = op1<Args>({
    gradFn: gradFn.replace('Backward0', 'BackwardBackward0'),
    forward: (grad, args) => {
      const { data, offset } = rowMajor(grad)
      const width = args.sizes[args.sizes.length - 1]!
      const round = rounding(grad)
      const out = allocate(grad.dtype, numelOf(args.sizes))
      const shareOf = (g: number, high: number, wide: number) =>
        byParts ? round(round(g / high) / wide) : round(g / (args.divisor ?? high * wide))
      everyWindow(args.sizes, args, (plane, at, [top, bottom, high], [left, right, wide]) => {
        const share = shareOf(data[offset + at]!, high, wide)
        for (let r = top; r < bottom; r++) for (let c = left; c < right; c++) out[plane + r * width + c]! += share
      })
      return Tensor.own(out, args.sizes, grad.dtype)
    },
    self: (grad, { args }) => average(grad, args),
    samples: (t) => [
      [
        t([[1, 2]]),
        {
          rows: [[0, 1, 1]],
          columns: [
            [0, 2, 2],
            [1, 3, 2],
          ],
          divisor: null,
          sizes: [1, 3],
        },
      ],
    ],
  })
  return average
}

const averageWindows = averaging('AvgPool2DBackward0', false)
const averageAdaptively = averaging('AdaptiveAvgPool2DBackward0', true)

interface Pool {
  kernel: number
  stride: number
  padding: number
  dilation: number
  ceil: boolean
}

function outputSize(size: number, { kernel, stride, padding, dilation, ceil }: Pool): number {
  const last = size + 2 * padding - dilation * (kernel - 1) - 1
  const n = (ceil ? Math.ceil(last / stride) : Math.floor(last / stride)) + 1
  // The last window must begin inside the input or its left padding.
  return ceil && (n - 1) * stride >= size + padding ? n - 1 : n
}

function checkPool(name: string, input: Tensor, pools: readonly [Pool, Pool]): void {
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

function poolsOf(
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

interface MaxArgs {
  area: number
}

const maximumOfWindows: Recordable = {
  gradFn: 'MaxPool2DWithIndicesBackward0',
  rules: [
    // The gradient goes to the element that was chosen.
    needs<MaxArgs>('indices', (grad, { indices, selfSizes, args: { area } }) => {
      const planes = planesOf(selfSizes)
      return grad
        .new_zeros([planes, area])
        .scatter_add(1, indices.reshape([planes, -1]), grad.reshape([planes, -1]))
        .view(selfSizes)
    }),
  ],
}

function maxWindows(input: Tensor, [tall, wide]: readonly [Pool, Pool]): [values: Tensor, indices: Tensor] {
  const [height, width] = input.sizes.slice(-2) as [number, number]
  const sizes = [...input.sizes.slice(0, -2), outputSize(height, tall), outputSize(width, wide)]
  const { data, offset } = rowMajor(input)
  const [values, indices] = [allocate(input.dtype, numelOf(sizes)), allocate(int64, numelOf(sizes))]
  const [rows, columns] = sizes.slice(-2) as [number, number]
  let at = 0
  for (let plane = 0; plane < planesOf(input.sizes); plane++) {
    const start = offset + plane * height * width
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        let best = -1
        for (let i = 0; i < tall.kernel; i++) {
          const row = r * tall.stride - tall.padding + i * tall.dilation
          if (row < 0 || row >= height) continue
          for (let j = 0; j < wide.kernel; j++) {
            const column = c * wide.stride - wide.padding + j * wide.dilation
            if (column < 0 || column >= width) continue
            const place = row * width + column
            const x = data[start + place]!
            if (best < 0 || x > data[start + best]! || Number.isNaN(x)) best = place
          }
        }
        values[at] = data[start + best]!
        indices[at++] = best
      }
    }
  }
  const results: [Tensor, Tensor] = [Tensor.own(values, sizes, input.dtype), Tensor.own(indices, sizes, int64)]
  if (isRecording() && tracked(input)) {
    record(maximumOfWindows, results[0], { area: height * width }, input, null, null, results[1])
  }
  return results
}

/** What {@link max_pool2d} accepts by name. */
export interface MaxPoolOptions {
  /** How far apart windows begin: as far as they are long, if not said. */
  stride?: Pair | null
  padding?: Pair
  dilation?: Pair
  /** Whether a window may reach beyond the end. */
  ceil_mode?: boolean
}

/** With `return_indices`, where the largest elements were: their places in the plane, row by row. */
export interface MaxPool {
  (
    input: Tensor,
    kernel_size: Pair,
    stride?: Pair | null | (MaxPoolOptions & { return_indices?: false }),
    padding?: Pair | (MaxPoolOptions & { return_indices?: false }),
    dilation?: Pair | (MaxPoolOptions & { return_indices?: false }),
    ceil_mode?: boolean,
  ): Tensor
  (input: Tensor, kernel_size: Pair, options: MaxPoolOptions & { return_indices: true }): [Tensor, Tensor]
}

type MaxArguments = [Pair, Pair | null, Pair, Pair, boolean, boolean]

const PARAMETERS =
  'ints kernel_size, ints stride=None, ints padding=0, ints dilation=1, bool ceil_mode=False, bool return_indices=False'

/**
 * The largest element of each window of images (N, C, H, W), or (C, H, W).
 * @shape (n, c, h, w) → (n, c, h', w')
 */
export const max_pool2d: MaxPool = ((input: Tensor, ...given: unknown[]) => {
  const [kernel, stride, padding, dilation, ceil, wantsIndices] = accept<MaxArguments>(
    `max_pool2d(Tensor input, ${PARAMETERS})`,
    input,
    ...given,
  )
  const pools = poolsOf('max_pool2d', kernel, stride, padding, dilation, ceil)
  checkPool('max_pool2d', input, pools)
  const results = maxWindows(input, pools)
  return wantsIndices ? results : results[0]
}) as MaxPool

/** A one-dimensional pool as a row of a two-dimensional one. */
function flat(value: Pair, otherwise: number): [number, number] {
  return [otherwise, typeof value === 'number' ? value : value[0]!]
}

/**
 * The largest element of each window of signals (N, C, L), or (C, L).
 * @shape (n, c, l) → (n, c, l')
 */
export const max_pool1d: MaxPool = ((input: Tensor, ...given: unknown[]) => {
  const [kernel, stride, padding, dilation, ceil, wantsIndices] = accept<MaxArguments>(
    `max_pool1d(Tensor input, ${PARAMETERS})`,
    input,
    ...given,
  )
  if (input.sizes.length !== 2 && input.sizes.length !== 3) {
    throw new RuntimeError(`max_pool1d() Expected 2D or 3D input tensor, but got ${formatSizes(input.sizes)}`)
  }
  const pools = poolsOf(
    'max_pool1d',
    flat(kernel, 1),
    stride === null ? flat(kernel, 1) : flat(stride, 1),
    flat(padding, 0),
    flat(dilation, 1),
    ceil,
  )
  checkPool('max_pool1d', input.detach().unsqueeze(-2), pools)
  const results = maxWindows(input.unsqueeze(-2), pools).map((t) => t.squeeze(-2)) as [Tensor, Tensor]
  return wantsIndices ? results : results[0]
}) as MaxPool

/** What {@link avg_pool2d} accepts by name. */
export interface AvgPoolOptions extends Omit<MaxPoolOptions, 'dilation'> {
  /** Whether the zeros around count in the mean. */
  count_include_pad?: boolean
  /** What sums are divided by instead of the size of the window. */
  divisor_override?: number | null
}

type AvgPool = (
  input: Tensor,
  kernel_size: Pair,
  stride?: Pair | null | AvgPoolOptions,
  padding?: Pair | AvgPoolOptions,
  ceil_mode?: boolean | AvgPoolOptions,
  count_include_pad?: boolean | AvgPoolOptions,
  divisor_override?: number | null,
) => Tensor

type AvgArguments = [Pair, Pair | null, Pair, boolean, boolean, number | null]

const AVERAGE_PARAMETERS =
  'ints kernel_size, ints stride=None, ints padding=0, bool ceil_mode=False, bool count_include_pad=True, int divisor_override=None'

function windowsOf(size: number, pool: Pool, countsPadding: boolean): Windows {
  return Array.from({ length: outputSize(size, pool) }, (_, k) => {
    const start = k * pool.stride - pool.padding
    const end = Math.min(start + pool.kernel, size + pool.padding)
    const [from, to] = [Math.max(start, 0), Math.min(end, size)]
    return [from, to, countsPadding ? end - start : to - from] as const
  })
}

function average(
  name: string,
  input: Tensor,
  pools: readonly [Pool, Pool],
  countsPadding: boolean,
  divisor: number | null,
): Tensor {
  checkPool(name, input, pools)
  if (divisor === 0) throw new RuntimeError('divisor must be not zero')
  const [height, width] = input.sizes.slice(-2) as [number, number]
  const [rows, columns] = [windowsOf(height, pools[0], countsPadding), windowsOf(width, pools[1], countsPadding)]
  return averageWindows(input, { rows, columns, divisor, sizes: input.sizes })
}

/**
 * The mean of each window of images (N, C, H, W), or (C, H, W).
 * @shape (n, c, h, w) → (n, c, h', w')
 */
export const avg_pool2d: AvgPool = (input, ...given) => {
  const [kernel, stride, padding, ceil, counts, divisor] = accept<AvgArguments>(
    `avg_pool2d(Tensor input, ${AVERAGE_PARAMETERS})`,
    input,
    ...given,
  )
  return average('avg_pool2d', input, poolsOf('avg_pool2d', kernel, stride, padding, 1, ceil), counts, divisor)
}

/**
 * The mean of each window of signals (N, C, L), or (C, L).
 * @shape (n, c, l) → (n, c, l')
 */
export const avg_pool1d: AvgPool = (input, ...given) => {
  const [kernel, stride, padding, ceil, counts, divisor] = accept<AvgArguments>(
    `avg_pool1d(Tensor input, ${AVERAGE_PARAMETERS})`,
    input,
    ...given,
  )
  if (input.sizes.length !== 2 && input.sizes.length !== 3) {
    throw new RuntimeError(`avg_pool1d() Expected 2D or 3D input tensor, but got ${formatSizes(input.sizes)}`)
  }
  const pools = poolsOf(
    'avg_pool1d',
    flat(kernel, 1),
    stride === null ? flat(kernel, 1) : flat(stride, 1),
    flat(padding, 0),
    1,
    ceil,
  )
  return average('avg_pool1d', input.unsqueeze(-2), pools, counts, divisor).squeeze(-2)
}

/** Windows that divide `size` elements into `count` parts of nearly equal length. */
function parts(size: number, count: number): Windows {
  return Array.from({ length: count }, (_, k) => {
    const [from, to] = [Math.floor((k * size) / count), Math.ceil(((k + 1) * size) / count)]
    return [from, to, to - from] as const
  })
}

/**
 * Images averaged to a size: each result is the mean of its part. A null leaves a dimension as it is.
 * @shape (n, c, h, w) → (n, c, output_size)
 */
export function adaptive_avg_pool2d(input: Tensor, output_size: number | readonly (number | null)[]): Tensor {
  accept('adaptive_avg_pool2d(Tensor input, any output_size)', input, output_size)
  if (input.sizes.length !== 3 && input.sizes.length !== 4) {
    throw new RuntimeError(`adaptive_avg_pool2d(): Expected 3D or 4D tensor, but got ${formatSizes(input.sizes)}`)
  }
  const [height, width] = input.sizes.slice(-2) as [number, number]
  const given = typeof output_size === 'number' ? [output_size, output_size] : output_size
  const [rows, columns] = [given[0] ?? height, given[1] ?? width]
  if (rows === 1 && columns === 1) return input.mean([-1, -2], { keepdim: true })
  return averageAdaptively(input, {
    rows: parts(height, rows),
    columns: parts(width, columns),
    divisor: null,
    sizes: input.sizes,
  })
}

/**
 * Signals averaged to a length: each result is the mean of its part.
 * @shape (n, c, l) → (n, c, output_size)
 */
export function adaptive_avg_pool1d(input: Tensor, output_size: number): Tensor {
  accept('adaptive_avg_pool1d(Tensor input, int output_size)', input, output_size)
  return adaptive_avg_pool2d(input.unsqueeze(-2), [1, output_size]).squeeze(-2)
}

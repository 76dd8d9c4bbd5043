// torch.nn.functional: the mean of each window.
import { allocate } from '../dtype'
import { RuntimeError } from '../errors'
import { rowMajor } from '../kernels/map'
import { rounding } from '../kernels/precision'
import { needs, type Op, op1, op2 } from '../ops/op'
import { formatSizes, numelOf, type Sizes } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import type { MaxPoolOptions } from './max-pooling'
import { checkPool, outputSize, type Pair, type Pool, planesOf, poolsOf, poolsOfSignal } from './pools'

/** Along one dimension, what each output element looks at: from, up to but without, and how many it counts as. */
type Windows = readonly (readonly [from: number, to: number, count: number])[]

interface Averaging {
  rows: Windows
  columns: Windows
  /** What sums are divided by, if not by the windows' counts. */
  divisor: number | null
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

/** For the samples: two windows in a row of three. */
const pairsOfThree: Averaging & { sizes: Sizes } = {
  rows: [[0, 1, 1]],
  columns: [
    [0, 2, 2],
    [1, 3, 2],
  ],
  divisor: null,
  sizes: [1, 3],
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
    self: needs('self', (grad, { self, args }) => spread(grad, self, args)),
    samples: (t) => [[t([[1, 2, 4]]), pairsOfThree]],
  })
  // The adjoint: each gradient divided among the elements of its window. PyTorch has it depend on what was averaged, too.
  const spread: Op<[self: Tensor, other: Tensor, args: Args]> = op2<Tensor, Args>({
    gradFn: gradFn.replace('Backward0', 'BackwardBackward0'),
    order: [0, 1],
    forward: (grad, _, args) => {
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
    other: (grad, { args }) => grad.new_zeros(args.sizes),
    samples: (t) => [[t([[1, 2]]), t([[1, 2, 4]]), pairsOfThree]],
  })
  return average
}

const averageWindows = averaging('AvgPool2DBackward0', false)
const averageAdaptively = averaging('AdaptiveAvgPool2DBackward0', true)

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
  const pools = poolsOfSignal('avg_pool1d', input, kernel, stride, padding, 1, ceil)
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

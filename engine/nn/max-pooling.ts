// torch.nn.functional: the largest of each window.
import { tracked } from '../autograd/graph'
import { isRecording } from '../autograd/mode'
import { needs, type Recordable, record } from '../autograd/record'
import { allocate, int64 } from '../dtype'
import { rowMajor } from '../kernels/map'
import { asOne } from '../ops/as-one'
import { numelOf } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { checkPool, outputSize, type Pair, type Pool, planesOf, poolsOf, poolsOfSignal } from './pools'

interface MaxArgs {
  area: number
}

const maximumOfWindows: Recordable = {
  gradFn: 'MaxPool2DWithIndicesBackward0',
  rules: [
    // The gradient goes to the element that was chosen.
    asOne<MaxArgs>(
      'MaxPool2DWithIndicesBackwardBackward0',
      needs('self', 'indices', (grad, { indices, selfSizes, args: { area } }) => {
        const planes = planesOf(selfSizes)
        return grad
          .new_zeros([planes, area])
          .scatter_add(1, indices.reshape([planes, -1]), grad.reshape([planes, -1]))
          .view(selfSizes)
      }),
      { mixes: true, seconds: [null] },
    ),
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
  const pools = poolsOfSignal('max_pool1d', input, kernel, stride, padding, dilation, ceil)
  checkPool('max_pool1d', input.detach().unsqueeze(-2), pools)
  const results = maxWindows(input.unsqueeze(-2), pools).map((t) => t.squeeze(-2)) as [Tensor, Tensor]
  return wantsIndices ? results : results[0]
}) as MaxPool

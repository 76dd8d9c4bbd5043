// torch.nn.functional: images cut into patches, enlarged, reordered.
import { NotImplementedError, RuntimeError, ValueError } from '../errors'
import { asOne } from '../ops/as-one'
import { integers } from '../ops/integers'
import { stack } from '../ops/join'
import { type Op, op1 } from '../ops/op'
import { type Range, sliceRange } from '../ops/part'
import { formatSizes, type Sizes } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { pad } from './padding'
import type { Pair } from './pools'

interface Patches {
  kernel: readonly [number, number]
  dilation: readonly [number, number]
  padding: readonly [number, number]
  stride: readonly [number, number]
  /** (N, C, H, W) of the images. */
  image: Sizes
}

/** How many patches fit along each of the two dimensions. */
function counts({ kernel, dilation, padding, stride, image }: Patches): [number, number] {
  const along = (d: 0 | 1) =>
    Math.floor((image[d + 2]! + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d]) + 1
  return [along(0), along(1)]
}

/** For each place in the kernel, which rows and which columns of the padded image it meets. */
function ranges(args: Patches): [Range, Range][] {
  const { kernel, dilation, stride } = args
  const [rows, columns] = counts(args)
  const range = (dim: 2 | 3, k: number, n: number): Range => {
    const start = k * dilation[dim - 2]!
    return { dim, start, stop: start + (n - 1) * stride[dim - 2]! + 1, step: stride[dim - 2]! }
  }
  return Array.from({ length: kernel[0] * kernel[1] }, (_, k) => [
    range(2, Math.floor(k / kernel[1]), rows),
    range(3, k % kernel[1], columns),
  ])
}

const intoColumns: Op<[self: Tensor, args: Patches]> = op1<Patches>({
  gradFn: 'Im2ColBackward0',
  forward: (self, args) => {
    const [top, left] = args.padding
    const image = pad(self.detach(), [left, left, top, top])
    const patches = ranges(args).map(([rows, columns]) => sliceRange(sliceRange(image, rows), columns))
    const [n, channels] = args.image as [number, number]
    return stack(patches, 2).reshape([n, channels * patches.length, -1])
  },
  self: (grad, { args }) => fromColumns(grad, args),
  samples: (t) => [[t([[[[1, 2, -1]]]]), sample()]],
})

const fromColumns: Op<[self: Tensor, args: Patches]> = op1<Patches>({
  gradFn: 'Col2ImBackward0',
  forward: (self, args) => {
    const [n, channels, height, width] = args.image as [number, number, number, number]
    const [top, left] = args.padding
    const [rows, columns] = counts(args)
    const patches = self.detach().reshape([n, channels, args.kernel[0] * args.kernel[1], rows, columns])
    const whole = self.new_zeros([n, channels, height + 2 * top, width + 2 * left])
    ranges(args).forEach(([across, along], k) => {
      sliceRange(sliceRange(whole, across), along).add_(patches.select(2, k))
    })
    return pad(whole, [-left, -left, -top, -top])
  },
  self: (grad, { args }) => intoColumns(grad, args),
  samples: (t) => [
    [
      t([
        [
          [1, 2],
          [3, -1],
        ],
      ]),
      sample(),
    ],
  ],
})

function sample(): Patches {
  return { kernel: [1, 2], dilation: [1, 1], padding: [0, 0], stride: [1, 1], image: [1, 1, 1, 3] }
}

function pairOf(value: Pair): [number, number] {
  return typeof value === 'number' ? [value, value] : [value[0]!, value[1] ?? value[0]!]
}

/** What {@link unfold} and {@link fold} accept by name. */
export interface PatchOptions {
  dilation?: Pair
  padding?: Pair
  stride?: Pair
}

type Given = [Pair, Pair, Pair, Pair]

function patchesOf(image: Sizes, [kernel, dilation, padding, stride]: Given): Patches {
  return {
    kernel: pairOf(kernel),
    dilation: pairOf(dilation),
    padding: pairOf(padding),
    stride: pairOf(stride),
    image,
  }
}

/**
 * The patches that a kernel sees in images (N, C, H, W), as columns: (N, C · KH · KW, number of patches).
 * @shape (n, c, h, w) → (n, c · kh · kw, patches)
 */
export function unfold(input: Tensor, kernel_size: Pair, options: PatchOptions = {}): Tensor {
  const given = accept<Given>(
    'unfold(Tensor input, ints kernel_size, ints dilation=1, ints padding=0, ints stride=1)',
    input,
    kernel_size,
    options,
  )
  const n = input.sizes.length
  if (n === 3) return unfold(input.unsqueeze(0), kernel_size, options).squeeze(0)
  if (n !== 4) {
    throw new RuntimeError(
      `Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: ${formatSizes(input.sizes)}`,
    )
  }
  return intoColumns(input, patchesOf(input.sizes, given))
}

/**
 * The adjoint of {@link unfold}: patches added up where they overlap, into images of `output_size`.
 * @shape (n, c · kh · kw, patches) → (n, c, h, w)
 */
export function fold(input: Tensor, output_size: Pair, kernel_size: Pair, options: PatchOptions = {}): Tensor {
  const [size, ...given] = accept<[Pair, ...Given]>(
    'fold(Tensor input, ints output_size, ints kernel_size, ints dilation=1, ints padding=0, ints stride=1)',
    input,
    output_size,
    kernel_size,
    options,
  )
  if (input.sizes.length === 2) return fold(input.unsqueeze(0), output_size, kernel_size, options).squeeze(0)
  const [height, width] = pairOf(size)
  const [rows, columns] = pairOf(kernel_size)
  const [n, all, patches] = input.sizes as [number, number, number]
  if (all % (rows * columns) !== 0) {
    throw new RuntimeError(
      `Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input.size(1)=${all} and kernel_size=(${rows}, ${columns}).`,
    )
  }
  const args = patchesOf([n, all / (rows * columns), height, width], given)
  const [down, across] = counts(args)
  if (down * across !== patches) {
    throw new RuntimeError(
      `Given output_size=(${height}, ${width}), kernel_size=(${rows}, ${columns}), dilation=(${args.dilation.join(', ')}), padding=(${args.padding.join(', ')}), stride=(${args.stride.join(', ')}), expected size of input's dimension 2 to match the calculated number of sliding blocks ${down} * ${across} = ${down * across}, but got input.size(2)=${patches}.`,
    )
  }
  return fromColumns(input, args)
}

const shuffled: Op<[self: Tensor, args: number]> = op1<number>({
  gradFn: 'PixelShuffleBackward0',
  forward: (self, r) => {
    const [channels, height, width] = self.sizes.slice(-3) as [number, number, number]
    const lead = self.sizes.slice(0, -3)
    const split = self.detach().reshape([-1, channels / (r * r), r, r, height, width])
    return split.permute([0, 1, 4, 2, 5, 3]).reshape([...lead, channels / (r * r), height * r, width * r])
  },
  self: (grad, { args: r }) => unshuffled(grad, r),
  samples: (t) => [[t([[[1]], [[2]], [[3]], [[4]]]), 2]],
})

const unshuffled: Op<[self: Tensor, args: number]> = op1<number>({
  gradFn: 'PixelUnshuffleBackward0',
  forward: (self, r) => {
    const [channels, height, width] = self.sizes.slice(-3) as [number, number, number]
    const lead = self.sizes.slice(0, -3)
    const split = self.detach().reshape([-1, channels, height / r, r, width / r, r])
    return split.permute([0, 1, 3, 5, 2, 4]).reshape([...lead, channels * r * r, height / r, width / r])
  },
  self: (grad, { args: r }) => shuffled(grad, r),
  samples: (t) => [
    [
      t([
        [
          [1, 2],
          [3, 4],
        ],
      ]),
      2,
    ],
  ],
})

/**
 * Channels (C · r², H, W) laid out as pixels: (C, H · r, W · r).
 * @shape (..., c · r², h, w) → (..., c, h · r, w · r)
 */
export function pixel_shuffle(input: Tensor, upscale_factor: number): Tensor {
  accept('pixel_shuffle(Tensor input, int upscale_factor)', input, upscale_factor)
  const r = upscale_factor
  if (input.sizes.length < 3) {
    throw new RuntimeError(
      `pixel_shuffle expects input to have at least 3 dimensions, but got input with ${input.sizes.length} dimension(s)`,
    )
  }
  if (r <= 0) throw new RuntimeError(`pixel_shuffle expects a positive upscale_factor, but got ${r}`)
  const channels = input.sizes[input.sizes.length - 3]!
  if (channels % (r * r) !== 0) {
    throw new RuntimeError(
      `pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)=${channels} is not divisible by ${r * r}`,
    )
  }
  return shuffled(input, r)
}

/**
 * The inverse of {@link pixel_shuffle}.
 * @shape (..., c, h · r, w · r) → (..., c · r², h, w)
 */
export function pixel_unshuffle(input: Tensor, downscale_factor: number): Tensor {
  accept('pixel_unshuffle(Tensor input, int downscale_factor)', input, downscale_factor)
  const r = downscale_factor
  if (input.sizes.length < 3) {
    throw new RuntimeError(
      `pixel_unshuffle expects input to have at least 3 dimensions, but got input with ${input.sizes.length} dimension(s)`,
    )
  }
  if (r <= 0) throw new RuntimeError(`pixel_unshuffle expects a positive downscale_factor, but got ${r}`)
  const [height, width] = input.sizes.slice(-2) as [number, number]
  if (height % r !== 0 || width % r !== 0) {
    const [name, size] = height % r !== 0 ? ['height', height] : ['width', width]
    throw new RuntimeError(
      `pixel_unshuffle expects ${name} to be divisible by downscale_factor, but input.size(${name === 'height' ? -2 : -1})=${size} is not divisible by ${r}`,
    )
  }
  return unshuffled(input, r)
}

/** For each spatial dimension, from which index each element of the result comes. */
type Nearest = readonly (readonly number[])[]

const nearest = [1, 2].map(
  (n): Op<[self: Tensor, args: Nearest]> =>
    op1<Nearest>({
      gradFn: `UpsampleNearest${n}DBackward0`,
      forward: (self, indices) =>
        indices.reduce((out, index, k) => out.index_select(k + 2, integers(index)), self.detach()),
      self: asOne<Nearest>(
        `UpsampleNearest${n}DBackwardBackward0`,
        (grad, { selfSizes, args: indices }) =>
          indices.reduceRight((out, index, k) => {
            const zeros = out.new_zeros(out.sizes.with(k + 2, selfSizes[k + 2]!))
            return zeros.index_add(k + 2, integers(index), out)
          }, grad),
        { mixes: true },
      ),
      samples: (t) => [
        [
          t(n === 1 ? [[[1, 2]]] : [[[[1, 2]]]]),
          n === 1
            ? [[0, 0, 1]]
            : [
                [0, 0],
                [0, 1, 1],
              ],
        ],
      ],
    }),
)

/** The size of the result, or by how much it grows. */
export interface InterpolateOptions {
  size?: number | readonly number[] | null
  scale_factor?: number | readonly number[] | null
  mode?: 'nearest'
}

/**
 * Signals (N, C, L) or images (N, C, H, W) enlarged or shrunk by repeating the nearest element.
 * @shape (n, c, h, w) → (n, c, h', w')
 */
export function interpolate(input: Tensor, options: InterpolateOptions = {}): Tensor {
  const [size, factor, mode] = accept<[number | readonly number[] | null, number | readonly number[] | null, string]>(
    "interpolate(Tensor input, ints size=None, any scale_factor=None, str mode='nearest')",
    input,
    options,
  )
  if (mode !== 'nearest')
    throw new NotImplementedError(`interpolate: this engine knows mode 'nearest' only, not '${mode}'`)
  const n = input.sizes.length - 2
  if (n !== 1 && n !== 2)
    throw new NotImplementedError(`Input Error: Only 3D and 4D input Tensors supported here (got ${n + 2}D)`)
  if (size === null && factor === null) throw new ValueError('either size or scale_factor should be defined')
  if (size !== null && factor !== null) throw new ValueError('only one of size or scale_factor should be defined')
  const each = (value: number | readonly number[]) => (typeof value === 'number' ? Array<number>(n).fill(value) : value)
  const indices = input.sizes.slice(2).map((length, d) => {
    const made = size !== null ? each(size)[d]! : Math.floor(length * each(factor!)[d]!)
    const scale = Math.fround(size !== null ? length / made : 1 / each(factor!)[d]!)
    return Array.from({ length: made }, (_, k) => Math.min(Math.floor(Math.fround(k * scale)), length - 1))
  })
  return nearest[n - 1]!(input, indices)
}

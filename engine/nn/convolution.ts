// torch.nn.functional: convolutions.
import { allocate, float64 } from '../dtype'
import { RuntimeError } from '../errors'
import { contract, type Geometry, type Side, type Wanted } from '../kernels/convolution'
import { rowMajor } from '../kernels/map'
import { asOne } from '../ops/as-one'
import { needs, type Op, op2, op3 } from '../ops/op'
import { formatSizes, numelOf, type Sizes } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { pad } from './padding'

interface Convolution {
  geometry: Geometry
  /** The shapes of the three tensors, in one or two spatial dimensions. */
  sizes: Record<Wanted, Sizes>
}

function compute(wanted: Wanted, a: Tensor, b: Tensor, { geometry, sizes }: Convolution): Tensor {
  const [first, second] = [a, b].map((t) => {
    const { data, offset } = rowMajor(t)
    return data.subarray(offset, offset + numelOf(t.sizes))
  }) as [Float32Array, Float32Array]
  const total = allocate(float64, numelOf(sizes[wanted]))
  if (wanted === 'output') contract(wanted, first, second, total, geometry)
  else if (wanted === 'input') contract(wanted, total, second, first, geometry)
  else contract(wanted, first, total, second, geometry)
  const out = allocate(a.dtype, total.length)
  out.set(total)
  return Tensor.own(out, sizes[wanted], a.dtype)
}

type Contraction = Op<[self: Tensor, other: Tensor, args: Convolution]>

// Σ x w y over all connected triples: fix two, and the sum is linear in the third. So each of the three operations
// (y from x and w, x from y and w, w from x and y) has the other two as its derivatives.
const outputOf = (gradFn: string): Contraction =>
  op2<Tensor, Convolution>({
    gradFn,
    forward: (x, w, args) => compute('output', x, w, args),
    self: needs('other', (grad, { other: w, args }) => toInput(grad, w, args)),
    other: needs('self', (grad, { self: x, args }) => toWeight(x, grad, args)),
    samples: (t) => [[t([[[1, 2, -1, 3]]]), t([[[2, -1]]]), sample()]],
  })

const inputOf = (gradFn: string): Contraction =>
  op2<Tensor, Convolution>({
    gradFn,
    forward: (y, w, args) => compute('input', y, w, args),
    self: needs('other', (grad, { other: w, args }) => toOutput(grad, w, args)),
    other: needs('self', (grad, { self: y, args }) => toWeight(grad, y, args)),
    samples: (t) => [[t([[[1, 2, -1]]]), t([[[2, -1]]]), sample()]],
  })

const toOutput: Contraction = outputOf('ConvolutionBackwardBackward0')
const toInput: Contraction = inputOf('ConvolutionBackwardBackward0')
const toWeight: Contraction = op2<Tensor, Convolution>({
  gradFn: 'ConvolutionBackwardBackward0',
  order: [0, 1],
  forward: (x, y, args) => compute('weight', x, y, args),
  self: needs('other', (grad, { other: y, args }) => toInput(y, grad, args)),
  other: needs('self', (grad, { self: x, args }) => toOutput(x, grad, args)),
  samples: (t) => [[t([[[1, 2, -1, 3]]]), t([[[0.5, -1, 2]]]), sample()]],
})

function sample(): Convolution {
  const side = { input: 1, kernel: 1, output: 1, stride: 1, padding: 0, dilation: 1 }
  const columns = { ...side, input: 4, kernel: 2, output: 3 }
  return {
    geometry: { batch: 1, groups: 1, inputs: 1, outputs: 1, rows: side, columns },
    sizes: { input: [1, 1, 4], weight: [1, 1, 2], output: [1, 1, 3] },
  }
}

/** A contraction with a bias for each channel of its result, as one operation. */
function biased(plain: Contraction, toSelf: Contraction, weightFrom: (self: Tensor, grad: Tensor) => [Tensor, Tensor]) {
  return op3<Convolution>({
    gradFn: 'ConvolutionBackward0',
    order: [0, 1, 2],
    forward: (self, w, bias, args) => {
      const result = plain(self.detach(), w.detach(), args)
      return result.add(bias.detach().view([-1, ...result.sizes.slice(2).map(() => 1)]))
    },
    self: needs('other', (grad, { other: w, args }) => toSelf(grad, w, args)),
    other: needs('self', (grad, { self, args }) => toWeight(...weightFrom(self, grad), args)),
    third: asOne<Convolution>(
      'ConvolutionBackwardBackward0',
      needs('self', 'other', (grad) => grad.sum(grad.sizes.map((_, d) => d).filter((d) => d !== 1))),
      { mixes: true, seconds: [() => null, () => null] },
    ),
    samples: (t) => [
      plain === convolution
        ? [t([[[1, 2, -1, 3]]]), t([[[2, -1]]]), t([0.5]), sample()]
        : [t([[[1, 2, -1]]]), t([[[2, -1]]]), t([0.5]), sample()],
    ],
  })
}

const convolution = outputOf('ConvolutionBackward0')
const transposed = inputOf('ConvolutionBackward0')
const convolutionWithBias = biased(convolution, toInput, (x, grad) => [x, grad])
const transposedWithBias = biased(transposed, toOutput, (y, grad) => [grad, y])

/** One number for all spatial dimensions, or one for each. */
export type Spatial = number | readonly number[]

function perDimension(value: Spatial, n: number, name: string): number[] {
  if (typeof value === 'number') return Array<number>(n).fill(value)
  if (value.length === 1) return Array<number>(n).fill(value[0]!)
  if (value.length !== n) {
    throw new RuntimeError(
      `expected ${name} to be a single integer value or a list of ${n} values to match the convolution dimensions, but got ${name}=${formatSizes(value)}`,
    )
  }
  return [...value]
}

/** Rows and columns: a signal's rows are one. */
function sidesOf(sides: Side[]): { rows: Side; columns: Side } {
  const single = { input: 1, kernel: 1, output: 1, stride: 1, padding: 0, dilation: 1 }
  return sides.length === 1 ? { rows: single, columns: sides[0]! } : { rows: sides[0]!, columns: sides[1]! }
}

function checkOperands(name: string, n: number, input: Tensor, weight: Tensor): void {
  if (input.sizes.length !== n + 1 && input.sizes.length !== n + 2) {
    throw new RuntimeError(
      `Expected ${n + 1}D (unbatched) or ${n + 2}D (batched) input to ${name}, but got input of size: ${formatSizes(input.sizes)}`,
      'The dimensions are (batch, channels, …); without the first for a single sample.',
    )
  }
  if (weight.sizes.length !== n + 2) {
    throw new RuntimeError(
      `weight should have at least ${n + 2} dimensions, but got weight of size ${formatSizes(weight.sizes)}`,
    )
  }
  if (input.dtype !== weight.dtype) {
    throw new RuntimeError(`expected scalar type ${input.dtype.legacyName} but found ${weight.dtype.legacyName}`)
  }
}

interface Arguments {
  stride: Spatial
  padding: Spatial | 'same' | 'valid'
  dilation: Spatial
  groups: number
}

function checkPositive(
  stride: readonly number[],
  padding: readonly number[],
  dilation: readonly number[],
  groups: number,
): void {
  if (padding.some((p) => p < 0)) throw new RuntimeError('negative padding is not supported')
  if (stride.some((s) => s <= 0)) throw new RuntimeError('non-positive stride is not supported')
  if (dilation.some((d) => d <= 0)) throw new RuntimeError('dilation should be greater than zero')
  if (groups <= 0) throw new RuntimeError('non-positive groups is not supported')
}

function checkBias(bias: Tensor | null, weight: Tensor, channels: number): void {
  if (bias !== null && (bias.sizes.length !== 1 || bias.sizes[0] !== channels)) {
    throw new RuntimeError(
      `Given weight of size ${formatSizes(weight.sizes)}, expected bias to be 1-dimensional with ${channels} elements, but got bias of size ${formatSizes(bias.sizes)} instead`,
    )
  }
}

function convolve(
  name: string,
  n: number,
  given: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  args: Arguments,
): Tensor {
  checkOperands(name, n, given, weight)
  if (given.sizes.length === n + 1) return convolve(name, n, given.unsqueeze(0), weight, bias, args).squeeze(0)
  const stride = perDimension(args.stride, n, 'stride')
  const dilation = perDimension(args.dilation, n, 'dilation')
  const { groups } = args
  const kernel = weight.sizes.slice(2)
  let input = given
  let padding: number[]
  if (args.padding === 'valid') padding = kernel.map(() => 0)
  else if (args.padding === 'same') {
    if (stride.some((s) => s !== 1)) throw new RuntimeError("padding='same' is not supported for strided convolutions")
    const total = kernel.map((k, d) => dilation[d]! * (k - 1))
    padding = total.map((t) => Math.floor(t / 2))
    // What can't be halved goes to the end.
    if (total.some((t) => t % 2 === 1))
      input = pad(
        input,
        total.toReversed().flatMap((t) => [0, t % 2]),
      )
  } else if (typeof args.padding === 'string') {
    throw new RuntimeError(`Invalid padding string: '${args.padding}'`)
  } else padding = perDimension(args.padding, n, 'padding')
  checkPositive(stride, padding, dilation, groups)
  const [outputs, perGroup] = weight.sizes as [number, number]
  if (outputs % groups !== 0) {
    throw new RuntimeError(
      `Given groups=${groups}, expected weight to be divisible by ${groups} at dimension 0, but got weight of size [${formatSizes(weight.sizes)}] instead`,
    )
  }
  const inputs = input.sizes[1]!
  if (inputs !== perGroup * groups) {
    throw new RuntimeError(
      `Given groups=${groups}, weight of size ${formatSizes(weight.sizes)}, expected input${formatSizes(input.sizes)} to have ${perGroup * groups} channels, but got ${inputs} channels instead`,
    )
  }
  checkBias(bias, weight, outputs)
  const reached = input.sizes.slice(2).map((size, d) => size + 2 * padding[d]!)
  const span = kernel.map((k, d) => dilation[d]! * (k - 1) + 1)
  if (reached.some((size, d) => size < span[d]!)) {
    throw new RuntimeError(
      `Calculated padded input size per channel: (${reached.join(' x ')}). Kernel size: (${span.join(' x ')}). Kernel size can't be greater than actual input size`,
    )
  }
  const sides = kernel.map((k, d): Side => {
    const output = Math.floor((reached[d]! - span[d]!) / stride[d]!) + 1
    return {
      input: input.sizes[d + 2]!,
      kernel: k,
      output,
      stride: stride[d]!,
      padding: padding[d]!,
      dilation: dilation[d]!,
    }
  })
  const batch = input.sizes[0]!
  const convolved: Convolution = {
    geometry: { batch, groups, inputs, outputs, ...sidesOf(sides) },
    sizes: { input: input.sizes, weight: weight.sizes, output: [batch, outputs, ...sides.map(({ output }) => output)] },
  }
  return bias === null ? convolution(input, weight, convolved) : convolutionWithBias(input, weight, bias, convolved)
}

/** What a convolution accepts by name. */
export interface ConvolutionOptions {
  bias?: Tensor | null
  stride?: Spatial
  /** Zeros around the input; 'same' keeps its size, 'valid' is 0. */
  padding?: Spatial | 'same' | 'valid'
  /** How far apart the elements are that a kernel sees. */
  dilation?: Spatial
  /** Into how many parts the channels are divided, each with kernels of its own. */
  groups?: number
}

type Convolve = (
  input: Tensor,
  weight: Tensor,
  bias?: Tensor | null | ConvolutionOptions,
  stride?: Spatial | ConvolutionOptions,
  padding?: Spatial | 'same' | 'valid' | ConvolutionOptions,
  dilation?: Spatial | ConvolutionOptions,
  groups?: number | ConvolutionOptions,
) => Tensor

function convolver(name: string, n: number): Convolve {
  const signature = `${name}(Tensor input, Tensor weight, Tensor bias=None, ints stride=1, any padding=0, ints dilation=1, int groups=1)`
  return (input, weight, ...rest) => {
    const [, bias, stride, padding, dilation, groups] = accept<
      [Tensor, Tensor | null, Spatial, Spatial | 'same' | 'valid', Spatial, number]
    >(signature, input, weight, ...rest)
    if (typeof padding !== 'string') accept(`${name}(Tensor input, ints padding)`, input, padding)
    return convolve(name, n, input, weight, bias, { stride, padding, dilation, groups })
  }
}

/**
 * Cross-correlation of signals (N, C, L) with kernels (O, C / groups, K): (N, O, L'), with
 * `L' = ⌊(L + 2 padding - dilation (K - 1) - 1) / stride⌋ + 1`. Also without N.
 * @shape (n, c, l), (o, c / groups, k), (o) → (n, o, l')
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv1d.html
 */
export const conv1d: Convolve = convolver('conv1d', 1)

/**
 * Cross-correlation of images (N, C, H, W) with kernels (O, C / groups, KH, KW): (N, O, H', W'), sizes as for {@link conv1d}. Also
 * without N.
 * @shape (n, c, h, w), (o, c / groups, kh, kw), (o) → (n, o, h', w')
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html
 */
export const conv2d: Convolve = convolver('conv2d', 2)

/** What a transposed convolution accepts by name. */
export interface ConvTransposeOptions extends Omit<ConvolutionOptions, 'padding'> {
  padding?: Spatial
  /** Added to the size at one end, where several sizes would fit. */
  output_padding?: Spatial
}

type Transpose = (
  input: Tensor,
  weight: Tensor,
  bias?: Tensor | null | ConvTransposeOptions,
  stride?: Spatial | ConvTransposeOptions,
  padding?: Spatial | ConvTransposeOptions,
  output_padding?: Spatial | ConvTransposeOptions,
  groups?: number | ConvTransposeOptions,
  dilation?: Spatial | ConvTransposeOptions,
) => Tensor

function transposer(name: string, n: number): Transpose {
  const signature = `${name}(Tensor input, Tensor weight, Tensor bias=None, ints stride=1, ints padding=0, ints output_padding=0, int groups=1, ints dilation=1)`
  return (input, weight, ...rest) => {
    const [, bias, ...given] = accept<[Tensor, Tensor | null, Spatial, Spatial, Spatial, number, Spatial]>(
      signature,
      input,
      weight,
      ...rest,
    )
    checkOperands(name, n, input, weight)
    if (input.sizes.length === n + 1) {
      const [stride, padding, output_padding, groups, dilation] = given
      const options = { bias, stride, padding, output_padding, groups, dilation }
      return transposer(name, n)(input.unsqueeze(0), weight, options).squeeze(0)
    }
    const groups = given[3]
    const stride = perDimension(given[0], n, 'stride')
    const padding = perDimension(given[1], n, 'padding')
    const more = perDimension(given[2], n, 'output_padding')
    const dilation = perDimension(given[4], n, 'dilation')
    checkPositive(stride, padding, dilation, groups)
    const [inputs, made] = weight.sizes as [number, number]
    if (input.sizes[1] !== inputs) {
      throw new RuntimeError(
        `Given transposed=1, weight of size ${formatSizes(weight.sizes)}, expected input${formatSizes(input.sizes)} to have ${inputs} channels, but got ${input.sizes[1]} channels instead`,
      )
    }
    checkBias(bias, weight, made * groups)
    // The adjoint of a convolution that has this input as its output.
    const sides = weight.sizes.slice(2).map((k, d): Side => {
      const output = input.sizes[d + 2]!
      const size = (output - 1) * stride[d]! - 2 * padding[d]! + dilation[d]! * (k - 1) + more[d]! + 1
      return { input: size, kernel: k, output, stride: stride[d]!, padding: padding[d]!, dilation: dilation[d]! }
    })
    const batch = input.sizes[0]!
    const args: Convolution = {
      geometry: { batch, groups, inputs: made * groups, outputs: inputs, ...sidesOf(sides) },
      sizes: {
        input: [batch, made * groups, ...sides.map((side) => side.input)],
        weight: weight.sizes,
        output: input.sizes,
      },
    }
    return bias === null ? transposed(input, weight, args) : transposedWithBias(input, weight, bias, args)
  }
}

/**
 * The adjoint of {@link conv1d}: signals (N, C, L) and kernels (C, O / groups, K) to (N, O, (L - 1) stride - 2 padding + dilation (K - 1) + output_padding + 1).
 * @shape (n, c, l), (c, o / groups, k), (o) → (n, o, l')
 */
export const conv_transpose1d: Transpose = transposer('conv_transpose1d', 1)

/**
 * The adjoint of {@link conv2d}: images (N, C, H, W) and kernels (C, O / groups, KH, KW).
 * @shape (n, c, h, w), (c, o / groups, kh, kw), (o) → (n, o, h', w')
 */
export const conv_transpose2d: Transpose = transposer('conv_transpose2d', 2)

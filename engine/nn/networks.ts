// Modules of convolutional networks and of text: convolutions, pooling, normalizations, embeddings, lists of modules.
import { requireGiven, requireInteger, requireKeywords } from '../arguments'
import { floatRepr } from '../decimal'
import { float32 } from '../dtype'
import { AssertionError, ValueError } from '../errors'
import { normal_, uniform_ } from '../ops/random'
import { Tensor } from '../tensor'
import type { AvgPoolOptions } from './average-pooling'
import type { ConvolutionOptions, Spatial } from './convolution'
import * as F from './functional'
import { kaiming_uniform_ } from './init'
import type { MaxPoolOptions } from './max-pooling'
import { Module, Parameter } from './module'
import type { PadMode } from './padding'
import type { Pair } from './pools'

/** What a convolution's module accepts: `bias` says whether there is one. */
export interface ConvOptions extends Omit<ConvolutionOptions, 'bias'> {
  bias?: boolean
  /** What stands around the input: zeros, or what is inside. */
  padding_mode?: 'zeros' | Exclude<PadMode, 'constant'>
}

const CONV_KEYWORDS = ['stride', 'padding', 'dilation', 'groups', 'bias', 'padding_mode']
const PADDING_MODES = ['zeros', 'reflect', 'replicate', 'circular']

function python(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return `'${value}'`
  return Array.isArray(value) ? `(${value.join(', ')}${value.length === 1 ? ',' : ''})` : String(value)
}

/** Weights and bias of a convolution, drawn uniformly as `Linear` draws them. */
abstract class Conv extends Module {
  readonly weight: Parameter
  readonly bias: Parameter | null
  readonly kernel_size: readonly number[]
  protected readonly options: Required<Omit<ConvOptions, 'bias' | 'padding_mode'>>
  private readonly padding_mode: Required<ConvOptions>['padding_mode']

  constructor(
    name: string,
    dims: number,
    readonly in_channels: number,
    readonly out_channels: number,
    kernel_size: Spatial,
    given: ConvOptions,
  ) {
    super()
    requireGiven(name, { in_channels, out_channels, kernel_size })
    requireInteger(in_channels, name, 'in_channels')
    requireInteger(out_channels, name, 'out_channels')
    requireKeywords(given, CONV_KEYWORDS, `${name}.__init__`)
    const { bias = true, stride = 1, padding = 0, dilation = 1, groups = 1, padding_mode = 'zeros' } = given
    if (groups <= 0) throw new ValueError('groups must be a positive integer')
    if (in_channels % groups !== 0) throw new ValueError('in_channels must be divisible by groups')
    if (out_channels % groups !== 0) throw new ValueError('out_channels must be divisible by groups')
    if (typeof padding === 'string') {
      if (padding !== 'same' && padding !== 'valid') {
        throw new ValueError(`Invalid padding string '${padding}', should be one of {'valid', 'same'}`)
      }
      const strides = typeof stride === 'number' ? [stride] : stride
      if (padding === 'same' && strides.some((step) => step !== 1)) {
        throw new ValueError("padding='same' is not supported for strided convolutions")
      }
    }
    if (!PADDING_MODES.includes(padding_mode)) {
      const modes = PADDING_MODES.map((mode) => `'${mode}'`).join(', ')
      throw new ValueError(`padding_mode must be one of {${modes}}, but got padding_mode='${padding_mode}'`)
    }
    this.padding_mode = padding_mode
    this.options = { stride, padding, dilation, groups }
    this.kernel_size = typeof kernel_size === 'number' ? Array<number>(dims).fill(kernel_size) : kernel_size
    for (const size of Array.isArray(this.kernel_size) ? this.kernel_size : [kernel_size]) {
      requireInteger(size, name, 'kernel_size')
    }
    const sizes = [out_channels, in_channels / groups, ...this.kernel_size]
    const fan = sizes.slice(1).reduce((a, b) => a * b, 1)
    this.weight = new Parameter(kaiming_uniform_(Tensor.zeros(sizes, float32), Math.sqrt(5)))
    const edge = fan > 0 ? 1 / Math.sqrt(fan) : 0
    this.bias = bias ? new Parameter(uniform_(Tensor.zeros([out_channels], float32), -edge, edge)) : null
  }

  /** The input with what its edges are padded with; unless that is zeros, of which the convolution knows. */
  protected convolved(input: Tensor, convolve: typeof F.conv2d): Tensor {
    const { weight, bias, options, padding_mode } = this
    if (padding_mode === 'zeros') return convolve(input, weight, bias, options)
    const { padding } = options
    const around = this.kernel_size.map((size, d): [before: number, after: number] => {
      const total = padding === 'same' ? this.each(options.dilation)[d]! * (size - 1) : 0
      const given = typeof padding === 'string' ? 0 : this.each(padding)[d]!
      return padding === 'same' ? [total >> 1, total - (total >> 1)] : [given, given]
    })
    return convolve(F.pad(input, around.reverse().flat(), padding_mode), weight, bias, { ...options, padding: 0 })
  }

  private each(value: Spatial): readonly number[] {
    return typeof value === 'number' ? this.kernel_size.map(() => value) : value
  }

  override extra_repr(): string {
    const { stride, padding, dilation, groups } = this.options
    const parts = [`${this.in_channels}, ${this.out_channels}`, `kernel_size=${python(this.kernel_size)}`]
    parts.push(`stride=${python(this.each(stride))}`)
    if (typeof padding === 'string') parts.push(`padding=${padding}`)
    else if (this.each(padding).some((p) => p !== 0)) parts.push(`padding=${python(this.each(padding))}`)
    if (this.each(dilation).some((d) => d !== 1)) parts.push(`dilation=${python(this.each(dilation))}`)
    if (groups !== 1) parts.push(`groups=${groups}`)
    if (this.bias === null) parts.push('bias=False')
    if (this.padding_mode !== 'zeros') parts.push(`padding_mode=${this.padding_mode}`)
    return parts.join(', ')
  }
}

/** {@link F.conv1d} with weights of its own: (N, in_channels, L) to (N, out_channels, L'). */
export class Conv1d extends Conv {
  constructor(in_channels: number, out_channels: number, kernel_size: Spatial, options: ConvOptions = {}) {
    super('Conv1d', 1, in_channels, out_channels, kernel_size, options)
  }

  forward(input: Tensor): Tensor {
    return this.convolved(input, F.conv1d)
  }
}

/** {@link F.conv2d} with weights of its own: (N, in_channels, H, W) to (N, out_channels, H', W'). */
export class Conv2d extends Conv {
  constructor(in_channels: number, out_channels: number, kernel_size: Spatial, options: ConvOptions = {}) {
    super('Conv2d', 2, in_channels, out_channels, kernel_size, options)
  }

  forward(input: Tensor): Tensor {
    return this.convolved(input, F.conv2d)
  }
}

/** The largest element of each window of images. */
export class MaxPool2d extends Module {
  constructor(
    readonly kernel_size: Pair,
    readonly options: MaxPoolOptions = {},
  ) {
    super()
    requireKeywords(options, ['stride', 'padding', 'dilation', 'ceil_mode'], '_MaxPoolNd.__init__', 'MaxPool2d')
    requireGiven('_MaxPoolNd', { kernel_size }, 'MaxPool2d')
  }

  forward(input: Tensor): Tensor {
    return F.max_pool2d(input, this.kernel_size, this.options)
  }

  override extra_repr(): string {
    const { stride, padding = 0, dilation = 1, ceil_mode = false } = this.options
    return `kernel_size=${python(this.kernel_size)}, stride=${python(stride ?? this.kernel_size)}, padding=${python(padding)}, dilation=${python(dilation)}, ceil_mode=${python(ceil_mode)}`
  }
}

/** The mean of each window of images. */
export class AvgPool2d extends Module {
  constructor(
    readonly kernel_size: Pair,
    readonly options: AvgPoolOptions = {},
  ) {
    super()
    const known = ['stride', 'padding', 'ceil_mode', 'count_include_pad', 'divisor_override']
    requireKeywords(options, known, 'AvgPool2d.__init__')
    requireGiven('AvgPool2d', { kernel_size })
  }

  forward(input: Tensor): Tensor {
    return F.avg_pool2d(input, this.kernel_size, this.options)
  }

  override extra_repr(): string {
    const { stride, padding = 0 } = this.options
    return `kernel_size=${python(this.kernel_size)}, stride=${python(stride ?? this.kernel_size)}, padding=${python(padding)}`
  }
}

/** Each sample brought to mean 0 and variance 1 over its last dimensions, then scaled and moved by learned numbers. */
export class LayerNorm extends Module {
  readonly weight: Parameter | null
  readonly bias: Parameter | null
  readonly normalized_shape: readonly number[]
  readonly eps: number

  constructor(
    normalized_shape: number | readonly number[],
    options: { eps?: number; elementwise_affine?: boolean; bias?: boolean } = {},
  ) {
    super()
    requireGiven('LayerNorm', { normalized_shape })
    requireKeywords(options, ['eps', 'elementwise_affine', 'bias'], 'LayerNorm.__init__')
    this.normalized_shape = typeof normalized_shape === 'number' ? [normalized_shape] : normalized_shape
    for (const size of Array.isArray(this.normalized_shape) ? this.normalized_shape : [normalized_shape]) {
      requireInteger(size, 'LayerNorm', 'normalized_shape')
    }
    this.eps = options.eps ?? 1e-5
    const { elementwise_affine = true, bias = true } = options
    const filled = (value: number) => new Parameter(Tensor.zeros(this.normalized_shape, float32).fill_(value))
    this.weight = elementwise_affine ? filled(1) : null
    this.bias = elementwise_affine && bias ? filled(0) : null
  }

  forward(input: Tensor): Tensor {
    return F.layer_norm(input, this.normalized_shape, this.weight, this.bias, this.eps)
  }

  override extra_repr(): string {
    const [affine, bias] = [python(this.weight !== null), python(this.bias !== null)]
    return `${python(this.normalized_shape)}, eps=${floatRepr(this.eps)}, elementwise_affine=${affine}, bias=${bias}`
  }
}

/** A table of vectors, looked up by number: whole numbers of any shape to (…, embedding_dim). */
export class Embedding extends Module {
  readonly weight: Parameter

  constructor(
    readonly num_embeddings: number,
    readonly embedding_dim: number,
    options: { padding_idx?: number | null } = {},
  ) {
    super()
    requireGiven('Embedding', { num_embeddings, embedding_dim })
    requireInteger(num_embeddings, 'Embedding', 'num_embeddings')
    requireInteger(embedding_dim, 'Embedding', 'embedding_dim')
    requireKeywords(options, ['padding_idx'], 'Embedding.__init__')
    const row = options.padding_idx ?? null
    if (row !== null && (row >= num_embeddings || row < -num_embeddings)) {
      throw new AssertionError('Padding_idx must be within num_embeddings')
    }
    this.padding_idx = row !== null && row < 0 ? row + num_embeddings : row
    const table = normal_(Tensor.zeros([num_embeddings, embedding_dim], float32))
    if (this.padding_idx !== null) table.select(0, this.padding_idx).fill_(0)
    this.weight = new Parameter(table)
  }

  /** The number whose vector stays 0 and receives no gradient. */
  readonly padding_idx: number | null

  forward(input: Tensor): Tensor {
    return F.embedding(input, this.weight, { padding_idx: this.padding_idx })
  }

  override extra_repr(): string {
    const padding = this.padding_idx === null ? '' : `, padding_idx=${this.padding_idx}`
    return `${this.num_embeddings}, ${this.embedding_dim}${padding}`
  }
}

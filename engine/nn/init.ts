// torch.nn.init: first values for parameters, written into them unrecorded.
import { no_grad } from '../autograd/mode'
import { ValueError } from '../errors'
import { normal_ as drawNormal, uniform_ as drawUniform } from '../ops/random'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { warn } from '../warnings'

/** What the gain of a layer depends on: the function that follows it. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv_transpose1d'
  | 'conv_transpose2d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'selu'

/** The slope of the leaky ReLU that follows, whether inputs or outputs count, and what function follows. */
export interface KaimingOptions {
  a?: number
  mode?: 'fan_in' | 'fan_out'
  nonlinearity?: Nonlinearity
}

/**
 * Numbers uniform in [a, b).
 * @shape A → A
 */
export function uniform_(tensor: Tensor, a: number | { a?: number; b?: number } = 0, b?: number): Tensor {
  const [low, high] = accept<[number, number]>('uniform_(Tensor tensor, float a=0, float b=1)', tensor, a, b)
  return no_grad(() => drawUniform(tensor, low, high))
}

/**
 * Normal numbers.
 * @shape A → A
 */
export function normal_(tensor: Tensor, mean: number | { mean?: number; std?: number } = 0, std?: number): Tensor {
  const [m, s] = accept<[number, number]>('normal_(Tensor tensor, float mean=0, float std=1)', tensor, mean, std)
  return no_grad(() => drawNormal(tensor, m, s))
}

/**
 * The number `val` everywhere.
 * @shape A → A
 */
export function constant_(tensor: Tensor, val: number): Tensor {
  accept('constant_(Tensor tensor, float val)', tensor, val)
  return no_grad(() => tensor.fill_(val))
}

/**
 * 1 everywhere.
 * @shape A → A
 */
export function ones_(tensor: Tensor): Tensor {
  return constant_(tensor, 1)
}

/**
 * 0 everywhere.
 * @shape A → A
 */
export function zeros_(tensor: Tensor): Tensor {
  return constant_(tensor, 0)
}

/**
 * The identity matrix, as far as it goes.
 * @shape (m, n) → (m, n)
 */
export function eye_(tensor: Tensor): Tensor {
  accept('eye_(Tensor tensor)', tensor)
  if (tensor.sizes.length !== 2) throw new ValueError('Only tensors with 2 dimensions are supported')
  return no_grad(() => tensor.zero_().fill_diagonal_(1))
}

/** How many numbers go into each output, and from each input: a convolution's kernel counts at every place. */
function fans(tensor: Tensor): { fan_in: number; fan_out: number } {
  if (tensor.sizes.length < 2) {
    throw new ValueError('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions')
  }
  const [out, into, ...kernel] = tensor.sizes as [number, number, ...number[]]
  const field = kernel.reduce((a, b) => a * b, 1)
  return { fan_in: into * field, fan_out: out * field }
}

/** By what a function that follows shrinks the spread of its input: what a layer before it makes up for. */
export function calculate_gain(nonlinearity: Nonlinearity, param?: number | null): number {
  switch (nonlinearity) {
    case 'linear':
    case 'conv1d':
    case 'conv2d':
    case 'conv_transpose1d':
    case 'conv_transpose2d':
    case 'sigmoid':
      return 1
    case 'tanh':
      return 5 / 3
    case 'relu':
      return Math.sqrt(2)
    case 'leaky_relu':
      if (param !== undefined && param !== null && typeof param !== 'number') {
        throw new ValueError(`negative_slope ${param} not a valid number`)
      }
      return Math.sqrt(2 / (1 + (param ?? 0.01) ** 2))
    case 'selu':
      return 3 / 4
    default:
      throw new ValueError(`Unsupported nonlinearity ${nonlinearity}`)
  }
}

/** The standard deviation that keeps the spread of outputs and of gradients, between the two (Glorot and Bengio, 2010). */
function xavierStd(tensor: Tensor, gain: number): number {
  const { fan_in, fan_out } = fans(tensor)
  return gain * Math.sqrt(2 / (fan_in + fan_out))
}

/**
 * Uniform numbers that keep the spread from layer to layer, with tanh or sigmoid between (Glorot and Bengio, 2010).
 * @shape A → A
 */
export function xavier_uniform_(tensor: Tensor, gain: number | { gain?: number } = 1): Tensor {
  const [factor] = accept<[number]>('xavier_uniform_(Tensor tensor, float gain=1)', tensor, gain)
  const bound = Math.sqrt(3) * xavierStd(tensor, factor)
  return no_grad(() => drawUniform(tensor, -bound, bound))
}

/**
 * Normal numbers that keep the spread from layer to layer: see {@link xavier_uniform_}.
 * @shape A → A
 */
export function xavier_normal_(tensor: Tensor, gain: number | { gain?: number } = 1): Tensor {
  const [factor] = accept<[number]>('xavier_normal_(Tensor tensor, float gain=1)', tensor, gain)
  const std = xavierStd(tensor, factor)
  return no_grad(() => drawNormal(tensor, 0, std))
}

/** The standard deviation that keeps the spread where a ReLU follows (He and others, 2015); null for tensors without elements. */
function kaimingStd(name: string, tensor: Tensor, a: number | KaimingOptions, given?: KaimingOptions): number | null {
  const [slope, mode, nonlinearity] = accept<[number, string, Nonlinearity]>(
    `${name}(Tensor tensor, float a=0, str mode='fan_in', str nonlinearity='leaky_relu')`,
    tensor,
    a,
    given,
  )
  if (tensor.sizes.includes(0)) {
    warn('Initializing zero-element tensors is a no-op')
    return null
  }
  if (mode !== 'fan_in' && mode !== 'fan_out') {
    throw new ValueError(`Mode ${mode} not supported, please use one of ['fan_in', 'fan_out']`)
  }
  return calculate_gain(nonlinearity, slope) / Math.sqrt(fans(tensor)[mode])
}

/**
 * Uniform numbers that keep the spread from layer to layer, with ReLUs between (He and others, 2015).
 * @shape A → A
 */
export function kaiming_uniform_(tensor: Tensor, a: number | KaimingOptions = 0, options?: KaimingOptions): Tensor {
  const std = kaimingStd('kaiming_uniform_', tensor, a, options)
  if (std === null) return tensor
  const bound = Math.sqrt(3) * std
  return no_grad(() => drawUniform(tensor, -bound, bound))
}

/**
 * Normal numbers that keep the spread from layer to layer: see {@link kaiming_uniform_}.
 * @shape A → A
 */
export function kaiming_normal_(tensor: Tensor, a: number | KaimingOptions = 0, options?: KaimingOptions): Tensor {
  const std = kaimingStd('kaiming_normal_', tensor, a, options)
  return std === null ? tensor : no_grad(() => drawNormal(tensor, 0, std))
}

// The modules that come with torch.nn: layers, activations and losses.

import { requireGiven, requireInteger, requireKeywords, requireNumber } from '../arguments'
import { float32 } from '../dtype'
import { ValueError } from '../errors'
import { empty } from '../ops/create'
import { uniform_ } from '../ops/random'
import { Tensor } from '../tensor'
import type { ClassLossOptions } from './class-losses'
import * as F from './functional'
import { kaiming_uniform_ } from './init'
import type { LossOptions } from './losses'
import { Module, Parameter } from './module'

function boolean(value: boolean): string {
  return value ? 'True' : 'False'
}

/** `x · weightᵀ + bias`, with weights drawn uniformly from ±1/√in_features. */
export class Linear extends Module {
  readonly weight: Parameter
  readonly bias: Parameter | null

  constructor(
    readonly in_features: number,
    readonly out_features: number,
    options: { bias?: boolean } = {},
  ) {
    super()
    requireGiven('Linear', { in_features, out_features })
    requireInteger(in_features, 'Linear', 'in_features')
    requireInteger(out_features, 'Linear', 'out_features')
    requireKeywords(options, ['bias'], 'Linear.__init__')
    const { bias = true } = options
    this.weight = new Parameter(kaiming_uniform_(empty([out_features, in_features]), Math.sqrt(5)))
    const edge = in_features > 0 ? 1 / Math.sqrt(in_features) : 0
    this.bias = bias ? new Parameter(uniform_(Tensor.zeros([out_features], float32), -edge, edge)) : null
  }

  forward(input: Tensor): Tensor {
    return F.linear(input, this.weight, this.bias)
  }

  override extra_repr(): string {
    return `in_features=${this.in_features}, out_features=${this.out_features}, bias=${boolean(this.bias !== null)}`
  }
}

/** A module that applies a function and owns nothing. */
function stateless(name: string, f: (input: Tensor) => Tensor): new () => Module {
  const Stateless = class extends Module {
    forward(input: Tensor): Tensor {
      return f(input)
    }
  }
  Object.defineProperty(Stateless, 'name', { value: name })
  return Stateless
}

/** `max(x, 0)`, elementwise. */
export const ReLU: new () => Module = stateless('ReLU', F.relu)
/** `1 / (1 + e^-x)`, elementwise: between 0 and 1. */
export const Sigmoid: new () => Module = stateless('Sigmoid', F.sigmoid)
/** Hyperbolic tangent, elementwise: between -1 and 1. */
export const Tanh: new () => Module = stateless('Tanh', F.tanh)
/** `x sigmoid(x)`, elementwise. */
export const SiLU: new () => Module = stateless('SiLU', F.silu)
/** Its input, as it is. */
export const Identity: new () => Module = stateless('Identity', (x) => x)

/** `x` where it is positive, else `negative_slope * x`. */
export class LeakyReLU extends Module {
  constructor(readonly negative_slope = 0.01) {
    super()
  }

  forward(input: Tensor): Tensor {
    return F.leaky_relu(input, this.negative_slope)
  }

  override extra_repr(): string {
    return `negative_slope=${this.negative_slope}`
  }
}

/** `x Φ(x)`, with the normal distribution's Φ, elementwise. */
export class GELU extends Module {
  constructor(readonly options: { approximate?: 'none' | 'tanh' } = {}) {
    super()
  }

  forward(input: Tensor): Tensor {
    return F.gelu(input, this.options)
  }

  override extra_repr(): string {
    return `approximate='${this.options.approximate ?? 'none'}'`
  }
}

/** `e^x / Σ e^x` along `dim`: positive numbers that add up to 1. */
export class Softmax extends Module {
  readonly dim: number

  constructor(dim: number | { dim: number }) {
    super()
    const given = typeof dim === 'object' && dim !== null ? dim.dim : dim
    requireInteger(given, this.constructor.name, 'dim')
    this.dim = given
  }

  forward(input: Tensor): Tensor {
    return F.softmax(input, this.dim)
  }

  override extra_repr(): string {
    return `dim=${this.dim}`
  }
}

/** `ln softmax(x)` along `dim`. */
export class LogSoftmax extends Softmax {
  override forward(input: Tensor): Tensor {
    return F.log_softmax(input, this.dim)
  }
}

/** All dimensions but the first as one. */
export class Flatten extends Module {
  constructor(
    readonly start_dim = 1,
    readonly end_dim = -1,
  ) {
    super()
  }

  forward(input: Tensor): Tensor {
    return input.flatten(this.start_dim, this.end_dim)
  }

  override extra_repr(): string {
    return `start_dim=${this.start_dim}, end_dim=${this.end_dim}`
  }
}

/** In training, zeroes each element with probability `p` and scales the others by 1/(1-p). */
export class Dropout extends Module {
  constructor(readonly p = 0.5) {
    super()
    requireNumber(p, 'Dropout', 'p')
    if (p < 0 || p > 1) throw new ValueError(`dropout probability has to be between 0 and 1, but got ${p}`)
  }

  forward(input: Tensor): Tensor {
    return F.dropout(input, this.p, this.training)
  }

  override extra_repr(): string {
    return `p=${this.p}, inplace=False`
  }
}

/** A loss as a module: `forward(input, target)`. */
function loss<Options extends object>(
  name: string,
  /** The class of PyTorch whose constructor takes the keywords, which its complaints name. */
  python: string,
  keywords: readonly (keyof Options & string)[],
  f: (input: Tensor, target: Tensor, options?: Options) => Tensor,
) {
  const Loss = class extends Module {
    constructor(readonly options?: Options) {
      super()
      requireKeywords(options, keywords, `${python}.__init__`, name)
    }

    forward(input: Tensor, target: Tensor): Tensor {
      return f(input, target, this.options)
    }
  }
  Object.defineProperty(Loss, 'name', { value: name })
  return Loss as new (
    options?: Options,
  ) => Module
}

/** A factor for each element. */
type WeightedLossOptions = LossOptions & { weight?: Tensor | null }

/** The mean of the squared differences of two tensors of one shape. */
export const MSELoss: new (options?: LossOptions) => Module = loss('MSELoss', '_Loss', ['reduction'], F.mse_loss)
/** The mean of the absolute differences of two tensors of one shape. */
export const L1Loss: new (options?: LossOptions) => Module = loss('L1Loss', '_Loss', ['reduction'], F.l1_loss)
/** A square where the difference is below `beta`, a straight line beyond. */
export const SmoothL1Loss: new (options?: LossOptions & { beta?: number }) => Module = loss(
  'SmoothL1Loss',
  'SmoothL1Loss',
  ['reduction', 'beta'],
  F.smooth_l1_loss,
)
/** A square where the difference is below `delta`, a straight line beyond: `delta` times {@link SmoothL1Loss}. */
export const HuberLoss: new (options?: LossOptions & { delta?: number }) => Module = loss(
  'HuberLoss',
  'HuberLoss',
  ['reduction', 'delta'],
  F.huber_loss,
)
/** Binary cross-entropy of probabilities between 0 and 1. */
export const BCELoss: new (options?: WeightedLossOptions) => Module = loss(
  'BCELoss',
  '_WeightedLoss',
  ['weight', 'reduction'],
  F.binary_cross_entropy,
)
/** Binary cross-entropy of numbers that a sigmoid is yet to turn into probabilities. */
export const BCEWithLogitsLoss: new (options?: WeightedLossOptions & { pos_weight?: Tensor | null }) => Module = loss(
  'BCEWithLogitsLoss',
  'BCEWithLogitsLoss',
  ['weight', 'reduction', 'pos_weight'],
  F.binary_cross_entropy_with_logits,
)
/** Minus the log-probability of the right class: (N, C) scores and N class numbers. */
export const NLLLoss: new (options?: ClassLossOptions) => Module = loss(
  'NLLLoss',
  'NLLLoss',
  ['weight', 'ignore_index', 'reduction'],
  F.nll_loss,
)
/** {@link NLLLoss} of the log-softmax: (N, C) scores of any size and N class numbers. */
export const CrossEntropyLoss: new (options?: ClassLossOptions & { label_smoothing?: number }) => Module = loss(
  'CrossEntropyLoss',
  'CrossEntropyLoss',
  ['weight', 'ignore_index', 'reduction', 'label_smoothing'],
  F.cross_entropy,
)

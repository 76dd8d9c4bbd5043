// Batch normalization as a module: it learns a scale and a shift, and keeps running statistics for when training is over.
import { requireGiven, requireInteger, requireKeywords } from '../arguments'
import { floatRepr } from '../decimal'
import { float32, int64 } from '../dtype'
import { ValueError } from '../errors'
import { Tensor } from '../tensor'
import * as F from './functional'
import { Module, Parameter } from './module'

/** How fast running statistics move (`momentum: null` averages over all batches), and what there is to learn and to keep. */
export interface BatchNormModuleOptions {
  eps?: number
  momentum?: number | null
  affine?: boolean
  track_running_stats?: boolean
}

abstract class BatchNorm extends Module {
  readonly weight: Parameter | null
  readonly bias: Parameter | null
  readonly running_mean: Tensor | null = null
  readonly running_var: Tensor | null = null
  readonly num_batches_tracked: Tensor | null = null
  private readonly options: Required<BatchNormModuleOptions>

  constructor(
    name: string,
    readonly num_features: number,
    /** Numbers of dimensions that an input may have. */
    private readonly ranks: readonly number[],
    options: BatchNormModuleOptions,
  ) {
    super()
    requireGiven('_BatchNorm', { num_features }, name)
    requireInteger(num_features, name, 'num_features')
    requireKeywords(options, ['eps', 'momentum', 'affine', 'track_running_stats'], '_BatchNorm.__init__', name)
    this.options = { eps: 1e-5, momentum: 0.1, affine: true, track_running_stats: true, ...options }
    const { affine, track_running_stats } = this.options
    const filled = (value: number) => Tensor.zeros([num_features], float32).fill_(value)
    this.weight = affine ? new Parameter(filled(1)) : null
    this.bias = affine ? new Parameter(filled(0)) : null
    if (!track_running_stats) return
    this.register_buffer('running_mean', filled(0))
    this.register_buffer('running_var', filled(1))
    this.register_buffer('num_batches_tracked', Tensor.zeros([], int64))
  }

  forward(input: Tensor): Tensor {
    const n = input.sizes.length
    if (!this.ranks.includes(n)) {
      throw new ValueError(`expected ${this.ranks.map((rank) => `${rank}D`).join(' or ')} input (got ${n}D input)`)
    }
    const { eps, momentum } = this.options
    const { running_mean, running_var, weight, bias, training } = this
    if (training) this.num_batches_tracked?.add_(1)
    return F.batch_norm(input, running_mean, running_var, weight, bias, {
      training: training || running_mean === null,
      momentum: momentum ?? 1 / Math.max(this.num_batches_tracked?.item() ?? 1, 1),
      eps,
    })
  }

  /** States from before batches were counted lack the count. */
  protected override mayLack(name: string): boolean {
    return name === 'num_batches_tracked'
  }

  override extra_repr(): string {
    const { eps, momentum, affine, track_running_stats } = this.options
    const python = (value: boolean) => (value ? 'True' : 'False')
    return `${this.num_features}, eps=${floatRepr(eps)}, momentum=${momentum ?? 'None'}, affine=${python(affine)}, bias=${python(affine)}, track_running_stats=${python(track_running_stats)}`
  }
}

/** Each feature brought to mean 0 and variance 1 over the batch, then scaled and moved by learned numbers: inputs (N, C) or (N, C, L). */
export class BatchNorm1d extends BatchNorm {
  constructor(num_features: number, options: BatchNormModuleOptions = {}) {
    super('BatchNorm1d', num_features, [2, 3], options)
  }
}

/** {@link BatchNorm1d} of the channels of images (N, C, H, W). */
export class BatchNorm2d extends BatchNorm {
  constructor(num_features: number, options: BatchNormModuleOptions = {}) {
    super('BatchNorm2d', num_features, [4], options)
  }
}

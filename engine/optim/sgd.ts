// Stochastic gradient descent.
import { requireKeywords } from '../arguments'
import { ValueError } from '../errors'
import type { Tensor } from '../tensor'
import { Optimizer, type Parameters, requireAtLeastZero } from './optimizer'

/** The keywords of {@link SGD}, by PyTorch's names. */
export interface SGDOptions {
  /** The length of a step, as a multiple of the gradient. */
  lr: number
  /** How much of the last step's direction stays in the next one. */
  momentum: number
  dampening: number
  /** Adds this multiple of the parameter to its gradient. */
  weight_decay: number
  nesterov: boolean
  maximize: boolean
}

const DEFAULTS: SGDOptions = {
  lr: 1e-3,
  momentum: 0,
  dampening: 0,
  weight_decay: 0,
  nesterov: false,
  maximize: false,
}

interface SGDState {
  momentum_buffer: Tensor
}

/**
 * `param -= lr * grad`, with momentum if asked for.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export class SGD extends Optimizer<SGDOptions, SGDState> {
  constructor(params: Parameters<SGDOptions>, options: Partial<SGDOptions> = {}) {
    requireKeywords(options, Object.keys(DEFAULTS), 'SGD.__init__')
    const settings = { ...DEFAULTS, ...options }
    requireAtLeastZero('learning rate', settings.lr)
    requireAtLeastZero('momentum value', settings.momentum)
    requireAtLeastZero('weight_decay value', settings.weight_decay)
    if (settings.nesterov && (settings.momentum <= 0 || settings.dampening !== 0)) {
      throw new ValueError('Nesterov momentum requires a momentum and zero dampening')
    }
    super(params, settings)
  }

  protected update(param: Tensor, grad: Tensor, options: SGDOptions): void {
    const { lr, momentum, dampening, weight_decay, nesterov, maximize } = options
    let direction = maximize ? grad.neg() : grad
    if (weight_decay !== 0) direction = direction.add(param, { alpha: weight_decay })
    if (momentum !== 0) {
      const kept = this.state.get(param)?.momentum_buffer
      const buffer =
        kept === undefined ? direction.detach().clone() : kept.mul_(momentum).add_(direction, { alpha: 1 - dampening })
      this.state.set(param, { momentum_buffer: buffer })
      direction = nesterov ? direction.add(buffer, { alpha: momentum }) : buffer
    }
    param.add_(direction, { alpha: -lr })
  }
}

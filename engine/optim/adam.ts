// Adam: steps scaled by running means of the gradient and of its square (Kingma and Ba, 2015).
import { requireKeywords } from '../arguments'
import { ValueError } from '../errors'
import type { Tensor } from '../tensor'
import { Optimizer, type Parameters, requireAtLeastZero } from './optimizer'

/** The keywords of {@link Adam}, by PyTorch's names. */
export interface AdamOptions {
  lr: number
  /** How much of the running means of gradient and square stays at each step. */
  betas: [number, number]
  /** Added to the denominator. */
  eps: number
  weight_decay: number
  amsgrad: boolean
  maximize: boolean
  /** Shrink the parameter itself instead of adding to its gradient: AdamW. */
  decoupled_weight_decay: boolean
}

interface AdamState {
  step: number
  exp_avg: Tensor
  exp_avg_sq: Tensor
  max_exp_avg_sq: Tensor
}

const DEFAULTS: AdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weight_decay: 0,
  amsgrad: false,
  maximize: false,
  decoupled_weight_decay: false,
}

/**
 * Steps along the running mean of the gradient, divided by the root of the running mean of its square, so that every
 * parameter moves at its own scale.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html
 */
export class Adam extends Optimizer<AdamOptions, AdamState> {
  constructor(params: Parameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    requireKeywords(options, Object.keys(DEFAULTS), 'Adam.__init__')
    const settings = { ...DEFAULTS, ...options }
    requireAtLeastZero('learning rate', settings.lr)
    requireAtLeastZero('epsilon value', settings.eps)
    settings.betas.forEach((beta, k) => {
      if (!(beta >= 0 && beta < 1)) {
        throw new ValueError(`Invalid beta parameter at index ${k}: ${Number.isInteger(beta) ? beta.toFixed(1) : beta}`)
      }
    })
    requireAtLeastZero('weight_decay value', settings.weight_decay)
    super(params, settings)
  }

  protected override readonly unused = { capturable: false, differentiable: false, foreach: null, fused: null }

  protected update(param: Tensor, grad: Tensor, options: AdamOptions): void {
    const { lr, betas, eps, weight_decay, amsgrad, maximize, decoupled_weight_decay } = options
    const [beta1, beta2] = betas
    const state = this.stateOf(param)
    state.step++
    let direction = maximize ? grad.neg() : grad
    if (weight_decay !== 0) {
      if (decoupled_weight_decay) param.mul_(1 - lr * weight_decay)
      else direction = direction.add(param, { alpha: weight_decay })
    }
    state.exp_avg.lerp_(direction, 1 - beta1)
    state.exp_avg_sq.mul_(beta2).addcmul_(direction, direction, { value: 1 - beta2 })
    if (amsgrad) state.max_exp_avg_sq = state.max_exp_avg_sq.maximum(state.exp_avg_sq)
    // The means begin at 0; this makes up for it.
    const correction1 = 1 - beta1 ** state.step
    const correction2 = Math.sqrt(1 - beta2 ** state.step)
    const squares = amsgrad ? state.max_exp_avg_sq : state.exp_avg_sq
    const denominator = squares.sqrt().div(correction2).add_(eps)
    param.addcdiv_(state.exp_avg, denominator, { value: -lr / correction1 })
  }

  private stateOf(param: Tensor): AdamState {
    const known = this.state.get(param)
    if (known !== undefined) return known
    const zeros = () => param.new_zeros(param.sizes)
    const state = { step: 0, exp_avg: zeros(), exp_avg_sq: zeros(), max_exp_avg_sq: zeros() }
    this.state.set(param, state)
    return state
  }
}

const OWN_KEYWORDS = Object.keys(DEFAULTS).filter((name) => name !== 'decoupled_weight_decay')

/** Adam whose weight decay shrinks the parameters themselves (Loshchilov and Hutter, 2019). */
export class AdamW extends Adam {
  constructor(params: Parameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    requireKeywords(options, OWN_KEYWORDS, 'AdamW.__init__')
    super(params, { weight_decay: 1e-2, decoupled_weight_decay: true, ...options })
  }
}

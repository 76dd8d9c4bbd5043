// torch.nn.functional: losses of the difference from a target, and of distributions.
import { RuntimeError, ValueError } from '../errors'
import { cast, map2, resultType } from '../kernels/map'
import { rounding } from '../kernels/precision'
import { asOne } from '../ops/as-one'
import { broadcast_tensors } from '../ops/gluing'
import { needs, type Op, op2 } from '../ops/op'
import { refuseIntegers, requireCast, requireSameDtype } from '../ops/unsupported'
import { where } from '../ops/where'
import { formatSizes, numelOf, sameSizes } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { warn } from '../warnings'
import { checkReduction, type LossOptions, type Reduction, reduced, reducedAnew, share } from './reduction'

export type { LossOptions, Reduction } from './reduction'

/** Both expanded to their common shape; where the target had another, PyTorch warns. */
function paired(input: Tensor, target: Tensor): [input: Tensor, target: Tensor] {
  if (!sameSizes(input.sizes, target.sizes)) {
    warn(
      `Using a target size (torch.Size(${formatSizes(target.sizes)})) that is different to the input size (torch.Size(${formatSizes(input.sizes)})). This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.`,
    )
  }
  return broadcast_tensors(input, target) as [Tensor, Tensor]
}

interface DifferenceArgs {
  reduction: Reduction
  /** Where a loss goes over from a square to an absolute value. */
  edge: number
}

interface DifferenceLoss {
  /** `MseLoss` */
  readonly name: string
  /** The name of PyTorch's kernel. */
  readonly kernel: string
  /** Whether the result has the input's type, and a target of another has no gradient. */
  readonly isOfInput?: boolean
  readonly loss: (difference: number, edge: number) => number
  /** The derivative of one element's loss. */
  readonly slope: (difference: Tensor, norm: number, edge: number) => Tensor
  /** The derivative of that, times a gradient. */
  readonly bend: (grad: Tensor, difference: Tensor, edge: number) => Tensor
}

/** A loss of the difference `input - target`. */
function differenceLoss(definition: DifferenceLoss): Op<[self: Tensor, other: Tensor, args: DifferenceArgs]> {
  const { name, kernel, isOfInput = false, loss, slope, bend } = definition
  const difference = (a: Tensor, b: Tensor) => {
    if (isOfInput) requireSameDtype(a, b)
    const type = resultType(a, b)
    return a.to(type).sub(b.to(type))
  }
  const second = (grad: Tensor, from: Tensor, to: Tensor, { reduction, edge }: DifferenceArgs) => {
    const each = bend(grad, difference(from, to), edge)
    return reduction === 'mean' ? each.div(numelOf(from.sizes)) : each
  }
  /** The gradient for one side: the loss is the same with the sides exchanged. */
  const gradient = (side: 'self' | 'other', against: 'self' | 'other') =>
    asOne<DifferenceArgs>(
      `${name}BackwardBackward0`,
      // Row by row, however the operands lie: it decides in which order it is added up.
      needs('self', 'other', (grad, { [side]: from, [against]: to, args: { reduction, edge } }) =>
        slope(difference(from, to), share(from, reduction), edge).mul(grad).contiguous().to(from.dtype),
      ),
      {
        seconds: (['self', 'other'] as const).map((of) => (outer, grad, call) => {
          const each = second(outer.mul(grad), call[side], call[against], call.args)
          return of === side ? each : each.neg()
        }),
      },
    )
  return op2<Tensor, DifferenceArgs>({
    gradFn: `${name}Backward0`,
    order: [0, 1],
    forward: (self, other, { reduction, edge }) => {
      const dtype = resultType(self, other)
      if (isOfInput) requireCast(dtype, self.dtype)
      refuseIntegers(dtype, kernel)
      const round = rounding({ dtype })
      const losses = map2(self, other, (a, b) => loss(round(a - b), edge))
      return reduced(isOfInput ? cast(losses, self.dtype) : losses, reduction)
    },
    self: gradient('self', 'other'),
    other: gradient('other', 'self'),
    samples: (t) => [
      [t([0.5, -1, 3]), t([0.2, 1, 2.5]), { reduction: 'mean', edge: 1.2 }],
      [t([0.5, -1, 3]), t([0.2, 1, 2.5]), { reduction: 'none', edge: 0.4 }],
    ],
  })
}

const meanSquares = differenceLoss({
  name: 'MseLoss',
  kernel: 'mse_cpu',
  loss: (d) => d * d,
  slope: (d, norm) => d.mul(2 * norm),
  bend: (grad) => grad.mul(2),
})

/** Losses whose elements are weighted: their mean is divided by the sum of the weights if `byWeights`. */
function weighted(losses: Tensor, input: Tensor, weight: Tensor, reduction: Reduction, byWeights: boolean): Tensor {
  if (!sameSizes(weight.sizes, input.sizes)) throw new ValueError('Weights and input must have the same size.')
  const each = losses.mul(weight)
  if (reduction === 'none') return each
  if (reduction === 'sum') return each.sum()
  return byWeights ? each.sum().div(weight.sum()) : each.mean()
}

/** What losses of a difference accept besides. */
export interface WeightedLossOptions extends LossOptions {
  /** A factor for each element. */
  weight?: Tensor | null
}

/**
 * The mean of `(input - target)²`.
 * @shape A, A → () or A
 */
export function mse_loss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  const [, reduction, weight] = accept<[Tensor, Reduction, Tensor | null]>(
    "mse_loss(Tensor input, Tensor target, str reduction='mean', Tensor weight=None)",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  const [x, y] = paired(input, target)
  if (weight === null) return meanSquares(x, y, { reduction, edge: 0 })
  return weighted(x.sub(y).pow(2), input, weight, reduction, true)
}

const smooth = differenceLoss({
  name: 'SmoothL1Loss',
  kernel: 'smooth_l1_cpu',
  loss: (d, edge) => (Math.abs(d) < edge ? (0.5 * d * d) / edge : Math.abs(d) - 0.5 * edge),
  slope: (d, norm, edge) => where(d.abs().lt(edge), d.mul(norm / edge), d.sgn().mul(norm)),
  bend: (grad, d, edge) => grad.mul(d.abs().lt(edge)).div(edge),
})

/**
 * Square near 0, absolute value beyond `beta`.
 * @shape A, A → () or A
 */
export function smooth_l1_loss(input: Tensor, target: Tensor, options: LossOptions & { beta?: number } = {}): Tensor {
  const [, reduction, beta] = accept<[Tensor, Reduction, number]>(
    "smooth_l1_loss(Tensor input, Tensor target, str reduction='mean', float beta=1)",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  const [x, y] = paired(input, target)
  if (beta < 0) throw new RuntimeError('smooth_l1_loss does not support negative values for beta.')
  return beta === 0 ? reducedAnew(x.sub(y).abs(), reduction) : smooth(x, y, { reduction, edge: beta })
}

const huber = differenceLoss({
  name: 'HuberLoss',
  kernel: 'huber_cpu',
  isOfInput: true,
  loss: (d, edge) => (Math.abs(d) <= edge ? 0.5 * d * d : edge * (Math.abs(d) - 0.5 * edge)),
  slope: (d, norm, edge) => where(d.abs().le(edge), d.mul(norm), d.sgn().mul(norm * edge)),
  bend: (grad, d, edge) => grad.mul(d.abs().lt(edge)),
})

/**
 * Half the square near 0, linear beyond `delta`.
 * @shape A, A → () or A
 */
export function huber_loss(
  input: Tensor,
  target: Tensor,
  options: WeightedLossOptions & { delta?: number } = {},
): Tensor {
  const [, reduction, delta, weight] = accept<[Tensor, Reduction, number, Tensor | null]>(
    "huber_loss(Tensor input, Tensor target, str reduction='mean', float delta=1, Tensor weight=None)",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  const [x, y] = paired(input, target)
  if (!(delta > 0)) throw new RuntimeError('huber_loss does not support non-positive values for delta.')
  if (weight === null) return huber(x, y, { reduction, edge: delta })
  return weighted(huber(x, y, { reduction: 'none', edge: delta }), input, weight, reduction, false)
}

/**
 * The mean of `|input - target|`.
 * @shape A, A → () or A
 */
export function l1_loss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  const [, reduction, weight] = accept<[Tensor, Reduction, Tensor | null]>(
    "l1_loss(Tensor input, Tensor target, str reduction='mean', Tensor weight=None)",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  const [x, y] = paired(input, target)
  const losses = x.sub(y).abs()
  return weight === null ? reducedAnew(losses, reduction) : weighted(losses, input, weight, reduction, true)
}

/**
 * Kullback-Leibler divergence: the mean of `target (ln target - input)`, where `input` holds log-probabilities.
 * @shape A, A → () or A
 */
export function kl_div(
  input: Tensor,
  target: Tensor,
  options: { reduction?: Reduction | 'batchmean'; log_target?: boolean } = {},
): Tensor {
  const [, reduction, log_target] = accept<[Tensor, Reduction | 'batchmean', boolean]>(
    "kl_div(Tensor input, Tensor target, str reduction='mean', bool log_target=False)",
    input,
    target,
    options,
  )
  if (reduction !== 'batchmean') checkReduction(reduction)
  if (!input.dtype.is_floating_point || !target.dtype.is_floating_point) {
    throw new RuntimeError('kl_div: Integral inputs not supported.')
  }
  // The right operand first, as PyTorch's compiler has it: it decides in which order gradients meet in the target.
  const right = log_target ? target.sub(input) : target.mul(input)
  const each = log_target ? target.exp().mul(right) : target.xlogy(target).sub(right)
  if (reduction === 'batchmean') return each.sum().div(input.sizes[0] ?? 1)
  return reducedAnew(each, reduction)
}

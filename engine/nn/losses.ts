// torch.nn.functional: losses of the difference from a target, and of distributions.
import { RuntimeError, ValueError } from '../errors'
import { map2 } from '../kernels/map'
import { rounding } from '../kernels/precision'
import { needs, type Op, op2 } from '../ops/op'
import { where } from '../ops/where'
import { formatSizes, sameSizes } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { warn } from '../warnings'
import { checkReduction, type LossOptions, type Reduction, reduced, share } from './reduction'

export type { LossOptions, Reduction } from './reduction'

function checkSizes(input: Tensor, target: Tensor): void {
  if (sameSizes(input.sizes, target.sizes)) return
  warn(
    `Using a target size (torch.Size(${formatSizes(target.sizes)})) that is different to the input size (torch.Size(${formatSizes(input.sizes)})). This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.`,
  )
}

interface DifferenceArgs {
  reduction: Reduction
  /** Where a loss goes over from a square to an absolute value. */
  edge: number
}

/** A loss of the difference `input - target`, with the derivative of one element's loss. */
function differenceLoss(
  gradFn: string,
  loss: (difference: number, edge: number) => number,
  slope: (difference: Tensor, norm: number, edge: number) => Tensor,
): Op<[self: Tensor, other: Tensor, args: DifferenceArgs]> {
  const gradient = (grad: Tensor, difference: Tensor, { reduction, edge }: DifferenceArgs) =>
    slope(difference, share(difference, reduction), edge).mul(grad)
  return op2<Tensor, DifferenceArgs>({
    gradFn,
    selfFirst: true,
    forward: (self, other, { reduction, edge }) => {
      const round = rounding(self)
      const losses = map2(self, other, (a, b) => loss(round(a - b), edge))
      return reduced(losses, reduction)
    },
    self: needs('self', 'other', (grad, { self, other, args }) => gradient(grad, self.sub(other), args)),
    other: needs('self', 'other', (grad, { self, other, args }) => gradient(grad, self.sub(other), args).neg()),
    samples: (t) => [
      [t([0.5, -1, 3]), t([0.2, 1, 2.5]), { reduction: 'mean', edge: 1.2 }],
      [t([0.5, -1, 3]), t([0.2, 1, 2.5]), { reduction: 'none', edge: 0.4 }],
    ],
  })
}

const meanSquares = differenceLoss(
  'MseLossBackward0',
  (d) => d * d,
  (d, norm) => d.mul(2 * norm),
)

/**
 * The mean of `(input - target)²`.
 * @shape A, A → () or A
 */
export function mse_loss(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { weight?: Tensor | null } = {},
): Tensor {
  const [, reduction, weight] = accept<[Tensor, Reduction, Tensor | null]>(
    "mse_loss(Tensor input, Tensor target, str reduction='mean', Tensor weight=None)",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  checkSizes(input, target)
  if (weight === null) return meanSquares(input, target, { reduction, edge: 0 })
  if (!sameSizes(weight.sizes, input.sizes)) throw new ValueError('Weights and input must have the same size.')
  const losses = input.sub(target).pow(2).mul(weight)
  if (reduction === 'none') return losses
  return reduction === 'sum' ? losses.sum() : losses.sum().div(weight.sum())
}

const smooth = differenceLoss(
  'SmoothL1LossBackward0',
  (d, edge) => (Math.abs(d) < edge ? (0.5 * d * d) / edge : Math.abs(d) - 0.5 * edge),
  (d, norm, edge) => where(d.abs().lt(edge), d.mul(norm / edge), d.sgn().mul(norm)),
)

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
  checkSizes(input, target)
  if (beta < 0) throw new RuntimeError('smooth_l1_loss does not support negative values for beta.')
  return beta === 0 ? l1_loss(input, target, { reduction }) : smooth(input, target, { reduction, edge: beta })
}

const huber = differenceLoss(
  'HuberLossBackward0',
  (d, edge) => (Math.abs(d) <= edge ? 0.5 * d * d : edge * (Math.abs(d) - 0.5 * edge)),
  (d, norm, edge) => where(d.abs().le(edge), d.mul(norm), d.sgn().mul(norm * edge)),
)

/**
 * Half the square near 0, linear beyond `delta`.
 * @shape A, A → () or A
 */
export function huber_loss(input: Tensor, target: Tensor, options: LossOptions & { delta?: number } = {}): Tensor {
  const [, reduction, delta] = accept<[Tensor, Reduction, number]>(
    "huber_loss(Tensor input, Tensor target, str reduction='mean', float delta=1)",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  checkSizes(input, target)
  if (!(delta > 0)) throw new RuntimeError('huber_loss does not support non-positive values for delta.')
  return huber(input, target, { reduction, edge: delta })
}

/**
 * The mean of `|input - target|`.
 * @shape A, A → () or A
 */
export function l1_loss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const [, reduction] = accept<[Tensor, Reduction]>(
    "l1_loss(Tensor input, Tensor target, str reduction='mean')",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  checkSizes(input, target)
  const losses = input.sub(target).abs()
  return reduction === 'mean' ? losses.mean() : reduction === 'sum' ? losses.sum() : losses
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
  // The right operand first, as PyTorch's compiler has it: it decides in which order gradients meet in the target.
  const right = log_target ? target.sub(input) : target.mul(input)
  const each = log_target ? target.exp().mul(right) : target.xlogy(target).sub(right)
  if (reduction === 'batchmean') return each.sum().div(input.sizes[0] ?? 1)
  return reduction === 'mean' ? each.mean() : reduction === 'sum' ? each.sum() : each
}

// torch.nn.functional: losses of answers that are yes or no.
import { isRecording, no_grad } from '../autograd/mode'
import { RuntimeError, ValueError } from '../errors'
import { map2 } from '../kernels/map'
import { rounding } from '../kernels/precision'
import { asOne } from '../ops/as-one'
import { needs, op2 } from '../ops/op'
import { refuseIntegers, requireConstant, requireSameDtype } from '../ops/unsupported'
import { formatSizes, numelOf, sameSizes } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { logsigmoid } from './activations'
import { checkReduction, type LossOptions, type Reduction, reduced } from './reduction'

interface Weighted {
  reduction: Reduction
  /** A factor for each element. */
  weight: Tensor | null
}

interface LogisticArgs extends Weighted {
  /** A factor for each element's positive part. */
  pos_weight: Tensor | null
}

/** Times the weight, whatever type that has; in place where it is not recorded. */
function weigh(losses: Tensor, weight: Tensor | null): Tensor {
  return weight === null ? losses : isRecording() ? losses.mul(weight) : losses.mul_(weight)
}

const logistic = op2<Tensor, LogisticArgs>({
  gradFn: 'BinaryCrossEntropyWithLogitsBackward0',
  order: [0, 1],
  // (1 - t) x - (1 + (p - 1) t) ln sigmoid(x)
  forward: (self, target, { reduction, weight, pos_weight }) =>
    no_grad(() => {
      const positive = logsigmoid(self.detach())
      if (pos_weight !== null) positive.mul_(pos_weight.sub(1).mul(target).add_(1))
      const negative = Tensor.scalar(1, target.dtype).sub(target).mul_(self)
      return reduced(weigh(negative.sub_(positive), weight), reduction)
    }),
  self: needs('self', 'other', (grad, { self, other: target, args: { reduction, weight, pos_weight } }) => {
    const sigmoid = self.sigmoid()
    const slope =
      pos_weight === null
        ? sigmoid.sub(target)
        : pos_weight.mul(target).add(1).sub(target).mul(sigmoid).sub(pos_weight.mul(target))
    const each = weigh(slope.mul(grad), weight)
    return reduction === 'mean' ? each.div(numelOf(self.sizes)) : each
  }),
  other: needs('self', (grad, { self, args: { reduction, weight, pos_weight } }) => {
    const slope = pos_weight === null ? self.neg() : logsigmoid(self.neg()).sub_(pos_weight.mul(logsigmoid(self)))
    const each = weigh(slope.mul(grad), weight)
    return reduction === 'mean' ? each.div(numelOf(self.sizes)) : each
  }),
  samples: (t) => [
    [t([0.5, -1, 3]), t([0.2, 1, 0]), { reduction: 'mean', weight: null, pos_weight: null }],
    [t([0.5, -1, 3]), t([0.2, 1, 0]), { reduction: 'sum', weight: t([1, 2, 3]).detach(), pos_weight: t(0.5).detach() }],
  ],
})

/**
 * The cross-entropy between probabilities `target` and `sigmoid(input)`.
 * @shape A, A → () or A
 */
export function binary_cross_entropy_with_logits(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { weight?: Tensor | null; pos_weight?: Tensor | null } = {},
): Tensor {
  const [, weight, reduction, pos_weight] = accept<[Tensor, Tensor | null, Reduction, Tensor | null]>(
    "binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor weight=None, str reduction='mean', Tensor pos_weight=None)",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  if (!sameSizes(input.sizes, target.sizes)) {
    throw new ValueError(
      `Target size (torch.Size(${formatSizes(target.sizes)})) must be the same as input size (torch.Size(${formatSizes(input.sizes)}))`,
    )
  }
  requireConstant('binary_cross_entropy_with_logits', 'weight', weight)
  requireConstant('binary_cross_entropy_with_logits', 'pos_weight', pos_weight)
  return logistic(input, target, { reduction, weight, pos_weight })
}

const bernoulli = op2<Tensor, Weighted>({
  gradFn: 'BinaryCrossEntropyBackward0',
  order: [0, 1],
  forward: (self, target, { reduction, weight }) =>
    no_grad(() => {
      const round = rounding(self)
      const bounded = (logarithm: number) => Math.max(round(logarithm), -100)
      const each = (p: number, t: number) =>
        round(round(t - 1) * bounded(Math.log1p(-p))) - round(t * bounded(Math.log(p)))
      return reduced(weigh(map2(self, target, each), weight), reduction)
    }),
  // (p - t) / (p (1 - p))
  self: asOne<Weighted>(
    'BinaryCrossEntropyBackwardBackward0',
    needs('self', 'other', (grad, { self: p, other: target, args: { reduction, weight } }) => {
      const each = weigh(grad.mul(p.sub(target)).div(p.rsub(1).mul(p).clamp({ min: 1e-12 })), weight)
      return reduction === 'mean' ? each.div(numelOf(p.sizes)) : each
    }),
    {
      seconds: [
        // (p² - 2 p t + t) / (p (1 - p))²
        (outer, grad, { self: p, other: target, args: { reduction, weight } }) => {
          const [below, above] = [p.add(1e-12), p.rsub(1).add(1e-12)]
          const divisor = below.pow(2).mul(above.pow(2))
          const bend = p.mul(p).sub(p.mul(2).mul(target)).add(target).div(divisor)
          const each = weigh(bend.mul(outer.mul(grad)), weight)
          return reduction === 'mean' ? each.div(numelOf(p.sizes)) : each
        },
      ],
    },
  ),
  other: needs('self', (grad, { self: p, args: { reduction, weight } }) => {
    const each = weigh(p.logit().neg().mul(grad), weight)
    return reduction === 'mean' ? each.div(numelOf(p.sizes)) : each
  }),
  samples: (t) => [[t([0.5, 0.1, 0.8]), t([0.2, 1, 0]), { reduction: 'mean', weight: null }]],
})

/**
 * The cross-entropy between probabilities `target` and `input`.
 * @shape A, A → () or A
 */
export function binary_cross_entropy(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { weight?: Tensor | null } = {},
): Tensor {
  const [, weight, reduction] = accept<[Tensor, Tensor | null, Reduction]>(
    "binary_cross_entropy(Tensor input, Tensor target, Tensor weight=None, str reduction='mean')",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  if (!sameSizes(input.sizes, target.sizes)) {
    throw new ValueError(
      `Using a target size (torch.Size(${formatSizes(target.sizes)})) that is different to the input size (torch.Size(${formatSizes(input.sizes)})) is deprecated. Please ensure they have the same size.`,
    )
  }
  const within = (t: Tensor) => t.detach().ge(0).logical_and(t.detach().le(1)).all().item()
  if (!within(input)) throw new RuntimeError('all elements of input should be between 0 and 1')
  if (!within(target)) throw new RuntimeError('all elements of target should be between 0 and 1')
  refuseIntegers(input.dtype, 'binary_cross_entropy')
  requireSameDtype(input, target)
  requireConstant('binary_cross_entropy', 'weight', weight)
  return bernoulli(input, target, { reduction, weight })
}

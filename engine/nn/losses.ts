// torch.nn.functional: losses.
import { no_grad } from '../autograd/mode'
import { allocate, type DType, int64 } from '../dtype'
import { IndexError, RuntimeError, ValueError } from '../errors'
import { map2, rowMajor } from '../kernels/map'
import { rounding } from '../kernels/precision'
import { asInside } from '../ops/inside'
import { needs, type Op, op1, op2 } from '../ops/op'
import { where } from '../ops/where'
import { formatSizes, numelOf, sameSizes } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { warn } from '../warnings'
import { log_softmax, logsigmoid } from './activations'
import { checkReduction, type LossOptions, type Reduction } from './reduction'

export type { LossOptions, Reduction } from './reduction'

function reduced(losses: Tensor, reduction: Reduction): Tensor {
  return no_grad(() => (reduction === 'mean' ? losses.mean() : reduction === 'sum' ? losses.sum() : losses))
}

/** By what a mean divides: the factor of every element's gradient. */
function share(elements: Tensor, reduction: Reduction): number {
  return reduction === 'mean' ? 1 / numelOf(elements.sizes) : 1
}

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

interface Weighted {
  reduction: Reduction
  /** A factor for each element. */
  weight: Tensor | null
}

interface LogisticArgs extends Weighted {
  /** A factor for each element's positive part. */
  pos_weight: Tensor | null
}

function weigh(losses: Tensor, weight: Tensor | null): Tensor {
  return weight === null ? losses : losses.mul(weight)
}

const logistic = op2<Tensor, LogisticArgs>({
  gradFn: 'BinaryCrossEntropyWithLogitsBackward0',
  // (1 - t) x - (1 + (p - 1) t) ln sigmoid(x)
  forward: (self, target, { reduction, weight, pos_weight }) =>
    no_grad(() => {
      const logarithm = logsigmoid(self.detach())
      const positive = pos_weight === null ? logarithm : pos_weight.sub(1).mul(target).add(1).mul(logarithm)
      return reduced(weigh(target.rsub(1).mul(self).sub(positive), weight), reduction)
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
    const slope = pos_weight === null ? self.neg() : logsigmoid(self.neg()).sub(pos_weight.mul(logsigmoid(self)))
    return weigh(slope.mul(grad), weight).mul(share(self, reduction))
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
  return logistic(input, target, { reduction, weight, pos_weight })
}

const bernoulli = op2<Tensor, Weighted>({
  gradFn: 'BinaryCrossEntropyBackward0',
  forward: (self, target, { reduction, weight }) =>
    reduced(
      weigh(
        map2(self, target, (p, t) => (t - 1) * Math.max(Math.log1p(-p), -100) - t * Math.max(Math.log(p), -100)),
        weight,
      ),
      reduction,
    ),
  // (p - t) / (p (1 - p))
  self: needs('self', 'other', (grad, { self: p, other: target, args: { reduction, weight } }) => {
    const each = weigh(grad.mul(p.sub(target)).div(p.rsub(1).mul(p).clamp({ min: 1e-12 })), weight)
    return reduction === 'mean' ? each.div(numelOf(p.sizes)) : each
  }),
  other: needs('self', (grad, { self: p, args: { reduction, weight } }) => {
    const slope = p
      .rsub(1)
      .log()
      .clamp({ min: -100 })
      .sub(p.log().clamp({ min: -100 }))
    return weigh(slope.mul(grad), weight).mul(share(p, reduction))
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
  return bernoulli(input, target, { reduction, weight })
}

interface NllArgs {
  reduction: Reduction
  /** For every element of the target the class, as places in the input, and its weight (0 where it is ignored). */
  index: Tensor
  weights: Tensor
}

const negativeLogLikelihood = (gradFn: string) =>
  op1<NllArgs>({
    gradFn,
    forward: (self, { reduction, index, weights }) => {
      const picked = no_grad(() => self.gather(1, index).squeeze(1))
      const each = map2(picked, weights, (x, w) => -x * w)
      if (reduction === 'none') return each
      const { data, offset } = rowMajor(each)
      const total = cascade(data, offset, numelOf(each.sizes), rounding(self))
      const out = allocate(self.dtype, 1)
      out[0] = reduction === 'mean' ? total / totalOf(weights) : total
      return Tensor.own(out, [], self.dtype)
    },
    self: (grad, { selfSizes, args: { reduction, index, weights } }) => {
      const scaled = reduction === 'mean' ? grad.div(totalOf(weights)) : grad
      const each = weights.neg().mul(scaled).unsqueeze(1)
      return grad.new_zeros(selfSizes).scatter(1, index, each)
    },
    samples: (t) => [
      [
        t([
          [-0.5, -1, -2],
          [-1, -0.2, -3],
        ]),
        { reduction: 'mean', index: classes(), weights: t([1, 2]).detach() },
      ],
    ],
  })

const nll = negativeLogLikelihood('NllLossBackward0')
const nllOfImages = negativeLogLikelihood('NllLoss2DBackward0')

/** PyTorch's order of additions in `nll_loss_out_frame`: eight levels, each of which gathers runs of the one below. */
function cascade(data: ArrayLike<number>, start: number, n: number, round: (x: number) => number): number {
  const sums = new Array<number>(8).fill(0)
  const power = Math.max(4, Math.ceil(Math.log2(Math.max(n, 1)) / sums.length))
  for (let i = 0; i < n; i++) {
    sums[0] = round(sums[0]! + data[start + i]!)
    for (let level = 0; level + 1 < sums.length; level++) {
      if ((i & (((1 << power) - 1) << (level * power))) !== 0) break
      sums[level + 1] = round(sums[level + 1]! + sums[level]!)
      sums[level] = 0
    }
  }
  return sums.reduce((total, sum) => round(total + sum), 0)
}

function classes(): Tensor {
  return Tensor.own(Float64Array.of(0, 2), [2, 1], int64)
}

function totalOf(weights: Tensor): number {
  return weights.sum().item()
}

/** What losses of classes accept besides. */
export interface ClassLossOptions extends LossOptions {
  /** A factor for each class. */
  weight?: Tensor | null
  /** Targets with this value count for nothing. */
  ignore_index?: number
}

/**
 * Minus the log-probability of each target class: `input` is (N, C), (C) or (N, C, …), `target` the classes, (N), a scalar or (N, …).
 * @shape (n, c), (n) → () or (n); (c), () → (); (n, c, ...), (n, ...) → () or (n, ...)
 */
export function nll_loss(input: Tensor, target: Tensor, options: ClassLossOptions = {}): Tensor {
  const [, weight, ignore_index, reduction] = accept<[Tensor, Tensor | null, number, Reduction]>(
    "nll_loss(Tensor input, Tensor target, Tensor weight=None, int ignore_index=-100, str reduction='mean')",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  if (input.sizes.length === 1) {
    const one = nll_loss(input.unsqueeze(0), target.reshape([1]), { weight, ignore_index, reduction })
    return reduction === 'none' ? one.squeeze(0) : one
  }
  const dims = input.sizes.length
  if (dims < 2 || target.sizes.length !== dims - 1) {
    throw new RuntimeError('0D or 1D target tensor expected, multi-target not supported')
  }
  const [n, classCount] = input.sizes as [number, number]
  if (target.sizes[0] !== n) {
    throw new ValueError(`Expected input batch_size (${n}) to match target batch_size (${target.sizes[0]}).`)
  }
  const rest = input.sizes.slice(2)
  if (!sameSizes(target.sizes.slice(1), rest)) {
    throw new RuntimeError(`Expected target size ${formatSizes([n, ...rest])}, got ${formatSizes(target.sizes)}`)
  }
  if (target.dtype !== int64) throw new RuntimeError(`expected scalar type Long but found ${target.dtype.legacyName}`)
  const args = { reduction, ...chosen(target, classCount, input.dtype, weight, ignore_index) }
  if (dims === 2) return nll(input, args)
  const losses = nllOfImages(input, args)
  return reduction === 'none' && dims !== 4 ? losses.view(target.sizes) : losses
}

/** For each target its class and its weight, which is 0 where it is ignored. */
function chosen(target: Tensor, classCount: number, dtype: DType, weight: Tensor | null, ignore_index: number) {
  const { data, offset } = rowMajor(target)
  const index = new Float64Array(numelOf(target.sizes))
  const weights = allocate(dtype, index.length)
  for (let i = 0; i < index.length; i++) {
    const k = data[offset + i]!
    if (k === ignore_index) continue
    if (k < 0 || k >= classCount) throw new IndexError(`Target ${k} is out of bounds.`)
    index[i] = k
    weights[i] = weight === null ? 1 : weight.storage.data[weight.offset + k * (weight.strides[0] ?? 0)]!
  }
  const places = [target.sizes[0]!, 1, ...target.sizes.slice(1)]
  return { index: Tensor.own(index, places, int64), weights: Tensor.own(weights, target.sizes, dtype) }
}

/**
 * `nll_loss` of `log_softmax`: scores against classes, or against probabilities of the input's shape.
 * @shape (n, c), (n) → () or (n); (c), () → (); (n, c, ...), (n, ...) → () or (n, ...)
 */
export function cross_entropy(
  input: Tensor,
  target: Tensor,
  options: ClassLossOptions & { label_smoothing?: number } = {},
): Tensor {
  const [, weight, ignore_index, reduction, label_smoothing] = accept<
    [Tensor, Tensor | null, number, Reduction, number]
  >(
    "cross_entropy(Tensor input, Tensor target, Tensor weight=None, int ignore_index=-100, str reduction='mean', float label_smoothing=0)",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  const dim = input.sizes.length === 1 ? 0 : 1
  const logProbabilities = log_softmax(input, dim)
  if (target.dtype.is_floating_point) {
    const smoothed =
      label_smoothing > 0 ? target.mul(1 - label_smoothing).add(label_smoothing / input.sizes[dim]!) : target
    const each = logProbabilities.mul(weight ? smoothed.mul(weight) : smoothed)
    if (reduction === 'none') return each.sum(dim).neg()
    const total = each.sum().neg()
    if (reduction === 'sum' || dim === 0) return total
    return asInside(() => total.div(numelOf(input.sizes) / input.sizes[dim]!))
  }
  const loss = nll_loss(logProbabilities, target, { weight, ignore_index, reduction })
  if (label_smoothing === 0) return loss
  const spreadOut = logProbabilities.mean(dim).neg()
  const uniform = reduction === 'mean' ? spreadOut.mean() : reduction === 'sum' ? spreadOut.sum() : spreadOut
  return loss.mul(1 - label_smoothing).add(uniform.mul(label_smoothing))
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
  const each = log_target ? target.exp().mul(target.sub(input)) : target.xlogy(target).sub(target.mul(input))
  if (reduction === 'batchmean') return each.sum().div(input.sizes[0] ?? 1)
  return reduction === 'mean' ? each.mean() : reduction === 'sum' ? each.sum() : each
}

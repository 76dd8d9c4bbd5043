// torch.nn.functional: losses that compare pairs, triples and margins.
import { no_grad } from '../autograd/mode'
import { int64 } from '../dtype'
import { RuntimeError, ValueError } from '../errors'
import { map1 } from '../kernels/map'
import { floating } from '../kernels/precision'
import { asOne } from '../ops/as-one'
import { asInside } from '../ops/inside'
import { needs, type Op, type Operand, op1, op2 } from '../ops/op'
import { refuseIntegers, requireConstant, requireScalarType } from '../ops/unsupported'
import { normInside } from '../ops/vector-norm'
import { where } from '../ops/where'
import { formatSizes, numelOf, sameSizes } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { checkReduction, type LossOptions, type Reduction, reduced, reducedAnew, share } from './reduction'

/**
 * The p-norm of the differences of vectors along the last dimension; `eps` is added to each difference.
 * @shape (..., d), (..., d) → (...)
 */
export function pairwise_distance(
  x1: Tensor,
  x2: Tensor,
  p: number | { p?: number; eps?: number; keepdim?: boolean } = 2,
  eps?: number,
  keepdim?: boolean,
): Tensor {
  const [, order, tiny, keep] = accept<[Tensor, number, number, boolean]>(
    'pairwise_distance(Tensor x1, Tensor x2, float p=2, float eps=1e-6, bool keepdim=False)',
    x1,
    x2,
    p,
    eps,
    keepdim,
  )
  return asInside(() => {
    const difference = x1.sub(x2).add(tiny)
    return normInside(difference, { p: order, dims: [difference.sizes.length - 1], keepdim: keep })
  })
}

/**
 * `max(0, margin - target (input1 - input2))`: the first ranked above the second where `target` is 1, below where it is -1.
 * @shape A, A, A → () or A
 */
export function margin_ranking_loss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: LossOptions & { margin?: number } = {},
): Tensor {
  const [, , margin, reduction] = accept<[Tensor, Tensor, number, Reduction]>(
    "margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, float margin=0, str reduction='mean')",
    input1,
    input2,
    target,
    options,
  )
  checkReduction(reduction)
  if (input1.sizes.length !== input2.sizes.length || input1.sizes.length !== target.sizes.length) {
    throw new RuntimeError(
      `margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: torch.Size(${formatSizes(input1.sizes)}), input2: torch.Size(${formatSizes(input2.sizes)}), target: torch.Size(${formatSizes(target.sizes)}) `,
    )
  }
  return asInside(() => {
    const losses = target.neg().mul(input1.sub(input2))
    // PyTorch's margin is a float always.
    return reducedAnew(losses.to(floating(losses)).add(margin).clamp_min(0), reduction)
  })
}

/**
 * `input` where `target` is 1, `max(0, margin - input)` where it is -1: for distances of alike and unlike pairs.
 * @shape A, A → () or A
 */
export function hinge_embedding_loss(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { margin?: number } = {},
): Tensor {
  const [, margin, reduction] = accept<[Tensor, number, Reduction]>(
    "hinge_embedding_loss(Tensor input, Tensor target, float margin=1, str reduction='mean')",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  const losses = asInside(() => {
    const unlike = where(target.eq(1), 0, input.rsub(margin).clamp_min(0))
    const alike = where(target.eq(-1), 0, input)
    return unlike.add(alike)
  })
  return reducedAnew(losses, reduction)
}

/**
 * `max(0, |anchor - positive| - |anchor - negative| + margin)`, for vectors along the last dimension.
 * @shape (n, d), (n, d), (n, d) → () or (n)
 */
export function triplet_margin_loss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: LossOptions & { margin?: number; p?: number; eps?: number; swap?: boolean } = {},
): Tensor {
  const [, , margin, p, eps, swap, reduction] = accept<[Tensor, Tensor, number, number, number, boolean, Reduction]>(
    "triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, float margin=1, float p=2, float eps=1e-6, bool swap=False, str reduction='mean')",
    anchor,
    positive,
    negative,
    options,
  )
  checkReduction(reduction)
  if (margin <= 0) throw new ValueError(`margin must be greater than 0, got ${margin}`)
  const near = pairwise_distance(anchor, positive, { p, eps })
  const far = pairwise_distance(anchor, negative, { p, eps })
  const least = swap ? far.minimum(pairwise_distance(positive, negative, { p, eps })) : far
  return asInside(() => reducedAnew(near.add(margin).sub(least).clamp_min(0), reduction))
}

/**
 * `1 - cos` where `target` is 1, `max(0, cos - margin)` where it is -1, with the cosine of the angle between two vectors.
 * @shape (n, d), (n, d), (n) → () or (n)
 */
export function cosine_embedding_loss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: LossOptions & { margin?: number } = {},
): Tensor {
  const [, , margin, reduction] = accept<[Tensor, Tensor, number, Reduction]>(
    "cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, float margin=0, str reduction='mean')",
    input1,
    input2,
    target,
    options,
  )
  checkReduction(reduction)
  if (!(target.sizes.length === 0 || target.sizes.length === 1)) {
    throw new RuntimeError('0D or 1D target tensor expected, multi-target not supported')
  }
  const losses = asInside(() => {
    const dim = target.sizes.length
    const tiny = 1e-12
    const product = input1.mul(input2).sum(dim)
    const lengths = input1.mul(input1).sum(dim).add(tiny).mul(input2.mul(input2).sum(dim).add(tiny))
    const cosine = product.div(lengths.sqrt())
    const alike = where(target.eq(1), cosine.rsub(1), 0)
    const unlike = where(target.eq(-1), cosine.sub(margin).clamp_min(0), 0)
    return alike.add(unlike)
  })
  return reducedAnew(losses, reduction)
}

const softMargin = op2<Tensor, Reduction>({
  gradFn: 'SoftMarginLossBackward0',
  order: [0, 1],
  forward: (self, target, reduction) => no_grad(() => reduced(self.neg().mul_(target).exp_().log1p_(), reduction)),
  // -t z / (1 + z) with z = e^(-t x)
  self: asOne<Reduction>(
    'SoftMarginLossBackwardBackward0',
    needs('self', 'other', (grad, { self, other: target, args: reduction }) => {
      const z = target.neg().mul(self).exp()
      return target.mul(z).mul(-share(self, reduction)).div(z.add(1)).mul(grad).to(self.dtype)
    }),
    {
      seconds: [
        (outer, grad, { self, other: target, args: reduction }) => {
          const product = outer.mul(grad)
          const z = self.mul(target.neg()).exp()
          const each = product
            .mul(target.mul(target))
            .mul(z)
            .div(z.add(1).mul(z.add(1)))
          return reduction === 'mean' ? each.div(numelOf(self.sizes)) : each
        },
      ],
    },
  ),
  other: null,
  samples: (t) => [[t([0.5, -1, 3]), t([1, -1, 1]).detach(), 'mean']],
})

/**
 * `ln(1 + e^(-target · input))`, for targets 1 and -1.
 * @shape A, A → () or A
 */
export function soft_margin_loss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const [, reduction] = accept<[Tensor, Reduction]>(
    "soft_margin_loss(Tensor input, Tensor target, str reduction='mean')",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  requireConstant('soft_margin_loss', 'target', target)
  return softMargin(input, target, reduction)
}

interface Margins {
  target: Tensor
  p: number
  margin: number
  weight: Tensor | null
  reduction: Reduction
}

/** For each class how far it is within the margin of the target's score; 0 for the target itself. */
function excess(self: Tensor, { target, margin }: Margins): Tensor {
  const places = target.unsqueeze(1)
  const z = self.sub(self.gather(1, places)).add(margin)
  return z.clamp_min(0).scatter(1, places, 0)
}

function weighted(t: Tensor, { target, weight }: Margins): Tensor {
  return weight === null ? t : t.mul(weight.index_select(0, target).unsqueeze(1))
}

const multiMargin: Op<[self: Tensor, args: Margins]> = op1<Margins>({
  gradFn: 'MultiMarginLossBackward0',
  forward: (self, args) =>
    no_grad(() => {
      const z = excess(self.detach(), args)
      const each = weighted(args.p === 1 ? z : map1(z, (x) => x * x), args)
      return reducedAnew(each.sum(1).div(self.sizes[1]!), args.reduction)
    }),
  self: asOne<Margins>(
    'torch::autograd::NotImplemented',
    needs('self', (grad, { self, args }) => {
      const z = excess(self, args)
      const slope = weighted(args.p === 1 ? z.gt(0).to(self.dtype) : z.mul(2), args).div(self.sizes[1]!)
      const own = slope.sum(1, { keepdim: true }).neg()
      const all = slope.scatter(1, args.target.unsqueeze(1), own)
      const scale = args.reduction === 'mean' ? grad.div(self.sizes[0]!) : grad
      return all.mul(args.reduction === 'none' ? scale.unsqueeze(1) : scale)
    }),
    { refuses: () => new RuntimeError('derivative for aten::multi_margin_loss_backward is not implemented') },
  ),
  samples: (t) => [
    [
      t([
        [0.5, -1, 0.2],
        [1, 2.5, 0.3],
      ]),
      { target: t([2, 0]).detach().long(), p: 2, margin: 1, weight: null, reduction: 'mean' },
    ],
  ],
})

/**
 * `Σ max(0, margin - input[target] + input[i])^p / C` over the other classes i, for scores (N, C) and N class numbers.
 * @shape (n, c), (n) → () or (n)
 */
export function multi_margin_loss(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { p?: 1 | 2; margin?: number; weight?: Tensor | null } = {},
): Tensor {
  const [, p, margin, weight, reduction] = accept<[Tensor, number, number, Tensor | null, Reduction]>(
    "multi_margin_loss(Tensor input, Tensor target, int p=1, float margin=1, Tensor weight=None, str reduction='mean')",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  if (p !== 1 && p !== 2) throw new ValueError('only p == 1 and p == 2 supported')
  if (input.sizes.length !== 2 || !sameSizes(target.sizes, input.sizes.slice(0, 1))) {
    throw new RuntimeError(
      `multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples (batch size). Expected target size [${input.sizes[0]}], but got ${formatSizes(target.sizes)}. Input has shape ${formatSizes(input.sizes)}.`,
    )
  }
  refuseIntegers(input.dtype, 'multi_margin_loss_cpu_kernel')
  requireScalarType(int64, target)
  requireConstant('multi_margin_loss', 'weight', weight)
  if (weight !== null) requireScalarType(input.dtype, weight)
  return multiMargin(input, { target, p, margin, weight, reduction })
}

/**
 * The negative log-likelihood of counts `target` under a Poisson distribution whose rate is `input`, or `e^input`.
 * @shape A, A → () or A
 */
export function poisson_nll_loss(
  input: Tensor,
  target: Tensor,
  options: LossOptions & { log_input?: boolean; full?: boolean; eps?: number } = {},
): Tensor {
  const [, log_input, full, eps, reduction] = accept<[Tensor, boolean, boolean, number, Reduction]>(
    "poisson_nll_loss(Tensor input, Tensor target, bool log_input=True, bool full=False, float eps=1e-8, str reduction='mean')",
    input,
    target,
    options,
  )
  checkReduction(reduction)
  return asInside(() => {
    let losses = log_input ? input.exp().sub(target.mul(input)) : input.sub(target.mul(input.add(eps).log()))
    if (full) {
      // Stirling's approximation of ln target!
      const stirling = target
        .mul(target.log())
        .sub(target)
        .add(
          target
            .mul(2 * Math.PI)
            .log()
            .mul(0.5),
        )
      losses = losses.add(stirling.masked_fill(target.le(1), 0))
    }
    return reducedAnew(losses, reduction)
  })
}

/** A variance for each element, for each row (with or without a last dimension of size 1), or for each line of another dimension. */
function spreadOver(input: Tensor, variance: Tensor): Tensor {
  const [sizes, given] = [input.sizes, variance.sizes]
  if (sameSizes(sizes, given)) return variance
  if (sameSizes(sizes.slice(0, -1), given)) return variance.unsqueeze(-1)
  const others = given.filter((size, d) => size !== sizes[d])
  if (sizes.length === given.length && others.reduce((sum, size) => sum + size, 0) === 1) return variance
  throw new ValueError('var is of incorrect size')
}

/**
 * The negative log-likelihood of `target` under normal distributions with means `input` and variances `variance`.
 * @shape A, A, A → () or A
 */
export function gaussian_nll_loss(
  input: Tensor,
  target: Tensor,
  variance: Tensor | number,
  options: LossOptions & { full?: boolean; eps?: number } = {},
): Tensor {
  const [, , full, eps, reduction] = accept<[Tensor, Operand, boolean, number, Reduction]>(
    "gaussian_nll_loss(Tensor input, Tensor target, Operand var, bool full=False, float eps=1e-6, str reduction='mean')",
    input,
    target,
    variance,
    options,
  )
  const given = typeof variance === 'number' ? input.new_full(input.sizes, variance) : variance
  if (given.detach().lt(0).any().item()) throw new ValueError('var has negative entry/entries')
  const spread = spreadOver(input, given)
  checkReduction(reduction)
  const bounded = spread.clone()
  no_grad(() => bounded.clamp_({ min: eps }))
  const losses = bounded.log().add(input.sub(target).pow(2).div(bounded)).mul(0.5)
  return reducedAnew(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction)
}

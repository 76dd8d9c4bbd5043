// torch.nn.functional: losses of answers that are one of several classes.
import { no_grad } from '../autograd/mode'
import { allocate, type DType, int64 } from '../dtype'
import { IndexError, RuntimeError, ValueError } from '../errors'
import { map2, rowMajor } from '../kernels/map'
import { rounding } from '../kernels/precision'
import { asOne } from '../ops/as-one'
import { asInside } from '../ops/inside'
import { needs, op1 } from '../ops/op'
import { refuseIntegers, requireConstant, requireScalarType } from '../ops/unsupported'
import { where } from '../ops/where'
import { formatSizes, numelOf, sameSizes } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { log_softmax } from './activations'
import { checkReduction, type LossOptions, type Reduction } from './reduction'

interface NllArgs {
  reduction: Reduction
  /** For every element of the target the class, as places in the input, and its weight (0 where it is ignored). */
  index: Tensor
  weights: Tensor
}

const negativeLogLikelihood = (name: string) =>
  op1<NllArgs>({
    gradFn: `${name}Backward0`,
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
    self: asOne<NllArgs>(
      `${name}BackwardBackward0`,
      needs('self', (grad, { selfSizes, args: { reduction, index, weights } }) => {
        const scaled = reduction === 'mean' ? grad.div(totalOf(weights)) : grad
        // Where nothing counts, the mean is nan and its gradient 0.
        const each = where(weights.eq(0), 0, weights.neg().mul(scaled)).unsqueeze(1)
        return grad.new_zeros(selfSizes).scatter(1, index, each)
      }),
      { mixes: true, seconds: [null] },
    ),
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

const nll = negativeLogLikelihood('NllLoss')
const nllOfImages = negativeLogLikelihood('NllLoss2D')

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
  if (target.dtype !== int64) {
    throw new RuntimeError(
      dims === 2
        ? `expected target dtype to be Long or Byte, but got ${target.dtype.legacyName}`
        : `expected scalar type Long but found ${target.dtype.legacyName}`,
    )
  }
  checkWeight('', weight, classCount)
  const name = dims === 2 ? 'nll_loss' : 'nll_loss2d'
  refuseIntegers(input.dtype, `${name}_out_frame`)
  requireConstant(`${name}_forward`, 'weight', weight)
  if (weight !== null) requireScalarType(input.dtype, weight)
  const places = dims === 2 || dims === 4 ? target.sizes : [n, 1, numelOf(rest)]
  const args = { reduction, ...chosen(target.reshape(places), classCount, input.dtype, weight, ignore_index) }
  if (dims === 2) return nll(input, args)
  const losses = nllOfImages(dims === 4 ? input : input.reshape([n, classCount, 1, -1]), args)
  return reduction === 'none' && dims !== 4 ? losses.view(target.sizes) : losses
}

function checkWeight(name: string, weight: Tensor | null, classes: number): void {
  if (weight === null || (weight.sizes.length === 1 && weight.sizes[0] === classes)) return
  throw new RuntimeError(
    `${name}weight tensor should be defined either for all ${classes} classes or no classes but got weight tensor of shape: ${formatSizes(weight.sizes)}`,
  )
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
  const classes = input.sizes[dim]!
  if (label_smoothing > 1)
    throw new RuntimeError(`label_smoothing must be between 0.0 and 1.0. Got: ${label_smoothing}`)
  if (sameSizes(input.sizes, target.sizes)) {
    checkWeight('cross_entropy: ', weight, classes)
    if (!target.dtype.is_floating_point) {
      throw new RuntimeError(
        `Expected floating point type for target with class probabilities, got ${target.dtype.legacyName}`,
      )
    }
    const smoothed = label_smoothing > 0 ? target.mul(1 - label_smoothing).add(label_smoothing / classes) : target
    const each = logProbabilities.mul(weight ? smoothed.mul(weight) : smoothed)
    if (reduction === 'none') return each.sum(dim).neg()
    const total = each.sum().neg()
    if (reduction === 'sum' || dim === 0) return total
    return asInside(() => total.div(numelOf(input.sizes) / classes))
  }
  const loss = nll_loss(logProbabilities, target, { weight, ignore_index, reduction })
  if (label_smoothing <= 0) return loss
  const weighted = weight === null ? logProbabilities : logProbabilities.mul(along(weight, dim, input.sizes.length))
  const each = weighted.sum(dim).neg().masked_fill(target.eq(ignore_index), 0)
  const uniform =
    reduction === 'none'
      ? each
      : reduction === 'sum'
        ? each.sum()
        : each.sum().div(countOf(target, ignore_index, weight))
  return loss.mul(1 - label_smoothing).add(uniform.mul(label_smoothing / classes))
}

/** How many targets count; of weighted classes, the sum of their weights. */
function countOf(target: Tensor, ignore_index: number, weight: Tensor | null): Tensor {
  const counted = target.ne(ignore_index)
  return weight === null ? counted.sum() : weight.gather(0, target.masked_select(counted)).sum()
}

/** One number for each place of a dimension. */
function along(t: Tensor, dim: number, dims: number): Tensor {
  return t.view(Array.from({ length: dims }, (_, d) => (d === dim ? t.numel() : 1)))
}

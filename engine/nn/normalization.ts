// torch.nn.functional: values brought to mean 0 and variance 1, over a batch, a layer, a group.
import { isRecording, no_grad } from '../autograd/mode'
import type { Rule } from '../autograd/record'
import { float32 } from '../dtype'
import { RuntimeError, ValueError } from '../errors'
import {
  columnSums,
  inputGradient,
  type Matrix,
  type Moments,
  momentsOf,
  normalizedColumns,
  scaledGradient,
  weightGradient,
} from '../kernels/batch-norm'
import { rowMajor } from '../kernels/map'
import { asOne } from '../ops/as-one'
import { needs, type Op, op3 } from '../ops/op'
import { formatSizes, isContiguous, numelOf, type Sizes, sameSizes } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'

interface Normalization {
  /** The shape under which `dims` are the dimensions that are normalized together. */
  inner: Sizes
  dims: readonly number[]
  /** The shape under which weight and bias broadcast against the input. */
  broadcast: Sizes
  eps: number
  /** Mean and variance where they are given, not computed. */
  fixed: [mean: Tensor, variance: Tensor] | null
}

/** (x - mean) / √(variance + eps), and the factor by which it was scaled; both in the inner shape. */
function standardized(self: Tensor, { inner, dims, eps, fixed }: Normalization): [normal: Tensor, scale: Tensor] {
  const x = self.reshape(inner)
  if (fixed !== null) {
    const scale = fixed[1].add(eps).rsqrt()
    return [x.sub(fixed[0]).mul(scale), scale]
  }
  const centred = x.sub(x.mean(dims as number[], { keepdim: true }))
  const scale = centred
    .square()
    .mean(dims as number[], { keepdim: true })
    .add(eps)
    .rsqrt()
  return [centred.mul(scale), scale]
}

/** Summed to the shape in which weight and bias broadcast, then as they are given. */
function toParameter(grad: Tensor, { broadcast }: Normalization, sizes: Sizes): Tensor {
  return grad.sum_to_size(broadcast).reshape(sizes)
}

type Normalize = Op<[self: Tensor, other: Tensor, third: Tensor, args: Normalization]>

/** How PyTorch reckons in its own loops what is a composition otherwise. */
interface Kernels {
  /** Whether they take such a tensor. */
  fits(t: Tensor): boolean
  forward(self: Tensor, weight: Tensor, bias: Tensor, args: Normalization): Tensor
  self(grad: Tensor, self: Tensor, weight: Tensor, args: Normalization): Tensor
  other(grad: Tensor, self: Tensor, args: Normalization): Tensor
  third(grad: Tensor): Tensor
}

/**
 * `isOne`: PyTorch records its gradient as one operation, too. `along`: dimensions of a matrix that it may normalize, which the
 * samples do.
 */
function normalizing(gradFn: string, isOne: boolean, along: number[][], kernels: Kernels | null = null): Normalize {
  const named = (rule: Rule<Normalization>) =>
    isOne ? asOne(gradFn.replace('Backward0', 'BackwardBackward0'), rule, { mixes: true }) : rule
  const reckoned = (...tensors: Tensor[]) =>
    kernels !== null && !isRecording() && tensors.every((t) => kernels.fits(t)) ? kernels : null
  return op3<Normalization>({
    gradFn,
    order: [0, 1, 2],
    forward: (self, weight, bias, args) => {
      if (kernels?.fits(self)) return kernels.forward(self, weight, bias, args)
      const [normal] = standardized(self.detach(), args)
      const [scale, shift] = [weight, bias].map((t) => t.detach().reshape(args.broadcast)) as [Tensor, Tensor]
      return normal.reshape(self.sizes).mul(scale).add(shift)
    },
    // s (h - mean h - n mean(h n)) with h = g · weight, n the normalized input, s its scale; s h where the statistics are fixed
    self: named(
      needs('self', 'other', (grad, { self, other: weight, args }) => {
        const known = reckoned(grad, self)?.self(grad, self, weight, args)
        if (known !== undefined) return known
        const { inner, dims, broadcast, fixed } = args
        const [normal, scale] = standardized(self, args)
        const h = grad.mul(weight.reshape(broadcast)).reshape(inner)
        if (fixed !== null) return h.mul(scale).reshape(self.sizes)
        const mean = (t: Tensor) => t.mean(dims as number[], { keepdim: true })
        return h
          .sub(mean(h))
          .sub(normal.mul(mean(h.mul(normal))))
          .mul(scale)
          .reshape(self.sizes)
      }),
    ),
    other: named(
      needs(
        'self',
        'other',
        (grad, { self, other: weight, args }) =>
          reckoned(grad, self)?.other(grad, self, args) ??
          toParameter(grad.mul(standardized(self, args)[0].reshape(self.sizes)), args, weight.sizes),
      ),
    ),
    third: named(
      needs(
        'third',
        (grad, { third: bias, args }) => reckoned(grad)?.third(grad) ?? toParameter(grad, args, bias.sizes),
      ),
    ),
    samples: (t) =>
      along.map((dims) => [
        t([
          [1, 2, 4],
          [0, -1, 0.5],
        ]),
        t([1, 2, 0.5]),
        t([0, 1, -1]),
        { inner: [2, 3], dims, broadcast: [1, 3], eps: 1e-5, fixed: null },
      ]),
  })
}

const { fround } = Math

/** A batch of vectors: the columns of a matrix, normalized each. */
function ofColumns(): Kernels {
  const matrix = (t: Tensor): Matrix => {
    const [rows, columns] = t.sizes as [number, number]
    return { ...rowMajor(t), rows, columns }
  }
  const list = (t: Tensor) => {
    const { data, offset } = rowMajor(t)
    return data.subarray(offset, offset + numelOf(t.sizes))
  }
  const moments = (self: Tensor, { eps, fixed }: Normalization, inverse: (variance: number) => number): Moments => {
    if (fixed === null) return momentsOf(matrix(self), eps)
    return { mean: Float32Array.from(list(fixed[0])), inverse: Float32Array.from(list(fixed[1]), inverse) }
  }
  /** Backward takes the root in float64, forward not. */
  const backward = (self: Tensor, args: Normalization) =>
    moments(self, args, (variance) => 1 / Math.sqrt(variance + args.eps))
  const vector = (values: Float32Array) => Tensor.own(values, [values.length], float32)
  return {
    fits: ({ dtype, sizes, strides }) => dtype === float32 && sizes.length === 2 && isContiguous(sizes, strides),
    forward: (self, weight, bias, args) => {
      const root = (variance: number) => fround(Math.sqrt(fround(variance + fround(args.eps))))
      const known = moments(self, args, (variance) => 1 / root(variance))
      return Tensor.own(normalizedColumns(matrix(self), known, list(weight), list(bias)), self.sizes, float32)
    },
    self: (grad, self, weight, args) => {
      const known = backward(self, args)
      const gradient = args.fixed === null ? inputGradient : scaledGradient
      return Tensor.own(gradient(matrix(grad), matrix(self), known, list(weight)), self.sizes, float32)
    },
    other: (grad, self, args) => vector(weightGradient(matrix(grad), matrix(self), backward(self, args))),
    third: (grad) => vector(columnSums(matrix(grad))),
  }
}

const layerNorm = normalizing('NativeLayerNormBackward0', true, [[-1]])
const batchNorm = normalizing('NativeBatchNormBackward0', true, [[0]], ofColumns())
const groupNorm = normalizing('NativeGroupNormBackward0', false, [[-1]])

/**
 * Each sample brought to mean 0 and variance 1 over its last dimensions, then scaled by `weight` and moved by `bias`.
 * @shape A, B → A
 */
export function layer_norm(
  input: Tensor,
  normalized_shape: readonly number[],
  weight: Tensor | null | { weight?: Tensor | null; bias?: Tensor | null; eps?: number } = null,
  bias?: Tensor | null | { bias?: Tensor | null; eps?: number },
  eps?: number,
): Tensor {
  const [, w, b, epsilon] = accept<[Sizes, Tensor | null, Tensor | null, number]>(
    'layer_norm(Tensor input, tuple normalized_shape, Tensor weight=None, Tensor bias=None, float eps=1e-5)',
    input,
    normalized_shape,
    weight,
    bias,
    eps,
  )
  checkNormalizedShape(input, normalized_shape)
  const dims = normalized_shape.map((_, k) => k - normalized_shape.length)
  const broadcast = input.sizes.map((size, d) => (d < input.sizes.length - dims.length ? 1 : size))
  const args = { inner: input.sizes, dims, broadcast, eps: epsilon, fixed: null }
  return layerNorm(input, w ?? input.new_ones(normalized_shape), b ?? input.new_zeros(normalized_shape), args)
}

function checkNormalizedShape(input: Tensor, shape: readonly number[]): void {
  if (sameSizes(input.sizes.slice(input.sizes.length - shape.length), shape)) return
  throw new RuntimeError(
    `Given normalized_shape=${formatSizes(shape)}, expected input with shape [*, ${shape.join(', ')}], but got input of size${formatSizes(input.sizes)}`,
  )
}

/**
 * The input divided by the root of its mean square over the last dimensions, then scaled by `weight`.
 * @shape A, B → A
 */
export function rms_norm(
  input: Tensor,
  normalized_shape: readonly number[],
  weight: Tensor | null | { weight?: Tensor | null; eps?: number | null } = null,
  eps?: number | null,
): Tensor {
  const [, w, epsilon] = accept<[Sizes, Tensor | null, number | null]>(
    'rms_norm(Tensor input, tuple normalized_shape, Tensor weight=None, float eps=None)',
    input,
    normalized_shape,
    weight,
    eps,
  )
  checkNormalizedShape(input, normalized_shape)
  const dims = normalized_shape.map((_, k) => k - normalized_shape.length)
  const least = epsilon ?? (input.dtype === float32 ? 2 ** -23 : 2 ** -52)
  const normal = input.mul(input.pow(2).mean(dims, { keepdim: true }).add(least).rsqrt())
  return w === null ? normal : normal.mul(w)
}

/** What {@link batch_norm} accepts by name. */
export interface BatchNormOptions {
  weight?: Tensor | null
  bias?: Tensor | null
  /** Whether to normalize by this batch, and to move the running statistics towards it. */
  training?: boolean
  momentum?: number
  eps?: number
}

/**
 * Each channel (dimension 1) brought to mean 0 and variance 1 over all samples, then scaled by `weight` and moved by `bias`. In
 * training by the batch's own statistics, towards which the running ones are moved in place; else by the running ones.
 * @shape A, B → A
 */
export function batch_norm(
  input: Tensor,
  running_mean: Tensor | null,
  running_var: Tensor | null,
  weight: Tensor | null | BatchNormOptions = null,
  bias?: Tensor | null | BatchNormOptions,
  training?: boolean | BatchNormOptions,
  momentum?: number | BatchNormOptions,
  eps?: number | BatchNormOptions,
): Tensor {
  const [, , w, b, isTraining, share, epsilon] = accept<
    [Tensor | null, Tensor | null, Tensor | null, Tensor | null, boolean, number, number]
  >(
    'batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor weight=None, Tensor bias=None, bool training=False, float momentum=0.1, float eps=1e-5)',
    input,
    running_mean,
    running_var,
    weight,
    bias,
    training,
    momentum,
    eps,
  )
  const n = input.sizes.length
  const channels = input.sizes[1]!
  const dims = input.sizes.map((_, d) => d).filter((d) => d !== 1)
  const broadcast = input.sizes.map((size, d) => (d === 1 ? size : 1))
  const perChannel = numelOf(input.sizes) / channels
  if (isTraining && perChannel === 1) {
    throw new ValueError(
      `Expected more than 1 value per channel when training, got input size torch.Size(${formatSizes(input.sizes)})`,
    )
  }
  const lacking = running_mean === null ? 'running_mean' : running_var === null ? 'running_var' : null
  if (!isTraining && lacking !== null) throw new RuntimeError(`${lacking} must be defined in evaluation mode`)
  for (const [name, t] of Object.entries({ running_mean, running_var, weight: w, bias: b })) {
    if (t !== null && t.numel() !== channels) {
      throw new RuntimeError(`${name} should contain ${channels} elements not ${t.numel()}`)
    }
  }
  const spread = (t: Tensor) => t.detach().view([channels, ...Array<number>(n - 2).fill(1)])
  const fixed: [Tensor, Tensor] | null = isTraining ? null : [spread(running_mean!), spread(running_var!)]
  const args = { inner: input.sizes, dims, broadcast, eps: epsilon, fixed }
  const result = batchNorm(input, w ?? input.new_ones([channels]), b ?? input.new_zeros([channels]), args)
  if (isTraining) {
    no_grad(() => {
      // Through `data`: PyTorch's kernel writes them without counting a version.
      running_mean?.data.mul_(1 - share).add_(input.detach().mean(dims), { alpha: share })
      running_var?.data.mul_(1 - share).add_(input.detach().var(dims), { alpha: share })
    })
  }
  return result
}

/**
 * Each sample brought to mean 0 and variance 1 over groups of channels, then scaled and moved for each channel.
 * @shape A, B → A
 */
export function group_norm(
  input: Tensor,
  num_groups: number,
  weight: Tensor | null | { weight?: Tensor | null; bias?: Tensor | null; eps?: number } = null,
  bias?: Tensor | null | { bias?: Tensor | null; eps?: number },
  eps?: number,
): Tensor {
  const [groups, w, b, epsilon] = accept<[number, Tensor | null, Tensor | null, number]>(
    'group_norm(Tensor input, int num_groups, Tensor weight=None, Tensor bias=None, float eps=1e-5)',
    input,
    num_groups,
    weight,
    bias,
    eps,
  )
  const [batch, channels] = input.sizes as [number, number]
  if (input.sizes.length < 2)
    throw new RuntimeError(`Expected at least 2 dimensions for input tensor but received ${input.sizes.length}`)
  if (channels % groups !== 0) {
    throw new RuntimeError(
      `Expected number of channels in input to be divisible by num_groups, but got input of shape ${formatSizes(input.sizes)} and num_groups=${groups}`,
    )
  }
  const inner = [batch, groups, numelOf(input.sizes) / (batch * groups)]
  const broadcast = input.sizes.map((size, d) => (d === 1 ? size : 1))
  const args = { inner, dims: [2], broadcast, eps: epsilon, fixed: null }
  return groupNorm(input, w ?? input.new_ones([channels]), b ?? input.new_zeros([channels]), args)
}

/**
 * Each channel of each sample brought to mean 0 and variance 1.
 * @shape A, B → A
 */
export function instance_norm(
  input: Tensor,
  options: { weight?: Tensor | null; bias?: Tensor | null; eps?: number } = {},
): Tensor {
  const [weight, bias, eps] = accept<[Tensor | null, Tensor | null, number]>(
    'instance_norm(Tensor input, Tensor weight=None, Tensor bias=None, float eps=1e-5)',
    input,
    options,
  )
  const [batch, channels] = input.sizes as [number, number]
  const flat = input.contiguous().view([1, batch * channels, ...input.sizes.slice(2)])
  const repeated = (t: Tensor | null) => t?.repeat([batch]) ?? null
  const result = batch_norm(flat, null, null, { weight: repeated(weight), bias: repeated(bias), training: true, eps })
  return result.view(input.sizes)
}

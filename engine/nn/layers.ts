// torch.nn.functional: what layers compute.
import { requireTensor } from '../arguments'
import { int64 } from '../dtype'
import { RuntimeError, ValueError } from '../errors'
import { map2, resultType } from '../kernels/map'
import { asOne } from '../ops/as-one'
import { broadcast_tensors } from '../ops/gluing'
import { integers } from '../ops/integers'
import { cat } from '../ops/join'
import { addmm } from '../ops/linalg'
import { needs, type Op, op1, op2 } from '../ops/op'
import { bernoulli_ } from '../ops/random'
import { where } from '../ops/where'
import { isContiguous, numelOf, type Sizes, wrapDim } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'

/**
 * `input · weightᵀ + bias`, for weights (out, in).
 * @shape (..., m), (n, m), (n) → (..., n); without bias the third is missing
 */
export function linear(input: Tensor, weight: Tensor, given: Tensor | null | { bias?: Tensor | null } = null): Tensor {
  const [, bias] = accept<[Tensor, Tensor | null]>(
    'linear(Tensor input, Tensor weight, Tensor bias=None)',
    input,
    weight,
    given,
  )
  if (input.sizes.length === 0 || weight.sizes.length === 0) {
    throw new RuntimeError(
      `both arguments to linear need to be at least 1D, but they are ${input.sizes.length}D and ${weight.sizes.length}D`,
    )
  }
  if (bias !== null && weight.sizes.length === 2) {
    if (input.sizes.length === 2) return addmm(bias, input, weight.t())
    if (isContiguous(input.sizes, input.strides)) {
      const rows = addmm(bias, input.reshape([-1, input.sizes.at(-1)!]), weight.t())
      return rows.view([...input.sizes.slice(0, -1), weight.sizes[0]!])
    }
  }
  const product = input.matmul(weight.t())
  return bias === null ? product : product.add(bias)
}

/**
 * In training, zeroes each element with probability `p` and scales the others by 1/(1-p).
 * @shape A → A
 */
export function dropout(input: Tensor, p: number | DropoutOptions = 0.5, training?: boolean | DropoutOptions): Tensor {
  requireTensor(input, 'dropout', 'input')
  return dropped('dropout', input, input.sizes, p, training)
}

/**
 * {@link dropout} of whole channels of signals (N, C, L).
 * @shape (n, c) or (n, c, l) → the same
 */
export function dropout1d(
  input: Tensor,
  p: number | DropoutOptions = 0.5,
  training?: boolean | DropoutOptions,
): Tensor {
  requireTensor(input, 'dropout1d', 'input')
  return dropped('dropout1d', input, [...input.sizes.slice(0, -1), 1], p, training)
}

/**
 * {@link dropout} of whole channels of images (N, C, H, W).
 * @shape (n, c, h, w) → the same
 */
export function dropout2d(
  input: Tensor,
  p: number | DropoutOptions = 0.5,
  training?: boolean | DropoutOptions,
): Tensor {
  requireTensor(input, 'dropout2d', 'input')
  return dropped('dropout2d', input, [...input.sizes.slice(0, -2), 1, 1], p, training)
}

/** The probability of being dropped, and whether any are. */
export interface DropoutOptions {
  p?: number
  training?: boolean
}

/** One coin for each element of `sizes`, which broadcasts against the input. */
function dropped(name: string, input: Tensor, sizes: Sizes, ...given: unknown[]): Tensor {
  const [p, training] = accept<[number, boolean]>(
    `${name}(Tensor input, float p=0.5, bool training=True)`,
    input,
    ...given,
  )
  if (!(p >= 0 && p <= 1)) throw new ValueError(`dropout probability has to be between 0 and 1, but got ${p}`)
  if (!training || p === 0) return input
  if (p === 1) return input.mul(input.new_zeros(sizes))
  return input.mul(bernoulli_(input.new_empty(sizes), 1 - p).div_(1 - p))
}

/**
 * Vectors along `dim` divided by their p-norm.
 * @shape A → A
 */
export function normalize(
  input: Tensor,
  order: number | { p?: number; dim?: number; eps?: number } = 2,
  along?: number | { dim?: number; eps?: number },
  tiny?: number,
): Tensor {
  const [p, dim, eps] = accept<[number, number, number]>(
    'normalize(Tensor input, float p=2, int dim=1, float eps=1e-12)',
    input,
    order,
    along,
    tiny,
  )
  return input.div(input.norm(p, dim, { keepdim: true }).clamp({ min: eps }).expand_as(input))
}

/**
 * The cosine of the angle between vectors along `dim`.
 * @shape (..., d), (..., d) → (...)
 */
export function cosine_similarity(
  x1: Tensor,
  x2: Tensor,
  options: number | { dim?: number; eps?: number } = {},
): Tensor {
  const [, dim, eps] = accept<[Tensor, number, number]>(
    'cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-8)',
    x1,
    x2,
    options,
  )
  const type = resultType(x1, x2)
  if (!type.is_floating_point) {
    throw new RuntimeError(`expected common dtype to be floating point, yet common dtype is ${type.legacyName}`)
  }
  const unit = (x: Tensor) => x.div(x.norm(2, dim, { keepdim: true }).clamp({ min: eps }))
  const [a, b] = broadcast_tensors(x1, x2).map((x) => (x.dtype.is_floating_point ? x : x.to(type))) as [Tensor, Tensor]
  return unit(a).mul(unit(b)).sum(dim)
}

/**
 * For each class number a vector that is 1 there and 0 elsewhere.
 * @shape (...), one number a class → (..., classes)
 */
export function one_hot(input: Tensor, num_classes: number | { num_classes?: number } = -1): Tensor {
  const [wanted] = accept<[number]>('one_hot(Tensor input, int num_classes=-1)', input, num_classes)
  if (input.dtype !== int64) throw new RuntimeError('one_hot is only applicable to index tensor of type LongTensor.')
  const most = input.numel() === 0 ? -1 : (input.max().item() as number)
  if (input.numel() > 0 && (input.min().item() as number) < 0)
    throw new RuntimeError('Class values must be non-negative.')
  if (wanted !== -1 && most >= wanted) throw new RuntimeError('Class values must be smaller than num_classes.')
  const classes = wanted === -1 ? most + 1 : wanted
  const out = input.new_zeros([...input.sizes, classes])
  return out.scatter(-1, input.unsqueeze(-1), input.new_ones([...input.sizes, 1]))
}

interface Rows {
  index: Tensor
  /** A row that receives no gradient. */
  padding: number | null
}

const rowsOf: Op<[self: Tensor, args: Rows]> = op1<Rows>({
  gradFn: 'EmbeddingBackward0',
  forward: (self, { index }) =>
    self
      .detach()
      .index_select(0, index.reshape([-1]))
      .view([...index.sizes, ...self.sizes.slice(1)]),
  self: asOne<Rows>(
    'EmbeddingDenseBackwardBackward0',
    (grad, { selfSizes, args: { index, padding } }) => {
      const all = grad.new_zeros(selfSizes).index_add(0, index.reshape([-1]), grad.reshape([-1, ...selfSizes.slice(1)]))
      return padding === null ? all : all.index_fill(0, integers([padding]), 0)
    },
    { mixes: true },
  ),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      { index: integers([1, 1, 0]), padding: null },
    ],
  ],
})

/**
 * The rows of `weight` whose numbers `input` holds.
 * @shape (...), (n, d) → (..., d)
 */
export function embedding(input: Tensor, weight: Tensor, options: { padding_idx?: number | null } = {}): Tensor {
  const [, padding] = accept<[Tensor, number | null]>(
    'embedding(Tensor input, Tensor weight, int padding_idx=None)',
    input,
    weight,
    options,
  )
  if (input.dtype.category !== 1) {
    throw new RuntimeError(
      `Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.${input.dtype.legacyName}Tensor instead (while checking arguments for embedding)`,
    )
  }
  const row = padding === null ? null : padding < 0 ? padding + weight.sizes[0]! : padding
  return rowsOf(weight, { index: input, padding: row })
}

const gated: Op<[self: Tensor, args: number]> = op1<number>({
  gradFn: 'GluBackward0',
  forward: (self, dim) => {
    const [a, b] = self.detach().chunk(2, dim) as [Tensor, Tensor]
    return a.mul(b.sigmoid())
  },
  self: asOne<number>(
    'GluBackwardBackward0',
    needs('self', (grad, { self, args: dim }) => {
      const half = self.sizes[dim]! / 2
      const [a, b] = [self.narrow(dim, 0, half), self.narrow(dim, half, half)]
      const gate = b.sigmoid()
      return cat([gate.mul(grad), gate.rsub(1).mul(gate).mul(a).mul(grad)], dim)
    }),
    {
      mixes: true,
      seconds: [
        // With s the gate: s'(b) = s (1 - s), s''(b) = s' (1 - s) - s s'
        (outer, grad, { self, args: dim }) => {
          const [a, b] = self.chunk(2, dim) as [Tensor, Tensor]
          const s = b.sigmoid()
          const rest = s.rsub(1)
          const slope = s.mul(rest)
          const [first, second] = outer.chunk(2, dim) as [Tensor, Tensor]
          const product = second.mul(a)
          const toFirst = second.mul(grad).mul(slope)
          const bend = slope.mul(rest).sub(s.mul(slope))
          return cat([toFirst, product.mul(grad).mul(bend).add(first.mul(grad).mul(slope))], dim)
        },
      ],
    },
  ),
  samples: (t) => [[t([[1, 2, -1, 0.5]]), 1]],
})

/**
 * The first half of a dimension times the sigmoid of the second.
 * @shape (..., 2n, ...) → (..., n, ...) along dim
 */
export function glu(input: Tensor, dim: number | { dim?: number } = -1): Tensor {
  const [along] = accept<[number]>('glu(Tensor input, int dim=-1)', input, dim)
  if (input.sizes.length === 0) throw new RuntimeError('glu does not support 0-dimensional tensors')
  const d = wrapDim(along, input.sizes.length)
  if (input.sizes[d]! % 2 !== 0) {
    throw new RuntimeError(`Halving dimension must be even, but dimension ${d} is size ${input.sizes[d]}`)
  }
  return gated(input, d)
}

const leaking: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'PreluKernelBackward0',
  order: [0, 1],
  forward: (self, weight) => map2(self, weight, (x, w) => (x > 0 ? x : w * x)),
  self: asOne(
    'PreluKernelBackwardBackward0',
    needs('self', 'other', (grad, { self, other: weight }) => where(self.gt(0), grad, grad.mul(weight))),
    { seconds: [null] },
  ),
  other: asOne(
    'PreluKernelBackwardBackward0',
    needs('self', (grad, { self }) => where(self.gt(0), 0, grad.mul(self))),
  ),
  samples: (t) => [
    [
      t([
        [1, -2],
        [-0.5, 3],
      ]),
      t([0.2]),
    ],
  ],
})

/**
 * `x` where it is positive, `weight * x` elsewhere: one weight for all, or one for each channel (dimension 1).
 * @shape A, B → A
 */
export function prelu(input: Tensor, weight: Tensor): Tensor {
  accept('prelu(Tensor input, Tensor weight)', input, weight)
  const channels = numelOf(weight.sizes)
  const shape = input.sizes.map((_, d) => (d === 1 ? channels : 1))
  return leaking(input, channels === 1 ? weight.reshape([1]) : weight.view(shape))
}

// torch.nn.functional: what layers compute.
import { int64 } from '../dtype'
import { RuntimeError, ValueError } from '../errors'
import { map2 } from '../kernels/map'
import { cat } from '../ops/join'
import { addmm } from '../ops/linalg'
import { needs, type Op, op1, op2 } from '../ops/op'
import { bernoulli_ } from '../ops/random'
import { where } from '../ops/where'
import { numelOf, wrapDim } from '../shape'
import { Tensor } from '../tensor'

/** `input · weightᵀ + bias`, for weights (out, in). */
export function linear(input: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  if (bias !== null && input.sizes.length === 2) return addmm(bias, input, weight.t())
  const product = input.matmul(weight.t())
  return bias === null ? product : product.add(bias)
}

/** In training, zeroes each element with probability `p` and scales the others by 1/(1-p). */
export function dropout(input: Tensor, p = 0.5, training = true): Tensor {
  if (p < 0 || p > 1) throw new ValueError(`dropout probability has to be between 0 and 1, but got ${p}`)
  if (!training || p === 0) return input
  if (p === 1) return input.mul(input.new_zeros(input.sizes))
  return input.mul(bernoulli_(input.new_empty(input.sizes), 1 - p).div_(1 - p))
}

/** Vectors along `dim` divided by their p-norm. */
export function normalize(
  input: Tensor,
  { p = 2, dim = 1, eps = 1e-12 }: { p?: number; dim?: number; eps?: number } = {},
): Tensor {
  return input.div(input.norm(p, dim, { keepdim: true }).clamp({ min: eps }).expand_as(input))
}

/** The cosine of the angle between vectors along `dim`. */
export function cosine_similarity(
  x1: Tensor,
  x2: Tensor,
  { dim = 1, eps = 1e-8 }: { dim?: number; eps?: number } = {},
): Tensor {
  const unit = (x: Tensor) => x.div(x.norm(2, dim, { keepdim: true }).clamp({ min: eps }))
  return unit(x1).mul(unit(x2)).sum(dim)
}

/** For each class number a vector that is 1 there and 0 elsewhere. */
export function one_hot(input: Tensor, num_classes = -1): Tensor {
  const classes = num_classes === -1 ? input.max().item() + 1 : num_classes
  const out = input.new_zeros([...input.sizes, classes])
  return out.scatter(-1, input.unsqueeze(-1), input.new_ones([...input.sizes, 1]))
}

const rowsOf: Op<[self: Tensor, args: Tensor]> = op1<Tensor>({
  gradFn: 'EmbeddingBackward0',
  forward: (self, index) =>
    self
      .detach()
      .index_select(0, index.reshape([-1]))
      .view([...index.sizes, ...self.sizes.slice(1)]),
  self: (grad, { selfSizes, args: index }) =>
    grad.new_zeros(selfSizes).index_add(0, index.reshape([-1]), grad.reshape([-1, ...selfSizes.slice(1)])),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      Tensor.own(Float64Array.of(1, 1, 0), [3], int64),
    ],
  ],
})

/** The rows of `weight` whose numbers `input` holds. */
export function embedding(input: Tensor, weight: Tensor): Tensor {
  return rowsOf(weight, input)
}

const gated: Op<[self: Tensor, args: number]> = op1<number>({
  gradFn: 'GluBackward0',
  forward: (self, dim) => {
    const [a, b] = self.detach().chunk(2, dim) as [Tensor, Tensor]
    return a.mul(b.sigmoid())
  },
  self: needs('self', (grad, { self, args: dim }) => {
    const half = self.sizes[dim]! / 2
    const [a, b] = [self.narrow(dim, 0, half), self.narrow(dim, half, half)]
    const gate = b.sigmoid()
    return cat([grad.mul(gate), grad.mul(a).mul(gate).mul(gate.rsub(1))], dim)
  }),
  samples: (t) => [[t([[1, 2, -1, 0.5]]), 1]],
})

/** The first half of a dimension times the sigmoid of the second. */
export function glu(input: Tensor, dim = -1): Tensor {
  const d = wrapDim(dim, input.sizes.length)
  if (input.sizes[d]! % 2 !== 0) {
    throw new RuntimeError(`Halving dimension must be even, but dimension ${d} is size ${input.sizes[d]}`)
  }
  return gated(input, d)
}

const leaking: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'PreluKernelBackward0',
  forward: (self, weight) => map2(self, weight, (x, w) => (x > 0 ? x : w * x)),
  self: needs('self', 'other', (grad, { self, other: weight }) => where(self.gt(0), grad, grad.mul(weight))),
  other: needs('self', (grad, { self }) => where(self.gt(0), 0, grad.mul(self))),
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

/** `x` where it is positive, `weight * x` elsewhere: one weight for all, or one for each channel (dimension 1). */
export function prelu(input: Tensor, weight: Tensor): Tensor {
  const channels = numelOf(weight.sizes)
  const shape = input.sizes.map((_, d) => (d === 1 ? channels : 1))
  return leaking(input, channels === 1 ? weight.reshape([1]) : weight.view(shape))
}

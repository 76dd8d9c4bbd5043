// torch.nn.functional

import { ValueError } from '../errors'
import { addmm } from '../ops/linalg'
import { bernoulli_ } from '../ops/random'
import type { Tensor } from '../tensor'

export * from './activations'
export * from './losses'

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

/** For each class number a vector that is 1 there and 0 elsewhere. */
export function one_hot(input: Tensor, num_classes = -1): Tensor {
  const classes = num_classes === -1 ? input.max().item() + 1 : num_classes
  const out = input.new_zeros([...input.sizes, classes])
  return out.scatter(-1, input.unsqueeze(-1), input.new_ones([...input.sizes, 1]))
}

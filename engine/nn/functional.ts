// torch.nn.functional

import { addmm } from '../ops/linalg'
import type { Tensor } from '../tensor'

export * from './activations'
export * from './losses'

/** `input · weightᵀ + bias`, for weights (out, in). */
export function linear(input: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  if (bias !== null && input.sizes.length === 2) return addmm(bias, input, weight.t())
  const product = input.matmul(weight.t())
  return bias === null ? product : product.add(bias)
}

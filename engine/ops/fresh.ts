// Methods that make a new tensor of another one's dtype.

import type { DType } from '../dtype'
import { numelOf, type Sizes } from '../shape'
import { Storage } from '../storage'
import { Tensor } from '../tensor'

interface Options {
  dtype?: DType
}

/** All 0, of this dtype. */
export function new_zeros(self: Tensor, size: Sizes, { dtype = self.dtype }: Options = {}): Tensor {
  return Tensor.zeros(size, dtype)
}

/** All 1, of this dtype. */
export function new_ones(self: Tensor, size: Sizes, { dtype = self.dtype }: Options = {}): Tensor {
  return new_full(self, size, 1, { dtype })
}

/** All `fill_value`, of this dtype. */
export function new_full(self: Tensor, size: Sizes, fill_value: number, { dtype = self.dtype }: Options = {}): Tensor {
  const t = Tensor.zeros(size, dtype)
  t.storage.data.fill(fill_value)
  return t
}

/** Zeros of this dtype, laid out with the given strides. */
export function new_empty_strided(self: Tensor, size: Sizes, stride: Sizes): Tensor {
  const length = numelOf(size) === 0 ? 0 : size.reduce((end, s, d) => end + (s - 1) * stride[d]!, 1)
  return new Tensor(Storage.zeros(self.dtype, length), size, stride, 0, self.dtype)
}

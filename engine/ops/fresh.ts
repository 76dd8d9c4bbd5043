// Methods that make a new tensor of another one's dtype.
import { requireKeywords, requireNumber, requireSizes } from '../arguments'
import { layoutOf, numelOf, type Sizes } from '../shape'
import { Storage } from '../storage'
import { Tensor } from '../tensor'
import { type TensorData, tensor } from './create'
import { type CreateArgs, finish, KEYWORDS, parseCreate, type TensorOptions } from './creating'

function filled(self: Tensor, name: string, size: CreateArgs, value: number): Tensor {
  const { sizes, options } = parseCreate(size, name)
  const t = Tensor.zeros(sizes, options.dtype ?? self.dtype)
  if (value !== 0) t.storage.data.fill(value)
  return finish(t, options)
}

/**
 * All 0, of this dtype.
 * @shape → sizes
 */
export function new_zeros(self: Tensor, ...size: CreateArgs): Tensor {
  return filled(self, 'new_zeros', size, 0)
}

/**
 * All 1, of this dtype.
 * @shape → sizes
 */
export function new_ones(self: Tensor, ...size: CreateArgs): Tensor {
  return filled(self, 'new_ones', size, 1)
}

/**
 * Zeros too, of this dtype: JavaScript has no memory without values.
 * @shape → sizes
 */
export function new_empty(self: Tensor, ...size: CreateArgs): Tensor {
  return filled(self, 'new_empty', size, 0)
}

/**
 * All `fill_value`, of this dtype.
 * @shape → sizes
 */
export function new_full(self: Tensor, size: Sizes, fill_value: number, options: TensorOptions = {}): Tensor {
  requireNumber(fill_value, 'new_full', 'fill_value')
  requireKeywords(options, KEYWORDS, 'new_full')
  return filled(self, 'new_full', [size, options], fill_value)
}

/**
 * Zeros of this dtype, laid out with the given strides.
 * @shape → sizes
 */
export function new_empty_strided(self: Tensor, size: Sizes, stride: Sizes): Tensor {
  requireSizes(size, 'new_empty_strided')
  requireSizes(stride, 'new_empty_strided', 'stride')
  const length = numelOf(size) === 0 ? 0 : size.reduce((end, s, d) => end + (s - 1) * stride[d]!, 1)
  return new Tensor(Storage.zeros(self.dtype, length), layoutOf(size, stride, self.dtype), 0)
}

/**
 * {@link tensor} of this dtype.
 * @shape the nesting of data
 */
export function new_tensor(self: Tensor, data: TensorData, options: TensorOptions = {}): Tensor {
  requireKeywords(options, KEYWORDS, 'new_tensor')
  return tensor(data, { dtype: self.dtype, ...options })
}

// Index tensors out of numbers.
import { int64 } from '../dtype'
import { Tensor } from '../tensor'

/** A vector, or a matrix, of int64. */
export function integers(values: readonly number[] | readonly (readonly number[])[]): Tensor {
  const isMatrix = Array.isArray(values[0])
  const sizes = isMatrix ? [values.length, (values[0] as readonly number[]).length] : [values.length]
  return Tensor.own(
    Float64Array.from((values as readonly (number | readonly number[])[]).flat() as number[]),
    sizes,
    int64,
  )
}

/** An int64 tensor of any shape. */
export function integersOf(values: readonly number[], sizes: readonly number[]): Tensor {
  return Tensor.own(Float64Array.from(values), sizes, int64)
}

// Which dtype a mixture of operands has.

import { requireTensor, wrongType } from '../arguments'
import { canCast, DType, promoteTypes, type DType as Type } from '../dtype'
import { resultType } from '../kernels/map'
import type { Tensor } from '../tensor'
import { tensor } from './create'

/**
 * The dtype of an operation on two operands: `result_type(intTensor, 1.5)` is float32.
 * @shape A, B → a dtype
 */
export function result_type(tensor1: Tensor | number, tensor2: Tensor | number): Type {
  for (const [name, value] of Object.entries({ tensor1, tensor2 })) {
    if (typeof value !== 'number') requireTensor(value, 'result_type', name)
  }
  if (typeof tensor1 !== 'number') return resultType(tensor1, tensor2)
  return typeof tensor2 === 'number' ? resultType(tensor(tensor1), tensor2) : resultType(tensor2, tensor1)
}

function requireDTypes(name: string, values: Record<string, unknown>): void {
  for (const [argument, value] of Object.entries(values)) {
    if (!(value instanceof DType)) throw wrongType(name, argument, 'torch.dtype', value)
  }
}

/** The dtype in which elements of two dtypes meet. */
export function promote_types(type1: Type, type2: Type): Type {
  requireDTypes('promote_types', { type1, type2 })
  return promoteTypes(type1, type2)
}

/** Whether elements of one dtype may be written into another in place: never from float to int, or from int to bool. */
export function can_cast(from_: Type, to: Type): boolean {
  requireDTypes('can_cast', { from_, to })
  return canCast(from_, to)
}

// Types of elements for which PyTorch has no kernel.
import { bool, type DType } from '../dtype'
import { NotImplementedError } from '../errors'

/** Refuses booleans, in the words of PyTorch's dispatch: `"abs_cpu" not implemented for 'Bool'`. */
export function refuseBool(dtype: DType, kernel: string): void {
  if (dtype !== bool) return
  throw new NotImplementedError(
    `"${kernel}" not implemented for '${dtype.legacyName}'`,
    'A mask has no such number; make numbers of it first: mask.float().',
  )
}

/** Refuses booleans and integers where the results have fractions and PyTorch makes no floats by itself. */
export function refuseIntegers(dtype: DType, kernel: string): void {
  if (dtype.is_floating_point) return
  throw new NotImplementedError(
    `"${kernel}" not implemented for '${dtype.legacyName}'`,
    'The results have fractions; make floats of the numbers first: x.float().',
  )
}

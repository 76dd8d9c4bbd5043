// Types of elements for which PyTorch has no kernel, or which it does not mix; and operands that it does not differentiate.
import { tracked } from '../autograd/graph'
import { isRecording } from '../autograd/mode'
import { bool, canCast, type DType } from '../dtype'
import { NotImplementedError, RuntimeError } from '../errors'
import type { Tensor } from '../tensor'

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

/** Refuses a result that may not be written into a tensor of another type. */
export function requireCast(from: DType, to: DType): void {
  if (canCast(from, to)) return
  throw new RuntimeError(`result type ${from.legacyName} can't be cast to the desired output type ${to.legacyName}`)
}

/** Refuses operands of two types, where PyTorch's kernel promotes neither. */
export function requireSameDtype(expected: Tensor, found: Tensor): void {
  if (found.dtype === expected.dtype) return
  throw new RuntimeError(`Found dtype ${found.dtype.legacyName} but expected ${expected.dtype.legacyName}`)
}

/** The same in other words. */
export function requireScalarType({ legacyName }: DType, t: Tensor): void {
  if (t.dtype.legacyName === legacyName) return
  throw new RuntimeError(`expected scalar type ${legacyName} but found ${t.dtype.legacyName}`)
}

/** Refuses an operand that wants a gradient which the operation has not. */
export function requireConstant(name: string, argument: string, value: Tensor | null): void {
  if (value === null || !isRecording() || !tracked(value)) return
  throw new RuntimeError(
    `The function '${name}' is not differentiable with respect to argument '${argument}'. This input cannot have requires_grad True.`,
    'Take it out of the graph: detach().',
  )
}

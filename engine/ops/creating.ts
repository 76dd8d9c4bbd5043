// The arguments of functions that make tensors: `(2, 3, { dtype })` or `([2, 3], { dtype })`.
import { requireKeywords, requireSizes } from '../arguments'
import type { DType } from '../dtype'
import { PythonTypeError, RuntimeError } from '../errors'
import type { Sizes } from '../shape'
import type { Tensor } from '../tensor'

/** The keywords that all of them know. */
export const KEYWORDS = ['dtype', 'requires_grad']

/** What every function that makes a tensor accepts. */
export interface TensorOptions {
  dtype?: DType
  requires_grad?: boolean
}

/** `(2, 3)` or `([2, 3])`, with options last. */
export type CreateArgs = (number | readonly number[] | TensorOptions)[]

/** Marks a new tensor as a leaf whose gradient is wanted, if the options say so. */
export function finish(t: Tensor, options: TensorOptions | undefined): Tensor {
  if (options?.requires_grad) {
    if (!t.dtype.is_floating_point) {
      throw new RuntimeError(
        'Only Tensors of floating point and complex dtype can require gradients',
        'A gradient says how the result changes when an element changes a little, and whole numbers cannot change a little.',
      )
    }
    t._requiresGrad = true
  }
  return t
}

/** Sizes and options out of `(2, 3, { dtype })` or `([2, 3], { dtype })`. */
export function parseCreate(args: CreateArgs, name: string): { sizes: Sizes; options: TensorOptions } {
  const last = args[args.length - 1]
  const hasOptions = typeof last === 'object' && last !== null && !Array.isArray(last)
  const given = hasOptions ? args.slice(0, -1) : args
  const sizes = (given.length === 1 && typeof given[0] === 'object' ? given[0] : given) as Sizes
  if (given.length === 0 || given[0] === undefined) {
    throw new PythonTypeError(`${name}() missing 1 required positional arguments: "size"`)
  }
  requireSizes(sizes, name)
  requireKeywords(hasOptions ? last : undefined, KEYWORDS, name)
  for (const size of sizes) {
    if (size < 0) {
      throw new RuntimeError(
        name.endsWith('zeros')
          ? 'zeros: Dimension size must be non-negative.'
          : `Trying to create tensor with negative dimension ${size}: [${sizes.join(', ')}]`,
      )
    }
  }
  return { sizes: [...sizes], options: hasOptions ? (last as TensorOptions) : {} }
}

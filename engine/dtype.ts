// Element types and PyTorch's rules for mixing them.
import { Layout, NO_SIZES } from './shape'

/** The name of an element type. */
export type DTypeName = 'float32' | 'float64' | 'int64' | 'int32' | 'bool'

/** The typed array that holds a dtype. int64 lives in a Float64Array: exact up to 2^53, which JavaScript's numbers are too. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array

/** A promotion category: a tensor of a higher category wins whatever its width (bool < integer < floating). */
type Category = 0 | 1 | 2

/** The type of a tensor's elements. Compare with `===`: there is exactly one object for each. */
export class DType {
  /** The layout of a scalar. */
  readonly scalar = new Layout(NO_SIZES, NO_SIZES, this)

  constructor(
    readonly name: DTypeName,
    readonly category: Category,
    readonly itemsize: number,
    /** PyTorch's older name, which its error messages use: `torch.FloatTensor`, "expected Float but got Double". */
    readonly legacyName: string,
    /** The C++ name, as in "attempting to assign a gradient with dtype 'double'". */
    readonly cppName: string,
  ) {}

  get is_floating_point(): boolean {
    return this.category === 2
  }

  toString(): string {
    return `torch.${this.name}`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** Numbers of 32 bits, 24 of them for the digits: what numbers become when nothing else is said. */
export const float32 = new DType('float32', 2, 4, 'Float', 'float')
/** Numbers of 64 bits, as JavaScript's own. */
export const float64 = new DType('float64', 2, 8, 'Double', 'double')
/** Whole numbers; exact up to 2^53. */
export const int64 = new DType('int64', 1, 8, 'Long', 'long int')
/** Whole numbers of 32 bits. */
export const int32 = new DType('int32', 1, 4, 'Int', 'int')
/** True or false: what comparisons give and masks are made of. */
export const bool = new DType('bool', 0, 1, 'Bool', 'bool')

/** A fresh zeroed array of `length` elements. */
export function allocate(dtype: DType, length: number): TypedArray {
  if (dtype === float32) return new Float32Array(length)
  if (dtype === float64 || dtype === int64) return new Float64Array(length)
  return dtype === int32 ? new Int32Array(length) : new Uint8Array(length)
}

/** The dtype of an operation on two tensors of equal standing: the higher category, and within it the wider. */
export function promoteTypes(a: DType, b: DType): DType {
  if (a === b) return a
  if (a.category !== b.category) return a.category > b.category ? a : b
  return a.itemsize > b.itemsize ? a : b
}

/** What `torch.can_cast` answers: a result may be written into an equal or higher category, never a lower one. */
export function canCast(from: DType, to: DType): boolean {
  return from.category <= to.category
}

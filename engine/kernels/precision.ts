// What a computation in a tensor's type rounds to.
import { type DType, float32 } from '../dtype'
import { fma32, fma64 } from './fma'

interface Typed {
  readonly dtype: DType
}

/** What one step of a computation in this type rounds to. */
export function rounding({ dtype }: Typed): (x: number) => number {
  return dtype === float32 ? Math.fround : unrounded
}

function unrounded(x: number): number {
  return x
}

/** `a * b + c` rounded once to this type. */
export function fused({ dtype }: Typed): (a: number, b: number, c: number) => number {
  return dtype === float32 ? fma32 : fma64
}

/** The type of a result that is never an integer: integers and booleans are computed as float32. */
export function floating({ dtype }: Typed): DType {
  return dtype.is_floating_point ? dtype : float32
}

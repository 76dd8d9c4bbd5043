// Rows of elements: where the time of elementwise operations is spent.
//
// A loop that is handed its function calls it for every element, because a processor's compiler cannot know which one comes.
// So the commonest functions bring loops of their own, in which there is nothing left to call: one for any steps, and one for
// long rows without gaps, which takes half the time, because nothing but one counter moves, and that only at each fourth element.
import type { TypedArray } from '../dtype'
import { expFloat32 } from './exp'

/** `n` elements of `x` from `i` on, `di` apart, into `out` from `k` on, `dk` apart. */
type Loop1 = (x: TypedArray, i: number, di: number, out: TypedArray, k: number, dk: number, n: number) => void

/** The same for two operands. A step of 0 repeats one element. */
type Loop2 = (
  x: TypedArray,
  i: number,
  di: number,
  y: TypedArray,
  j: number,
  dj: number,
  out: TypedArray,
  k: number,
  dk: number,
  n: number,
) => void

/** All of `x` into all of `out`; their length is a multiple of four. */
type Dense1 = (x: TypedArray, out: TypedArray) => void

/** The same for two operands. */
type Dense2 = (x: TypedArray, y: TypedArray, out: TypedArray) => void

/** A function of one number, computed in float64; the array that it is stored in rounds. */
export interface Function1 {
  (x: number): number
  readonly loop?: Loop1
  readonly dense?: Dense1
  /** What takes its place for neighbours, which PyTorch reckons in vectors; its bits may differ. */
  readonly vector?: (x: number) => number
}

export interface Function2 {
  (a: number, b: number): number
  /** The same, rounded to float32: for scalars, where a number that is only then rounded would be made twice. */
  readonly single?: (a: number, b: number) => number
  readonly loop?: Loop2
  readonly dense?: Dense2
  /** See {@link Function1}. */
  readonly vector?: (a: number, b: number) => number
}

/** How many elements PyTorch takes at a time: two vectors of 32 bytes. What is left of a row it reckons number by number. */
function inVectors(out: TypedArray): number {
  return 64 / out.BYTES_PER_ELEMENT
}

/** A function that has other bits in vectors. */
export function vectored<F extends Function1 | Function2>(f: F, vector: F): F {
  return Object.assign(f, { vector })
}

function looped1(f: (x: number) => number, loop: Loop1, dense: Dense1): Function1 {
  return Object.assign(f, { loop, dense })
}

function looped2(
  f: (a: number, b: number) => number,
  single: (a: number, b: number) => number,
  loop: Loop2,
  dense: Dense2,
): Function2 {
  return Object.assign(f, { single, loop, dense })
}

export const same = looped1(
  (x) => x,
  (x, i, di, out, k, dk, n) => {
    for (; n > 0; n--, i += di, k += dk) out[k] = x[i]!
  },
  (x, out) => out.set(x),
)

export const negative = looped1(
  (x) => -x,
  (x, i, di, out, k, dk, n) => {
    for (; n > 0; n--, i += di, k += dk) out[k] = -x[i]!
  },
  (x, out) => {
    for (let e = 0; e < out.length; e += 4) {
      out[e] = -x[e]!
      out[e + 1] = -x[e + 1]!
      out[e + 2] = -x[e + 2]!
      out[e + 3] = -x[e + 3]!
    }
  },
)

export const exponential = looped1(
  (x) => Math.exp(x),
  (x, i, di, out, k, dk, n) => {
    for (; n > 0; n--, i += di, k += dk) out[k] = Math.exp(x[i]!)
  },
  (x, out) => {
    if (x instanceof Float32Array && out instanceof Float32Array) {
      for (let e = 0; e < out.length; e++) out[e] = expFloat32(x[e]!)
    } else for (let e = 0; e < out.length; e++) out[e] = Math.exp(x[e]!)
  },
)

export const plus = looped2(
  (a, b) => a + b,
  (a, b) => Math.fround(a + b),
  (x, i, di, y, j, dj, out, k, dk, n) => {
    for (; n > 0; n--, i += di, j += dj, k += dk) out[k] = x[i]! + y[j]!
  },
  (x, y, out) => {
    for (let e = 0; e < out.length; e += 4) {
      out[e] = x[e]! + y[e]!
      out[e + 1] = x[e + 1]! + y[e + 1]!
      out[e + 2] = x[e + 2]! + y[e + 2]!
      out[e + 3] = x[e + 3]! + y[e + 3]!
    }
  },
)

export const minus = looped2(
  (a, b) => a - b,
  (a, b) => Math.fround(a - b),
  (x, i, di, y, j, dj, out, k, dk, n) => {
    for (; n > 0; n--, i += di, j += dj, k += dk) out[k] = x[i]! - y[j]!
  },
  (x, y, out) => {
    for (let e = 0; e < out.length; e += 4) {
      out[e] = x[e]! - y[e]!
      out[e + 1] = x[e + 1]! - y[e + 1]!
      out[e + 2] = x[e + 2]! - y[e + 2]!
      out[e + 3] = x[e + 3]! - y[e + 3]!
    }
  },
)

export const times = looped2(
  (a, b) => a * b,
  (a, b) => Math.fround(a * b),
  (x, i, di, y, j, dj, out, k, dk, n) => {
    for (; n > 0; n--, i += di, j += dj, k += dk) out[k] = x[i]! * y[j]!
  },
  (x, y, out) => {
    for (let e = 0; e < out.length; e += 4) {
      out[e] = x[e]! * y[e]!
      out[e + 1] = x[e + 1]! * y[e + 1]!
      out[e + 2] = x[e + 2]! * y[e + 2]!
      out[e + 3] = x[e + 3]! * y[e + 3]!
    }
  },
)

export const over = looped2(
  (a, b) => a / b,
  (a, b) => Math.fround(a / b),
  (x, i, di, y, j, dj, out, k, dk, n) => {
    for (; n > 0; n--, i += di, j += dj, k += dk) out[k] = x[i]! / y[j]!
  },
  (x, y, out) => {
    for (let e = 0; e < out.length; e += 4) {
      out[e] = x[e]! / y[e]!
      out[e + 1] = x[e + 1]! / y[e + 1]!
      out[e + 2] = x[e + 2]! / y[e + 2]!
      out[e + 3] = x[e + 3]! / y[e + 3]!
    }
  },
)

/** From how many elements on making `subarray`s is worth the while. */
const long = 1024

/** One row of `f`. */
export function row1(
  f: Function1,
  x: TypedArray,
  i: number,
  di: number,
  out: TypedArray,
  k: number,
  dk: number,
  n: number,
): void {
  if (n === 1) out[k] = f(x[i]!)
  else if (f.vector !== undefined) {
    const most = isRow(di) && dk === 1 ? n - (n % inVectors(out)) : 0
    for (let e = 0; e < n; e++) out[k + e * dk] = (e < most ? f.vector : f)(x[i + e * di]!)
  } else if (n >= long && di === 1 && dk === 1 && f.dense !== undefined) {
    const most = n - (n % 4)
    f.dense(x.subarray(i, i + most), out.subarray(k, k + most))
    if (most < n) row1(f, x, i + most, 1, out, k + most, 1, n - most)
  } else if (f.loop !== undefined) f.loop(x, i, di, out, k, dk, n)
  else for (let rest = n; rest > 0; rest--, i += di, k += dk) out[k] = f(x[i]!)
}

/** One row of `f`. */
export function row2(
  f: Function2,
  x: TypedArray,
  i: number,
  di: number,
  y: TypedArray,
  j: number,
  dj: number,
  out: TypedArray,
  k: number,
  dk: number,
  n: number,
): void {
  if (n === 1) out[k] = f(x[i]!, y[j]!)
  else if (f.vector !== undefined) {
    const most = isRow(di) && isRow(dj) && di + dj > 0 && dk === 1 ? n - (n % inVectors(out)) : 0
    for (let e = 0; e < n; e++) out[k + e * dk] = (e < most ? f.vector : f)(x[i + e * di]!, y[j + e * dj]!)
  } else if (n >= long && isRow(di) && isRow(dj) && dk === 1 && f.dense !== undefined) {
    const most = n - (n % 4)
    const left = di === 0 ? copies(x, i) : x.subarray(i, i + most)
    const right = dj === 0 ? copies(y, j) : y.subarray(j, j + most)
    const step = Math.min(left.length, right.length)
    for (let e = 0; e < most; e += step) {
      const end = Math.min(e + step, most)
      f.dense(part(left, e * di, end - e), part(right, e * dj, end - e), out.subarray(k + e, k + end))
    }
    if (most < n) row2(f, x, i + most * di, di, y, j + most * dj, dj, out, k + most, 1, n - most)
  } else if (f.loop !== undefined) f.loop(x, i, di, y, j, dj, out, k, dk, n)
  else for (let rest = n; rest > 0; rest--, i += di, j += dj, k += dk) out[k] = f(x[i]!, y[j]!)
}

/** Neighbours, or one number again and again. */
function isRow(step: number): boolean {
  return step === 1 || step === 0
}

/** A number that meets a long row meets it as copies of itself: so many that they stay near the processor. */
function copies(x: TypedArray, i: number): TypedArray {
  return (x instanceof Float32Array ? new Float32Array(long) : new Float64Array(long)).fill(x[i]!)
}

function part(x: TypedArray, from: number, n: number): TypedArray {
  return x.length === n ? x : x.subarray(from, from + n)
}

/** All rows of a tensor from dimension `d` inwards: `f` of each element, at the steps that each side makes in each dimension. */
export function rows1(
  f: Function1,
  sizes: readonly number[],
  x: TypedArray,
  i: number,
  iSteps: readonly number[],
  out: TypedArray,
  k: number,
  kSteps: readonly number[],
  d = 0,
): void {
  if (sizes.length === 0) out[k] = f(x[i]!)
  else if (d === sizes.length - 1) row1(f, x, i, iSteps[d]!, out, k, kSteps[d]!, sizes[d]!)
  else {
    for (let s = 0; s < sizes[d]!; s++) {
      rows1(f, sizes, x, i + s * iSteps[d]!, iSteps, out, k + s * kSteps[d]!, kSteps, d + 1)
    }
  }
}

/** {@link rows1} for two operands. */
export function rows2(
  f: Function2,
  sizes: readonly number[],
  x: TypedArray,
  i: number,
  iSteps: readonly number[],
  y: TypedArray,
  j: number,
  jSteps: readonly number[],
  out: TypedArray,
  k: number,
  kSteps: readonly number[],
  d = 0,
): void {
  if (sizes.length === 0) out[k] = f(x[i]!, y[j]!)
  else if (d === sizes.length - 1) row2(f, x, i, iSteps[d]!, y, j, jSteps[d]!, out, k, kSteps[d]!, sizes[d]!)
  else {
    for (let s = 0; s < sizes[d]!; s++) {
      const [from, with_, to] = [i + s * iSteps[d]!, j + s * jSteps[d]!, k + s * kSteps[d]!]
      rows2(f, sizes, x, from, iSteps, y, with_, jSteps, out, to, kSteps, d + 1)
    }
  }
}

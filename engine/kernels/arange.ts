// Evenly spaced numbers with the bits of PyTorch's, whose vectors reckon otherwise than its single elements.
import { fma32, fma64 } from './fma'
import type { FloatArray } from './sum'

/** `start + step * i` for `i < n`, rounded to float32. */
export function arangeFloat32(start: number, step: number, n: number): Float32Array {
  return fillArange(new Float32Array(n), start, step, 8)
}

/** `start + step * i` for `i < n`, in float64. */
export function arangeFloat64(start: number, step: number, n: number): Float64Array {
  return fillArange(new Float64Array(n), start, step, 4)
}

/** Reckons in float64; but vectors of `lanes` go two by two, and the first of each is rounded to the dtype before steps are added. */
function fillArange<T extends FloatArray>(values: T, start: number, step: number, lanes: number): T {
  const n = values.length
  const inVectors = n - (n % (2 * lanes))
  for (let i = 0; i < inVectors; i++) {
    const lane = i % lanes
    // The first of the vector, rounded by the array that it was stored in.
    const first = lane === 0 ? fma64(step, i, start) : values[i - lane]!
    values[i] = fma64(step, lane, first)
  }
  for (let i = inVectors; i < n; i++) values[i] = fma64(step, i, start)
  return values
}

/** `n` values from `start` to `end`, both included, in float32; the second half is reckoned back from `end`. */
export function linspaceFloat32(start: number, end: number, n: number): Float32Array {
  const [first, last] = [Math.fround(start), Math.fround(end)]
  const step = Math.fround(Math.fround(last - first) / (n - 1))
  return fillLinspace(new Float32Array(n), first, last, step, fma32)
}

/** `n` values from `start` to `end`, both included, in float64. */
export function linspaceFloat64(start: number, end: number, n: number): Float64Array {
  return fillLinspace(new Float64Array(n), start, end, (end - start) / (n - 1), fma64)
}

function fillLinspace<T extends FloatArray>(values: T, start: number, end: number, step: number, fma: typeof fma64): T {
  const n = values.length
  if (n === 1) values[0] = start
  else for (let i = 0; i < n; i++) values[i] = i < n >> 1 ? fma(step, i, start) : fma(-step, n - 1 - i, end)
  return values
}

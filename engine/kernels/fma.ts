// Fused multiply-add, a·b + c rounded once, which processors have and JavaScript has not.

/** `a * b + c` rounded once to float32, for float32 `a`, `b`, `c`. */
export function fma32(a: number, b: number, c: number): number {
  const product = a * b // exact: 24 + 24 bits
  const sum = product + c
  const near = Math.fround(sum)
  // Two roundings go astray only where the first ends half-way between two float32.
  const mirrored = near + 2 * (sum - near)
  if (mirrored === near || mirrored !== Math.fround(mirrored)) return near
  return Math.fround(addToOdd(product, c))
}

/**
 * `a * b + c` rounded once to float64. Exact unless an intermediate result over- or underflows.
 * S. Boldo and G. Melquiond, "Emulation of FMA and Correctly Rounded Sums: Proved Algorithms Using Rounding to Odd", 2008.
 */
export function fma64(a: number, b: number, c: number): number {
  const product = a * b
  if (!Number.isFinite(product) || !Number.isFinite(c)) return product + c
  const productError = multiplicationError(a, b, product)
  const low = c + productError
  const lowError = additionError(c, productError, low)
  const high = product + low
  const highError = additionError(product, low, high)
  return high + addToOdd(lowError, highError)
}

/**
 * `a + b` rounded to odd: if inexact, to that neighbour whose last bit is 1. Rounding the result once more, to a format at
 * least two bits narrower, then gives what rounding the exact sum would have given.
 */
function addToOdd(a: number, b: number): number {
  const sum = a + b
  const error = additionError(a, b, sum)
  if (error === 0 || !Number.isFinite(sum)) return sum
  double[0] = sum
  if ((words[low]! & 1) === 1) return sum
  // An even sum was rounded up or down to where it is; its neighbour on the other side of the exact sum is odd.
  if (error > 0 === sum > 0) words[low]! |= 1
  else if (words[low]! > 0) words[low]! -= 1
  else {
    words[low] = 0xffffffff
    words[1 - low]! -= 1
  }
  return double[0]
}

/** What rounding took away: `a + b - sum`, exactly (Knuth's TwoSum). */
export function additionError(a: number, b: number, sum: number): number {
  const bPart = sum - a
  return a - (sum - bPart) + (b - bPart)
}

/** `a * b - product`, exactly (Dekker's TwoProduct with Veltkamp's splitting). */
export function multiplicationError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a)
  const bHigh = upperHalf(b)
  const aLow = a - aHigh
  const bLow = b - bHigh
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
}

function upperHalf(x: number): number {
  const shifted = x * (2 ** 27 + 1)
  return shifted - (shifted - x)
}

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)
const low = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1

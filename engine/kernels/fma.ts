// Fused multiply-add, a·b + c rounded once, which processors have and JavaScript has not.

/** `a * b + c` rounded once to float32, for float32 `a`, `b`, `c`. */
export function fma32(a: number, b: number, c: number): number {
  const product = a * b // exact: 24 + 24 bits
  const sum = product + c
  const near = Math.fround(sum)
  // Two roundings go astray only where the first ends half-way between two float32.
  const mirrored = near + 2 * (sum - near)
  if (mirrored === near || mirrored !== Math.fround(mirrored)) return near
  return Math.fround(addOff(product, c))
}

/** `a + b`; where that is inexact, moved a little towards what it lacks, so that it is not half-way between two float32. */
function addOff(a: number, b: number): number {
  const sum = a + b
  return sum + Math.sign(additionError(a, b, sum)) * Math.abs(sum) * 2 ** -50
}

/** `a * b + c` rounded once to float64. Exact unless an intermediate result over- or underflows. */
export function fma64(a: number, b: number, c: number): number {
  const product = a * b
  const sum = product + c
  if (!Number.isFinite(sum)) return sum
  // What the two roundings took away is the sum of two numbers again.
  const [lost, lostToo] = [multiplicationError(a, b, product), additionError(product, c, sum)]
  const rest = lost + lostToo
  const near = sum + rest
  // And as above, this goes astray only where it ends half-way between two float64.
  const beyond = rest - (near - sum)
  const mirrored = near + 2 * beyond
  if (beyond === 0 || mirrored - near !== 2 * beyond) return near
  const lacking = additionError(lost, lostToo, rest)
  return lacking !== 0 && lacking > 0 === beyond > 0 ? mirrored : near
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

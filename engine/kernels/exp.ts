// The exponential of float32 numbers, twice: correctly rounded, and with the bits of PyTorch's vector code, the SLEEF library's.
import { fma32 } from './fma'

const f = Math.fround

/**
 * `e^x` for a float32 `x`, in half the time of `Math.exp`. Rounded to float32 both are the same, which was compared for every
 * such number; unrounded they are not, so this is nothing for float64.
 */
export function expFloat32(x: number): number {
  if (!(x > least && x < most)) return Math.exp(x) // 0, infinity or nan
  // x = q ln 2 / 32 + r with |r| <= ln 2 / 64; then e^x = 2^(q/32) e^r, the first from a table, the second by Taylor's series.
  const q = Math.floor(x * (parts / Math.LN2) + 0.5)
  const r = x - q * partHigh - q * partLow
  const power = powers[q - lowest * parts]!
  return power + power * (r + r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r / 720)))))
}

// What lies beyond becomes 0 or infinity in float32.
const [least, most] = [-104, 89]
const [lowest, highest] = [-151, 129]
const parts = 32
/** 2^(q/32) for q from 32 · lowest on. */
const powers = new Float64Array((highest - lowest) * parts)
const partialPowers = Float64Array.from({ length: parts }, (_, i) => 2 ** (i / parts))
for (let whole = lowest; whole < highest; whole++) {
  const power = 2 ** whole
  for (let i = 0; i < parts; i++) powers[(whole - lowest) * parts + i] = power * partialPowers[i]!
}
// ln 2 / 32 in two parts: the first with so few bits that q times it is exact.
const partHigh = Math.fround(Math.LN2) / parts
const partLow = (Math.LN2 - Math.fround(Math.LN2) + 2.3190468138462996e-17) / parts

/** `e^x` for a float32 `x`, with one unit in the last place of error, as SLEEF's `expf` reckons it (N. Shibata and F. Petrogalli, "SLEEF", 2020). */
export function expVector(x: number): number {
  if (Number.isNaN(x)) return x
  if (x < -104) return 0
  if (x > 100) return Infinity
  // x = q ln 2 + r with |r| <= ln 2 / 2; then e^x = 2^q e^r, and e^r = 1 + r + r² P(r).
  const q = nearest(f(x * oneOverLn2))
  const r = fma32(q, -ln2Low, fma32(q, -ln2High, x))
  let p = coefficients[0]!
  for (let i = 1; i < coefficients.length; i++) p = fma32(p, r, coefficients[i]!)
  return f(f(1 + fma32(f(r * r), p, r)) * 2 ** q)
}

const oneOverLn2 = f(1 / Math.LN2)
// ln 2 in two parts, the larger with few bits.
const [ln2High, ln2Low] = [f(0.693145751953125), f(1.428606765330187e-6)]
const coefficients = [
  1.9852761761285365e-4, 1.3930435525253415e-3, 8.333360776305199e-3, 4.1666485369205475e-2, 1.666666716337204e-1, 0.5,
].map(f)

/** The nearest whole number, ties to even. */
function nearest(x: number): number {
  const below = Math.floor(x)
  const rest = x - below
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1
  return below % 2 === 0 ? below : below + 1
}

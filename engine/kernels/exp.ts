// The exponential with the bits of PyTorch's vector code, which is the SLEEF library's: accurate to one unit in the last place.
import { fma32 } from './fma'

const f = Math.fround

/** `e^x` for a float32 `x`, as SLEEF's `expf` reckons it (N. Shibata and F. Petrogalli, "SLEEF", 2020). */
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

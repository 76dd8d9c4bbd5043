// The exponential of float32 numbers, twice: correctly rounded, and with the bits of PyTorch's code for single numbers. That of its
// vector code is in sleef.ts.

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

/**
 * `e^x` for a float32 `x`, with the bits of PyTorch where it reckons number by number: glibc's `expf`, which is off by 0.502 units
 * in the last place (S. Nagy, "Optimized routines", 2017).
 */
export function expSingle(x: number): number {
  if (!(x > least && x < most)) return Math.fround(Math.exp(x)) // 0, infinity or nan
  const z = x * (parts / Math.LN2)
  const q = nearest(z)
  const r = z - q
  const [c0, c1, c2] = cubic
  return Math.fround(((c0 * r + c1) * (r * r) + (c2 * r + 1)) * powers[q - lowest * parts]!)
}

/** e^(r ln 2 / 32) - 1 for |r| <= 1/2, highest power first. */
const cubic = [0.05550361559341535 / parts ** 3, 0.2402284522445722 / parts ** 2, 0.6931471806916203 / parts] as const

/** The nearest whole number, ties to even: float64 has no digits after the point beyond 2^52. */
export function nearest(x: number): number {
  return x + beyond - beyond
}

const beyond = 1.5 * 2 ** 52

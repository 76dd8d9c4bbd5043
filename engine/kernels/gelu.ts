// GELU of float32 numbers with the bits of oneDNN, which is what PyTorch asks for it: erf by formula 7.1.26 of M. Abramowitz and I. Stegun,
// "Handbook of Mathematical Functions", 1964, which is off by up to 1.5e-7. oneDNN has another approximation for AVX-512.
import { fma32 } from './fma'

const f = Math.fround

/** `x Φ(x)`. */
export function geluFloat32(x: number): number {
  const { erf } = errorFunction(x)
  const half = f(0.5 * x)
  return fma32(half, erf, half)
}

/** Its derivative, `Φ(x) + x φ(x)`. */
export function geluSlopeFloat32(x: number): number {
  const { scaled, erf, bell } = errorFunction(x)
  return fma32(erf, 0.5, f(f(f(scaled * oneOverSqrtPi) * bell) + 0.5))
}

/** `erf(x / √2)`, and on the way there `x / √2` and `e^(-x²/2)`. */
function errorFunction(x: number): { scaled: number; erf: number; bell: number } {
  const scaled = f(x * sqrtHalf)
  const bell = exp(-f(scaled * scaled))
  const t = f(1 / fma32(approximation, Math.abs(scaled), 1))
  const erf = fma32(f(-bell * t), polynomial(erfCoefficients, t), 1)
  return { scaled, erf: x < 0 || Object.is(x, -0) ? -erf : erf, bell }
}

/** `e^x` for an `x` that is not positive. */
function exp(x: number): number {
  if (x < lnLeast) return 0
  const q = Math.floor(f(f(x * oneOverLn2) + 0.5))
  return f(polynomial(expCoefficients, fma32(-q, ln2, x)) * 2 ** q)
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => fma32(sum, x, coefficient))
}

const [sqrtHalf, oneOverSqrtPi, approximation] = [f(Math.SQRT1_2), f(0.564189553), f(0.3275911)]
const [oneOverLn2, ln2, lnLeast] = [f(Math.LOG2E), f(Math.LN2), f(Math.log(2 ** -126))]
/** Highest power first. */
const erfCoefficients = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592].map(f)
const expCoefficients = [0.00828929059, 0.0418978221, 0.166676521, 0.499991506, 0.999999701, 1].map(f)

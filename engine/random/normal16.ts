// Sixteen normals at a time in float32, with the bits of PyTorch's vector code: Box-Muller on the Cephes library's
// logarithm, sine and cosine, which are polynomials accurate to about a unit in the last place.
import { fma32 } from '../kernels/fma'

const f = Math.fround

/** Turns the 16 uniforms from `offset` on into normals: the j-th and the (j+8)-th give a pair. */
export function normal16(data: Float32Array, offset: number, mean: number, std: number): void {
  const [mean32, std32] = [f(mean), f(std)]
  for (let j = offset; j < offset + 8; j++) {
    const radius = f(Math.sqrt(f(-2 * log(f(1 - data[j]!)))))
    const [sin, cos] = sincos(f(twoPi * data[j + 8]!))
    data[j] = fma32(f(radius * cos), std32, mean32)
    data[j + 8] = fma32(f(radius * sin), std32, mean32)
  }
}

const twoPi = f(2 * Math.PI)

/** c[0]·xⁿ + c[1]·xⁿ⁻¹ + …, by Horner's rule with fused steps. */
function polynomial(coefficients: readonly number[], x: number): number {
  let value = coefficients[0]!
  for (let i = 1; i < coefficients.length; i++) value = fma32(value, x, coefficients[i]!)
  return value
}

const logCoefficients = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(f)
// ln 2 in two parts, the larger with so few bits that its product with an exponent is exact.
const [ln2High, ln2Low] = [f(0.693359375), f(-2.1219444e-4)]

/** ln x for a positive, normal x: x = m·2^e with m in [√½, √2), and ln m = t - t²/2 + t³·P(t) with t = m - 1. */
function log(x: number): number {
  float[0] = x
  let e = (bits[0]! >>> 23) - 126
  bits[0] = (bits[0]! & 0x007fffff) | 0x3f000000
  let m = float[0] // in [½, 1)
  if (m < f(Math.SQRT1_2)) {
    e -= 1
    m += m
  }
  const t = f(m - 1)
  const t2 = f(t * t)
  const cubic = f(polynomial(logCoefficients, t) * t)
  const tail = fma32(-0.5, t2, fma32(cubic, t2, f(e * ln2Low)))
  return fma32(e, ln2High, f(t + tail))
}

const sinCoefficients = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1].map(f)
const cosCoefficients = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2].map(f)
// π/4 in three parts, for an exact reduction.
const quarterPi = [0.78515625, 2.4187564849853516e-4, 3.774894977445941e-8].map(f)

/** sin x and cos x for x >= 0: reduced by multiples of π/2 to [-π/4, π/4], then one polynomial each. */
function sincos(x: number): [sin: number, cos: number] {
  const octant = (Math.trunc(f(x * f(4 / Math.PI))) + 1) & ~1
  let r = x
  for (const part of quarterPi) r = fma32(-octant, part, r)
  const r2 = f(r * r)
  const cos = f(1 + fma32(f(polynomial(cosCoefficients, r2) * r2), r2, f(-0.5 * r2)))
  const sin = fma32(f(polynomial(sinCoefficients, r2) * r2), r, r)
  const isSwapped = (octant & 2) !== 0
  const sinSign = octant & 4 ? -1 : 1
  const cosSign = (octant - 2) & 4 ? 1 : -1
  return isSwapped ? [sinSign * cos, cosSign * sin] : [sinSign * sin, cosSign * cos]
}

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

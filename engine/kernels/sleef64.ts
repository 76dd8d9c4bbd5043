// The functions of sleef.ts for float64 numbers.
import { nearest } from './exp'
import { powerOfTwo, scaled } from './exp64'
import { additionError, fma64 as fma, multiplicationError } from './fma'

/** `e^x`, with one unit in the last place of error. */
export function expVector64(x: number): number {
  if (!(x >= -1000 && x <= most)) return x < 0 ? 0 : x > 0 ? Infinity : x
  // x = q ln 2 + r with |r| <= ln 2 / 2; then e^x = 2^q e^r, and e^r = 1 + r + r²/2 + r³ P(r).
  const q = nearest(x * (1 / Math.LN2))
  const r = fma(q, -ln2Low, x - q * ln2High)
  return scaled(fma(fma(fma(series(r, ofExp), r, 0.5), r, 1), r, 1), q)
}

/** `2^x`. */
export function exp2Vector64(x: number): number {
  if (!(x >= -1100 && x < 1024)) return x < 0 ? 0 : x > 0 ? Infinity : x
  const q = nearest(x)
  const r = x - q
  return scaled(fma(fma(series(r, ofExp2), r, Math.LN2), r, 1), q)
}

/** `ln x`. */
export function logVector64(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN
  if (x === 0) return -Infinity
  if (x === Infinity) return x
  // x = 2^e m with 0.75 <= m < 1.5
  const e = exponent(x * (1 / 0.75))
  const m = scaled(x, -e)
  return seriesOfLog(e, quotient(sum2(-1, m), sum2(1, m)))
}

/** `ln (1 + x)`. */
export function log1pVector64(x: number): number {
  if (Number.isNaN(x) || x < -1) return Number.NaN
  if (x === -1) return -Infinity
  if (x > 1e307) return Infinity
  if (x === 0) return x
  const e = exponent((1 + x) * (1 / 0.75))
  const t = powerOfTwo(-e)
  const m = fma(x, t, t - 1) // 1 + x = 2^e (1 + m)
  return seriesOfLog(e, quotient([m, 0], sum2(2, m)))
}

/** `e^x - 1`. */
export function expm1Vector64(x: number): number {
  if (Number.isNaN(x) || x === 0) return x
  if (x > most) return Infinity
  if (x < -36.7368005696771) return -1
  return whole(plus2(expParts(x), -1))
}

/** Hyperbolic tangent: `(e^x - e^-x) / (e^x + e^-x)`. */
export function tanhVector64(x: number): number {
  if (Number.isNaN(x) || x === 0) return x
  if (Math.abs(x) > 18.714973875) return Math.sign(x)
  const e = expParts(Math.abs(x))
  const [high, low] = reciprocal(e)
  return Math.sign(x) * whole(quotient(sum22(e, [-high, -low]), sum22(e, [high, low])))
}

/** The largest number whose exponential is finite. */
const most = 709.782712893384
// ln 2 in two parts, the first with so few bits that q times it is exact.
const [ln2High, ln2Low] = [0.693147180559663, 2.8235290563031577e-13]
const ofExp = [
  0.1666666666666669, 0.041666666666666026, 0.008333333333314938, 0.0013888888889144978, 1.9841269898558658e-4,
  2.4801586874796863e-5, 2.7557234020253882e-6, 2.755762628169491e-7, 2.511210703042288e-8, 2.0812763782371645e-9,
]
const ofExp2 = [
  0.24022650695910122, 0.055504108664820466, 0.0096181291075976, 0.001333355814670499, 1.5403530451011478e-4,
  1.5252733535175847e-5, 1.3215438725113276e-6, 1.0178192609217605e-7, 7.0731645980857074e-9, 4.4343590829265295e-10,
]
const ofExpParts = [
  0.0416666666666667, 0.008333333333333347, 0.0013888888888867633, 1.9841269841480719e-4, 2.480158735605815e-5,
  2.7557318923860444e-6, 2.7557248009021353e-7, 2.5052300237826445e-8, 2.092255183563157e-9, 1.602472219709932e-10,
]
const ofLog = [
  0.6666666666667334, 0.3999999999635252, 0.28571429327942993, 0.222221451983938, 0.1818605932937786,
  0.15256290510034287, 0.15320769885027014,
]

/** `c₀ + c₁ r + … + c₉ r⁹` by Estrin's scheme: pairs of coefficients, then pairs of pairs. */
function series(r: number, c: readonly number[]): number {
  const r2 = r * r
  const r4 = r2 * r2
  const low = fma(r2, fma(r, c[3]!, c[2]!), fma(r, c[1]!, c[0]!))
  const middle = fma(r2, fma(r, c[7]!, c[6]!), fma(r, c[5]!, c[4]!))
  return fma(r4 * r4, fma(r, c[9]!, c[8]!), fma(r4, middle, low))
}

/** A number in two parts: the nearest float64, and what is left of it. */
type Double64 = readonly [high: number, low: number]

/** `e^x` in two parts. */
function expParts(x: number): Double64 {
  const q = nearest(x * (1 / Math.LN2))
  const s = plus2(plus2([x, 0], q * -ln2High), q * -ln2Low)
  let t = plus2(times21(s, series(s[0], ofExpParts)), 0.16666666666666666)
  t = plus2(times22(s, t), 0.5)
  t = plus22(s, times22(square(s), t)) // e^r - 1
  const one = 1 + t[0]
  return [scaled(one, q), scaled(additionError(1, t[0], one) + t[1], q)]
}

/** `ln (2^e (1 + s) / (1 - s))` by the series of the inverse hyperbolic tangent. */
function seriesOfLog(e: number, s: Double64): number {
  const [c0, c1, c2, c3, c4, c5, c6] = ofLog as [number, number, number, number, number, number, number]
  const [high, low] = s
  const z = high * high
  const z2 = z * z
  const p = fma(z2 * z2, fma(z2, c6, fma(z, c5, c4)), fma(z2, fma(z, c3, c2), fma(z, c1, c0)))
  const logarithm = sum22(times21(ln2, e), [2 * high, 2 * low])
  const rest = z * high * p
  const sum = logarithm[0] + rest
  return sum + (logarithm[0] - sum + rest + logarithm[1])
}

const ln2: Double64 = [Math.LN2, 2.3190468138462996e-17]

function whole([high, low]: Double64): number {
  return high + low
}

/** `a + b`, exactly. */
function sum2(a: number, b: number): Double64 {
  const sum = a + b
  return [sum, additionError(a, b, sum)]
}

/** `a + b`, for any `b`. */
function plus2([high, low]: Double64, b: number): Double64 {
  const sum = high + b
  return [sum, additionError(high, b, sum) + low]
}

function plus22(a: Double64, b: Double64): Double64 {
  const sum = a[0] + b[0]
  return [sum, additionError(a[0], b[0], sum) + (a[1] + b[1])]
}

/** `a + b` for an `a` that is the larger. */
function sum22(a: Double64, b: Double64): Double64 {
  const sum = a[0] + b[0]
  return [sum, a[0] - sum + b[0] + a[1] + b[1]]
}

function times21(a: Double64, b: number): Double64 {
  const product = a[0] * b
  return [product, fma(a[1], b, multiplicationError(a[0], b, product))]
}

function times22(a: Double64, b: Double64): Double64 {
  const product = a[0] * b[0]
  return [product, fma(a[0], b[1], fma(a[1], b[0], multiplicationError(a[0], b[0], product)))]
}

function square(a: Double64): Double64 {
  const product = a[0] * a[0]
  return [product, fma(a[0] + a[0], a[1], multiplicationError(a[0], a[0], product))]
}

function reciprocal(d: Double64): Double64 {
  const s = 1 / d[0]
  return [s, s * fma(-d[1], s, fma(-d[0], s, 1))]
}

function quotient(n: Double64, d: Double64): Double64 {
  const t = 1 / d[0]
  const s = n[0] * t
  const u = multiplicationError(t, n[0], s)
  const v = fma(-d[1], t, fma(-d[0], t, 1))
  return [s, fma(s, v, fma(n[1], t, u))]
}

/** The whole part of log2, read off the bits. */
function exponent(x: number): number {
  float64[0] = x
  const e = ((words[high]! >>> 20) & 0x7ff) - 1023
  return e > -1023 ? e : Math.floor(Math.log2(x))
}

const float64 = new Float64Array(1)
const words = new Uint32Array(float64.buffer)
const high = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0

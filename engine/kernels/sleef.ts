// Functions of float32 numbers with the bits of PyTorch's vector code, which are those of SLEEF (N. Shibata and F. Petrogalli, "SLEEF: A
// Portable Vectorized Library of C Standard Mathematical Functions", 2020): off by up to one unit in the last place, and the same on every
// machine with fused multiply-adds. Functions that PyTorch leaves to the vendor of the processor (`exp`, `log`, `tanh` by themselves) are not
// among them. Those of float64 numbers are in sleef64.ts.
import { nearest } from './exp'
import { fma32 } from './fma'

const f = Math.fround

/** `e^x` for a float32 `x`, with one unit in the last place of error. */
export function expVector(x: number): number {
  if (!(x >= -104 && x <= 100)) return x < 0 ? 0 : x > 0 ? Infinity : x
  // x = q ln 2 + r with |r| <= ln 2 / 2; then e^x = 2^q e^r, and e^r = 1 + r + r² P(r).
  const q = nearest(f(x * oneOverLn2))
  const r = fma32(q, -ln2Low, fma32(q, -ln2High, x))
  const p = fma32(fma32(fma32(fma32(fma32(c5, r, c4), r, c3), r, c2), r, c1), r, c0)
  return f(f(1 + fma32(f(r * r), p, r)) * powerOfTwo(q))
}

/** `2^q` for a whole `q`: looked up, which takes a tenth of the time. */
function powerOfTwo(q: number): number {
  return powersOfTwo[q + 200]!
}

const powersOfTwo = Float64Array.from({ length: 401 }, (_, i) => 2 ** (i - 200))

const oneOverLn2 = f(1 / Math.LN2)
// ln 2 in two parts, the larger with few bits.
const [ln2High, ln2Low] = [f(0.693145751953125), f(1.428606765330187e-6)]
const [c5, c4, c3, c2, c1, c0] = [
  1.9852761761285365e-4, 1.3930435525253415e-3, 8.333360776305199e-3, 4.1666485369205475e-2, 1.666666716337204e-1, 0.5,
].map(f) as [number, number, number, number, number, number]

/** `2^x`. */
export function exp2Vector(x: number): number {
  if (Number.isNaN(x)) return x
  if (x >= 128) return Infinity
  if (x < -150) return 0
  const q = nearest(x)
  const r = f(x - q)
  let p = exp2Coefficients[0]!
  for (let i = 1; i < exp2Coefficients.length; i++) p = fma32(p, r, exp2Coefficients[i]!)
  return f(p * powerOfTwo(q))
}

const exp2Coefficients = [
  0.1535920892e-3, 0.1339262701e-2, 0.9618384764e-2, 0.5550347269e-1, 0.2402264476, 0.6931471825, 1,
].map(f)

/** `ln x`. */
export function logVector(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN
  if (x === 0) return -Infinity
  if (x === Infinity) return x
  // x = 2^e m with 0.75 <= m < 1.5
  const e = exponent(f(x * fourThirds))
  const m = x * powerOfTwo(-e)
  return seriesOfLog(e, quotient(sum2(-1, m), sum2(1, m)))
}

/** `ln (1 + x)`. */
export function log1pVector(x: number): number {
  if (Number.isNaN(x) || x < -1) return Number.NaN
  if (x === -1) return -Infinity
  if (x > 1e38) return Infinity
  if (x === 0) return x
  const e = exponent(f(f(1 + x) * fourThirds))
  const t = powerOfTwo(-e)
  const m = fma32(x, t, f(t - 1)) // 1 + x = 2^e (1 + m)
  return seriesOfLog(e, quotient([m, 0], sum2(2, m)))
}

/** `e^x - 1`. */
export function expm1Vector(x: number): number {
  if (Number.isNaN(x) || x === 0) return x
  if (x > 88.72283172607422) return Infinity
  if (x < -16.635532333438686) return -1
  return whole(plus2(exp2Parts(x), -1))
}

/** Hyperbolic tangent: `(e^x - e^-x) / (e^x + e^-x)`. */
export function tanhVector(x: number): number {
  if (Number.isNaN(x) || x === 0) return x
  if (Math.abs(x) > 8.664339742) return Math.sign(x)
  const e = exp2Parts(Math.abs(x))
  const [high, low] = reciprocal(e)
  return Math.sign(x) * whole(quotient(sum22(e, [-high, -low]), sum22(e, [high, low])))
}

/** `e^x` in two parts. */
function exp2Parts(x: number): Double32 {
  const q = nearest(f(x * oneOverLn2))
  const s = plus2(plus2([x, 0], f(q * -ln2High)), f(q * -ln2Low))
  let p = f(0.1980960224e-3)
  for (const coefficient of [0.1394256484e-2, 0.8333456703e-2, 0.4166637361e-1]) p = fma32(p, s[0], f(coefficient))
  let t = plus2(times21(s, p), f(0.16666665941423425))
  t = plus2(times22(s, t), 0.5)
  const r = sum22(s, times22(square(s), t)) // e^r - 1
  const one = f(1 + r[0])
  const power = powerOfTwo(q)
  return [one * power, f(f(f(1 - one) + r[0]) + r[1]) * power]
}

/** A number in two parts: the nearest float32, and what is left of it. */
type Double32 = readonly [high: number, low: number]

/** `ln (2^e (1 + s) / (1 - s))` by the series of the inverse hyperbolic tangent. */
function seriesOfLog(e: number, s: Double32): number {
  const [high, low] = s
  const squared = f(high * high)
  let p = f(0.3027294874)
  for (const coefficient of [f(0.3996108174), f(0.666669488)]) p = fma32(p, squared, coefficient)
  const logarithm = sum22(times21(ln2, e), [2 * high, 2 * low])
  const rest = f(f(squared * high) * p)
  const sum = f(logarithm[0] + rest)
  return f(sum + f(f(f(logarithm[0] - sum) + rest) + logarithm[1]))
}

function whole([high, low]: Double32): number {
  return f(high + low)
}

/** `a + b`, exactly. */
function sum2(a: number, b: number): Double32 {
  const sum = f(a + b)
  const v = f(sum - a)
  return [sum, f(f(a - f(sum - v)) + f(b - v))]
}

/** `a + b`, for any `b`. */
function plus2([high, low]: Double32, b: number): Double32 {
  const [sum, rest] = sum2(high, b)
  return [sum, f(rest + low)]
}

/** `a + b` for an `a` that is the larger. */
function sum22(a: Double32, b: Double32): Double32 {
  const sum = f(a[0] + b[0])
  return [sum, f(f(f(f(a[0] - sum) + b[0]) + a[1]) + b[1])]
}

function times21(a: Double32, b: number): Double32 {
  const product = f(a[0] * b)
  return [product, fma32(a[1], b, fma32(a[0], b, -product))]
}

function times22(a: Double32, b: Double32): Double32 {
  const product = f(a[0] * b[0])
  return [product, fma32(a[0], b[1], fma32(a[1], b[0], fma32(a[0], b[0], -product)))]
}

function square(a: Double32): Double32 {
  const product = f(a[0] * a[0])
  return [product, fma32(f(a[0] + a[0]), a[1], fma32(a[0], a[0], -product))]
}

function reciprocal(d: Double32): Double32 {
  const s = f(1 / d[0])
  return [s, f(s * fma32(-d[1], s, fma32(-d[0], s, 1)))]
}

function quotient(n: Double32, d: Double32): Double32 {
  const t = f(1 / d[0])
  const s = f(n[0] * t)
  const u = fma32(t, n[0], -s)
  const v = fma32(-d[1], t, fma32(-d[0], t, 1))
  return [s, fma32(s, v, fma32(n[1], t, u))]
}

/** The whole part of log2 of a float32, read off its bits. */
function exponent(x: number): number {
  float32[0] = x
  const e = (bits[0]! >>> 23) - 127
  return e > -127 ? e : Math.floor(Math.log2(x))
}

const float32 = new Float32Array(1)
const bits = new Uint32Array(float32.buffer)

const fourThirds = f(1 / 0.75)
const ln2: Double32 = [f(0.6931471824645996), f(-1.904654323148236e-9)]

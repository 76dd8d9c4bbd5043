// The exponential of float64 numbers with the bits of PyTorch's code for single numbers. (torch.exp itself is a vendor's.)
import { fma64 as fma } from './fma'

/**
 * `e^x` alone: glibc's on processors with fused multiply-adds, off by 0.51 units (S. Nagy, "Optimized routines", 2018). Below 2^-1022
 * it may be off by one more.
 */
export function expSingle64(x: number): number {
  if (Math.abs(x) < 2 ** -54) return 1 + x
  if (!(x >= -1000 && x <= 709.782712893384)) return x < 0 ? 0 : x > 0 ? Infinity : x
  // x = (128 q + i) ln 2 / 128 + r with |r| <= ln 2 / 256; then e^x = 2^q 2^(i/128) e^r, the second from a table.
  const k = fma(x, parts / Math.LN2, beyond) - beyond
  const r = fma(k, -partLow, x - k * partHigh)
  const i = k & (parts - 1)
  const [c2, c3, c4, c5] = quintic
  const r2 = r * r
  const rest = fma(r2 * r2, fma(r, c5, c4), fma(r2, fma(r, c3, c2), tails[i]! + r)) // e^r - 1
  return scaled(fma(powers[i]!, rest, powers[i]!), (k - i) / parts)
}

const parts = 128
const beyond = 1.5 * 2 ** 52
// ln 2 / 128 in two parts, the first with so few bits that k times it is exact.
const [partHigh, partLow] = [Math.floor(Math.LN2 * 2 ** 37) / 2 ** 37 / parts, 1.2864023111638344e-14]
/** About 1/2!, 1/3!, … */
const quintic = [0.49999999999996786, 0.16666666666665886, 0.0416666808410674, 0.008333335853059549] as const

// 2^(i/128) as the nearest float64, and what that lacks, as a share of it.
const powers = new Float64Array(parts)
const tails = new Float64Array(parts)
const digits = 160n // of the numbers here, after the point
const one = 1n << digits
let root = 2n * one
for (let n = 1; n < parts; n *= 2) root = squareRoot(root)
for (let i = 0, power = one; i < parts; i++, power = (power * root) >> digits) {
  powers[i] = Number(power) / Number(one)
  const nearby = BigInt(powers[i]! * 2 ** 52) << (digits - 52n)
  tails[i] = Number(((power - nearby) * one) / nearby) / Number(one)
}

/** Of a number above 1, by Newton's method, from above. */
function squareRoot(x: bigint): bigint {
  let root = x
  for (let next = (x + one) >> 1n; next < root; next = (root + (x * one) / root) >> 1n) root = next
  return root
}

/** `x 2^q` for a whole `q`, whose power alone may be too large or too small. */
export function scaled(x: number, q: number): number {
  const half = q >> 1
  return x * powerOfTwo(half) * powerOfTwo(q - half)
}

/** `2^q` for a whole `q` from the least number to the largest, looked up. */
export function powerOfTwo(q: number): number {
  return powersOfTwo[q + 1074]!
}

const powersOfTwo = new Float64Array(1074 + 1024).fill(2 ** -1074)
for (let i = 1; i < powersOfTwo.length; i++) powersOfTwo[i] = powersOfTwo[i - 1]! * 2

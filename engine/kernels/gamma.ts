// The logarithm of the gamma function and its derivatives, to the last places of a float64.

/** ln |Γ(x)|: C. Lanczos's sum (g = 7, nine terms), with the reflection Γ(x) Γ(1-x) = π / sin πx below 1/2. */
export function lgamma(x: number): number {
  if (!Number.isFinite(x)) return Math.abs(x)
  if (Number.isInteger(x) && x <= 0) return Number.POSITIVE_INFINITY
  if (x === 1 || x === 2) return 0
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - lgamma(1 - x)
  const z = x - 1
  const sum = LANCZOS.reduce((total, c, k) => total + (k === 0 ? c : c / (z + k)))
  const t = z + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum)
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** Γ'(x) / Γ(x): up from x to 10 by ψ(x) = ψ(x + 1) - 1/x, then by its asymptotic series; each step rounded, as in PyTorch. */
export function digamma(x: number, round: (x: number) => number): number {
  if (x === 0) return Object.is(x, -0) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  if (x < 0) {
    if (Number.isInteger(x)) return Number.NaN
    return round(digamma(round(1 - x), round) - round(Math.PI / Math.tan(Math.PI * (x % 1))))
  }
  let total = 0
  let z = x
  for (; z < 10; z = round(z + 1)) total = round(total - round(1 / z))
  if (z === 10) return round(total + round(2.251752589066721))
  const square = round(1 / round(z * z))
  const series = ASYMPTOTIC.reduce((sum, c) => round(round(sum * square) + round(c)), 0)
  return round(round(round(total + round(Math.log(z))) - round(0.5 / z)) - round(square * series))
}

const ASYMPTOTIC = [1 / 12, -691 / 32760, 1 / 132, -1 / 240, 1 / 252, -1 / 120, 1 / 12]

/** The derivative of {@link digamma}: six steps up, then its asymptotic series, as in PyTorch; in float64 that is good to nine digits. */
export function trigamma(x: number, round: (x: number) => number): number {
  const pi = round(Math.PI)
  const sine = round(Math.sin(round(pi * x)))
  let total = x < 0.5 ? round(-round(round(pi * pi) / round(sine * sine))) : 0
  let z = x < 0.5 ? round(1 - x) : x
  for (let i = 0; i < 6; i++, z = round(z + 1)) total = round(total + round(1 / round(z * z)))
  const square = round(1 / round(z * z))
  const inner = round(round(1 / 30) - round(square * round(1 / 42)))
  const series = round(square * round(round(1 / 6) - round(square * inner)))
  total = round(total + round(round(round(1 + round(1 / round(2 * z))) + series) / z))
  return x < 0.5 ? -total : total
}

/** The n-th derivative of {@link digamma}, n > 1: (-1)ⁿ⁺¹ n! Σ 1 / (x + k)ⁿ⁺¹, its tail by Euler and Maclaurin's formula. */
export function polygamma(n: number, x: number): number {
  if (x === Number.NEGATIVE_INFINITY) return Number.NaN
  const s = n + 1
  let total = 0
  let z = x
  for (; z < 10 + n; z++) total += z ** -s
  total += z ** (1 - s) / (s - 1) + 0.5 * z ** -s
  let factor = s
  EVEN.forEach((bernoulli, k) => {
    total += (bernoulli * factor * z ** (-s - 2 * k - 1)) / factorial(2 * k + 2)
    factor *= (s + 2 * k + 1) * (s + 2 * k + 2)
  })
  return (n % 2 === 1 ? 1 : -1) * factorial(n) * total
}

/** Bernoulli's numbers B₂, B₄, … */
const EVEN = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1)
}

// The error function, 2/√π ∫₀ˣ e^(-t²) dt, and its complement: quickly to the last places of a float64, which is far more than a float32
// holds; and slowly, in numbers of two parts, to the last place.
import { additionError, multiplicationError } from './fma'

/** For float32: by a power series near 0, by a continued fraction of the complement further out. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x
  const z = Math.abs(x)
  if (z > 6) return Math.sign(x)
  return z < 2.5 ? series(x) : Math.sign(x) * (1 - complement(z))
}

/** 2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)): all terms positive, so that nothing cancels. */
function series(x: number): number {
  let term = x
  let total = x
  for (let n = 1; Math.abs(term) > Math.abs(total) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    total += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total
}

/** e^(-z²)/√π · 1/(z + (1/2)/(z + 1/(z + (3/2)/(z + …)))), from the inside out. */
function complement(z: number): number {
  let fraction = z
  for (let n = 60; n > 0; n--) fraction = z + n / 2 / fraction
  const square = z * z
  const power = Math.exp(-square) * (1 - multiplicationError(z, z, square))
  return power / Math.sqrt(Math.PI) / fraction
}

/** For float32: 1 - erf(x), without the cancellation. */
export function erfc(x: number): number {
  return x < 1 ? 1 - erf(x) : x > 27 ? 0 : complement(x)
}

/** For float64. */
export function erfFloat64(x: number): number {
  if (Number.isNaN(x)) return x
  if (Math.abs(x) > edge) return Math.sign(x) * (1 - complement(Math.abs(x)))
  return erfInParts(x)[0]
}

/** For float64. */
export function erfcFloat64(x: number): number {
  if (x > edge) return x > 27 ? 0 : complement(x)
  if (x < -edge) return 2 - complement(-x)
  const [high, low] = erfInParts(x)
  const rest = 1 - high
  return rest + (additionError(1, -high, rest) - low)
}

const edge = 4

/** A number as the sum of two: the nearest float64, and what is left. */
type Parts = readonly [high: number, low: number]

/** 2/√π · Σ (-1)ⁿ x^(2n+1) / (n! (2n+1)). What cancels up to |x| = 4 is 23 bits of more than a hundred. */
function erfInParts(x: number): Parts {
  const squared = x * x
  const square: Parts = [squared, multiplicationError(x, x, squared)]
  let term: Parts = [x, 0]
  let total: Parts = term
  for (let n = 1; Math.abs(term[0]) > Math.abs(total[0]) * 2 ** -108; n++) {
    term = over(times(term, square), -n)
    total = plus(total, over(term, 2 * n + 1))
  }
  return times(total, twoOverRootPi)
}

const twoOverRootPi: Parts = [1.1283791670955126, 1.533545961316588e-17]

function normalized(high: number, low: number): Parts {
  const sum = high + low
  return [sum, low - (sum - high)]
}

function plus([a, b]: Parts, [c, d]: Parts): Parts {
  const sum = a + c
  return normalized(sum, additionError(a, c, sum) + b + d)
}

function times([a, b]: Parts, [c, d]: Parts): Parts {
  const product = a * c
  return normalized(product, multiplicationError(a, c, product) + a * d + b * c)
}

function over([a, b]: Parts, n: number): Parts {
  const quotient = a / n
  const product = quotient * n
  return normalized(quotient, (a - product - multiplicationError(quotient, n, product) + b) / n)
}

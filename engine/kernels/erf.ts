// The error function, 2/√π ∫₀ˣ e^(-t²) dt, to the last place or two of a float64.

/** By its power series near 0, by a continued fraction of the complement further out. */
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
  return Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction
}

/** 1 - erf(x), without the cancellation. */
export function erfc(x: number): number {
  return x < 1 ? 1 - erf(x) : x > 27 ? 0 : complement(x)
}

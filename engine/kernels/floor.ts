// A quotient rounded down, as Python rounds it.

/** By the remainder, which is exact, so that no rounding of the quotient gets past a whole number. inf // b is nan. */
export function floorOfQuotient(a: number, b: number): number {
  if (b === 0) return a / b
  const left = a % b
  const whole = (a - left) / b - (left !== 0 && b < 0 !== left < 0 ? 1 : 0)
  if (whole === 0) return Object.is(a / b, -0) || a / b < 0 ? -0 : 0
  return whole - Math.floor(whole) > 0.5 ? Math.floor(whole) + 1 : Math.floor(whole)
}

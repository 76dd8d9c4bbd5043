// Numbers in decimal, as Python writes them. JavaScript's own formats differ in ties, in -0, in exponents, and from 1e21 on.

/** Python's `f'{x:.{digits}f}'`. A tie is rounded to the even digit: 0.03125 to four digits is 0.0312, and 2.5 to none is 2. */
export function fixed(x: number, digits: number): string {
  if (!Number.isFinite(x)) return nonFinite(x)
  const magnitude = Math.abs(x)
  // From 1e21 on toFixed would switch to an exponent; every such number is whole.
  const text = magnitude < 1e21 ? magnitude.toFixed(digits) : wholeDigits(magnitude) + fraction(digits)
  return sign(x) + (isTie(magnitude, digits) ? lastDigitToEven(text) : text)
}

/** Python's `f'{x:.{digits}e}'`: ties to even, and an exponent of at least two digits. */
export function scientific(x: number, digits: number): string {
  if (!Number.isFinite(x)) return nonFinite(x)
  const magnitude = Math.abs(x)
  const [mantissa, exponent] = splitExponent(magnitude.toExponential(digits))
  const even = isTie(magnitude, digits - exponent) ? lastDigitToEven(mantissa) : mantissa
  return `${sign(x)}${even}${pythonExponent(exponent)}`
}

/** Python's `repr` of a float, the shortest text that reads back as `x`: 28.0, 0.1, 1e-05, 1e+16, inf, nan. */
export function floatRepr(x: number): string {
  if (!Number.isFinite(x)) return nonFinite(x)
  const [mantissa, exponent] = splitExponent(Math.abs(x).toExponential())
  if (exponent < -4 || exponent >= 16) return sign(x) + mantissa + pythonExponent(exponent)
  const text = String(Math.abs(x))
  return sign(x) + (text.includes('.') ? text : text + '.0')
}

/** Python's `str` of an int: all digits, also where JavaScript's String would give the shortest that reads back. */
export function intRepr(x: number): string {
  return Number.isSafeInteger(x) ? String(x) : BigInt(x).toString()
}

/** Does `x` lie half-way between two neighbouring multiples of 10^-digits? (`digits` may be negative: tens, hundreds.) */
function isTie(x: number, digits: number): boolean {
  // x·10^d is an odd multiple of 1/2 exactly if x·2^(d+1) is an odd integer, for 10^d = 2^d·5^d and 5^d is odd.
  if (digits >= 0) return (x * 2 ** (digits + 1)) % 2 === 1
  if (!Number.isInteger(x)) return false
  const step = 10n ** BigInt(-digits)
  return BigInt(x) % step === step / 2n
}

/** JavaScript rounds a tie away from zero, so an odd last digit is one too many; being odd, it can be lowered in place. */
function lastDigitToEven(text: string): string {
  const last = Number(text.at(-1))
  return last % 2 === 0 ? text : text.slice(0, -1) + (last - 1)
}

function sign(x: number): string {
  return x < 0 || Object.is(x, -0) ? '-' : ''
}

function nonFinite(x: number): string {
  return Number.isNaN(x) ? 'nan' : x > 0 ? 'inf' : '-inf'
}

function wholeDigits(x: number): string {
  return BigInt(x).toString()
}

function fraction(digits: number): string {
  return digits > 0 ? '.' + '0'.repeat(digits) : ''
}

function splitExponent(text: string): [mantissa: string, exponent: number] {
  const [mantissa = '', exponent = '0'] = text.split('e')
  return [mantissa, Number(exponent)]
}

function pythonExponent(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

// Random numbers of every kind, drawn in PyTorch's order and rounded as PyTorch rounds: the same seed gives the same bits.
import type { DTypeName } from '../dtype'
import { fma32, fma64 } from '../kernels/fma'
import type { FloatArray } from '../kernels/sum'
import type { Generator } from './generator'
import { normal16 } from './normal16'

/** `n` numbers uniform in [0, 1). */
export function rand(generator: Generator, n: number, dtype: DTypeName): FloatArray {
  if (dtype === 'float64') return new Float64Array(n).map(() => generator.uniform53())
  return new Float32Array(n).map(() => generator.uniform24())
}

/** `n` numbers uniform in [from, to). */
export function uniform(generator: Generator, n: number, from: number, to: number, dtype: DTypeName): FloatArray {
  const numbers = rand(generator, n, dtype)
  if (numbers instanceof Float64Array) return numbers.map((u) => fma64(u, to - from, from))
  const [from32, range] = [Math.fround(from), Math.fround(Math.fround(to) - Math.fround(from))]
  return numbers.map((u) => fma32(u, range, from32))
}

/** `n` numbers from the normal distribution: one by one if there are fewer than 16, else in blocks of 16. */
export function randn(generator: Generator, n: number, dtype: DTypeName, mean = 0, std = 1): FloatArray {
  if (n < 16) {
    const numbers = dtype === 'float64' ? new Float64Array(n) : new Float32Array(n)
    return numbers.map(() => generator.normal() * std + mean)
  }
  const numbers = rand(generator, n, dtype)
  const transform = (offset: number) => {
    if (numbers instanceof Float32Array) normal16(numbers, offset, mean, std)
    else normal16Float64(numbers, offset, mean, std)
  }
  for (let offset = 0; offset + 16 <= n; offset += 16) transform(offset)
  if (n % 16 !== 0) {
    // The last 16 overlap the block before: they are drawn afresh.
    numbers.set(rand(generator, 16, dtype), n - 16)
    transform(n - 16)
  }
  return numbers
}

/** The same pairing as `normal16`, with the exact functions. */
function normal16Float64(data: Float64Array, offset: number, mean: number, std: number): void {
  for (let j = offset; j < offset + 8; j++) {
    const radius = Math.sqrt(-2 * Math.log(1 - data[j]!))
    const angle = 2 * Math.PI * data[j + 8]!
    data[j] = fma64(radius * Math.cos(angle), std, mean)
    data[j + 8] = fma64(radius * Math.sin(angle), std, mean)
  }
}

/** `n` numbers from the exponential distribution: 53 random bits each, whatever the dtype. */
export function exponential(generator: Generator, n: number, rate: number, dtype: DTypeName): FloatArray {
  const numbers = dtype === 'float64' ? new Float64Array(n) : new Float32Array(n)
  return numbers.map(() => (-1 / rate) * Math.log1p(-generator.uniform53()))
}

/** `n` whole numbers in [low, high). The remainder's slight preference for small numbers is PyTorch's too. */
export function randint(generator: Generator, n: number, low: number, high: number): Float64Array {
  const range = high - low
  if (range < 2 ** 32) return new Float64Array(n).map(() => (generator.random32() % range) + low)
  return new Float64Array(n).map(() => Number(generator.random64() % BigInt(range)) + low)
}

/** The numbers 0 … n-1 in random order, by Fisher and Yates's shuffle. */
export function randperm(generator: Generator, n: number): Float64Array {
  const numbers = new Float64Array(n).map((_, i) => i)
  for (let i = 0; i < n - 1; i++) {
    const other = i + (generator.random32() % (n - i))
    const number = numbers[i]!
    numbers[i] = numbers[other]!
    numbers[other] = number
  }
  return numbers
}

/** For each probability, 1 with that probability and 0 else: `torch.bernoulli(p)`. */
export function bernoulli(generator: Generator, probabilities: FloatArray): FloatArray {
  if (probabilities instanceof Float64Array) return probabilities.map((p) => (generator.uniform53() < p ? 1 : 0))
  return probabilities.map((p) => (generator.uniform24() < p ? 1 : 0))
}

/** `n` times 1 with probability `p` and 0 else: `x.bernoulli_(p)` and dropout, which draw 53 bits whatever the dtype. */
export function bernoulliScalar(generator: Generator, n: number, p: number): Float64Array {
  return new Float64Array(n).map(() => (generator.uniform53() < p ? 1 : 0))
}

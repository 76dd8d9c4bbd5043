// The stream of random bits behind every random function: PyTorch's CPU generator, a Mersenne Twister mt19937.
// M. Matsumoto and T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number
// generator", 1998.

const size = 624
const shift = 397

/** The source of random numbers behind `torch.manual_seed`: the same seed gives the numbers that PyTorch gives. */
export class Generator {
  private readonly state = new Uint32Array(size)
  private position = size
  private seed = 0
  /** Box-Muller makes normals in pairs; the second waits here for the next draw, also across calls. */
  private spareNormal: number | undefined

  /** PyTorch starts from 67280421310721 where nobody sets a seed; `torch.seed()` is what asks for another. */
  constructor(seed = 67280421310721) {
    this.manual_seed(seed)
  }

  /** Starts the stream anew. Only the low 32 bits of the seed count, as in PyTorch. */
  manual_seed(seed: number): this {
    const { state } = this
    this.seed = seed
    this.spareNormal = undefined
    state[0] = seed >>> 0
    for (let i = 1; i < size; i++) {
      const previous = state[i - 1]!
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i
    }
    this.position = size
    return this
  }

  /** The seed that the stream was last started from. */
  initial_seed(): number {
    return this.seed
  }

  /** The next 32 bits, as a whole number. */
  random32(): number {
    if (this.position === size) this.regenerate()
    let bits = this.state[this.position++]!
    bits ^= bits >>> 11
    bits ^= (bits << 7) & 0x9d2c5680
    bits ^= (bits << 15) & 0xefc60000
    bits ^= bits >>> 18
    return bits >>> 0
  }

  /** The next 64 bits: the first 32 are the high ones. */
  random64(): bigint {
    const high = BigInt(this.random32())
    return (high << 32n) | BigInt(this.random32())
  }

  /** A float32 in [0, 1): 24 random bits. */
  uniform24(): number {
    return (this.random32() & 0xffffff) * 2 ** -24
  }

  /** A float64 in [0, 1): 53 random bits. */
  uniform53(): number {
    const high = this.random32() & 0x1fffff
    return (high * 2 ** 32 + this.random32()) * 2 ** -53
  }

  /** A standard normal float64, by Box and Muller's transform. */
  normal(): number {
    if (this.spareNormal !== undefined) {
      const spare = this.spareNormal
      this.spareNormal = undefined
      return spare
    }
    const angle = 2 * Math.PI * this.uniform53()
    const radius = Math.sqrt(-2 * Math.log1p(-this.uniform53()))
    this.spareNormal = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  private regenerate(): void {
    const { state } = this
    for (let i = 0; i < size; i++) {
      const bits = (state[i]! & 0x80000000) | (state[(i + 1) % size]! & 0x7fffffff)
      state[i] = state[(i + shift) % size]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0)
    }
    this.position = 0
  }
}

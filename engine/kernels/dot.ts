// The dot product with the bits of PyTorch's (Intel MKL's), which are decided by the order of its additions.
//
// Four vectors of 128 bits take the products in blocks; what is left over goes to the first of them. Then the vectors are
// added in turn, and last the lanes. (MKL's order also depends on where its operands lie in memory; this is the one for
// tensors that begin on a 16-byte boundary, as every tensor does that isn't a view into the middle of another.)

/** The sum of `a[aOffset + i] * b[bOffset + i]` for `i < n`, every step rounded to float32. */
export function dotFloat32(a: Float32Array, aOffset: number, b: Float32Array, bOffset: number, n: number): number {
  accumulate(a, aOffset, b, bOffset, n, blocks32, lanes32)
  for (let i = 4; i < 16; i++) lanes32[i & 3]! += lanes32[i]!
  return Math.fround(Math.fround(lanes32[0]! + lanes32[2]!) + Math.fround(lanes32[1]! + lanes32[3]!))
}

/** The same in float64, whose vectors have two lanes. */
export function dotFloat64(a: Float64Array, aOffset: number, b: Float64Array, bOffset: number, n: number): number {
  accumulate(a, aOffset, b, bOffset, n, blocks64, lanes64)
  for (let i = 2; i < 8; i++) lanes64[i & 1]! += lanes64[i]!
  return lanes64[0]! + lanes64[1]!
}

function accumulate<T extends Float32Array | Float64Array>(
  a: T,
  aOffset: number,
  b: T,
  bOffset: number,
  n: number,
  blocks: readonly number[],
  lanes: T,
): void {
  lanes.fill(0)
  const isFloat32 = lanes === lanes32
  let i = 0
  for (const block of blocks) {
    for (; i + block <= n; i += block) {
      for (let k = 0; k < block; k++) {
        const product = a[aOffset + i + k]! * b[bOffset + i + k]!
        lanes[k]! += isFloat32 ? Math.fround(product) : product
      }
    }
  }
}

// Sizes of the blocks, largest first, and the accumulators, which round what is stored in them.
const blocks32 = [16, 8, 4, 1]
const lanes32 = new Float32Array(16)
const blocks64 = [8, 2, 1]
const lanes64 = new Float64Array(8)

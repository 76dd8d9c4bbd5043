// The inputs of kernels.json: the same formula as `noise` in record_kernels.py, so that they needn't be stored.

/** `n` numbers in [-1, 1) of mixed sizes, from a linear congruential generator. */
export function noise(seed: number, n: number, dtype: 'float32' | 'float64'): Float32Array | Float64Array {
  const values = dtype === 'float32' ? new Float32Array(n) : new Float64Array(n)
  let x = seed
  for (let i = 0; i < n; i++) {
    x = (Math.imul(1103515245, x) + 12345) & 0x7fffffff
    values[i] = (x / 2 ** 30 - 1) * 2 ** -(x % 7)
  }
  return values
}

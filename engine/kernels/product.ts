// Products with the bits of PyTorch's, which are decided by the order of the multiplications.
import { allocate, type DType, float32, int64 } from '../dtype'

/** The product of `n` neighbouring elements; `inVectors` if they are neighbours in PyTorch's memory too. */
export function productRange(
  data: ArrayLike<number>,
  start: number,
  n: number,
  dtype: DType,
  inVectors: boolean,
): number {
  const width = dtype === float32 ? 8 : 4
  const product = allocate(dtype, 1)
  product[0] = 1
  const whole = inVectors ? n - (n % (4 * width)) : 0
  if (whole > 0) {
    // Four vectors side by side, multiplied in pairs; then their lanes in turn.
    const lanes = allocate(dtype, 4 * width).fill(1)
    for (let i = 0; i < whole; i++) lanes[i % lanes.length]! *= data[start + i]!
    for (let k = 0; k < width; k++) {
      lanes[k]! *= lanes[width + k]!
      lanes[2 * width + k]! *= lanes[3 * width + k]!
      lanes[k]! *= lanes[2 * width + k]!
      product[0]! *= lanes[k]!
    }
  }
  for (let i = whole; i < n; i++) product[0]! *= data[start + i]!
  return dtype === int64 ? product[0]! + 0 : product[0]! // of integers, no -0
}

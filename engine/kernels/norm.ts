// The Euclidean norm in float32 with the bits of PyTorch's, which are decided by the order in which it adds the squares.
import { fma32 } from './fma'

const f = Math.fround

/** The root of the sum of squares of `n` neighbouring elements, if `isContiguous` in memory too, where PyTorch uses vectors. */
export function euclideanNorm(data: ArrayLike<number>, start: number, n: number, isContiguous: boolean): number {
  const square = (i: number) => f(data[start + i]! * data[start + i]!)
  if (!isContiguous) {
    let sum = 0
    for (let i = 0; i < n; i++) sum = f(sum + square(i))
    return f(Math.sqrt(sum))
  }
  // Eight lanes side by side, then the lanes in turn, then what is left; the last one to three with fused steps.
  lanes.fill(0)
  const [inLanes, inFours] = [n - (n % 8), n - (n % 4)]
  for (let i = 0; i < inLanes; i++) lanes[i % 8]! += square(i)
  let sum = lanes.reduce((total, lane) => f(total + lane), 0)
  for (let i = inLanes; i < n; i++) {
    sum = i < inFours ? f(sum + square(i)) : fma32(data[start + i]!, data[start + i]!, sum)
  }
  return f(Math.sqrt(sum))
}

const lanes = new Float32Array(8)

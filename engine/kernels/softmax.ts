// softmax and its logarithm for one line of elements, and their derivatives, with the bits of PyTorch's vector code.
import { type Steps, singleSteps, singleSteps64, vectorSteps, vectorSteps64 } from './steps'
import type { FloatArray } from './sum'

/** `n` elements of an array, `step` apart. */
export interface Line {
  readonly data: FloatArray
  readonly at: number
  readonly step: number
}

/** Where a line lies: along the last dimension, or across it in a column that PyTorch reckons in vectors or alone. */
export type Place = 'last' | 'column in a vector' | 'column'

/** `e^x / Σ e^x`. Along the last dimension PyTorch multiplies by the sum's reciprocal, along others it divides. */
export function softmaxLine(x: Line, out: Line, n: number, place: Place): void {
  const { round, exp } = arithmetic(x.data, place)
  const most = largest(x, n)
  for (let i = 0; i < n; i++) set(out, i, exp(round(get(x, i) - most)))
  const total = lineSum(out, n, place)
  const factor = round(1 / total)
  for (let i = 0; i < n; i++) set(out, i, place === 'last' ? get(out, i) * factor : get(out, i) / total)
}

/** `x - max - ln Σ e^(x - max)`. */
export function logSoftmaxLine(x: Line, out: Line, n: number, place: Place): void {
  const { round, exp, log } = arithmetic(x.data, place)
  const most = largest(x, n)
  for (let i = 0; i < n; i++) set(out, i, exp(round(get(x, i) - most)))
  const total = log(lineSum(out, n, place))
  for (let i = 0; i < n; i++) set(out, i, round(get(x, i) - most) - total)
}

/** `(g - Σ g y) y`, where `y` is the softmax. */
export function softmaxBackwardLine(grad: Line, y: Line, out: Line, n: number, place: Place): void {
  const { round, fma, lanes } = arithmetic(y.data, place)
  const width = laneCount(lanes, n, place)
  // Products are added with fused steps, except where whole vectors are added, or any of float64.
  const isFused = (i: number) =>
    place !== 'last' || (width > 1 && i >= n - (n % width) && y.data instanceof Float32Array)
  lanes.fill(0)
  for (let i = 0; i < n; i++) {
    const [a, b, sum] = [get(grad, i), get(y, i), lanes[i % width]!]
    lanes[i % width] = isFused(i) ? fma(a, b, sum) : sum + round(a * b)
  }
  const total = foldLanes(lanes, width)
  for (let i = 0; i < n; i++) set(out, i, round(get(grad, i) - total) * get(y, i))
}

/** `g - e^y Σ g`, where `y` is the logarithm of the softmax. */
export function logSoftmaxBackwardLine(grad: Line, y: Line, out: Line, n: number, place: Place): void {
  const { fma, exp } = arithmetic(y.data, place)
  const total = lineSum(grad, n, place)
  for (let i = 0; i < n; i++) set(out, i, fma(-exp(get(y, i)), total, get(grad, i)))
}

const get = (line: Line, i: number) => line.data[line.at + i * line.step]!

function set(line: Line, i: number, value: number): void {
  line.data[line.at + i * line.step] = value
}

interface Arithmetic extends Steps {
  /** The accumulators of one vector. */
  lanes: FloatArray
}

function arithmetic(data: FloatArray, place: Place): Arithmetic {
  if (data instanceof Float64Array) return place === 'column' ? inFloat64 : inFloat64Vectors
  return place === 'column' ? inFloat32 : inFloat32Vectors
}

const inFloat64: Arithmetic = { ...singleSteps64, lanes: new Float64Array(4) }
const inFloat64Vectors: Arithmetic = { ...vectorSteps64, lanes: inFloat64.lanes }
const inFloat32: Arithmetic = { ...singleSteps, lanes: new Float32Array(8) }
const inFloat32Vectors: Arithmetic = { ...vectorSteps, lanes: inFloat32.lanes }

function largest(x: Line, n: number): number {
  let most = -Infinity
  for (let i = 0; i < n; i++) if (!(get(x, i) <= most)) most = get(x, i)
  return most
}

/** Along the last dimension, if it is long enough, in the lanes of one vector; else one after the other. */
function lineSum(x: Line, n: number, place: Place): number {
  const { lanes } = arithmetic(x.data, place)
  const width = laneCount(lanes, n, place)
  lanes.fill(0)
  for (let i = 0; i < n; i++) lanes[i % width]! += get(x, i)
  return foldLanes(lanes, width)
}

function laneCount(lanes: FloatArray, n: number, place: Place): number {
  return place === 'last' && n >= lanes.length ? lanes.length : 1
}

/** Halves are added to halves until one is left; in float64, one lane after the other. */
function foldLanes(lanes: FloatArray, width: number): number {
  if (lanes instanceof Float64Array) return lanes.subarray(0, width).reduce((sum, lane) => sum + lane)
  for (let half = width / 2; half >= 1; half /= 2) {
    for (let lane = 0; lane < half; lane++) lanes[lane]! += lanes[lane + half]!
  }
  return lanes[0]!
}

// The kernels are held to the bits that PyTorch computed, on inputs that both sides make from one formula.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { noise } from '../recordings/noise'
import { arangeFloat32, arangeFloat64, linspaceFloat32, linspaceFloat64 } from './arange'
import { dotFloat32, dotFloat64 } from './dot'
import { expFloat32 } from './exp'
import { fma32, fma64 } from './fma'
import { exponential, minus, negative, over, plus, row1, row2, same, times } from './loops'
import { matmulFloat32 } from './matmul'
import { type FloatArray, sumDims, sumRange } from './sum'

type FloatName = 'float32' | 'float64'
interface Recorded {
  sum: { dtype: FloatName; seed: number; n: number; sum: number }[]
  sumDims: {
    dtype: FloatName
    seed: number
    n: number
    shape: number[]
    strides: number[]
    offset: number
    dims: number[]
    sum: number[]
  }[]
  dot: { dtype: FloatName; seed: number; n: number; dot: number }[]
  matmul: { seed: number; m: number; k: number; n: number; transposed: [boolean, boolean]; product: number[] }[]
  arange: { dtype: FloatName; start: number; step: number; values: number[] }[]
  linspace: { dtype: FloatName; start: number; end: number; values: number[] }[]
  addcmul: { dtype: FloatName; seed: number; n: number; alpha: number; add: number[] }[]
}

const recorded: Recorded = JSON.parse(readFileSync(join(__dirname, '..', 'recordings', 'kernels.json'), 'utf8'))
const float32 = <Row extends { dtype: FloatName }>(rows: Row[]) => rows.filter((row) => row.dtype === 'float32')
const float64 = <Row extends { dtype: FloatName }>(rows: Row[]) => rows.filter((row) => row.dtype === 'float64')

/** The rows whose result differs in any bit; -0 differs from 0. */
function differing<Row>(rows: Row[], ours: (row: Row) => ArrayLike<number>, theirs: (row: Row) => number[]): Row[] {
  expect(rows.length).toBeGreaterThan(0)
  return rows.filter((row) => {
    const values = ours(row)
    const expected = theirs(row)
    return values.length !== expected.length || !expected.every((value, i) => Object.is(value, values[i]))
  })
}

const sumOf = (row: Recorded['sum'][number]) => [sumRange(noise(row.seed, row.n, row.dtype), 0, row.n)]

test('sums of contiguous float32 ranges, short and long, have the bits of PyTorch', () => {
  expect(differing(float32(recorded.sum), sumOf, (row) => [row.sum])).toEqual([])
})

test('sums of contiguous float64 ranges have the bits of PyTorch', () => {
  expect(differing(float64(recorded.sum), sumOf, (row) => [row.sum])).toEqual([])
})

test('a sum from left to right would have other bits in most cases, so the order is really tested', () => {
  const leftToRight = (row: Recorded['sum'][number]) => [
    (noise(row.seed, row.n, row.dtype) as Float32Array).reduce((sum, x) => Math.fround(sum + x), 0),
  ]
  expect(differing(float32(recorded.sum), leftToRight, (row) => [row.sum]).length).toBeGreaterThan(60)
})

test('sums over any dimensions of contiguous, permuted and narrowed tensors have the bits of PyTorch', () => {
  const ours = ({ dtype, seed, n, shape, strides, offset, dims, sum }: Recorded['sumDims'][number]) => {
    const data = noise(seed, n, dtype)
    const out = dtype === 'float32' ? new Float32Array(sum.length) : new Float64Array(sum.length)
    const isReduced = shape.map((_, dim) => dims.includes(dim))
    sumDims(data, offset, shape, strides, isReduced, out)
    return out
  }
  expect(differing(recorded.sumDims, ours, (row) => row.sum)).toEqual([])
})

test('dot products have the bits of PyTorch', () => {
  const data = ({ seed, n, dtype }: Recorded['dot'][number]): FloatArray => noise(seed, 2 * n, dtype)
  const ours32 = (row: Recorded['dot'][number]) => {
    const x = data(row) as Float32Array
    return [dotFloat32(x, 0, x, row.n, row.n)]
  }
  const ours64 = (row: Recorded['dot'][number]) => {
    const x = data(row) as Float64Array
    return [dotFloat64(x, 0, x, row.n, row.n)]
  }
  expect(differing(float32(recorded.dot), ours32, (row) => [row.dot])).toEqual([])
  expect(differing(float64(recorded.dot), ours64, (row) => [row.dot])).toEqual([])
})

type Product = Recorded['matmul'][number]

/** The product of a row's operands; of their absolute values, if asked for. */
function productOf({ seed, m, k, n, transposed, product }: Product, absolute = false): Float32Array {
  const data = noise(seed, m * k + k * n, 'float32').map(absolute ? Math.abs : Number) as Float32Array
  const view = (data: ArrayLike<number>, rows: number, columns: number, isTransposed: boolean) =>
    isTransposed
      ? { data, offset: 0, rowStep: 1, columnStep: rows }
      : { data, offset: 0, rowStep: columns, columnStep: 1 }
  const a = view(data.slice(0, m * k), m, k, transposed[0])
  const b = view(data.slice(m * k), k, n, transposed[1])
  const out = new Float32Array(product.length)
  matmulFloat32(a, b, m, k, n, out, 0)
  return out
}

const isLarge = ({ m, k, n }: Product) => m * k * n >= 8000

test('matrix products, plain and transposed, have the bits of PyTorch', () => {
  const small = recorded.matmul.filter((row) => !isLarge(row))
  expect(differing(small, productOf, (row) => row.product)).toEqual([])
})

test('large products, whose order of additions is no promise of any library, differ by roundings only', () => {
  for (const row of recorded.matmul.filter(isLarge)) {
    const ours = productOf(row)
    // Each of k additions rounds by half a unit at most, on either side.
    const bounds = productOf(row, true).map((sum) => row.k * 2 ** -23 * sum)
    expect(row.product.filter((theirs, i) => Math.abs(ours[i]! - theirs) > bounds[i]!)).toEqual([])
  }
  expect(recorded.matmul.filter(isLarge)).toHaveLength(5)
})

test('arange and linspace have the bits of PyTorch', () => {
  const { arange, linspace } = recorded
  const values = (row: { values: number[] }) => row.values
  const n = (row: { values: number[] }) => row.values.length
  expect(differing(float32(arange), (row) => arangeFloat32(row.start, row.step, n(row)), values)).toEqual([])
  expect(differing(float64(arange), (row) => arangeFloat64(row.start, row.step, n(row)), values)).toEqual([])
  expect(differing(float32(linspace), (row) => linspaceFloat32(row.start, row.end, n(row)), values)).toEqual([])
  expect(differing(float64(linspace), (row) => linspaceFloat64(row.start, row.end, n(row)), values)).toEqual([])
})

test('a fused multiply-add is what PyTorch adds with alpha by', () => {
  const terms = ({ seed, n, dtype }: Recorded['addcmul'][number]) => noise(seed, 2 * n, dtype)
  const ours32 = (row: Recorded['addcmul'][number]) => {
    const x = terms(row)
    return row.add.map((_, i) => fma32(Math.fround(row.alpha), x[row.n + i]!, x[i]!))
  }
  const ours64 = (row: Recorded['addcmul'][number]) => {
    const x = terms(row)
    return row.add.map((_, i) => fma64(row.alpha, x[row.n + i]!, x[i]!))
  }
  expect(differing(float32(recorded.addcmul), ours32, (row) => row.add)).toEqual([])
  expect(differing(float64(recorded.addcmul), ours64, (row) => row.add)).toEqual([])
})

test('a fused multiply-add rounds once where two roundings go astray', () => {
  // 1 + 2^-24 lies half-way between two float32; what is added decides, however small it is.
  const [a, b] = [1 + 2 ** -12, 1 - 2 ** -12] // their product is 1 - 2^-24
  expect(fma32(a, b, 0)).toBe(1 - 2 ** -24)
  expect(fma32(2 ** -24, 1 + 2 ** -23, 1)).toBe(1 + 2 ** -23)
  expect(fma32(2 ** -24, 1, 1)).toBe(1)
  // Just below half-way, by less than float64 can tell.
  expect(fma32(1 + 2 ** -20, 2 ** -24 * (1 - 2 ** -20), 1 + 2 ** -23)).toBe(1 + 2 ** -23)
  expect(fma32(2 ** -24, 1 - 2 ** -24, 1)).toBe(1)
  expect(fma32(2 ** -62, -(2 ** -62), 1 + 2 ** -23)).toBe(1 + 2 ** -23)
  expect(fma64(1 + 2 ** -52, 1 - 2 ** -53, -1)).toBe(2 ** -53 - 2 ** -105)
  expect(fma64(Infinity, 1, 1)).toBe(Infinity)
  expect(fma64(Infinity, 0, 1)).toBeNaN()
  expect(fma32(2, Infinity, -Infinity)).toBeNaN()
})

/** A whole number rounded to so many binary digits, to even where it lies half-way. */
function rounded(n: bigint, digits: number): number {
  const length = (n < 0n ? -n : n).toString(2).length
  const step = 1n << BigInt(Math.max(length - digits, 0))
  const below = ((n % step) + step) % step
  const down = n - below
  const isUp = 2n * below > step || (2n * below === step && (down / step) % 2n !== 0n)
  return Number(isUp ? down + step : down)
}

test('a fused multiply-add is the exact number, rounded, also next to half-way', () => {
  const wrong: string[] = []
  const hold = (ours: number, exactly: number, where: string) => ours === exactly || wrong.push(where)
  for (const [fma, digits] of [
    [fma32, 24],
    [fma64, 53],
  ] as const) {
    const unit = 2 ** (1 - digits)
    const after = 4 * digits // binary digits after the point
    for (let k = 0; k < 2 * digits; k++) {
      for (let i = -8; i < 8; i++) {
        for (let j = -8; j < 8; j++) {
          const [x, y, power] = [1 + i * unit, 1 + j * unit, 2 ** -k]
          const product = (BigInt(x / unit) * BigInt(y / unit)) << BigInt(after - 2 * digits + 2)
          const added = product + (BigInt(Math.sign(j)) << BigInt(after - k))
          hold(fma(x, y, Math.sign(j) * power), rounded(added, digits) / 2 ** after, `added ${digits} ${[k, i, j]}`)
          const c = Math.sign(i) * (1 + (j & 1) * unit)
          const moved = product + (BigInt(c / unit) << BigInt(after + k - digits + 1))
          hold(fma(x * power, y, c), rounded(moved, digits) / 2 ** after / 2 ** k, `moved ${digits} ${[k, i, j]}`)
        }
      }
    }
  }
  expect(wrong).toEqual([])
})

test('the exponential of float32 is that of Math.exp, rounded, at numbers of every size', () => {
  const bits = new Uint32Array(1 << 19)
  const x = new Float32Array(bits.buffer)
  for (let i = 0; i < bits.length; i++) bits[i] = Math.imul(i, 8191) // steps through all signs and exponents
  const edges = [0, -0, 88.72283, 88.72284, 89, -87.33655, -103.97207, -103.97208, -103.97209, -104, -105, 1e-45]
  const differ = [...x, ...edges, Infinity, -Infinity, NaN].map(Math.fround).filter((number) => {
    return !Object.is(Math.fround(expFloat32(number)), Math.fround(Math.exp(number)))
  })
  expect(differ).toEqual([])
})

const firstDifference = (a: FloatArray, b: FloatArray) => a.findIndex((x, i) => !Object.is(x, b[i]))

test('long rows are what their elements are one by one, whatever their length, steps and types', () => {
  const [ones, twos] = [
    { same, negative, exponential },
    { plus, minus, times, over },
  ]
  const arrays = [
    Float32Array.from({ length: 5003 }, (_, i) => Math.sin(i)),
    Float64Array.from({ length: 5003 }, (_, i) => Math.cos(i)),
  ]
  for (const x of arrays) {
    for (const n of [1023, 1024, 1025, 1026, 1027, 2051, 5000]) {
      const Result = x instanceof Float32Array ? Float32Array : Float64Array
      const expected = new Result(5003).fill(7)
      const out = new Result(5003).fill(7)
      for (const f of Object.values(ones)) {
        for (let e = 0; e < n; e++) expected[2 + e] = f(x[1 + e]!)
        row1(f, x, 1, 1, out, 2, 1, n)
        expect(firstDifference(out, expected)).toBe(-1)
      }
      for (const y of arrays) {
        for (const [di, dj] of [
          [1, 1],
          [0, 1],
          [1, 0],
          [0, 0],
        ] as const) {
          for (const f of Object.values(twos)) {
            for (let e = 0; e < n; e++) expected[2 + e] = f(x[1 + e * di]!, y[3 + e * dj]!)
            row2(f, x, 1, di, y, 3, dj, out, 2, 1, n)
            expect(firstDifference(out, expected)).toBe(-1)
          }
        }
      }
    }
  }
})

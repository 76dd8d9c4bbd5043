// Sums with the bits of PyTorch's: float addition isn't associative, so the order of the additions is part of the result.
//
// PyTorch (ATen/native/cpu/SumKernel.cpp) adds in many columns side by side, and each column as a cascade: short runs are
// summed, then runs of runs. That is fast on vector units, and the rounding error grows with log n instead of n.
// Every function here takes float32 or float64 data; the sums are rounded to the data's own precision at each step.

export type FloatArray = Float32Array | Float64Array

/** The sum of the `n` neighbouring elements from `offset` on. */
export function sumRange(data: FloatArray, offset: number, n: number): number {
  if (n < lanesOf(data)) return rowSum(data, offset, 1, n, 1)[0]!
  return vectorSum(data, offset, n)
}

/**
 * Sums over the dimensions marked in `isReduced`. `out` has one element for every index of the other dimensions, in row-major
 * order, and starts as zeros. Strides are in elements.
 */
export function sumDims(
  data: FloatArray,
  offset: number,
  sizes: readonly number[],
  strides: readonly number[],
  isReduced: readonly boolean[],
  out: FloatArray,
): void {
  if (sizes.includes(0)) return
  const [inner, outer, ...rest] = iterationOrder(sizes, strides, isReduced)
  forEachIndex(rest, offset, 0, (start, outStart) => sumPlane(data, start, inner ?? one, outer ?? one, out, outStart))
}

/** One loop of an iteration: how often, and how far each step goes in the input and in the output (0 if it is summed over). */
interface Loop {
  size: number
  stride: number
  outStride: number
}

const one: Loop = { size: 1, stride: 0, outStride: 0 }

/**
 * PyTorch's TensorIterator: loops from the innermost out, the summed ones first, then by ascending stride; neighbours that
 * can be walked as one are merged. The two innermost are summed as a plane, in an order that depends on their strides.
 */
function iterationOrder(sizes: readonly number[], strides: readonly number[], isReduced: readonly boolean[]): Loop[] {
  const loops: Loop[] = []
  let outStride = 1
  for (let dim = sizes.length - 1; dim >= 0; dim--) {
    const size = sizes[dim]!
    loops.push({ size, stride: strides[dim]!, outStride: isReduced[dim] ? 0 : outStride })
    if (!isReduced[dim]) outStride *= size
  }
  // An insertion sort, because the comparison may be undecided and then leaves the order as it is.
  for (let i = 1; i < loops.length; i++) {
    let at = i
    for (let j = i - 1; j >= 0; j--) {
      const order = compareLoops(loops[j]!, loops[at]!)
      if (order < 0) break
      if (order > 0) {
        const moved = loops[at]!
        loops[at] = loops[j]!
        loops[j] = moved
        at = j
      }
    }
  }
  return merged(loops)
}

/** Positive if `a` belongs outside of `b`, negative if inside, 0 if undecided. */
function compareLoops(a: Loop, b: Loop): number {
  if ((a.outStride === 0) !== (b.outStride === 0)) return a.outStride === 0 ? -1 : 1
  for (const key of ['outStride', 'stride'] as const) {
    if (a[key] === 0 || b[key] === 0) continue
    if (a[key] !== b[key]) return a[key] - b[key]
    if (a.size > b.size) return 1
  }
  return 0
}

function merged(loops: Loop[]): Loop[] {
  const result: Loop[] = []
  for (const loop of loops) {
    const inner = result.at(-1)
    if (inner === undefined) result.push({ ...loop })
    else if (inner.size === 1) Object.assign(inner, loop)
    else if (loop.size === 1) continue
    else if (inner.size * inner.stride === loop.stride && inner.size * inner.outStride === loop.outStride) {
      inner.size *= loop.size
    } else result.push({ ...loop })
  }
  return result
}

function forEachIndex(
  loops: readonly Loop[],
  start: number,
  outStart: number,
  visit: (start: number, outStart: number) => void,
): void {
  const outermost = loops.at(-1)
  if (outermost === undefined) visit(start, outStart)
  for (let i = 0; i < (outermost?.size ?? 0); i++) {
    forEachIndex(loops.slice(0, -1), start + i * outermost!.stride, outStart + i * outermost!.outStride, visit)
  }
}

/** Adds a plane's sums to `out`. */
function sumPlane(data: FloatArray, start: number, a: Loop, b: Loop, out: FloatArray, outStart: number): void {
  const [summed, kept] = a.outStride !== 0 && b.outStride === 0 ? [b, a] : [a, b]
  const lanes = lanesOf(data)
  if (summed.outStride !== 0) {
    for (let i = 0; i < kept.size; i++) {
      for (let j = 0; j < summed.size; j++) {
        out[outStart + i * kept.outStride + j * summed.outStride]! += data[start + i * kept.stride + j * summed.stride]!
      }
    }
  } else if (summed.stride === 1 && summed.size >= lanes) {
    for (let i = 0; i < kept.size; i++) {
      out[outStart + i * kept.outStride]! += vectorSum(data, start + i * kept.stride, summed.size)
    }
  } else sumColumns(data, start, summed, kept, out, outStart)
}

/** Sums down the columns: as many as possible in blocks of four vectors (or four columns), then of one vector, then one by one. */
function sumColumns(
  data: FloatArray,
  start: number,
  summed: Loop,
  kept: Loop,
  out: FloatArray,
  outStart: number,
): void {
  const lanes = lanesOf(data)
  let column = 0
  const add = (sums: FloatArray, columns: number) => {
    for (let i = 0; i < columns; i++, column++) out[outStart + column * kept.outStride]! += sums[i]!
  }
  const at = () => start + column * kept.stride
  if (kept.stride === 1 && kept.size >= lanes) {
    while (column + 4 * lanes <= kept.size)
      add(cascade(data, at(), summed.stride, summed.size, lanes, lanes), 4 * lanes)
    while (column + lanes <= kept.size) add(rowSum(data, at(), summed.stride, summed.size, lanes), lanes)
  } else if (summed.stride >= kept.stride) {
    while (column + 4 <= kept.size) add(cascade(data, at(), summed.stride, summed.size, kept.stride, 1), 4)
  }
  while (column < kept.size) add(rowSum(data, at(), summed.stride, summed.size, 1), 1)
}

/** A contiguous range of at least one vector: a row of vectors, then the elements left over and the lanes in turn. */
function vectorSum(data: FloatArray, start: number, n: number): number {
  const lanes = lanesOf(data)
  const vectors = Math.floor(n / lanes)
  const row = rowSum(data, start, lanes, vectors, lanes)
  const total = data instanceof Float32Array ? total32 : total64
  total[0] = 0
  for (let i = vectors * lanes; i < n; i++) total[0]! += data[start + i]!
  for (let lane = 0; lane < lanes; lane++) total[0]! += row[lane]!
  return total[0]!
}

/**
 * The sum of `n` items `stride` apart, each of `lanes` neighbouring elements: four interleaved columns of items in cascade,
 * the items left over into the first, then the others into the first. One sum per lane, in scratch memory.
 */
function rowSum(data: FloatArray, start: number, stride: number, n: number, lanes: number): FloatArray {
  const rows = Math.floor(n / 4)
  const sums = cascade(data, start, 4 * stride, rows, stride, lanes)
  for (let i = 4 * rows; i < n; i++) {
    for (let lane = 0; lane < lanes; lane++) sums[lane]! += data[start + i * stride + lane]!
  }
  for (let i = lanes; i < 4 * lanes; i++) sums[i % lanes]! += sums[i]!
  return sums
}

/**
 * Four columns of items, `columnStride` apart, each summed down its rows: runs of 2^power rows into level 0, runs of
 * those into level 1, and so on up to level 3. The sums of column k's lanes are at k·lanes, in scratch memory.
 */
function cascade(
  data: FloatArray,
  start: number,
  rowStride: number,
  rows: number,
  columnStride: number,
  lanes: number,
): FloatArray {
  const width = 4 * lanes
  const levels = data instanceof Float32Array ? levels32 : levels64
  levels.fill(0, 0, 4 * width)
  const power = Math.max(4, Math.floor(ceilLog2(rows) / 4))
  const step = 2 ** power
  let at = start
  for (let row = 0; row < rows; ) {
    const end = Math.min(row + step, rows)
    const isWholeRun = end === row + step
    for (; row < end; row++, at += rowStride) {
      for (let k = 0; k < 4; k++) {
        const from = at + k * columnStride
        for (let lane = 0; lane < lanes; lane++) levels[k * lanes + lane]! += data[from + lane]!
      }
    }
    if (isWholeRun) carry(levels, width, row, power)
  }
  if (rows >= step) for (let level = 1; level < 4; level++) raise(levels, width, level, 0)
  return levels
}

/** Moves the run that ends at `row` one level up, and on to the next as long as a run of runs ends there too. */
function carry(levels: FloatArray, width: number, row: number, power: number): void {
  const mask = 2 ** power - 1
  for (let level = 1; level < 4; level++) {
    raise(levels, width, level - 1, level)
    if ((row & (mask << (level * power))) !== 0) break
  }
}

/** Adds level `from` to level `to` and clears it. */
function raise(levels: FloatArray, width: number, from: number, to: number): void {
  for (let i = 0; i < width; i++) {
    levels[to * width + i]! += levels[from * width + i]!
    levels[from * width + i] = 0
  }
}

function ceilLog2(n: number): number {
  return n <= 2 ? 1 : 32 - Math.clz32(n - 1)
}

/** Elements of a 256-bit vector. PyTorch sums with these on AVX2 and AVX-512 machines alike. */
function lanesOf(data: FloatArray): number {
  return data instanceof Float32Array ? 8 : 4
}

// Accumulators live in typed arrays of the data's precision, so that storing a sum rounds it.
const levels32 = new Float32Array(4 * 4 * 8)
const levels64 = new Float64Array(4 * 4 * 4)
const total32 = new Float32Array(1)
const total64 = new Float64Array(1)

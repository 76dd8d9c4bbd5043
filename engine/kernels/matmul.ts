// Matrix products with the bits of PyTorch's (Intel MKL's on AVX2), which are decided by the order of the additions.
//
// Every element is a sum of products over the inner dimension. MKL has two ways: large products add with fused steps, one
// after the other, in blocks; small ones round each product, and where both operands lie so that rows meet rows (the gradient
// of a first factor does), four lanes run side by side. Found out by probing real PyTorch with sums whose result tells the
// order: a huge number, its negative, and ones.
import { addFusedProduct } from './tile'

/** Element (i, j) lies at `offset + i * rowStep + j * columnStep`. */
export interface MatrixView {
  readonly data: ArrayLike<number>
  readonly offset: number
  readonly rowStep: number
  readonly columnStep: number
}

const f = Math.fround

/** `a` (m×k) times `b` (k×n) in float32, row by row into `out` from `outOffset` on. */
export function matmulFloat32(
  a: MatrixView,
  b: MatrixView,
  m: number,
  k: number,
  n: number,
  out: Float32Array,
  outOffset: number,
): void {
  if (m >= 4 && n >= 12) {
    fusedProduct(a, b, m, k, n, out, outOffset)
    return
  }
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      out[outOffset + i * n + j] = smallElement(a, b, m, k, n, i, j)
    }
  }
}

/** One element of a small product; which order its additions have is a matter of how the operands lie in memory. */
function smallElement(a: MatrixView, b: MatrixView, m: number, k: number, n: number, i: number, j: number): number {
  const aIsRows = a.columnStep === 1 || k === 1
  const bIsColumns = b.columnStep !== 1 && b.rowStep === 1
  const row = a.offset + i * a.rowStep
  const column = b.offset + j * b.columnStep
  if (n === 1 || m === 1) {
    // Rows of a matrix times a vector: four rows at once, the odd products first.
    const isRows = n === 1 ? aIsRows : bIsColumns
    const [index, count] = n === 1 ? [i, m] : [j, n]
    if (isRows && index < count - (count % 4)) return inLanes(a, row, b, column, ((k - 1) % 4) + 1, 4, k, k)
    // The rows that are left go one by one: four products first, then eight at a time.
    const end = k < 12 ? 0 : k - ((k - 4) % 8)
    if (isRows && end > 0) return inLanes(a, row, b, column, 4, index % 2 === 0 ? 8 : 4, end, k)
  } else if (aIsRows && bIsColumns) {
    // Products before the row's next 16-byte boundary come first; columns go four by four, the last ones in wider steps.
    return inLanes(a, row, b, column, Math.min(-row & 3, k), j < n - (n % 4) ? 4 : 8, k, k)
  } else if (aIsRows || !bIsColumns) {
    // Columns before the result row's next 16-byte boundary are reckoned apart, if whole vectors follow.
    const before = -(i * n) & 3
    if (j < before && n - before >= 4) return inFours(a, row, b, column, k)
  }
  return sequence(a, row, b, column, 0, k, 0)
}

/** `start` plus the products from `from` to `to`, one after the other, each rounded. */
function sequence(
  a: MatrixView,
  row: number,
  b: MatrixView,
  column: number,
  from: number,
  to: number,
  start: number,
): number {
  let sum = start
  for (let l = from; l < to; l++) sum = f(sum + f(a.data[row + l * a.columnStep]! * b.data[column + l * b.rowStep]!))
  return sum
}

/** The sums of four products each, added one after the other. */
function inFours(a: MatrixView, row: number, b: MatrixView, column: number, k: number): number {
  let sum = 0
  let l = 0
  for (; l + 4 <= k; l += 4) sum = f(sum + sequence(a, row, b, column, l, l + 4, 0))
  return sequence(a, row, b, column, l, k, sum)
}

/** `before` products into lane 0, then up to `end` in `width` lanes (4 or 8) side by side, their sum, and what is left over. */
function inLanes(
  a: MatrixView,
  row: number,
  b: MatrixView,
  column: number,
  before: number,
  width: number,
  end: number,
  k: number,
): number {
  lanes.fill(0)
  lanes[0] = sequence(a, row, b, column, 0, before, 0)
  let l = before
  for (; l + width <= end; l += width) {
    for (let lane = 0; lane < width; lane++) {
      lanes[lane]! += f(a.data[row + (l + lane) * a.columnStep]! * b.data[column + (l + lane) * b.rowStep]!)
    }
  }
  for (let lane = 0; lane < 4; lane++) lanes[lane]! += lanes[lane + 4]!
  const sum = f(f(lanes[0]! + lanes[2]!) + f(lanes[1]! + lanes[3]!))
  return sequence(a, row, b, column, l, k, sum)
}

const lanes = new Float32Array(8)

/** The inner dimension in blocks: one up to 192, two halves up to 384, beyond that blocks of 192. */
function fusedProduct(
  a: MatrixView,
  b: MatrixView,
  m: number,
  k: number,
  n: number,
  out: Float32Array,
  outOffset: number,
): void {
  out.fill(0, outOffset, outOffset + m * n)
  for (let from = 0; from < k; ) {
    const size = k > 384 ? 192 : k > 192 && from === 0 ? k >> 1 : k
    const depth = Math.min(size, k - from)
    const columns = { ...a, offset: a.offset + from * a.columnStep }
    const rows = { ...b, offset: b.offset + from * b.rowStep }
    addFusedProduct(columns, rows, m, depth, n, out, outOffset)
    from += depth
  }
}

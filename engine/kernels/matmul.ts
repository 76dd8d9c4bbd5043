// Matrix products with the bits of PyTorch's, which are decided by the order of the additions.
//
// That order belongs to Intel's MKL and to its processor. What is followed here is the one mode in which MKL promises the same bits
// on every processor (MKL_CBWR=COMPATIBLE; the recordings are made in it): products are rounded, vectors have four lanes. The orders
// were read off real PyTorch: with a huge number in place p, its negative in place q and ones elsewhere, the sum tells how many
// terms meet before those two do.
//
// Large products take fused steps, as MKL itself does where it need not be the same everywhere: that is two thirds of the time.
import { addFusedProduct } from './tile'

/** Element (i, j) lies at `offset + i * rowStep + j * columnStep`. */
export interface MatrixView {
  readonly data: ArrayLike<number>
  readonly offset: number
  readonly rowStep: number
  readonly columnStep: number
}

const f = Math.fround

/** From so many multiplications on, steps are fused. */
const large = 20 ** 3

/** `a` (m×k) times `b` (k×n) in float32, added to what lies row by row in `out` from `outOffset` on. */
export function matmulFloat32(
  a: MatrixView,
  b: MatrixView,
  m: number,
  k: number,
  n: number,
  out: Float32Array,
  outOffset: number,
): void {
  if (m >= 4 && n >= 4 && m * k * n >= large) {
    fusedProduct(a, b, m, k, n, out, outOffset)
    return
  }
  const isVector = m === 1 || n === 1
  const isBlock = !isVector && m >= 8 && n >= 8 && k >= 8
  const element = isVector ? vectorElement : isBlock ? blockElement : smallElement
  const isPlain = isBlock || (!isVector && (a.columnStep !== 1 || !hasColumns(b)))
  const plainRows = isBlock ? m - (m % 4) : isPlain ? m : 0
  const plainColumns = isBlock ? n - (n % 8) : n - (n % 4)
  for (let i = 0; i < m; i++) {
    let j = 0
    if (i < plainRows) {
      for (; j < plainColumns; j += 4)
        fourColumns(a, b, k, i, j, out, outOffset + i * n + j, !isBlock && !hasColumns(b))
    }
    for (let at = outOffset + i * n + j; j < n; j++, at++) out[at] = element(a, b, m, k, n, i, j, out[at]!)
  }
}

/** Four neighbours in a row, product by product, as `sequence` would one after the other: a processor adds faster than it waits for a sum. */
function fourColumns(
  a: MatrixView,
  b: MatrixView,
  k: number,
  i: number,
  j: number,
  out: Float32Array,
  at: number,
  isInTurn: boolean,
): void {
  const { data: x, columnStep } = a
  const { data: y, rowStep, columnStep: step } = b
  let row = a.offset + i * a.rowStep
  let column = b.offset + j * step
  let c0 = isInTurn ? out[at]! : 0
  let c1 = isInTurn ? out[at + 1]! : 0
  let c2 = isInTurn ? out[at + 2]! : 0
  let c3 = isInTurn ? out[at + 3]! : 0
  for (let l = 0; l < k; l++, row += columnStep, column += rowStep) {
    const left = x[row]!
    c0 = f(c0 + f(left * y[column]!))
    c1 = f(c1 + f(left * y[column + step]!))
    c2 = f(c2 + f(left * y[column + 2 * step]!))
    c3 = f(c3 + f(left * y[column + 3 * step]!))
  }
  out[at] = isInTurn ? c0 : out[at]! + c0
  out[at + 1] = isInTurn ? c1 : out[at + 1]! + c1
  out[at + 2] = isInTurn ? c2 : out[at + 2]! + c2
  out[at + 3] = isInTurn ? c3 : out[at + 3]! + c3
}

/**
 * `start` plus element (i, j) of the product. In which order it is added up, is a matter of how the operands lie in memory, and of its
 * place: products are added to `start` one by one, or first to each other.
 */
type Element = (
  a: MatrixView,
  b: MatrixView,
  m: number,
  k: number,
  n: number,
  i: number,
  j: number,
  start: number,
) => number

/** Lanes run side by side where the rows of `a` and the columns of `b` both lie without gaps; else one product follows the other. */
const smallElement: Element = (a, b, _m, k, n, i, j, start) => {
  const row = a.offset + i * a.rowStep
  const column = b.offset + j * b.columnStep
  if (!hasColumns(b)) return sequence(a, row, b, column, 0, k, start)
  if (a.columnStep !== 1) return f(start + sequence(a, row, b, column, 0, k, 0))
  return f(start + inLanes(a, row, b, column, 0, j < n - (n % 4) ? 4 : 8, k, k))
}

/** Blocks of 4×8 go product by product; to their right stands a small product, below them vectors times a matrix. */
const blockElement: Element = (a, b, m, k, n, i, j, start) => {
  const row = a.offset + i * a.rowStep
  const column = b.offset + j * b.columnStep
  const isBelow = i >= m - (m % 4)
  if (isBelow && hasColumns(b)) return f(start + lineTimesVector(a, row, b, column, k, j, n, a.columnStep))
  if (isBelow || j >= n - (n % 8)) return smallElement(a, b, m, k, n, i, j, start)
  return f(start + sequence(a, row, b, column, 0, k, 0))
}

/** A matrix times a vector, or a vector times a matrix. */
const vectorElement: Element = (a, b, m, k, n, i, j, start) => {
  const row = a.offset + i * a.rowStep
  const column = b.offset + j * b.columnStep
  if (m === 1 && hasColumns(b)) return f(start + lineTimesVector(a, row, b, column, k, j, n, a.columnStep))
  if (m > 1 && a.columnStep === 1) return f(start + lineTimesVector(a, row, b, column, k, i, m, b.rowStep))
  return sequence(a, row, b, column, 0, k, start)
}

/** Whether the numbers of a column, but not those of a row, lie side by side. */
function hasColumns(b: MatrixView): boolean {
  return b.rowStep === 1 && b.columnStep !== 1
}

/** Line `index` of `count` lines of a matrix, times a vector: four lines at once; what is left over goes in wider steps, line by line. */
function lineTimesVector(
  a: MatrixView,
  row: number,
  b: MatrixView,
  column: number,
  k: number,
  index: number,
  count: number,
  vectorStep: number,
): number {
  if (vectorStep === 0) return sequence(a, row, b, column, 0, k, 0) // one number, expanded: PyTorch's own loop
  if (index < count - (count % 4)) return inLanes(a, row, b, column, 1, 4, k, k)
  if (k < (vectorStep === 1 ? 9 : 17)) return sequence(a, row, b, column, 0, k, 0)
  const end = k - ((k - 1) % 8)
  if (vectorStep !== 1) return inLanes(a, row, b, column, 1, 8, end, k, true)
  return inLanes(a, row, b, column, 1, index % 2 === 0 ? 8 : 4, end, k)
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
  const { data: x, columnStep } = a
  const { data: y, rowStep } = b
  let sum = start
  let i = row + from * columnStep
  let j = column + from * rowStep
  for (let l = from; l < to; l++, i += columnStep, j += rowStep) sum = f(sum + f(x[i]! * y[j]!))
  return sum
}

/** `before` products into lane 0, then up to `end` in `width` lanes (4 or 8) side by side, their sum (pairwise or in turn), and what is left over. */
function inLanes(
  a: MatrixView,
  row: number,
  b: MatrixView,
  column: number,
  before: number,
  width: number,
  end: number,
  k: number,
  inTurn = false,
): number {
  lanes.fill(0)
  lanes[0] = sequence(a, row, b, column, 0, before, 0)
  let l = before
  for (; l + width <= end; l += width) {
    for (let lane = 0; lane < width; lane++) {
      lanes[lane]! += f(a.data[row + (l + lane) * a.columnStep]! * b.data[column + (l + lane) * b.rowStep]!)
    }
  }
  if (inTurn)
    return sequence(
      a,
      row,
      b,
      column,
      l,
      k,
      lanes.reduce((sum, lane) => f(sum + lane)),
    )
  for (let lane = 0; lane < 4; lane++) lanes[lane]! += lanes[lane + 4]!
  const sum = f(f(lanes[0]! + lanes[2]!) + f(lanes[1]! + lanes[3]!))
  return sequence(a, row, b, column, l, k, sum)
}

const lanes = new Float32Array(8)

/** Adds the product; the inner dimension in blocks: one up to 192, two halves up to 384, beyond that blocks of 192. */
function fusedProduct(
  a: MatrixView,
  b: MatrixView,
  m: number,
  k: number,
  n: number,
  out: Float32Array,
  outOffset: number,
): void {
  for (let from = 0; from < k; ) {
    const size = k > 384 ? 192 : k > 192 && from === 0 ? k >> 1 : k
    const depth = Math.min(size, k - from)
    const columns = { ...a, offset: a.offset + from * a.columnStep }
    const rows = { ...b, offset: b.offset + from * b.rowStep }
    addFusedProduct(columns, rows, m, depth, n, out, outOffset)
    from += depth
  }
}

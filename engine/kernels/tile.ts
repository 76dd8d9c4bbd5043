// The large matrix product: 4×4 tiles of the result in local variables, both operands packed in the order in which they are read.
//
// A processor adds faster than memory answers. Sixteen sums at once use every loaded number four times, and packing puts
// the numbers side by side. The order of the additions into each single element is the same as without tiles.
import type { MatrixView } from './matmul'

const f = Math.fround

/** Rows and columns of a tile. */
const side = 4

/** Adds `a` (m×depth) times `b` (depth×n), each element summed with fused steps in float32, to `out`, row by row from `outOffset` on. */
export function addFusedProduct(
  a: MatrixView,
  b: MatrixView,
  m: number,
  depth: number,
  n: number,
  out: Float32Array,
  outOffset: number,
): void {
  const left = packed(a.data, a.offset, a.rowStep, a.columnStep, m, depth)
  const right = packed(b.data, b.offset, b.columnStep, b.rowStep, n, depth)
  for (let j = 0; j < n; j += side) {
    for (let i = 0; i < m; i += side) {
      multiplyTile(left, i * depth, right, j * depth, depth)
      addTile(out, outOffset + i * n + j, n, Math.min(side, m - i), Math.min(side, n - j))
    }
  }
}

/** Lines of `depth` numbers, four side by side: number l of line i lies at `(i - i % 4) * depth + 4 * l + i % 4`. Lines that fill up the last four are 0. */
function packed(
  data: ArrayLike<number>,
  offset: number,
  lineStep: number,
  step: number,
  lines: number,
  depth: number,
): Float64Array {
  const out = new Float64Array(Math.ceil(lines / side) * side * depth) // float64, because that is what the processor multiplies
  for (let i = 0; i < lines; i++) {
    let to = (i - (i % side)) * depth + (i % side)
    for (let l = 0, at = offset + i * lineStep; l < depth; l++, at += step, to += side) out[to] = data[at]!
  }
  return out
}

/** The sums of one tile, row by row. */
const tile = new Float32Array(side * side)

/** Four lines of `a` times four lines of `b`. One rounding a step: a fused one. (The float64 sum rounds too; that shows once in 2^29.) */
function multiplyTile(a: Float64Array, i: number, b: Float64Array, j: number, depth: number): void {
  let [c00, c01, c02, c03] = [0, 0, 0, 0]
  let [c10, c11, c12, c13] = [0, 0, 0, 0]
  let [c20, c21, c22, c23] = [0, 0, 0, 0]
  let [c30, c31, c32, c33] = [0, 0, 0, 0]
  for (const end = i + side * depth; i < end; i += side, j += side) {
    const a0 = a[i]!
    const a1 = a[i + 1]!
    const a2 = a[i + 2]!
    const a3 = a[i + 3]!
    const b0 = b[j]!
    const b1 = b[j + 1]!
    const b2 = b[j + 2]!
    const b3 = b[j + 3]!
    c00 = f(c00 + a0 * b0)
    c01 = f(c01 + a0 * b1)
    c02 = f(c02 + a0 * b2)
    c03 = f(c03 + a0 * b3)
    c10 = f(c10 + a1 * b0)
    c11 = f(c11 + a1 * b1)
    c12 = f(c12 + a1 * b2)
    c13 = f(c13 + a1 * b3)
    c20 = f(c20 + a2 * b0)
    c21 = f(c21 + a2 * b1)
    c22 = f(c22 + a2 * b2)
    c23 = f(c23 + a2 * b3)
    c30 = f(c30 + a3 * b0)
    c31 = f(c31 + a3 * b1)
    c32 = f(c32 + a3 * b2)
    c33 = f(c33 + a3 * b3)
  }
  tile.set([c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33])
}

function addTile(out: Float32Array, start: number, rowStep: number, rows: number, columns: number): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[start + i * rowStep + j]! += tile[i * side + j]!
  }
}

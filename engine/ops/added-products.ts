// The products of linalg.ts and addition.ts on plain memory, unrecorded, each added to something or to zeros.
import type { DType, TypedArray } from '../dtype'
import { RuntimeError } from '../errors'
import { assign, fill, map2 } from '../kernels/map'
import { type MatrixView, matmulFloat32 } from '../kernels/matmul'
import type { Sizes } from '../shape'
import { Tensor } from '../tensor'
import { refuseBool } from './unsupported'

/** How a product is computed whose elements are added to something. */
export type AddedProduct = (a: Tensor, b: Tensor, start: Tensor | null) => Tensor

/** `beta * self + alpha * product`: without an alpha the products are added to the rest as they are computed. */
export function added(product: AddedProduct, self: Tensor, a: Tensor, b: Tensor, { beta, alpha }: Factors): Tensor {
  const rest = scaled(self.detach(), beta)
  if (alpha === 1 && self.dtype === a.dtype) return product(a.detach(), b.detach(), rest)
  const result = product(a.detach(), b.detach(), null)
  return map2(rest.expand(result.sizes), scaled(result, alpha), (x, y) => x + y)
}

/** The factors of a product that is added to something, and of what it is added to. */
export interface Factors {
  readonly beta: number
  readonly alpha: number
}

/** `t` itself, or `factor` times it. */
export function scaled(t: Tensor, factor: number): Tensor {
  return factor === 1 ? t : t.mul(factor)
}

function checkTypes(a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype) {
    throw new RuntimeError(
      `expected m1 and m2 to have the same dtype, but got: ${a.dtype.cppName} != ${b.dtype.cppName}`,
    )
  }
}

/** out[m×n] += a[m×k] · b[k×n]. */
function multiply(a: MatrixView, b: MatrixView, m: number, k: number, n: number, out: TypedArray, start: number): void {
  if (out instanceof Float32Array) matmulFloat32(packed(a, m, k), packed(b, k, n), m, k, n, out, start)
  else multiplyInOrder(a, b, m, k, n, out, start)
}

/** One product after the other, each rounded to the dtype. */
function multiplyInOrder(
  a: MatrixView,
  b: MatrixView,
  m: number,
  k: number,
  n: number,
  out: TypedArray,
  start: number,
): void {
  const round = out instanceof Float32Array ? Math.fround : (x: number) => x
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0
      for (let l = 0; l < k; l++) {
        const x = a.data[a.offset + i * a.rowStep + l * a.columnStep]!
        const y = b.data[b.offset + l * b.rowStep + j * b.columnStep]!
        total = round(total + round(x * y))
      }
      out[start + i * n + j]! += total
    }
  }
}

/** The matrix itself if its rows or its columns lie without gaps, which the kernel can walk; else a copy row by row. */
function packed(x: MatrixView, rows: number, columns: number): MatrixView {
  if (columns === 1 && x.columnStep >= rows) return x // a vector may have gaps
  if (x.columnStep === 1 && x.rowStep >= columns) return x
  if (x.rowStep === 1 && x.columnStep >= rows) return x
  const data = new Float32Array(rows * columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) data[i * columns + j] = x.data[x.offset + i * x.rowStep + j * x.columnStep]!
  }
  return { data, offset: 0, rowStep: columns, columnStep: 1 }
}

function matrixOf(t: Tensor): MatrixView {
  return { data: t.storage.data, offset: t.offset, rowStep: t.strides[0]!, columnStep: t.strides[1]! }
}

/** Fresh memory for a sum of products, row by row: zeros, or what they are to be added to. Booleans have no products. */
function sumFrom(start: Tensor | null, sizes: Sizes, dtype: DType, kernel: string): Tensor {
  const out = Tensor.forResult(sizes, dtype)
  if (start === null) fill(out, 0)
  else assign(out, start.detach().expand(sizes))
  refuseBool(dtype, kernel)
  return out
}

/** `start` plus a product of two matrices. */
export const matrices: AddedProduct = (self, other, start) => {
  if (self.sizes.length !== 2) throw new RuntimeError('self must be a matrix')
  if (other.sizes.length !== 2) throw new RuntimeError('mat2 must be a matrix')
  const [m, k] = self.sizes as [number, number]
  const [l, n] = other.sizes as [number, number]
  if (k !== l) {
    throw new RuntimeError(
      `mat1 and mat2 shapes cannot be multiplied (${m}x${k} and ${l}x${n})`,
      `A matrix product needs as many columns on the left (${k}) as rows on the right (${l}).`,
    )
  }
  checkTypes(self, other)
  const out = sumFrom(start, [m, n], self.dtype, 'addmm_impl_cpu_')
  multiply(matrixOf(self), matrixOf(other), m, k, n, out.storage.data, out.offset)
  return out
}

/** `start` plus a matrix times a vector. */
export const matrixTimesVector: AddedProduct = (self, vec, start) => {
  if (self.sizes.length !== 2 || vec.sizes.length !== 1) {
    throw new RuntimeError(`vector + matrix @ vector expected, got 1, ${self.sizes.length}, ${vec.sizes.length}`)
  }
  const [m, k] = self.sizes as [number, number]
  const n = vec.sizes[0]!
  if (k !== n) throw new RuntimeError(`size mismatch, got input (${m}), mat (${m}x${k}), vec (${n})`)
  checkTypes(self, vec)
  const out = sumFrom(start, [m], self.dtype, 'addmv_impl_cpu')
  // A single row that also counts as columns is taken for columns.
  const columnStep = self.strides[0] === 1 ? 1 : k
  const column = { data: vec.storage.data, offset: vec.offset, rowStep: vec.strides[0]!, columnStep }
  multiply(matrixOf(self), column, m, k, 1, out.storage.data, out.offset)
  return out
}

/** `start` plus the products of two batches of matrices. */
export const batches: AddedProduct = (self, other, start) => {
  if (self.sizes.length !== 3) throw new RuntimeError('batch1 must be a 3D tensor')
  if (other.sizes.length !== 3) throw new RuntimeError('batch2 must be a 3D tensor')
  const [b, m, k] = self.sizes as [number, number, number]
  const [c, l, n] = other.sizes as [number, number, number]
  if (b !== c || k !== l) {
    throw new RuntimeError(
      `Expected size for first two dimensions of batch2 tensor to be: [${b}, ${k}] but got: [${c}, ${l}].`,
    )
  }
  checkTypes(self, other)
  const out = sumFrom(start, [b, m, n], self.dtype, 'bmm')
  // Small pages go through PyTorch's own loop, larger ones through the library that mm uses.
  const multiplyPage = m * k * n < 400 ? multiplyInOrder : multiply
  for (let i = 0; i < b; i++) {
    multiplyPage(pageOf(self, i), pageOf(other, i), m, k, n, out.storage.data, out.offset + i * m * n)
  }
  return out
}

/** `start` plus the products of two batches of matrices, all added up. */
export const sumOfBatches: AddedProduct = (self, other, start) => {
  const pages = self.sizes[0] === other.sizes[0] ? self.unbind(0) : []
  if (pages.length === 0) return batches(self, other, start)
  return pages.reduce<Tensor | null>((sum, page, i) => matrices(page, other.select(0, i), sum), start)!
}

function pageOf(t: Tensor, i: number): MatrixView {
  return {
    data: t.storage.data,
    offset: t.offset + i * t.strides[0]!,
    rowStep: t.strides[1]!,
    columnStep: t.strides[2]!,
  }
}

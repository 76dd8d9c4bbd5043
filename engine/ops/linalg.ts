// Products of vectors and matrices.
import { requireTensor } from '../arguments'
import { allocate, float32, float64, type TypedArray } from '../dtype'
import { RuntimeError } from '../errors'
import { dotFloat32, dotFloat64 } from '../kernels/dot'
import { map2, rowMajor } from '../kernels/map'
import { type MatrixView, matmulFloat32 } from '../kernels/matmul'
import { broadcastSizes, formatSizes, numelOf, type Sizes } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { needs, type Op, op2, op3 } from './op'
import { tensordot } from './tensordot'
import { _unsafe_view, squeeze_ } from './views'

/** A product of two tensors. */
export type Product = Op<[self: Tensor, other: Tensor]>

const innerProduct = (gradFn: string): Product =>
  op2<Tensor>({
    gradFn,
    selfFirst: true,
    forward: (self, other) => {
      requireTensor(other, gradFn === 'DotBackward0' ? 'dot' : 'vdot', 'other') // not a number, unlike mul
      checkDot(self, other)
      const a = rowMajor(self)
      const b = rowMajor(other)
      const n = self.sizes[0]!
      let total = 0
      if (self.dtype === float32)
        total = dotFloat32(a.data as Float32Array, a.offset, b.data as Float32Array, b.offset, n)
      else if (self.dtype === float64)
        total = dotFloat64(a.data as Float64Array, a.offset, b.data as Float64Array, b.offset, n)
      else for (let i = 0; i < n; i++) total += a.data[a.offset + i]! * b.data[b.offset + i]!
      return Tensor.scalar(total, self.dtype)
    },
    self: needs('other', (grad, { other }) => grad.mul(other)),
    other: needs('self', (grad, { self }) => grad.mul(self)),
    samples: (t) => [[t([1, 2, 3]), t([4, -5, 6])]],
  })

/** The inner product of two vectors: a scalar. */
export const dot: Product = innerProduct('DotBackward0')

/** {@link dot}; the two differ for complex numbers only. */
export const vdot: Product = innerProduct('VdotBackward0')

/** The sums of products over the last dimension of both. */
export function inner(self: Tensor, other: Tensor): Tensor {
  accept('inner(Tensor input, Tensor other)', self, other)
  const [a, b] = [self.sizes.length, other.sizes.length]
  if (a === 0 || b === 0) return self.mul(other)
  if (self.sizes[a - 1] !== other.sizes[b - 1]) {
    throw new RuntimeError(
      `inner() the last dimension must match on both input tensors but got shapes ${formatSizes(self.sizes)} and ${formatSizes(other.sizes)}`,
    )
  }
  return tensordot(self, other, [[-1], [-1]])
}

function checkDot(self: Tensor, other: Tensor): void {
  const [m, n] = [self.sizes.length, other.sizes.length]
  if (m !== 1 || n !== 1) throw new RuntimeError(`1D tensors expected, but got ${m}D and ${n}D tensors`)
  if (self.dtype !== other.dtype) {
    throw new RuntimeError(
      `dot : expected both vectors to have same dtype, but found ${self.dtype.legacyName} and ${other.dtype.legacyName}`,
    )
  }
  if (self.sizes[0] !== other.sizes[0]) {
    throw new RuntimeError(
      `inconsistent tensor size, expected tensor [${self.sizes[0]}] and src [${other.sizes[0]}] to have the same number of elements, but got ${self.sizes[0]} and ${other.sizes[0]} elements respectively`,
    )
  }
}

function checkTypes(a: Tensor, b: Tensor): void {
  if (a.dtype !== b.dtype) {
    throw new RuntimeError(
      `expected m1 and m2 to have the same dtype, but got: ${a.dtype.cppName} != ${b.dtype.cppName}`,
    )
  }
}

/** out[m×n] = a[m×k] · b[k×n]. */
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
      out[start + i * n + j] = total
    }
  }
}

/** The matrix itself if its rows or its columns lie without gaps, which the kernel can walk; else a copy row by row. */
function packed(x: MatrixView, rows: number, columns: number): MatrixView {
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

/** The product of two matrices, m×k and k×n. */
export const mm: Product = op2<Tensor>({
  gradFn: 'MmBackward0',
  forward: (self, other) => {
    requireTensor(other, 'mm', 'mat2')
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
    const out = Tensor.forResult([m, n], self.dtype)
    multiply(matrixOf(self), matrixOf(other), m, k, n, out.storage.data, out.offset)
    return out
  },
  self: needs('other', (grad, { other }) => grad.mm(other.t())),
  other: needs('self', (grad, { self }) => self.t().mm(grad)),
  samples: (t) => [
    [
      t([[1, 2, 3]]),
      t([
        [4, 1],
        [5, -2],
        [6, 3],
      ]),
    ],
  ],
})

const addProduct = op3<{ beta: number; alpha: number }>({
  gradFn: 'AddmmBackward0',
  forward: (self, mat1, mat2, { beta, alpha }) => {
    const product = mm(mat1.detach(), mat2.detach())
    const start = self.detach().expand(product.sizes)
    return map2(beta === 1 ? start : start.mul(beta), alpha === 1 ? product : product.mul(alpha), (a, b) => a + b)
  },
  self: (grad, { args: { beta } }) => (beta === 1 ? grad : grad.mul(beta)),
  other: needs('third', (grad, { third: mat2, args: { alpha } }) => scaled(grad.mm(mat2.t()), alpha)),
  third: needs('other', (grad, { other: mat1, args: { alpha } }) => scaled(mat1.t().mm(grad), alpha)),
  samples: (t) => [
    [
      t([1, 2]),
      t([[1, 2, 3]]),
      t([
        [4, 1],
        [5, -2],
        [6, 3],
      ]),
      { beta: 1, alpha: 0.5 },
    ],
  ],
})

function scaled(t: Tensor, factor: number): Tensor {
  return factor === 1 ? t : t.mul(factor)
}

/** `beta * input + alpha * (mat1 · mat2)`. */
export function addmm(
  input: Tensor,
  mat1: Tensor,
  mat2: Tensor,
  options: { beta?: number; alpha?: number } = {},
): Tensor {
  const [, , beta, alpha] = accept<[Tensor, Tensor, number, number]>(
    'addmm(Tensor input, Tensor mat1, Tensor mat2, float beta=1, float alpha=1)',
    input,
    mat1,
    mat2,
    options,
  )
  return addProduct(input, mat1, mat2, { beta, alpha })
}

/** {@link addmm} in place. */
export function addmm_(
  input: Tensor,
  mat1: Tensor,
  mat2: Tensor,
  options: { beta?: number; alpha?: number } = {},
): Tensor {
  const [, , beta, alpha] = accept<[Tensor, Tensor, number, number]>(
    'addmm_(Tensor input, Tensor mat1, Tensor mat2, float beta=1, float alpha=1)',
    input,
    mat1,
    mat2,
    options,
  )
  return addProduct.inplace(input, mat1, mat2, { beta, alpha })
}

/** A matrix times a vector. */
export const mv: Product = op2<Tensor>({
  gradFn: 'MvBackward0',
  selfFirst: true,
  forward: (self, vec) => {
    requireTensor(vec, 'mv', 'vec')
    if (self.sizes.length !== 2 || vec.sizes.length !== 1) {
      throw new RuntimeError(`vector + matrix @ vector expected, got 1, ${self.sizes.length}, ${vec.sizes.length}`)
    }
    const [m, k] = self.sizes as [number, number]
    const n = vec.sizes[0]!
    if (k !== n) throw new RuntimeError(`size mismatch, got input (${m}), mat (${m}x${k}), vec (${n})`)
    checkTypes(self, vec)
    const out = Tensor.forResult([m], self.dtype)
    const column = { data: vec.storage.data, offset: vec.offset, rowStep: vec.strides[0]!, columnStep: 1 }
    multiply(matrixOf(self), column, m, k, 1, out.storage.data, out.offset)
    return out
  },
  self: needs('other', (grad, { other: vec }) => grad.outer(vec)),
  other: needs('self', (grad, { self }) => self.t().mv(grad)),
  samples: (t) => [
    [
      t([
        [1, 2, 3],
        [0, 1, -1],
      ]),
      t([4, 5, 6]),
    ],
  ],
})

/** Products of two batches of matrices, b×m×k and b×k×n. */
export const bmm: Product = op2<Tensor>({
  gradFn: 'BmmBackward0',
  forward: (self, other) => {
    requireTensor(other, 'bmm', 'mat2')
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
    const out = allocate(self.dtype, b * m * n)
    for (let i = 0; i < b; i++) {
      const [x, y] = [pageOf(self, i), pageOf(other, i)]
      // Small pages go through PyTorch's own loop, larger ones through the library that mm uses.
      if (m * k * n < 400) multiplyInOrder(x, y, m, k, n, out, i * m * n)
      else multiply(x, y, m, k, n, out, i * m * n)
    }
    return Tensor.own(out, [b, m, n], self.dtype)
  },
  self: needs('other', (grad, { other }) => grad.bmm(other.transpose(1, 2))),
  other: needs('self', (grad, { self }) => self.transpose(1, 2).bmm(grad)),
  samples: (t) => [
    [
      t([[[1, 2, 3]]]),
      t([
        [
          [4, 1],
          [5, -2],
          [6, 3],
        ],
      ]),
    ],
  ],
})

function pageOf(t: Tensor, i: number): MatrixView {
  return {
    data: t.storage.data,
    offset: t.offset + i * t.strides[0]!,
    rowStep: t.strides[1]!,
    columnStep: t.strides[2]!,
  }
}

/** The outer product of two vectors: element (i, j) is `self[i] * vec2[j]`. */
export function outer(self: Tensor, vec2: Tensor): Tensor {
  accept('outer(Tensor input, Tensor vec2)', self, vec2)
  if (self.sizes.length !== 1) {
    throw new RuntimeError(`outer: Expected 1-D argument self, but got ${self.sizes.length}-D`)
  }
  if (vec2.sizes.length !== 1) {
    throw new RuntimeError(`outer: Expected 1-D argument vec2, but got ${vec2.sizes.length}-D`)
  }
  return self.reshape([self.sizes[0]!, 1]).mul(vec2)
}

/** The product that Python's `@` means: dot, matrix times vector, matrices, or batches of them, by the number of dimensions. */
export function matmul(self: Tensor, other: Tensor): Tensor {
  requireTensor(self, 'matmul', 'input')
  requireTensor(other, 'matmul', 'other')
  const [a, b] = [self.sizes.length, other.sizes.length]
  if (a === 0 || b === 0) {
    throw new RuntimeError(`both arguments to matmul need to be at least 1D, but they are ${a}D and ${b}D`)
  }
  if (a === 1 && b === 1) return self.dot(other)
  if (a === 2 && b === 1) return self.mv(other)
  if (a === 1 && b === 2) return squeeze_(self.unsqueeze(0).mm(other), 0)
  if (a === 2 && b === 2) return self.mm(other)
  return batched(self, other)
}

function batched(self: Tensor, other: Tensor): Tensor {
  const [a, b] = [self.sizes.length, other.sizes.length]
  // A batch times one matrix is one product of a taller matrix.
  if (a >= 3 && b <= 2) {
    const rows = numelOf(self.sizes.slice(0, -1))
    const flat = self.reshape([rows, self.sizes[a - 1]!])
    const product = b === 1 ? flat.mv(other) : flat.mm(other)
    return _unsafe_view(product, [...self.sizes.slice(0, -1), ...other.sizes.slice(1)])
  }
  const left = a === 1 ? self.unsqueeze(0) : self
  const right = b === 1 ? other.unsqueeze(1) : other
  const [m, k] = left.sizes.slice(-2) as [number, number]
  const [l, n] = right.sizes.slice(-2) as [number, number]
  const batch = broadcastSizes(left.sizes.slice(0, -2), right.sizes.slice(0, -2))
  const count = numelOf(batch)
  const product = left
    .expand([...batch, m, k])
    .reshape([count, m, k])
    .bmm(right.expand([...batch, l, n]).reshape([count, l, n]))
  const sizes: Sizes = [...batch, ...(a === 1 ? [] : [m]), ...(b === 1 ? [] : [n])]
  return _unsafe_view(product, sizes)
}

// Products of vectors and matrices.
import { requireTensor } from '../arguments'
import { tracked } from '../autograd/graph'
import { float32, float64 } from '../dtype'
import { RuntimeError } from '../errors'
import { dotFloat32, dotFloat64 } from '../kernels/dot'
import { rowMajor } from '../kernels/map'
import { broadcastSizes, formatSizes, numelOf, type Sizes } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { added, batches, type Factors, matrices, matrixTimesVector, scaled } from './added-products'
import { needs, type Op, op2, op3 } from './op'
import { tensordot } from './tensordot'
import { refuseBool } from './unsupported'
import { _unsafe_view, squeeze_ } from './views'

/** A product of two tensors. */
export type Product = Op<[self: Tensor, other: Tensor]>

const innerProduct = (gradFn: string, order: readonly number[]): Product =>
  op2<Tensor>({
    gradFn,
    order,
    forward: (self, other) => {
      requireTensor(other, gradFn === 'DotBackward0' ? 'dot' : 'vdot', 'other') // not a number, unlike mul
      checkDot(self, other)
      refuseBool(self.dtype, 'dot')
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

/**
 * The inner product of two vectors: a scalar.
 * @shape (n), (n) → ()
 */
export const dot: Product = innerProduct('DotBackward0', [0, 1])

/**
 * {@link dot}; the two differ for complex numbers only.
 * @shape (n), (n) → ()
 */
export const vdot: Product = innerProduct('VdotBackward0', [1, 0])

/**
 * The sums of products over the last dimension of both.
 * @shape A, B → the dimensions of A but the last, then those of B
 */
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

/** Of two factors, which lie in memory column by column: 1 for the first, 2 for the second. Their gradients are made to lie so too. */
function inColumns(first: Tensor, second: Tensor): number {
  return (liesInColumns(first) ? 1 : 0) + (liesInColumns(second) ? 2 : 0)
}

function liesInColumns({ sizes, strides }: Tensor): boolean {
  return strides[0] === 1 && strides[1] === sizes[0]
}

/** Of C = A B: g_A = g Bᵀ = (B gᵀ)ᵀ */
function towardsFirst(grad: Tensor, second: Tensor, columns: number): Tensor {
  return columns & 1 ? second.mm(grad.t()).t() : grad.mm(second.t())
}

/** g_B = Aᵀ g = (gᵀ A)ᵀ */
function towardsSecond(grad: Tensor, first: Tensor, columns: number): Tensor {
  return columns & 2 ? grad.t().mm(first).t() : first.t().mm(grad)
}

const matrixProduct: Op<[self: Tensor, other: Tensor, columns: number]> = op2<Tensor, number>({
  gradFn: 'MmBackward0',
  forward: (self, other) => matrices(self, other, null),
  self: needs('other', (grad, { other, args: columns }) => towardsFirst(grad, other, columns)),
  other: needs('self', (grad, { self, args: columns }) => towardsSecond(grad, self, columns)),
  samples: (t) => [
    [
      t([[1, 2, 3]]),
      t([
        [4, 1],
        [5, -2],
        [6, 3],
      ]),
      0,
    ],
    [
      t([[1, 2]]),
      t([
        [4, 1, 5],
        [-2, 6, 3],
      ]),
      3,
    ],
  ],
})

/**
 * The product of two matrices, m×k and k×n.
 * @shape (m, k), (k, n) → (m, n)
 */
export function mm(self: Tensor, mat2: Tensor): Tensor {
  requireTensor(self, 'mm', 'input')
  requireTensor(mat2, 'mm', 'mat2')
  return matrixProduct(self, mat2, inColumns(self, mat2))
}

const addProduct = op3<Factors & { columns: number }>({
  gradFn: 'AddmmBackward0',
  order: [1, 2, 0], // mat1, mat2, self
  forward: (self, mat1, mat2, factors) => added(matrices, self, mat1, mat2, factors),
  self: (grad, { args: { beta } }) => scaled(grad, beta),
  other: needs('third', (grad, { third: mat2, args: { alpha, columns } }) =>
    scaled(towardsFirst(grad, mat2, columns), alpha),
  ),
  third: needs('other', (grad, { other: mat1, args: { alpha, columns } }) =>
    scaled(towardsSecond(grad, mat1, columns), alpha),
  ),
  samples: (t) => [
    [
      t([1, 2]),
      t([[1, 2, 3]]),
      t([
        [4, 1],
        [5, -2],
        [6, 3],
      ]),
      { beta: 1, alpha: 0.5, columns: 0 },
    ],
  ],
})

/** addmm names what it is given in words of its own. */
function refuseFactors(input: Tensor, mat1: Tensor, mat2: Tensor): void {
  for (const [name, t] of Object.entries({ mat1, mat2 })) {
    if (t.sizes.length !== 2) throw new RuntimeError(`${name} must be a matrix, got ${t.sizes.length}-D tensor`)
  }
  for (const [name, t] of Object.entries({ self: input, mat1 })) {
    if (t.dtype === mat2.dtype) continue
    throw new RuntimeError(
      `${name} and mat2 must have the same dtype, but got ${t.dtype.legacyName} and ${mat2.dtype.legacyName}`,
    )
  }
}

/**
 * `beta * input + alpha * (mat1 · mat2)`.
 * @shape A, (m, k), (k, n) → (m, n)
 */
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
  refuseFactors(input, mat1, mat2)
  return addProduct(input, mat1, mat2, { beta, alpha, columns: inColumns(mat1, mat2) })
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
  return addProduct.inplace(input, mat1, mat2, { beta, alpha, columns: inColumns(mat1, mat2) })
}

/**
 * A matrix times a vector.
 * @shape (m, k), (k) → (m)
 */
export const mv: Product = op2<Tensor>({
  gradFn: 'MvBackward0',
  order: [0, 1],
  forward: (self, vec) => {
    requireTensor(vec, 'mv', 'vec')
    return matrixTimesVector(self, vec, null)
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

/**
 * Products of two batches of matrices, b×m×k and b×k×n.
 * @shape (b, m, k), (b, k, n) → (b, m, n)
 */
export const bmm: Product = op2<Tensor>({
  gradFn: 'BmmBackward0',
  forward: (self, other) => {
    requireTensor(other, 'bmm', 'mat2')
    return batches(self, other, null)
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

/**
 * The outer product of two vectors: element (i, j) is `self[i] * vec2[j]`.
 * @shape (m), (n) → (m, n)
 */
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

/**
 * The product that Python's `@` means: dot, matrix times vector, matrices, or batches of them, by the number of dimensions.
 * @shape (n), (n) → (); (m, k), (k) → (m); (k), (k, n) → (n); (..., m, k), (k, n) → (..., m, n); (..., m, k), (..., k, n) → (..., m, n)
 */
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

/** Whether the pages of a batch become one matrix: where they can without a copy, and where the other matrix wants a gradient. */
function isTaller(batch: Tensor, one: Tensor, leftDims: number): boolean {
  if (batch.sizes.length < 3) return false
  if (tracked(one)) return true
  if (leftDims === 2) return false
  const { sizes, strides } = batch
  return numelOf(sizes) === 0 || sizes.slice(0, -2).every((_, d) => strides[d] === strides[d + 1]! * sizes[d + 1]!)
}

function tallProduct(batch: Tensor, one: Tensor): Tensor {
  const sizes = batch.sizes.slice(0, -1)
  const tall = batch.reshape([numelOf(sizes), batch.sizes.at(-1)!])
  const product = one.sizes.length === 1 ? tall.mv(one) : tall.mm(one)
  return _unsafe_view(product, [...sizes, ...one.sizes.slice(1)])
}

function batched(self: Tensor, other: Tensor): Tensor {
  const [a, b] = [self.sizes.length, other.sizes.length]
  if (Math.min(a, b) <= 2) {
    // A batch times one matrix is one product of a taller matrix; a matrix times a batch is that, transposed.
    const [batch, one] = a >= b ? [self, other] : [other.mT, self]
    if (isTaller(batch, one, a)) {
      const product = tallProduct(batch, a === 2 ? one.t() : one)
      return a === 2 ? product.mT.contiguous() : product
    }
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

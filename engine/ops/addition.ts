// A product added to something: vectors, matrices, batches.
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import {
  type AddedProduct,
  added,
  batches,
  type Factors,
  matrixTimesVector,
  scaled,
  sumOfBatches,
} from './added-products'
import { outer } from './linalg'
import { needs, type Op, op3, type Samples } from './op'

type Three = [self: Tensor, other: Tensor, third: Tensor]

/** `beta * self + alpha * product(a, b)`, with the gradients of the product for one of its factors. */
function addedOp(
  gradFn: string,
  order: readonly number[],
  product: AddedProduct,
  toFirst: (grad: Tensor, b: Tensor) => Tensor,
  toSecond: (grad: Tensor, a: Tensor) => Tensor,
  samples: Samples<[...Three, Factors]>,
): Op<[...Three, args: Factors]> {
  return op3<Factors>({
    gradFn,
    order,
    forward: (self, a, b, factors) => added(product, self, a, b, factors),
    self: (grad, { args: { beta } }) => scaled(grad, beta),
    other: needs('third', (grad, { third: b, args: { alpha } }) => scaled(toFirst(grad, b), alpha)),
    third: needs('other', (grad, { other: a, args: { alpha } }) => scaled(toSecond(grad, a), alpha)),
    samples,
  })
}

const HALF: Factors = { beta: 0.5, alpha: 2 }
const MATRIX = [
  [1, 2, -1],
  [0.5, 0, 3],
]
const TALL = [
  [4, 1],
  [5, -2],
  [6, 3],
]

const addVector = addedOp(
  'AddmvBackward0',
  [1, 0, 2], // mat, self, vec
  matrixTimesVector,
  (grad, vector) => grad.outer(vector),
  (grad, matrix) => matrix.t().mv(grad),
  (t) => [[t([1, 2]), t(MATRIX), t([4, 5, 6]), HALF]],
)
const addOuter = addedOp(
  'AddrBackward0',
  [0, 1, 2], // self, vec1, vec2
  (a, b, start) => (start === null ? outer(a, b) : start.add(outer(a, b))),
  (grad, second) => grad.mv(second),
  (grad, first) => grad.t().mv(first),
  (t) => [[t(MATRIX), t([4, 5]), t([1, -2, 3]), HALF]],
)
const addBatch = addedOp(
  'BaddbmmBackward0',
  [1, 2, 0], // batch1, batch2, self
  batches,
  (grad, second) => grad.bmm(second.transpose(1, 2)),
  (grad, first) => first.transpose(1, 2).bmm(grad),
  (t) => [[t([[1, 2]]), t([MATRIX]), t([TALL]), HALF]],
)
const addSumOfBatch = addedOp(
  'AddbmmBackward0',
  [1, 2, 0], // batch1, batch2, self
  sumOfBatches,
  (grad, second) =>
    grad
      .unsqueeze(0)
      .expand([second.sizes[0]!, ...grad.sizes])
      .bmm(second.transpose(1, 2)),
  (grad, first) => first.transpose(1, 2).bmm(grad.unsqueeze(0).expand([first.sizes[0]!, ...grad.sizes])),
  (t) => [[t([1, 2]), t([MATRIX]), t([TALL]), HALF]],
)

/** The factors of the two terms. */
export interface AdditionOptions {
  beta?: number
  alpha?: number
}

type Addition = (input: Tensor, a: Tensor, b: Tensor, options?: AdditionOptions) => Tensor

function addition(name: string, first: string, second: string, op: typeof addVector): Addition {
  const signature = `${name}(Tensor input, Tensor ${first}, Tensor ${second}, float beta=1, float alpha=1)`
  return (input, a, b, options) => {
    const [, , beta, alpha] = accept<[Tensor, Tensor, number, number]>(signature, input, a, b, options)
    return op(input, a, b, { beta, alpha })
  }
}

/**
 * `beta * input + alpha * (mat · vec)`.
 * @shape A, (m, k), (k) → (m)
 */
export const addmv: Addition = addition('addmv', 'mat', 'vec', addVector)
/**
 * `beta * input + alpha * (vec1 ⊗ vec2)`, the outer product.
 * @shape A, (m), (n) → (m, n)
 */
export const addr: Addition = addition('addr', 'vec1', 'vec2', addOuter)
/**
 * `beta * input + alpha * (batch1 · batch2)`, for each matrix of two batches.
 * @shape A, (b, m, k), (b, k, n) → (b, m, n)
 */
export const baddbmm: Addition = addition('baddbmm', 'batch1', 'batch2', addBatch)
/**
 * `beta * input + alpha * Σ (batch1 · batch2)`, the products of two batches added up.
 * @shape A, (b, m, k), (b, k, n) → (m, n)
 */
export const addbmm: Addition = addition('addbmm', 'batch1', 'batch2', addSumOfBatch)

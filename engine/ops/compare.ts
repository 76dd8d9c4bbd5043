// Comparisons and tests, elementwise and of whole tensors. None of them has a derivative.
import { requireTensor } from '../arguments'
import { bool, type DType } from '../dtype'
import { RuntimeError } from '../errors'
import { map1, map2, rowMajor } from '../kernels/map'
import { numelOf, sameSizes } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import type { Operand } from './op'

/** @shape A, B → broadcast(A, B) */
type Compare = (self: Tensor, other: Operand) => Tensor
/** @shape A → A */
type Test = (self: Tensor) => Tensor

function compare(name: string, holds: (a: number, b: number) => boolean): Compare {
  return (self, other) => {
    requireTensor(self, name, 'input')
    if (typeof other !== 'number') requireTensor(other, name, 'other')
    return map2(self, other, (a, b) => (holds(a, b) ? 1 : 0), bool)
  }
}

function test(name: string, holds: (x: number) => boolean): Test {
  return (self) => {
    requireTensor(self, name, 'input')
    return map1(self, (x) => (holds(x) ? 1 : 0), bool)
  }
}

/** `self == other`, elementwise. */
export const eq: Compare = compare('eq', (a, b) => a === b)
/** `self != other`, elementwise. */
export const ne: Compare = compare('ne', (a, b) => a !== b)
/** `self < other`, elementwise. */
export const lt: Compare = compare('lt', (a, b) => a < b)
/** `self <= other`, elementwise. */
export const le: Compare = compare('le', (a, b) => a <= b)
/** `self > other`, elementwise. */
export const gt: Compare = compare('gt', (a, b) => a > b)
/** `self >= other`, elementwise. */
export const ge: Compare = compare('ge', (a, b) => a >= b)

/** Both true, where true is anything but 0. */
export const logical_and: Compare = compare('logical_and', (a, b) => a !== 0 && b !== 0)
/** At least one true. */
export const logical_or: Compare = compare('logical_or', (a, b) => a !== 0 || b !== 0)
/** Exactly one true. */
export const logical_xor: Compare = compare('logical_xor', (a, b) => (a !== 0) !== (b !== 0))
/** True where `self` is 0. */
export const logical_not: Test = test('logical_not', (x) => x === 0)

/** True where an element is not a number. */
export const isnan: Test = test('isnan', Number.isNaN)
/** True where an element is infinite. */
export const isinf: Test = test('isinf', (x) => Math.abs(x) === Number.POSITIVE_INFINITY)
/** True where an element is -inf. */
export const isneginf: Test = test('isneginf', (x) => x === Number.NEGATIVE_INFINITY)
/** True where an element is +inf. */
export const isposinf: Test = test('isposinf', (x) => x === Number.POSITIVE_INFINITY)
/** True everywhere: there are no complex numbers here. */
export const isreal: Test = test('isreal', () => true)
/** True where the sign is minus, at -0 too. */
export const signbit: Test = test('signbit', (x) => x < 0 || Object.is(x, -0))
/** True where an element is neither infinite nor nan. */
export const isfinite: Test = test('isfinite', Number.isFinite)

/**
 * Whether all elements are true (not 0), over all dimensions or along some.
 * @shape A → () or A without dim
 */
export function all(
  self: Tensor,
  dim?: number | readonly number[] | null | { dim?: number | readonly number[] | null; keepdim?: boolean },
  keepdim?: boolean | { keepdim?: boolean },
): Tensor {
  const [along, keep] = accept<[number | readonly number[] | null, boolean]>(
    'all(Tensor input, ints dim=None, bool keepdim=False)',
    self,
    dim,
    keepdim,
  )
  const misses = map1(self, (x) => (x === 0 ? 1 : 0), bool).sum(along, { keepdim: keep })
  return misses.eq(0)
}

/**
 * Whether any element is true (not 0), over all dimensions or along some.
 * @shape A → () or A without dim
 */
export function any(
  self: Tensor,
  dim?: number | readonly number[] | null | { dim?: number | readonly number[] | null; keepdim?: boolean },
  keepdim?: boolean | { keepdim?: boolean },
): Tensor {
  const [along, keep] = accept<[number | readonly number[] | null, boolean]>(
    'any(Tensor input, ints dim=None, bool keepdim=False)',
    self,
    dim,
    keepdim,
  )
  const hits = map1(self, (x) => (x === 0 ? 0 : 1), bool).sum(along, { keepdim: keep })
  return hits.ne(0)
}

/**
 * Whether two tensors have the same shape and the same elements.
 * @shape A, B → ()
 */
export function equal(self: Tensor, other: Tensor): boolean {
  requireTensor(self, 'equal', 'input')
  requireTensor(other, 'equal', 'other')
  if (self.dtype !== other.dtype) {
    throw new RuntimeError(
      `Expected object of data type ${cppScalar(self.dtype)} but got data type ${cppScalar(other.dtype)} for argument 'other' in call to equal`,
    )
  }
  if (!sameSizes(self.sizes, other.sizes)) return false
  const a = rowMajor(self)
  const b = rowMajor(other)
  const n = numelOf(self.sizes)
  for (let i = 0; i < n; i++) if (a.data[a.offset + i] !== b.data[b.offset + i]) return false
  return true
}

function cppScalar(dtype: DType): string {
  return dtype.cppName
}

/** How near is near enough: `|self - other| <= atol + rtol * |other|`. */
export interface Tolerance {
  rtol?: number
  atol?: number
  equal_nan?: boolean
}

/**
 * Elementwise nearness.
 * @shape A, B → broadcast(A, B)
 */
export function isclose(self: Tensor, other: Tensor, tolerance: Tolerance = {}): Tensor {
  return nearness('isclose', self, other, tolerance)
}

function nearness(name: string, self: Tensor, other: Tensor, tolerance: Tolerance): Tensor {
  const [, rtol, atol, equal_nan] = accept<[Tensor, number, number, boolean]>(
    `${name}(Tensor input, Tensor other, float rtol=1e-5, float atol=1e-8, bool equal_nan=False)`,
    self,
    other,
    tolerance,
  )
  if (self.dtype !== other.dtype) {
    throw new RuntimeError(`${self.dtype.legacyName} did not match ${other.dtype.legacyName}`)
  }
  const near = (a: number, b: number) =>
    a === b ||
    (equal_nan && Number.isNaN(a) && Number.isNaN(b)) ||
    (Number.isFinite(b) && Math.abs(a - b) <= atol + Math.abs(rtol * b))
  return map2(self, other, (a, b) => (near(a, b) ? 1 : 0), bool)
}

/**
 * Whether all elements are near: see {@link isclose}.
 * @shape A, B → ()
 */
export function allclose(self: Tensor, other: Tensor, tolerance: Tolerance = {}): boolean {
  const near = nearness('allclose', self, other, tolerance)
  return near.storage.data.subarray(near.offset, near.offset + numelOf(near.sizes)).every((x) => x === 1)
}

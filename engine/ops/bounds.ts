// The larger, the smaller, and what lies between: maximum, minimum, clamp; and elements overwritten by a mask.
import { requireTensor } from '../arguments'
import { bool } from '../dtype'
import { RuntimeError } from '../errors'
import { map1, map2, map3, resultType } from '../kernels/map'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { needs, type Op, type Operand, op1, op2, op3 } from './op'
import { where } from './where'

/**
 * The larger of two, elementwise; equal ones share the gradient.
 * @shape A, B → broadcast(A, B)
 */
export const maximum: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'MaximumBackward0',
  forward: (self, other) => {
    requireTensor(other, 'maximum', 'other') // not a number, unlike mul
    return map2(self, other, Math.max)
  },
  self: needs('self', 'other', (grad, { self, other }) =>
    where(self.eq(other), grad.div(2), grad).masked_fill(self.lt(other), 0),
  ),
  other: needs('self', 'other', (grad, { self, other }) =>
    where(self.eq(other), grad.div(2), grad).masked_fill(self.gt(other), 0),
  ),
  samples: (t) => [[t([1, 2]), t([[3], [-4]])]],
})

/**
 * The smaller of two, elementwise; equal ones share the gradient.
 * @shape A, B → broadcast(A, B)
 */
export const minimum: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'MinimumBackward0',
  forward: (self, other) => {
    requireTensor(other, 'minimum', 'other') // not a number, unlike mul
    return map2(self, other, Math.min)
  },
  self: needs('self', 'other', (grad, { self, other }) =>
    where(self.eq(other), grad.div(2), grad).masked_fill(self.gt(other), 0),
  ),
  other: needs('self', 'other', (grad, { self, other }) =>
    where(self.eq(other), grad.div(2), grad).masked_fill(self.lt(other), 0),
  ),
  samples: (t) => [[t([1, 2]), t([[3], [-4]])]],
})

/**
 * The larger of two, elementwise, where nan counts as missing; equal ones share the gradient as in {@link maximum}.
 * @shape A, B → broadcast(A, B)
 */
export const fmax: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'FmaxBackward0',
  forward: (self, other) =>
    map2(self, other, (a, b) => (Number.isNaN(b) || a > b ? a : Number.isNaN(a) ? b : Math.max(a, b))),
  self: needs('self', 'other', (grad, { self, other }) =>
    grad.masked_fill(self.ge(other).logical_or(other.isnan()).logical_not(), 0),
  ),
  other: needs('self', 'other', (grad, { self, other }) =>
    grad.masked_fill(self.ge(other).logical_or(other.isnan()), 0),
  ),
  samples: (t) => [[t([1, 2]), t([[3], [-4]])]],
})

/**
 * The smaller of two, elementwise, where nan counts as missing.
 * @shape A, B → broadcast(A, B)
 */
export const fmin: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'FminBackward0',
  forward: (self, other) =>
    map2(self, other, (a, b) => (Number.isNaN(b) || a < b ? a : Number.isNaN(a) ? b : Math.min(a, b))),
  self: needs('self', 'other', (grad, { self, other }) =>
    grad.masked_fill(self.le(other).logical_or(other.isnan()).logical_not(), 0),
  ),
  other: needs('self', 'other', (grad, { self, other }) =>
    grad.masked_fill(self.le(other).logical_or(other.isnan()), 0),
  ),
  samples: (t) => [[t([1, 2]), t([[3], [-4]])]],
})

/** The bounds of {@link clamp}: both numbers, or both tensors, which broadcast. */
export interface Bounds {
  min?: Operand | null
  max?: Operand | null
}

const clampNumbers = op1<{ min: number; max: number }>({
  gradFn: 'ClampBackward1',
  forward: (self, { min, max }) =>
    map1(self, (x) => (Number.isNaN(x) ? x : Math.min(Math.max(x, min), max)), clampType(self, min, max)),
  // The gradient passes inside the bounds and on them.
  self: needs('self', (grad, { self, args: { min, max } }) => where(self.ge(min).logical_and(self.le(max)), grad, 0)),
  samples: (t) => [[t([0.5, -1, 3]), { min: -0.5, max: 2 }]],
})

function clampType(self: Tensor, min: number, max: number) {
  const bound = [min, max].find((b) => Number.isFinite(b) && !Number.isInteger(b)) ?? 0
  return resultType(self, bound)
}

const clampTensors = op3({
  gradFn: 'ClampBackward0',
  order: [1, 2, 0], // max and min at once, self
  forward: (self, min, max) => map2(map2(self, min, Math.max), max, Math.min),
  self: needs('self', 'other', 'third', (grad, { self, other: min, third: max }) =>
    where(self.ge(min).logical_and(self.le(max)), grad, 0),
  ),
  other: needs('self', 'other', 'third', (grad, { self, other: min, third: max }) =>
    where(min.lt(max).logical_and(self.lt(min)), grad, 0),
  ),
  third: needs('self', 'other', 'third', (grad, { self, other: min, third: max }) =>
    where(self.gt(max).logical_or(max.lt(min)), grad, 0),
  ),
  samples: (t) => [[t([0.5, -1, 3]), t([-0.5]), t([2, 0, 2.5])]],
})

type Inside = (x: Tensor, bound: Tensor) => Tensor
type Outer = (a: number, b: number) => number

function clampToTensor(gradFn: string, outer: Outer, inside: Inside) {
  return op2<Tensor>({
    gradFn,
    forward: (self, bound) => map2(self, bound, outer),
    self: needs('self', 'other', (grad, { self, other: bound }) => where(inside(self, bound), grad, 0)),
    other: needs('self', 'other', (grad, { self, other: bound }) => where(inside(self, bound), 0, grad)),
    samples: (t) => [[t([0.5, -1, 3]), t([0.7, -2, 4])]],
  })
}

function clampToNumber(gradFn: string, outer: Outer, inside: (x: Tensor, bound: number) => Tensor) {
  return op1<number>({
    gradFn,
    forward: (self, bound) => map2(self, bound, outer),
    self: needs('self', (grad, { self, args: bound }) => where(inside(self, bound), grad, 0)),
    samples: (t) => [[t([0.5, -1, 3]), 0.7]],
  })
}

const above: Inside = (x, bound) => x.ge(bound)
const below: Inside = (x, bound) => x.le(bound)
const [clampFrom, clampUpTo] = [
  clampToTensor('ClampBackward0', Math.max, above),
  clampToTensor('ClampBackward0', Math.min, below),
]
const atLeast = {
  toTensor: clampToTensor('ClampMinBackward1', Math.max, above),
  toNumber: clampToNumber('ClampMinBackward0', Math.max, (x, bound) => x.ge(bound)),
}
const atMost = {
  toTensor: clampToTensor('ClampMaxBackward1', Math.min, below),
  toNumber: clampToNumber('ClampMaxBackward0', Math.min, (x, bound) => x.le(bound)),
}

type Clamp = (self: Tensor, min: Operand | null, max: Operand | null) => Tensor

function clamping(numbers: Clamp, lower: typeof clampFrom, upper: typeof clampFrom, both: typeof clampTensors): Clamp {
  return (self, min, max) => {
    if (min === null && max === null)
      throw new RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    // A scalar beside a number counts as one.
    if (typeof min === 'number' && isScalar(max)) return numbers(self, min, max.item() as number)
    if (typeof max === 'number' && isScalar(min)) return numbers(self, min.item() as number, max)
    if (!(min instanceof Tensor) && !(max instanceof Tensor)) return numbers(self, min, max)
    const tensor = (bound: Operand) => (typeof bound === 'number' ? self.new_full([], bound) : bound)
    if (min === null) return upper(self, tensor(max!))
    return max === null ? lower(self, tensor(min)) : both(self, tensor(min), tensor(max))
  }
}

function isScalar(bound: Operand | null): bound is Tensor {
  return bound instanceof Tensor && bound.sizes.length === 0
}

function between(min: Operand | null, max: Operand | null): { min: number; max: number } {
  return {
    min: (min as number | null) ?? Number.NEGATIVE_INFINITY,
    max: (max as number | null) ?? Number.POSITIVE_INFINITY,
  }
}

const clampAnew = clamping(
  (self, min, max) => clampNumbers(self, between(min, max)),
  clampFrom,
  clampUpTo,
  clampTensors,
)
const clampInplace = clamping(
  (self, min, max) => clampNumbers.inplace(self, between(min, max)),
  clampFrom.inplace as typeof clampFrom,
  clampUpTo.inplace as typeof clampUpTo,
  clampTensors.inplace as typeof clampTensors,
)

/**
 * Every element brought into `[min, max]`; either bound may be left out: `x.clamp({ min: 0 })`.
 * @shape A → A
 */
export function clamp(self: Tensor, min?: Operand | Bounds | null, max?: Operand | Bounds | null): Tensor {
  return clampAnew(
    self,
    ...accept<[Operand | null, Operand | null]>(
      'clamp(Tensor input, Operand min=None, Operand max=None)',
      self,
      min,
      max,
    ),
  )
}

/** {@link clamp} in place. */
export function clamp_(self: Tensor, min?: Operand | Bounds | null, max?: Operand | Bounds | null): Tensor {
  return clampInplace(
    self,
    ...accept<[Operand | null, Operand | null]>(
      'clamp_(Tensor input, Operand min=None, Operand max=None)',
      self,
      min,
      max,
    ),
  )
}

/**
 * Nothing below `min`.
 * @shape A → A
 */
export function clamp_min(self: Tensor, min: Operand): Tensor {
  accept('clamp_min(Tensor input, Operand min)', self, min)
  return typeof min === 'number' ? atLeast.toNumber(self, min) : atLeast.toTensor(self, min)
}

/** {@link clamp_min} in place. */
export function clamp_min_(self: Tensor, min: Operand): Tensor {
  accept('clamp_min_(Tensor input, Operand min)', self, min)
  return typeof min === 'number' ? atLeast.toNumber.inplace(self, min) : atLeast.toTensor.inplace(self, min)
}

/**
 * Nothing above `max`.
 * @shape A → A
 */
export function clamp_max(self: Tensor, max: Operand): Tensor {
  accept('clamp_max(Tensor input, Operand max)', self, max)
  return typeof max === 'number' ? atMost.toNumber(self, max) : atMost.toTensor(self, max)
}

/** {@link clamp_max} in place. */
export function clamp_max_(self: Tensor, max: Operand): Tensor {
  accept('clamp_max_(Tensor input, Operand max)', self, max)
  return typeof max === 'number' ? atMost.toNumber.inplace(self, max) : atMost.toTensor.inplace(self, max)
}

const maskedFill = op2<Tensor, number>({
  gradFn: 'MaskedFillBackward0',
  forward: (self, mask, value) => map2(self, mask, (x, m) => (m ? value : x), self.dtype, self.dtype),
  self: needs('other', (grad, { other: mask }) => grad.masked_fill(mask, 0)),
  other: null,
  samples: (t) => [[t([1, 2]), t([1, -1]).detach().gt(0), 7]],
})

const maskedFillTensor = op3({
  gradFn: 'MaskedFillBackward1',
  order: [0, 1, 2],
  forward: (self, mask, value) => map3(self, mask, value, (x, m, v) => (m ? v : x), self.dtype),
  self: needs('other', (grad, { other: mask }) => grad.masked_fill(mask, 0)),
  other: null,
  third: needs('other', (grad, { other: mask }) => where(mask, grad, 0).sum()),
  samples: (t) => [[t([1, 2]), t([1, -1]).detach().gt(0), t(7)]],
})

function checkFill(name: string, self: Tensor, mask: Tensor, value: Operand): void {
  accept(`${name}(Tensor input, Tensor mask, Operand value)`, self, mask, value)
  if (mask.dtype !== bool) {
    throw new RuntimeError(`masked_fill_ only supports boolean masks, but got mask with dtype ${mask.dtype.cppName}`)
  }
  if (typeof value === 'object' && value.sizes.length > 0) {
    throw new RuntimeError(
      `masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ${value.sizes.length} dimension(s).`,
    )
  }
}

/**
 * `value` (a number or a scalar tensor) where `mask` is true, `self` elsewhere.
 * @shape A, B → broadcast(A, B)
 */
export function masked_fill(self: Tensor, mask: Tensor, value: Operand): Tensor {
  checkFill('masked_fill', self, mask, value)
  return typeof value === 'number' ? maskedFill(self, mask, value) : maskedFillTensor(self, mask, value)
}

/**
 * {@link masked_fill} in place.
 * @shape A → A
 */
export function masked_fill_(self: Tensor, mask: Tensor, value: Operand): Tensor {
  checkFill('masked_fill_', self, mask, value)
  return typeof value === 'number' ? maskedFill.inplace(self, mask, value) : maskedFillTensor.inplace(self, mask, value)
}

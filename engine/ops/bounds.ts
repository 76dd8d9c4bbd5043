// The larger, the smaller, and what lies between: maximum, minimum, clamp; and elements overwritten by a mask.
import { requireTensor } from '../arguments'
import { RuntimeError } from '../errors'
import { map1, map2, resultType } from '../kernels/map'
import type { Tensor } from '../tensor'
import { needs, type Op, op1, op2 } from './op'
import { where } from './where'

/** The larger of two, elementwise; equal ones share the gradient. */
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

/** The smaller of two, elementwise; equal ones share the gradient. */
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

/** The bounds of {@link clamp}. */
export interface Bounds {
  min?: number | null
  max?: number | null
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

function bounds(min: number | Bounds | null | undefined, max: number | null | undefined): { min: number; max: number } {
  const given = typeof min === 'object' && min !== null ? min : { min, max }
  if (typeof given.min !== 'number' && typeof given.max !== 'number') {
    throw new RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
  }
  return { min: given.min ?? Number.NEGATIVE_INFINITY, max: given.max ?? Number.POSITIVE_INFINITY }
}

/** Every element brought into `[min, max]`; either bound may be left out: `x.clamp({ min: 0 })`. */
export function clamp(self: Tensor, min?: number | Bounds | null, max?: number | null): Tensor {
  return clampNumbers(self, bounds(min, max))
}

/** {@link clamp} in place. */
export function clamp_(self: Tensor, min?: number | Bounds | null, max?: number | null): Tensor {
  return clampNumbers.inplace(self, bounds(min, max))
}

const maskedFill = op2<Tensor, number>({
  gradFn: 'MaskedFillBackward0',
  forward: (self, mask, value) => map2(self, mask, (x, m) => (m ? value : x), self.dtype, self.dtype),
  self: needs('other', (grad, { other: mask }) => grad.masked_fill(mask, 0)),
  other: null,
  samples: (t) => [[t([1, 2]), t([1, -1]).detach().gt(0), 7]],
})

/** `value` where `mask` is true, `self` elsewhere. */
export function masked_fill(self: Tensor, mask: Tensor, value: number): Tensor {
  return maskedFill(self, mask, value)
}

/** {@link masked_fill} in place. */
export function masked_fill_(self: Tensor, mask: Tensor, value: number): Tensor {
  return maskedFill.inplace(self, mask, value)
}

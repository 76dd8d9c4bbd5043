// Rounding and remainders.
import { RuntimeError } from '../errors'
import { floorOfQuotient } from '../kernels/floor'
import { map1, map2, resultType } from '../kernels/map'
import { rounding } from '../kernels/precision'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { needs, type Op, type Operand, op1, op2 } from './op'
import { refuseBool, refuseIntegers } from './unsupported'

/** A function whose derivative is 0 wherever it has one. */
function step(gradFn: string, f: (x: number) => number): Op<[self: Tensor]> {
  return op1({
    gradFn,
    forward: (self) => {
      refuseBool(self.dtype, `${gradFn.replace('Backward0', '').toLowerCase()}_vml_cpu`)
      return map1(self, f)
    },
    self: (grad) => grad.new_zeros(grad.sizes),
    samples: (t) => [[t([0.3, -1.2, 2.6])]],
  })
}

const roundWhole = step('RoundBackward0', halfToEven)

const roundDigits = op1<number>({
  gradFn: 'RoundBackward1',
  forward: (self, decimals) => {
    const [round, scale] = [rounding(self), 10 ** Math.abs(decimals)]
    return decimals < 0
      ? map1(self, (x) => halfToEven(round(x / scale)) * scale)
      : map1(self, (x) => halfToEven(round(x * scale)) / scale)
  },
  self: (grad) => grad.new_zeros(grad.sizes),
  samples: (t) => [[t([0.34, -1.26, 2.61]), 1]],
})

/**
 * The nearest whole number, or the nearest with so many decimals; halves go to the even one.
 * @shape A → A
 */
export function round(self: Tensor, options: { decimals?: number } = {}): Tensor {
  const [decimals] = accept<[number]>('round(Tensor input, int decimals=0)', self, options)
  return decimals === 0 ? roundWhole(self) : roundDigits(self, decimals)
}

/** {@link round} in place. */
export function round_(self: Tensor, options: { decimals?: number } = {}): Tensor {
  const [decimals] = accept<[number]>('round_(Tensor input, int decimals=0)', self, options)
  return decimals === 0 ? roundWhole.inplace(self) : roundDigits.inplace(self, decimals)
}

/**
 * The next whole number below.
 * @shape A → A
 */
export const floor: Op<[self: Tensor]> = step('FloorBackward0', Math.floor)
/** {@link floor} in place. */
export const floor_ = floor.inplace
/**
 * The next whole number above.
 * @shape A → A
 */
export const ceil: Op<[self: Tensor]> = step('CeilBackward0', Math.ceil)
/** {@link ceil} in place. */
export const ceil_ = ceil.inplace
/**
 * Without its fraction.
 * @shape A → A
 */
export const trunc: Op<[self: Tensor]> = step('TruncBackward0', Math.trunc)
/** {@link trunc} in place. */
export const trunc_ = trunc.inplace

function halfToEven(x: number): number {
  const down = Math.floor(x)
  if (x - down !== 0.5) return Object.is(x, -0) || (x < 0 && x >= -0.5) ? -0 : Math.round(x)
  return down % 2 === 0 ? (Object.is(down, 0) ? 0 : down) : down + 1 === 0 ? -0 : down + 1
}

/**
 * Its fraction, with its sign.
 * @shape A → A
 */
export const frac: Op<[self: Tensor]> = op1({
  gradFn: 'FracBackward0',
  forward: (self) => {
    refuseIntegers(self.dtype, 'frac_cpu')
    return map1(self, (x) => x - Math.trunc(x))
  },
  self: (grad) => grad,
  samples: (t) => [[t([0.3, -1.2, 2.6])]],
})
/** {@link frac} in place. */
export const frac_ = frac.inplace

const floorQuotient: Op<[self: Tensor, other: Operand]> = op2<Operand>({
  gradFn: 'torch::autograd::NotImplemented',
  name: 'floor_divide',
  forward: (self, other) => {
    const type = resultType(self, other)
    refuseBool(type, 'div_floor_cpu')
    return map2(self, other, (a, b) => {
      if (!type.is_floating_point && b === 0) throw new RuntimeError('ZeroDivisionError')
      return type.is_floating_point ? floorOfQuotient(a, b) : Math.floor(a / b)
    })
  },
  self: noDerivative,
  other: noDerivative,
  samples: () => [],
})

function noDerivative(): never {
  throw new RuntimeError('derivative for aten::floor_divide is not implemented')
}

/**
 * Python's `//`: the quotient rounded down. Its derivative is not implemented, as in PyTorch.
 * @shape A, B → broadcast(A, B)
 */
export function floor_divide(self: Tensor, other: Operand): Tensor {
  return floorQuotient(self, other)
}

/**
 * Python's `%`: what is left after {@link floor_divide}, with the sign of the divisor.
 * @shape A, B → broadcast(A, B)
 */
export const remainder: Op<[self: Tensor, other: Operand]> = op2<Operand>({
  gradFn: 'RemainderBackward0',
  gradFnOfTwo: 'RemainderBackward1',
  forward: (self, other) => {
    const type = resultType(self, other)
    refuseBool(type, 'remainder_cpu')
    return map2(self, other, (a, b) => {
      if (!type.is_floating_point && b === 0) throw new RuntimeError('ZeroDivisionError')
      const left = a % b
      return left !== 0 && left < 0 !== b < 0 ? left + b : left
    })
  },
  self: (grad) => grad,
  other: needs('self', 'other', (grad, { self, other }) => grad.neg().mul(self.div(other).floor())),
  samples: (t) => [[t([3.3, -1.2, 2.6]), 0.7]],
})
/** {@link remainder} in place. */
export const remainder_ = remainder.inplace

/**
 * C's `fmod`: what is left after division, with the sign of the dividend.
 * @shape A, B → broadcast(A, B)
 */
export const fmod: Op<[self: Tensor, other: Operand]> = op2<Operand>({
  gradFn: 'FmodBackward0',
  gradFnOfTwo: 'FmodBackward1',
  forward: (self, other) => {
    refuseBool(resultType(self, other), 'fmod_cpu')
    return map2(self, other, (a, b) => a % b)
  },
  self: (grad) => grad,
  other: needs('self', 'other', (grad, { self, other }) => grad.neg().mul(self.div(other).trunc())),
  samples: (t) => [[t([3.3, -1.2, 2.6]), 0.7]],
})
/** {@link fmod} in place. */
export const fmod_ = fmod.inplace

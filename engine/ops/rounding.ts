// Rounding and remainders.
import { NotImplementedError, RuntimeError } from '../errors'
import { map1, map2, resultType } from '../kernels/map'
import type { Tensor } from '../tensor'
import { needs, type Op, type Operand, op1, op2 } from './op'
import { refuseBool } from './unsupported'

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

/** The nearest whole number; halves go to the even one. */
export const round: Op<[self: Tensor]> = step('RoundBackward0', halfToEven)
/** The next whole number below. */
export const floor: Op<[self: Tensor]> = step('FloorBackward0', Math.floor)
/** The next whole number above. */
export const ceil: Op<[self: Tensor]> = step('CeilBackward0', Math.ceil)
/** Without its fraction. */
export const trunc: Op<[self: Tensor]> = step('TruncBackward0', Math.trunc)

function halfToEven(x: number): number {
  const down = Math.floor(x)
  if (x - down !== 0.5) return Object.is(x, -0) || (x < 0 && x >= -0.5) ? -0 : Math.round(x)
  return down % 2 === 0 ? (Object.is(down, 0) ? 0 : down) : down + 1 === 0 ? -0 : down + 1
}

/** Its fraction, with its sign. */
export const frac: Op<[self: Tensor]> = op1({
  gradFn: 'FracBackward0',
  forward: (self) => map1(self, (x) => x - Math.trunc(x)),
  self: (grad) => grad,
  samples: (t) => [[t([0.3, -1.2, 2.6])]],
})

const floorQuotient: Op<[self: Tensor, other: Operand]> = op2<Operand>({
  gradFn: 'torch::autograd::NotImplemented',
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

/** By the remainder, which is exact, so that no rounding of the quotient gets past a whole number. inf // b is nan. */
function floorOfQuotient(a: number, b: number): number {
  if (b === 0) return a / b
  const left = a % b
  const whole = (a - left) / b - (left !== 0 && b < 0 !== left < 0 ? 1 : 0)
  if (whole === 0) return Object.is(a / b, -0) || a / b < 0 ? -0 : 0
  return whole - Math.floor(whole) > 0.5 ? Math.floor(whole) + 1 : Math.floor(whole)
}

function noDerivative(): never {
  throw new NotImplementedError('derivative for aten::floor_divide is not implemented')
}

/** Python's `//`: the quotient rounded down. Its derivative is not implemented, as in PyTorch. */
export function floor_divide(self: Tensor, other: Operand): Tensor {
  return floorQuotient(self, other)
}

/** Python's `%`: what is left after {@link floor_divide}, with the sign of the divisor. */
export const remainder: Op<[self: Tensor, other: Operand]> = op2<Operand>({
  gradFn: 'RemainderBackward0',
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
  other: needs('self', 'other', (grad, { self, other }) => grad.neg().mul(self.detach().div(other).floor())),
  samples: (t) => [[t([3.3, -1.2, 2.6]), 0.7]],
})

/** C's `fmod`: what is left after division, with the sign of the dividend. */
export const fmod: Op<[self: Tensor, other: Operand]> = op2<Operand>({
  gradFn: 'FmodBackward0',
  forward: (self, other) => map2(self, other, (a, b) => a % b),
  self: (grad) => grad,
  other: needs('self', 'other', (grad, { self, other }) => grad.neg().mul(self.detach().div(other).trunc())),
  samples: (t) => [[t([3.3, -1.2, 2.6]), 0.7]],
})

// Functions of numbers that are wanted now and then: logit, angles in degrees, signs, powers in float64.
import { isRecording } from '../autograd/mode'
import { bool, float64 } from '../dtype'
import { RuntimeError } from '../errors'
import { floatingResult, map1, map2, resultType } from '../kernels/map'
import { floating, rounding } from '../kernels/precision'
import { stepwise } from '../kernels/steps'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { needs, type Op, type Operand, op1, op2, type Unary } from './op'
import { refuseIntegers } from './unsupported'
import { where } from './where'

const logitWithin = op1<number | null>({
  gradFn: 'LogitBackward0',
  forward: (self, eps) => {
    const round = rounding(self)
    const [low, high] =
      eps === null ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : [round(eps), round(1 - eps)]
    return map1(
      self,
      (x) => {
        const p = Math.min(Math.max(x, low), high)
        return Math.log(round(p / round(1 - p)))
      },
      floating(self),
    )
  },
  // 1 / (x (1 - x)); 0 where eps changed x, nan outside [0, 1]
  self: needs('self', (grad, { self: x, args: eps }) => {
    const product = x.mul(x.rsub(1))
    const slope = grad.div(isRecording() ? product : product.add(0)) // a kernel does not tell -0 from 0
    const low = eps ?? 0
    return where(x.lt(low).logical_or(x.gt(1 - low)), eps === null ? Number.NaN : 0, slope)
  }),
  samples: (t) => [
    [t([0.2, 0.5, 0.9]), null],
    [t([0.2, 0.5, 0.9]), 0.15],
  ],
})

/**
 * `ln(self / (1 - self))`, the inverse of `sigmoid`; with `eps`, of `self` brought into `[eps, 1 - eps]` first.
 * @shape A → A
 */
export function logit(self: Tensor, eps: number | null | { eps?: number | null } = null): Tensor {
  return logitWithin(self, accept<[number | null]>('logit(Tensor input, float eps=None)', self, eps)[0])
}

function scaled(name: string, gradFn: string, factor: number): Unary {
  return op1({
    gradFn,
    name,
    forward: (self) => {
      const by = rounding(self)(factor)
      return map1(self, (x) => x * by, floating(self))
    },
    self: (grad) => grad.mul(factor),
    samples: (t) => [[t([90, -30])]],
  })
}

/** Degrees to radians. */
export const deg2rad: Unary = scaled('deg2rad', 'Deg2RadBackward0', Math.PI / 180)
/** Radians to degrees. */
export const rad2deg: Unary = scaled('rad2deg', 'Rad2DegBackward0', 180 / Math.PI)

function withSign(a: number, b: number): number {
  return b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a)
}

// ±1 by whether the sign changed, 0 at 0
function turned(grad: Tensor, self: Tensor, result: Tensor): Tensor {
  return grad.mul(where(self.eq(0), 0, result.div(self)))
}

const copySignOf = op2<Tensor>({
  gradFn: 'CopysignBackward0',
  forward: (self, other) => map2(self, other, withSign, undefined, floatingResult(self, other)),
  self: needs('self', 'result', (grad, { self, result }) => turned(grad, self, result)),
  other: (grad) => grad.new_zeros(grad.sizes),
  samples: (t) => [[t([1, -2]), t([[3], [-0.5]])]],
})

const copySignOfNumber = op1<number>({
  gradFn: 'CopysignBackward1',
  forward: (self, other) => map1(self, (x) => withSign(x, other), floating(self)),
  self: needs('self', 'result', (grad, { self, result }) => turned(grad, self, result)),
  samples: (t) => [[t([1, -2]), -1]],
})

/**
 * The magnitude of `self` with the sign of `other`.
 * @shape A, B → broadcast(A, B)
 */
export function copysign(self: Tensor, other: Operand): Tensor {
  accept('copysign(Tensor input, Operand other)', self, other)
  return typeof other === 'number' ? copySignOfNumber(self, other) : copySignOf(self, other)
}

/**
 * {@link Tensor.pow} computed in float64, whatever the operands are.
 * @shape A, B → broadcast(A, B)
 */
export function float_power(self: Tensor, exponent: Operand): Tensor {
  accept('float_power(Tensor input, Operand exponent)', self, exponent)
  const power = typeof exponent === 'number' ? exponent : exponent.to(float64) // before the base, as C++ takes arguments
  return self.to(float64).pow(power)
}

const sumOfPowers = stepwise(({ round, exp2, log1p, fma }) => (a: number, b: number) => {
  if (Math.abs(a) === Number.POSITIVE_INFINITY && a === b) return a
  return fma(log1p(exp2(-Math.abs(round(a - b)))), round(Math.LOG2E), Math.max(a, b))
})

/**
 * `log2(2^self + 2^other)` without overflow.
 * @shape A, B → broadcast(A, B)
 */
export const logaddexp2: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'Logaddexp2Backward0',
  forward: (self, other) => {
    const type = resultType(self, other)
    refuseIntegers(type, 'logaddexp2_cpu')
    return map2(self, other, sumOfPowers(type))
  },
  self: needs('self', 'other', (grad, { self, other }) => grad.div(other.sub(self).exp2().add(1))),
  other: needs('self', 'other', (grad, { self, other }) => grad.div(self.sub(other).exp2().add(1))),
  samples: (t) => [[t([1, -2]), t([[3], [-0.5]])]],
})

/**
 * The tensor itself: Python's `+x`.
 * @shape A → A
 */
export function positive(self: Tensor): Tensor {
  accept('positive(Tensor input)', self)
  if (self.dtype === bool) throw new RuntimeError('The `+` operator, on a bool tensor is not supported.')
  return self
}

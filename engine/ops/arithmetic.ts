// Arithmetic, elementwise: sums, products, quotients, powers.
import { requireTensor } from '../arguments'
import { bool, float32 } from '../dtype'
import { RuntimeError } from '../errors'
import { floorOfQuotient } from '../kernels/floor'
import { minus, negative, over, plus, times } from '../kernels/loops'
import { map1, map2, resultType } from '../kernels/map'
import { fused, rounding } from '../kernels/precision'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { type Binary, needs, type Operand, op1, op2, type Unary } from './op'
import { refuseBool } from './unsupported'
import { where } from './where'

const NEGATED_BOOL =
  'Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.'
const SUBTRACTED_BOOLS =
  'Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.'

const SUBTRACTED_BOOL =
  'Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.'

function refuseBools(self: Tensor, other: Operand): void {
  const isBool = (x: Operand) => typeof x === 'object' && x.dtype === bool
  if (isBool(self) && isBool(other)) throw new RuntimeError(SUBTRACTED_BOOLS)
  if (isBool(self) || isBool(other)) throw new RuntimeError(SUBTRACTED_BOOL)
}

/** `self + alpha * other`, rounded once. */
function plusScaled(self: Tensor, other: Operand, alpha: number): Tensor {
  const fma = fused(self)
  const scale = rounding(self)(alpha)
  return map2(self, other, (a, b) => fma(b, scale, a))
}

const addScaled = op2<Operand, number | undefined>({
  gradFn: 'AddBackward0',
  gradFnInRules: 'AddBackward1',
  forward: (self, other, alpha) => {
    if (resultType(self, other) === bool) return map2(self, other, (a, b) => a | b)
    return alpha === undefined ? map2(self, other, plus) : plusScaled(self, other, alpha)
  },
  self: (grad) => grad,
  other: (grad, { args: alpha }) => (alpha === undefined ? grad : grad.mul(alpha)),
  samples: (t) => [
    [t([1, 2]), t([[3], [4]]), undefined],
    [t([1, 2]), t([3, 4]), -2.5],
  ],
})

const subScaled = op2<Operand, number | undefined>({
  gradFn: 'SubBackward0',
  gradFnInRules: 'SubBackward1',
  forward: (self, other, alpha) => {
    refuseBools(self, other)
    return alpha === undefined ? map2(self, other, minus) : plusScaled(self, other, -alpha)
  },
  self: (grad) => grad,
  other: (grad, { args: alpha }) => (alpha === undefined ? grad.neg() : grad.neg().mul(alpha)),
  samples: (t) => [
    [t([1, 2]), t([[3], [4]]), undefined],
    [t([1, 2]), t([3, 4]), -2.5],
  ],
})

/** The factor of the second operand in {@link add} and {@link sub}. */
export interface Scaled {
  alpha?: number
}

/** The factor, if there is one to speak of. */
function alphaOf(name: string, self: Tensor, other: Operand, options?: Scaled): number | undefined {
  if (options === undefined) return undefined
  const signature = `${name}(Tensor input, Operand other, float alpha=1)`
  const [, alpha] = accept<[Operand, number]>(signature, self, other, options)
  if (!Number.isInteger(alpha) && !resultType(self, other).is_floating_point) {
    throw new RuntimeError('For integral input tensors, argument alpha must not be a floating point number.')
  }
  return alpha === 1 ? undefined : alpha
}

/**
 * `self + alpha * other`, elementwise.
 * @shape A, B → broadcast(A, B)
 */
export function add(self: Tensor, other: Operand, options?: Scaled): Tensor {
  return addScaled(self, other, alphaOf('add', self, other, options))
}

/** {@link add} in place. */
export function add_(self: Tensor, other: Operand, options?: Scaled): Tensor {
  return addScaled.inplace(self, other, alphaOf('add_', self, other, options))
}

/**
 * `self - alpha * other`, elementwise.
 * @shape A, B → broadcast(A, B)
 */
export function sub(self: Tensor, other: Operand, options?: Scaled): Tensor {
  return subScaled(self, other, alphaOf('sub', self, other, options))
}

/** {@link sub} in place. */
export function sub_(self: Tensor, other: Operand, options?: Scaled): Tensor {
  return subScaled.inplace(self, other, alphaOf('sub_', self, other, options))
}

/** Elementwise product. */
export const mul: Binary = op2({
  gradFn: 'MulBackward0',
  gradFnInRules: 'MulBackward1',
  forward: (self, other) => map2(self, other, times),
  self: needs('other', (grad, { other }) => grad.mul(other)), // d(ab)/da = b
  other: needs('self', (grad, { self }) => grad.mul(self)),
  samples: (t) => [
    [t([1, 2]), t([[3], [4]])],
    [t([1, 2]), 2.5],
  ],
})

/** {@link mul} in place. */
export const mul_ = mul.inplace

const quotient: Binary = op2({
  gradFn: 'DivBackward0',
  gradFnInRules: 'DivBackward1',
  forward: (self, other) => {
    const type = resultType(self, other)
    return map2(self, other, over, undefined, type.is_floating_point ? type : float32)
  },
  self: needs('other', (grad, { other }) => grad.div(other)), // d(a/b)/da = 1/b
  other: needs('self', 'other', (grad, { self, other }) => grad.neg().mul(self.div(other).div(other))), // -a/b²
  samples: (t) => [
    [t([1, 2]), t([[3], [4]])],
    [t([1, 2]), 2.5],
  ],
})

const roundedQuotient = op2<Operand, 'trunc' | 'floor'>({
  gradFn: 'DivBackward2',
  forward: (self, other, mode) => {
    const round = rounding(self)
    const type = resultType(self, other)
    return map2(self, other, (a, b) => {
      if (!type.is_floating_point && b === 0) throw new RuntimeError('ZeroDivisionError')
      return mode === 'trunc' ? Math.trunc(round(a / b)) : floorOfQuotient(a, b)
    })
  },
  self: (grad) => grad.new_zeros(grad.sizes),
  other: (grad) => grad.new_zeros(grad.sizes),
  samples: (t) => [[t([1, 2]), t([[0.3], [0.7]]), 'floor']],
})

/** How a quotient becomes whole: towards zero, or down. */
export interface DivideOptions {
  rounding_mode?: 'trunc' | 'floor' | null
}

function modeOf(name: string, self: Tensor, other: Operand, options: DivideOptions): 'trunc' | 'floor' | null {
  const signature = `${name}(Tensor input, Operand other, str rounding_mode=None)`
  const [, mode] = accept<[Operand, string | null]>(signature, self, other, options)
  if (mode === null || mode === 'trunc' || mode === 'floor') return mode
  throw new RuntimeError(`div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '${mode}'`)
}

/**
 * Elementwise quotient, rounded to a whole number only if `rounding_mode` says so.
 * @shape A, B → broadcast(A, B)
 */
export function div(self: Tensor, other: Operand, options?: DivideOptions): Tensor {
  const mode = options === undefined ? null : modeOf('div', self, other, options)
  return mode === null ? quotient(self, other) : roundedQuotient(self, other, mode)
}

/** {@link div} in place. */
export function div_(self: Tensor, other: Operand, options?: DivideOptions): Tensor {
  const mode = options === undefined ? null : modeOf('div_', self, other, options)
  return mode === null ? quotient.inplace(self, other) : roundedQuotient.inplace(self, other, mode)
}

/** `-self`. */
export const neg: Unary = op1({
  gradFn: 'NegBackward0',
  forward: (self) => {
    if (self.dtype === bool) throw new RuntimeError(NEGATED_BOOL)
    return map1(self, negative)
  },
  self: (grad) => grad.neg(),
  samples: (t) => [[t([1, -2])]],
})

/** {@link neg} in place. */
export const neg_ = neg.inplace

/** IEEE's power; JavaScript's has not 1^nan = 1 and (-1)^inf = 1. */
function ieeePower(x: number, y: number): number {
  return x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y
}

/** That of integers, which is one too; of 0 with a negative exponent it is 0. */
function wholePower(x: number, y: number): number {
  return x === 0 && y < 0 ? 0 : Math.trunc(x ** y)
}

/** The power with a number as exponent; the special ones have PyTorch's own steps, for the sake of their bits. */
function power(self: Tensor): (x: number, y: number) => number {
  const round = rounding(self)
  return (x, y) => {
    if (y === 2) return x * x
    if (y === 3) return round(x * x) * x
    if (y === -1) return 1 / x
    if (y === -2) return 1 / round(x * x)
    if (y === 0.5) return Math.sqrt(x)
    if (y === -0.5) return 1 / round(Math.sqrt(x))
    return ieeePower(x, y)
  }
}

const powNumber = op1<number>({
  gradFn: 'PowBackward0',
  forward: (self, exponent) => {
    if (!resultType(self, exponent).is_floating_point && exponent < 0) {
      throw new RuntimeError('Integers to negative integer powers are not allowed.')
    }
    return map2(
      self,
      exponent,
      power(self),
      resultType(self, exponent),
      self.dtype.is_floating_point ? self.dtype : undefined,
    )
  },
  // (xⁿ)' = n xⁿ⁻¹
  self: needs('self', (grad, { self, args: n }) =>
    n === 0 ? grad.new_zeros(grad.sizes) : grad.mul(self.pow(n - 1).mul(n)),
  ),
  samples: (t) => [
    [t([0.5, -1, 3]), 2],
    [t([0.5, 1, 3]), -1.5],
    [t([0.5, 1, 3]), 0],
  ],
})

const powTensor = op2<Tensor>({
  gradFn: 'PowBackward1',
  forward: (self, exponent) => {
    const type = resultType(self, exponent)
    refuseBool(type, 'pow')
    return map2(self, exponent, type.is_floating_point ? ieeePower : wholePower)
  },
  // 0 where the exponent is 0, even at x = 0
  self: needs('self', 'other', (grad, { self, other: n }) => where(n.eq(0), 0, grad.mul(self.pow(n.sub(1)).mul(n)))),
  // xⁿ ln x, and 0 where x = 0 and n >= 0
  other: needs('self', 'other', 'result', (grad, { self, other: n, result }) =>
    grad.mul(where(self.eq(0).logical_and(n.ge(0)), 0, result.mul(self.log()))),
  ),
  samples: (t) => [[t([0.5, 1, 3]), t([[2], [-1.5]])]],
})

/** `base ** exponent` for a base that is a number. */
const powBase = op1<number>({
  gradFn: 'PowBackward2',
  forward: (exponent, base) => {
    const power = resultType(exponent, base).is_floating_point ? ieeePower : wholePower
    return map2(exponent, base, (n, x) => power(x, n))
  },
  self: needs('self', 'result', (grad, { self: n, result, args: base }) =>
    base === 0 ? grad.mul(where(n.ge(0), 0, result.mul(Math.log(base)))) : grad.mul(result.mul(Math.log(base))),
  ),
  samples: (t) => [[t([0.5, -1, 3]), 2]],
})

/**
 * `self ** exponent`, elementwise. Either may be a number, not both.
 * @shape A, B → broadcast(A, B)
 */
export function pow(self: Tensor | number, exponent: Operand): Tensor {
  if (typeof self !== 'number' || typeof exponent === 'number') requireTensor(self, 'pow', 'input')
  if (typeof self === 'number') return powBase(exponent as Tensor, self)
  return typeof exponent === 'number' ? powNumber(self, exponent) : powTensor(self, exponent)
}

/** {@link pow} in place. */
export function pow_(self: Tensor, exponent: Operand): Tensor {
  accept('pow_(Tensor input, Operand exponent)', self, exponent)
  return typeof exponent === 'number' ? powNumber.inplace(self, exponent) : powTensor.inplace(self, exponent)
}

/** {@link square} in place. */
export function square_(self: Tensor): Tensor {
  requireTensor(self, 'square_', 'input')
  return powNumber.inplace(self, 2)
}

/**
 * `self * self`. Recorded as a power of 2.
 * @shape A → A
 */
export function square(self: Tensor): Tensor {
  requireTensor(self, 'square', 'input')
  return powNumber(self, 2)
}

const rsubNumber = op1<{ other: number; alpha: number }>({
  gradFn: 'RsubBackward1',
  forward: (self, { other, alpha }) => map2(self, other, (a, b) => b - alpha * a),
  self: (grad, { args: { alpha } }) => (alpha === 1 ? grad.neg() : grad.neg().mul(alpha)),
  samples: (t) => [[t([0.5, -1, 3]), { other: 1, alpha: 1 }]],
})

/**
 * `other - self`: what Python's `1 - x` calls.
 * @shape A, B → broadcast(A, B)
 */
export function rsub(self: Tensor, other: Operand, options: Scaled = {}): Tensor {
  const alpha = alphaOf('rsub', self, other, options) ?? 1
  return typeof other === 'number' ? rsubNumber(self, { other, alpha }) : other.sub(self, { alpha })
}

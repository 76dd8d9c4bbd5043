// Elementwise arithmetic and functions, each with its derivative.
import { requireTensor } from '../arguments'
import { bool, float32 } from '../dtype'
import { RuntimeError } from '../errors'
import { fma32, fma64 } from '../kernels/fma'
import { exponential, minus, negative, over, plus, times } from '../kernels/loops'
import { map1, map2, resultType } from '../kernels/map'
import type { Tensor } from '../tensor'
import { needs, type Op, type Operand, op1, op2 } from './op'
import { where } from './where'

/** `f(x)`: a tensor of the same shape. */
export type Unary = Op<[self: Tensor]>
/** `f(x, y)`: the operands broadcast against each other; `y` may be a number. */
export type Binary = Op<[self: Tensor, other: Operand]>

/** The type of a result that is never an integer. */
function floating(self: Tensor) {
  return self.dtype.is_floating_point ? self.dtype : float32
}

/** What one step of a computation in `self`'s type rounds to. */
function rounding(self: Tensor): (x: number) => number {
  return self.dtype === float32 ? Math.fround : (x) => x
}

const NEGATED_BOOL =
  'Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.'
const SUBTRACTED_BOOLS =
  'Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` operator instead.'

const addScaled = op2<Operand, number>({
  gradFn: 'AddBackward0',
  forward: (self, other, alpha) => {
    if (resultType(self, other) === bool) return map2(self, other, (a, b) => a | b)
    if (alpha === 1) return map2(self, other, plus)
    const fma = self.dtype === float32 ? fma32 : fma64
    const scale = rounding(self)(alpha)
    return map2(self, other, (a, b) => fma(b, scale, a))
  },
  self: (grad) => grad,
  other: (grad, { args: alpha }) => (alpha === 1 ? grad : grad.mul(alpha)),
  samples: (t) => [
    [t([1, 2]), t([[3], [4]]), 1],
    [t([1, 2]), t([3, 4]), -2.5],
  ],
})

const subScaled = op2<Operand, number>({
  gradFn: 'SubBackward0',
  forward: (self, other, alpha) => {
    if (resultType(self, other) === bool) throw new RuntimeError(SUBTRACTED_BOOLS)
    if (alpha === 1) return map2(self, other, minus)
    const fma = self.dtype === float32 ? fma32 : fma64
    const scale = rounding(self)(alpha)
    return map2(self, other, (a, b) => fma(-b, scale, a))
  },
  self: (grad) => grad,
  other: (grad, { args: alpha }) => (alpha === 1 ? grad.neg() : grad.neg().mul(alpha)),
  samples: (t) => [
    [t([1, 2]), t([[3], [4]]), 1],
    [t([1, 2]), t([3, 4]), -2.5],
  ],
})

/** The factor of the second operand in {@link add} and {@link sub}. */
export interface Scaled {
  alpha?: number
}

/** `self + alpha * other`, elementwise. */
export function add(self: Tensor, other: Operand, { alpha = 1 }: Scaled = {}): Tensor {
  return addScaled(self, other, alpha)
}

/** {@link add} in place. */
export function add_(self: Tensor, other: Operand, { alpha = 1 }: Scaled = {}): Tensor {
  return addScaled.inplace(self, other, alpha)
}

/** `self - alpha * other`, elementwise. */
export function sub(self: Tensor, other: Operand, { alpha = 1 }: Scaled = {}): Tensor {
  return subScaled(self, other, alpha)
}

/** {@link sub} in place. */
export function sub_(self: Tensor, other: Operand, { alpha = 1 }: Scaled = {}): Tensor {
  return subScaled.inplace(self, other, alpha)
}

/** Elementwise product. */
export const mul: Binary = op2({
  gradFn: 'MulBackward0',
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

/** Elementwise quotient, never rounded to an integer. */
export const div: Binary = op2({
  gradFn: 'DivBackward0',
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

/** {@link div} in place. */
export const div_ = div.inplace

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

/** `e^self`. */
export const exp: Unary = op1({
  gradFn: 'ExpBackward0',
  forward: (self) => map1(self, exponential, floating(self)),
  self: needs('result', (grad, { result }) => grad.mul(result)), // (eˣ)' = eˣ
  samples: (t) => [[t([0, 1, -2])]],
})

/** {@link exp} in place. */
export const exp_ = exp.inplace

/** `e^self - 1`, exact near 0. */
export const expm1: Unary = op1({
  gradFn: 'Expm1Backward0',
  forward: (self) => map1(self, Math.expm1, floating(self)),
  self: needs('result', (grad, { result }) => grad.mul(result.add(1))),
  samples: (t) => [[t([0, 1, -2])]],
})

/** {@link expm1} in place. */
export const expm1_ = expm1.inplace

/** Natural logarithm. */
export const log: Unary = op1({
  gradFn: 'LogBackward0',
  forward: (self) => map1(self, Math.log, floating(self)),
  self: needs('self', (grad, { self }) => grad.div(self)), // (ln x)' = 1/x
  samples: (t) => [[t([0.5, 1, 3])]],
})

/** {@link log} in place. */
export const log_ = log.inplace

/** `ln(1 + self)`, exact near 0. */
export const log1p: Unary = op1({
  gradFn: 'Log1PBackward0',
  forward: (self) => map1(self, Math.log1p, floating(self)),
  self: needs('self', (grad, { self }) => grad.div(self.add(1))),
  samples: (t) => [[t([0, 1, -0.5])]],
})

/** {@link log1p} in place. */
export const log1p_ = log1p.inplace

/** Square root; nan below 0. */
export const sqrt: Unary = op1({
  gradFn: 'SqrtBackward0',
  forward: (self) => map1(self, Math.sqrt, floating(self)),
  self: needs('result', (grad, { result }) => grad.div(result.mul(2))), // (√x)' = 1/(2√x)
  samples: (t) => [[t([0.5, 1, 3])]],
})

/** {@link sqrt} in place. */
export const sqrt_ = sqrt.inplace

/** `1 / sqrt(self)`. */
export const rsqrt: Unary = op1({
  gradFn: 'RsqrtBackward0',
  forward: (self) => {
    const round = rounding(self)
    return map1(self, (x) => 1 / round(Math.sqrt(x)), floating(self))
  },
  self: needs('result', (grad, { result }) => grad.mul(-0.5).mul(result.pow(3))), // -1/2 x^(-3/2)
  samples: (t) => [[t([0.5, 1, 3])]],
})

/** {@link rsqrt} in place. */
export const rsqrt_ = rsqrt.inplace

/** `1 / self`. */
export const reciprocal: Unary = op1({
  gradFn: 'ReciprocalBackward0',
  forward: (self) => map1(self, (x) => 1 / x, floating(self)),
  self: needs('result', (grad, { result }) => grad.neg().mul(result.mul(result))), // -1/x²
  samples: (t) => [[t([0.5, -1, 3])]],
})

/** {@link reciprocal} in place. */
export const reciprocal_ = reciprocal.inplace

/** Absolute value; its derivative at 0 is taken as 0. */
export const abs: Unary = op1({
  gradFn: 'AbsBackward0',
  forward: (self) => map1(self, Math.abs),
  self: needs('self', (grad, { self }) => grad.mul(self.sgn())),
  samples: (t) => [[t([0.5, -1, 3])]],
})

/** {@link abs} in place. */
export const abs_ = abs.inplace

/** Sine, of radians. */
export const sin: Unary = op1({
  gradFn: 'SinBackward0',
  forward: (self) => map1(self, Math.sin, floating(self)),
  self: needs('self', (grad, { self }) => grad.mul(self.cos())),
  samples: (t) => [[t([0.5, -1, 3])]],
})

/** {@link sin} in place. */
export const sin_ = sin.inplace

/** Cosine, of radians. */
export const cos: Unary = op1({
  gradFn: 'CosBackward0',
  forward: (self) => map1(self, Math.cos, floating(self)),
  self: needs('self', (grad, { self }) => grad.mul(self.sin().neg())),
  samples: (t) => [[t([0.5, -1, 3])]],
})

/** {@link cos} in place. */
export const cos_ = cos.inplace

/** Hyperbolic tangent. */
export const tanh: Unary = op1({
  gradFn: 'TanhBackward0',
  forward: (self) => map1(self, Math.tanh, floating(self)),
  self: needs('result', (grad, { result }) => tanhBackward(grad, result)),
  samples: (t) => [[t([0.5, -1, 3])]],
})

/** {@link tanh} in place. */
export const tanh_ = tanh.inplace

// grad · (1 - y²), with the subtraction fused as PyTorch's kernel has it.
const tanhBackward: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'TanhBackwardBackward0',
  forward: (grad, y) => {
    const fma = grad.dtype === float32 ? fma32 : fma64
    return map2(grad, y, (g, b) => g * fma(-b, b, 1))
  },
  self: needs('other', (grad, { other: y }) => tanhBackward(grad, y)),
  other: needs('self', 'other', (grad, { self: g, other: y }) => grad.mul(-2).mul(g).mul(y)),
  samples: (t) => [[t([1, 2]), t([0.5, -0.3])]],
})

/** Logistic function, `1 / (1 + e^-self)`, rounded at each step as PyTorch does. */
export const sigmoid: Unary = op1({
  gradFn: 'SigmoidBackward0',
  forward: (self) => {
    const round = rounding(self)
    return map1(self, (x) => 1 / round(1 + round(Math.exp(-x))), floating(self))
  },
  self: needs('result', (grad, { result }) => sigmoidBackward(grad, result)),
  samples: (t) => [[t([0.5, -1, 3])]],
})

/** {@link sigmoid} in place. */
export const sigmoid_ = sigmoid.inplace

// grad · (1 - y) · y
const sigmoidBackward: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'SigmoidBackwardBackward0',
  forward: (grad, y) => {
    const round = rounding(grad)
    return map2(grad, y, (g, b) => round(g * round(1 - b)) * b)
  },
  self: needs('other', (grad, { other: y }) => sigmoidBackward(grad, y)),
  other: needs('self', 'other', (grad, { self: g, other: y }) => grad.mul(g).mul(y.mul(-2).add(1))),
  samples: (t) => [[t([1, 2]), t([0.5, 0.3])]],
})

/** `max(self, 0)`; its derivative at 0 is 0. */
export const relu: Unary = op1({
  gradFn: 'ReluBackward0',
  forward: (self) => map1(self, (x) => Math.max(x, 0)), // nan stays nan
  self: needs('result', (grad, { result }) => thresholdBackward(grad, result, 0)),
  samples: (t) => [[t([0.5, -1, 3])]],
})

/** {@link relu} in place. */
export const relu_ = relu.inplace

/** `grad` where the input was above the threshold, else 0. */
const thresholdBackward: Op<[self: Tensor, other: Tensor, args: number]> = op2<Tensor, number>({
  gradFn: 'ThresholdBackwardBackward0',
  forward: (grad, x, threshold) => map2(grad, x, (g, a) => (a <= threshold ? 0 : g)),
  self: needs('other', (grad, { other: x, args: threshold }) => thresholdBackward(grad, x, threshold)),
  other: null,
  samples: (t) => [[t([1, 2]), t([0.5, -0.3]), 0]],
})

/** -1, 0 or 1; the derivative is 0. */
export const sign: Unary = op1({
  gradFn: 'SignBackward0',
  forward: (self) => map1(self, (x) => (x > 0 ? 1 : x < 0 ? -1 : 0)), // nan has no sign: 0
  self: (grad) => grad.new_zeros(grad.sizes),
  samples: (t) => [[t([0.5, -1, 3])]],
})

/** {@link sign} in place. */
export const sign_ = sign.inplace

/** {@link sign}; the two differ for complex numbers only. */
export const sgn: Unary = op1({
  gradFn: 'SgnBackward0',
  forward: (self) => map1(self, (x) => (x > 0 ? 1 : x < 0 ? -1 : 0)),
  self: (grad) => grad.new_zeros(grad.sizes),
  samples: (t) => [[t([0.5, -1, 3])]],
})

/** One kernel for every power; the special exponents have PyTorch's own steps, for the sake of their bits. */
function power(self: Tensor): (x: number, y: number) => number {
  const round = rounding(self)
  return (x, y) => {
    if (y === 2) return x * x
    if (y === 3) return round(x * x) * x
    if (y === -1) return 1 / x
    if (y === -2) return 1 / round(x * x)
    if (y === 0.5) return Math.sqrt(x)
    if (y === -0.5) return 1 / round(Math.sqrt(x))
    // IEEE, unlike JavaScript, has 1^nan = 1 and (-1)^inf = 1.
    return x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y
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
  forward: (self, exponent) => map2(self, exponent, power(self)),
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
    const f = power(exponent)
    return map2(exponent, base, (n, x) => f(x, n))
  },
  self: needs('self', 'result', (grad, { self: n, result, args: base }) =>
    base === 0 ? grad.mul(where(n.ge(0), 0, result.mul(Math.log(base)))) : grad.mul(result.mul(Math.log(base))),
  ),
  samples: (t) => [[t([0.5, -1, 3]), 2]],
})

/** `self ** exponent`, elementwise. Either may be a number, not both. */
export function pow(self: Tensor | number, exponent: Operand): Tensor {
  if (typeof self === 'number') return powBase(exponent as Tensor, self)
  return typeof exponent === 'number' ? powNumber(self, exponent) : powTensor(self, exponent)
}

/** {@link pow} in place. */
export function pow_(self: Tensor, exponent: Operand): Tensor {
  return typeof exponent === 'number' ? powNumber.inplace(self, exponent) : powTensor.inplace(self, exponent)
}

/** {@link square} in place. */
export function square_(self: Tensor): Tensor {
  return powNumber.inplace(self, 2)
}

/** `self * self`. Recorded as a power of 2. */
export function square(self: Tensor): Tensor {
  return powNumber(self, 2)
}

const rsubNumber = op1<{ other: number; alpha: number }>({
  gradFn: 'RsubBackward1',
  forward: (self, { other, alpha }) => map2(self, other, (a, b) => b - alpha * a),
  self: (grad, { args: { alpha } }) => (alpha === 1 ? grad.neg() : grad.neg().mul(alpha)),
  samples: (t) => [[t([0.5, -1, 3]), { other: 1, alpha: 1 }]],
})

/** `other - self`: what Python's `1 - x` calls. */
export function rsub(self: Tensor, other: Operand, { alpha = 1 }: Scaled = {}): Tensor {
  return typeof other === 'number' ? rsubNumber(self, { other, alpha }) : other.sub(self, { alpha })
}

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

// Functions of numbers, elementwise: exponential, logarithm, roots, sine and cosine, and the classical activations.
import { bool } from '../dtype'
import { RuntimeError } from '../errors'
import { exponential } from '../kernels/loops'
import { map1, map2 } from '../kernels/map'
import { floating, fused, rounding } from '../kernels/precision'
import { stepwise } from '../kernels/steps'
import type { Tensor } from '../tensor'
import { needs, type Op, op1, op2, type Unary } from './op'
import { refuseBool } from './unsupported'

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
  name: 'log1p',
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
  forward: (self) => {
    refuseBool(self.dtype, 'abs_cpu')
    return map1(self, Math.abs)
  },
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
  order: [0, 1],
  forward: (grad, y) => {
    const fma = fused(grad)
    return map2(grad, y, (g, b) => g * fma(-b, b, 1))
  },
  self: needs('other', (grad, { other: y }) => tanhBackward(grad, y)),
  other: needs('self', 'other', (grad, { self: g, other: y }) => grad.mul(-2).mul(g).mul(y)),
  samples: (t) => [[t([1, 2]), t([0.5, -0.3])]],
})

const logistic = stepwise(
  ({ round, exp }) =>
    (x: number) =>
      1 / round(1 + exp(-x)),
)

/** Logistic function, `1 / (1 + e^-self)`, rounded at each step as PyTorch does. */
export const sigmoid: Unary = op1({
  gradFn: 'SigmoidBackward0',
  forward: (self) => map1(self, logistic(floating(self)), floating(self)),
  self: needs('result', (grad, { result }) => sigmoidBackward(grad, result)),
  samples: (t) => [[t([0.5, -1, 3])]],
})

/** {@link sigmoid} in place. */
export const sigmoid_ = sigmoid.inplace

// grad · (1 - y) · y
const sigmoidBackward: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'SigmoidBackwardBackward0',
  order: [0, 1],
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
  forward: (self) => {
    if (self.dtype === bool) throw new RuntimeError('Boolean inputs not supported for relu')
    return map1(self, (x) => Math.max(x, 0)) // nan stays nan
  },
  self: needs('result', (grad, { result }) => thresholdBackward(grad, result, 0)),
  samples: (t) => [[t([0.5, -1, 3])]],
})

/**
 * {@link relu} in place.
 * @shape A → A
 */
export const relu_ = relu.inplace

/** `grad` where the input was above the threshold, else 0. */
const thresholdBackward: Op<[self: Tensor, other: Tensor, args: number]> = op2<Tensor, number>({
  gradFn: 'ThresholdBackwardBackward0',
  forward: (grad, x, threshold) => map2(grad, x, (g, a) => (a <= threshold ? 0 : g)),
  self: needs('other', (grad, { other: x, args: threshold }) => thresholdBackward(grad, x, threshold)),
  other: (grad) => grad.new_zeros(grad.sizes),
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
  // For complex numbers it needs both, and PyTorch saves them for real ones too.
  self: needs('self', 'result', (_, { self, result }) => result.new_zeros(self.sizes)),
  samples: (t) => [[t([0.5, -1, 3])]],
})

/** {@link sgn} in place. */
export const sgn_ = sgn.inplace

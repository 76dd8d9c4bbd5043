// More functions of numbers: logarithms of other bases, trigonometric and hyperbolic functions, erf.
import { float32, float64 } from '../dtype'
import { erfFloat64, erf as erfOf } from '../kernels/erf'
import { additionError, multiplicationError } from '../kernels/fma'
import { floatingResult, map1, map2, resultType } from '../kernels/map'
import { floating, rounding } from '../kernels/precision'
import { stepwise } from '../kernels/steps'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { needs, type Op, type Operand, op1, op2, type Unary } from './op'
import { refuseIntegers } from './unsupported'
import { where } from './where'

/** A function with a derivative that is written in terms of its input. */
function unary(gradFn: string, f: (x: number) => number, slope: (x: Tensor) => Tensor, at = [0.5, -0.25, 0.75]): Unary {
  return op1({
    gradFn,
    forward: (self) => map1(self, f, floating(self)),
    self: needs('self', (grad, { self }) => grad.mul(slope(self))),
    samples: (t) => [[t(at)]],
  })
}

/** Logarithm to base 2. */
export const log2: Unary = op1({
  gradFn: 'Log2Backward0',
  forward: (self) => map1(self, Math.log2, floating(self)),
  self: needs('self', (grad, { self }) => grad.div(self.mul(Math.LN2))),
  samples: (t) => [[t([0.5, 1, 3])]],
})
/** {@link log2} in place. */
export const log2_ = log2.inplace

/** Logarithm to base 10. */
export const log10: Unary = op1({
  gradFn: 'Log10Backward0',
  forward: (self) => map1(self, Math.log10, floating(self)),
  self: needs('self', (grad, { self }) => grad.div(self.mul(Math.LN10))),
  samples: (t) => [[t([0.5, 1, 3])]],
})
/** {@link log10} in place. */
export const log10_ = log10.inplace

const powerOfTwo = stepwise(
  ({ exp2 }) =>
    (x: number) =>
      exp2(x),
)

/** `2^self`. */
export const exp2: Unary = op1({
  gradFn: 'Exp2Backward0',
  forward: (self) => map1(self, powerOfTwo(floating(self)), floating(self)),
  self: needs('result', (grad, { result }) => grad.mul(result).mul(Math.LN2)),
  samples: (t) => [[t([0.5, 1, -3])]],
})
/** {@link exp2} in place. */
export const exp2_ = exp2.inplace

/** Tangent. */
export const tan: Unary = op1({
  gradFn: 'TanBackward0',
  forward: (self) => map1(self, Math.tan, floating(self)),
  self: needs('result', (grad, { result }) => grad.mul(result.pow(2).add(1))),
  samples: (t) => [[t([0.5, 1, -0.3])]],
})
/** {@link tan} in place. */
export const tan_ = tan.inplace

/** Hyperbolic sine. */
export const sinh: Unary = unary('SinhBackward0', Math.sinh, (x) => x.cosh())
/** {@link sinh} in place. */
export const sinh_ = sinh.inplace
/** Hyperbolic cosine. */
export const cosh: Unary = unary('CoshBackward0', Math.cosh, (x) => x.sinh())
/** {@link cosh} in place. */
export const cosh_ = cosh.inplace
/** Inverse sine. */
export const asin: Unary = unary('AsinBackward0', Math.asin, (x) => x.mul(x).neg().add(1).rsqrt())
/** {@link asin} in place. */
export const asin_ = asin.inplace
/** Inverse cosine. */
export const acos: Unary = unary('AcosBackward0', Math.acos, (x) => x.mul(x).neg().add(1).rsqrt().neg())
/** {@link acos} in place. */
export const acos_ = acos.inplace
/** Inverse tangent. */
export const atan: Unary = op1({
  gradFn: 'AtanBackward0',
  forward: (self) => map1(self, Math.atan, floating(self)),
  self: needs('self', (grad, { self }) => grad.div(self.mul(self).add(1))),
  samples: (t) => [[t([0.5, -0.25, 0.75])]],
})
/** {@link atan} in place. */
export const atan_ = atan.inplace
/** Inverse hyperbolic sine. */
export const asinh: Unary = unary('AsinhBackward0', Math.asinh, (x) => x.pow(2).add(1).rsqrt())
/** Inverse hyperbolic cosine. */
export const acosh: Unary = unary('AcoshBackward0', Math.acosh, (x) => x.pow(2).sub(1).rsqrt(), [1.5, 2, 3])
/** Inverse hyperbolic tangent. */
export const atanh: Unary = op1({
  gradFn: 'AtanhBackward0',
  forward: (self) => map1(self, Math.atanh, floating(self)),
  self: needs('self', (grad, { self }) => grad.div(self.pow(2).rsub(1))),
  samples: (t) => [[t([0.5, -0.25, 0.75])]],
})
/** The error function, `2/√π ∫ e^(-t²) dt` from 0 to `self`. */
export const erf: Unary = op1({
  gradFn: 'ErfBackward0',
  forward: (self) => map1(self, self.dtype === float64 ? erfFloat64 : erfOf, floating(self)),
  self: needs('self', (grad, { self }) =>
    grad.mul(
      self
        .square()
        .neg()
        .exp()
        .mul(2 / Math.sqrt(Math.PI)),
    ),
  ),
  samples: (t) => [[t([0.5, -0.25, 0.75])]],
})
/** {@link erf} in place. */
export const erf_ = erf.inplace

/** `sin(πx) / (πx)`, 1 at 0. */
export const sinc: Unary = op1({
  gradFn: 'SincBackward0',
  forward: (self) => {
    const round = rounding({ dtype: floating(self) })
    const product = (x: number) => round(round(Math.PI) * x)
    return map1(self, (x) => (x === 0 ? 1 : round(Math.sin(product(x))) / product(x)), floating(self))
  },
  self: needs('self', (grad, { self: x }) => {
    const angle = x.mul(Math.PI)
    const squared = x.mul(x).mul(Math.PI)
    const slope = angle.mul(angle.cos()).sub(angle.sin()).div(squared)
    return where(squared.eq(0), 0, grad.mul(slope))
  }),
  samples: (t) => [[t([0.5, -0.25, 0.75])]],
})
/** {@link sinc} in place. */
export const sinc_ = sinc.inplace

/**
 * The angle of the point (other, self): the inverse tangent of `self / other` in the right quadrant.
 * @shape A, B → broadcast(A, B)
 */
export const atan2: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'Atan2Backward0',
  order: [0, 1],
  forward: (self, other) => map2(self, other, Math.atan2, undefined, floatingResult(self, other)),
  self: needs('self', 'other', (grad, { self, other }) => grad.mul(other).mul(oneOverSquares(self, other))),
  other: needs('self', 'other', (grad, { self, other }) => grad.mul(self.neg()).mul(oneOverSquares(self, other))),
  samples: (t) => [[t([1, -2]), t([[3], [-0.5]])]],
})
function oneOverSquares(a: Tensor, b: Tensor): Tensor {
  const squares = a.mul(a).add(b.mul(b))
  return where(squares.eq(0), 0, squares.reciprocal())
}

/** {@link atan2} in place. */
export const atan2_ = atan2.inplace

/** Rounded correctly: what the root's square is off by is taken from it again. */
function hypotenuse(a: number, b: number): number {
  const [x, y] = [Math.abs(a), Math.abs(b)]
  const largest = Math.max(x, y)
  if (x === Number.POSITIVE_INFINITY || y === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY
  if (!(largest > 0)) return largest
  const scale = 2 ** Math.floor(Math.log2(largest))
  const [p, q] = [x / scale, y / scale]
  const [pp, qq] = [p * p, q * q]
  const root = Math.sqrt(pp + qq)
  const square = root * root
  const high = pp + qq
  const missing =
    high - square + additionError(pp, qq, high) + multiplicationError(p, p, pp) + multiplicationError(q, q, qq)
  return (root + (missing - multiplicationError(root, root, square)) / (2 * root)) * scale
}

/**
 * `√(self² + other²)` without overflow.
 * @shape A, B → broadcast(A, B)
 */
export const hypot: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'HypotBackward0',
  forward: (self, other) => {
    refuseIntegers(resultType(self, other), 'hypot_cpu')
    return map2(self, other, hypotenuse)
  },
  self: needs('self', 'result', (grad, { self, result }) => grad.mul(self).div(result)),
  other: needs('other', 'result', (grad, { other, result }) => grad.mul(other).div(result)),
  samples: (t) => [[t([1, -2]), t([[3], [-0.5]])]],
})
/** {@link hypot} in place. */
export const hypot_ = hypot.inplace

const sumOfExponentials = stepwise(({ round, exp, log1p }) => (a: number, b: number) => {
  if (Math.abs(a) === Number.POSITIVE_INFINITY && a === b) return a
  return Math.max(a, b) + log1p(exp(-Math.abs(round(a - b))))
})

/**
 * `ln(e^self + e^other)` without overflow.
 * @shape A, B → broadcast(A, B)
 */
export const logaddexp: Op<[self: Tensor, other: Tensor]> = op2<Tensor>({
  gradFn: 'LogaddexpBackward0',
  forward: (self, other) => {
    const type = resultType(self, other)
    refuseIntegers(type, 'logaddexp_cpu')
    return map2(self, other, sumOfExponentials(type))
  },
  self: needs('self', 'other', (grad, { self, other }) => grad.div(other.sub(self).exp().add(1))),
  other: needs('self', 'other', (grad, { self, other }) => grad.div(self.sub(other).exp().add(1))),
  samples: (t) => [[t([1, -2]), t([[3], [-0.5]])]],
})

/**
 * `self ln(other)`, and 0 where `self` is 0.
 * @shape A, B → broadcast(A, B)
 */
export const xlogy: Op<[self: Tensor, other: Operand]> = op2<Operand>({
  gradFn: 'XlogyBackward0',
  forward: (self, other) => {
    const dtype = floatingResult(self, other)
    const round = rounding({ dtype })
    const f = (a: number, b: number) => (Number.isNaN(b) ? b : a === 0 ? 0 : a * round(Math.log(b)))
    return map2(self, other, f, undefined, dtype)
  },
  self: needs('self', 'other', (grad, { self, other }) => {
    const isBelow = typeof other === 'number' ? self.new_full([], Number(other <= 0)) : other.le(0)
    return xlogy(grad, other).masked_fill(self.eq(0).logical_and(isBelow), 0)
  }),
  other: needs('self', 'other', (grad, { self, other }) => grad.mul(self).div(other)),
  samples: (t) => [[t([1, -2]), t([[3], [0.5]])]],
})
/** {@link xlogy} in place. */
export const xlogy_ = xlogy.inplace

/** nan as 0, infinities as the largest finite numbers, or as the options say. */
const replaced = op1<{ nan: number; posinf: number; neginf: number }>({
  gradFn: 'NanToNumBackward0',
  forward: (self, { nan, posinf, neginf }) =>
    map1(self, (x) =>
      Number.isNaN(x) ? nan : x === Number.POSITIVE_INFINITY ? posinf : x === Number.NEGATIVE_INFINITY ? neginf : x,
    ),
  self: needs('self', (grad, { self }) => grad.mul(self.isfinite())),
  samples: (t) => [[t([1, -2]), { nan: 0, posinf: 1, neginf: -1 }]],
})

/**
 * nan replaced by 0 and infinities by the largest finite numbers, unless the options say otherwise.
 * @shape A → A
 */
export function nan_to_num(
  self: Tensor,
  nan?: number | null | NanOptions,
  posinf?: number | null | NanOptions,
  neginf?: number | null,
): Tensor {
  return replaced(self, replacements('nan_to_num', self, nan, posinf, neginf))
}

/** {@link nan_to_num} in place. */
export function nan_to_num_(
  self: Tensor,
  nan?: number | null | NanOptions,
  posinf?: number | null | NanOptions,
  neginf?: number | null,
): Tensor {
  return replaced.inplace(self, replacements('nan_to_num_', self, nan, posinf, neginf))
}

/** What nan, inf and -inf become. */
export interface NanOptions {
  nan?: number | null
  posinf?: number | null
  neginf?: number | null
}

function replacements(name: string, self: Tensor, ...given: unknown[]) {
  const [nan, posinf, neginf] = accept<(number | null)[]>(
    `${name}(Tensor input, float nan=None, float posinf=None, float neginf=None)`,
    self,
    ...given,
  )
  const most = self.dtype === float32 ? 3.4028234663852886e38 : Number.MAX_VALUE
  return { nan: nan ?? 0, posinf: posinf ?? most, neginf: neginf ?? -most }
}

// The complement of the error function, and the logarithm of the gamma function with its derivatives.
import { float64 } from '../dtype'
import { RuntimeError } from '../errors'
import { erfcFloat64, erfc as erfcOf } from '../kernels/erf'
import * as kernels from '../kernels/gamma'
import { map1 } from '../kernels/map'
import { floating, rounding } from '../kernels/precision'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { needs, op1, type Unary } from './op'

/** `1 - erf(self)`, exact where that is near 0. */
export const erfc: Unary = op1({
  gradFn: 'ErfcBackward0',
  forward: (self) => map1(self, self.dtype === float64 ? erfcFloat64 : erfcOf, floating(self)),
  self: needs('self', (grad, { self }) =>
    grad.mul(
      self
        .pow(2)
        .neg()
        .exp()
        .mul(-2 / Math.sqrt(Math.PI)),
    ),
  ),
  samples: (t) => [[t([0.5, -0.25, 0.75])]],
})
/** {@link erfc} in place. */
export const erfc_ = erfc.inplace

/** `ln |Γ(self)|`. */
export const lgamma: Unary = op1({
  gradFn: 'LgammaBackward0',
  forward: (self) => map1(self, kernels.lgamma, floating(self)),
  self: needs('self', (grad, { self }) => grad.mul(digamma(self))),
  samples: (t) => [[t([0.75, 1.25, 3])]],
})
/** {@link lgamma} in place. */
export const lgamma_ = lgamma.inplace

/** `Γ'(self) / Γ(self)`, the derivative of {@link lgamma}. */
export const digamma: Unary = op1({
  gradFn: 'DigammaBackward0',
  forward: (self) => map1(self, nth(0, self), floating(self)),
  self: needs('self', (grad, { self }) => grad.mul(polygamma(1, self))),
  samples: (t) => [[t([0.75, 1.25, 3])]],
})
/** {@link digamma} in place. */
export const digamma_ = digamma.inplace

/** The kernel of the n-th derivative of digamma. */
function nth(n: number, self: Tensor): (x: number) => number {
  const round = rounding({ dtype: floating(self) })
  if (n === 0) return (x) => kernels.digamma(x, round)
  return n === 1 ? (x) => kernels.trigamma(x, round) : (x) => kernels.polygamma(n, x)
}

const derivative = op1<number>({
  gradFn: 'PolygammaBackward0',
  forward: (self, n) => map1(self, nth(n, self), floating(self)),
  self: needs('self', (grad, { self, args: n }) => grad.mul(polygamma(n + 1, self))),
  samples: (t) => [[t([0.75, 1.25, 3]), 1]],
})

/**
 * The `n`-th derivative of {@link digamma}.
 * @shape A → A
 */
export function polygamma(n: number, input: Tensor): Tensor {
  accept('polygamma(int n, Tensor input)', n, input)
  if (n < 0) throw new RuntimeError('polygamma(n, x) does not support negative n.')
  return derivative(input, n)
}

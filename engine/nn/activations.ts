// torch.nn.functional: activations.

import { isRecording } from '../autograd/mode'
import { float32 } from '../dtype'
import { erf } from '../kernels/erf'
import { expVector } from '../kernels/exp'
import { map1, map2 } from '../kernels/map'
import { fused, rounding } from '../kernels/precision'
import { relu, sigmoid, tanh } from '../ops/functions'
import { needs, type Op, op1 } from '../ops/op'
import * as soft from '../ops/softmax'
import { where } from '../ops/where'
import type { Tensor } from '../tensor'

export { relu, sigmoid, tanh }

const SOME: [number[]] = [[0.5, -1.25, 2]]

/** `softmax` along `dim`. */
export function softmax(input: Tensor, dim: number | { dim: number }): Tensor {
  return soft.softmax(input, dim)
}

/** `softmax` of the negated input. */
export function softmin(input: Tensor, dim: number | { dim: number }): Tensor {
  return soft.softmax(input.neg(), dim)
}

/** `log_softmax` along `dim`. */
export function log_softmax(input: Tensor, dim: number | { dim: number }): Tensor {
  return soft.log_softmax(input, dim)
}

const leakyRelu = op1<number>({
  gradFn: 'LeakyReluBackward0',
  forward: (self, slope) => {
    const factor = rounding(self)(slope)
    return map1(self, (x) => (x > 0 ? x : x * factor))
  },
  self: needs('self', (grad, { self, args: slope }) => where(self.gt(0), grad, grad.mul(slope))),
  samples: (t) => [[t(SOME[0]), 0.01]],
})

/** `x` where it is positive, `negative_slope * x` elsewhere. */
export function leaky_relu(input: Tensor, negative_slope = 0.01): Tensor {
  return leakyRelu(input, negative_slope)
}

interface EluArgs {
  alpha: number
  scale: number
}

const scaledElu = op1<EluArgs>({
  gradFn: 'EluBackward0',
  forward: (self, { alpha, scale }) => {
    const round = rounding(self)
    const negative = round(alpha * scale)
    return map1(self, (x) => (x > 0 ? x * round(scale) : round(Math.expm1(x)) * negative))
  },
  self: needs('self', (grad, { self, args: { alpha, scale } }) =>
    where(self.gt(0), grad.mul(scale), grad.mul(alpha * scale).mul(self.exp())),
  ),
  samples: (t) => [[t(SOME[0]), { alpha: 0.7, scale: 1.5 }]],
})

/** `x` where it is positive, `alpha * (e^x - 1)` elsewhere. */
export function elu(input: Tensor, alpha = 1): Tensor {
  return scaledElu(input, { alpha, scale: 1 })
}

/** `elu` scaled so that deep networks keep their variance (Klambauer and others, 2017). */
export function selu(input: Tensor): Tensor {
  return scaledElu(input, { alpha: 1.6732632423543772, scale: 1.0507009873554805 })
}

const celuOp = op1<number>({
  gradFn: 'CeluBackward0',
  forward: (self, alpha) => map1(self, (x) => (x > 0 ? x : alpha * Math.expm1(x / alpha))),
  self: needs('self', (grad, { self, args: alpha }) => where(self.gt(0), grad, grad.mul(self.div(alpha).exp()))),
  samples: (t) => [[t(SOME[0]), 0.7]],
})

/** `x` where it is positive, `alpha * (e^(x/alpha) - 1)` elsewhere. */
export function celu(input: Tensor, alpha = 1): Tensor {
  return celuOp(input, alpha)
}

const geluOp: Op<[self: Tensor, args: 'none' | 'tanh']> = op1<'none' | 'tanh'>({
  gradFn: 'GeluBackward0',
  forward: (self, approximate) => {
    const round = rounding(self)
    const alpha = round(Math.SQRT1_2)
    const exact = (x: number) => 0.5 * x * round(1 + round(erf(round(x * alpha))))
    const approximation = (x: number) => 0.5 * x * (1 + Math.tanh(tanhArgument(x)))
    return map1(self, approximate === 'none' ? exact : approximation)
  },
  self: needs('self', (grad, { self: x, args: approximate }) => {
    if (approximate === 'tanh') {
      const inner = x
        .pow(3)
        .mul(0.044715)
        .add(x)
        .mul(Math.sqrt(2 / Math.PI))
        .tanh()
      const slope = x
        .square()
        .mul(3 * 0.044715)
        .add(1)
        .mul(Math.sqrt(2 / Math.PI))
      return grad.mul(
        inner
          .add(1)
          .mul(0.5)
          .add(x.mul(0.5).mul(inner.square().rsub(1)).mul(slope)),
      )
    }
    // Φ(x) + x φ(x), the normal distribution and its density
    const cdf = x.mul(Math.SQRT1_2).erf().add(1).mul(0.5)
    const density = x
      .square()
      .mul(-0.5)
      .exp()
      .mul(1 / Math.sqrt(2 * Math.PI))
    return grad.mul(cdf.add(x.mul(density)))
  }),
  samples: (t) => [
    [t(SOME[0]), 'none'],
    [t(SOME[0]), 'tanh'],
  ],
})

function tanhArgument(x: number): number {
  return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)
}

/** `x Φ(x)` with the normal distribution function Φ, or its approximation by tanh. */
export function gelu(input: Tensor, { approximate = 'none' }: { approximate?: 'none' | 'tanh' } = {}): Tensor {
  return geluOp(input, approximate)
}

/** `x sigmoid(x)`. */
export const silu: Op<[self: Tensor]> = op1({
  gradFn: 'SiluBackward0',
  forward: (self) => {
    const round = rounding(self)
    return map1(self, (x) => x / round(1 + round(Math.exp(-x))))
  },
  // s (1 + x (1 - s)) with s = sigmoid(x)
  self: needs('self', (grad, { self: x }) => {
    if (!isRecording()) return siluBackward(grad, x)
    const s = x.sigmoid()
    return grad.mul(s).mul(s.rsub(1).mul(x).add(1))
  }),
  samples: (t) => [[t(SOME[0])]],
})

/** The kernel, whose last steps are fused; where the gradient itself is recorded, PyTorch composes it of tensor operations. */
function siluBackward(grad: Tensor, x: Tensor): Tensor {
  const round = rounding(grad)
  const fma = fused(grad)
  return map2(grad, x, (g, a) => {
    const s = round(1 / round(1 + round(Math.exp(-a))))
    return round(g * s) * fma(a, round(1 - s), 1)
  })
}

/** `x tanh(softplus(x))`. */
export const mish: Op<[self: Tensor]> = op1({
  gradFn: 'MishBackward0',
  forward: (self) => map1(self, (x) => x * Math.tanh(Math.log1p(Math.exp(x)))),
  self: needs('self', (grad, { self: x }) => {
    const t = softplus(x).tanh()
    return grad.mul(t.add(x.mul(x.sigmoid()).mul(t.square().rsub(1))))
  }),
  samples: (t) => [[t(SOME[0])]],
})

interface SoftplusArgs {
  beta: number
  threshold: number
}

const softplusOp = op1<SoftplusArgs>({
  gradFn: 'SoftplusBackward0',
  forward: (self, { beta, threshold }) => {
    const round = rounding(self)
    return map1(self, (x) => (x * beta > threshold ? x : round(Math.log1p(round(Math.exp(round(x * beta))))) / beta))
  },
  self: needs('self', (grad, { self, args: { beta, threshold } }) => {
    const z = self.mul(beta).exp()
    return where(self.mul(beta).gt(threshold), grad, grad.mul(z).div(z.add(1)))
  }),
  samples: (t) => [[t(SOME[0]), { beta: 1.5, threshold: 20 }]],
})

/** `ln(1 + e^(beta x)) / beta`; linear above the threshold. */
export function softplus(input: Tensor, beta = 1, threshold = 20): Tensor {
  return softplusOp(input, { beta, threshold })
}

/** `ln sigmoid(x)`. */
export const logsigmoid: Op<[self: Tensor]> = op1({
  gradFn: 'LogSigmoidBackward0',
  forward: (self) => {
    const round = rounding(self)
    const exp = self.dtype === float32 ? expVector : Math.exp
    return map1(self, (x) => Math.min(x, 0) - round(Math.log1p(exp(-Math.abs(x)))))
  },
  self: needs('self', (grad, { self }) => grad.mul(self.neg().sigmoid())),
  samples: (t) => [[t(SOME[0])]],
})

interface Interval {
  min: number
  max: number
}

const hardtanhOp = op1<Interval>({
  gradFn: 'HardtanhBackward0',
  forward: (self, { min, max }) => map1(self, (x) => Math.min(Math.max(x, min), max)),
  self: needs('self', (grad, { self, args: { min, max } }) => where(self.le(min).logical_or(self.ge(max)), 0, grad)),
  samples: (t) => [[t(SOME[0]), { min: -1, max: 1 }]],
})

/** Clamped to [min_val, max_val]; unlike `clamp`, no gradient at the bounds. */
export function hardtanh(input: Tensor, min_val = -1, max_val = 1): Tensor {
  return hardtanhOp(input, { min: min_val, max: max_val })
}

/** Clamped to [0, 6]. */
export function relu6(input: Tensor): Tensor {
  return hardtanhOp(input, { min: 0, max: 6 })
}

/** `min(max(x + 3, 0), 6) / 6`. */
export const hardsigmoid: Op<[self: Tensor]> = op1({
  gradFn: 'HardsigmoidBackward0',
  forward: (self) => {
    const round = rounding(self)
    return map1(self, (x) => Math.min(Math.max(round(x + 3), 0), 6) / 6)
  },
  self: needs('self', (grad, { self }) => where(self.gt(-3).logical_and(self.lt(3)), grad.div(6), 0)),
  samples: (t) => [[t(SOME[0])]],
})

/** `x hardsigmoid(x)`. */
export const hardswish: Op<[self: Tensor]> = op1({
  gradFn: 'HardswishBackward0',
  forward: (self) => {
    const round = rounding(self)
    return map1(self, (x) => round(x * Math.min(Math.max(round(x + 3), 0), 6)) / 6)
  },
  self: needs('self', (grad, { self }) =>
    where(self.le(-3), 0, where(self.lt(3), grad.mul(self.div(3).add(0.5)), grad)),
  ),
  samples: (t) => [[t(SOME[0])]],
})

interface Threshold {
  threshold: number
  value: number
}

const thresholdOp = op1<Threshold>({
  gradFn: 'ThresholdBackward0',
  forward: (self, { threshold, value }) => map2(self, threshold, (x, edge) => (x <= edge ? value : x)),
  self: needs('self', (grad, { self, args: { threshold } }) => where(self.gt(threshold), grad, 0)),
  samples: (t) => [[t(SOME[0]), { threshold: 0.1, value: 20 }]],
})

/** `x` where it is above the threshold, `value` elsewhere. */
export function threshold(input: Tensor, threshold: number, value: number): Tensor {
  return thresholdOp(input, { threshold, value })
}

/** `x - tanh(x)`. */
export function tanhshrink(input: Tensor): Tensor {
  return input.sub(input.tanh())
}

/** `x / (1 + |x|)`. */
export function softsign(input: Tensor): Tensor {
  return input.div(input.abs().add(1))
}

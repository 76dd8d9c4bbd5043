// torch.nn.functional: activations.

import { isRecording } from '../autograd/mode'
import type { Rule } from '../autograd/record'
import { type DType, float32 } from '../dtype'
import { map1, map2 } from '../kernels/map'
import { rounding } from '../kernels/precision'
import { stepwise, vectorSteps, vectorSteps64 } from '../kernels/steps'
import { asOne } from '../ops/as-one'
import { relu_, relu as reluAnew, sigmoid, tanh } from '../ops/functions'
import { needs, type Op, op1 } from '../ops/op'
import * as soft from '../ops/softmax'
import { refuseIntegers } from '../ops/unsupported'
import { where } from '../ops/where'
import { accept } from '../signature'
import type { Tensor } from '../tensor'

export { relu_, sigmoid, tanh }

/** Whether the result replaces the input. */
export interface Inplace {
  inplace?: boolean
}

/**
 * `max(input, 0)`; its derivative at 0 is 0.
 * @shape A → A
 */
export function relu(input: Tensor, inplace: boolean | Inplace = false): Tensor {
  if (inplace === false) return reluAnew(input)
  const [here] = accept<[boolean]>('relu(Tensor input, bool inplace=False)', input, inplace)
  return here ? relu_(input) : reluAnew(input)
}

const SOME: [number[]] = [[0.5, -1.25, 2]]

/**
 * `softmax` along `dim`.
 * @shape A → A
 */
export function softmax(
  input: Tensor,
  dim: number | { dim: number; dtype?: DType },
  options?: { dtype?: DType },
): Tensor {
  return soft.softmax(input, dim, options)
}

/**
 * `softmax` of the negated input.
 * @shape A → A
 */
export function softmin(input: Tensor, dim: number | { dim: number }): Tensor {
  const [d] = accept<[number]>('softmin(Tensor input, int dim)', input, dim)
  return soft.softmax(input.neg(), d)
}

/**
 * `log_softmax` along `dim`.
 * @shape A → A
 */
export function log_softmax(
  input: Tensor,
  dim: number | { dim: number; dtype?: DType },
  options?: { dtype?: DType },
): Tensor {
  return soft.log_softmax(input, dim, options)
}

const leaking = (gradFn: string) =>
  op1<number>({
    gradFn,
    forward: (self, slope) => {
      refuseIntegers(self.dtype, 'leaky_relu_cpu')
      const factor = rounding(self)(slope)
      return map1(self, (x) => (x > 0 ? x : x * factor))
    },
    self: asOne(
      'LeakyReluBackwardBackward0',
      needs('self', (grad, { self, args: slope }) => where(self.gt(0), grad, grad.mul(slope))),
      { seconds: [null] },
    ),
    samples: (t) => [[t(SOME[0]), 0.01]],
  })

const [leakyRelu, leakyReluInplace] = [leaking('LeakyReluBackward0'), leaking('LeakyReluBackward1')]

/**
 * `x` where it is positive, `negative_slope * x` elsewhere.
 * @shape A → A
 */
export function leaky_relu(
  input: Tensor,
  negative_slope: number | { negative_slope?: number; inplace?: boolean } = 0.01,
  inplace?: boolean | Inplace,
): Tensor {
  const [slope, here] = accept<[number, boolean]>(
    'leaky_relu(Tensor input, float negative_slope=0.01, bool inplace=False)',
    input,
    negative_slope,
    inplace,
  )
  return here ? leakyReluInplace.inplace(input, slope) : leakyRelu(input, slope)
}

/** {@link leaky_relu} in place. */
export function leaky_relu_(input: Tensor, negative_slope: number | { negative_slope?: number } = 0.01): Tensor {
  const [slope] = accept<[number]>('leaky_relu_(Tensor input, float negative_slope=0.01)', input, negative_slope)
  return leakyReluInplace.inplace(input, slope)
}

interface EluArgs {
  alpha: number
  scale?: number
  input_scale?: number
  /** That of the derivative, where it is another. */
  slope_scale?: number
}

const eluSlope: Rule<EluArgs> = needs('self', (grad, { self, args }) => {
  const { alpha, scale = 1, slope_scale = args.input_scale ?? 1 } = args
  if (isRecording()) {
    const slope = self.mul(slope_scale).exp()
    return where(
      self.gt(0),
      grad.mul(scale),
      grad
        .mul(slope_scale)
        .mul(alpha * scale)
        .mul(slope),
    )
  }
  const slope = stepwise(({ round, exp }) => {
    const [negative, positive, inner] = [round(alpha * scale), round(scale), round(slope_scale)]
    return (g: number, x: number) => (x > 0 ? g * positive : round(round(g * inner) * negative) * exp(round(x * inner)))
  })
  return map2(grad, self, slope(self.dtype))
})

const scaledElu = (gradFn: string) =>
  op1<EluArgs>({
    gradFn,
    forward: (self, { alpha, scale = 1, input_scale = 1 }) => {
      refuseIntegers(self.dtype, 'elu_cpu')
      const bent = stepwise(({ round, expm1 }) => {
        const [negative, positive, inner] = [round(alpha * scale), round(scale), round(input_scale)]
        return (x: number) => (x > 0 ? x * positive : expm1(round(x * inner)) * negative)
      })
      return map1(self, bent(self.dtype))
    },
    self: asOne('EluBackwardBackward0', eluSlope, {
      seconds: [
        (outer, grad, call) => eluSlope(outer.mul(grad).mul(call.args.input_scale ?? 1), call)!.mul(call.self.lt(0)),
      ],
    }),
    samples: (t) => [[t(SOME[0]), { alpha: 0.7, scale: 1.5, input_scale: 0.8 }]],
  })

const [eluAnew, eluInplace] = [scaledElu('EluBackward0'), scaledElu('EluBackward1')]
const celuOp = scaledElu('CeluBackward0')

/**
 * `x` where it is positive, `alpha * (e^x - 1)` elsewhere.
 * @shape A → A
 */
export function elu(
  input: Tensor,
  alpha: number | { alpha?: number; inplace?: boolean } = 1,
  inplace?: boolean | Inplace,
): Tensor {
  const [a, here] = accept<[number, boolean]>(
    'elu(Tensor input, float alpha=1, bool inplace=False)',
    input,
    alpha,
    inplace,
  )
  return here ? eluInplace.inplace(input, { alpha: a }) : eluAnew(input, { alpha: a })
}

/** {@link elu} in place. */
export function elu_(input: Tensor, alpha: number | { alpha?: number } = 1): Tensor {
  const [a] = accept<[number]>('elu_(Tensor input, float alpha=1)', input, alpha)
  return eluInplace.inplace(input, { alpha: a })
}

/**
 * `elu` scaled so that deep networks keep their variance (Klambauer and others, 2017).
 * @shape A → A
 */
export function selu(input: Tensor, inplace: boolean | Inplace = false): Tensor {
  const [here] = accept<[boolean]>('selu(Tensor input, bool inplace=False)', input, inplace)
  const args = { alpha: 1.6732632423543772, scale: 1.0507009873554805 }
  return here ? eluInplace.inplace(input, args) : eluAnew(input, args)
}

/**
 * `x` where it is positive, `alpha * (e^(x/alpha) - 1)` elsewhere.
 * @shape A → A
 */
export function celu(input: Tensor, alpha: number | { alpha?: number } = 1): Tensor {
  const [a] = accept<[number]>('celu(Tensor input, float alpha=1)', input, alpha)
  return celuOp(input, { alpha: a, input_scale: 1 / a, slope_scale: 1 / Math.fround(a) }) // as PyTorch's derivative has it
}

const swish = stepwise(
  ({ round, exp }) =>
    (x: number) =>
      x / round(1 + exp(-x)),
)

/**
 * `x sigmoid(x)`.
 * @shape A → A
 */
export const silu: Op<[self: Tensor]> = op1({
  gradFn: 'SiluBackward0',
  forward: (self) => {
    refuseIntegers(self.dtype, 'silu_cpu')
    return map1(self, swish(self.dtype))
  },
  // s (1 + x (1 - s)) with s = sigmoid(x)
  self: needs('self', (grad, { self: x }) => {
    if (!isRecording()) return map2(grad, x, swishSlope(x.dtype))
    const s = x.sigmoid()
    return grad.mul(s).mul(s.rsub(1).mul(x).add(1))
  }),
  samples: (t) => [[t(SOME[0])]],
})

/** The kernel, whose last steps are fused; where the gradient itself is recorded, PyTorch composes it of tensor operations. */
const swishSlope = stepwise(({ round, exp, fma }) => (grad: number, x: number) => {
  const s = round(1 / round(1 + exp(-x)))
  return round(grad * s) * fma(x, round(1 - s), 1)
})

const mishOf = stepwise(
  ({ exp, log1p, tanh }) =>
    (x: number) =>
      x * tanh(log1p(exp(x))),
)

const mishSlope = stepwise(({ round, exp, log1p, tanh, fma }) => (grad: number, x: number) => {
  const s = round(1 / round(1 + exp(-x)))
  const t = tanh(log1p(exp(x)))
  return grad * fma(round(x * s), fma(-t, t, 1), t)
})

/**
 * `x tanh(softplus(x))`.
 * @shape A → A
 */
export const mish: Op<[self: Tensor]> = op1({
  gradFn: 'MishBackward0',
  forward: (self) => {
    refuseIntegers(self.dtype, 'mish_cpu')
    return map1(self, mishOf(self.dtype))
  },
  self: needs('self', (grad, { self: x }) => {
    if (!isRecording()) return map2(grad, x, mishSlope(x.dtype))
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
    refuseIntegers(self.dtype, 'softplus_cpu')
    const ramp = stepwise(({ round, exp, log1p }) => (x: number) => {
      const scaled = round(x * round(beta))
      return scaled > threshold ? x : log1p(exp(scaled)) / round(beta)
    })
    return map1(self, ramp(self.dtype))
  },
  self: asOne(
    'SoftplusBackwardBackward0',
    needs('self', (grad, { self, args: { beta, threshold } }) => {
      if (!isRecording()) {
        const slope = stepwise(({ round, exp }) => (g: number, x: number) => {
          const scaled = round(x * round(beta))
          const z = exp(scaled)
          return scaled > threshold ? g : round(g * z) / round(z + 1)
        })
        return map2(grad, self, slope(self.dtype))
      }
      const z = self.mul(beta).exp()
      return where(self.mul(beta).gt(threshold), grad, grad.mul(z).div(z.add(1)))
    }),
    {
      seconds: [
        (outer, grad, { self, args: { beta, threshold } }) => {
          const product = outer.mul(grad)
          const scaled = self.mul(beta)
          const s = scaled.sigmoid()
          return product.mul(s.rsub(1)).mul(s).mul(scaled.lt(threshold)).mul(beta)
        },
      ],
    },
  ),
  samples: (t) => [[t(SOME[0]), { beta: 1.5, threshold: 20 }]],
})

/**
 * `ln(1 + e^(beta x)) / beta`; linear above the threshold.
 * @shape A → A
 */
export function softplus(
  input: Tensor,
  beta: number | { beta?: number; threshold?: number } = 1,
  threshold?: number | { threshold?: number },
): Tensor {
  const [b, edge] = accept<[number, number]>(
    'softplus(Tensor input, float beta=1, float threshold=20)',
    input,
    beta,
    threshold,
  )
  return softplusOp(input, { beta: b, threshold: edge })
}

// PyTorch keeps e^-|x|, which was reckoned in vectors to the last number.
const logsigmoidSlope = (dtype: DType) => {
  const { round, exp } = dtype === float32 ? vectorSteps : vectorSteps64
  return (grad: number, x: number) => {
    const z = exp(-Math.abs(x))
    const quotient = round(z / round(1 + z))
    return round(x < 0 ? 1 - quotient : quotient) * grad
  }
}

/**
 * `ln sigmoid(x)`.
 * @shape A → A
 */
export const logsigmoid: Op<[self: Tensor]> = op1({
  gradFn: 'LogSigmoidBackward0',
  name: 'logsigmoid',
  forward: (self) => {
    refuseIntegers(self.dtype, 'log_sigmoid_cpu')
    // PyTorch fills up the last vector, so nothing is left to be reckoned alone.
    const { exp, log1p } = self.dtype === float32 ? vectorSteps : vectorSteps64
    return map1(self, (x) => Math.min(x, 0) - log1p(exp(-Math.abs(x))))
  },
  self: asOne(
    'LogSigmoidBackwardBackward0',
    needs('self', (grad, { self }) =>
      isRecording() ? grad.mul(self.neg().sigmoid()) : map2(grad, self, logsigmoidSlope(self.dtype)),
    ),
    {
      seconds: [
        (outer, grad, { self }) => {
          const product = outer.mul(grad)
          const s = self.sigmoid()
          return product.mul(s.sub(1)).mul(s)
        },
      ],
    },
  ),
  samples: (t) => [[t(SOME[0])]],
})

/**
 * `x - tanh(x)`.
 * @shape A → A
 */
export function tanhshrink(input: Tensor): Tensor {
  accept('tanhshrink(Tensor input)', input)
  return input.sub(input.tanh())
}

/**
 * `x / (1 + |x|)`.
 * @shape A → A
 */
export function softsign(input: Tensor): Tensor {
  accept('softsign(Tensor input)', input)
  return input.div(input.abs().add(1))
}

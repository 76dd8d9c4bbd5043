// torch.nn.functional.gelu, and the approximation of it by tanh.
import { isRecording } from '../autograd/mode'
import { type DType, float32 } from '../dtype'
import { RuntimeError } from '../errors'
import { erf, erfFloat64 } from '../kernels/erf'
import { geluFloat32, geluSlopeFloat32 } from '../kernels/gelu'
import { map1, map2 } from '../kernels/map'
import { rounding } from '../kernels/precision'
import { type Steps, stepwise } from '../kernels/steps'
import { asOne } from '../ops/as-one'
import { needs, type Op, op1 } from '../ops/op'
import { refuseIntegers } from '../ops/unsupported'
import { isContiguous, numelOf } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'

const [sqrtTwoOverPi, cubicShare] = [Math.sqrt(2 / Math.PI), 0.044715]

const geluByTanh = stepwise(({ round, tanh, fma }) => (x: number) => {
  const inner = round(round(sqrtTwoOverPi) * fma(round(cubicShare), round(round(x * x) * x), x))
  return round(0.5 * x) * round(1 + tanh(inner))
})

const geluByTanhSlope = stepwise(({ round, tanh, fma }) => (grad: number, x: number) => {
  const squared = round(x * x)
  const t = tanh(round(round(sqrtTwoOverPi) * fma(round(cubicShare), round(x * squared), x)))
  const inner = round(round(sqrtTwoOverPi) * fma(round(3 * round(cubicShare)), squared, 1))
  const right = round(round(round(0.5 * x) * fma(-t, t, 1)) * inner)
  return grad * fma(0.5, round(1 + t), right)
})

/** The distribution function Φ of the normal distribution. */
function normalShare(dtype: DType): (x: number) => number {
  const round = rounding({ dtype })
  const alpha = round(Math.SQRT1_2)
  const erfOf = dtype === float32 ? erf : erfFloat64
  return (x) => 0.5 * round(1 + round(erfOf(round(x * alpha))))
}

/** Times Φ(x) + x φ(x), with the density φ; in vectors the last steps are fused. */
function geluSlope(dtype: DType) {
  const share = normalShare(dtype)
  const slope =
    (isFused: boolean) =>
    ({ round, exp, fma }: Steps) => {
      const factor = round(1 / Math.sqrt(2 * Math.PI))
      return (grad: number, x: number) => {
        const density = round(factor * exp(round(-0.5 * round(x * x))))
        return grad * (isFused ? fma(x, density, share(x)) : round(round(x * density) + share(x)))
      }
    }
  return stepwise(slope(false), slope(true))(dtype)
}

/** The second derivative of `x Φ(x)`: `(2 - x²) φ(x)` with the density φ. */
function bend(x: Tensor): Tensor {
  const squared = x.mul(x)
  const density = squared
    .mul(-0.5)
    .exp()
    .mul(1 / Math.sqrt(2 * Math.PI))
  return density.mul(2).sub(squared.mul(density))
}

/** That of `f g` with `f = x / 2` and `g = 1 + tanh u`; a prime is a derivative, h that of u. */
function bendByTanh(x: Tensor): Tensor {
  const u = x.add(x.pow(3).mul(cubicShare)).mul(sqrtTwoOverPi)
  const [t, sech] = [u.tanh(), u.cosh().reciprocal()]
  const f = x.mul(0.5)
  const g = t.mul(t).rsub(1)
  const h = x
    .mul(3 * cubicShare)
    .mul(x)
    .add(1)
    .mul(sqrtTwoOverPi)
  const slopeOfG = sech.mul(2).mul(sech.neg().mul(t)).mul(h)
  const slopeOfH = x.mul(6 * cubicShare).mul(sqrtTwoOverPi)
  return g.mul(0.5).mul(h).mul(2).add(f.mul(h).mul(slopeOfG)).add(f.mul(g).mul(slopeOfH))
}

const geluOp: Op<[self: Tensor, args: 'none' | 'tanh']> = op1<'none' | 'tanh'>({
  gradFn: 'GeluBackward0',
  forward: (self, approximate) => {
    refuseIntegers(self.dtype, 'GeluKernelImpl')
    if (approximate === 'tanh') return map1(self, geluByTanh(self.dtype))
    if (asksOneDnn(self)) return map1(self, geluFloat32)
    const share = normalShare(self.dtype)
    return map1(self, (x) => x * share(x))
  },
  self: asOne(
    'GeluBackwardBackward0',
    needs('self', (grad, { self: x, args: approximate }) => {
      if (approximate === 'tanh') {
        if (!isRecording()) return map2(grad, x, geluByTanhSlope(x.dtype))
        const inner = x.pow(3).mul(cubicShare).add(x).mul(sqrtTwoOverPi).tanh()
        const slope = x
          .square()
          .mul(3 * cubicShare)
          .add(1)
          .mul(sqrtTwoOverPi)
        return grad.mul(
          inner
            .add(1)
            .mul(0.5)
            .add(x.mul(0.5).mul(inner.square().rsub(1)).mul(slope)),
        )
      }
      if (!isRecording()) return map2(grad, x, asksOneDnn(x) ? (g, a) => g * geluSlopeFloat32(a) : geluSlope(x.dtype))
      // Φ(x) + x φ(x), the normal distribution and its density
      const cdf = x.mul(Math.SQRT1_2).erf().add(1).mul(0.5)
      const density = x
        .square()
        .mul(-0.5)
        .exp()
        .mul(1 / Math.sqrt(2 * Math.PI))
      return grad.mul(cdf.add(x.mul(density)))
    }),
    {
      seconds: [(outer, grad, { self, args }) => outer.mul(grad).mul(args === 'tanh' ? bendByTanh(self) : bend(self))],
    },
  ),
  samples: (t) => [
    [t([0.5, -1.25, 2]), 'none'],
    [t([0.5, -1.25, 2]), 'tanh'],
  ],
})

/** Whether PyTorch leaves GELU to oneDNN, whose erf is another approximation. */
function asksOneDnn({ dtype, sizes, strides }: Tensor): boolean {
  return dtype === float32 && numelOf(sizes) > 1 && isContiguous(sizes, strides)
}

/**
 * `x Φ(x)` with the normal distribution function Φ, or its approximation by tanh.
 * @shape A → A
 */
export function gelu(input: Tensor, options: { approximate?: 'none' | 'tanh' } = {}): Tensor {
  const [approximate] = accept<['none' | 'tanh']>("gelu(Tensor input, str approximate='none')", input, options)
  if (approximate !== 'none' && approximate !== 'tanh') {
    throw new RuntimeError('approximate argument must be either none or tanh.')
  }
  return geluOp(input, approximate)
}

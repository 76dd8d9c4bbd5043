// torch.nn.functional: activations with edges, made of straight pieces.
import { bool, float32 } from '../dtype'
import { RuntimeError, ValueError } from '../errors'
import { vectored } from '../kernels/loops'
import { map1, map2 } from '../kernels/map'
import { rounding } from '../kernels/precision'
import { asOne } from '../ops/as-one'
import { needs, type Op, op1 } from '../ops/op'
import { refuseIntegers } from '../ops/unsupported'
import { where } from '../ops/where'
import { accept } from '../signature'
import type { Tensor } from '../tensor'

const SOME: [number[]] = [[0.5, -1.25, 2]]

interface Interval {
  min: number
  max: number
}

const hardtanhOp = op1<Interval>({
  gradFn: 'HardtanhBackward0',
  forward: (self, { min, max }) => {
    if (self.dtype === bool) throw new RuntimeError('Bool inputs not supported for hardtanh')
    return map1(self, (x) => Math.min(Math.max(x, min), max))
  },
  self: asOne(
    'HardtanhBackwardBackward0',
    needs('self', (grad, { self, args: { min, max } }) => where(self.le(min).logical_or(self.ge(max)), 0, grad)),
    { seconds: [null] },
  ),
  samples: (t) => [[t(SOME[0]), { min: -1, max: 1 }]],
})

/**
 * Clamped to [min_val, max_val]; unlike `clamp`, no gradient at the bounds.
 * @shape A → A
 */
export function hardtanh(
  input: Tensor,
  min_val: number | { min_val?: number; max_val?: number } = -1,
  max_val?: number | { max_val?: number },
): Tensor {
  const [min, max] = accept<[number, number]>(
    'hardtanh(Tensor input, float min_val=-1, float max_val=1)',
    input,
    min_val,
    max_val,
  )
  if (min > max) throw new ValueError('min_val cannot be greater than max_val')
  return hardtanhOp(input, { min, max })
}

/**
 * Clamped to [0, 6].
 * @shape A → A
 */
export function relu6(input: Tensor): Tensor {
  accept('relu6(Tensor input)', input)
  return hardtanhOp(input, { min: 0, max: 6 })
}

/**
 * `min(max(x + 3, 0), 6) / 6`.
 * @shape A → A
 */
export const hardsigmoid: Op<[self: Tensor]> = op1({
  gradFn: 'HardsigmoidBackward0',
  forward: (self) => {
    refuseIntegers(self.dtype, 'hardsigmoid_cpu')
    const round = rounding(self)
    return map1(self, (x) => Math.min(Math.max(round(x + 3), 0), 6) / 6)
  },
  self: asOne(
    'torch::autograd::NotImplemented',
    needs('self', (grad, { self }) => where(self.gt(-3).logical_and(self.lt(3)), grad.mul(Math.fround(1 / 6)), 0)),
    { refuses: () => new RuntimeError('derivative for aten::hardsigmoid_backward is not implemented') },
  ),
  samples: (t) => [[t(SOME[0])]],
})

/**
 * `x hardsigmoid(x)`.
 * @shape A → A
 */
export const hardswish: Op<[self: Tensor]> = op1({
  gradFn: 'HardswishBackward0',
  forward: (self) => {
    refuseIntegers(self.dtype, 'hardswish_cpu')
    const round = rounding(self)
    return map1(self, (x) => round(x * Math.min(Math.max(round(x + 3), 0), 6)) / 6)
  },
  self: asOne(
    'HardswishBackwardBackward0',
    needs('self', (grad, { self }) => where(self.le(-3), 0, where(self.lt(3), grad.mul(self.div(3).add(0.5)), grad))),
    { seconds: [(outer, grad, { self }) => where(self.gt(-3).logical_and(self.lt(3)), outer.mul(grad).div(3), 0)] },
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
  self: asOne(
    'ThresholdBackwardBackward0',
    needs('self', (grad, { self, args: { threshold } }) => where(self.gt(threshold), grad, 0)),
    { seconds: [null] },
  ),
  samples: (t) => [[t(SOME[0]), { threshold: 0.1, value: 20 }]],
})

/**
 * `x` where it is above the threshold, `value` elsewhere.
 * @shape A → A
 */
export function threshold(input: Tensor, threshold: number, value: number): Tensor {
  accept('threshold(Tensor input, float threshold, float value)', input, threshold, value)
  return thresholdOp(input, { threshold, value })
}

const hardShrink = op1<number>({
  gradFn: 'HardshrinkBackward0',
  forward: (self, lambd) => {
    refuseIntegers(self.dtype, 'hardshrink_cpu')
    return map2(self, lambd, (x, edge) => (x >= -edge && x <= edge ? 0 : x))
  },
  self: asOne(
    'HardshrinkBackwardBackward0',
    needs('self', (grad, { self, args: lambd }) => where(self.ge(-lambd).logical_and(self.le(lambd)), 0, grad)),
    { seconds: [null] },
  ),
  samples: (t) => [[t(SOME[0]), 0.7]],
})

/**
 * `x` where it is beyond ±lambd, 0 elsewhere.
 * @shape A → A
 */
export function hardshrink(input: Tensor, lambd: number | { lambd?: number } = 0.5): Tensor {
  return hardShrink(input, accept<[number]>('hardshrink(Tensor input, float lambd=0.5)', input, lambd)[0])
}

const softShrink = op1<number>({
  gradFn: 'SoftshrinkBackward0',
  forward: (self, lambd) => {
    refuseIntegers(self.dtype, 'softshrink_check')
    const edge = rounding(self)(lambd)
    const shrunk = (x: number, zero: number) => (x > edge ? x - edge : x < -edge ? x + edge : zero)
    // Where PyTorch reckons number by number, a negative one becomes -0.
    const inVectors = (x: number) => shrunk(x, Number.isNaN(x) ? x : 0)
    return map1(
      self,
      vectored((x) => shrunk(x, x * 0), inVectors),
    )
  },
  self: asOne(
    'SoftshrinkBackwardBackward0',
    needs('self', (grad, { self, args: lambd }) => where(self.ge(-lambd).logical_and(self.le(lambd)), 0, grad)),
    { seconds: [null] },
  ),
  samples: (t) => [[t(SOME[0]), 0.7]],
})

/**
 * `x` moved towards 0 by `lambd`, and 0 where it would pass it.
 * @shape A → A
 */
export function softshrink(input: Tensor, lambd: number | { lambd?: number } = 0.5): Tensor {
  const [edge] = accept<[number]>('softshrink(Tensor input, float lambd=0.5)', input, lambd)
  if (!(edge >= 0)) {
    throw new RuntimeError(
      `lambda must be in range [0, ${input.dtype === float32 ? '3.40282e+38' : '1.79769e+308'}] for input dtype ${input.dtype.legacyName}, but found ${edge}`,
    )
  }
  return softShrink(input, edge)
}

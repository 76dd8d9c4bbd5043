// Every derivative of the tables against finite differences in float64, first and second order, at the op's own samples.

import type { Tensor } from '..'
import * as torch from '..'
import { operations } from '../ops/op'
import { viewOperations } from '../ops/view'

interface Sampled {
  (...inputs: never[]): Tensor
  gradFn: string
  samples(t: (data: number | readonly unknown[]) => Tensor): unknown[][]
}

const leaf = (data: number | readonly unknown[]) =>
  torch.tensor(data as number, { dtype: torch.float64, requires_grad: true })

/** The call as a function of its differentiable tensors alone. */
function asFunctionOfTensors(op: Sampled, inputs: unknown[]): { f: (...xs: Tensor[]) => Tensor; xs: Tensor[] } {
  const places = inputs.flatMap((input, k) => (input instanceof torch.Tensor && input.requires_grad ? [k] : []))
  const f = (...xs: Tensor[]) => op(...(inputs.map((input, k) => xs[places.indexOf(k)] ?? input) as never[]))
  return { f, xs: places.map((k) => inputs[k] as Tensor) }
}

const ops = [...operations, ...viewOperations] as unknown as Sampled[]
const cases = ops.flatMap((op) => op.samples(leaf).map((inputs, k) => [`${op.gradFn} ${k + 1}`, op, inputs] as const))

test('no operation of the tables lacks samples, except adjoints of views, what only writes, and what has no derivative', () => {
  const without = ops.filter((op) => op.samples(leaf).length === 0).map((op) => op.gradFn)
  expect([...new Set(without)].sort()).toEqual([
    'AsStridedBackwardBackward0',
    'BernoulliBackward0',
    'BernoulliBackward2',
    'DiagonalBackwardBackward0',
    'ExponentialBackward0',
    'LinalgCholeskyExBackward0', // its input must stay symmetric: see factors.test.ts
    'NormalBackward0',
    'NormalBackward1',
    'NormalBackward2',
    'NormalBackward3',
    'SelectBackwardBackward0',
    'SliceBackwardBackward0',
    'UnfoldBackwardBackward0',
    'UniformBackward0',
    'Unique2Backward0',
    'UniqueConsecutiveBackward0',
    'torch::autograd::CopyBackwards',
    'torch::autograd::NotImplemented',
  ])
})

describe("the derivative is what the function's values say", () => {
  test.each(cases)('%s', (_, op, inputs) => {
    const { f, xs } = asFunctionOfTensors(op, inputs)
    expect(torch.autograd.gradcheck(f, xs, { atol: 1e-6, rtol: 1e-5 })).toBe(true)
  })
})

/** Those that PyTorch does not differentiate again, by what it says then; expressions.test.ts has its words. */
const once: Record<string, string> = {
  CdistBackward0: "the derivative for '_cdist_backward' is not implemented.",
  HardsigmoidBackward0: 'derivative for aten::hardsigmoid_backward is not implemented',
  MultiMarginLossBackward0: 'derivative for aten::multi_margin_loss_backward is not implemented',
  PdistBackward0: "the derivative for '_pdist_backward' is not implemented.",
}

test.each(cases.filter(([, { gradFn }]) => gradFn in once))('%s has no second derivative', (_, op, inputs) => {
  const { f, xs } = asFunctionOfTensors(op, inputs)
  expect(() => torch.autograd.gradgradcheck(f, xs)).toThrow(once[op.gradFn]!)
})

describe("the second derivative is what the first one's values say", () => {
  test.each(cases.filter(([, { gradFn }]) => !(gradFn in once)))('%s', (_, op, inputs) => {
    const { f, xs } = asFunctionOfTensors(op, inputs)
    expect(torch.autograd.gradgradcheck(f, xs, null, { atol: 1e-6, rtol: 1e-5 })).toBe(true)
  })
})

test('a gradient that is off by a factor of 1.001 is caught', () => {
  class Off extends torch.autograd.Function {
    static override forward(_: torch.autograd.FunctionContext, x: Tensor): Tensor {
      return x.mul(2)
    }

    static override backward(_: torch.autograd.FunctionContext, grad: Tensor): Tensor {
      return grad.mul(2.002)
    }
  }
  const check = () => torch.autograd.gradcheck((x) => Off.apply(x), leaf([1, 2]), { atol: 1e-6, rtol: 1e-5 })
  expect(check).toThrow('Jacobian mismatch for output 0 with respect to input 0')
})

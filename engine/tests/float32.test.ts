// Every operation of the tables in float32, where small results stand side by side in one array: each must find its own place.

import type { Tensor } from '..'
import * as torch from '..'
import { operations } from '../ops/op'
import { viewOperations } from '../ops/view'

interface Sampled {
  (...inputs: never[]): Tensor
  gradFn: string
  samples(t: (data: number | readonly unknown[]) => Tensor): unknown[][]
}

const inFloat64 = (data: number | readonly unknown[]) => torch.tensor(data as number, { dtype: torch.float64 })
/** A result of an operation: it does not begin where its array begins. */
const inFloat32 = (data: number | readonly unknown[]) => torch.tensor(data as number).clone()

// as_strided's operation takes a place in memory, which is another one for each tensor.
const ops = ([...operations, ...viewOperations] as unknown as Sampled[]).filter(
  (op) => op.gradFn !== 'AsStridedBackward0',
)
const cases = ops.flatMap((op) => op.samples(inFloat64).map((_, k) => [`${op.gradFn} ${k + 1}`, op, k] as const))

const fives = () => torch.full([4], 5).clone()

describe('a result is that of float64, and its neighbours in memory are left alone', () => {
  test.each(cases)('%s', (_, op, k) => {
    const expected = op(...(op.samples(inFloat64)[k] as never[]))
    const inputs = op.samples(inFloat32)[k] as never[]
    const before = fives()
    const result = op(...inputs)
    const after = fives()
    expect(result.shape).toEqual(expected.shape)
    expect(torch.allclose(result.double(), expected.double(), { rtol: 1e-4, atol: 1e-5, equal_nan: true })).toBe(true)
    expect([before.tolist(), after.tolist()]).toEqual([
      [5, 5, 5, 5],
      [5, 5, 5, 5],
    ])
  })
})

// Extreme values, and where they are: amax, amin, max, min, argmax, argmin.

import { requireTensor } from '../arguments'
import { tracked } from '../autograd/graph'
import { recordOutputs } from '../autograd/lists'
import { isRecording } from '../autograd/mode'
import { needs, type Recordable, record } from '../autograd/record'
import { allocate, bool, int64 } from '../dtype'
import { IndexError, RuntimeError } from '../errors'
import { numelOf, reducedSizes, wrapDim } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import {
  type Along,
  distributed,
  everything,
  parseReduce,
  type Reduce,
  reduceRows,
  requireElements,
  restoreDims,
  rows,
} from './along'
import { type Op, op1 } from './op'

/** The index of the largest element of a row; a nan counts as larger than anything, and the first of equals wins. */
function largest(data: ArrayLike<number>, start: number, n: number): number {
  let best = 0
  for (let i = 0; i < n; i++) {
    const x = data[start + i]!
    if (Number.isNaN(x)) return i
    if (x > data[start + best]!) best = i
  }
  return best
}

function smallest(data: ArrayLike<number>, start: number, n: number): number {
  let best = 0
  for (let i = 0; i < n; i++) {
    const x = data[start + i]!
    if (Number.isNaN(x)) return i
    if (x < data[start + best]!) best = i
  }
  return best
}

type Choose = typeof largest

/** The gradient of an extreme value, shared evenly among the elements that attain it. */
function shared(grad: Tensor, self: Tensor, result: Tensor, dims: readonly number[]): Tensor {
  const mask = result.eq(self)
  return grad.div(mask.sum(dims, { keepdim: true })).mul(mask)
}

function extremeAlong(gradFn: string, choose: Choose) {
  return op1<Along>({
    gradFn,
    forward: (self, along) => {
      for (const d of along.dims) requireElements(self, d, gradFn.replace('Backward0', '').toLowerCase())
      return reduceRows(self, along, self.dtype, (data, start, n) => data[start + choose(data, start, n)]!)
    },
    self: needs('self', 'result', (grad, { self, result, args: { dims, keepdim } }) =>
      shared(restoreDims(grad, self.sizes, dims, keepdim), self, restoreDims(result, self.sizes, dims, keepdim), dims),
    ),
    samples: (t) => [
      [
        t([
          [1, 2],
          [4, 3],
        ]),
        { dims: [0], keepdim: false },
      ],
    ],
  })
}

function extremeOfAll(gradFn: string, name: string, choose: Choose) {
  return op1({
    gradFn,
    forward: (self) => {
      if (numelOf(self.sizes) === 0) {
        throw new RuntimeError(
          `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`,
        )
      }
      return reduceRows(self, everything(self), self.dtype, (data, start, n) => data[start + choose(data, start, n)]!)
    },
    self: needs('self', 'result', (grad, { self, result }) => {
      return distributed(grad, self, result)
    }),
    samples: (t) => [
      [
        t([
          [1, 2],
          [4, 3],
        ]),
      ],
    ],
  })
}

const amaxAlong = extremeAlong('AmaxBackward0', largest)
const aminAlong = extremeAlong('AminBackward0', smallest)
const maxAll: Op<[self: Tensor]> = extremeOfAll('MaxBackward1', 'max', largest)
const minAll: Op<[self: Tensor]> = extremeOfAll('MinBackward1', 'min', smallest)

/** The largest element, or along dimensions; equal ones share the gradient. */
export const amax: Reduce = (self, dim, keepdim) =>
  amaxAlong(self, parseReduce(self, dim, keepdim, 'amax').along ?? everything(self))

/** The smallest element, or along dimensions; equal ones share the gradient. */
export const amin: Reduce = (self, dim, keepdim) =>
  aminAlong(self, parseReduce(self, dim, keepdim, 'amin').along ?? everything(self))

/** `x.max()` is one value, `x.max(dim)` the pair `[values, indices]`, `x.max(other)` is {@link maximum}. */
export interface Extreme {
  (self: Tensor): Tensor
  (self: Tensor, other: Tensor): Tensor
  (
    self: Tensor,
    dim: number | { dim: number; keepdim?: boolean },
    keepdim?: boolean | { keepdim?: boolean },
  ): [values: Tensor, indices: Tensor]
}

interface At {
  dim: number
  keepdim: boolean
}

/** The chosen element along a dimension, and its index. The gradient goes to that one index. */
function alongDim(gradFn: string, choose: Choose): (self: Tensor, at: At) => [Tensor, Tensor] {
  const table: Recordable = {
    gradFn,
    rules: [
      needs<At>('indices', (grad, { indices, selfSizes, args: { dim, keepdim } }) => {
        const wide = (t: Tensor) => restoreDims(t, selfSizes, [dim], keepdim)
        return grad.new_zeros(selfSizes).scatter(dim, wide(indices), wide(grad))
      }),
    ],
  }
  return (self, at) => {
    const indices = argExtreme(self, at, choose)
    const data = allocate(self.dtype, indices.storage.data.length)
    const { data: x, offset, length } = rows(self, self.sizes.length === 0 ? [] : [at.dim])
    for (let i = 0; i < data.length; i++) data[i] = x[offset + i * length + indices.storage.data[i]!]!
    const values = Tensor.own(data, indices.sizes, self.dtype)
    if (isRecording() && tracked(self)) record(table, values, at, self, null, null, indices)
    return [values, indices]
  }
}

function argExtreme(self: Tensor, { dim, keepdim }: At, choose: Choose): Tensor {
  const dims = self.sizes.length === 0 ? [] : [dim]
  const { data, offset, length, count } = rows(self, dims)
  const out = allocate(int64, count)
  for (let i = 0; i < count; i++) out[i] = choose(data, offset + i * length, length)
  return Tensor.own(out, reducedSizes(self.sizes, dims, keepdim), int64)
}

function extreme(
  name: string,
  choose: Choose,
  ofAll: (self: Tensor) => Tensor,
  ofTwo: (self: Tensor, other: Tensor) => Tensor,
): Extreme {
  const along = alongDim(`${name}Backward0`, choose)
  const signature = `${name.toLowerCase()}(Tensor input, int dim, bool keepdim=False)`
  function call(
    self: Tensor,
    first?: Tensor | number | { dim: number; keepdim?: boolean },
    second?: boolean | { keepdim?: boolean },
  ) {
    requireTensor(self, name.toLowerCase(), 'input')
    if (first === undefined) return ofAll(self)
    if (first instanceof Tensor) return ofTwo(self, first)
    const [dim, keepdim] = accept<[number, boolean]>(signature, self, first, second)
    const wrapped = wrapDim(dim, self.sizes.length)
    requireElements(self, wrapped, name.toLowerCase())
    return along(self, { dim: wrapped, keepdim })
  }
  return call as Extreme
}

/**
 * The largest element; or, along a dimension, the largest values and their indices; or the larger of two tensors.
 * @shape A → () or (A without dim, A without dim)
 */
export const max: Extreme = extreme('Max', largest, maxAll, (a, b) => a.maximum(b))

/**
 * The smallest element; or, along a dimension, the smallest values and their indices; or the smaller of two tensors.
 * @shape A → () or (A without dim, A without dim)
 */
export const min: Extreme = extreme('Min', smallest, minAll, (a, b) => a.minimum(b))

/** @shape A → () or A without dim */
type ArgExtreme = (
  self: Tensor,
  dim?: number | null | { dim?: number; keepdim?: boolean },
  keepdim?: boolean | { keepdim?: boolean },
) => Tensor

function argument(name: string, choose: Choose): ArgExtreme {
  const signature = `${name}(Tensor input, int dim=None, bool keepdim=False)`
  return (self, first, second) => {
    const [dim, keepdim] = accept<[number | null, boolean]>(signature, self, first, second)
    if (self.dtype === bool) throw new RuntimeError(`${name}(): does not support bool input`)
    if (dim === null) {
      if (numelOf(self.sizes) === 0) {
        throw new IndexError(`${name}(): Expected reduction dim to be specified for input.numel() == 0.`)
      }
      return argExtreme(self.detach().reshape([-1]), { dim: 0, keepdim: false }, choose)
    }
    const d = wrapDim(dim, self.sizes.length)
    requireElements(self, d, name)
    return argExtreme(self, { dim: d, keepdim }, choose)
  }
}

/** The index of the largest element, in the flattened tensor or along a dimension. */
export const argmax: ArgExtreme = argument('argmax', largest)

/** The index of the smallest element, in the flattened tensor or along a dimension. */
export const argmin: ArgExtreme = argument('argmin', smallest)

/**
 * The smallest and the largest element, of all or along a dimension: `[min, max]`; equal ones share the gradient.
 * @shape A → ((), ()) or (A without dim, A without dim)
 */
export function aminmax(self: Tensor, options: { dim?: number; keepdim?: boolean } = {}): [min: Tensor, max: Tensor] {
  const [dim, keepdim] = accept<[number | null, boolean]>(
    'aminmax(Tensor input, int dim=None, bool keepdim=False)',
    self,
    options,
  )
  const dims = dim === null || self.sizes.length === 0 ? self.sizes.map((_, d) => d) : [wrapDim(dim, self.sizes.length)]
  if (dims.some((d) => self.sizes[d] === 0)) {
    throw new RuntimeError(
      'aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.',
    )
  }
  const x = self.detach()
  const results: [Tensor, Tensor] = [x.amin(dims, { keepdim }), x.amax(dims, { keepdim })]
  if (isRecording() && tracked(self)) {
    const vjp = (grads: Tensor[], saved: Tensor) => {
      const wide = (t: Tensor) => restoreDims(t, saved.sizes, dims, keepdim)
      const part = (grad: Tensor, extreme: Tensor) => shared(wide(grad), saved, extreme, dims)
      const of = saved.detach()
      return part(grads[0]!, of.amin(dims, { keepdim: true })).add(part(grads[1]!, of.amax(dims, { keepdim: true })))
    }
    recordOutputs('AminmaxBackward0', self, results, vjp, self)
  }
  return results
}

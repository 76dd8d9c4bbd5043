// What every tensor can do: copies, conversions, reading its numbers, and its place in the graph.
import { requireNumber, requireTensor, wrongType } from '../arguments'
import { tracked } from '../autograd/graph'
import { isRecording } from '../autograd/mode'
import { checkInplace } from '../autograd/rebase'
import { bool, type DType, float32, float64, int32, int64 } from '../dtype'
import { RuntimeError } from '../errors'
import { same } from '../kernels/loops'
import { cast, fill, gather, map1, numberIn, rowMajor } from '../kernels/map'
import {
  broadcastSizes,
  broadcastStrides,
  formatSizes,
  isContiguous,
  numelOf,
  type Sizes,
  sameSizes,
  wrapDim,
} from '../shape'
import { Tensor } from '../tensor'
import { type Op, op1, op2 } from './op'
import { viewOp } from './view'

/** A copy of the elements, recorded: gradients flow through it. */
export const clone: Op<[self: Tensor]> = op1({
  gradFn: 'CloneBackward0',
  forward: (self) => map1(self, same),
  self: (grad) => grad,
  samples: (t) => [[t([1, 2])]],
})

const copyRowMajor = op1({
  gradFn: 'CloneBackward0',
  forward: (self) => Tensor.own(gather(self), self.sizes, self.dtype),
  self: (grad) => grad,
  samples: (t) => [[t([[1, 2]])]],
})

/** `self` if its elements lie row by row in memory, else a copy that does. */
export function contiguous(self: Tensor): Tensor {
  return isContiguous(self.sizes, self.strides) ? self : copyRowMajor(self)
}

/** Whether the elements lie row by row in memory. */
export function is_contiguous(self: Tensor): boolean {
  return isContiguous(self.sizes, self.strides)
}

const convert = op1<DType>({
  gradFn: 'ToCopyBackward0',
  forward: (self, dtype) => cast(self, dtype),
  self: (grad) => grad, // the sweep gives a gradient the type of what it belongs to
  samples: (t) => [[t([1, 2]), float64]],
})

/** The elements as another dtype; `self` if it has that dtype already. `x.to(other)` takes the dtype of `other`. */
export function to(self: Tensor, target: DType | Tensor | { dtype?: DType }): Tensor {
  if (typeof target !== 'object') throw wrongType('to', 'dtype', 'torch.dtype', target)
  const dtype = target instanceof Tensor ? target.dtype : 'itemsize' in target ? target : (target.dtype ?? self.dtype)
  return dtype === self.dtype ? self : convert(self, dtype)
}

function asBool(self: Tensor): Tensor {
  return self.to(bool)
}

export { /** As bool: whether it isn't 0. */ asBool as bool }

/** As float32. */
export function float(self: Tensor): Tensor {
  return self.to(float32)
}

/** As float64. */
export function double(self: Tensor): Tensor {
  return self.to(float64)
}

/** As int64; fractions are cut off. */
export function long(self: Tensor): Tensor {
  return self.to(int64)
}

/** As int32; fractions are cut off. */
export function int(self: Tensor): Tensor {
  return self.to(int32)
}

/** The dtype of another tensor. */
export function type_as(self: Tensor, other: Tensor): Tensor {
  return self.to(other.dtype)
}

/** The same elements, as another tensor of the graph: what `x[:]` gives. */
export const alias: (self: Tensor) => Tensor = viewOp<void>({
  gradFn: 'AliasBackward0',
  geometry: ({ sizes, strides, offset }) => [sizes, strides, offset],
  self: (grad) => grad,
  samples: (t) => [[t([1, 2]), undefined]],
})

/** The same storage, cut off from the graph: gradients do not flow through. A change in place is seen by both. */
export function detach(self: Tensor): Tensor {
  const alias = new Tensor(self.storage, self.sizes, self.strides, self.offset, self.dtype)
  alias._inference = self._inference
  return alias
}

const COPY_VIEW =
  "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for training, and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence detach_() cannot be called on these gradients. To fix this error, please refer to the Optimizer.zero_grad() function in torch/optim/optimizer.py as the solution."

/** Cuts `self` itself off from the graph: it becomes a leaf that does not require grad. */
export function detach_(self: Tensor): Tensor {
  if (self._view !== null) throw new RuntimeError(COPY_VIEW)
  self._gradFn = null
  self._outputNr = 0
  self._requiresGrad = false
  return self
}

/** Number of elements. */
export function numel(self: Tensor): number {
  return numelOf(self.sizes)
}

/** Number of dimensions. */
export function dim(self: Tensor): number {
  return self.sizes.length
}

const copyInto = op2<Tensor>({
  gradFn: 'torch::autograd::CopyBackwards',
  forward: (self, source) => {
    const { storage, sizes, strides, offset } = cast(source, self.dtype)
    broadcastTo(self.sizes, sizes)
    return new Tensor(storage, self.sizes, broadcastStrides(sizes, strides, self.sizes), offset, self.dtype)
  },
  self: (grad) => grad.new_zeros(grad.sizes),
  other: (grad) => grad,
  samples: () => [],
})

/** Refuses a source that does not stretch to the target's sizes. */
function broadcastTo(target: Sizes, source: Sizes): void {
  if (!sameSizes(broadcastSizes(target, source), target)) {
    throw new RuntimeError(
      `output with shape ${formatSizes(target)} doesn't match the broadcast shape ${formatSizes(broadcastSizes(target, source))}`,
    )
  }
}

/** Overwrites the elements with those of `source`, broadcast and converted. */
export function copy_(self: Tensor, source: Tensor): Tensor {
  requireTensor(source, 'copy_', 'other')
  return copyInto.inplace(self, source)
}

/** An operation that forgets what `self` held: its gradient is 0. */
function overwriting(gradFn: string): (self: Tensor, value: number) => Tensor {
  const op = op1<number>({
    gradFn,
    forward: (self, value) => map1(self, () => value),
    self: (grad) => grad.new_zeros(grad.sizes),
    samples: (t) => [[t([1, 2]), 3]],
  })
  return (self, value) => {
    const recorded = tracked(self)
    if (recorded && isRecording()) return op.inplace(self, value)
    checkInplace(self, recorded)
    fill(self, value)
    self.storage.version++
    return self
  }
}

const overwriteWithZero = overwriting('ZeroBackward0')
const overwrite = overwriting('FillBackward2')

/** Every element becomes 0. */
export function zero_(self: Tensor): Tensor {
  return overwriteWithZero(self, 0)
}

/** Every element becomes `value`. */
export function fill_(self: Tensor, value: number): Tensor {
  requireNumber(value, 'fill_', 'value')
  return overwrite(self, value)
}

/** The number that a one-element tensor holds. */
export function item(self: Tensor): number {
  const n = numelOf(self.sizes)
  if (n !== 1) {
    throw new RuntimeError(
      `a Tensor with ${n} elements cannot be converted to Scalar`,
      'item() is for tensors of one element; tolist() gives them all.',
    )
  }
  const value = numberIn(self)
  // A bool tensor answers true or false, as in Python; the type says number because that is what people compute with.
  return self.dtype === bool ? ((value === 1) as unknown as number) : value
}

/** Numbers (booleans of a bool tensor) in nested arrays. */
export type NestedArray = number | boolean | NestedArray[]

/** The elements as nested arrays; of a scalar, the number itself. */
export function tolist(self: Tensor): NestedArray {
  const { data, offset } = rowMajor(self)
  const read = (i: number): number | boolean => (self.dtype === bool ? data[offset + i] === 1 : data[offset + i]!)
  const nest = (depth: number, start: number, length: number): NestedArray => {
    if (depth === self.sizes.length) return read(start)
    const size = self.sizes[depth]!
    const step = size === 0 ? 0 : length / size
    return Array.from({ length: size }, (_, i) => nest(depth + 1, start + i * step, step))
  }
  return nest(0, 0, numelOf(self.sizes))
}

/** The sizes, or the size of one dimension. */
export function size(self: Tensor): number[]
export function size(self: Tensor, dim: number): number
export function size(self: Tensor, dim?: number): number | number[] {
  return dim === undefined ? [...self.sizes] : self.sizes[wrapDim(dim, self.sizes.length)]!
}

/** How far apart in storage neighbours of each dimension are. */
export function stride(self: Tensor): number[]
export function stride(self: Tensor, dim: number): number
export function stride(self: Tensor, dim?: number): number | number[] {
  return dim === undefined ? [...self.strides] : self.strides[wrapDim(dim, self.sizes.length)]!
}

/** Where in its storage the tensor begins. */
export function storage_offset(self: Tensor): number {
  return self.offset - self.storage.start
}

/** A number for the place of the first element in memory: equal for tensors that share it, as views do. */
export function data_ptr(self: Tensor): number {
  let address = addresses.get(self.storage.data)
  if (address === undefined) {
    address = ++allocated * 2 ** 32
    addresses.set(self.storage.data, address)
  }
  return address + self.offset * self.dtype.itemsize
}

const addresses = new WeakMap<object, number>()
let allocated = 0

/** Whether elements are fractions: float32 or float64. */
export function is_floating_point(self: Tensor): boolean {
  return self.dtype.is_floating_point
}

/** Whether the tensor was made in {@link inference_mode}. */
export function is_inference(self: Tensor): boolean {
  return self._inference
}

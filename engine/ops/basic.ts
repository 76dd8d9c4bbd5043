// What every tensor can do: copies, conversions, reading its numbers, and its place in the graph.
import { requireInteger, requireNumber, requireTensor, wrongType } from '../arguments'
import { tracked } from '../autograd/graph'
import { isRecording } from '../autograd/mode'
import { checkInplace } from '../autograd/rebase'
import { bool, type DType, float32, float64, int32, int64 } from '../dtype'
import { AssertionError, NotImplementedError, RuntimeError } from '../errors'
import { same } from '../kernels/loops'
import { cast, fill, gather, map1, numberIn, rowMajor } from '../kernels/map'
import {
  broadcastSizes,
  broadcastStrides,
  formatSizes,
  isContiguous,
  layoutOf,
  numelOf,
  type Sizes,
  sameSizes,
  wrapDim,
} from '../shape'
import { Tensor } from '../tensor'
import { type Op, type Operand, op1, op2 } from './op'
import { viewOp } from './view'

/**
 * A copy of the elements, recorded: gradients flow through it.
 * @shape A → A
 */
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

/**
 * `self` if its elements lie row by row in memory, else a copy that does.
 * @shape A → A
 */
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

/**
 * The elements as another dtype; `self` if it has that dtype already. `x.to(other)` takes the dtype of `other`, and `x.to('cpu')`
 * is `self`: everything here runs on the CPU.
 * @shape A → A
 */
export function to(self: Tensor, target: DType | Tensor | 'cpu' | { dtype?: DType; device?: 'cpu' }): Tensor {
  const device = typeof target === 'string' ? target : (target as { device?: unknown } | undefined)?.device
  if (device !== undefined && device !== 'cpu') throw noDevice(device)
  if (target === 'cpu') return self
  if (typeof target !== 'object' || target === null) throw wrongType('to', 'dtype', 'torch.dtype', target)
  const dtype = target instanceof Tensor ? target.dtype : 'itemsize' in target ? target : (target.dtype ?? self.dtype)
  return dtype === self.dtype ? self : convert(self, dtype)
}

function noDevice(device: unknown): RuntimeError {
  const hint = 'Everything here runs on the CPU: leave the device out.'
  if (device === 'cuda') return new AssertionError('Torch not compiled with CUDA enabled', hint)
  return new RuntimeError(`Expected one of cpu, cuda device type at start of device string: ${device}`, hint)
}

/**
 * `self`: everything here runs on the CPU.
 * @shape A → A
 */
export function cpu(self: Tensor): Tensor {
  return self
}

/** Not here: everything runs on the CPU. */
export function cuda(_self: Tensor): never {
  throw noDevice('cuda')
}

function asBool(self: Tensor): Tensor {
  return self.to(bool)
}

export {
  /**
   * As bool: whether it isn't 0.
   * @shape A → A
   */ asBool as bool,
}

/**
 * As float32.
 * @shape A → A
 */
export function float(self: Tensor): Tensor {
  return self.to(float32)
}

/**
 * As float64.
 * @shape A → A
 */
export function double(self: Tensor): Tensor {
  return self.to(float64)
}

/**
 * As int64; fractions are cut off.
 * @shape A → A
 */
export function long(self: Tensor): Tensor {
  return self.to(int64)
}

/**
 * As int32; fractions are cut off.
 * @shape A → A
 */
export function int(self: Tensor): Tensor {
  return self.to(int32)
}

/**
 * The dtype of another tensor.
 * @shape A, B → A
 */
export function type_as(self: Tensor, other: Tensor): Tensor {
  requireTensor(other, 'type_as', 'other')
  requireTensor(self, 'type_as', 'input')
  return self.to(other.dtype)
}

/**
 * The same elements, as another tensor of the graph: what `x[:]` gives.
 * @shape A → A
 */
export const alias: (self: Tensor) => Tensor = viewOp<void>({
  gradFn: 'AliasBackward0',
  geometry: ({ sizes, strides, offset }) => [sizes, strides, offset],
  self: (grad) => grad,
  samples: (t) => [[t([1, 2]), undefined]],
})

/**
 * The same storage, cut off from the graph: gradients do not flow through. A change in place is seen by both.
 * @shape A → A
 */
export function detach(self: Tensor): Tensor {
  requireTensor(self, 'detach', 'input')
  const alias = new Tensor(self.storage, self._layout, self.offset)
  alias._inference = self._inference
  return alias
}

const COPY_VIEW =
  "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for training, and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence detach_() cannot be called on these gradients. To fix this error, please refer to the Optimizer.zero_grad() function in torch/optim/optimizer.py as the solution."

/**
 * Cuts `self` itself off from the graph: it becomes a leaf that does not require grad.
 * @shape A → A
 */
export function detach_(self: Tensor): Tensor {
  if (self._view !== null) throw new RuntimeError(COPY_VIEW)
  self._gradFn = null
  self._outputNr = 0
  self._requiresGrad = false
  return self
}

/**
 * Number of elements.
 * @shape A → a number
 */
export function numel(self: Tensor): number {
  requireTensor(self, 'numel', 'input')
  return numelOf(self.sizes)
}

/** Number of dimensions. */
export function dim(self: Tensor): number {
  requireTensor(self, 'dim', 'input')
  return self.sizes.length
}

const copyInto = op2<Tensor>({
  gradFn: 'torch::autograd::CopyBackwards',
  order: [0, 1],
  forward: (self, source) => {
    const { storage, sizes, strides, offset } = cast(source, self.dtype)
    broadcastTo(self.sizes, sizes)
    return new Tensor(storage, layoutOf(self.sizes, broadcastStrides(sizes, strides, self.sizes), self.dtype), offset)
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

/**
 * Overwrites the elements with those of `source`, broadcast and converted.
 * @shape A, B → A
 */
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
    mayOverlap: true,
    samples: (t) => [[t([1, 2]), 3]],
  })
  return (self, value) => {
    const recorded = tracked(self)
    if (recorded && isRecording()) return op.inplace(self, value)
    checkInplace(self, recorded, true)
    fill(self, value)
    self.storage.version++
    return self
  }
}

const overwriteWithZero = overwriting('ZeroBackward0')
const overwrite = overwriting('FillBackward2')

/**
 * Every element becomes 0.
 * @shape A → A
 */
export function zero_(self: Tensor): Tensor {
  return overwriteWithZero(self, 0)
}

const overwriteWithTensor = op2<Tensor>({
  gradFn: 'FillBackward3',
  order: [0, 1],
  forward: (self, value) =>
    new Tensor(
      value.storage,
      layoutOf(
        self.sizes,
        self.sizes.map(() => 0),
        value.dtype,
      ),
      value.offset,
    ),
  self: (grad) => grad.new_zeros(grad.sizes),
  other: (grad) => grad.sum(),
  samples: (t) => [[t([1, 2]), t(3)]],
})

/**
 * Every element becomes `value`: a number, or a scalar tensor, which then receives the sum of the gradients.
 * @shape A → A
 */
export function fill_(self: Tensor, value: Operand): Tensor {
  if (value instanceof Tensor) {
    if (value.sizes.length > 0) {
      throw new RuntimeError(
        `fill_ only supports 0-dimension value tensor but got tensor with ${value.sizes.length} dimensions.`,
      )
    }
    return overwriteWithTensor.inplace(self, value)
  }
  requireNumber(value, 'fill_', 'value')
  return overwrite(self, value)
}

/** The number that a one-element tensor holds. */
export function item(self: Tensor): number {
  requireTensor(self, 'item', 'input')
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
  requireTensor(self, 'tolist', 'input')
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
  if (dim === undefined) return [...self.sizes]
  requireInteger(dim, 'size', 'dim')
  return self.sizes[wrapDim(dim, self.sizes.length)]!
}

/** How far apart in storage neighbours of each dimension are. */
export function stride(self: Tensor): number[]
export function stride(self: Tensor, dim: number): number
export function stride(self: Tensor, dim?: number): number | number[] {
  if (dim === undefined) return [...self.strides]
  requireInteger(dim, 'stride', 'dim')
  return self.strides[wrapDim(dim, self.sizes.length)]!
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

/**
 * Whether elements are fractions: float32 or float64.
 * @shape A → a boolean
 */
export function is_floating_point(self: Tensor): boolean {
  requireTensor(self, 'is_floating_point', 'input')
  return self.dtype.is_floating_point
}

/** Whether the tensor was made in {@link inference_mode}. */
export function is_inference(self: Tensor): boolean {
  return self._inference
}

/**
 * Whether elements have a sign: all but booleans.
 * @shape A → a boolean
 */
export function is_signed(self: Tensor): boolean {
  requireTensor(self, 'is_signed', 'input')
  return self.dtype !== bool
}

/**
 * Whether elements are complex: never here.
 * @shape A → a boolean
 */
export function is_complex(_self: Tensor): boolean {
  return false
}

/**
 * Whether a tensor of one element is not 0.
 * @shape A → ()
 */
export function is_nonzero(self: Tensor): boolean {
  requireTensor(self, 'is_nonzero', 'input')
  const n = numelOf(self.sizes)
  if (n === 0) throw new RuntimeError('Boolean value of Tensor with no values is ambiguous')
  if (n > 1) throw new RuntimeError('Boolean value of Tensor with more than one value is ambiguous')
  return self.storage.data[self.offset] !== 0
}

/**
 * Whether two tensors have the same shape.
 * @shape A, B → a boolean
 */
export function is_same_size(self: Tensor, other: Tensor): boolean {
  requireTensor(self, 'is_same_size', 'input')
  requireTensor(other, 'is_same_size', 'other')
  return sameSizes(self.sizes, other.sizes)
}

/** How many bytes an element takes. */
export function element_size(self: Tensor): number {
  return self.dtype.itemsize
}

/**
 * The elements as another dtype; without one, its name: `torch.FloatTensor`.
 * @shape A → A; a string without a dtype
 */
export function type(self: Tensor): string
export function type(self: Tensor, dtype: DType): Tensor
export function type(self: Tensor, dtype?: DType): string | Tensor {
  return dtype === undefined ? `torch.${self.dtype.legacyName}Tensor` : self.to(dtype)
}

/** {@link dim}. */
export function ndimension(self: Tensor): number {
  return self.sizes.length
}

/** {@link numel}. */
export function nelement(self: Tensor): number {
  return numelOf(self.sizes)
}

/** Not here: JavaScript has no numpy. Answers by an error that says what to do instead. */
export function numpy(self: Tensor): never {
  if (tracked(self)) {
    throw new RuntimeError(
      "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
      NO_NUMPY,
    )
  }
  throw new NotImplementedError('numpy() has no meaning in JavaScript', NO_NUMPY)
}

const NO_NUMPY =
  'x.tolist() gives the numbers in nested arrays; torch.from_numpy(array) makes a tensor over a typed array.'

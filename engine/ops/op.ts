// How an operation is written down: what it computes, and beside it the derivative for each input.

import { requireTensor } from '../arguments'
import { tracked } from '../autograd/graph'
import { isRecording } from '../autograd/mode'
import { checkInplace, rebase } from '../autograd/rebase'
import { type Operand, type Recordable, type Rule, record, recordedNode, recording } from '../autograd/record'
import { RuntimeError } from '../errors'
import { isDense } from '../kernels/layout'
import { assign, gather } from '../kernels/map'
import { contiguousStrides, formatSizes, layoutOf, numelOf, sameSizes } from '../shape'
import { Storage } from '../storage'
import { Tensor } from '../tensor'
import { requireCast } from './unsupported'

export { needs } from '../autograd/record'
export type { Operand }

/** Makes a float64 tensor that requires grad: what a sample's operands are made with. */
export type SampleTensor = (data: number | readonly unknown[]) => Tensor

/** Calls at which an operation is checked against finite differences, first and second order. */
export type Samples<Parameters extends unknown[]> = (t: SampleTensor) => Parameters[]

/** An operation of the tables, called like a function; `inplace` writes the result into `self`. */
export interface Op<Parameters extends unknown[]> extends Recordable {
  (...inputs: Parameters): Tensor
  inplace(...inputs: Parameters): Tensor
  samples: Samples<Parameters>
}

/** `masked_fill` of `MaskedFillBackward0`: what messages call an operation that does not say its name itself. */
function publicName(gradFn: string): string {
  const name = gradFn.replace(/^.*::/, '').replace(/Backwards?\d*.*$/, '')
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()
}

/**
 * `f(x)`: a tensor of the same shape.
 * @shape A → A
 */
export type Unary = Op<[self: Tensor]>
/**
 * `f(x, y)`: the operands broadcast against each other; `y` may be a number.
 * @shape A, B → broadcast(A, B)
 */
export type Binary = Op<[self: Tensor, other: Operand]>

/** Every operation that was defined, for the tests that go over all of them. */
export const operations: Op<never>[] = []

/** The parameters of an operation; `args` is there only if it has any. */
type Inputs<Tensors extends unknown[], Args> = unknown extends Args
  ? Tensors
  : // biome-ignore lint/suspicious/noConfusingVoidType: the type argument that says there are none
    [Args] extends [void]
    ? Tensors
    : [...Tensors, args: Args]
type Inputs1<Args> = Inputs<[self: Tensor], Args>
type Inputs2<Other, Args> = Inputs<[self: Tensor, other: Other], Args>
type Inputs3<Args> = Inputs<[self: Tensor, other: Tensor, third: Tensor], Args>

interface Definition1<Args> {
  /** `MulBackward0`. */
  readonly gradFn: string
  /** What messages call it, where `gradFn` does not tell. */
  readonly name?: string
  /** The plain computation: unrecorded, on the tensors' elements. */
  readonly forward: (self: Tensor, args: Args) => Tensor
  readonly self: Rule<Args> | null
  /** In place, whether several elements may lie in one place: all become the same. */
  readonly mayOverlap?: boolean
  readonly samples: Samples<Inputs1<Args>>
}

interface Definition2<Other extends Operand, Args> {
  readonly gradFn: string
  readonly name?: string
  /** In which order the rules run: see {@link Recordable}. */
  readonly order?: readonly number[]
  /** What PyTorch calls it where a rule computes with a number: see {@link recording}. */
  readonly gradFnInRules?: string
  /** What PyTorch calls it where the second operand is a tensor, if that has a name of its own. */
  readonly gradFnOfTwo?: string
  readonly forward: (self: Tensor, other: Other, args: Args) => Tensor
  readonly self: Rule<Args, Other> | null
  readonly other: Rule<Args, Other> | null
  readonly samples: Samples<Inputs2<Other, Args>>
}

interface Definition3<Args> {
  readonly gradFn: string
  readonly name?: string
  /** In which order the rules run: see {@link Recordable}. */
  readonly order?: readonly number[]
  readonly forward: (self: Tensor, other: Tensor, third: Tensor, args: Args) => Tensor
  readonly self: Rule<Args> | null
  readonly other: Rule<Args> | null
  readonly third: Rule<Args> | null
  readonly samples: Samples<Inputs3<Args>>
}

/** An operation on one tensor. */
export function op1<Args = void>(definition: Definition1<Args>): Op<Inputs1<Args>> {
  const { gradFn, forward, samples } = definition
  const table: Recordable = { gradFn, rules: [definition.self] }
  const name = definition.name ?? publicName(gradFn)
  const op = (self: Tensor, args: Args): Tensor => {
    requireTensor(self, name, 'input')
    const result = forward(self, args)
    if (isRecording() && tracked(self) && result.dtype.is_floating_point) record(table, result, args, self)
    return result
  }
  const inplace = (self: Tensor, args: Args): Tensor => {
    requireTensor(self, `${name}_`, 'input')
    checkInplace(self, tracked(self), definition.mayOverlap)
    return writeBack(table, forward(self, args), args, self)
  }
  return define(Object.assign(op, table, { inplace, samples }))
}

/** An operation on two operands; with `Other = Operand` the second may be a plain number. */
export function op2<Other extends Operand = Operand, Args = void>(
  definition: Definition2<Other, Args>,
): Op<Inputs2<Other, Args>> {
  const { gradFn, forward, samples } = definition
  const table: Recordable = { gradFn, rules: [definition.self, definition.other], order: definition.order }
  const inRules: Recordable = { ...table, gradFn: definition.gradFnInRules ?? gradFn }
  const ofTwo: Recordable = definition.gradFnOfTwo === undefined ? table : { ...table, gradFn: definition.gradFnOfTwo }
  const name = definition.name ?? publicName(gradFn)
  const op = (self: Tensor, other: Other, args: Args): Tensor => {
    requireTensor(self, name, 'input')
    if (typeof other !== 'number') requireTensor(other, name, 'other')
    const result = forward(self, other, args)
    if (isRecording() && (tracked(self) || (typeof other === 'object' && tracked(other)))) {
      const entry = typeof other !== 'number' ? ofTwo : recording.ofRules ? inRules : table
      if (result.dtype.is_floating_point) record(entry, result, args, self, other)
    }
    return result
  }
  const inplace = (self: Tensor, other: Other, args: Args): Tensor => {
    requireTensor(self, `${name}_`, 'input')
    if (typeof other !== 'number') requireTensor(other, `${name}_`, 'other')
    refuse(self, other)
    return writeBack(typeof other === 'number' ? table : ofTwo, forward(self, other, args), args, self, other)
  }
  return define(Object.assign(op, table, { inplace, samples }))
}

/** An operation on three tensors. */
export function op3<Args = void>(definition: Definition3<Args>): Op<Inputs3<Args>> {
  const { gradFn, forward, samples } = definition
  const { self, other, third, order } = definition
  const table: Recordable = { gradFn, rules: [self, other, third], order }
  const name = definition.name ?? publicName(gradFn)
  const op = (self: Tensor, other: Tensor, third: Tensor, args: Args): Tensor => {
    requireTensor(self, name, 'input')
    requireTensor(other, name, 'other')
    requireTensor(third, name, 'third')
    const result = forward(self, other, third, args)
    if (isRecording() && (tracked(self) || tracked(other) || tracked(third))) {
      record(table, result, args, self, other, third)
    }
    return result
  }
  const inplace = (self: Tensor, other: Tensor, third: Tensor, args: Args): Tensor => {
    requireTensor(self, `${name}_`, 'input')
    requireTensor(other, `${name}_`, 'other')
    requireTensor(third, `${name}_`, 'third')
    refuse(self, other, third)
    return writeBack(table, forward(self, other, third, args), args, self, other, third)
  }
  return define(Object.assign(op, table, { inplace, samples }))
}

function define<Parameters extends unknown[]>(op: Recordable & { inplace: unknown; samples: unknown }): Op<Parameters> {
  const defined = op as Op<Parameters>
  operations.push(defined as unknown as Op<never>)
  return defined
}

/** The in-place form of an operation: its result goes into `self`, whose place in the graph becomes the operation's. */
function writeBack(
  op: Recordable,
  result: Tensor,
  args: unknown,
  self: Tensor,
  other: Operand | null = null,
  third: Tensor | null = null,
): Tensor {
  const recorded = anyTracked(self, other, third)
  if (!sameSizes(result.sizes, self.sizes)) {
    throw new RuntimeError(
      `output with shape ${formatSizes(self.sizes)} doesn't match the broadcast shape ${formatSizes(result.sizes)}`,
    )
  }
  requireCast(result.dtype, self.dtype)
  // A rule that asks for `self` means the value before the change; edges are taken from `self` as it is now.
  const records = recorded && isRecording()
  const before = records ? snapshot(self) : self
  const overlaid = records && other instanceof Tensor && shareMemory(self, other) ? asItWas(other) : null
  assign(self, result)
  self.storage.version++
  if (!records) return self
  rebase(self, recordedNode(op, self, args, before, overlaid ?? other, third, null))
  if (overlaid === null) return self
  // Saved as it was before the change, which is now noticed.
  overlaid.storage.version = self.storage.version
  if (other === self) overlaid._gradFn = self._gradFn
  return self
}

/** Whether two tensors look into one memory; a number that nothing looks into yet is nobody else's. */
function shareMemory(self: Tensor, other: Tensor): boolean {
  return other === self || (typeof self._memory !== 'number' && self._memory === other._memory)
}

/** A tensor in the same memory and place in the graph that goes on counting changes from today's version. */
function asItWas(t: Tensor): Tensor {
  const twin = t._twin()
  const { data, start, length, version } = t.storage
  const memory = new Storage(data, start, length)
  memory.version = version
  twin._memory = memory
  return twin
}

/** Refuses a change that may not be made, before anything is reckoned: that is the first complaint in PyTorch too. */
function refuse(self: Tensor, other: Operand | null = null, third: Tensor | null = null): void {
  checkInplace(self, anyTracked(self, other, third))
  if (other instanceof Tensor && other !== self && shareMemory(self, other)) refuseOverlap(self, other)
}

/** What is read must be what is written, or be apart from it. */
function refuseOverlap(self: Tensor, other: Tensor): void {
  const ends = [self, other].map((t) => t.offset + numelOf(t.sizes))
  const dense = [self, other].every(({ sizes, strides }) => isDense(sizes, strides))
  const same = self.offset === other.offset && ends[0] === ends[1] && sameSizes(self.strides, other.strides)
  if (!dense || same || self.offset >= ends[1]! || other.offset >= ends[0]!) return
  throw new RuntimeError(
    'unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory location. Please clone() the tensor before performing the operation.',
  )
}

function anyTracked(self: Tensor, other: Operand | null, third: Tensor | null): boolean {
  return tracked(self) || (other instanceof Tensor && tracked(other)) || (third !== null && tracked(third))
}

/** A copy of the elements that stands where `self` stands in the graph. */
function snapshot(self: Tensor): Tensor {
  const tracks = tracked(self)
  const copy = new Tensor(
    Tensor.own(gather(self), self.sizes, self.dtype).storage,
    layoutOf(self.sizes, contiguousStrides(self.sizes), self.dtype),
    0,
  )
  copy._gradFn = self._gradFn
  copy._outputNr = self._outputNr
  copy._requiresGrad = tracks
  return copy
}

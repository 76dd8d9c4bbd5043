// How a view operation is written down: where it looks, and how a gradient finds its way back.
import { requireSizes, requireTensor } from '../arguments'
import { tracked } from '../autograd/graph'
import { isRecording, mode } from '../autograd/mode'
import { checkInplace, rebase } from '../autograd/rebase'
import { type Recordable, type Rule, record, recordedNode } from '../autograd/record'
import { layoutOf, type Sizes } from '../shape'
import { Tensor } from '../tensor'
import type { Samples } from './op'

/** Sizes as PyTorch takes them: `(2, 3)` or `([2, 3])`. */
export type SizeArgs = (number | readonly number[])[]

/** The sizes, or whatever `argument` is, of a method that takes them one by one or as a list. */
export function checkedSizes(name: string, self: unknown, args: SizeArgs, argument = 'size'): Sizes {
  requireTensor(self, name, 'input')
  const sizes = sizesOf(args)
  requireSizes(sizes, name, argument)
  return sizes
}

export function sizesOf(args: SizeArgs): Sizes {
  return (args.length === 1 && typeof args[0] === 'object' ? args[0] : args) as Sizes
}

/** Where a view looks: its sizes, strides and offset in the storage. */
export type Geometry = [sizes: Sizes, strides: Sizes, offset: number]

/** A tensor over the same storage. Every view is tied to the tensor that owns the storage, recorded or not. */
export function viewOf(self: Tensor, [sizes, strides, offset]: Geometry): Tensor {
  const view = new Tensor(self.storage, layoutOf(sizes, strides, self.dtype), offset)
  const kind = self._view?.kind ?? 'tracked'
  view._view = {
    base: self._view?.base ?? self,
    kind: mode.grad || kind !== 'tracked' ? kind : 'no_grad',
    version: self.storage.version,
  }
  view._inference = self._inference
  return view
}

/** A view operation: where it looks, and how a gradient finds its way back. */
export interface ViewOp<Args> {
  readonly gradFn: string
  (self: Tensor, args: Args): Tensor
  samples: Samples<[self: Tensor, args: Args]>
}

/** Every view operation, for the tests that go over all of them. */
export const viewOperations: ViewOp<never>[] = []

export function viewOp<Args>(definition: {
  gradFn: string
  geometry: (self: Tensor, args: Args) => Geometry
  self: Rule<Args>
  samples: Samples<[self: Tensor, args: Args]>
}): ViewOp<Args> {
  const table: Recordable = { gradFn: definition.gradFn, rules: [definition.self] }
  const op = Object.assign(
    (self: Tensor, args: Args): Tensor => {
      const view = viewOf(self, definition.geometry(self, args))
      if (isRecording() && tracked(self)) record(table, view, args, self)
      return view
    },
    { gradFn: definition.gradFn, samples: definition.samples },
  )
  viewOperations.push(op as unknown as ViewOp<never>)
  return op
}

/** A view operation that changes the sizes and strides of `self` itself. */
export function reviewInplace<Args>(gradFn: string, op: (self: Tensor, args: Args) => Geometry, rule: Rule<Args>) {
  const table: Recordable = { gradFn, rules: [rule] }
  return (self: Tensor, args: Args): Tensor => {
    const records = isRecording() && tracked(self)
    checkInplace(self, records)
    const [sizes, strides, offset] = op(self, args)
    self.storage.version++
    const before = self._twin()
    self._layout = layoutOf(sizes, strides, self.dtype)
    self.offset = offset
    if (records) rebase(self, recordedNode(table, self, args, before, null, null, null))
    return self
  }
}

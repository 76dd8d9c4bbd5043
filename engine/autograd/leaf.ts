// Leaves, and looking at gradients on their way: requires_grad_, retain_grad, hooks.
import { wrongType } from '../arguments'
import { PythonTypeError, pythonType, RuntimeError } from '../errors'
import { formatSizes, sameSizes } from '../shape'
import { Storage } from '../storage'
import { Tensor } from '../tensor'
import { AccumulateGrad } from './accumulate'
import { edgeOf, gradFnOf, tracked } from './graph'
import { checkedResult } from './hook-results'
import { mode } from './mode'
import { type HookHandle, hooked, type OutputHook } from './node'

const COMPUTED =
  "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach()."

/** Sets whether gradients of `self` are wanted. `kinds` is how the message names the types that can have one. */
export function setRequiresGrad(self: Tensor, value: boolean, kinds: string): void {
  if (value && self._inference && !mode.inference) {
    throw new RuntimeError('Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.')
  }
  if (gradFnOf(self) !== null) {
    if (!value) throw new RuntimeError(COMPUTED)
    return
  }
  if (value && !self.dtype.is_floating_point) {
    throw new RuntimeError(
      `only Tensors of ${kinds} dtype can require gradients`,
      'A gradient says how the result changes when an element changes a little, and whole numbers cannot change a little. Make the tensor with { dtype: torch.float32 }.',
    )
  }
  self._requiresGrad = value
}

/** `self.grad = value`, checked. */
export function assignGrad(self: Tensor, value: Tensor | null): void {
  if (value === null || value === undefined) {
    self._grad = null
    return
  }
  if (!(value instanceof Tensor)) {
    throw new PythonTypeError(`assigned grad expected to be a Tensor or None but got grad of type ${pythonType(value)}`)
  }
  if (value === self) throw new RuntimeError("can't assign Variable as its own grad")
  if (value.dtype !== self.dtype) {
    throw new RuntimeError(
      `attempting to assign a gradient with dtype '${value.dtype.cppName}' to a tensor with grad_dtype '${self.dtype.legacyName}'. The gradient must match the tensor's grad_dtype (defaults to the tensor's dtype). You can set the tensor's grad_dtype attribute with a specific dtype, or None to allow any dtype. Set grad_dtype with caution. Diverging the dtypes of a tensor and its gradient may break downstream systems that assume they match.`,
    )
  }
  if (!sameSizes(value.sizes, self.sizes)) {
    throw new RuntimeError(
      `attempting to assign a gradient of size '${formatSizes(value.sizes)}' to a tensor of size '${formatSizes(self.sizes)}'. Please ensure that the gradient and the tensor are the same size`,
    )
  }
  self._grad = value
}

/** `self.data = value`: other elements, at the same place in the graph, and nobody is told. */
export function assignData(self: Tensor, value: Tensor): void {
  if (!(value instanceof Tensor)) {
    throw new PythonTypeError(`Variable data has to be a tensor, but got ${pythonType(value)}`)
  }
  if (tracked(self) && !value.dtype.is_floating_point) {
    throw new RuntimeError('data set to a tensor that requires gradients must be floating point or complex dtype')
  }
  const { data, start, length } = value.storage
  const memory = new Storage(data, start, length)
  memory.version = self._storageVersion
  self._memory = memory
  self._layout = value._layout
  self.offset = value.offset
}

/**
 * Asks for the gradient of this leaf (or no longer), in place; returns the tensor itself.
 * @shape A → A
 */
export function requires_grad_(self: Tensor, requires_grad = true): Tensor {
  if (typeof requires_grad !== 'boolean') throw wrongType('requires_grad_', 'requires_grad', 'bool', requires_grad)
  setRequiresGrad(self, requires_grad, 'floating point')
  return self
}

/** Keep `.grad` of a computed tensor too, which a backward pass would otherwise throw away. */
export function retain_grad(self: Tensor): void {
  if (!tracked(self)) throw new RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
  if (self._gradFn === null || self._retainsGrad) return
  self._retainsGrad = true
  const retain: OutputHook = {
    output: self._outputNr,
    last: true,
    call: (grad) => {
      self._grad = self._grad === null ? grad.clone() : mode.grad ? self._grad.add(grad) : self._grad.add_(grad)
      return grad
    },
  }
  self._gradFn.outputHooks = [...(self._gradFn.outputHooks ?? []), retain]
}

/** What a hook may answer: another gradient in place of the one it was shown, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks has no return statement
export type Hook = (grad: Tensor) => Tensor | null | undefined | void

/**
 * Calls `hook` with the gradient of this tensor whenever a backward pass has it complete; a tensor that it returns takes
 * the gradient's place.
 */
export function register_hook(self: Tensor, hook: Hook): HookHandle {
  const node = edgeOf(self)
  if (node === null) throw new RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
  const entry: OutputHook = { output: self._outputNr, last: false, call: (grad) => checked(hook, grad) }
  const hooks = node.outputHooks ?? []
  // retain_grad sees what all hooks made of the gradient, whenever they were registered.
  node.outputHooks = [...hooks.filter((h) => !h.last), entry, ...hooks.filter((h) => h.last)]
  return {
    remove: () => {
      node.outputHooks = node.outputHooks?.filter((h) => h !== entry) ?? null
    },
  }
}

/**
 * Calls `hook` with this leaf whenever a backward pass has updated its `.grad`.
 * @shape tensors of any shape
 */
export function register_post_accumulate_grad_hook(self: Tensor, hook: (leaf: Tensor) => void): HookHandle {
  if (!tracked(self)) throw new RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
  const node = edgeOf(self)
  if (!(node instanceof AccumulateGrad)) {
    throw new RuntimeError('post accumulate grad hooks cannot be registered on non-leaf tensors')
  }
  return hooked(node.afterHooks, hook, (hooks) => {
    node.afterHooks = hooks
  })
}

function checked(hook: Hook, grad: Tensor): Tensor {
  if (typeof hook !== 'function') throw new PythonTypeError(`'${pythonType(hook)}' object is not callable`)
  return checkedResult(hook, grad, hook(grad))
}

// What hooks may answer: gradients of the shape and type of those that they were shown.
import { PythonTypeError, pythonType, RuntimeError } from '../errors'
import { formatSizes, sameSizes } from '../shape'
import { Tensor } from '../tensor'

type Answer = (...given: never[]) => unknown

/** The answer of a hook that was shown one gradient: another, or that one if it answered nothing. */
export function checkedResult(hook: Answer, grad: Tensor, changed: unknown): Tensor {
  if (changed === null || changed === undefined) return grad
  const name = hook.name || '<lambda>'
  if (!(changed instanceof Tensor))
    throw new PythonTypeError(`expected Variable, but hook returned '${pythonType(changed)}'`)
  if (changed.dtype !== grad.dtype) {
    throw new RuntimeError(
      `hook '${name}' has changed the type of value (was torch.${grad.dtype.legacyName}Tensor got torch.${changed.dtype.legacyName}Tensor)`,
    )
  }
  if (!sameSizes(changed.sizes, grad.sizes)) {
    throw new RuntimeError(
      `hook '${name}' has changed the size of value`,
      `The gradient has shape ${formatSizes(grad.sizes)}, the hook returned ${formatSizes(changed.sizes)}.`,
    )
  }
  return changed
}

/** The same for a hook that was shown a list; null in its answer takes a gradient away. */
export function checkedResults(hook: Answer, grads: (Tensor | null)[], changed: unknown): (Tensor | null)[] {
  if (changed === null || changed === undefined) return grads
  if (!Array.isArray(changed)) {
    throw new PythonTypeError(
      `expected tuple, but hook returned '${changed instanceof Tensor ? 'Tensor' : pythonType(changed)}'`,
      'A hook of a node answers with a list: one gradient for each that it was shown.',
    )
  }
  if (changed.length !== grads.length) {
    throw new RuntimeError(
      `hook '${hook.name || '<lambda>'}' has returned an incorrect number of values (got ${changed.length}, but expected ${grads.length})`,
    )
  }
  return changed.map((one: unknown, k) => {
    if (one === null) return null
    if (grads[k] === null) throw new RuntimeError("can't replace a None gradient with a non-None value")
    return checkedResult(hook, grads[k]!, one)
  })
}

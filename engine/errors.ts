// PyTorch's exception classes: its words in `message`, and for a beginner a second paragraph in `hint`.

/** What every error of the engine is. `hint` says in plain words what to do; it is kept apart from PyTorch's own message. */
export abstract class TorchError extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message)
  }
}

/** An operation that cannot be done: shapes that don't fit, a graph that was freed, a leaf changed in place. */
export class RuntimeError extends TorchError {
  override readonly name: string = 'RuntimeError'
}

/** A dimension or an index that doesn't exist. */
export class IndexError extends TorchError {
  override readonly name: string = 'IndexError'
}

/** An argument of the wrong type. */
class PythonTypeError extends TorchError {
  override readonly name: string = 'TypeError'
}

/** An argument of the right type with a value that makes no sense. */
export class ValueError extends TorchError {
  override readonly name: string = 'ValueError'
}

/** A RuntimeError, as in Python. */
export class NotImplementedError extends RuntimeError {
  override readonly name: string = 'NotImplementedError'
}

/** A name that is missing, or that cannot be one. */
export class KeyError extends TorchError {
  override readonly name: string = 'KeyError'
}

/** A matrix that has no inverse, or no such factors. */
export class LinAlgError extends RuntimeError {
  override readonly name: string = '_LinAlgError'
}

/** An attribute that cannot be set. */
export class AttributeError extends TorchError {
  override readonly name: string = 'AttributeError'
}

/** What PyTorch's Python parts assert. */
export class AssertionError extends TorchError {
  override readonly name: string = 'AssertionError'
}

/** What a value is called in Python's messages: 'float', 'str', 'list', 'NoneType', 'Tensor'. */
export function pythonType(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  if (typeof value === 'string') return 'str'
  if (typeof value === 'boolean') return 'bool'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'function') return 'function'
  if (typeof value === 'object') return Object.getPrototypeOf(value)?.constructor?.name ?? 'object'
  return typeof value
}

// Under its public name it would hide JavaScript's TypeError in every file that throws one.
export { PythonTypeError, PythonTypeError as TypeError }

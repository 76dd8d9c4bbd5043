// Arguments of the wrong type, which plain JavaScript can send: one sentence that says which argument of which function.
import { DType } from './dtype'
import { PythonTypeError, pythonType } from './errors'
import { Tensor } from './tensor'

const OTHER_COPY =
  'This tensor was made by another copy of the engine. Import the engine from one place only, or hand over numbers: torch.tensor(x.tolist()).'

/** `mul(): argument 'other' must be Tensor, not str` */
export function wrongType(name: string, argument: string, expected: string, value: unknown): PythonTypeError {
  const type = value instanceof Tensor ? 'Tensor' : pythonType(value)
  const foreign = expected === 'Tensor' && type === 'Tensor'
  return new PythonTypeError(
    `${name}(): argument '${argument}' must be ${expected}, not ${type}`,
    foreign ? OTHER_COPY : hintFor(expected, value),
  )
}

function hintFor(expected: string, value: unknown): string | undefined {
  if (expected === 'Tensor' && (Array.isArray(value) || typeof value === 'number'))
    return 'torch.tensor(…) makes a tensor of it.'
  if (expected === 'torch.dtype') return 'dtypes are values, not texts: { dtype: torch.float64 }.'
  if (value === undefined) return 'The argument is missing, or was undefined.'
  if (expected === 'Tensor' && typeof value === 'string' && /^\d+$/.test(value))
    return '`for … in` goes through indices, which are texts; `for (const each of list)` goes through the list.'
  return undefined
}

export function requireTensor(value: unknown, name: string, argument: string): asserts value is Tensor {
  if (!(value instanceof Tensor)) throw wrongType(name, argument, 'Tensor', value)
}

export function requireNumber(value: unknown, name: string, argument: string): asserts value is number {
  if (typeof value !== 'number') throw wrongType(name, argument, 'Number', value)
}

export function requireInteger(value: unknown, name: string, argument: string): asserts value is number {
  if (!Number.isInteger(value)) throw wrongType(name, argument, 'int', value)
}

/** What a constructor cannot do without, by name: `Linear.__init__() missing 1 required positional argument: 'out_features'` */
export function requireGiven(name: string, given: Record<string, unknown>, shown = name): void {
  const missing = Object.keys(given).filter((argument) => given[argument] === undefined)
  if (missing.length === 0) return
  const quoted = missing.map((argument) => `'${argument}'`)
  const last = quoted.pop()!
  const list = quoted.length === 0 ? last : `${quoted.join(', ')}${quoted.length > 1 ? ',' : ''} and ${last}`
  throw new PythonTypeError(
    `${name}.__init__() missing ${missing.length} required positional argument${missing.length > 1 ? 's' : ''}: ${list}`,
    `new torch.nn.${shown}(${Object.keys(given).join(', ')})`,
  )
}

/** Every entry of `sizes` a whole number. */
export function requireSizes(sizes: unknown, name: string, argument = 'size'): asserts sizes is readonly number[] {
  if (!Array.isArray(sizes)) throw wrongType(name, argument, 'tuple of ints', sizes)
  for (let d = 0; d < sizes.length; d++) {
    const size: unknown = sizes[d]
    if (Number.isInteger(size)) continue
    throw new PythonTypeError(
      `${name}(): argument '${argument}' must be tuple of ints, but found element of type ${typeof size === 'number' ? 'float' : pythonType(size)}`,
    )
  }
}

/** No keyword but those listed, and `dtype` a dtype: TypeScript says so as one types, plain JavaScript does not. */
export function requireKeywords(
  options: object | undefined,
  allowed: readonly string[],
  name: string,
  shown = name,
): void {
  if (options === undefined) return
  if (typeof options !== 'object' || options === null || options instanceof Tensor || Array.isArray(options)) {
    throw new PythonTypeError(
      `${name}(): keyword arguments must be an object, not ${pythonType(options)}`,
      `Python's keywords are written as one last object here: ${shown}(…, { ${allowed[0]}: … }).`,
    )
  }
  for (const key of Object.keys(options)) {
    if (!allowed.includes(key)) {
      throw new PythonTypeError(
        `${name}() got an unexpected keyword argument '${key}'`,
        `${shown} takes ${allowed.join(', ')}.`,
      )
    }
  }
  const { dtype } = options as { dtype?: unknown }
  if (dtype !== undefined && !(dtype instanceof DType)) throw wrongType(name, 'dtype', 'torch.dtype', dtype)
}

// What a function accepts, written as PyTorch writes it: `chunk(Tensor input, int chunks, int dim=0)`. Arguments are checked
// against it, and Python's keywords, which come as one trailing object here, are put in their places.
import { requireSizes, wrongType } from './arguments'
import { DType } from './dtype'
import { PythonTypeError } from './errors'
import { Tensor } from './tensor'

interface Parameter {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
  readonly required: boolean
  readonly otherwise: unknown
}

interface Signature {
  readonly name: string
  readonly parameters: readonly Parameter[]
}

const constants: Record<string, unknown> = { None: null, True: true, False: false, inf: Number.POSITIVE_INFINITY }

const parsed = new Map<string, Signature>()

function parse(text: string): Signature {
  const [, name, list] = /^(\w+)\((.*)\)$/.exec(text)!
  const parameters = list!.split(', ').map((one): Parameter => {
    const [, type, nullable, parameter, otherwise] = /^(\w+)(\??) (\w+)(?:=(.+))?$/.exec(one)!
    return {
      name: parameter!,
      type: type!,
      nullable: nullable === '?',
      required: otherwise === undefined,
      otherwise:
        otherwise === undefined
          ? undefined
          : otherwise in constants
            ? constants[otherwise]
            : otherwise.startsWith("'")
              ? otherwise.slice(1, -1)
              : Number(otherwise),
    }
  })
  return { name: name!, parameters }
}

/**
 * The arguments of a call in the order of its signature, without the first (the tensor itself), defaults filled in.
 *
 * Types: `Tensor`, `Tensors` (a list), `int`, `float`, `bool`, `str`, `dtype`, `ints` (one or a list), `tuple` (a list), `Operand` (a tensor or a
 * number), `any`; with `?`, None too.
 * @throws TypeError that names the function and the argument
 */
export function accept<Arguments extends unknown[]>(text: string, self: unknown, ...given: unknown[]): Arguments {
  let signature = parsed.get(text)
  if (signature === undefined) {
    signature = parse(text)
    parsed.set(text, signature)
  }
  const { name, parameters } = signature
  check(name, parameters[0]!, self)
  let last = given.length - 1
  while (last >= 0 && given[last] === undefined) last--
  const options = last >= 0 && isKeywords(given[last]) ? (given[last] as Record<string, unknown>) : null
  if (options !== null) given[last] = undefined
  const values = new Array<unknown>(parameters.length - 1)
  let missing: string[] | null = null
  for (let k = 1; k < parameters.length; k++) {
    const parameter = parameters[k]!
    const value = given[k - 1] ?? (given[k - 1] === null ? null : options?.[parameter.name])
    if (value === undefined) {
      if (parameter.required) {
        missing ??= []
        missing.push(parameter.name)
      }
      values[k - 1] = parameter.otherwise
    } else {
      if (value !== null || !(parameter.nullable || parameter.otherwise === null)) check(name, parameter, value)
      values[k - 1] = value
    }
  }
  if (options !== null) refuseUnknown(name, parameters, options)
  if (missing !== null) {
    throw new PythonTypeError(
      `${name}() missing ${missing.length} required positional arguments: ${missing.map((one) => `"${one}"`).join(', ')}`,
      `${name} takes ${describe(parameters)}.`,
    )
  }
  return values as Arguments
}

function isKeywords(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || (prototype.constructor?.name === 'Object' && !('sizes' in value))
}

function refuseUnknown(name: string, parameters: readonly Parameter[], options: object): void {
  const known = parameters.slice(1).map((parameter) => parameter.name)
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new PythonTypeError(
        `${name}() got an unexpected keyword argument '${key}'`,
        `${name} takes ${describe(parameters)}.`,
      )
    }
  }
}

function describe(parameters: readonly Parameter[]): string {
  return parameters
    .slice(1)
    .map(({ name, required }) => (required ? name : `${name} (optional)`))
    .join(', ')
}

function check(name: string, { name: argument, type }: Parameter, value: unknown): void {
  switch (type) {
    case 'Tensor':
      if (!(value instanceof Tensor)) throw wrongType(name, argument, 'Tensor', value)
      return
    case 'Operand':
      if (typeof value !== 'number' && !(value instanceof Tensor)) throw wrongType(name, argument, 'Tensor', value)
      return
    case 'Tensors':
      if (!Array.isArray(value)) throw wrongType(name, argument, 'tuple of Tensors', value)
      for (const one of value) if (!(one instanceof Tensor)) throw wrongType(name, argument, 'tuple of Tensors', one)
      return
    case 'int':
      if (!Number.isInteger(value)) throw wrongType(name, argument, 'int', value)
      return
    case 'ints':
      if (!Number.isInteger(value)) requireSizes(value, name, argument)
      return
    case 'tuple':
      requireSizes(value, name, argument)
      return
    case 'float':
      if (typeof value !== 'number') throw wrongType(name, argument, 'float', value)
      return
    case 'bool':
      if (typeof value !== 'boolean') throw wrongType(name, argument, 'bool', value)
      return
    case 'str':
      if (typeof value !== 'string') throw wrongType(name, argument, 'str', value)
      return
    case 'dtype':
      if (!(value instanceof DType)) throw wrongType(name, argument, 'torch.dtype', value)
  }
}

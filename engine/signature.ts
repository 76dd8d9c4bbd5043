// What a function accepts, written as PyTorch writes it: `chunk(Tensor input, int chunks, int dim=0)`. Arguments are checked
// against it, and Python's keywords, which come as one trailing object here, are put in their places.
import { requireSizes, wrongType } from './arguments'
import { DType } from './dtype'
import { PythonTypeError } from './errors'
import { Tensor } from './tensor'

interface Parameter {
  readonly name: string
  readonly check: (value: unknown, name: string, argument: string) => void
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
      check: checks[type!]!,
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
  parameters[0]!.check(self, name, parameters[0]!.name)
  // `given` is this call's own: its places are filled in where they are empty.
  const keywords = takeKeywords(given)
  let missing: string[] | null = null
  for (let k = 1; k < parameters.length; k++) {
    const parameter = parameters[k]!
    const value = given[k - 1] === undefined ? keywords?.[parameter.name] : given[k - 1]
    if (value === undefined) {
      if (parameter.required) {
        missing ??= []
        missing.push(parameter.name)
      }
      given[k - 1] = parameter.otherwise
    } else {
      if (value !== null || !(parameter.nullable || parameter.otherwise === null))
        parameter.check(value, name, parameter.name)
      given[k - 1] = value
    }
  }
  if (keywords !== null) refuseUnknown(name, parameters, keywords)
  if (missing !== null) {
    throw new PythonTypeError(
      `${name}() missing ${missing.length} required positional arguments: ${missing.map((one) => `"${one}"`).join(', ')}`,
      `${name} takes ${describe(parameters)}.`,
    )
  }
  return given as Arguments
}

/** The last argument that is there, taken out if it holds keywords. */
function takeKeywords(given: unknown[]): Record<string, unknown> | null {
  let last = given.length - 1
  while (last >= 0 && given[last] === undefined) last--
  const value = last < 0 ? null : given[last]
  if (!isKeywords(value)) return null
  given[last] = undefined
  return value as Record<string, unknown>
}

function isKeywords(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Tensor) return false
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

/** What each type demands of a value, and what the complaint calls it. Looked up once, when a signature is read. */
const checks: Record<string, Parameter['check']> = {
  Tensor: one((value) => value instanceof Tensor, 'Tensor'),
  Operand: one((value) => typeof value === 'number' || value instanceof Tensor, 'Tensor'),
  Tensors: (value, name, argument) => {
    if (!Array.isArray(value)) throw wrongType(name, argument, 'tuple of Tensors', value)
    for (const one of value) if (!(one instanceof Tensor)) throw wrongType(name, argument, 'tuple of Tensors', one)
  },
  int: one(Number.isInteger, 'int'),
  ints: (value, name, argument) => {
    if (!Number.isInteger(value)) requireSizes(value, name, argument)
  },
  tuple: requireSizes,
  float: one((value) => typeof value === 'number', 'float'),
  bool: one((value) => typeof value === 'boolean', 'bool'),
  str: one((value) => typeof value === 'string', 'str'),
  dtype: one((value) => value instanceof DType, 'torch.dtype'),
  any: () => {},
}

function one(isRight: (value: unknown) => boolean, type: string): Parameter['check'] {
  return (value, name, argument) => {
    if (!isRight(value)) throw wrongType(name, argument, type, value)
  }
}

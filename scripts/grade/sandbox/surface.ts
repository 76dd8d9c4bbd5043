// The engine as a guest may see it: what its module exports by path, and the members of its classes. Names that begin with _ are not shown.

/** An entry of a module: name, kind, and what the kind needs. */
export type Entry = [name: string, kind: string, detail: unknown]

export interface ClassDescription {
  parent: string | null
  /** Where it is exported, if it can be made by `new`. */
  path: string | null
  methods: string[]
  getters: string[]
  setters: string[]
  isIterable: boolean
}

type AnyFunction = (...inputs: unknown[]) => unknown

/** Functions make tensors; the constructor takes the engine's inner parts. */
const unmade = 'Tensor'

export class Surface {
  private readonly functions = new Map<string, AnyFunction>()
  private readonly names = new Map<object, string>()
  private readonly classes = new Map<string, { prototype: object; path: string | null; fields: Set<string> }>()

  /** `withheld` tells of a path whether the lesson withholds it. */
  constructor(private readonly withheld: (path: string) => boolean) {}

  /** What a module exports. `encode` is for values such as dtypes. */
  entries(module: object, encode: (value: unknown) => unknown, inside = ''): Entry[] {
    return Object.keys(module).map((name): Entry => {
      const path = inside + name
      if (this.withheld(path)) return [name, 'withheld', path]
      const value = (module as Record<string, unknown>)[name]
      if (isModule(value)) return [name, 'module', this.entries(value, encode, `${path}.`)]
      if (typeof value !== 'function') return [name, 'value', encode(value)]
      const Kind = value as AnyFunction & { prototype: object }
      if (!isClass(Kind)) {
        this.functions.set(path, Kind)
        return [name, 'function', path]
      }
      if (isErrorClass(Kind)) return [name, 'error', parentName(Kind)]
      return [name, 'class', this.nameOf(Kind.prototype, path)]
    })
  }

  functionAt(path: string): AnyFunction {
    const found = this.functions.get(path)
    if (!found) throw new TypeError(`torch.${path} is not a function`)
    return found
  }

  constructorAt(path: string): new (...inputs: unknown[]) => object {
    const found = [...this.classes.values()].find((each) => each.path === path)
    if (!found || path === unmade) throw new TypeError(`torch.${path} cannot be made by new`)
    return found.prototype.constructor as new (
      ...inputs: unknown[]
    ) => object
  }

  /** The name under which a guest knows the class of `object`. */
  classOf(object: object): string {
    const name = this.nameOf(Object.getPrototypeOf(object) as object, null)
    const { fields } = this.classes.get(name) as { fields: Set<string> }
    for (const field of this.fieldsOf(object)) fields.add(field)
    return name
  }

  /** The fields of an object that may be read. */
  fieldsOf(object: object): string[] {
    return Object.entries(object).flatMap(([field, value]) => (isShown(field) && isOpen(value) ? [field] : []))
  }

  private nameOf(prototype: object, path: string | null): string {
    const known = this.names.get(prototype)
    if (known !== undefined) return known
    const given = String(prototype.constructor?.name || 'Object')
    let name = given
    for (let n = 2; this.classes.has(name); n++) name = `${given}${n}`
    this.names.set(prototype, name)
    this.classes.set(name, { prototype, path, fields: new Set() })
    return name
  }

  describe(name: string): ClassDescription {
    const { prototype, path, fields } = this.classes.get(name) as {
      prototype: object
      path: string | null
      fields: Set<string>
    }
    const parent = Object.getPrototypeOf(prototype) as object | null
    const members = Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(([member]) => isShown(member))
    return {
      parent: parent && !isRoot(parent) ? this.nameOf(parent, null) : null,
      path: path === unmade ? null : path,
      methods: members.flatMap(([member, { value }]) => (typeof value === 'function' ? [member] : [])),
      getters: [...members.flatMap(([member, { get }]) => (get ? [member] : [])), ...fields],
      setters: members.flatMap(([member, { set }]) => (set ? [member] : [])),
      isIterable: Object.hasOwn(prototype, Symbol.iterator),
    }
  }

  /** The method of that name, if a guest may call it. */
  method(object: object, name: string): AnyFunction {
    const value = isShown(name) ? memberOf(object, name)?.value : undefined
    if (typeof value !== 'function') throw new TypeError(`${name} is not a function`)
    return value as AnyFunction
  }

  get(object: object, name: string): unknown {
    const own = Object.getOwnPropertyDescriptor(object, name)
    if (isShown(name) && own && isOpen(own.value)) return own.value
    return isShown(name) ? memberOf(object, name)?.get?.call(object) : undefined
  }

  set(object: object, name: string, value: unknown): void {
    const set = isShown(name) ? memberOf(object, name)?.set : undefined
    if (!set) throw new TypeError(`Cannot set property ${name}`)
    set.call(object, value)
  }
}

/** Names that begin with _ are the engine's own business. */
export function isShown(name: string): boolean {
  return !name.startsWith('_') && name !== 'constructor'
}

/** Looks through the classes of an object, but not through Object itself. */
function memberOf(object: object, name: string): PropertyDescriptor | undefined {
  for (let each = Object.getPrototypeOf(object); each && !isRoot(each); each = Object.getPrototypeOf(each)) {
    const found = Object.getOwnPropertyDescriptor(each, name)
    if (found) return found
  }
  return undefined
}

/** Object.prototype, of whatever realm. */
export function isRoot(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null
}

/** A field that is a plain value, a list of such, a dtype or a weight; not the engine's inner objects. */
function isOpen(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((entry) => typeof entry !== 'object' && typeof entry !== 'function')
  if (typeof value !== 'object' || value === null) return typeof value !== 'function'
  return ['DType', 'Tensor', 'Parameter'].includes(value.constructor?.name ?? '')
}

function isModule(value: unknown): value is object {
  return typeof value === 'object' && value !== null && '__esModule' in value
}

function isClass(value: AnyFunction): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value))
}

function isErrorClass(Kind: { prototype: object }): boolean {
  for (let each: object | null = Kind.prototype; each; each = Object.getPrototypeOf(each)) {
    if (each.constructor?.name === 'Error') return true
  }
  return false
}

function parentName(Kind: { prototype: object }): string {
  return (Object.getPrototypeOf(Kind.prototype) as object).constructor.name
}

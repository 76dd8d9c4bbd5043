// torch.nn.Module and Parameter: models as trees of parts that own parameters.

import { requireTensor, wrongType } from '../arguments'
import { no_grad } from '../autograd/mode'
import { KeyError, NotImplementedError, PythonTypeError, pythonType, RuntimeError, ValueError } from '../errors'
import { formatSizes, sameSizes } from '../shape'
import { Tensor } from '../tensor'

/** A tensor that a {@link Module} owns and an optimizer moves: it requires grad from the start. Shares `data`'s storage. */
export class Parameter extends Tensor {
  constructor(data: Tensor, requires_grad = true) {
    requireTensor(data, 'Parameter', 'data')
    super(data.storage, data._layout, data.offset)
    if (typeof requires_grad !== 'boolean') throw wrongType('Parameter', 'requires_grad', 'bool', requires_grad)
    if (requires_grad && !data.dtype.is_floating_point) {
      throw new RuntimeError('Only Tensors of floating point and complex dtype can require gradients')
    }
    this.requires_grad_(requires_grad)
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`
  }
}

/** What {@link Module.load_state_dict} answers: the paths that were in one of the two only. */
export class IncompatibleKeys {
  readonly missing_keys: string[] = []
  readonly unexpected_keys: string[] = []

  toString(): string {
    const { missing_keys, unexpected_keys } = this
    if (missing_keys.length + unexpected_keys.length === 0) return '<All keys matched successfully>'
    const python = (keys: string[]) => `[${keys.map((key) => `'${key}'`).join(', ')}]`
    return `_IncompatibleKeys(missing_keys=${python(missing_keys)}, unexpected_keys=${python(unexpected_keys)})`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/**
 * A part of a model. Subclass it, make {@link Parameter}s and other modules its properties, and write `forward`; call it
 * as `model.forward(x)`, because JavaScript's objects are not functions.
 */
export abstract class Module {
  /** Whether the model is being trained: dropout looks at it. */
  training = true
  /** Buffers by name, and whether they are part of the state. */
  private readonly registered = new Map<string, { persistent: boolean }>()

  abstract forward(...inputs: Tensor[]): Tensor

  /** The modules that are properties of this one: one that stands under two names comes twice. */
  protected entries(): [string, Module][] {
    return Object.entries(this).filter((entry): entry is [string, Module] => entry[1] instanceof Module)
  }

  /** The modules that are properties of this one, each once, with their names. */
  named_children(): [string, Module][] {
    return once(this.entries())
  }

  children(): Module[] {
    return this.named_children().map(([, child]) => child)
  }

  /** This module and all below it, each once, with their paths: `''`, `0`, `0.encoder`. */
  named_modules(): [string, Module][] {
    return once([['', this], ...below(this.entries(), (child) => child.named_modules())])
  }

  modules(): Module[] {
    return this.named_modules().map(([, module]) => module)
  }

  /** Every parameter with its path, a module's own ones before those of its children: `0.weight`. */
  named_parameters(): [string, Parameter][] {
    return once([...this.ownParameters(), ...below(this.entries(), (child) => child.named_parameters())])
  }

  parameters(): Parameter[] {
    return this.named_parameters().map(([, parameter]) => parameter)
  }

  private ownParameters(): [string, Parameter][] {
    return Object.entries(this).filter((entry): entry is [string, Parameter] => entry[1] instanceof Parameter)
  }

  /**
   * A tensor that belongs to the model and is no parameter: optimizers leave it alone, {@link state_dict} has it if it is
   * `persistent`.
   */
  register_buffer(name: string, tensor: Tensor | null, { persistent = true }: { persistent?: boolean } = {}): void {
    if (typeof name !== 'string') throw new PythonTypeError(`buffer name should be a string. Got ${pythonType(name)}`)
    if (name.includes('.')) throw new KeyError(`'buffer name can\\'t contain "."'`)
    if (name === '') throw new KeyError(`'buffer name can\\'t be empty string ""'`)
    // A field that is declared and still empty is what the buffer is for.
    if ((this[name as keyof this] ?? null) !== null && !this.registered.has(name)) {
      throw new KeyError(`"attribute '${name}' already exists"`)
    }
    if (tensor !== null && !(tensor instanceof Tensor)) {
      throw new PythonTypeError(
        `cannot assign '${pythonType(tensor)}' object to buffer '${name}' (torch Tensor or None required)`,
      )
    }
    Object.assign(this, { [name]: tensor })
    this.registered.set(name, { persistent })
  }

  /** Every buffer with its path: `1.running_mean`. */
  named_buffers(): [string, Tensor][] {
    return once([...this.ownBuffers(), ...below(this.entries(), (child) => child.named_buffers())])
  }

  buffers(): Tensor[] {
    return this.named_buffers().map(([, buffer]) => buffer)
  }

  private ownBuffers(kept: (buffer: { persistent: boolean }) => boolean = () => true): [string, Tensor][] {
    return [...this.registered]
      .filter(([, buffer]) => kept(buffer))
      .map(([name]): [string, unknown] => [name, this[name as keyof this]])
      .filter((entry): entry is [string, Tensor] => entry[1] instanceof Tensor)
  }

  /** Forgets all gradients: they become null, or zeros in place if `set_to_none` is false. */
  zero_grad({ set_to_none = true }: { set_to_none?: boolean } = {}): void {
    for (const parameter of this.parameters()) {
      if (set_to_none) parameter._grad = null
      else parameter._grad?.detach_().zero_()
    }
  }

  train(mode = true): this {
    if (typeof mode !== 'boolean') throw new ValueError('training mode is expected to be boolean')
    for (const module of this.modules()) module.training = mode
    return this
  }

  eval(): this {
    return this.train(false)
  }

  requires_grad_(requires_grad = true): this {
    for (const parameter of this.parameters()) parameter.requires_grad_(requires_grad)
    return this
  }

  /** Calls `fn` with every module, children first. */
  apply(fn: (module: Module) => void): this {
    for (const child of this.children()) child.apply(fn)
    fn(this)
    return this
  }

  /** The values of all parameters and buffers by their paths. */
  state_dict(): Record<string, Tensor> {
    return Object.fromEntries(this.state().map(([path, tensor]) => [path, tensor.detach()]))
  }

  /**
   * Copies values by their paths into the parameters and buffers. All that does not fit is said in one error; with
   * `strict: false` missing and unexpected paths are only told.
   */
  load_state_dict(values: Record<string, Tensor>, { strict = true }: { strict?: boolean } = {}): IncompatibleKeys {
    if (typeof values !== 'object' || values === null || values instanceof Tensor || Array.isArray(values)) {
      throw new PythonTypeError(`Expected state_dict to be dict-like, got <class '${pythonType(values)}'>.`)
    }
    const keys = new IncompatibleKeys()
    const faults: string[] = []
    this.load(values, '', keys, faults)
    if (strict) {
      const list = (paths: string[]) => paths.map((path) => `"${path}"`).join(', ')
      if (keys.unexpected_keys.length > 0) {
        faults.unshift(`Unexpected key(s) in state_dict: ${list(keys.unexpected_keys)}. `)
      }
      if (keys.missing_keys.length > 0) faults.unshift(`Missing key(s) in state_dict: ${list(keys.missing_keys)}. `)
    }
    if (faults.length > 0) {
      throw new RuntimeError(`Error(s) in loading state_dict for ${this.constructor.name}:\n\t${faults.join('\n\t')}`)
    }
    return keys
  }

  /** Loads what is below `prefix`; what fits is copied even if something else does not. */
  private load(values: Record<string, Tensor>, prefix: string, keys: IncompatibleKeys, faults: string[]): void {
    const own = this.ownState()
    for (const [name, tensor] of own) {
      const value = values[prefix + name]
      if (value !== undefined) faults.push(...copied(prefix + name, value, tensor))
      else if (!this.mayLack(name)) keys.missing_keys.push(prefix + name)
    }
    const children = this.entries()
    for (const key of Object.keys(values)) {
      if (!key.startsWith(prefix)) continue
      const [name, ...rest] = key.slice(prefix.length).split('.')
      const known = rest.length > 0 ? children : own
      if (!known.some(([one]) => one === name)) keys.unexpected_keys.push(key)
    }
    for (const [name, child] of children) {
      const path = `${prefix}${name}.`
      const inside = Object.entries(values).filter(([key]) => key.startsWith(path))
      child.load(Object.fromEntries(inside), path, keys, faults)
    }
  }

  /** Whether a state without this entry is complete all the same. */
  protected mayLack(_name: string): boolean {
    return false
  }

  /** Parameters and buffers of this module alone. */
  private ownState(): [string, Tensor][] {
    return [...this.ownParameters(), ...this.ownBuffers(({ persistent }) => persistent)]
  }

  /** Parameters and buffers, module by module. */
  private state(): [string, Tensor][] {
    return [...this.ownState(), ...below(this.entries(), (child) => child.state())]
  }

  /** What stands between the parentheses when the module is printed. */
  extra_repr(): string {
    return ''
  }

  toString(): string {
    const name = this.constructor.name
    const children = this.entries()
    if (children.length === 0) return `${name}(${this.extra_repr()})`
    const lines = children.map(([key, child]) => `  (${key}): ${String(child).replaceAll('\n', '\n  ')}`)
    return `${name}(\n${lines.join('\n')}\n)`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** What a module says that computes nothing by itself. */
export function refuseForward(module: Module): never {
  throw new NotImplementedError(
    `Module [${module.constructor.name}] is missing the required "forward" function`,
    'Write a method forward(x) that computes the result. A list of modules has none: call what it holds one by one.',
  )
}

// The compiler demands forward of a subclass; plain JavaScript can forget it, and is told when it calls it.
Module.prototype.forward = function forward(this: Module): never {
  refuseForward(this)
}

/** Pairs of name and thing, without things that came before under another name. */
function once<T>(entries: readonly [string, T][]): [string, T][] {
  const seen = new Set<T>()
  return entries.filter(([, thing]) => !seen.has(thing) && seen.add(thing))
}

/** What each child has, by the path from its parent. */
function below<T>(children: readonly [string, Module][], of: (child: Module) => [string, T][]): [string, T][] {
  return children.flatMap(([name, child]) =>
    of(child).map(([path, thing]): [string, T] => [path === '' ? name : `${name}.${path}`, thing]),
  )
}

/** Copies a value into a parameter or buffer, or says why not. */
function copied(path: string, given: unknown, tensor: Tensor): string[] {
  if (!(given instanceof Tensor)) {
    return [
      `While copying the parameter named "${path}", expected torch.Tensor or Tensor-like object from checkpoint but received <class '${pythonType(given)}'>`,
    ]
  }
  // States from before there were scalars hold a list of one.
  const value = tensor.sizes.length === 0 && given.sizes.length === 1 ? given.select(0, 0) : given
  if (!sameSizes(value.sizes, tensor.sizes)) {
    return [
      `size mismatch for ${path}: copying a param with shape torch.Size(${formatSizes(value.sizes)}) from checkpoint, the shape in current model is torch.Size(${formatSizes(tensor.sizes)}).`,
    ]
  }
  no_grad(() => tensor.copy_(value))
  return []
}

// Lists of modules and of parameters: what they hold is found by a model that holds them, which an array's contents are not.
import { requireTensor, wrongType } from '../arguments'
import { NotImplementedError, PythonTypeError, pythonType } from '../errors'
import type { Tensor } from '../tensor'
import { Module, Parameter } from './module'

/** A module that only holds others, under the numbers 0, 1, … or under names. */
abstract class Container extends Module {
  forward(): Tensor {
    throw new NotImplementedError(
      `Module [${this.constructor.name}] is missing the required "forward" function`,
      'It only holds modules; call them one by one.',
    )
  }

  protected checked(module: Module): Module {
    if (module instanceof Module) return module
    throw new PythonTypeError(
      `${pythonType(module)} is not a Module subclass`,
      `${this.constructor.name} holds modules, like new torch.nn.Linear(2, 3).`,
    )
  }

  /** Refuses what `for … of` cannot walk through. */
  protected requireIterable(values: unknown): void {
    if (typeof (values as Iterable<unknown> | null)?.[Symbol.iterator] === 'function') return
    const name = this.constructor.name
    throw new PythonTypeError(`${name}.extend should be called with an iterable, but got ${pythonType(values)}`)
  }
}

/** Modules in a list, which `for … of` walks through: `list[0]`, `list.length`. */
export class ModuleList extends Container {
  readonly [index: number]: Module

  constructor(modules: Iterable<Module> = []) {
    super()
    this.extend(modules)
  }

  get length(): number {
    return this.children().length
  }

  append(module: Module): this {
    return Object.assign(this, { [this.length]: this.checked(module) })
  }

  extend(modules: Iterable<Module>): this {
    this.requireIterable(modules)
    for (const module of modules) this.append(module)
    return this
  }

  [Symbol.iterator](): Iterator<Module> {
    return this.children()[Symbol.iterator]()
  }

  /** Neighbours that print alike are printed once: `(0-2): 3 x ReLU()`. */
  override toString(): string {
    const runs: { from: number; to: number; text: string }[] = []
    this.children().forEach((child, k) => {
      const last = runs.at(-1)
      if (last?.text === String(child)) last.to = k
      else runs.push({ from: k, to: k, text: String(child) })
    })
    if (runs.length === 0) return 'ModuleList()'
    const lines = runs.map(({ from, to, text }) =>
      from === to ? `(${from}): ${text}` : `(${from}-${to}): ${to - from + 1} x ${text}`,
    )
    return `ModuleList(\n${lines.map((line) => `  ${line.replaceAll('\n', '\n  ')}\n`).join('')})`
  }
}

/** Modules by name, in the order in which they were put in: `dict.get('encoder')`. */
export class ModuleDict extends Container {
  constructor(modules: Record<string, Module> = {}) {
    super()
    if (typeof modules !== 'object' || modules === null) {
      throw wrongType('ModuleDict', 'modules', 'dict of modules', modules)
    }
    for (const [name, module] of Object.entries(modules)) this.set(name, module)
  }

  get(name: string): Module | undefined {
    return this.named_children().find(([key]) => key === name)?.[1]
  }

  set(name: string, module: Module): this {
    return Object.assign(this, { [name]: this.checked(module) })
  }
}

/** Parameters in a list, which `for … of` walks through; plain tensors become parameters. */
export class ParameterList extends Container {
  readonly [index: number]: Parameter

  constructor(values: Iterable<Tensor> = []) {
    super()
    this.requireIterable(values)
    for (const value of values) this.append(value)
  }

  get length(): number {
    return this.parameters().length
  }

  append(value: Tensor): this {
    requireTensor(value, 'ParameterList', 'values')
    return Object.assign(this, { [this.length]: value instanceof Parameter ? value : new Parameter(value) })
  }

  [Symbol.iterator](): Iterator<Parameter> {
    return this.parameters()[Symbol.iterator]()
  }

  override toString(): string {
    const lines = this.parameters().map(
      ({ dtype, shape }, k) => `    (${k}): Parameter containing: [${dtype} of size ${shape.join('x')}]\n`,
    )
    return lines.length === 0 ? 'ParameterList()' : `ParameterList(\n${lines.join('')})`
  }
}

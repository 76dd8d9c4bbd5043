// Lists of modules and of parameters: what they hold is found by a model that holds them, which an array's contents are not.
import { requireTensor, wrongType } from '../arguments'
import { PythonTypeError, pythonType } from '../errors'
import type { Tensor } from '../tensor'
import { Module, Parameter, refuseForward } from './module'

function checked(holder: Module, module: Module): Module {
  if (module instanceof Module) return module
  throw new PythonTypeError(
    `${pythonType(module)} is not a Module subclass`,
    `${holder.constructor.name} holds modules, like new torch.nn.Linear(2, 3).`,
  )
}

/** Refuses what `for … of` cannot walk through. */
function requireIterable(holder: Module, values: unknown): void {
  if (typeof (values as Iterable<unknown> | null)?.[Symbol.iterator] === 'function') return
  const name = holder.constructor.name
  throw new PythonTypeError(`${name}.extend should be called with an iterable, but got ${pythonType(values)}`)
}

/** Holds modules, or parameters, and computes nothing. */
abstract class Container extends Module {
  forward(..._: Tensor[]): Tensor {
    refuseForward(this)
  }
}

/** Modules under the numbers 0, 1, …, which `for … of` walks through. */
abstract class Numbered extends Container {
  readonly [index: number]: Module

  /** How many there are: Python's `len`. */
  get length(): number {
    return this.entries().length
  }

  append(module: Module): this {
    return Object.assign(this, { [this.length]: checked(this, module) })
  }

  extend(modules: Iterable<Module>): this {
    requireIterable(this, modules)
    for (const module of modules) this.append(module)
    return this
  }

  *[Symbol.iterator](): Iterator<Module> {
    for (const [, module] of this.entries()) yield module
  }
}

/** Modules one after the other. */
export class Sequential extends Numbered {
  constructor(...modules: Module[]) {
    super()
    this.extend(modules)
  }

  override forward(input: Tensor): Tensor {
    let x = input
    for (const module of this) x = module.forward(x)
    return x
  }
}

/** Modules in a list, which `for … of` walks through: `list[0]`, `list.length`. */
export class ModuleList extends Numbered {
  constructor(modules: Iterable<Module> = []) {
    super()
    this.extend(modules)
  }

  /** Neighbours that print alike are printed once: `(0-2): 3 x ReLU()`. */
  override toString(): string {
    const runs: { from: number; to: number; text: string }[] = []
    ;[...this].forEach((child, k) => {
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
    return this.entries().find(([key]) => key === name)?.[1]
  }

  set(name: string, module: Module): this {
    return Object.assign(this, { [name]: checked(this, module) })
  }
}

/** Parameters in a list, which `for … of` walks through; plain tensors become parameters. */
export class ParameterList extends Container {
  readonly [index: number]: Parameter

  constructor(values: Iterable<Tensor> = []) {
    super()
    requireIterable(this, values)
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

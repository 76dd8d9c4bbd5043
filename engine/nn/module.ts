// torch.nn.Module and Parameter: models as trees of parts that own parameters.

import { requireTensor } from '../arguments'
import { no_grad } from '../autograd/mode'
import { PythonTypeError, RuntimeError } from '../errors'
import { formatSizes, sameSizes } from '../shape'
import { Tensor } from '../tensor'

/** A tensor that a {@link Module} owns and an optimizer moves: it requires grad from the start. Shares `data`'s storage. */
export class Parameter extends Tensor {
  constructor(data: Tensor, requires_grad = true) {
    requireTensor(data, 'Parameter', 'data')
    super(data.storage, data._layout, data.offset)
    this.requires_grad_(requires_grad)
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`
  }
}

/**
 * A part of a model. Subclass it, make {@link Parameter}s and other modules its properties, and write `forward`; call it
 * as `model.forward(x)`, because JavaScript's objects are not functions.
 */
export abstract class Module {
  /** Whether the model is being trained: dropout looks at it. */
  training = true
  private readonly bufferNames: string[] = []

  abstract forward(...inputs: Tensor[]): Tensor

  /** The modules that are properties of this one, with their names. */
  named_children(): [string, Module][] {
    return Object.entries(this).filter((entry): entry is [string, Module] => entry[1] instanceof Module)
  }

  children(): Module[] {
    return this.named_children().map(([, child]) => child)
  }

  /** This module and all below it. */
  modules(): Module[] {
    return [this, ...this.children().flatMap((child) => child.modules())]
  }

  /** Every parameter with its path, a module's own ones before those of its children: `0.weight`. */
  named_parameters(): [string, Parameter][] {
    const own = Object.entries(this).filter((entry): entry is [string, Parameter] => entry[1] instanceof Parameter)
    const below = this.named_children().flatMap(([name, child]) =>
      child.named_parameters().map(([path, parameter]): [string, Parameter] => [`${name}.${path}`, parameter]),
    )
    const seen = new Set<Parameter>()
    return [...own, ...below].filter(([, parameter]) => !seen.has(parameter) && seen.add(parameter))
  }

  parameters(): Parameter[] {
    return this.named_parameters().map(([, parameter]) => parameter)
  }

  /** A tensor that belongs to the model's state and is no parameter: optimizers leave it alone, {@link state_dict} has it. */
  register_buffer(name: string, tensor: Tensor): void {
    requireTensor(tensor, 'register_buffer', 'tensor')
    Object.assign(this, { [name]: tensor })
    this.bufferNames.push(name)
  }

  /** Every buffer with its path: `1.running_mean`. */
  named_buffers(): [string, Tensor][] {
    const own = this.bufferNames.map((name): [string, Tensor] => [name, this[name as keyof this] as Tensor])
    const below = this.named_children().flatMap(([name, child]) =>
      child.named_buffers().map(([path, buffer]): [string, Tensor] => [`${name}.${path}`, buffer]),
    )
    return [...own, ...below]
  }

  buffers(): Tensor[] {
    return this.named_buffers().map(([, buffer]) => buffer)
  }

  /** Forgets all gradients: they become null, or zeros in place if `set_to_none` is false. */
  zero_grad({ set_to_none = true }: { set_to_none?: boolean } = {}): void {
    for (const parameter of this.parameters()) {
      if (set_to_none) parameter._grad = null
      else parameter._grad?.detach_().zero_()
    }
  }

  train(mode = true): this {
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

  /** Copies values by their paths into the parameters and buffers. */
  load_state_dict(values: Record<string, Tensor>): void {
    for (const [name, tensor] of this.state()) {
      const value = values[name]
      if (value === undefined) throw new RuntimeError(`Missing key(s) in state_dict: "${name}".`)
      if (!(value instanceof Tensor)) throw new PythonTypeError(`expected "${name}" to be a Tensor`)
      if (!sameSizes(value.sizes, tensor.sizes)) {
        throw new RuntimeError(
          `size mismatch for ${name}: copying a param with shape torch.Size(${formatSizes(value.sizes)}) from checkpoint, the shape in current model is torch.Size(${formatSizes(tensor.sizes)}).`,
        )
      }
      no_grad(() => tensor.copy_(value))
    }
  }

  /** Parameters and buffers, module by module. */
  private state(): [string, Tensor][] {
    const isOwn = ([path]: [string, Tensor]) => !path.includes('.')
    const below = this.named_children().flatMap(([name, child]) =>
      child.state().map(([path, tensor]): [string, Tensor] => [`${name}.${path}`, tensor]),
    )
    return [...this.named_parameters().filter(isOwn), ...this.named_buffers().filter(isOwn), ...below]
  }

  /** What stands between the parentheses when the module is printed. */
  extra_repr(): string {
    return ''
  }

  toString(): string {
    const name = this.constructor.name
    const children = this.named_children()
    if (children.length === 0) return `${name}(${this.extra_repr()})`
    const lines = children.map(([key, child]) => `  (${key}): ${String(child).replaceAll('\n', '\n  ')}`)
    return `${name}(\n${lines.join('\n')}\n)`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

// What every optimizer is: parameters in groups, their settings, and what is remembered of each from step to step.
import { enable_grad, no_grad } from '../autograd/mode'
import { floatRepr, intRepr } from '../decimal'
import { KeyError, PythonTypeError, pythonType, ValueError } from '../errors'
import { Tensor } from '../tensor'
import { warn } from '../warnings'

/** Parameters that share settings. */
export type ParameterGroup<Options> = { params: Tensor[] } & Options

/** Tensors, or groups of them with settings of their own. */
export type Parameters<Options> = Iterable<Tensor> | Iterable<{ params: Iterable<Tensor> } & Partial<Options>>

type Group<Options> = { params: Iterable<Tensor> } & Partial<Options>

const DUPLICATES =
  'optimizer contains a parameter group with duplicate parameters; in future, this will cause an error; see github.com/pytorch/pytorch/issues/40967 for more information'

/** Updates parameters by their gradients: `zero_grad()`, a backward pass, `step()`. */
export abstract class Optimizer<Options extends object, State extends object> {
  readonly param_groups: ParameterGroup<Options>[] = []
  readonly state = new Map<Tensor, State>()
  /** What a group has that does not say otherwise. */
  readonly defaults: Options

  constructor(params: Parameters<Options>, defaults: Options) {
    if (params instanceof Tensor) {
      throw new PythonTypeError(
        `params argument given to the optimizer should be an iterable of Tensors or dicts, but got torch.${params.dtype.legacyName}Tensor`,
        'Give the optimizer a list, even of one tensor: [x].',
      )
    }
    if (
      typeof (params as { [Symbol.iterator]?: unknown } | null | undefined)?.[Symbol.iterator] !== 'function' ||
      typeof params === 'string'
    ) {
      throw new PythonTypeError(
        `params argument given to the optimizer should be an iterable of Tensors or dicts, but got ${pythonType(params)}`,
        'Give the optimizer the parameters in a list, or model.parameters().',
      )
    }
    const list = [...params] as (Tensor | Group<Options>)[]
    if (list.length === 0) throw new ValueError('optimizer got an empty parameter list')
    this.defaults = defaults
    const groups = isGroup(list[0])
      ? (list as Group<Options>[])
      : [{ params: list as Tensor[] } as unknown as Group<Options>]
    for (const group of groups) this.add_param_group(group)
  }

  /** Adds parameters with settings of their own; what is not given is as in the other groups. */
  add_param_group(group: { params: Tensor | Iterable<Tensor> } & Partial<Options>): void {
    if (!isGroup(group)) {
      const type = (group as unknown) instanceof Tensor ? 'torch.Tensor' : pythonType(group)
      throw new PythonTypeError(
        `param_group must be a dict, but got <class '${type}'>`,
        'Give the optimizer tensors, or groups like { params: [x], lr: 0.1 }, but not both.',
      )
    }
    if (group.params === undefined) throw new KeyError("'params'", 'A group is { params: [x, y], … }.')
    const tensors = group.params instanceof Tensor ? [group.params] : [...group.params]
    for (const t of tensors) checkParameter(t)
    if (new Set(tensors).size < tensors.length) warn(DUPLICATES)
    const known = new Set(this.param_groups.flatMap(({ params }) => params))
    if (tensors.some((t) => known.has(t))) {
      throw new ValueError('some parameters appear in more than one parameter group')
    }
    this.param_groups.push({ ...this.defaults, ...group, params: tensors })
  }

  /** Forgets all gradients: they become null, or zeros in place if `set_to_none` is false. */
  zero_grad({ set_to_none = true }: { set_to_none?: boolean } = {}): void {
    for (const { params } of this.param_groups) {
      for (const t of params) {
        if (t._grad === null) continue
        if (set_to_none) t._grad = null
        else if (t._grad._gradFn !== null) t._grad.detach_().zero_()
        else t._grad.requires_grad_(false).zero_()
      }
    }
  }

  /** Moves every parameter that has a gradient; a `closure` computes the gradients first, and its loss is the answer. */
  step(closure?: () => Tensor): Tensor | null {
    const loss = closure === undefined ? null : enable_grad(closure)
    no_grad(() => {
      for (const group of this.param_groups) {
        for (const t of group.params) if (t._grad !== null) this.update(t, t._grad, group)
      }
    })
    return loss
  }

  /** What PyTorch's optimizer has as well and means nothing here: how its loops are run. It prints them. */
  protected readonly unused: Record<string, unknown> = { differentiable: false, foreach: null, fused: null }

  /** One parameter's step. Nothing here is recorded. */
  protected abstract update(param: Tensor, grad: Tensor, options: Options): void

  /** Prints as PyTorch's optimizers do. */
  toString(): string {
    const groups = this.param_groups.map(({ params: _, ...options }, k) => {
      const settings = Object.entries({ ...this.unused, ...options }).sort(([a], [b]) => (a < b ? -1 : 1))
      return [`Parameter Group ${k}`, ...settings.map(([name, value]) => `    ${name}: ${shown(value)}`)].join('\n')
    })
    return `${this.constructor.name} (\n${groups.join('\n\n')}\n)`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

function isGroup(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && !(entry instanceof Tensor) && !Array.isArray(entry)
}

function checkParameter(t: unknown): void {
  if (!(t instanceof Tensor)) {
    throw new PythonTypeError(`optimizer can only optimize Tensors, but one of the params is ${pythonType(t)}`)
  }
  if (t._gradFn !== null && !t._retainsGrad) {
    throw new ValueError("can't optimize a non-leaf Tensor")
  }
}

/** As Python prints a setting. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map(shown).join(', ')})`
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return Number.isInteger(value) ? intRepr(value) : floatRepr(value)
  return value === null ? 'None' : String(value)
}

/** Refuses settings that make no sense, in PyTorch's words. */
export function requireAtLeastZero(name: string, value: number): void {
  if (!(value >= 0)) throw new ValueError(`Invalid ${name}: ${shown(value)}`)
}

// What every optimizer is: parameters in groups, their settings, and what is remembered of each from step to step.
import { no_grad } from '../autograd/mode'
import { PythonTypeError, pythonType, ValueError } from '../errors'
import { Tensor } from '../tensor'

/** Parameters that share settings. */
export type ParameterGroup<Options> = { params: Tensor[] } & Options

/** Tensors, or groups of them with settings of their own. */
export type Parameters<Options> = Iterable<Tensor> | Iterable<{ params: Iterable<Tensor> } & Partial<Options>>

/** Updates parameters by their gradients: `zero_grad()`, a backward pass, `step()`. */
export abstract class Optimizer<Options extends object, State extends object> {
  readonly param_groups: ParameterGroup<Options>[] = []
  readonly state = new Map<Tensor, State>()

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
    const list = [...params] as (Tensor | ({ params: Iterable<Tensor> } & Partial<Options>))[]
    if (list.length === 0) throw new ValueError('optimizer got an empty parameter list')
    const grouped = list.some((entry) => isGroup(entry))
    const groups = grouped
      ? (list as ({ params: Iterable<Tensor> } & Partial<Options>)[])
      : [{ params: list as Tensor[] }]
    for (const group of groups) {
      const tensors = [...group.params]
      for (const t of tensors) checkParameter(t)
      this.param_groups.push({ ...defaults, ...group, params: tensors })
    }
  }

  /** Forgets all gradients: they become null, or zeros in place if `set_to_none` is false. */
  zero_grad({ set_to_none = true }: { set_to_none?: boolean } = {}): void {
    for (const { params } of this.param_groups) {
      for (const t of params) {
        if (t._grad === null) continue
        if (set_to_none) t._grad = null
        else t._grad = t._grad.detach().zero_()
      }
    }
  }

  /** Moves every parameter that has a gradient. */
  step(): void {
    no_grad(() => {
      for (const group of this.param_groups) {
        for (const t of group.params) if (t._grad !== null) this.update(t, t._grad, group)
      }
    })
  }

  /** One parameter's step. Nothing here is recorded. */
  protected abstract update(param: Tensor, grad: Tensor, options: Options): void

  /** Prints as PyTorch's optimizers do. */
  toString(): string {
    const groups = this.param_groups.map(({ params: _, ...options }, k) => {
      const settings = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))
      return [`Parameter Group ${k}`, ...settings.map(([name, value]) => `    ${name}: ${shown(value)}`)].join('\n')
    })
    return `${this.constructor.name} (\n${groups.join('\n')}\n)`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

function isGroup(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && !(entry instanceof Tensor) && 'params' in entry
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
  if (Array.isArray(value)) return `(${value.join(', ')})`
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return value === null ? 'None' : String(value)
}

/** Refuses settings that make no sense, in PyTorch's words. */
export function requireAtLeastZero(name: string, value: number): void {
  if (!(value >= 0)) throw new ValueError(`Invalid ${name}: ${value}`)
}

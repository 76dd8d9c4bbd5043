// Replays a recorded program on the engine and reports where the engine differs from PyTorch.
import * as torch from '../index'
import { Missing, member, method } from './missing'
import { type Argument, type IndexItem, type Program, type Shows, type Step, toNumber } from './recording'
import { exact, gradientToleranceOf, plus, type Tolerance, toleranceOf, ulpDistance } from './tolerance'

type Tensor = torch.Tensor

export interface Verdict {
  /** Functions or methods that the engine has not; the program ends at the first. */
  missing: string | null
  /** Where the engine differs: the step, what it gave, what PyTorch gave. */
  differences: string[]
}

/** Runs all steps. After each, the engine's numbers are set to PyTorch's, so that every step is judged by itself alone. */
export function replay(program: Program): Verdict {
  const run = new Run()
  try {
    run.steps(program.steps)
  } catch (error) {
    if (!(error instanceof Missing)) throw error
    return { missing: error.missing, differences: run.differences }
  }
  return { missing: null, differences: run.differences }
}

class Run {
  readonly differences: string[] = []
  private readonly tensors = new Map<string, Tensor | null>()
  /** How far values may be off that come from all operations before: of one backward pass, and of gradients so far. */
  private values = exact
  private pass = exact
  private gradients = exact

  steps(steps: Step[]): void {
    for (const step of steps) {
      if (step.with === undefined) this.step(step)
      else this.block(step)
    }
  }

  private step(step: Step): void {
    const tolerance = this.toleranceOf(step)
    let result: unknown
    try {
      result = this.perform(step)
    } catch (error) {
      if (error instanceof Missing) throw error
      this.same(step, 'error', describeError(error), step.error && `${step.error.type}: ${step.error.message}`)
      return
    }
    if (step.error) this.same(step, 'no error', String(result), `${step.error.type}: ${step.error.message}`)
    else if (step.outs) this.bindAll(step, result, tolerance)
    else if (step.shows) this.bind(step, step.out ?? step.show!, result, step.shows, tolerance)
    else if ('returns' in step) this.same(step, 'returns', JSON.stringify(result ?? null), JSON.stringify(step.returns))
  }

  private toleranceOf(step: Step): Tolerance {
    if (step.show !== undefined) return this.values
    if (step.get === 'grad') return this.gradients
    const { call = '' } = step
    const tolerance = toleranceOf(call)
    this.values = plus(this.values, tolerance)
    this.pass = plus(this.pass, gradientToleranceOf(call))
    const isBackward = call === 'backward' || call === 'torch.autograd.grad'
    if (isBackward) this.gradients = plus(this.gradients, this.pass)
    // Where the pass itself is recorded, the graph grows by the derivatives of all that was in it.
    if (step.kwargs?.create_graph) this.pass = plus(this.pass, this.pass)
    return isBackward ? this.gradients : tolerance
  }

  private perform(step: Step): unknown {
    if (step.show !== undefined) return this.tensor(step.show)
    const tensor = step.on === undefined ? null : this.tensor(step.on)
    if (step.get !== undefined) return member(tensor, step.get)
    if (step.set !== undefined) {
      member(tensor, step.set)
      Object.assign(tensor!, { [step.set]: this.value(step.args![0]!) })
      return undefined
    }
    if (step.index !== undefined) return method(tensor, 'index')(step.index.map(indexItem))
    const args = (step.args ?? []).map((arg) => this.value(arg))
    if (step.kwargs) {
      args.push(Object.fromEntries(Object.entries(step.kwargs).map(([name, arg]) => [name, this.value(arg)])))
    }
    return tensor ? method(tensor, step.call!)(...args) : method(torch, step.call!.replace('torch.', ''))(...args)
  }

  private block(step: Step): void {
    const guard = method(torch, step.with!)(...(step.args ?? [])) as Disposable
    try {
      this.steps(step.steps!)
    } finally {
      guard[Symbol.dispose]()
    }
  }

  private tensor(name: string): Tensor {
    const tensor = this.tensors.get(name)
    if (!tensor) throw new Error(`the program has no tensor ${name}`)
    return tensor
  }

  private value(arg: Argument): unknown {
    if (arg === null || typeof arg !== 'object') return arg
    if (Array.isArray(arg)) return arg.map((item) => this.value(item))
    if ('ref' in arg) return this.tensor(arg.ref)
    if ('refs' in arg) return arg.refs.map((name) => this.tensor(name))
    return member(torch, arg.dtype)
  }

  private bindAll(step: Step, result: unknown, tolerance: Tolerance): void {
    const list = Array.isArray(result) ? result : [result]
    this.same(step, 'number of results', list.length, step.outs!.length)
    step.outs!.forEach((name, i) => {
      const shows = step.shows_all![i]!
      if (shows) this.bind(step, name, list[i], shows, tolerance)
      else {
        this.same(step, name, list[i], null)
        this.tensors.set(name, null)
      }
    })
  }

  private bind(step: Step, name: string, result: unknown, shows: Shows, tolerance: Tolerance): void {
    if (!(result instanceof torch.Tensor)) {
      this.same(step, name, String(result), shows.repr)
      throw new Missing(`a tensor from ${JSON.stringify(step.call)}`)
    }
    const known = this.tensors.get(name)
    if (known) this.same(step, `${name} is the same object`, known === result, true)
    this.tensors.set(name, result)
    this.compare(step, result, shows, tolerance)
  }

  private compare(step: Step, tensor: Tensor, shows: Shows, tolerance: Tolerance): void {
    this.same(step, 'shape', `[${tensor.shape.join()}]`, `[${shows.shape.join()}]`)
    this.same(step, 'dtype', tensor.dtype.name, shows.dtype)
    const places = elementPlaces(tensor)
    if (places.length !== shows.values.length) return
    const { data } = tensor.storage
    const values = shows.values.map(toNumber)
    const off = Math.max(0, ...places.map((place, i) => distance(data[place]!, values[i]!, shows.dtype, tolerance)))
    if (off > tolerance.ulps) {
      const ours = places.map((place) => data[place])
      this.same(step, `values (${off} ulps)`, ours.join(), values.join())
    }
    places.forEach((place, i) => {
      data[place] = values[i]!
    })
    this.same(step, 'repr', String(tensor), shows.repr)
    this.same(step, 'requires_grad', tensor.requires_grad, shows.requires_grad)
    this.same(step, 'is_leaf', tensor.is_leaf, shows.is_leaf)
    this.same(step, 'grad_fn', tensor.grad_fn?.name() ?? null, shows.grad_fn ?? null)
  }

  private same(step: Step, what: string, ours: unknown, theirs: unknown): void {
    if (Object.is(ours, theirs)) return
    const { shows, shows_all, returns, error, ...call } = step
    this.differences.push(`${JSON.stringify(call)}: ${what}\n  ours:    ${ours}\n  PyTorch: ${theirs}`)
  }
}

/** Where the elements of a tensor lie in its storage, in row-major order. */
function elementPlaces(tensor: Tensor): number[] {
  let places = [tensor.offset]
  tensor.sizes.forEach((size, dim) => {
    const stride = tensor.strides[dim]!
    places = places.flatMap((place) => Array.from({ length: size }, (_, i) => place + i * stride))
  })
  return places
}

/** How far two numbers lie apart in units in the last place; 0 within the absolute tolerance. */
function distance(ours: number, theirs: number, dtype: string, { absolute }: Tolerance): number {
  return Math.abs(ours - theirs) <= absolute && ours !== theirs ? 0 : ulpDistance(ours, theirs, dtype)
}

function indexItem(item: IndexItem): unknown {
  if (!Array.isArray(item)) return item
  const [start = null, stop = null, step = null] = item
  return torch.slice(start, stop, step)
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}

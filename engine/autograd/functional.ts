// torch.autograd.functional: Jacobians, Hessians and their products with vectors, of functions of tensors.
import { PythonTypeError, pythonType, RuntimeError } from '../errors'
import { stack } from '../ops/join'
import { formatSizes, numelOf, sameSizes } from '../shape'
import { Tensor } from '../tensor'
import { grad } from './backward'
import { tracked } from './graph'
import { enable_grad } from './mode'

type Several<T> = T | T[]
/** A function of one tensor, or of as many as there are inputs. */
export type TensorFunction = (...inputs: Tensor[]) => Several<Tensor>

/** What the functions of torch.autograd.functional accept. */
export interface FunctionalOptions {
  /** Record the computation, so that the result can be differentiated. */
  create_graph?: boolean
  /** Refuse outputs that do not depend on an input, instead of answering zeros. */
  strict?: boolean
}

function listOf(value: unknown, what: string, name: string): Tensor[] {
  const list = Array.isArray(value) ? value : [value]
  for (const t of list) {
    if (t instanceof Tensor) continue
    const given = what.startsWith('outputs') ? 'given outputs of the user-provided function' : 'given inputs'
    throw new PythonTypeError(
      `The ${what} given to ${name} must be either a Tensor or a tuple of Tensors but the ${given} has type <class '${pythonType(t)}'>.`,
    )
  }
  return list as Tensor[]
}

/** Copies of the inputs that are tracked; with create_graph they stay tied to the originals. */
function trackedInputs(inputs: Several<Tensor>, name: string, createGraph: boolean): Tensor[] {
  return listOf(inputs, 'inputs', name).map((t) =>
    createGraph && tracked(t) ? t.view_as(t) : t.detach().requires_grad_(true),
  )
}

function outputsOf(func: TensorFunction, inputs: Tensor[], name: string): { outputs: Tensor[]; single: boolean } {
  const result = func(...inputs)
  return { outputs: listOf(result, 'outputs of the user-provided function', name), single: !Array.isArray(result) }
}

/** Gradients with zeros where there is no dependence. */
function gradients(
  outputs: Tensor[],
  inputs: Tensor[],
  seeds: Tensor[] | null,
  createGraph: boolean,
  strict = false,
): Tensor[] {
  const roots = outputs.filter(tracked)
  if (roots.length === 0) {
    if (strict) {
      throw new RuntimeError(
        'Output 0 of the user-provided function does not require gradients. The outputs must be computed in a differentiable manner from the input when running in strict mode.',
      )
    }
    return inputs.map((t) => t.new_zeros(t.sizes))
  }
  const found = grad(roots, inputs, {
    grad_outputs: seeds?.filter((_, k) => tracked(outputs[k]!)) ?? null,
    create_graph: createGraph,
    retain_graph: true,
    allow_unused: true,
  })
  return found.map((g, k) => {
    if (g !== null) return g
    if (strict) {
      throw new RuntimeError(
        `Output 0 of the user-provided function is independent of input ${k}. This is not allowed in strict mode.`,
      )
    }
    return inputs[k]!.new_zeros(inputs[k]!.sizes)
  })
}

function released(t: Tensor, createGraph: boolean): Tensor {
  return createGraph ? t : t.detach()
}

/** One like `t` that is 1 at element `i` and 0 elsewhere. */
function unit(t: Tensor, i: number): Tensor {
  const e = t.new_zeros(t.sizes)
  e.storage.data[i] = 1
  return e
}

/**
 * The Jacobian: for each output and input, a tensor of the output's shape followed by the input's, of all partial
 * derivatives. One row for each element of an output, by one backward pass each.
 * @shape inputs → the shape of the output, then of the input
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.jacobian.html
 */
export function jacobian(func: (x: Tensor) => Tensor, inputs: Tensor, options?: FunctionalOptions): Tensor
export function jacobian(
  func: TensorFunction,
  inputs: Tensor | Tensor[],
  options?: FunctionalOptions,
): Several<Tensor>[]
export function jacobian(
  func: TensorFunction,
  inputs: Tensor | Tensor[],
  { create_graph = false, strict = false }: FunctionalOptions = {},
): unknown {
  return enable_grad(() => {
    const xs = trackedInputs(inputs, 'jacobian', create_graph)
    const { outputs, single } = outputsOf(func, xs, 'jacobian')
    const blocks = outputs.map((output) => {
      const rows = Array.from({ length: numelOf(output.sizes) }, (_, i) =>
        gradients([output], xs, [unit(output, i)], create_graph, strict),
      )
      return xs.map((x, k) => {
        const sizes = [...output.sizes, ...x.sizes]
        if (rows.length === 0) return x.new_zeros(sizes)
        return released(stack(rows.map((row) => row[k]!)).view(sizes), create_graph)
      })
    })
    const perOutput = blocks.map((row) => (Array.isArray(inputs) ? row : row[0]!))
    return single ? perOutput[0]! : perOutput
  })
}

function scalarOutput(func: TensorFunction, name: string): (...inputs: Tensor[]) => Tensor {
  return (...inputs) => {
    const { outputs, single } = outputsOf(func, inputs, name)
    if (!single) throw new RuntimeError(`The function given to ${name} should return a single Tensor`)
    const output = outputs[0]!
    if (numelOf(output.sizes) !== 1) {
      throw new RuntimeError(`The Tensor returned by the function given to ${name} should contain a single element`)
    }
    return output.sizes.length === 0 ? output : output.squeeze()
  }
}

/**
 * The Hessian of a function with one number as its result: the Jacobian of its gradient.
 * @shape inputs → the shape of the input twice
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.functional.hessian.html
 */
export function hessian(func: (x: Tensor) => Tensor, inputs: Tensor, options?: FunctionalOptions): Tensor
export function hessian(func: TensorFunction, inputs: Tensor[], options?: FunctionalOptions): Tensor[][]
export function hessian(func: TensorFunction, inputs: Tensor | Tensor[], options: FunctionalOptions = {}): unknown {
  listOf(inputs, 'inputs', 'hessian')
  const scalar = scalarOutput(func, 'hessian')
  const gradient = (...xs: Tensor[]) => {
    const tracking = xs.map((x) => (tracked(x) ? x : x.requires_grad_(true)))
    const found = gradients([scalar(...tracking)], tracking, null, true, options.strict)
    if (options.strict) found.forEach(requireCurved)
    return Array.isArray(inputs) ? found : found[0]!
  }
  return jacobian(gradient, inputs as Tensor[], options)
}

function requireCurved(gradient: Tensor, k: number): void {
  if (tracked(gradient)) return
  throw new RuntimeError(
    `While computing the hessian, found that the jacobian of the user-provided function with respect to input ${k} is independent of the input. This is not allowed in strict mode. You should ensure that your function is twice differentiable and that the jacobian depends on the inputs (this would be violated by a linear function for example).`,
  )
}

function checkedVector(v: Several<Tensor> | undefined, like: Tensor[], complaint: string, name: string): Tensor[] {
  if (v === undefined) {
    if (like.length !== 1 || numelOf(like[0]!.sizes) !== 1) throw new RuntimeError(complaint)
    return like.map((t) => t.new_ones(t.sizes))
  }
  const vectors = listOf(v, 'v', name)
  if (vectors.length !== like.length) {
    throw new RuntimeError(`v is a tuple of invalid length: should be ${like.length} but got ${vectors.length}.`)
  }
  vectors.forEach((vector, k) => {
    if (!sameSizes(vector.sizes, like[k]!.sizes)) {
      const prefix = like.length > 1 ? `Entry ${k} in ` : ''
      throw new RuntimeError(
        `${prefix}v has invalid size: should be torch.Size(${formatSizes(like[k]!.sizes)}) but got torch.Size(${formatSizes(vector.sizes)}).`,
      )
    }
  })
  return vectors
}

const NO_OUTPUT_VECTOR =
  'The vector v can only be None if the user-provided function returns a single Tensor with a single element.'
const NO_INPUT_VECTOR =
  'The vector v can only be None if the input to the user-provided function is a single Tensor with a single element.'

/** Results shaped like what the caller gave: one tensor for one, a list for a list. */
function alike(list: Tensor[], several: boolean, createGraph: boolean): Several<Tensor> {
  const results = list.map((t) => released(t, createGraph))
  return several ? results : results[0]!
}

type Pair = [outputs: Tensor, product: Tensor]

/**
 * `[func(inputs), vᵀ J]`: the product of a vector, shaped like the output, with the Jacobian. One backward pass.
 * @shape inputs, v like the output → the output, and the shape of the input
 */
export function vjp(func: (x: Tensor) => Tensor, inputs: Tensor, v?: Tensor, options?: FunctionalOptions): Pair
export function vjp(
  func: TensorFunction,
  inputs: Several<Tensor>,
  v?: Several<Tensor>,
  options?: FunctionalOptions,
): [Several<Tensor>, Several<Tensor>]
export function vjp(
  func: TensorFunction,
  inputs: Several<Tensor>,
  v?: Several<Tensor>,
  { create_graph = false, strict = false }: FunctionalOptions = {},
): [Several<Tensor>, Several<Tensor>] {
  return enable_grad(() => {
    const xs = trackedInputs(inputs, 'vjp', create_graph)
    const { outputs, single } = outputsOf(func, xs, 'vjp')
    const product = gradients(outputs, xs, checkedVector(v, outputs, NO_OUTPUT_VECTOR, 'vjp'), create_graph, strict)
    return [alike(outputs, !single, create_graph), alike(product, Array.isArray(inputs), create_graph)]
  })
}

/**
 * `[func(inputs), J v]`: the product of the Jacobian with a vector shaped like the input. By two backward passes: `vᵀ J`
 * is linear in the other vector, and its derivative with respect to that one is J.
 * @shape inputs, v like the input → the output, and the shape of the output
 */
export function jvp(func: (x: Tensor) => Tensor, inputs: Tensor, v?: Tensor, options?: FunctionalOptions): Pair
export function jvp(
  func: TensorFunction,
  inputs: Several<Tensor>,
  v?: Several<Tensor>,
  options?: FunctionalOptions,
): [Several<Tensor>, Several<Tensor>]
export function jvp(
  func: TensorFunction,
  inputs: Several<Tensor>,
  v?: Several<Tensor>,
  { create_graph = false, strict = false }: FunctionalOptions = {},
): [Several<Tensor>, Several<Tensor>] {
  return enable_grad(() => {
    const xs = trackedInputs(inputs, 'jvp', create_graph)
    const direction = checkedVector(v, xs, NO_INPUT_VECTOR, 'jvp')
    const { outputs, single } = outputsOf(func, xs, 'jvp')
    const seeds = outputs.map((t) => t.new_zeros(t.sizes).requires_grad_(true))
    const back = gradients(outputs, xs, seeds, true, strict)
    const product = gradients(back, seeds, direction, create_graph, strict)
    return [alike(outputs, !single, create_graph), alike(product, !single, create_graph)]
  })
}

/**
 * `[func(inputs), vᵀ H]`: the product of a vector with the Hessian of a function with one number as its result.
 * @shape inputs, v like the input → the output, and the shape of the input
 */
export function vhp(func: (x: Tensor) => Tensor, inputs: Tensor, v?: Tensor, options?: FunctionalOptions): Pair
export function vhp(
  func: TensorFunction,
  inputs: Several<Tensor>,
  v?: Several<Tensor>,
  options?: FunctionalOptions,
): [Tensor, Several<Tensor>]
export function vhp(
  func: TensorFunction,
  inputs: Several<Tensor>,
  v?: Several<Tensor>,
  { create_graph = false, strict = false }: FunctionalOptions = {},
): [Several<Tensor>, Several<Tensor>] {
  return enable_grad(() => {
    const xs = trackedInputs(inputs, 'vhp', create_graph)
    const vectors = checkedVector(v, xs, NO_INPUT_VECTOR, 'vhp')
    const output = scalarOutput(func, 'vhp')(...xs)
    const slope = gradients([output], xs, null, true, strict)
    const product = gradients(slope, xs, vectors, create_graph, strict)
    return [released(output, create_graph), alike(product, Array.isArray(inputs), create_graph)]
  })
}

/**
 * `[func(inputs), H v]`. The Hessian is symmetric: this is {@link vhp} unless the function is very odd.
 * @shape inputs, v like the input → the output, and the shape of the input
 */
export function hvp(func: (x: Tensor) => Tensor, inputs: Tensor, v?: Tensor, options?: FunctionalOptions): Pair
export function hvp(
  func: TensorFunction,
  inputs: Several<Tensor>,
  v?: Several<Tensor>,
  options?: FunctionalOptions,
): [Tensor, Several<Tensor>]
export function hvp(
  func: TensorFunction,
  inputs: Several<Tensor>,
  v?: Several<Tensor>,
  { create_graph = false, strict = false }: FunctionalOptions = {},
): [Several<Tensor>, Several<Tensor>] {
  return enable_grad(() => {
    const xs = trackedInputs(inputs, 'hvp', create_graph)
    const direction = checkedVector(v, xs, NO_INPUT_VECTOR, 'hvp')
    const output = scalarOutput(func, 'hvp')(...xs)
    const slope = gradients([output], xs, null, true, strict)
    const seeds = xs.map((t) => t.new_zeros(t.sizes).requires_grad_(true))
    const back = gradients(slope, xs, seeds, true, strict)
    const product = gradients(back, seeds, direction, create_graph, strict)
    return [released(output, create_graph), alike(product, Array.isArray(inputs), create_graph)]
  })
}

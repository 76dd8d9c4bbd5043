// torch.autograd.gradcheck: derivatives compared with differences of the function's own values.
import { float64 } from '../dtype'
import { RuntimeError, ValueError } from '../errors'
import { gather } from '../kernels/map'
import { contiguousStrides, layoutOf, numelOf } from '../shape'
import { Tensor } from '../tensor'
import { warn } from '../warnings'
import { grad } from './backward'
import { tracked } from './graph'

/** A derivative that is not what the function's values say. */
export class GradcheckError extends RuntimeError {
  override readonly name: string = 'GradcheckError'
}

export interface GradcheckOptions {
  /** How far inputs are moved to either side. */
  eps?: number
  atol?: number
  rtol?: number
  /** Throw where a derivative is wrong (the default), or answer false. */
  raise_exception?: boolean
}

type Checked = (...inputs: Tensor[]) => Tensor | Tensor[]

function outputsOf(func: Checked, inputs: Tensor[]): Tensor[] {
  const result = func(...inputs)
  return (Array.isArray(result) ? result : [result]).filter((t) => t instanceof Tensor && t.dtype.is_floating_point)
}

/** ∂output_j/∂input_i by (f(x + eps) - f(x - eps)) / 2 eps, as a matrix of input elements by output elements. */
function numericalJacobian(func: Checked, inputs: Tensor[], input: Tensor, k: number, eps: number): Tensor {
  const { data } = input.storage
  const columns = Array.from({ length: numelOf(input.sizes) }, (_, i) => {
    const old = data[i]!
    data[i] = old + eps
    const above = gather(outputsOf(func, inputs)[k]!)
    data[i] = old - eps
    const below = gather(outputsOf(func, inputs)[k]!)
    data[i] = old
    return Array.from(above, (value, j) => (value - below[j]!) / (2 * eps))
  })
  const m = columns[0]?.length ?? 0
  const matrix = Tensor.zeros([columns.length, m], input.dtype)
  columns.forEach((column, i) => {
    matrix.storage.data.set(column, i * m)
  })
  return matrix
}

/** The same by one backward pass for each output element. */
function analyticalJacobian(output: Tensor, input: Tensor): Tensor {
  const [n, m] = [numelOf(input.sizes), numelOf(output.sizes)]
  const matrix = Tensor.zeros([n, m], input.dtype)
  for (let j = 0; j < m; j++) {
    const seed = output.new_zeros(output.sizes)
    seed.storage.data[j] = 1
    const [column] = tracked(output)
      ? grad(output, input, { grad_outputs: seed, retain_graph: true, allow_unused: true })
      : [null]
    if (column)
      gather(column).forEach((value, i) => {
        matrix.storage.data[i * m + j] = value
      })
  }
  return matrix
}

const NOT_DOUBLE = (k: number) =>
  `Input #${k} requires gradient and is not a double precision floating point or complex. This check will likely fail if all the inputs are not of double precision floating point or complex. `

/**
 * Checks the gradients of `func` at `inputs` against finite differences; true, or an error that shows both Jacobians.
 * Use float64 inputs that require grad.
 * @shape inputs of any shape
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html
 */
export function gradcheck(func: Checked, inputs: Tensor | readonly Tensor[], options: GradcheckOptions = {}): boolean {
  const { eps = 1e-6, atol = 1e-5, rtol = 1e-3, raise_exception = true } = options
  try {
    return check(func, Array.isArray(inputs) ? inputs : [inputs as Tensor], eps, atol, rtol)
  } catch (error) {
    if (!raise_exception && error instanceof GradcheckError) return false
    throw error
  }
}

function check(func: Checked, inputs: Tensor[], eps: number, atol: number, rtol: number): boolean {
  const wanted = inputs.filter((t) => t instanceof Tensor && tracked(t))
  if (wanted.length === 0) {
    throw new ValueError(
      'gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True.',
    )
  }
  inputs.forEach((t, k) => {
    if (wanted.includes(t) && t.dtype !== float64) warn(NOT_DOUBLE(k))
  })
  // Copies that lie row by row, so that moving element i is moving data[i].
  const points = inputs.map((t) => (wanted.includes(t) ? pointOf(t) : t))
  const outputs = outputsOf(func, points)
  if (!outputs.some(tracked)) return checkConstant(func, points, outputs, wanted, eps)
  outputs.forEach((output, j) => {
    points.forEach((point, i) => {
      if (!wanted.includes(inputs[i]!)) return
      const numerical = numericalJacobian(func, points, point, j, eps)
      const analytical = analyticalJacobian(output, point)
      if (analytical.isclose(numerical, { rtol, atol }).all().item()) return
      throw new GradcheckError(
        `Jacobian mismatch for output ${j} with respect to input ${i},\nnumerical:${numerical}\nanalytical:${analytical}\n`,
        'Row i, column j says how output element j changes with input element i: the first matrix was measured, the second is what backward answered.',
      )
    })
  })
  return true
}

function pointOf(t: Tensor): Tensor {
  return new Tensor(
    Tensor.own(gather(t), t.sizes, t.dtype).storage,
    layoutOf(t.sizes, contiguousStrides(t.sizes), t.dtype),
    0,
  ).requires_grad_()
}

function checkConstant(func: Checked, points: Tensor[], outputs: Tensor[], wanted: Tensor[], eps: number): boolean {
  outputs.forEach((_, j) => {
    for (const point of points) {
      if (!point._requiresGrad || wanted.length === 0) continue
      const numerical = numericalJacobian(func, points, point, j, eps)
      if (numerical.ne(0).any().item()) {
        throw new GradcheckError('Numerical gradient for function expected to be zero')
      }
    }
  })
  return true
}

/**
 * {@link gradcheck} of the gradients themselves: second derivatives against differences of first ones, at random weights
 * of the outputs.
 * @shape inputs of any shape
 */
export function gradgradcheck(
  func: Checked,
  inputs: Tensor | readonly Tensor[],
  grad_outputs?: Tensor | readonly Tensor[] | null,
  options: GradcheckOptions = {},
): boolean {
  const given = (Array.isArray(inputs) ? inputs : [inputs]) as Tensor[]
  const outputs = outputsOf(func, given)
  const weights = grad_outputs
    ? ((Array.isArray(grad_outputs) ? grad_outputs : [grad_outputs]) as Tensor[])
    : outputs.map((t, k) => weightsLike(t, k))
  const count = given.length
  const gradients = (...both: Tensor[]) => {
    const xs = both.slice(0, count)
    const targets = xs.filter(tracked)
    const roots = outputsOf(func, xs)
    const seeds = both.slice(count)
    const live = roots.map((root, k) => ({ root, seed: seeds[k]! })).filter(({ root }) => tracked(root))
    return grad(
      live.map(({ root }) => root),
      targets,
      {
        grad_outputs: live.map(({ seed }) => seed),
        create_graph: true,
        allow_unused: true,
      },
    ).map((g, k) => g ?? targets[k]!.new_zeros(targets[k]!.sizes))
  }
  return gradcheck(gradients, [...given, ...weights], options)
}

/** Weights of no particular pattern: random numbers here would change what the user's own draws give. */
function weightsLike(t: Tensor, k: number): Tensor {
  const weights = t.new_zeros(t.sizes)
  for (let i = 0; i < weights.storage.data.length; i++) weights.storage.data[i] = Math.sin(1.7 * i + k + 0.6)
  return weights.requires_grad_()
}

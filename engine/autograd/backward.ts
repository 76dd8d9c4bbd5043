// What starts a sweep: y.backward(), torch.autograd.backward, torch.autograd.grad.
import { requireKeywords, requireTensor } from '../arguments'
import { PythonTypeError, pythonType, RuntimeError, ValueError } from '../errors'
import { stack } from '../ops/join'
import { formatSizes, numelOf, sameSizes } from '../shape'
import { Tensor } from '../tensor'
import { CREATE_GRAPH, warn } from '../warnings'
import { edgeOf, tracked } from './graph'
import { type Edge, sweep } from './sweep'

/** The keywords of `backward`. */
export interface BackwardOptions {
  gradient?: Tensor | null
  /** Keep what the graph saved, to run backward on it again. Default: `create_graph`. */
  retain_graph?: boolean
  /** Record the backward pass itself, so that gradients can be differentiated again. */
  create_graph?: boolean
  /** Accumulate into these tensors only, instead of into all leaves. */
  inputs?: Tensor | readonly Tensor[]
}

const NOT_RECORDED = 'does not require grad and does not have a grad_fn'

function isOptions(value: unknown): value is BackwardOptions {
  return typeof value === 'object' && value !== null && !(value instanceof Tensor) && !Array.isArray(value)
}

/**
 * Computes the gradients of this tensor and adds them to `.grad` of the leaves it was computed from. A tensor of more than
 * one element needs `gradient`, the weights (one for each element) with which the rows of the Jacobian are summed.
 * @shape A, A → nothing
 * @see https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html
 */
export function backward(self: Tensor, gradient?: Tensor | null | BackwardOptions, options?: BackwardOptions): void {
  const given = isOptions(gradient) ? gradient : (options ?? DEFAULTS)
  if (given !== DEFAULTS) requireKeywords(given, BACKWARD_KEYWORDS, 'backward')
  const seed = isOptions(gradient) ? gradient.gradient : (gradient ?? given.gradient)
  if (typeof seed === 'number') throw new PythonTypeError("'float' object is not iterable", NOT_A_TENSOR)
  runBackward([self], seed === undefined || seed === null ? null : listOf(seed), given)
}

const DEFAULTS: BackwardOptions = {}
const GRAD_KEYWORDS = [
  'grad_outputs',
  'retain_graph',
  'create_graph',
  'allow_unused',
  'is_grads_batched',
  'materialize_grads',
]
const BACKWARD_KEYWORDS = ['gradient', 'retain_graph', 'create_graph', 'inputs']

const OPTIONS_IN_BRACES =
  'Python writes retain_graph=True, TypeScript { retain_graph: true }: y.backward({ retain_graph: true }), torch.autograd.grad(y, x, { create_graph: true }).'

const NOT_A_TENSOR = 'The gradient given to backward is a tensor: y.backward(torch.tensor([1, 1, 1])).'

/**
 * {@link Tensor.backward} of several tensors at once.
 * @shape outputs and gradients of their shapes → nothing
 */
export function backwardAll(
  tensors: Tensor | readonly Tensor[],
  grad_tensors?: Tensor | readonly (Tensor | null)[] | null,
  options: Omit<BackwardOptions, 'gradient'> = {},
): void {
  for (const t of listOf(tensors)) requireTensor(t, 'backward', 'tensors')
  requireKeywords(options, BACKWARD_KEYWORDS, 'backward')
  runBackward(listOf(tensors), grad_tensors ? listOf(grad_tensors) : null, options)
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T]
}

function runBackward(
  tensors: readonly Tensor[],
  gradients: readonly (Tensor | null)[] | null,
  { retain_graph, create_graph = false, inputs }: Omit<BackwardOptions, 'gradient'>,
): void {
  const grads = seeds(tensors, gradients, create_graph)
  const roots = rootEdges(tensors)
  if (create_graph) warn(CREATE_GRAPH)
  const keepGraph = retain_graph ?? create_graph
  if (inputs === undefined) {
    sweep(roots, grads, { keepGraph, createGraph: create_graph }, gradients === null)
    return
  }
  const wanted = listOf(inputs)
  if (wanted.length === 0) throw new RuntimeError('`inputs` argument to `backward()` cannot be empty.')
  if (!wanted.every(tracked)) throw new RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
  const targets = wanted.map(targetEdge)
  const runs = new Set(targets.filter((_, k) => wanted[k]!._gradFn === null).map((target) => target.node))
  sweep(roots, grads, {
    keepGraph,
    createGraph: create_graph,
    targets,
    runs,
    caught: (k, grad) => {
      const input = wanted[k]!
      if (input._gradFn !== null) input._grad = input._grad === null ? grad.clone() : input._grad.add(grad)
    },
  })
}

/** A gradient for each root: what was given, checked, or the 1 of a scalar. */
function seeds(tensors: readonly Tensor[], given: readonly (Tensor | null)[] | null, createGraph: boolean): Tensor[] {
  const grads = tensors.map((t, k) => {
    const grad = given?.[k] ?? null
    if (grad === null) return k < (given?.length ?? k + 1) ? implicitSeed(t, k) : t
    if (!(grad instanceof Tensor)) {
      const type = typeof grad === 'number' ? 'float' : pythonType(grad)
      throw new PythonTypeError(
        `gradients can be either Tensors or None, but got ${type}`,
        typeof grad === 'boolean' ? OPTIONS_IN_BRACES : NOT_A_TENSOR,
      )
    }
    if (!sameSizes(grad.sizes, t.sizes)) {
      throw new RuntimeError(
        `Mismatch in shape: grad_output[${k}] has a shape of torch.Size(${formatSizes(grad.sizes)}) and output[${k}] has a shape of torch.Size(${formatSizes(t.sizes)}).`,
        'The gradient given to backward has one weight for each element of the tensor, so it must have the same shape.',
      )
    }
    return createGraph ? grad.to(t.dtype) : grad.detach().to(t.dtype)
  })
  if (given !== null && given.length !== tensors.length) {
    throw new RuntimeError(`got ${tensors.length} tensors and ${given.length} gradients`)
  }
  return grads
}

function implicitSeed(t: Tensor, k: number): Tensor {
  if (edgeOf(t) === null) throw notRecorded(k)
  if (numelOf(t.sizes) !== 1) {
    throw new RuntimeError(
      'grad can be implicitly created only for scalar outputs',
      `This tensor has ${numelOf(t.sizes)} elements, and only a single number has a gradient of its own. Reduce it first (y.sum().backward()), or give the weights: y.backward(torch.ones_like(y)).`,
    )
  }
  if (t.sizes.length === 0) return Tensor.scalar(1, t.dtype)
  const one = Tensor.zeros(t.sizes, t.dtype)
  one.storage.data[one.offset] = 1
  return one
}

function notRecorded(k: number): RuntimeError {
  return new RuntimeError(
    `element ${k} of tensors ${NOT_RECORDED}`,
    'Nothing was recorded on the way to this tensor: did an input miss requires_grad, or was it computed under no_grad or from a detach()?',
  )
}

function rootEdges(tensors: readonly Tensor[]): Edge[] {
  return tensors.map((t, k) => {
    const node = edgeOf(t)
    if (node === null) throw notRecorded(k)
    return { node, nr: t._outputNr }
  })
}

function targetEdge(t: Tensor): Edge {
  const node = edgeOf(t)
  if (node === null) throw new RuntimeError('One of the differentiated Tensors does not require grad')
  return { node, nr: t._outputNr }
}

/** The keywords of `autograd.grad`. */
export interface GradOptions {
  grad_outputs?: Tensor | readonly (Tensor | null)[] | null
  retain_graph?: boolean
  create_graph?: boolean
  /** Answer null, instead of an error, for an input that the outputs do not depend on. */
  allow_unused?: boolean
  /** Answer zeros for such an input. */
  materialize_grads?: boolean
  /** `grad_outputs` have one dimension more in front: one backward pass for each, the results stacked. */
  is_grads_batched?: boolean
}

/**
 * The gradients of `outputs` with respect to each of `inputs`, returned instead of being added to `.grad`.
 * @shape outputs, inputs → the shapes of inputs
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad.html
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions & { allow_unused: true },
): (Tensor | null)[]
export function grad(outputs: Tensor | readonly Tensor[], inputs: Tensor, options?: GradOptions): [Tensor]
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options?: GradOptions,
): Tensor[]
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): (Tensor | null)[] {
  if (typeof options === 'boolean') throw new PythonTypeError("'bool' object is not iterable", OPTIONS_IN_BRACES)
  requireKeywords(options, GRAD_KEYWORDS, 'grad')
  if (options.is_grads_batched) return batchedGrad(outputs, inputs, options)
  const { create_graph = false, retain_graph = create_graph, materialize_grads = false } = options
  if (materialize_grads && options.allow_unused === false) {
    throw new ValueError(
      'Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.',
    )
  }
  const tensors = listOf(outputs)
  const wanted = listOf(inputs)
  if (wanted.length === 0) throw new RuntimeError('`inputs` argument to `grad()` cannot be empty.')
  for (const t of tensors) requireTensor(t, 'grad', 'outputs')
  for (const t of wanted) requireTensor(t, 'grad', 'inputs')
  const given = options.grad_outputs ? listOf(options.grad_outputs) : null
  const grads = seeds(tensors, given, create_graph)
  const found = wanted.map<Tensor | null>(() => null)
  const roots = rootEdges(tensors)
  sweep(roots, grads, {
    keepGraph: retain_graph,
    createGraph: create_graph,
    targets: wanted.map(targetEdge),
    caught: (k, g) => {
      found[k] = g
    },
  })
  return found.map((g, k) => {
    if (g !== null) return g
    if (materialize_grads) return wanted[k]!.new_zeros(wanted[k]!.sizes)
    if (options.allow_unused) return null
    throw new RuntimeError(
      `The differentiated Tensor at index ${k} appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.`,
    )
  })
}

function batchedGrad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions,
): (Tensor | null)[] {
  const batches = listOf(options.grad_outputs ?? []) as Tensor[]
  const rounds = Array.from({ length: batches[0]?.sizes[0] ?? 0 }, (_, i) =>
    grad(outputs, inputs, {
      ...options,
      is_grads_batched: false,
      retain_graph: true,
      grad_outputs: batches.map((batch) => batch.select(0, i)),
    }),
  )
  return listOf(inputs).map((_, k) => stack(rounds.map((round) => round[k]!)))
}

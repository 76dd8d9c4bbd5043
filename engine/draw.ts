// torch.draw: the recorded graph as data, and as DOT for Graphviz. What torchviz is for Python.
import { requireKeywords } from './arguments'
import { AccumulateGrad } from './autograd/accumulate'
import { gradFnOf, joining, tracked } from './autograd/graph'
import type { Node, OutputSpec } from './autograd/node'
import { PythonTypeError } from './errors'
import { rowMajor } from './kernels/map'
import { formatTensor } from './print'
import { numelOf } from './shape'
import { Tensor } from './tensor'

/** A number as JSON can carry it. */
export type DrawnValue = number | boolean | 'nan' | 'inf' | '-inf'

/** The elements of a tensor. */
export interface DrawnElements {
  /** Row by row; null if there are more than 1,000, of which `text` shows the corners. */
  values: DrawnValue[] | null
  /** As PyTorch prints them: `tensor([1., 2.])`. */
  text: string
}

/** A tensor in a drawing. */
export interface DrawnTensor {
  id: string
  kind: 'tensor'
  /** A `root` is what was drawn, a `leaf` is where gradients end. */
  role: 'leaf' | 'intermediate' | 'root'
  /** The name it was given in `params`. */
  name: string | null
  shape: number[]
  dtype: string
  requires_grad: boolean
  /** Which output of its function it is; 0 for a leaf. */
  output: number
  /** Null where nobody holds the tensor any more. */
  value: DrawnElements | null
  /** The gradient that the tensor holds; in a watched graph also the one that last arrived at an intermediate. */
  grad: DrawnElements | null
}

/** A recorded operation in a drawing. */
export interface DrawnFunction {
  id: string
  kind: 'function'
  /** `MulBackward0`. */
  name: string
}

/** From an input to the function, or from the function to an output; `index` is which one. */
export interface DrawnEdge {
  from: string
  to: string
  index: number
}

/** What can be said when drawing. */
export interface DrawOptions {
  /** Names for tensors, leaves or not: `{ params: { x, w } }`. */
  params?: Readonly<Record<string, Tensor>>
}

/** The elements of an intermediate tensor when it was computed, and its gradient when that last arrived. */
interface Sight {
  value: DrawnElements | null
  grad: DrawnElements | null
}

type Sights = Map<Node, Sight[]>

/** A recorded graph. `JSON.stringify` gives its nodes and edges, `dot()` a drawing. */
export class Drawing {
  constructor(
    /** In the order in which the operations ran: what a node is computed from stands before it. */
    readonly nodes: readonly (DrawnTensor | DrawnFunction)[],
    readonly edges: readonly DrawnEdge[],
  ) {}

  /**
   * The graph in the DOT language, laid out as torchviz does: boxes for functions, ellipses for tensors, a double line
   * around the result. Of the intermediate tensors only those with a name are drawn.
   */
  dot(): string {
    const isDrawn = new Set<string>()
    const lines: string[] = []
    for (const node of this.nodes) {
      if (node.kind === 'tensor' && node.role === 'intermediate' && node.name === null) continue
      isDrawn.add(node.id)
      if (node.kind === 'function') lines.push(`${node.id} [label=${quoted(node.name)}]`)
      else {
        const label = [node.name, `(${node.shape.join(', ')})`].filter((line) => line !== null).join('\n')
        lines.push(`${node.id} [label=${quoted(label)}, shape=ellipse${node.role === 'root' ? ', peripheries=2' : ''}]`)
      }
    }
    const maker = new Map(this.edges.filter(({ to }) => to.startsWith('t')).map(({ from, to }) => [to, from]))
    const leaves = new Set<string>()
    for (const { from, to } of this.edges) {
      if (!isDrawn.has(to)) continue
      if (!from.startsWith('t') || maker.has(from)) lines.push(`${isDrawn.has(from) ? from : maker.get(from)} -> ${to}`)
      else {
        // As in PyTorch's own graph, gradients reach a leaf through the node that adds them up.
        if (!leaves.has(from)) lines.push(`a${from} [label="AccumulateGrad"]`, `${from} -> a${from}`)
        leaves.add(from)
        lines.push(`a${from} -> ${to}`)
      }
    }
    return ['digraph {', 'node [shape=box, fontname=monospace, fontsize=10, height=0.2]', ...lines, '}', ''].join('\n')
  }
}

/**
 * The graph that was recorded on the way to `y`: tensors and functions, shapes, values, gradients, edges. Of intermediate
 * tensors it shows the values that the graph still remembers; to see all of them, and the gradients that pass, give the
 * computation itself: `torch.draw(() => { const y = f(x); y.backward(); return y })`.
 *
 * `torch.draw(y, { params: { x, w } })` gives tensors names, `torch.draw(y).dot()` is the graph in the DOT language.
 * @shape tensors of any shape
 * @throws PythonTypeError if it is given, or the computation returns, anything but tensors
 */
export function draw(
  y: Tensor | readonly Tensor[] | (() => Tensor | readonly Tensor[]),
  options: DrawOptions = {},
): Drawing {
  requireKeywords(options, ['params'], 'draw')
  if (typeof y !== 'function') return sketch(new Map(), y, options)
  const watched = watch(y)
  return watched.draw(watched.result, options)
}

/**
 * Runs `body` and notes what it computes, for a drawing that is made later, when gradients have arrived. Of more than `most` tensors
 * only the first are noted.
 */
export function watch<T>(
  body: () => T,
  most = Number.POSITIVE_INFINITY,
): { result: T; draw(y: Tensor | readonly Tensor[], options?: DrawOptions): Drawing } {
  const sights: Sights = new Map()
  const result = watching(sights, body, most)
  return { result, draw: (y, options = {}) => sketch(sights, y, options) }
}

function sketch(sights: Sights, y: Tensor | readonly Tensor[], options: DrawOptions): Drawing {
  const roots = Array.isArray(y) ? (y as readonly Tensor[]) : [y as Tensor]
  const names = Object.entries(options.params ?? {})
  for (const t of [...roots, ...names.map(([, t]) => t)]) {
    if (!(t instanceof Tensor)) throw new PythonTypeError('draw(): expected a tensor, or a function that returns one')
  }
  return new Sketch(sights, names).of(roots)
}

/** Runs `body` and notes each tensor as it joins the graph, before anything can change it, and each gradient that arrives at it. */
function watching<T>(sights: Sights, body: () => T, most: number): T {
  const before = joining.seen
  joining.seen = (t, node, nr) => {
    if (sights.size >= most) return before?.(t, node, nr)
    const sight: Sight = { value: elements(t), grad: null }
    see(sights, node, nr, sight)
    const note = (grad: Tensor): Tensor => {
      sight.grad = elements(grad)
      return grad
    }
    node.outputHooks = [...(node.outputHooks ?? []), { output: nr, last: true, call: note }]
    before?.(t, node, nr)
  }
  try {
    return body()
  } finally {
    joining.seen = before
  }
}

/** A drawing in the making. */
class Sketch {
  private readonly nodes: (DrawnTensor | DrawnFunction)[] = []
  private readonly edges: DrawnEdge[] = []
  private readonly functions = new Map<Node, DrawnFunction>()
  private readonly outputs = new Map<Node, DrawnTensor[]>()
  private readonly leaves = new Map<Tensor, DrawnTensor>()

  constructor(
    private readonly sights: Sights,
    private readonly names: readonly (readonly [string, Tensor])[],
  ) {}

  of(roots: readonly Tensor[]): Drawing {
    const made = roots.map(gradFnOf)
    const functions = reachable(made)
    for (const node of functions) for (const t of node.remembered()) this.know(t)
    for (const [, t] of this.names) this.know(t)
    for (const t of roots) this.know(t)
    for (const node of functions) this.addFunction(node)
    roots.forEach((t, k) => {
      const node = made[k]
      const drawn = node ? this.outputOf(node, t._outputNr) : this.leaf(t)
      drawn.role = 'root'
    })
    this.addNames()
    return new Drawing(this.nodes, this.edges)
  }

  /** A tensor that somebody still holds is worth more than what was seen of it. */
  private know(t: Tensor): void {
    const node = gradFnOf(t)
    if (node === null) return
    const seen = this.sights.get(node)?.[t._outputNr]
    const grad = t._grad === null ? (seen?.grad ?? null) : elements(t._grad)
    see(this.sights, node, t._outputNr, { value: elements(t), grad })
  }

  private addFunction(node: Node): void {
    const inputs = node.next.map((next, k) => {
      if (next === null) return null
      return next instanceof AccumulateGrad ? this.leaf(next.variable) : this.outputOf(next, node.edgeNr(k))
    })
    const { id } = this.functionOf(node)
    inputs.forEach((input, index) => {
      if (input !== null) this.edges.push({ from: input.id, to: id, index })
    })
  }

  private functionOf(node: Node): DrawnFunction {
    let drawn = this.functions.get(node)
    if (drawn === undefined) {
      drawn = { id: `f${this.functions.size}`, kind: 'function', name: node.name().replace(/^.*::/, '') }
      this.functions.set(node, drawn)
      this.nodes.push(drawn)
    }
    return drawn
  }

  private outputOf(node: Node, nr: number): DrawnTensor {
    const outputs = this.outputs.get(node) ?? []
    this.outputs.set(node, outputs)
    const known = outputs[nr]
    if (known !== undefined) return known
    const { id: from } = this.functionOf(node)
    const sight = this.sights.get(node)?.[nr] ?? { value: null, grad: null }
    const drawn = this.addTensor('intermediate', node.output(nr), true, nr, sight)
    outputs[nr] = drawn
    this.edges.push({ from, to: drawn.id, index: nr })
    return drawn
  }

  private leaf(t: Tensor): DrawnTensor {
    let drawn = this.leaves.get(t)
    if (drawn === undefined) {
      drawn = this.addTensor('leaf', t, tracked(t), 0, { value: elements(t), grad: t._grad && elements(t._grad) })
      this.leaves.set(t, drawn)
    }
    return drawn
  }

  private addTensor(
    role: 'leaf' | 'intermediate',
    { sizes, dtype }: OutputSpec,
    requires_grad: boolean,
    output: number,
    { value, grad }: Sight,
  ): DrawnTensor {
    const id = `t${this.nodes.length - this.functions.size}`
    const drawn: DrawnTensor = {
      id,
      kind: 'tensor',
      role,
      name: null,
      shape: [...sizes],
      dtype: dtype.name,
      requires_grad,
      output,
      value,
      grad,
    }
    this.nodes.push(drawn)
    return drawn
  }

  private addNames(): void {
    for (const [name, t] of this.names) {
      const node = gradFnOf(t)
      const drawn = node === null ? this.leaves.get(t) : this.outputs.get(node)?.[t._outputNr]
      if (drawn !== undefined) drawn.name = name
    }
  }
}

/** All functions behind `roots`, the oldest first. No recursion: graphs are deep. */
function reachable(roots: readonly (Node | null)[]): Node[] {
  const seen = new Set<Node>()
  const ahead = [...roots]
  while (ahead.length > 0) {
    const node = ahead.pop()!
    if (node === null || node instanceof AccumulateGrad || seen.has(node)) continue
    seen.add(node)
    for (const next of node.next) ahead.push(next)
  }
  return [...seen].sort((a, b) => a.sequence - b.sequence)
}

function see(sights: Sights, node: Node, nr: number, sight: Sight): void {
  const outputs = sights.get(node) ?? []
  outputs[nr] = sight
  sights.set(node, outputs)
}

const shownWhole = 1000

function elements(t: Tensor): DrawnElements {
  const { data, offset } = rowMajor(t)
  const isBool = t.dtype.name === 'bool'
  const at = (i: number): number | boolean => (isBool ? data[offset + i] === 1 : data[offset + i]!)
  const text = formatTensor({ sizes: t.sizes, dtype: t.dtype.name, at })
  const n = numelOf(t.sizes)
  return { values: n > shownWhole ? null : Array.from({ length: n }, (_, i) => jsonSafe(at(i))), text }
}

/** JSON has no words for what is not finite. */
function jsonSafe(value: number | boolean): DrawnValue {
  if (typeof value === 'boolean' || Number.isFinite(value)) return value
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`
}

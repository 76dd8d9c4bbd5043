// The sweep: gradients from the roots of a graph to its leaves, through every node once.
import { RuntimeError } from '../errors'
import { formatSizes, type Sizes, sameSizes } from '../shape'
import type { Tensor } from '../tensor'
import { anomaly, refuseNaN } from './anomaly'
import { ModeGuard, mode } from './mode'
import type { Node, OutputSpec } from './node'
import { ReadyQueue } from './queue'

/** One end of an edge: output `nr` of `node`. */
export interface Edge {
  readonly node: Node
  readonly nr: number
}

/** What a sweep is to do besides passing gradients on. */
export interface SweepOptions {
  /** Keep what nodes saved, so that the graph can be swept again. */
  keepGraph: boolean
  /** Record the rules' own operations, so that gradients can be differentiated. */
  createGraph: boolean
  /** Only these gradients are wanted: they are handed to `caught`, and nodes that lead to none of them stay out. */
  targets?: readonly Edge[]
  caught?: (target: number, grad: Tensor) => void
  /** Of the targets, the nodes that run all the same: leaves that accumulate. */
  runs?: ReadonlySet<Node>
}

let passes = 0
let depth = 0

/** Sends `grads[k]` into `roots[k]` and runs every node that they reach. Descending creation order, as PyTorch's engine. */
export function sweep(roots: readonly Edge[], grads: readonly Tensor[], options: SweepOptions): void {
  const pass = ++passes
  const visited = countDependencies(roots, pass)
  const outer = depth > 0 ? visited.map(({ pending, grads }) => ({ pending, grads })) : null
  const wanted = options.targets ? leadingTo(options.targets, visited) : null
  const guard = new ModeGuard()
  depth++
  mode.grad = options.createGraph
  try {
    const ready = new ReadyQueue()
    roots.forEach(({ node, nr }, k) => {
      receive(node, nr, grads[k]!)
    })
    for (const node of new Set(roots.map((root) => root.node))) if (node.pending === 0) ready.push(node)
    for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
      const arrived = node.grads ?? []
      node.grads = null
      run(node, arrived, options, wanted, ready)
    }
  } finally {
    depth--
    guard.restore()
    visited.forEach((node, k) => {
      node.pending = outer?.[k]?.pending ?? 0
      node.grads = outer?.[k]?.grads ?? null
    })
  }
}

/** How many gradients each node waits for, over all nodes that the roots reach. No recursion: graphs are deep. */
function countDependencies(roots: readonly Edge[], pass: number): Node[] {
  const visited: Node[] = []
  for (const { node } of roots) {
    if (node.pass === pass) continue
    node.pass = pass
    node.pending = 0
    visited.push(node)
  }
  for (let i = 0; i < visited.length; i++) {
    for (const next of visited[i]!.next) {
      if (next === null) continue
      if (next.pass !== pass) {
        next.pass = pass
        next.pending = 0
        visited.push(next)
      }
      next.pending++
    }
  }
  return visited
}

/** The nodes from which a target can be reached, without the targets themselves unless one leads to another. */
function leadingTo(targets: readonly Edge[], visited: readonly Node[]): Set<Node> {
  const aims = new Set(targets.map((target) => target.node))
  const leading = new Set<Node>()
  // Children are older than their parents, so one walk from the oldest to the youngest settles all.
  const oldestFirst = [...visited].sort((a, b) => age(a) - age(b))
  for (const node of oldestFirst) {
    if (node.next.some((next) => next !== null && (aims.has(next) || leading.has(next)))) leading.add(node)
  }
  return leading
}

/** Creation order, except that accumulators, which have no inputs, count as the oldest. */
function age(node: Node): number {
  return Number.isFinite(node.sequence) ? node.sequence : -1
}

function run(
  node: Node,
  arrived: (Tensor | null)[],
  options: SweepOptions,
  wanted: Set<Node> | null,
  ready: ReadyQueue,
): void {
  const live = arrived.some((grad) => grad)
  if (live && node.outputHooks !== null) {
    for (const { output, call } of [...node.outputHooks]) {
      const grad = arrived[output]
      if (grad) arrived[output] = call(grad)
    }
  }
  options.targets?.forEach((target, k) => {
    const grad = arrived[target.nr]
    if (target.node === node && grad) options.caught?.(k, grad)
  })
  if (wanted !== null && !wanted.has(node) && !options.runs?.has(node)) return
  const inputs = live ? applied(node, arrived) : []
  if (live && !options.keepGraph) node.release()
  for (let k = 0; k < node.next.length; k++) {
    const next = node.next[k]
    if (!next) continue
    const nr = node.nextNrs?.[k] ?? 0
    const grad = inputs[k]
    if (grad) receive(next, nr, fitted(grad, next.outputs[nr]!, node, k))
    if (--next.pending === 0) ready.push(next)
  }
}

/** The node's rule, with the hooks before and after it. */
function applied(node: Node, arrived: (Tensor | null)[]): (Tensor | null)[] {
  let grads = arrived
  for (const hook of node.preHooks ?? []) grads = hook(grads) ?? grads
  let inputs = node.apply(grads)
  for (const hook of node.postHooks ?? []) inputs = hook(inputs, grads) ?? inputs
  if (anomaly.check) refuseNaN(node, inputs)
  return inputs
}

/** A node used several times receives the sum of its gradients. */
function receive(node: Node, nr: number, grad: Tensor): void {
  node.grads ??= new Array<Tensor | null>(node.outputs.length).fill(null)
  const old = node.grads[nr]
  node.grads[nr] = old ? old.add(grad) : grad
}

/** A gradient has the shape and type of what it belongs to: what was broadcast forward is summed backward. */
function fitted(grad: Tensor, { sizes, dtype }: OutputSpec, from: Node, k: number): Tensor {
  let out = grad
  if (!sameSizes(grad.sizes, sizes)) {
    if (!stretchesTo(sizes, grad.sizes)) {
      throw new RuntimeError(
        `Function ${from.name()} returned an invalid gradient at index ${k} - got ${formatSizes(grad.sizes)} but expected shape compatible with ${formatSizes(sizes)}`,
      )
    }
    out = sumTo(grad, sizes)
  }
  return out.dtype === dtype ? out : out.to(dtype)
}

function stretchesTo(sizes: Sizes, target: Sizes): boolean {
  const lead = target.length - sizes.length
  return lead >= 0 && sizes.every((size, d) => size === 1 || size === target[lead + d])
}

/** The adjoint of broadcasting: a sum over every dimension that was stretched or added. */
export function sumTo(t: Tensor, sizes: Sizes): Tensor {
  const lead = t.sizes.length - sizes.length
  const dims = t.sizes.map((_, d) => d).filter((d) => d < lead || (sizes[d - lead] === 1 && t.sizes[d] !== 1))
  const summed = dims.length > 0 ? t.sum(dims, { keepdim: true }) : t
  return lead > 0 ? summed.view(sizes) : summed
}

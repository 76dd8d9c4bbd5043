// The sweep: gradients from the roots of a graph to its leaves, through every node once.
import { RuntimeError } from '../errors'
import { addInto } from '../kernels/map'
import { formatSizes, type Sizes, sameSizes } from '../shape'
import type { Tensor } from '../tensor'
import { anomaly, refuseNaN } from './anomaly'
import { checkedResults } from './hook-results'
import { mode } from './mode'
import { type Node, type OutputSpec, userCode } from './node'
import { ReadyQueue } from './queue'
import { OpNode } from './record'

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

let depth = 0

/**
 * Sends `grads[k]` into `roots[k]` and runs every node that they reach, in descending order of creation, as PyTorch's
 * engine does. `owned`: the caller made these gradients and keeps none of them.
 */
export function sweep(roots: readonly Edge[], grads: readonly Tensor[], options: SweepOptions, owned = false): void {
  const pass = new Pass(roots, options)
  const recording = mode.grad
  let node: Node | undefined
  depth++
  mode.grad = options.createGraph
  try {
    for (let k = 0; k < roots.length; k++) arrive(roots[k]!.node, roots[k]!.nr, grads[k]!, owned, pass)
    for (node = pass.ready.pop(); node !== undefined; node = pass.ready.pop()) run(node, pass)
  } catch (error) {
    if (!pass.counts) abandon(pass, node)
    throw error
  } finally {
    depth--
    mode.grad = recording
    for (const reached of pass.reached) clear(reached)
    for (const one of pass.aside) putBack(one)
  }
}

/** What a pass knows besides what stands on the nodes. */
class Pass {
  /** Nobody asks for gradients on their way, and rules are not recorded themselves. */
  readonly isPlain: boolean
  /**
   * PyTorch counts how many gradients each node waits for, and runs it when it waits for no more. That takes a walk over the
   * graph, and is hardly needed: of the nodes that a gradient has reached, the youngest has all of its own, because whoever
   * could send it another is younger. Only leaves can't tell. Where nothing of the user's runs on the way, and so nobody sees
   * when a leaf's gradient is stored, they simply come last.
   */
  readonly counts: boolean
  /** The nodes that it counted for: what stands on them is of no use to anybody once the pass has ended. */
  readonly reached: readonly Node[]
  /** What stood on nodes before: a hook may start a pass within a pass. */
  readonly aside: readonly Aside[]
  /** The nodes that run; null for all. */
  readonly wanted: Set<Node> | null
  readonly ready: ReadyQueue

  constructor(
    roots: readonly Edge[],
    readonly options: SweepOptions,
  ) {
    const { targets, createGraph } = options
    this.isPlain = targets === undefined && !createGraph && !anomaly.check
    this.counts = !this.isPlain || userCode.mayRun
    this.aside = depth > 0 ? putAside(roots.map(({ node }) => node)) : NOTHING
    this.reached = this.counts ? countDependencies(roots) : NOTHING
    this.wanted = targets === undefined ? null : leadingTo(targets, this.reached)
    this.ready = new ReadyQueue(this.counts)
  }
}

/** A node, and what stands on it in the midst of a pass. */
interface Aside {
  readonly node: Node
  readonly pending: number
  readonly grads: Node['grads']
  readonly owned: boolean
}

const NOTHING: readonly never[] = []

/** Clears all nodes that can be reached, and answers what stood on them. */
function putAside(starts: readonly Node[]): Aside[] {
  const reached = new Set(starts) // grows while it is walked
  const aside: Aside[] = []
  for (const node of reached) {
    aside.push({ node, pending: node.pending, grads: node.grads, owned: node.owned })
    clear(node)
    for (const next of node.next) if (next !== null) reached.add(next)
  }
  return aside
}

function clear(node: Node): void {
  node.pending = 0
  node.grads = null
}

function putBack({ node, pending, grads, owned }: Aside): void {
  node.pending = pending
  node.grads = grads
  node.owned = owned
}

/**
 * After an exception in a pass that does not count: leaves whose gradients are complete store them, as they would have at
 * once; the rest is forgotten.
 */
function abandon(pass: Pass, failed: Node | undefined): void {
  const { waiting, leaves } = pass.ready
  putAside(failed === undefined ? waiting : [failed, ...waiting]) // and with them the leaves that have more to come
  for (const leaf of leaves) if (leaf.grads !== null) run(leaf, pass)
}

/**
 * How many gradients each node waits for, and the list of all nodes that the roots reach. No recursion: graphs are deep. One
 * branch after the other, because what was computed in turn lies side by side in memory.
 */
function countDependencies(roots: readonly Edge[]): Node[] {
  const reached: Node[] = []
  const ahead: Node[] = []
  const expectOne = (node: Node) => {
    if (node.pending++ > 0) return
    reached.push(node)
    ahead.push(node)
  }
  for (const { node } of roots) expectOne(node)
  for (let from = ahead.pop(); from !== undefined; from = ahead.pop()) {
    if (from.toFirst !== null) expectOne(from.toFirst)
    if (from.toSecond !== null) expectOne(from.toSecond)
    for (const other of from.toOthers) if (other !== null) expectOne(other)
  }
  return reached
}

/** The nodes from which a target can be reached, without the targets themselves unless one leads to another. */
function leadingTo(targets: readonly Edge[], reached: readonly Node[]): Set<Node> {
  const aims = new Set(targets.map((target) => target.node))
  const leading = new Set<Node>()
  // Children are older than their parents, so one walk from the oldest to the youngest settles all.
  const oldestFirst = [...reached].sort((a, b) => a.sequence - b.sequence)
  for (const node of oldestFirst) {
    if (node.next.some((next) => next !== null && (aims.has(next) || leading.has(next)))) leading.add(node)
  }
  return leading
}

/** One node: its hooks, its rule, and its gradients on to the nodes of its inputs. */
function run(node: Node, pass: Pass): void {
  const arrived = node.grads
  node.grads = null
  if (pass.isPlain && node instanceof OpNode && !node.isHooked) {
    // Almost every node is an operation of one output, whose rules can be asked one by one: no lists.
    const grad = arrived as Tensor | null
    const { toFirst, toSecond, toOthers } = node
    if (toFirst !== null) send(node, 0, toFirst, grad === null ? null : node.inputGrad(0, grad), grad, pass)
    if (toSecond !== null) send(node, 1, toSecond, grad === null ? null : node.inputGrad(1, grad), grad, pass)
    for (let k = 0; k < toOthers.length; k++) {
      const to = toOthers[k]!
      if (to !== null) send(node, 2 + k, to, grad === null ? null : node.inputGrad(2 + k, grad), grad, pass)
    }
    if (grad !== null && !pass.options.keepGraph) node.release()
  } else runListed(node, arrived === null || Array.isArray(arrived) ? arrived : [arrived], pass)
}

/** The same for any node, with hooks and all: gradients arrive and leave in lists. */
function runListed(node: Node, arrived: (Tensor | null)[] | null, pass: Pass): void {
  const { options, wanted } = pass
  const runs = wanted === null || wanted.has(node) || options.runs?.has(node) === true
  if (!runs && !options.targets!.some((target) => target.node === node)) return
  // Nothing arrives where every rule on the way answered null; the nodes behind are only told not to wait.
  const live = arrived !== null
  if (live && node.outputHooks !== null) callHooks(node, arrived)
  if (live && options.targets !== undefined) catchTargets(node, arrived, options)
  if (!runs) return
  const inputs = live ? applied(node, arrived) : null
  if (live && !options.keepGraph) node.release()
  // Whoever called a hook with these gradients may still hold them.
  const only = live && arrived.length === 1 && !node.isHooked ? arrived[0]! : null
  for (let k = 0; k < node.inputCount; k++) {
    const target = node.edge(k)
    if (target !== null) send(node, k, target, inputs === null ? null : inputs[k]!, only, pass)
  }
}

/**
 * Hands the gradient of input `k` of `node`, or null where its rule has none, to the node that made the input. `arrived` is
 * what it was computed from; null where others may hold it, whatever it is.
 */
function send(node: Node, k: number, target: Node, grad: Tensor | null, arrived: Tensor | null, pass: Pass): void {
  const nr = node.edgeNr(k)
  const fit = grad && fitted(grad, target.output(nr), node, k)
  arrive(target, nr, fit, fit !== grad || (arrived !== null && grad !== null && node.makesFresh(grad, arrived)), pass)
}

/** One of the gradients that `node` waits for, or the word that there is none. */
function arrive(node: Node, nr: number, grad: Tensor | null, owned: boolean, { counts, ready }: Pass): void {
  const isReady = counts ? --node.pending === 0 : grad !== null && node.grads === null
  if (isReady) ready.push(node)
  if (grad !== null) receive(node, nr, grad, owned)
}

function callHooks(node: Node, arrived: (Tensor | null)[]): void {
  node.owned = false
  for (const { output, call } of [...node.outputHooks!]) {
    const grad = arrived[output]
    if (grad) arrived[output] = call(grad)
  }
}

function catchTargets(node: Node, arrived: (Tensor | null)[], { targets, caught }: SweepOptions): void {
  targets!.forEach((target, k) => {
    const grad = arrived[target.nr]
    if (target.node === node && grad) {
      node.owned = false
      caught?.(k, grad)
    }
  })
}

/** The node's rule, with the hooks before and after it. */
function applied(node: Node, arrived: (Tensor | null)[]): (Tensor | null)[] {
  let grads = arrived
  if (node.preHooks !== null) for (const hook of node.preHooks) grads = checkedResults(hook, grads, hook(grads))
  let inputs = node.apply(grads)
  if (node.postHooks !== null)
    for (const hook of node.postHooks) inputs = checkedResults(hook, inputs, hook(inputs, grads))
  if (anomaly.check) refuseNaN(node, inputs)
  return inputs
}

/** A node used several times receives the sum of its gradients. */
function receive(node: Node, nr: number, grad: Tensor, owned: boolean): void {
  if (node.outputCount === 1) {
    const old = node.grads as Tensor | null
    node.grads = old === null ? grad : node.owned && !mode.grad ? addInto(old, grad) : old.add(grad)
    node.owned = old !== null || owned // a sum is new
  } else {
    node.grads ??= new Array<Tensor | null>(node.outputCount).fill(null)
    const grads = node.grads as (Tensor | null)[]
    const old = grads[nr]
    grads[nr] = old ? old.add(grad) : grad
  }
}

/** A gradient has the shape and type of what it belongs to: what was broadcast forward is summed backward. */
function fitted(grad: Tensor, spec: OutputSpec, from: Node, k: number): Tensor {
  if (grad._layout === spec) return grad
  const { sizes, dtype } = spec
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
  if (sizes.length === 0) return t.sum()
  const lead = t.sizes.length - sizes.length
  const dims = t.sizes.map((_, d) => d).filter((d) => d < lead || (sizes[d - lead] === 1 && t.sizes[d] !== 1))
  const summed = dims.length > 0 ? t.sum(dims, { keepdim: true }) : t
  return lead > 0 ? summed.view(sizes) : summed
}

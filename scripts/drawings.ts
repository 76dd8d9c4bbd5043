// The graph that a learner's own code builds, captured while their function runs in a test, for the page to draw. Runs inside Jest.
import * as torch from '../engine'
import { gradFnOf, joining } from '../engine/autograd/graph'
import { type Drawing as EngineDrawing, watch } from '../engine/draw'
import { type Addition, Arrivals } from './page/arrivals'

/** Nodes and edges as `torch.draw` tells them, as plain data, and what the gradients of leaves are the sum of. */
export type Drawing = Pick<EngineDrawing, 'nodes' | 'edges'> & { additions: Record<string, Addition> }

/** A picture of more operations than this says nothing. */
const mostFunctions = 12
/** Printed values that are longer are cut: a card in a picture is small. */
const longestText = 300
const mostValues = 64

/** One call of a learner's function: how to draw it once its test is over. */
interface Captured {
  task: string
  draw(): Drawing | undefined
}

/** The first call that built anything in each task; the latest is drawn when its test ends. */
const seen = new Set<string>()
let captured: Captured | undefined

/** Calls `answer` and watches what it computes, unless its task has a picture already. */
export function capture(task: string, answer: (...inputs: unknown[]) => unknown, inputs: unknown[]): unknown {
  if (seen.has(task) || joining.seen !== null) return answer(...inputs)
  const params = named(answer, inputs)
  const arrivals = new Arrivals()
  arrivals.begin(params)
  let ends: torch.Tensor[] = []
  try {
    const built: torch.Tensor[] = []
    const { result, draw } = watch(() => collecting(built, () => answer(...inputs)), 4 * mostFunctions)
    ends = endsOf(built, result)
    if (ends.length > 0) {
      seen.add(task)
      captured = { task, draw: () => bounded(draw(ends, { params }), arrivals) }
    }
    return result
  } finally {
    if (ends.length === 0) arrivals.end()
  }
}

/** At the end of a test, when the suite too may have called backward on what the function returned. */
export function takeCaptured(): { task: string; drawing: Drawing } | undefined {
  const last = captured
  captured = undefined
  const drawing = last?.draw()
  return last && drawing && { task: last.task, drawing }
}

function collecting<T>(built: torch.Tensor[], body: () => T): T {
  const before = joining.seen
  joining.seen = (t, node, nr) => {
    if (built.length <= mostFunctions) built.push(t)
    before?.(t, node, nr)
  }
  try {
    return body()
  } finally {
    joining.seen = before
  }
}

/** What was returned, if it was computed here, else the tensors from which nothing else was. None when too much was built to be drawn. */
function endsOf(built: torch.Tensor[], result: unknown): torch.Tensor[] {
  if (built.length > mostFunctions) return []
  const returned = [result].flat().filter((each) => built.includes(each as torch.Tensor)) as torch.Tensor[]
  if (returned.length > 0) return returned
  const used = new Set(built.flatMap((t) => gradFnOf(t)?.next ?? []))
  return built.filter((t) => !used.has(gradFnOf(t)))
}

/** Inputs by the names that the learner's function gives them. */
function named(answer: (...inputs: unknown[]) => unknown, inputs: unknown[]): Record<string, torch.Tensor> {
  const list = /^(?:async\s+)?(?:function\s*\w*\s*)?\(([^)]*)\)/.exec(String(answer))?.[1] ?? ''
  const names = list.split(',').map((name) => name.trim())
  return Object.fromEntries(
    inputs.flatMap((input, i) => {
      const name = names[i] ?? ''
      return input instanceof torch.Tensor && /^[A-Za-z_]\w*$/.test(name) ? [[name, input] as const] : []
    }),
  )
}

function bounded({ nodes, edges }: EngineDrawing, arrivals: Arrivals): Drawing | undefined {
  const additions = arrivals.additions()
  arrivals.end()
  if (nodes.filter(({ kind }) => kind === 'function').length > mostFunctions) return undefined
  return {
    edges,
    additions,
    nodes: nodes.map((node) =>
      node.kind === 'tensor' ? { ...node, value: short(node.value), grad: short(node.grad) } : node,
    ),
  }
}

function short<E extends { text: string; values: unknown[] | null } | null>(elements: E): E {
  if (elements === null) return elements
  const { text, values } = elements
  return {
    ...elements,
    text: text.length > longestText ? `${text.slice(0, longestText)}…` : text,
    values: values && values.length > mostValues ? null : values,
  }
}

// The cells of a lesson as a program that stops after each of them. Runs in Node and in the browser.
import { transform } from 'sucrase'
import type * as Torch from '../../engine'
import { type Addition, Arrivals } from './arrivals'
import type { DrawingData } from './graph'

/** A cell that TypeScript can't read. Its line is counted from the cell's own first. */
export class CellSyntaxError extends Error {
  override name = 'SyntaxError'
  constructor(
    message: string,
    readonly cell: number,
    readonly line: number,
  ) {
    super(message)
  }
}

export interface Program {
  /** JavaScript: an expression for a generator function of (require, exports, console). */
  code: string
  /** The line on which each cell begins, counted from 1. */
  lines: number[]
}

/** What the program hands over after each cell: ways to look at the names that are declared so far. */
type Names = Record<string, () => unknown>
type Run = (require: (name: string) => unknown, exports: object, console: object) => Generator<Names, void>

/** @throws CellSyntaxError */
export function compileCells(cells: readonly string[]): Program {
  cells.forEach(readAlone)
  const names = new Set<string>()
  const lines: number[] = []
  let source = ''
  let line = 1
  for (const cell of cells) {
    for (const name of declared(cell)) names.add(name)
    const looks = [...names].map((name) => `${name}: () => ${name}`)
    lines.push(line)
    source += `${cell}\n;yield { ${looks.join(', ')} };\n`
    line += cell.split('\n').length + 1
  }
  return { code: `(function* (require, exports, console) {${javascript(source)}\n})`, lines }
}

function javascript(source: string): string {
  return transform(source, { transforms: ['typescript', 'imports'], disableESTransforms: true }).code
}

/** Each cell must be whole by itself: that way an error is told in the cell that it stands in. */
function readAlone(cell: string, index: number): void {
  try {
    javascript(cell)
  } catch (error) {
    const message = String((error as Error).message).replace(/^Error transforming .*?: /, '')
    const [, told = message, line = '1'] = /^(.*?)\s*\((\d+):\d+\)/s.exec(message) ?? []
    throw new CellSyntaxError(told, index, Number(line))
  }
}

/** The names that a cell declares at its outermost level. One too many does no harm: looking at it fails, and is not looked at. */
function declared(cell: string): string[] {
  const single = [...cell.matchAll(/^(?:const|let|var)\s+([\p{L}_$][\w$]*)/gmu)].map(([, name]) => name!)
  const several = [...cell.matchAll(/^(?:const|let|var)\s+[[{]([^=]*)[\]}]\s*=/gm)].flatMap(
    ([, inside]) => inside!.match(/[\p{L}_$][\w$]*(?=\s*(?:[,}\]]|$))/gu) ?? [],
  )
  return [...single, ...several]
}

export interface Watcher {
  /** Called with what a cell prints, as it prints it. */
  print(cell: number, values: readonly unknown[]): void
  /** Called when a cell has run to its end. */
  done?(cell: number): void
}

/** Whether a graph can be drawn of the last cell, and the graph if that was asked for. */
export interface Ending {
  hasGraph: boolean[]
  graph?: DrawingData
}

/**
 * Runs a compiled program from its first cell to its last. With `draw`, draws the graph of the last cell: of the tensor that backward was
 * called on, else of what it printed or declared last.
 */
export function runCells(run: Run, torch: typeof Torch, watcher: Watcher, draw = false): Ending {
  let cell = 0
  let candidates: Torch.Tensor[] = []
  const log = (...values: unknown[]) => {
    candidates.push(...values.filter((value) => value instanceof torch.Tensor))
    watcher.print(cell, values)
  }
  const console = { log, info: log, warn: log, error: log, debug: log }
  const require = (name: string): unknown => {
    if (name === '../engine') return torch
    throw new Error(`a cell imports ${name}; cells import '../engine' and nothing else`)
  }
  const { backward } = torch.Tensor.prototype
  let walked: Torch.Tensor | undefined
  torch.Tensor.prototype.backward = function (...inputs) {
    walked = this
    return backward.apply(this, inputs)
  }
  const params: Record<string, Torch.Tensor> = {}
  const hasGraph: boolean[] = []
  let before = new Set<string>()
  const arrivals = new Arrivals()
  let additions: Record<string, Addition> = {}
  const all = (): Torch.Tensor[] => {
    let root: Torch.Tensor | undefined
    for (const names of run(require, {}, console)) {
      const tensors = tensorsOf(names, torch)
      candidates.push(
        ...Object.keys(tensors)
          .filter((name) => !before.has(name))
          .map((name) => tensors[name]!),
      )
      root = walked ?? candidates.findLast((tensor) => tensor.grad_fn !== null)
      hasGraph.push(root !== undefined)
      Object.assign(params, tensors)
      if (draw) {
        additions = arrivals.additions()
        arrivals.begin(tensors)
      }
      before = new Set(Object.keys(tensors))
      watcher.done?.(cell)
      cell++
      candidates = []
      walked = undefined
    }
    return root ? [root] : []
  }
  try {
    if (!draw) {
      all()
      return { hasGraph }
    }
    const graph = torch.draw(all, { params })
    return { hasGraph, ...(graph.nodes.length > 0 && { graph: { nodes: graph.nodes, edges: graph.edges, additions } }) }
  } finally {
    torch.Tensor.prototype.backward = backward
    arrivals.end()
  }
}

function tensorsOf(names: Names, torch: typeof Torch): Record<string, Torch.Tensor> {
  const tensors: Record<string, Torch.Tensor> = {}
  for (const [name, look] of Object.entries(names)) {
    try {
      const value = look()
      if (value instanceof torch.Tensor) tensors[name] = value
    } catch {
      // No such name, after all.
    }
  }
  return tensors
}

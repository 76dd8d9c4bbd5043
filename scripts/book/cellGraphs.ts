// The graphs of a lesson's cells, where they help: drawn of what the cells really compute.
import { formatWithOptions } from 'node:util'
import { runInThisContext } from 'node:vm'
import { transformSync } from 'esbuild'
import * as torch from '../../engine'
import { set_warning_handler } from '../../engine/warnings'
import type { DrawingData } from '../page/graph'
import { compileCells, runCells } from '../page/notebook'

/** A larger one is a wall of text, not a picture. */
const mostNodes = 16

/**
 * By the number of its cell, the graph of each cell that has one of its own: small, and not the same as the one before.
 * @throws Error if a cell can't be run
 */
export function cellGraphs(cells: readonly string[]): Map<number, DrawingData> {
  const graphs = new Map<number, DrawingData>()
  let last = ''
  const { hasGraph } = runUpTo(cells, false)
  for (const [i, has] of hasGraph.entries()) {
    if (!has) continue
    const { graph } = runUpTo(cells.slice(0, i + 1), true)
    if (!graph || graph.nodes.length > mostNodes || !graph.nodes.some(({ kind }) => kind === 'function')) continue
    const text = JSON.stringify(graph)
    if (text !== last) graphs.set(i, JSON.parse(text) as DrawingData)
    last = text
  }
  return graphs
}

/** What each cell prints, and the graph of the last one. */
export function runUpTo(cells: readonly string[], draw: boolean): ReturnType<typeof runCells> & { printed: string[] } {
  const { code } = compileCells(cells)
  // Node 20 does not know `using` yet.
  const plain = transformSync(`(${code})`, { target: 'es2022' }).code
  const printed = cells.map(() => '')
  const warnings = set_warning_handler(() => {})
  const isEnabled = torch.is_grad_enabled()
  try {
    const run = runInThisContext(plain, { filename: 'cells.js' })
    const print = (cell: number, values: readonly unknown[]) => {
      printed[cell] += `${formatWithOptions({ colors: false }, ...(values as [unknown]))}\n`
    }
    return { ...runCells(run, torch, { print }, draw), printed }
  } finally {
    torch.set_grad_enabled(isEnabled)
    set_warning_handler(warnings)
  }
}

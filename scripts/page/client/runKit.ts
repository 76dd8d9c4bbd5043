// What running cells needs besides the page: loaded when the first cell is touched.
/// <reference lib="dom" />
import { highlight } from '../code'
import { graphDetails } from '../graph'
import { CellSyntaxError, compileCells } from '../notebook'

/** The worker's script, which the build puts here. */
declare const WORKER: string

const kit = { highlight, graphDetails, compileCells, CellSyntaxError, worker: WORKER }

export type RunKit = typeof kit

declare global {
  var gradusRunKit: RunKit | undefined
}

globalThis.gradusRunKit = kit

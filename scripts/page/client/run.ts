// Runs cells in a worker with a deadline, and tells what it prints as it comes.
/// <reference lib="dom" />
import type { RunKit } from './runKit'
import type { Message } from './worker'

export const deadlineMs = 10_000

export interface Failure {
  message: string
  /** Counted from the cell's own first line. */
  line?: number
}

export interface Listener {
  printed(cell: number, text: string): void
  warned(cell: number, text: string): void
  failed(cell: number, failure: Failure): void
  /** The deadline passed while this cell ran. */
  late(cell: number): void
  ended(graph: Extract<Message, { kind: 'ended' }>['graph']): void
}

/** Starts the cells from the first to the last; answers a function that stops them. */
export function runProgram(kit: RunKit, cells: readonly string[], listener: Listener): () => void {
  let program: ReturnType<RunKit['compileCells']>
  try {
    program = kit.compileCells(cells)
  } catch (error) {
    if (!(error instanceof kit.CellSyntaxError)) throw error
    listener.failed(error.cell, { message: `${error.name}: ${error.message}`, line: error.line })
    return () => {}
  }
  const before = `${kit.worker}\ngradusRun(`
  const script = new Blob([before, program.code, ')'], { type: 'text/javascript' })
  const address = URL.createObjectURL(script)
  const worker = new Worker(address)
  const offset = before.split('\n').length - 1
  let reached = 0
  const stop = () => {
    clearTimeout(timer)
    worker.terminate()
    URL.revokeObjectURL(address)
  }
  const timer = setTimeout(() => {
    stop()
    listener.late(reached)
  }, deadlineMs)
  /** The cell's line of a place in the worker's script, if it is in that cell. */
  const lineIn = (cell: number, place: string | undefined) => {
    const line = Number(place) - offset - program.lines[cell]! + 1
    return line >= 1 && line <= cells[cell]!.split('\n').length ? line : undefined
  }
  worker.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'printed') {
      reached = data.cell
      listener.printed(data.cell, data.text)
      return
    }
    if (data.kind === 'warned') {
      listener.warned(data.cell, data.text)
      return
    }
    stop()
    if (data.kind === 'ended') return listener.ended(data.graph)
    const places = [...data.stack.matchAll(/blob:[^\s)]*?:(\d+):\d+/g)].map(([, place]) => lineIn(data.cell, place))
    listener.failed(data.cell, { message: data.message, line: places.find((line) => line !== undefined) })
  })
  // What keeps the whole program from starting: a word that this browser does not know yet, or that sucrase let pass.
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    stop()
    const cell = Math.max(
      0,
      program.lines.findLastIndex((line) => line <= event.lineno - offset),
    )
    listener.failed(cell, {
      message: event.message.replace(/^Uncaught /, ''),
      line: lineIn(cell, String(event.lineno)),
    })
  })
  return stop
}

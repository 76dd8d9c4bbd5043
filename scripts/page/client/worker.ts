// Runs cells, in a worker of their own that can be stopped. The program stands behind this file in the same script, so nothing is ever evaluated from text.
/// <reference lib="dom" />
import { formatWithOptions } from 'node-inspect-extracted'
import * as torch from '../../../engine'
import { set_warning_handler } from '../../../engine/warnings'
import { runCells } from '../notebook'

/** What the worker tells its page. */
export type Message =
  | { kind: 'printed'; cell: number; text: string }
  | { kind: 'warned'; cell: number; text: string }
  | { kind: 'failed'; cell: number; message: string; stack: string }
  | { kind: 'ended'; graph?: Awaited<ReturnType<typeof runCells>>['graph'] }

type Run = Parameters<typeof runCells>[0]

declare global {
  var gradusRun: (run: Run) => void
}

const post = (message: Message) => self.postMessage(message)

globalThis.gradusRun = (run) => {
  let cell = 0
  const print = (at: number, text: string) => post({ kind: 'printed', cell: at, text: `${text}\n` })
  set_warning_handler((text) => post({ kind: 'warned', cell, text }))
  try {
    const { graph } = runCells(
      run,
      torch,
      {
        print: (at, values) => print(at, formatWithOptions({ colors: false }, ...(values as [unknown]))),
        done: (at) => {
          cell = at + 1
        },
      },
      true,
    )
    post({ kind: 'ended', ...(graph && { graph }) })
  } catch (error) {
    const { stack = '' } = error instanceof Error ? error : {}
    post({ kind: 'failed', cell, message: String(error), stack })
  }
}

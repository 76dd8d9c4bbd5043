// A thread beside the one that runs the learner's code: when that does not come back in time, looks where it is, says so, and ends the process.
import { Session } from 'node:inspector'
import { workerData } from 'node:worker_threads'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { type Frame, send } from './channel'

export interface WatchdogData {
  /** Shared: when the learner's code began (ms), 0 while none of it runs. */
  began: Float64Array
  limitMs: number
  /** The files in which a place is worth telling. */
  subjects: string[]
}

interface Script {
  url: string
  sourceMapURL?: string
}

const { began, limitMs, subjects } = workerData as WatchdogData

const timer = setInterval(() => {
  const since = began[0] ?? 0
  if (since === 0 || Date.now() - since < limitMs) return
  clearInterval(timer)
  setTimeout(() => end([]), 1500) // one native call that polls nothing can't be looked into
  look()
}, 100)

/** Pauses the main thread through the debugger's own protocol and reads its stack. */
function look(): void {
  const session = new Session()
  session.connectToMainThread()
  const scripts = new Map<string, Script>()
  session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params))
  session.on('Debugger.paused', ({ params }) => {
    const frames = params.callFrames.flatMap(({ functionName, location }) => {
      const script = scripts.get(location.scriptId)
      if (!script || !subjects.some((subject) => isFile(script.url, subject))) return []
      return [{ functionName, ...original(script, location.lineNumber + 1, location.columnNumber ?? 0) }]
    })
    end(frames)
  })
  session.post('Debugger.enable')
  session.post('Debugger.pause')
}

function isFile(url: string, path: string): boolean {
  return (
    url === path ||
    decodeURI(url)
      .replace(/^file:\/\/\/?/, '')
      .replace(/^\/*/, '/') === path.replaceAll('\\', '/').replace(/^\/*/, '/')
  )
}

/** The place in the learner's TypeScript, by the source map that the compiled script carries. */
function original(script: Script, line: number, column: number): { line: number; column: number } {
  const inline = /^data:application\/json;(?:charset=[^;]*;)?base64,(.*)$/s.exec(script.sourceMapURL ?? '')
  if (!inline) return { line, column: column + 1 }
  const map = new TraceMap(Buffer.from(inline[1] as string, 'base64').toString('utf8'))
  const found = originalPositionFor(map, { line, column })
  return { line: found.line ?? line, column: (found.column ?? column) + 1 }
}

function end(frames: Frame[]): void {
  send({ type: 'endless', frames })
  process.kill(process.pid, 'SIGKILL')
}

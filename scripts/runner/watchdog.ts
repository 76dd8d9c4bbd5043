// A thread beside the one that runs the learner's code: when that does not come back in time, or takes all memory, looks where it is, says so, and ends the process.
import { Session } from 'node:inspector'
import { parentPort, workerData } from 'node:worker_threads'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import { type Frame, type Limits, send } from './channel'

export interface WatchdogData {
  /** Shared: when the learner's code began (ms), 0 while none of it runs; and how many files have been loaded. */
  clock: Float64Array
}

/** What is watched from now on. */
export interface Watched extends Limits {
  /** The files in which a place is worth telling. */
  subjects: string[]
}

interface Script {
  url: string
  sourceMapURL?: string
}

type Reason = 'time' | 'memory'

const { clock } = workerData as WatchdogData
let limitMs = Number.POSITIVE_INFINITY
let memoryMegabytes = Number.POSITIVE_INFINITY
let subjects: string[] = []
parentPort?.on('message', (watched: Watched) => {
  ;({ limitMs, memoryMegabytes, subjects } = watched)
})

const tickMs = 100
const timer = setInterval(() => {
  const reason = stopReason()
  if (!reason) return
  clearInterval(timer)
  look(reason)
}, tickMs)

let loads = 0
let memoryBefore = 0
let watched = 0
let workBefore = process.cpuUsage()
let lastLook = Date.now()
/** A pause between two looks that is longer is the whole machine's: a laptop that was closed. */
const longestPauseMs = 2000
let asleep = 0

/** Tensors live outside of JavaScript's heap, which V8 limits, so the growth of the whole process counts, from when the file was loaded. */
function stopReason(): Reason | undefined {
  const [began = 0, loaded = 0] = clock
  if (began === 0) return undefined
  if (isEndless(began)) return 'time'
  const memory = process.memoryUsage.rss()
  if (loads !== loaded) {
    loads = loaded
    memoryBefore = memory
  }
  return memory - memoryBefore >= memoryMegabytes * 2 ** 20 ? 'memory' : undefined
}

/** Out of time only if it also worked: on a machine that is busy elsewhere, the honest wait for their turn. Whoever sleeps gets three times the limit. */
function isEndless(began: number): boolean {
  const now = Date.now()
  if (watched !== began) {
    watched = began
    workBefore = process.cpuUsage()
    asleep = 0
  } else if (now - lastLook > longestPauseMs) asleep += now - lastLook
  lastLook = now
  const waited = now - began - asleep
  if (waited < limitMs) return false
  const { user, system } = process.cpuUsage(workBefore)
  return (user + system) / 1000 >= limitMs / 4 || waited >= 3 * limitMs
}

/** Pauses the main thread through the debugger's own protocol and reads its stack. */
function look(reason: Reason): void {
  const session = new Session()
  session.connectToMainThread()
  // One native call that polls nothing can't be looked into; whoever answers, however slowly, is looked into again.
  const giveUp = setTimeout(() => end(reason, []), 5000)
  const scripts = new Map<string, Script>()
  let looks = 0
  session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params))
  session.on('Debugger.paused', ({ params }) => {
    giveUp.refresh()
    const frames = params.callFrames.flatMap(({ functionName, location }) => {
      const script = scripts.get(location.scriptId)
      const subject = subjects.find((each) => script && isFile(script.url, each))
      if (!script || subject === undefined) return []
      return [{ subject, functionName, ...original(script, location.lineNumber + 1, location.columnNumber ?? 0) }]
    })
    // Between two of a learner's promises nothing of theirs is on the stack: look again a little later.
    if (frames.length > 0 || ++looks > 100) return end(reason, frames)
    session.post('Debugger.resume')
    setTimeout(() => session.post('Debugger.pause'), looks % 5)
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

function end(reason: Reason, frames: Frame[]): void {
  send({ type: 'stopped', reason, frames })
  process.kill(process.pid, 'SIGKILL')
}

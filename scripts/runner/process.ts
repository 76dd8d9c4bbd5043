// A process that runs suites, as the one that started it sees it: rounds go in one after the other, and it may be killed, or end, under each of them.
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { kitRoot } from '../course'
import { patience, youngSpace } from '../patience'
import { digest } from '../state'
import { channelDescriptor, type Frame, type JobMessage, type Message, outputLimit, type Round } from './channel'

/** How a process ended that did not finish its round. */
export interface Death {
  /** Where the learner's code was when its own watchdog ended it. */
  frames?: Frame[]
  outOfMemory: boolean
  exit: string
}

/** Who listens to a round. */
export interface Listener {
  heard(message: JobMessage): void
  /** What was written past `console`, straight to the process's output. */
  wrote?(text: string): void
}

/** Longer than Jest ever needs to load a suite, and the engine with it, on a slow machine. */
const quietMs = 60_000

export class SuiteProcess {
  /** Rounds run so far, and how much memory the process had after the last one. */
  rounds = 0
  megabytes = 0
  /** Nothing that a round started is still at work. */
  clean = true
  /** Set once the process has ended. */
  death: Death | undefined
  stderr = ''
  private readonly child: ChildProcess
  private readonly closed: Promise<void>
  private turn: Promise<unknown> = Promise.resolve()
  private frames: Frame[] | undefined
  private outOfMemory = false
  private current: { round: Round; listener: Listener; done(): void; alarm: Alarm } | undefined

  /** `memoryMegabytes` is how much the learner's code may use; the watchdog, which can say where, should be the first to see that it runs out. */
  constructor(memoryMegabytes: number) {
    const flags = [...patience, ...youngSpace, `--max-old-space-size=${2 * memoryMegabytes}`, '--expose-gc']
    const words = [require.resolve('../gradus.js'), 'runner/child']
    this.child = spawn(process.execPath, [...flags, ...words], {
      cwd: kitRoot,
      env: { ...process.env, GRADUS_CACHE: compiledFile(flags) },
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    })
    this.child.stdin?.on('error', () => {})
    this.child.stderr?.on('data', (data) => {
      this.stderr = (this.stderr + data).slice(-outputLimit)
    })
    this.child.stdout?.on('data', (data) => this.current?.listener.wrote?.(String(data)))
    const lines = createInterface({ input: this.child.stdio[channelDescriptor] as Readable })
    lines.on('line', (line) => this.hear(JSON.parse(line) as Message))
    this.closed = this.untilClosed(lines)
  }

  get alive(): boolean {
    return this.death === undefined
  }

  /** Runs a round, after those that were asked for before it. Answers when it is done, or with how the process ended under it. */
  run(round: Round, listener: Listener): Promise<Death | undefined> {
    const mine = this.turn.then(() => this.runNow(round, listener))
    this.turn = mine
    return mine
  }

  private async runNow(round: Round, listener: Listener): Promise<Death | undefined> {
    if (this.alive) {
      const alarm = outerDeadline(this.child, round.limitMs)
      const done = new Promise<void>((resolve) => {
        this.current = { round, listener, done: resolve, alarm }
        this.child.stdin?.write(`${JSON.stringify(round)}\n`)
      })
      await Promise.race([done, this.closed])
      alarm.clear()
      this.current = undefined
    }
    return this.death
  }

  private hear(message: Message): void {
    const { current } = this
    current?.alarm.heard(message)
    if (message.type === 'stopped') {
      this.frames = message.frames
      this.outOfMemory = message.reason === 'memory'
    } else if (message.type === 'done') {
      this.rounds++
      this.clean = message.clean
      this.megabytes = message.megabytes
      // What the round wrote straight to its output is on another pipe, and may be read a moment later.
      setImmediate(() => setImmediate(() => current?.done()))
    } else current?.listener.heard(message)
  }

  private untilClosed(lines: NodeJS.EventEmitter): Promise<void> {
    // The process must not outlive this one, however this one ends.
    const kill = () => this.kill()
    process.once('exit', kill)
    const channelClosed = new Promise<void>((resolve) => lines.once('close', resolve))
    const ended = new Promise<string>((resolve) => {
      this.child.once('error', (error) => resolve(error.message))
      this.child.once('close', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`))
    })
    return Promise.all([ended, channelClosed]).then(([exit]) => {
      process.removeListener('exit', kill)
      const outOfMemory = this.outOfMemory || /heap out of memory|Allocation failed/.test(this.stderr)
      this.death = { frames: this.frames, outOfMemory, exit }
    })
  }

  /** Lets it end by itself once its rounds are done. */
  end(): void {
    this.child.stdin?.end()
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }

  /** Answers once the process has ended. */
  whenClosed(): Promise<void> {
    return this.closed
  }
}

/** Where is kept what V8 has compiled: it can only be used by the same V8 under the same options. */
function compiledFile(flags: string[]): string {
  return join(kitRoot, '.gradus', 'run', digest(process.version, ...flags))
}

interface Alarm {
  heard(message: Message): void
  clear(): void
}

/** Kills a process whose own watchdog can't: nothing was heard for too long. */
function outerDeadline(child: ChildProcess, limitMs: number): Alarm {
  const killAfter = (ms: number) => setTimeout(() => child.kill('SIGKILL'), ms)
  let timer = killAfter(quietMs)
  const clear = () => clearTimeout(timer)
  return {
    heard({ type }) {
      clear()
      timer = killAfter(type === 'started' || type === 'loading' ? 3 * limitMs + 10_000 : quietMs)
    },
    clear,
  }
}

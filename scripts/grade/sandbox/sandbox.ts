// A QuickJS in WebAssembly, as good as new, for one lesson of one submission, with limits on time, memory and stack. The guest in it holds no engine:
// what it computes with are numbers of tensors that live outside, so there is nothing in it that a grade depends on.
import { readFileSync } from 'node:fs'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core'
import { type Host, Machine } from './machine'
import { Membrane, type Outside } from './membrane'

/** A learner's file as the guest is given it: JavaScript, and the map back to what they wrote. */
export interface Compiled {
  code: string
  map: string
}

export interface SandboxLimits {
  /** How long the learner's code may run in one test, and in all of them together. */
  testMs: number
  lessonMs: number
  /** After so long a silence the whole process is ended: what is still at work then is a call that looks at no clock. */
  silenceMs: number
  memoryMegabytes: number
}

export const sandboxLimits: SandboxLimits = { testMs: 6000, lessonMs: 9000, silenceMs: 10_000, memoryMegabytes: 128 }

/** A guest asks again after an alarm that came too early. */
const longestWaitMs = 60_000

const guestFile = 'exercise.ts'

/** What a suite is handed of itself. */
export type Opening = Omit<Outside, 'print' | 'wake' | 'stack' | 'loadInspector' | 'outOfMemory'>

export class Sandbox implements Host {
  private machine!: Machine
  private membrane: Membrane | undefined
  private opening: Opening | undefined
  private readonly clock: Clock
  private depth = 0
  private alarm: NodeJS.Timeout | undefined
  private dead: string | undefined
  private readonly map: TraceMap
  private readonly memoryWords: string

  private constructor(
    private readonly file: Compiled,
    private readonly subject: string,
    limits: SandboxLimits,
    private readonly print: (text: string) => void,
    private readonly uncaught: (error: unknown) => void,
  ) {
    this.map = new TraceMap(file.map)
    this.clock = new Clock(limits)
    this.memoryWords = `The program used more than the ${limits.memoryMegabytes} MB of memory that it may have.`
  }

  /** `subject` is the path by which places in the learner's file are told; `uncaught` hears what a timer of theirs throws. */
  static async open(
    file: Compiled,
    subject: string,
    limits: SandboxLimits,
    print: (text: string) => void,
    uncaught: (error: unknown) => void,
  ): Promise<Sandbox> {
    const sandbox = new Sandbox(file, subject, limits, print, uncaught)
    sandbox.machine = await Machine.for(sandbox, limits.memoryMegabytes)
    return sandbox
  }

  /** Runs the learner's file, and answers with what it exports. */
  load(opening: Opening): Record<string, unknown> {
    this.opening = opening
    const stack = (heading: string, guestStack: string) => this.placed(heading, guestStack)
    const loadInspector = () => this.evaluate(inspectorText(), 'object-inspect.js').dispose()
    const outOfMemory = (guestStack: string) => this.stopped(this.memoryWords, guestStack)
    const wake = (ms: number) => this.setAlarm(ms)
    const outside = { ...opening, print: this.print, wake, stack, loadInspector, outOfMemory }
    const membrane = new Membrane(outside, (message) => this.send(message))
    this.membrane = membrane
    const { context, load } = this.machine
    const text = this.entering(() => {
      const file = this.evaluate(`(function (exports, require, module) {${this.file.code}\n})`, guestFile)
      const entries = context.newString(membrane.engineEntries)
      return context.getString(this.unwrap(context.callFunction(load, context.undefined, file, entries)))
    })
    return Object.fromEntries(membrane.answerOf(text) as [string, unknown][])
  }

  /** The next test has its own time, and finds recording switched on. */
  nextTest(): void {
    this.clock.nextTest()
    this.opening?.engine.set_grad_enabled(true)
  }

  /** Nothing of the guest runs any more: its machine is for the next. */
  close(): void {
    clearTimeout(this.alarm)
    this.membrane = undefined
    this.dead = 'The lesson is over.'
  }

  /** Answers a question of the guest. */
  hear(message: string): string {
    return (this.membrane as Membrane).hear(message)
  }

  isUp(): boolean {
    return this.clock.isUp()
  }

  /** As long as the guest waits for its timers, others may work; then it goes on, on its own time. */
  private setAlarm(ms: number): void {
    clearTimeout(this.alarm)
    this.alarm = setTimeout(() => this.ring(), Math.min(Math.max(ms, 0), longestWaitMs))
  }

  private ring(): void {
    try {
      this.membrane?.ask('ring')
    } catch (error) {
      this.uncaught(error)
    }
  }

  private send(message: string): string {
    const { context, answer } = this.machine
    return this.entering(() => {
      const text = context.newString(message)
      const reply = context.callFunction(answer, context.undefined, text)
      text.dispose()
      return this.unwrap(reply).consume((handle) => context.getString(handle))
    })
  }

  /** Runs code of the guest with the clock on; what it left of the engine's switches is put back when the outermost call ends. */
  private entering<T>(run: () => T): T {
    if (this.dead !== undefined) throw this.stopped(this.dead)
    if (this.depth++ === 0) this.clock.begin()
    try {
      const result = run()
      const { runtime } = this.machine
      if (this.depth === 1 && runtime.hasPendingJob()) runtime.executePendingJobs(10_000)
      return result
    } catch (error) {
      if (error instanceof RangeError || (error as Error).constructor.name === 'RuntimeError') {
        this.dead = 'The program used up its stack, and could not go on.'
        this.machine.giveUp()
        throw this.stopped(this.dead)
      }
      throw error
    } finally {
      if (--this.depth === 0) {
        this.clock.end()
        this.membrane?.restore()
      }
    }
  }

  private evaluate(code: string, name: string): QuickJSHandle {
    return this.unwrap(this.machine.context.evalCode(code, name, { type: 'global' }))
  }

  /** The value of a result; an error that the guest's own end could not catch means that it was stopped. */
  private unwrap(result: ReturnType<QuickJSContext['evalCode']>): QuickJSHandle {
    if (!result.error) return result.value
    const { error } = result
    const text = (name: string) =>
      this.machine.context.getProp(error, name).consume((handle) => this.machine.context.getString(handle))
    const [name, message, stack] = [text('name'), text('message'), text('stack')]
    error.dispose()
    if (message === 'interrupted') throw this.stopped(this.clock.words(), stack)
    if (/out of memory/.test(message)) throw this.stopped(this.memoryWords, stack)
    const refusal = this.opening?.refuse(`The program cannot be run here: ${name}: ${message}`) ?? new Error(message)
    refusal.stack = this.placed(refusal.message, stack)
    throw refusal
  }

  private stopped(message: string, guestStack = ''): Error {
    const error = this.opening?.refuse(message) ?? new Error(message)
    Object.defineProperty(error, 'name', { value: 'Stopped' })
    error.stack = this.placed(`Stopped: ${message}`, guestStack)
    return error
  }

  /** A stack as Node writes it, in the learner's own lines. */
  private placed(heading: string, guestStack: string): string {
    const frames = guestStack
      .slice(0, 20_000)
      .split('\n')
      .flatMap((line) => {
        const at = /^\s*at (?:(.*?) )?\(?exercise\.ts:(\d+):(\d+)\)?$/.exec(line)
        if (!at) return []
        const found = originalPositionFor(this.map, { line: Number(at[2]), column: Math.max(0, Number(at[3]) - 1) })
        return found.line === null
          ? []
          : [`    at ${at[1] ?? '<anonymous>'} (${this.subject}:${found.line}:${found.column + 1})`]
      })
    return [heading, ...frames].join('\n')
  }
}

/**
 * The time that the learner's code takes. It is up when the process has worked so long: on a machine that is busy elsewhere, the honest wait for their
 * turn. Whoever sleeps gets three times as much.
 */
class Clock {
  private readonly lesson = new Stopwatch()
  private test = new Stopwatch()

  constructor(private readonly limits: SandboxLimits) {}

  nextTest(): void {
    this.test = new Stopwatch()
  }

  begin(): void {
    this.lesson.begin()
    this.test.begin()
  }

  end(): void {
    this.lesson.end()
    this.test.end()
  }

  isUp(): boolean {
    return this.test.isOver(this.limits.testMs) || this.lesson.isOver(this.limits.lessonMs)
  }

  words(): string {
    const { testMs, lessonMs } = this.limits
    return this.test.isOver(testMs)
      ? `This test did not end within ${testMs / 1000} s and was stopped. Is there a loop whose condition never becomes false?`
      : `The lesson took more than ${lessonMs / 1000} s altogether and was stopped.`
  }
}

/** Runs while the guest does; knows how long that was, and how much the process has worked since it was made. */
class Stopwatch {
  private readonly worked = process.cpuUsage()
  private spent = 0
  private began: number | undefined

  begin(): void {
    this.began = performance.now()
  }

  end(): void {
    this.spent = this.wall()
    this.began = undefined
  }

  private wall(): number {
    return this.spent + (this.began === undefined ? 0 : performance.now() - this.began)
  }

  isOver(ms: number): boolean {
    const wall = this.wall()
    if (wall < ms) return false
    const { user, system } = process.cpuUsage(this.worked)
    return (user + system) / 1000 >= ms || wall >= 3 * ms
  }
}

/** object-inspect, as a script that leaves its function on the guest's global object. */
function inspectorText(): string {
  const text = readFileSync(require.resolve('object-inspect'), 'utf8')
  // It asks Node's own inspect for objects that say how they are shown; here they are asked themselves.
  const util = 'Object.assign((value) => value[custom](), { custom })'
  return `globalThis.gradusInspect = (function (module, require) {${text}\nreturn module.exports})({}, () => { const custom = Symbol.for('nodejs.util.inspect.custom'); return ${util} })`
}

// The Jest environment of a grading run: waits with everything loaded until it is known whom to judge, tells the suite which file that is, starts the
// clock when the learner's code begins, and reports each test at once.
import { Console } from 'node:console'
import { statSync } from 'node:fs'
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment'
import type { Circus } from '@jest/types'
import { TestEnvironment } from 'jest-environment-node'
import { type Job, send } from './channel'
import type { Batch } from './judgeEach'
import { Telling } from './telling'

/** What the process that runs Jest lays out for its environments. */
export interface Bench {
  /** Told of each environment that has loaded everything and waits for its jobs. */
  arrived(environment: JudgingEnvironment): void
  /** When the learner's code began, and how many files have been loaded: see the watchdog. */
  clock: Float64Array
}
declare global {
  var gradusBench: Bench | undefined
  /** Inside Jest: answers once there are jobs. */
  var gradusGate: (() => Promise<void>) | undefined
}

export default class JudgingEnvironment extends TestEnvironment {
  private readonly clock: Float64Array
  /** Unknown as long as nobody is judged. */
  private telling: Telling | undefined
  /** The kit's files that were loaded while nobody was judged yet, and when each was changed last. */
  private readonly loaded = new Map<string, number>()
  private open: (() => void) | undefined

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context)
    const bench = globalThis.gradusBench as Bench
    this.clock = bench.clock
    this.clock[0] = 0
    this.global.gradusGate = () =>
      new Promise((resolve) => {
        this.open = resolve
        bench.arrived(this)
      })
  }

  /** Ending the process would end the grading of everything else: an exception has a place, and costs one test. */
  override async setup(): Promise<void> {
    await super.setup()
    const { process } = this.global
    process.exit = (code) => {
      throw new Error(`process.exit(${code ?? ''}) would end the grading: return the answer instead.`)
    }
  }

  loads(file: string): void {
    if (!this.telling) this.loaded.set(file, changedAt(file))
  }

  /** Whether all that was loaded is what stands on the disk now. */
  isFresh(): boolean {
    return [...this.loaded].every(([file, at]) => changedAt(file) === at)
  }

  /** From now on it is known whom this run judges. */
  begin(jobs: Job[]): void {
    const telling = new Telling(jobs)
    const judge: Batch = {
      jobs,
      subject: telling.current?.subject,
      loading: () => {
        telling.loading(judge.subject)
        this.clock[0] = Date.now()
        this.clock[1] = (this.clock[1] ?? 0) + 1
      },
    }
    if (jobs.some(({ draws }) => draws))
      judge.drawn = (task, drawing) => send({ type: 'drawn', job: telling.current.id, task, drawing })
    this.telling = telling
    this.global.console = new Console(telling.printed)
    this.global.gradusJudge = judge
    this.open?.()
  }

  handleTestEvent(event: Circus.Event, state: Circus.State): void {
    // Nobody is judged yet: what an earlier lesson has left behind must not be the fault of the next one.
    if (event.name === 'error' && !this.telling) process.exit(2)
    // Once the learner's code has begun, each event starts the clock anew: a timer or a promise of theirs may also run between two tests.
    if (this.clock[0] !== 0) this.clock[0] = Date.now()
    this.telling?.hear(event, state)
  }
}

function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.ctimeMs ?? 0
}

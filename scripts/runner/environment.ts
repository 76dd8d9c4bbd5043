// The Jest environment of a grading run: tells the suite which file to judge, starts the clock when the learner's code begins, and reports each test at once.
import { Console } from 'node:console'
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment'
import type { Circus } from '@jest/types'
import { TestEnvironment } from 'jest-environment-node'
import { type Job, send } from './channel'
import type { Batch } from './judgeEach'
import { Telling } from './telling'

/** What the process that runs Jest lays out for its environments. */
export interface Bench {
  /** By the test file that judges them. */
  jobs: Map<string, Job[]>
  /** When the learner's code began, and how many files have been loaded: see the watchdog. */
  clock: Float64Array
}
declare global {
  var gradusBench: Bench | undefined
}

export default class JudgingEnvironment extends TestEnvironment {
  private readonly jobs: Job[]
  private readonly clock: Float64Array
  private readonly judge: Batch
  private readonly telling: Telling

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context)
    const bench = globalThis.gradusBench as Bench
    this.clock = bench.clock
    this.clock[0] = 0
    this.jobs = bench.jobs.get(context.testPath) as Job[]
    this.telling = new Telling(this.jobs)
    this.judge = { jobs: this.jobs, subject: this.telling.current.subject, loading: () => this.loading() }
    if (this.jobs.some(({ draws }) => draws))
      this.judge.drawn = (task, drawing) => send({ type: 'drawn', job: this.telling.current.id, task, drawing })
    this.global.gradusJudge = this.judge
  }

  /** Ending the process would end the grading of everything else: an exception has a place, and costs one test. */
  override async setup(): Promise<void> {
    await super.setup()
    const { process } = this.global
    process.exit = (code) => {
      throw new Error(`process.exit(${code ?? ''}) would end the grading: return the answer instead.`)
    }
    this.global.console = new Console(this.telling.printed)
  }

  private loading(): void {
    this.telling.loading(this.judge.subject)
    this.clock[0] = Date.now()
    this.clock[1] = (this.clock[1] ?? 0) + 1
  }

  handleTestEvent(event: Circus.Event, state: Circus.State): void {
    // Once the learner's code has begun, each event starts the clock anew: a timer or a promise of theirs may also run between two tests.
    if (this.clock[0] !== 0) this.clock[0] = Date.now()
    this.telling.hear(event, state)
  }
}

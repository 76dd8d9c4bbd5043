// The Jest environment of a grading run: tells the suite which file to judge, starts the clock when the learner's code begins, and reports each test at once.
import { Console } from 'node:console'
import { statSync } from 'node:fs'
import { Writable } from 'node:stream'
import { format } from 'node:util'
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment'
import type { Circus } from '@jest/types'
import { TestEnvironment } from 'jest-environment-node'
import { type Job, outputLimit, send } from './channel'
import type { Batch } from './judgeEach'
import { type DeclaredTest, testOutcome } from './outcome'

/** What the process that runs Jest lays out for its environments. */
export interface Bench {
  /** By the test file that judges them, as far as they are known beforehand. */
  jobs: Map<string, Job[]>
  /** Where they are not: told of each environment that has loaded everything and waits for its jobs. */
  arrived?(environment: JudgingEnvironment): void
  /** When the learner's code began, and how many files have been loaded: see the watchdog. */
  clock: Float64Array
}
declare global {
  var gradusBench: Bench | undefined
  /** Inside Jest: answers once there are jobs. */
  var gradusGate: (() => Promise<void>) | undefined
}

export default class JudgingEnvironment extends TestEnvironment {
  private jobs: Job[] = []
  private readonly clock: Float64Array
  private judge: Batch | undefined
  /** The tests of each job, by its id. */
  private readonly tests = new Map<string, Circus.TestEntry[]>()
  /** Whose code runs, or ran last. */
  private current!: Job
  private open: (() => void) | undefined
  /** The kit's files that were loaded while nobody was judged yet, and when each was changed last. */
  private readonly loaded = new Map<string, number>()

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context)
    const bench = globalThis.gradusBench as Bench
    this.clock = bench.clock
    this.clock[0] = 0
    const jobs = bench.jobs.get(context.testPath)
    if (jobs) this.begin(jobs)
    else
      this.global.gradusGate = () =>
        new Promise((resolve) => {
          this.open = resolve
          bench.arrived?.(this)
        })
  }

  /** From now on it is known whom this run judges. */
  begin(jobs: Job[]): void {
    this.jobs = jobs
    this.current = jobs[0] as Job
    this.judge = { jobs, subject: this.current?.subject, loading: () => this.loading() }
    if (jobs.some(({ draws }) => draws))
      this.judge.drawn = (task, drawing) => send({ type: 'drawn', job: this.current.id, task, drawing })
    this.global.gradusJudge = this.judge
    this.open?.()
  }

  loads(file: string): void {
    if (!this.judge) this.loaded.set(file, changedAt(file))
  }

  /** Whether all that was loaded is what stands on the disk now. */
  isFresh(): boolean {
    return [...this.loaded].every(([file, at]) => changedAt(file) === at)
  }

  /** Ending the process would end the grading of everything else: an exception has a place, and costs one test. */
  override async setup(): Promise<void> {
    await super.setup()
    const { process } = this.global
    process.exit = (code) => {
      throw new Error(`process.exit(${code ?? ''}) would end the grading: return the answer instead.`)
    }
    this.global.console = new Console(this.printed)
  }

  private loading(): void {
    this.current = this.jobs.find(({ subject }) => subject === this.judge?.subject) as Job
    send({ type: 'loading', job: this.current.id })
    this.clock[0] = Date.now()
    this.clock[1] = (this.clock[1] ?? 0) + 1
  }

  handleTestEvent(event: Circus.Event, state: Circus.State): void {
    // Nobody is judged yet: what an earlier lesson has left behind must not be the fault of the next one.
    if (event.name === 'error' && !this.judge) process.exit(2)
    // Once the learner's code has begun, each event starts the clock anew: a timer or a promise of theirs may also run between two tests.
    if (this.clock[0] !== 0) this.clock[0] = Date.now()
    if (event.name === 'run_start') this.declare(state.rootDescribeBlock)
    if (event.name === 'test_fn_start') this.start(event.test)
    if (event.name === 'test_fn_failure') event.test.errors = event.test.errors.map(tamed)
    if (event.name === 'test_done') this.finish(event.test)
    if (event.name === 'run_describe_finish') this.finishJob(event.describeBlock)
  }

  private declare(root: Circus.DescribeBlock): void {
    for (const job of this.jobs) {
      const tests = testsOf(this.blockOf(job, root))
      this.tests.set(job.id, tests)
      send({ type: 'declared', job: job.id, tests: tests.map(declared) })
    }
  }

  /** The block that holds a job's tests: one that bears its id where a file judges several, else the whole file. */
  private blockOf(job: Job, root: Circus.DescribeBlock): Circus.DescribeBlock {
    return (root.children.find((child) => child.type === 'describeBlock' && child.name === job.id) ??
      root) as typeof root
  }

  private start(test: Circus.TestEntry): void {
    this.current = this.jobs.find(({ id }) => this.tests.get(id)?.includes(test)) as Job
    send({ type: 'started', job: this.current.id, test: this.numberOf(test) })
  }

  private finish(test: Circus.TestEntry): void {
    const [first] = test.errors
    const failure = test.errors.length > 0 ? { error: Array.isArray(first) ? first[0] : first } : undefined
    const { id, subject, shown } = this.current
    const outcome = testOutcome(declared(test), failure, test.duration ?? 0, subject, shown)
    send({ type: 'tested', job: id, test: this.numberOf(test), outcome })
  }

  private numberOf(test: Circus.TestEntry): number {
    return (this.tests.get(this.current.id) as Circus.TestEntry[]).indexOf(test)
  }

  private finishJob(block: Circus.DescribeBlock): void {
    const root = block.parent === undefined
    const job =
      this.jobs.find(({ id }) => id === block.name) ?? (root && this.jobs.length === 1 ? this.jobs[0] : undefined)
    if (job) send({ type: 'finished', job: job.id })
  }

  /** Told at once, so that it is seen when the next statement never ends, and no more of it than anyone reads, so that printing costs no time. */
  private printedSoFar = 0
  private readonly printed = new Writable({
    decodeStrings: false,
    write: (text: string, _, done) => {
      if (this.printedSoFar < outputLimit)
        send({ type: 'printed', job: this.current.id, text: text.slice(0, outputLimit) })
      this.printedSoFar += text.length
      done()
    },
  })
}

function changedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.ctimeMs ?? 0
}

/** Jest reads a failure too, and would itself fail with what a getter throws. */
function tamed(failure: Circus.TestEntry['errors'][number]): Circus.TestEntry['errors'][number] {
  const error = Array.isArray(failure) ? failure[0] : failure
  try {
    format(error?.name, error?.message, error?.stack, String(error))
    return failure
  } catch {
    return new Error('What was thrown cannot be read: reading it throws again.')
  }
}

function testsOf(block: Circus.DescribeBlock): Circus.TestEntry[] {
  return block.children.flatMap((child) => (child.type === 'test' ? [child] : testsOf(child)))
}

function declared(test: Circus.TestEntry): DeclaredTest {
  return { task: test.parent.name === 'ROOT_DESCRIBE_BLOCK' ? '' : test.parent.name, title: test.name }
}

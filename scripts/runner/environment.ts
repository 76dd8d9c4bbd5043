// The Jest environment of a grading run: tells the suite which file to judge, starts the clock when the learner's code begins, and reports each test at once.
import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { format } from 'node:util'
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment'
import type { Circus } from '@jest/types'
import { TestEnvironment } from 'jest-environment-node'
import type { Judge } from '../lesson'
import { type Job, outputLimit, send } from './channel'
import { type DeclaredTest, testOutcome } from './outcome'

/** What the process that runs Jest lays out for its environments. */
export interface Bench {
  jobs: Map<string, Job>
  /** When the learner's code began, and how many files have been loaded: see the watchdog. */
  clock: Float64Array
}
declare global {
  var gradusBench: Bench | undefined
}

export default class JudgingEnvironment extends TestEnvironment {
  private readonly job: Job
  private readonly clock: Float64Array
  private tests: Circus.TestEntry[] = []

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context)
    const bench = globalThis.gradusBench as Bench
    this.clock = bench.clock
    this.clock[0] = 0
    this.job = bench.jobs.get(context.testPath) as Job
    const judge: Judge = { subject: this.job.subject, loading: () => this.loading() }
    const { id, draws } = this.job
    if (draws) judge.drawn = (task, drawing) => send({ type: 'drawn', job: id, task, drawing })
    this.global.gradusJudge = judge
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
    send({ type: 'loading', job: this.job.id })
    this.clock[0] = Date.now()
    this.clock[1] = (this.clock[1] ?? 0) + 1
  }

  handleTestEvent(event: Circus.Event, state: Circus.State): void {
    // Once the learner's code has begun, each event starts the clock anew: a timer or a promise of theirs may also run between two tests.
    if (this.clock[0] !== 0) this.clock[0] = Date.now()
    if (event.name === 'run_start') this.declare(state)
    if (event.name === 'test_fn_start') this.start(event.test)
    if (event.name === 'test_fn_failure') event.test.errors = event.test.errors.map(tamed)
    if (event.name === 'test_done') this.finish(event.test)
    if (event.name === 'run_finish') send({ type: 'finished', job: this.job.id })
  }

  private declare(state: Circus.State): void {
    this.tests = testsOf(state.rootDescribeBlock)
    send({ type: 'declared', job: this.job.id, tests: this.tests.map(declared) })
  }

  private start(test: Circus.TestEntry): void {
    send({ type: 'started', job: this.job.id, test: this.tests.indexOf(test) })
  }

  private finish(test: Circus.TestEntry): void {
    const [first] = test.errors
    const failure = test.errors.length > 0 ? { error: Array.isArray(first) ? first[0] : first } : undefined
    const outcome = testOutcome(declared(test), failure, test.duration ?? 0, this.job.subject, this.job.shown)
    send({ type: 'tested', job: this.job.id, test: this.tests.indexOf(test), outcome })
  }

  /** Told at once, so that it is seen when the next statement never ends, and no more of it than anyone reads, so that printing costs no time. */
  private printedSoFar = 0
  private readonly printed = new Writable({
    decodeStrings: false,
    write: (text: string, _, done) => {
      if (this.printedSoFar < outputLimit) send({ type: 'printed', job: this.job.id, text: text.slice(0, outputLimit) })
      this.printedSoFar += text.length
      done()
    },
  })
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

// The Jest environment of a grading run: tells the suite which file to judge, starts the clock when the learner's code begins, and reports each test at once.
import type { BufferedConsole } from '@jest/console'
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment'
import type { Circus } from '@jest/types'
import { TestEnvironment } from 'jest-environment-node'
import type { Judge } from '../lesson'
import { type Job, send } from './channel'
import { type DeclaredTest, testOutcome } from './outcome'

/** What the process that runs Jest lays out for its environments. */
export interface Bench {
  jobs: Map<string, Job>
  began: Float64Array
}
declare global {
  var gradusBench: Bench | undefined
}

export default class JudgingEnvironment extends TestEnvironment {
  private readonly job: Job
  private readonly began: Float64Array
  private tests: Circus.TestEntry[] = []

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context)
    const bench = globalThis.gradusBench as Bench
    this.began = bench.began
    this.job = bench.jobs.get(context.testPath) as Job
    const judge: Judge = { subject: this.job.subject, loading: () => this.loading() }
    this.global.gradusJudge = judge
  }

  private loading(): void {
    send({ type: 'loading', job: this.job.id })
    this.began[0] = Date.now()
  }

  handleTestEvent(event: Circus.Event, state: Circus.State): void {
    if (event.name === 'run_start') this.declare(state)
    if (event.name === 'test_fn_start') this.start(event.test)
    if (event.name === 'test_fn_success' || event.name === 'test_fn_failure') this.began[0] = 0
    if (event.name === 'test_done') this.finish(event.test)
    if (event.name === 'run_finish') send({ type: 'finished', job: this.job.id, output: this.printed() })
  }

  private declare(state: Circus.State): void {
    this.began[0] = 0
    this.tests = testsOf(state.rootDescribeBlock)
    send({ type: 'declared', job: this.job.id, tests: this.tests.map(declared) })
  }

  private start(test: Circus.TestEntry): void {
    send({ type: 'started', job: this.job.id, test: this.tests.indexOf(test) })
    this.began[0] = Date.now()
  }

  private finish(test: Circus.TestEntry): void {
    const error = test.errors.map((each) => (Array.isArray(each) ? (each[0] ?? each[1]) : each))[0]
    const outcome = testOutcome(declared(test), error, test.duration ?? 0, this.job.subject, this.job.shown)
    send({ type: 'tested', job: this.job.id, test: this.tests.indexOf(test), outcome })
  }

  /** What the learner's code wrote with console.log, as Jest buffered it. */
  private printed(): string {
    const { getBuffer } = this.global.console as Partial<BufferedConsole>
    return (getBuffer?.call(this.global.console) ?? []).map(({ message }) => message).join('\n')
  }
}

function testsOf(block: Circus.DescribeBlock): Circus.TestEntry[] {
  return block.children.flatMap((child) => (child.type === 'test' ? [child] : testsOf(child)))
}

function declared(test: Circus.TestEntry): DeclaredTest {
  return { task: test.parent.name === 'ROOT_DESCRIBE_BLOCK' ? '' : test.parent.name, title: test.name }
}

// Tells of a run of suites as it goes on: what they declare, which test has begun, how each ended, and what was printed. Fed with Jest's own events.
import { Writable } from 'node:stream'
import { format } from 'node:util'
import type { Circus } from '@jest/types'
import { type Job, outputLimit, send } from './channel'
import { type DeclaredTest, testOutcome } from './outcome'

export class Telling {
  /** The tests of each job, by its id. */
  private readonly tests = new Map<string, Circus.TestEntry[]>()
  private printedSoFar = 0

  /** `current` is the job whose code runs, or ran last. */
  constructor(
    private readonly jobs: Job[],
    public current = jobs[0] as Job,
  ) {}

  loading(subject: string | undefined): void {
    this.current = this.jobs.find((job) => job.subject === subject) as Job
    send({ type: 'loading', job: this.current.id })
  }

  hear(event: Circus.Event, state: Circus.State): void {
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
  print(text: string): void {
    if (this.printedSoFar < outputLimit)
      send({ type: 'printed', job: this.current.id, text: text.slice(0, outputLimit) })
    this.printedSoFar += text.length
  }

  /** For a console. */
  readonly printed = new Writable({
    decodeStrings: false,
    write: (text: string, _, done) => {
      this.print(text)
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

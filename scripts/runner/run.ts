// Runs suites in processes that are watched: whatever a learner's file does, every job gets an outcome, and the others go on.
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { Drawing } from '../drawings'
import { type Job, type JobMessage, type Limits, outputLimit } from './channel'
import {
  type Cause,
  type DeclaredTest,
  describeCause,
  type LessonOutcome,
  lessonOutcome,
  notRun,
  plainText,
  type TestOutcome,
} from './outcome'
import { type Death, SuiteProcess } from './process'

/** Where processes that run suites come from, and where they go after a round. */
export interface Processes {
  /** Whether a process is used for more than one round. */
  again?: boolean
  take(memoryMegabytes: number): SuiteProcess
  /** Hands back a process that is alive. */
  giveBack(process: SuiteProcess): void
}

export interface RunOptions extends Partial<Limits> {
  /** Told of each job as it begins, and as it ends, for progress. */
  onBegin?(job: Job): void
  onEnd?(job: Job, outcome: LessonOutcome): void
  /** Told of the graph that a learner's function built, for jobs that draw. */
  onDrawing?(task: string, drawing: Drawing): void
  processes?: Processes
  /** Ends the run: the process is killed, and `runJobs` throws the signal's reason. */
  signal?: AbortSignal
}

/** What has been heard of a job so far. */
interface Heard {
  declared?: DeclaredTest[]
  loading: boolean
  running?: number
  tests: (TestOutcome | undefined)[]
  output: string
  finished: boolean
}

export const limits: Limits = { limitMs: 4000, memoryMegabytes: 1024 }

/** A process for each run. */
const oneShot: Processes = {
  take: (memoryMegabytes) => new SuiteProcess(memoryMegabytes),
  giveBack: (process) => process.end(),
}

/** Outcomes by job id, in the order of the jobs. */
export async function runJobs(jobs: Job[], options: RunOptions = {}): Promise<Map<string, LessonOutcome>> {
  const { limitMs = limits.limitMs, memoryMegabytes = limits.memoryMegabytes } = options
  const limited: Limits = { limitMs, memoryMegabytes }
  const outcomes = new Map<string, LessonOutcome>()
  for (const job of jobs) if (!existsSync(job.testFile)) outcomes.set(job.id, withoutSuite(job))
  let remaining = jobs.filter((job) => !outcomes.has(job.id))
  while (remaining.length > 0) {
    const heard = await runRound(remaining, limited, outcomes, options)
    const left = remaining.filter((job) => !outcomes.has(job.id))
    const current = left.find((job) => job === heard.current)
    if (left.length === remaining.length && !current)
      throw new Error(`The process that runs the suites could not start (${heard.death.exit}). ${heard.stderr}`)
    const culprit = heard.death.frames ? stoppedIn(remaining, heard) : current
    if (culprit) {
      const record = heard.jobs.get(culprit.id) as Heard
      record.declared ??= await declaredTests(culprit, limited, options)
      outcomes.set(culprit.id, cutShort(culprit, record, heard.death, limited))
    }
    remaining = left.filter((job) => job !== culprit)
  }
  return new Map(jobs.map((job) => [job.id, outcomes.get(job.id) as LessonOutcome]))
}

/** The tests that a suite declares, learnt without running the learner's file, which did not even load. */
async function declaredTests(job: Job, limited: Limits, { processes, signal }: RunOptions): Promise<DeclaredTest[]> {
  const nobody = { ...job, id: `${job.id} declared`, subject: `${job.subject}.none` }
  const heard = await runRound([nobody], limited, new Map(), { processes, signal })
  return heard.jobs.get(nobody.id)?.declared ?? []
}

interface RoundRun {
  jobs: Map<string, Heard>
  /** Whose code ran last. */
  current?: Job
  death: Death
  stderr: string
}

/** Runs `jobs` in one process, fills in the outcomes of those that it finishes, and tells what it had heard of the others when it ended. */
async function runRound(
  jobs: Job[],
  limited: Limits,
  outcomes: Map<string, LessonOutcome>,
  { onBegin, onEnd, onDrawing, processes = oneShot, signal }: RunOptions,
): Promise<RoundRun> {
  signal?.throwIfAborted()
  const process = processes.take(limited.memoryMegabytes)
  const kill = () => process.kill()
  signal?.addEventListener('abort', kill)
  const known = new Map<string, Heard>()
  const byId = new Map(jobs.map((job) => [job.id, job]))
  let current: Job | undefined
  const death = await process.run(
    { jobs, again: processes.again, ...limited },
    {
      heard(message) {
        const job = byId.get(message.job) as Job
        const heard = known.get(job.id) ?? { loading: false, tests: [], output: '', finished: false }
        if (!known.has(job.id)) {
          known.set(job.id, heard)
          onBegin?.(job)
        }
        if (message.type !== 'declared') current = job
        if (message.type === 'drawn') onDrawing?.(message.task, message.drawing)
        hear(job, heard, message, outcomes)
        if (message.type === 'finished') onEnd?.(job, outcomes.get(job.id) as LessonOutcome)
      },
      wrote(text) {
        const heard = current && known.get(current.id)
        if (heard) heard.output = (heard.output + text).slice(0, outputLimit)
      },
    },
  )
  signal?.removeEventListener('abort', kill)
  signal?.throwIfAborted()
  if (!death) processes.giveBack(process)
  return { jobs: known, current, death: death ?? { outOfMemory: false, exit: '' }, stderr: process.stderr }
}

function hear(job: Job, heard: Heard, message: JobMessage, outcomes: Map<string, LessonOutcome>): void {
  switch (message.type) {
    case 'loading':
      heard.loading = true
      break
    case 'declared':
      heard.declared = message.tests
      heard.loading = false
      break
    case 'started':
      heard.running = message.test
      break
    case 'tested':
      heard.tests[message.test] = message.outcome
      heard.running = undefined
      break
    case 'printed':
      heard.output = (heard.output + message.text).slice(0, outputLimit)
      break
    case 'finished':
      outcomes.set(job.id, lessonOutcome(job.lesson, allTests(heard), plainText(heard.output, outputLimit)))
      break
    case 'broken':
      outcomes.set(job.id, {
        ...lessonOutcome(job.lesson, []),
        status: 'error',
        message: `The suite of ${job.lesson} could not run: ${plainText(message.message)}`,
      })
      break
  }
}

function allTests(heard: Heard): TestOutcome[] {
  return (heard.declared ?? []).map((declared, i) => heard.tests[i] ?? notRun(declared))
}

/** Whose code it was that had to be stopped: what one lesson left running may come to light before or under the next, which then is graded again. */
function stoppedIn(jobs: Job[], { jobs: heard, current, death }: RoundRun): Job | undefined {
  const subject = death.frames?.[0]?.subject
  return jobs.find((job) => job.subject === subject && heard.has(job.id)) ?? current
}

function withoutSuite(job: Job): LessonOutcome {
  const file = basename(job.testFile)
  const message = `The suite exercises/${file} is missing. \`git checkout -- exercises/${file}\` brings it back.`
  return { ...lessonOutcome(job.lesson, []), status: 'error', message }
}

/** The outcome of a job whose process ended under it. */
function cutShort(job: Job, heard: Heard, death: Death, limited: Limits): LessonOutcome {
  const cause = causeOfDeath(job, heard, death, limited)
  const message = describeCause(cause)
  const tests = allTests(heard).map((test, i) =>
    i === heard.running ? { ...test, status: 'failed' as const, message, cause } : test,
  )
  const status = death.outOfMemory ? 'out-of-memory' : death.frames ? 'timeout' : 'error'
  return { ...lessonOutcome(job.lesson, tests, plainText(heard.output, outputLimit)), status, message }
}

function causeOfDeath(job: Job, heard: Heard, death: Death, { limitMs, memoryMegabytes }: Limits): Cause {
  const what =
    heard.running !== undefined ? 'This test' : heard.loading ? `Loading ${job.shown}` : 'What a test left running'
  const frame = death.frames?.[0]
  const place = frame && { file: job.shown, line: frame.line, column: frame.column }
  const where = frame?.functionName ? ` It was in \`${frame.functionName}\`.` : ''
  const message = death.outOfMemory
    ? `${what} used more than ${memoryMegabytes} MB of memory and was stopped.${where}`
    : death.frames
      ? `${what} did not end within ${limitMs / 1000} s and was stopped. Is there a loop whose condition never becomes false?${where}`
      : `${what} ended the whole process (${death.exit}).`
  return { kind: 'endless', message, place }
}

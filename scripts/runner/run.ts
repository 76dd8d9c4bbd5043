// Runs suites in a child process that is watched: whatever a learner's file does, every job gets an outcome, and the others go on.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { kitRoot } from '../course'
import { channelDescriptor, type Frame, type Job, type Message } from './channel'
import type { ChildInput } from './child'
import {
  type Cause,
  type DeclaredTest,
  describeCause,
  type LessonOutcome,
  lessonOutcome,
  notRun,
  type TestOutcome,
} from './outcome'

export interface RunOptions {
  /** Where test files stand that are not in the kit's own exercises/. */
  folders?: string[]
  /** How long one test, or loading one file, may take. */
  limitMs?: number
  /** Told of each lesson as it begins, for progress. */
  onLesson?(job: Job): void
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

/** How a child ended that did not finish its jobs. */
interface Death {
  frames?: Frame[]
  outOfMemory: boolean
  exit: string
}

const defaultLimitMs = 4000
const memoryMegabytes = 1024
const outputLimit = 20_000

/** Outcomes by job id, in the order of the jobs. */
export async function runJobs(jobs: Job[], options: RunOptions = {}): Promise<Map<string, LessonOutcome>> {
  const outcomes = new Map<string, LessonOutcome>()
  let remaining = jobs
  while (remaining.length > 0) {
    const heard = await runChild(remaining, options, outcomes)
    const left = remaining.filter((job) => !outcomes.has(job.id))
    const culprit = left.find((job) => heard.jobs.has(job.id))
    if (left.length === remaining.length && !culprit)
      throw new Error(`The process that runs the suites could not start: ${heard.stderr}`)
    if (culprit) {
      const record = heard.jobs.get(culprit.id) as Heard
      record.declared ??= await declaredTests(culprit, options)
      outcomes.set(culprit.id, cutShort(culprit, record, heard.death, options.limitMs ?? defaultLimitMs))
    }
    remaining = left.filter((job) => job !== culprit)
  }
  return new Map(jobs.map((job) => [job.id, outcomes.get(job.id) as LessonOutcome]))
}

/** The tests that a suite declares, learnt without running the learner's file, which did not even load. */
async function declaredTests(job: Job, options: RunOptions): Promise<DeclaredTest[]> {
  const nobody = { ...job, id: `${job.id} declared`, subject: `${job.subject}.none` }
  const heard = await runChild([nobody], options, new Map())
  return heard.jobs.get(nobody.id)?.declared ?? []
}

interface ChildRun {
  jobs: Map<string, Heard>
  death: Death
  stderr: string
}

/** Starts one child on `jobs`, fills in the outcomes of those that it finishes, and tells what it had heard of the others when it ended. */
function runChild(jobs: Job[], options: RunOptions, outcomes: Map<string, LessonOutcome>): Promise<ChildRun> {
  const input: ChildInput = { folders: options.folders ?? [], jobs, limitMs: options.limitMs ?? defaultLimitMs }
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${memoryMegabytes}`, require.resolve('../gradus.js'), 'runner/child'],
    {
      cwd: kitRoot,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    },
  )
  const stop = endWith(child)
  const run: ChildRun = { jobs: new Map(), death: { outOfMemory: false, exit: '' }, stderr: '' }
  const byId = new Map(jobs.map((job) => [job.id, job]))
  const alarm = outerDeadline(child, input.limitMs)

  child.stdin?.on('error', () => {}).end(JSON.stringify(input))
  child.stderr?.on('data', (data) => {
    run.stderr = (run.stderr + data).slice(-outputLimit)
  })
  let current: Heard | undefined
  child.stdout?.on('data', (data) => {
    if (current) current.output = (current.output + data).slice(0, outputLimit)
  })
  const lines = createInterface({ input: child.stdio[channelDescriptor] as Readable })
  lines.on('line', (line) => {
    const message = JSON.parse(line) as Message
    alarm.heard(message)
    if (message.type === 'endless') {
      run.death.frames = message.frames
      return
    }
    const job = byId.get(message.job) as Job
    const heard = run.jobs.get(job.id) ?? { loading: false, tests: [], output: '', finished: false }
    if (!run.jobs.has(job.id)) {
      run.jobs.set(job.id, heard)
      options.onLesson?.(job)
    }
    current = heard
    hear(job, heard, message, outcomes)
  })

  return new Promise((resolve, reject) => {
    child.on('error', reject)
    let open = 2
    const end = () => {
      if (--open > 0) return
      alarm.clear()
      stop.clear()
      resolve(run)
    }
    lines.on('close', end)
    child.on('close', (code, signal) => {
      run.death.outOfMemory = /heap out of memory|Allocation failed/.test(run.stderr)
      run.death.exit = signal ? `signal ${signal}` : `exit code ${code}`
      end()
    })
  })
}

function hear(
  job: Job,
  heard: Heard,
  message: Exclude<Message, { type: 'endless' }>,
  outcomes: Map<string, LessonOutcome>,
): void {
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
    case 'finished':
      heard.output = [heard.output, message.output].filter(Boolean).join('\n').slice(0, outputLimit)
      outcomes.set(job.id, lessonOutcome(job.lesson, allTests(heard), heard.output))
      break
    case 'broken':
      outcomes.set(job.id, {
        ...lessonOutcome(job.lesson, []),
        status: 'error',
        message: `The suite of ${job.lesson} could not run: ${message.message}`,
      })
      break
  }
}

function allTests(heard: Heard): TestOutcome[] {
  return (heard.declared ?? []).map((declared, i) => heard.tests[i] ?? notRun(declared))
}

/** The outcome of a job whose process ended under it. */
function cutShort(job: Job, heard: Heard, death: Death, limitMs: number): LessonOutcome {
  const cause = causeOfDeath(job, heard, death, limitMs)
  const message = describeCause(cause)
  const tests = allTests(heard).map((test, i) =>
    i === heard.running ? { ...test, status: 'failed' as const, message, cause } : test,
  )
  const status = death.frames ? 'timeout' : death.outOfMemory ? 'out-of-memory' : 'error'
  return { ...lessonOutcome(job.lesson, tests, heard.output), status, message }
}

function causeOfDeath(job: Job, heard: Heard, death: Death, limitMs: number): Cause {
  const what = heard.running === undefined ? `Loading ${job.shown}` : 'This test'
  const frame = death.frames?.[0]
  const place = frame && { file: job.shown, line: frame.line, column: frame.column }
  if (death.frames) {
    const where = frame?.functionName ? ` It was in \`${frame.functionName}\`.` : ''
    const message = `${what} did not end within ${limitMs / 1000} s and was stopped. Is there a loop whose condition never becomes false?${where}`
    return { kind: 'endless', message, place }
  }
  if (death.outOfMemory)
    return {
      kind: 'endless',
      message: `${what} used more than ${memoryMegabytes} MB of memory and was stopped.`,
      place,
    }
  return {
    kind: 'endless',
    message: `${what} ended the whole process (${death.exit}). Does the code call process.exit?`,
    place,
  }
}

/** Kills a child whose own watchdog can't: nothing was heard since the learner's code began. */
function outerDeadline(child: ChildProcess, limitMs: number): { heard(message: Message): void; clear(): void } {
  let timer: NodeJS.Timeout | undefined
  const clear = () => clearTimeout(timer)
  return {
    heard(message) {
      clear()
      if (message.type === 'started' || message.type === 'loading')
        timer = setTimeout(() => child.kill('SIGKILL'), limitMs + 5000)
    },
    clear,
  }
}

/** The child must not outlive this process, however it ends. */
function endWith(child: ChildProcess): { clear(): void } {
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  return { clear: () => process.removeListener('exit', kill) }
}

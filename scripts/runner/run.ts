// Runs suites in a child process that is watched: whatever a learner's file does, every job gets an outcome, and the others go on.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { kitRoot } from '../course'
import { channelDescriptor, type Frame, type Job, type Message, outputLimit } from './channel'
import type { ChildInput } from './child'
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

export interface RunOptions {
  /** How long one test, or loading one file, may take. */
  limitMs?: number
  /** How much memory the process that runs the suites may use. */
  memoryMegabytes?: number
  /** Told of each job as it begins, and as it ends, for progress. */
  onBegin?(job: Job): void
  onEnd?(job: Job): void
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

const limits: Limits = { limitMs: 4000, memoryMegabytes: 1024 }
type Limits = Required<Pick<RunOptions, 'limitMs' | 'memoryMegabytes'>>
/** Longer than Jest ever needs to load a suite, and the engine with it, on a slow machine. */
const quietMs = 60_000

/** Outcomes by job id, in the order of the jobs. */
export async function runJobs(jobs: Job[], options: RunOptions = {}): Promise<Map<string, LessonOutcome>> {
  const { limitMs = limits.limitMs, memoryMegabytes = limits.memoryMegabytes } = options
  const limited: Limits = { limitMs, memoryMegabytes }
  const outcomes = new Map<string, LessonOutcome>()
  for (const job of jobs) if (!existsSync(job.testFile)) outcomes.set(job.id, withoutSuite(job))
  let remaining = jobs.filter((job) => !outcomes.has(job.id))
  while (remaining.length > 0) {
    const heard = await runChild(remaining, limited, outcomes, options)
    const left = remaining.filter((job) => !outcomes.has(job.id))
    const current = left.find((job) => job === heard.current)
    if (left.length === remaining.length && !current)
      throw new Error(`The process that runs the suites could not start (${heard.death.exit}). ${heard.stderr}`)
    const culprit = heard.death.frames ? stoppedIn(remaining, heard) : current
    if (culprit) {
      const record = heard.jobs.get(culprit.id) as Heard
      record.declared ??= await declaredTests(culprit, limited)
      outcomes.set(culprit.id, cutShort(culprit, record, heard.death, limited))
    }
    remaining = left.filter((job) => job !== culprit)
  }
  return new Map(jobs.map((job) => [job.id, outcomes.get(job.id) as LessonOutcome]))
}

/** The tests that a suite declares, learnt without running the learner's file, which did not even load. */
async function declaredTests(job: Job, limited: Limits): Promise<DeclaredTest[]> {
  const nobody = { ...job, id: `${job.id} declared`, subject: `${job.subject}.none` }
  const heard = await runChild([nobody], limited, new Map())
  return heard.jobs.get(nobody.id)?.declared ?? []
}

interface ChildRun {
  jobs: Map<string, Heard>
  /** Whose code ran last. */
  current?: Job
  death: Death
  stderr: string
}

/** Starts one child on `jobs`, fills in the outcomes of those that it finishes, and tells what it had heard of the others when it ended. */
function runChild(
  jobs: Job[],
  limited: Limits,
  outcomes: Map<string, LessonOutcome>,
  { onBegin, onEnd }: RunOptions = {},
): Promise<ChildRun> {
  const input: ChildInput = { jobs, ...limited }
  const child = spawn(
    process.execPath,
    // The watchdog, which can say where, should be the first to see that memory runs out.
    [`--max-old-space-size=${2 * limited.memoryMegabytes}`, require.resolve('../gradus.js'), 'runner/child'],
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
  child.stdout?.on('data', (data) => {
    const current = run.current && run.jobs.get(run.current.id)
    if (current) current.output = (current.output + data).slice(0, outputLimit)
  })
  const lines = createInterface({ input: child.stdio[channelDescriptor] as Readable })
  lines.on('line', (line) => {
    const message = JSON.parse(line) as Message
    alarm.heard(message)
    if (message.type === 'stopped') {
      run.death.frames = message.frames
      run.death.outOfMemory = message.reason === 'memory'
      return
    }
    const job = byId.get(message.job) as Job
    const heard = run.jobs.get(job.id) ?? { loading: false, tests: [], output: '', finished: false }
    if (!run.jobs.has(job.id)) {
      run.jobs.set(job.id, heard)
      onBegin?.(job)
    }
    if (message.type !== 'declared') run.current = job
    hear(job, heard, message, outcomes)
    if (message.type === 'finished') onEnd?.(job)
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
      run.death.outOfMemory ||= /heap out of memory|Allocation failed/.test(run.stderr)
      run.death.exit = signal ? `signal ${signal}` : `exit code ${code}`
      end()
    })
  })
}

function hear(
  job: Job,
  heard: Heard,
  message: Exclude<Message, { type: 'stopped' }>,
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
function stoppedIn(jobs: Job[], { jobs: heard, current, death }: ChildRun): Job | undefined {
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

/** Kills a child whose own watchdog can't: nothing was heard for too long. */
function outerDeadline(child: ChildProcess, limitMs: number): { heard(message: Message): void; clear(): void } {
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

/** The child must not outlive this process, however it ends. */
function endWith(child: ChildProcess): { clear(): void } {
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  return { clear: () => process.removeListener('exit', kill) }
}

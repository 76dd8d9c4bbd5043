// Runs the lessons of one submission in a process that can be killed, and keeps what was heard of each. Whatever happens in there costs one lesson.
import { availableParallelism, loadavg } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { Misuse } from '../course'
import { channelDescriptor, type Message, outputLimit } from '../runner/channel'
import { type Containment, startWorker } from './contain'
import type { SandboxedJob } from './judge'
import type { HeardLesson } from './report'
import type { WorkerInput } from './worker'

export interface SuperviseOptions {
  containment: Containment
  cache: string
  /** The cache is to be written: what is judged is the kit's own. */
  keeps?: boolean
  /** Told of each lesson when its account is complete. */
  onLesson(job: SandboxedJob, heard: HeardLesson): void
  /** Told how much memory a process had at most that came to its end. */
  onEnd?(megabytes: number): void
  /** Ends it all. */
  signal?: AbortSignal
}

/** Longer than Jest needs to start, and to load a suite, on a slow machine. */
const quietMs = 60_000
const megabytes = 1000

/** Runs jobs one after the other; a job under which the process ends is blamed, and the rest goes on in another. */
export async function supervise(jobs: SandboxedJob[], options: SuperviseOptions): Promise<void> {
  let remaining = jobs
  while (remaining.length > 0) {
    options.signal?.throwIfAborted()
    const { finished, current, death } = await runWorker(remaining, options)
    const left = remaining.filter((job) => !finished.has(job.id))
    if (left.length === 0) return
    const [next] = left
    if (!current && finished.size === 0)
      throw new Misuse(`The process that grades could not start. ${death.stderr.trim()}`)
    const culprit = current ?? { job: next as SandboxedJob, heard: newHeard() }
    culprit.heard.death = { status: death.status, message: death.message }
    options.onLesson(culprit.job, culprit.heard)
    remaining = left.filter((job) => job !== culprit.job)
  }
}

function newHeard(): HeardLesson {
  return { tests: new Map(), expected: new Map(), output: '', finished: false }
}

interface WorkerRun {
  finished: Set<string>
  current?: { job: SandboxedJob; heard: HeardLesson }
  death: { status: 'timeout' | 'out-of-memory' | 'error'; message: string; stderr: string }
}

function runWorker(
  jobs: SandboxedJob[],
  { containment, cache, keeps, onLesson, onEnd, signal }: SuperviseOptions,
): Promise<WorkerRun> {
  const suites = jobs.map(({ testFile }) => testFile)
  const child = startWorker({ containment, cache, keeps, suites })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  signal?.addEventListener('abort', kill)
  const input: WorkerInput = { jobs, megabytes, keeps }
  child.stdin?.on('error', () => {}).end(JSON.stringify(input))

  const run: WorkerRun = {
    finished: new Set(),
    death: { status: 'error', message: 'The program ended the process that graded it.', stderr: '' },
  }
  const known = new Map<string, HeardLesson>()
  const silenceMs = Math.max(...jobs.map(({ limits }) => limits.silenceMs))
  let timedOut = false
  let alarm: NodeJS.Timeout | undefined
  const wait = (ms: number, patience = isOverloaded() ? 3 : 1) => {
    clearTimeout(alarm)
    alarm = setTimeout(() => {
      timedOut = true
      kill()
    }, ms * patience)
  }
  wait(quietMs)

  child.stderr?.on('data', (data) => {
    run.death.stderr = (run.death.stderr + data).slice(-outputLimit)
  })
  const lines = createInterface({ input: child.stdio[channelDescriptor] as Readable })
  lines.on('line', (line) => {
    const message = JSON.parse(line) as Message
    if (message.type === 'stopped') {
      run.death.status = 'out-of-memory'
      run.death.message = `The program used more than ${megabytes} MB of memory and was stopped.`
      return
    }
    wait(message.type === 'started' || message.type === 'loading' ? silenceMs : quietMs)
    if (message.type === 'done') onEnd?.(message.megabytes)
    if (!('job' in message)) return
    const job = jobs.find(({ id }) => id === message.job)
    if (!job || run.finished.has(job.id)) return
    const heard = known.get(job.id) ?? newHeard()
    known.set(job.id, heard)
    run.current = { job, heard }
    hear(heard, message)
    if (!heard.finished) return
    run.finished.add(job.id)
    run.current = undefined
    onLesson(job, heard)
  })

  return new Promise((resolve) => {
    const closed = new Promise<void>((done) => lines.once('close', () => done()))
    const ended = new Promise<void>((done) => {
      child.once('error', (error) => {
        run.death.stderr += error.message
        done()
      })
      child.once('close', () => done())
    })
    Promise.all([closed, ended]).then(() => {
      clearTimeout(alarm)
      process.removeListener('exit', kill)
      signal?.removeEventListener('abort', kill)
      if (timedOut) {
        run.death.status = 'timeout'
        run.death.message = `The program did not end within ${silenceMs / 1000} s and was stopped.`
      }
      resolve(run)
    })
  })
}

/** Where more is running than the machine has cores for, the honest wait for their turn. */
function isOverloaded(): boolean {
  return (loadavg()[0] as number) > 2 * availableParallelism()
}

function hear(heard: HeardLesson, message: Exclude<Message, { type: 'stopped' }>): void {
  switch (message.type) {
    case 'declared':
      heard.declared ??= message.tests
      break
    case 'started':
      heard.running = message.test
      break
    case 'tested': {
      const { name, task, status, message: words, duration_ms, cause } = message.outcome
      const told = heard.tests.get(message.test) ?? []
      heard.tests.set(message.test, [
        ...told,
        { name, task, status, message: words, duration_ms, stopped: cause?.kind === 'endless', cause },
      ])
      heard.running = undefined
      break
    }
    case 'expected': {
      const test = heard.running ?? -1
      heard.expected.set(test, [...(heard.expected.get(test) ?? []), message.text])
      break
    }
    case 'printed':
      heard.output = (heard.output + message.text).slice(0, outputLimit)
      break
    case 'finished':
      heard.finished = true
      break
    case 'broken':
      heard.broken = message.message
      heard.finished = true
      break
  }
}

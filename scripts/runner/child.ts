// The process that runs Jest. It can be killed: an endless loop in it costs one lesson. Rounds of jobs come in on standard input, messages go
// out on the channel. It serves until its input ends: `npm test` sends one round, the workshop one a save.
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import { hasNew, loaded } from '../modules'
import { writeWhole } from '../write'
import { type Job, type Round, send } from './channel'
import { Jest } from './jest'
import { noteStorages, switchOffStorages } from './storages'
import type { WatchdogData, Watched } from './watchdog'

const clock = new Float64Array(new SharedArrayBuffer(16))
const workerData: WatchdogData = { clock }
const env = { ...process.env, GRADUS_CACHE: '' } // three files need not read what hundreds need
const watchdog = new Worker(require.resolve('../gradus.js'), { argv: ['runner/watchdog'], workerData, env })
watchdog.unref()

/** Whoever shows the verdict has the processor to themselves for so long. */
const seenMs = 50

main().catch((error: unknown) => {
  console.error(error)
  process.exit(2)
})

async function main(): Promise<void> {
  noteStorages()
  globalThis.gradusBench = { arrived: () => {}, clock }
  const jest = await Jest.start()
  jest.open()
  let pause: NodeJS.Timeout | undefined
  for await (const line of createInterface({ input: process.stdin })) {
    clearTimeout(pause)
    const { jobs, again, ...limits } = JSON.parse(line) as Round
    const watched: Watched = { ...limits, subjects: jobs.map((job) => job.subject) }
    watchdog.postMessage(watched)
    let isBroken = false
    for (const group of byTestFile(jobs)) {
      const message = await jest.judge(group)
      if (message === undefined) continue
      isBroken = true
      for (const { id } of group) send({ type: 'broken', job: id, message })
    }
    clock[0] = 0
    switchOffStorages()
    send({ type: 'done', clean: !isBroken && !isBusy(), megabytes: megabytes() })
    if (again)
      pause = setTimeout(() => {
        collectGarbage()
        jest.open()
      }, seenMs)
  }
  keepCompiled()
  process.exit(0)
}

/** The next process starts with what this one has compiled. */
function keepCompiled(): void {
  if (!hasNew()) return
  try {
    writeWhole(process.env.GRADUS_CACHE as string, loaded({ dated: true }))
  } catch {} // it starts all the same
}

function megabytes(): number {
  return Math.round(process.memoryUsage.rss() / 2 ** 20)
}

/** Each run leaves a whole context behind. V8 alone would let the process grow for long before it looks, and then look in the middle of a run. */
const mostGarbage = 64
let megabytesCollected = 0
function collectGarbage(): void {
  if (megabytes() < megabytesCollected + mostGarbage) return
  globalThis.gc?.()
  megabytesCollected = megabytes()
}

/** A timer that a lesson has set and nobody has cleared would go off during the next one. */
function isBusy(): boolean {
  return process.getActiveResourcesInfo().some((kind) => kind === 'Timeout' || kind === 'Immediate')
}

function byTestFile(jobs: Job[]): Job[][] {
  const files = new Map<string, Job[]>()
  for (const job of jobs) files.set(job.testFile, [...(files.get(job.testFile) ?? []), job])
  return [...files.values()]
}

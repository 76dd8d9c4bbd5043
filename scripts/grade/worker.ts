// The process that holds a submission: the suites, and a sandbox for each lesson. It is told all on standard input, reads nothing of the
// submission from the disk, and can be killed at any moment.
import { readFileSync, writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { loaded } from '../modules'
import { channelDescriptor, send } from '../runner/channel'
import { judge, type SandboxedJob } from './judge'

export interface WorkerInput {
  jobs: SandboxedJob[]
  /** How much memory the process may have. */
  megabytes: number
  /** It holds no submission, and all that it loads is kept for those that do. */
  keeps?: boolean
}

// What a lesson left behind may fail later: that is no reason to end the grading of the others.
process.on('unhandledRejection', (reason) => console.error(reason))

main(JSON.parse(readFileSync(0, 'utf8')) as WorkerInput).catch((error: unknown) => {
  setImmediate(() => {
    throw error // told by gradus.js
  })
})

async function main({ jobs, megabytes, keeps }: WorkerInput): Promise<void> {
  watchMemory(megabytes)
  for (const job of jobs) await judge(job)
  if (keeps) writeFileSync(process.env.GRADUS_CACHE as string, loaded())
  send({ type: 'done', clean: true, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) })
  process.exit(0)
}

/** Tensors live outside of QuickJS and of V8's heap: whoever makes too many ends this process, which says so first. */
function watchMemory(megabytes: number): void {
  const message = `${JSON.stringify({ type: 'stopped', reason: 'memory', frames: [] })}\n`
  const watch = `setInterval(() => {
    if (process.memoryUsage.rss() < ${megabytes * 2 ** 20}) return
    require('node:fs').writeSync(${channelDescriptor}, ${JSON.stringify(message)})
    process.kill(process.pid, 'SIGKILL')
  }, 50)`
  new Worker(watch, { eval: true }).unref()
}

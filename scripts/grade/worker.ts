// The process that holds a submission: Jest with the suites, and a sandbox for each lesson. It is told all on standard input, reads nothing of the
// submission from the disk, and can be killed at any moment.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { format } from 'node:util'
import { Worker } from 'node:worker_threads'
import { runCLI } from '@jest/core'
import type { Config } from '@jest/types'
import jestConfig from '../../jest.config'
import { kitRoot } from '../course'
import { channelDescriptor, send } from '../runner/channel'
import type { SandboxedJob } from './environment'

export interface WorkerInput {
  jobs: SandboxedJob[]
  /** How much memory the process may have. */
  megabytes: number
  /** What was compiled before. */
  cache: string
}

// What a lesson left behind may fail later: that is no reason to end the grading of the others.
process.on('unhandledRejection', (reason) => console.error(reason))

main(JSON.parse(readFileSync(0, 'utf8')) as WorkerInput).catch((error: unknown) => {
  setImmediate(() => {
    throw error // told by gradus.js
  })
})

async function main({ jobs, megabytes, cache }: WorkerInput): Promise<void> {
  watchMemory(megabytes)
  globalThis.gradusBench = {
    jobs: new Map(jobs.map((job) => [job.testFile, [job]])),
    clock: new Float64Array(2),
  }
  const argv = {
    _: jobs.map(({ testFile }) => testFile),
    $0: 'gradus',
    runTestsByPath: true,
    runInBand: true,
    watchman: false,
    verbose: false,
    reporters: [],
    testEnvironment: require.resolve('./environment.js'),
    config: JSON.stringify({
      ...jestConfig,
      cacheDirectory: join(cache, 'jest'),
      roots: [...new Set([join(kitRoot, 'engine'), ...jobs.map(({ testFile }) => dirname(testFile))])],
      testMatch: ['**/*.test.ts'],
      reporters: [],
      testSequencer: require.resolve('../runner/sequencer.js'),
      runtime: require.resolve('../runner/runtime.js'),
    }),
  } as unknown as Config.Argv
  const { results } = await runCLI(argv, [kitRoot])
  for (const { testFilePath, testExecError } of results.testResults) {
    for (const { id } of (testExecError && globalThis.gradusBench.jobs.get(testFilePath)) ?? [])
      send({ type: 'broken', job: id, message: testExecError?.message ?? format(testExecError) })
  }
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

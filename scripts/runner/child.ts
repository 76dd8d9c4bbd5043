// The process that runs Jest. It can be killed: an endless loop in it costs one lesson. Jobs come in on standard input, messages go out on the channel.
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { format } from 'node:util'
import { Worker } from 'node:worker_threads'
import { runCLI } from '@jest/core'
import type { Config } from '@jest/types'
import jestConfig from '../../jest.config'
import { kitRoot } from '../course'
import { type Job, send } from './channel'
import type { WatchdogData } from './watchdog'

export interface ChildInput {
  jobs: Job[]
  limitMs: number
  memoryMegabytes: number
}

main(JSON.parse(readFileSync(0, 'utf8')) as ChildInput).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 2
})

async function main({ jobs, ...limits }: ChildInput): Promise<void> {
  const clock = new Float64Array(new SharedArrayBuffer(16))
  const data: WatchdogData = { clock, ...limits, subjects: jobs.map((job) => job.subject) }
  const watchdog = new Worker(require.resolve('../gradus.js'), { argv: ['runner/watchdog'], workerData: data })
  watchdog.unref()
  globalThis.gradusBench = { jobs: byTestFile(jobs), clock }

  const argv = {
    _: [...globalThis.gradusBench.jobs.keys()],
    $0: 'gradus',
    runTestsByPath: true,
    runInBand: true,
    watchman: false,
    verbose: false,
    reporters: [],
    testEnvironment: require.resolve('./environment.js'),
    config: JSON.stringify({
      ...jestConfig,
      roots: [...new Set([...(jestConfig.roots ?? []), ...jobs.map(({ testFile }) => dirname(testFile))])],
      testMatch: ['**/*.test.ts'],
      reporters: [],
      testSequencer: require.resolve('./sequencer.js'),
      runtime: require.resolve('./runtime.js'),
    }),
  } as unknown as Config.Argv
  const { results } = await runCLI(argv, [kitRoot])
  for (const { testFilePath, testExecError } of results.testResults) {
    for (const job of (testExecError && globalThis.gradusBench.jobs.get(testFilePath)) ?? [])
      send({ type: 'broken', job: job.id, message: testExecError?.message ?? format(testExecError) })
  }
  process.exit(0)
}

function byTestFile(jobs: Job[]): Map<string, Job[]> {
  const files = new Map<string, Job[]>()
  for (const job of jobs) files.set(job.testFile, [...(files.get(job.testFile) ?? []), job])
  return files
}

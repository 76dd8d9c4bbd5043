// The process that runs Jest. It can be killed: an endless loop in it costs one lesson. Roundes of jobs come in on standard input, messages go
// out on the channel. It serves until its input ends: `npm test` sends one round, the workshop one a save.
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { format } from 'node:util'
import { Worker } from 'node:worker_threads'
import { runCLI } from '@jest/core'
import type { Config } from '@jest/types'
import jestConfig from '../../jest.config'
import { kitRoot } from '../course'
import { type Job, type Round, send } from './channel'
import { noteStorages, switchOffStorages } from './storages'
import type { WatchdogData, Watched } from './watchdog'

const clock = new Float64Array(new SharedArrayBuffer(16))
const workerData: WatchdogData = { clock }
const watchdog = new Worker(require.resolve('../gradus.js'), { argv: ['runner/watchdog'], workerData })
watchdog.unref()

main().catch((error: unknown) => {
  console.error(error)
  process.exit(2)
})

async function main(): Promise<void> {
  noteStorages()
  for await (const line of createInterface({ input: process.stdin })) {
    await runRound(JSON.parse(line) as Round)
    clock[0] = 0
    switchOffStorages()
    send({ type: 'done', clean: !isBusy(), megabytes: Math.round(process.memoryUsage.rss() / 2 ** 20) })
  }
  process.exit(0)
}

async function runRound({ jobs, folders, ...limits }: Round): Promise<void> {
  const watched: Watched = { ...limits, subjects: jobs.map((job) => job.subject) }
  watchdog.postMessage(watched)
  const files = byTestFile(jobs)
  globalThis.gradusBench = { jobs: files, clock }
  const { results } = await runCLI(jestArguments([...files.keys()], folders), [kitRoot])
  for (const { testFilePath, testExecError } of results.testResults) {
    for (const job of (testExecError && files.get(testFilePath)) ?? [])
      send({ type: 'broken', job: job.id, message: testExecError?.message ?? format(testExecError) })
  }
}

function jestArguments(files: string[], folders: string[] = []): Config.Argv {
  return {
    _: files,
    $0: 'gradus',
    runTestsByPath: true,
    runInBand: true,
    watchman: false,
    verbose: false,
    reporters: [],
    testEnvironment: require.resolve('./environment.js'),
    config: JSON.stringify({
      ...jestConfig,
      roots: [...new Set([...folders, ...files.map((file) => dirname(file))])],
      testMatch: ['**/*.ts'],
      reporters: [],
      testSequencer: require.resolve('./sequencer.js'),
      runtime: require.resolve('./runtime.js'),
      resolver: require.resolve('./resolver.js'),
    }),
  } as unknown as Config.Argv
}

/** A timer that a lesson has set and nobody has cleared would go off during the next one. */
function isBusy(): boolean {
  return process.getActiveResourcesInfo().some((kind) => kind === 'Timeout' || kind === 'Immediate')
}

function byTestFile(jobs: Job[]): Map<string, Job[]> {
  const files = new Map<string, Job[]>()
  for (const job of jobs) files.set(job.testFile, [...(files.get(job.testFile) ?? []), job])
  return files
}

// Runs of Jest, each opened before anyone knows what it is for: its context is there, Jest's own parts and all that suites work with are loaded in
// it, and only then it waits at a gate for what it is to judge. A run serves once, so that nothing of it is there in the next.
import { format } from 'node:util'
import type { Config } from '@jest/types'
import { readConfig } from 'jest-config'
import Resolver from 'jest-resolve'
import TestRunner, { type TestWatcher } from 'jest-runner'
import Runtime from 'jest-runtime'
import jestConfig from '../../jest.config'
import { kitRoot } from '../course'
import type { Job } from './channel'
import type JudgingEnvironment from './environment'

/** What Jest takes for the suite of every run: it hands over to the one that is asked for. */
const anySuite = require.resolve('./anySuite.ts')

const argv = {
  _: [],
  $0: 'gradus',
  runTestsByPath: true,
  runInBand: true,
  watchman: false,
  verbose: false,
  config: JSON.stringify({
    ...jestConfig,
    roots: [__dirname],
    reporters: [],
    testEnvironment: require.resolve('./environment.js'),
    setupFilesAfterEnv: [require.resolve('./gate.ts')],
    runtime: require.resolve('./runtime.js'),
    resolver: require.resolve('./resolver.js'),
  }),
} as unknown as Config.Argv

type Context = Awaited<ReturnType<typeof Runtime.createContext>>

/** What Jest would find by name, had it searched the kit for packages: nothing there has a name. */
const noModules = { getModule: () => null, getPackage: () => null, getMockModule: () => null }

/** Jest in this process: what does not change from run to run is read once. */
export class Jest {
  private next: OpenRun | undefined

  private constructor(
    private readonly globalConfig: Config.GlobalConfig,
    private readonly config: Config.ProjectConfig,
  ) {}

  static async start(): Promise<Jest> {
    const { globalConfig, projectConfig } = await readConfig(argv, kitRoot)
    return new Jest(globalConfig, projectConfig)
  }

  /** Opens the next run ahead. */
  open(): void {
    this.next ??= this.newRun()
  }

  /** Judges the jobs of one test file in a run of their own. Answers with what is wrong with the test file itself, if anything is. */
  async judge(jobs: Job[]): Promise<string | undefined> {
    const run = this.next ?? this.newRun()
    this.next = undefined
    if (await run.isFresh()) return run.judge(jobs)
    await run.judge([])
    return this.newRun().judge(jobs)
  }

  private newRun(): OpenRun {
    // Files come and go between runs.
    Resolver.clearDefaultResolverCache()
    const resolver = Runtime.createResolver(this.config, noModules as unknown as Context['moduleMap'])
    return new OpenRun(this.globalConfig, { config: this.config, resolver } as Context)
  }
}

class OpenRun {
  private readonly atGate: Promise<JudgingEnvironment | undefined>
  private readonly ended: Promise<void>
  private failure: string | undefined

  constructor(globalConfig: Config.GlobalConfig, context: Context) {
    const runner = new TestRunner(globalConfig, {})
    const failed = (error?: { message?: string }) => {
      this.failure = error && (error.message ?? format(error))
    }
    runner.on('test-file-failure', ([, error]) => failed(error))
    runner.on('test-file-success', ([, { testExecError }]) => failed(testExecError))
    const arrived = new Promise<JudgingEnvironment>((resolve) => {
      globalThis.gradusBench!.arrived = resolve
    })
    const watcher = { isInterrupted: () => false } as TestWatcher
    this.ended = runner.runTests([{ context, path: anySuite }], watcher, { serial: true })
    this.atGate = Promise.race([arrived, this.ended.then(() => undefined)])
  }

  /** Whether what it has loaded is still what stands on the disk. What could not be loaded may have been put right since. */
  async isFresh(): Promise<boolean> {
    return (await this.atGate)?.isFresh() ?? false
  }

  /** Lets it go on to the suite; with no jobs, to its end. */
  async judge(jobs: Job[]): Promise<string | undefined> {
    ;(await this.atGate)?.begin(jobs)
    await this.ended
    return this.failure
  }
}

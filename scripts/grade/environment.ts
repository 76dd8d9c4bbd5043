// The Jest environment of a grading that trusts nobody: the suite and the engine run in it as ever, the learner's file in a sandbox beside it.
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment'
import type { Circus } from '@jest/types'
import type { Job } from '../runner/channel'
import JudgingEnvironment from '../runner/environment'
import { onNumbers, yourself } from '../withhold'
import type { Realm } from './sandbox/membrane'
import { type Compiled, Sandbox } from './sandbox/sandbox'

/** A job whose file was handed in by a stranger: it is not on this machine's disk, but comes with the job. */
export interface SandboxedJob extends Job {
  compiled: Compiled
}

export default class SandboxingEnvironment extends JudgingEnvironment {
  private readonly sandboxed: SandboxedJob | undefined
  private sandbox: Sandbox | undefined

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context)
    this.sandboxed = globalThis.gradusBench?.jobs.get(context.testPath)?.[0] as SandboxedJob | undefined
  }

  override async setup(): Promise<void> {
    await super.setup()
    if (!this.sandboxed || !this.global.gradusJudge) return
    const { compiled, subject } = this.sandboxed
    const sandbox = await Sandbox.open(compiled, subject, (text) => this.global.console.log(text))
    this.sandbox = sandbox
    const realm = this.global as unknown as Realm
    this.global.gradusJudge.sandbox = (engine, without, refuse) => {
      const withheldWords = without === 'everything' ? onNumbers : yourself
      return sandbox.load({ engine, without, realm, refuse, withheldWords })
    }
  }

  override handleTestEvent(event: Circus.Event, state: Circus.State): void {
    if (event.name === 'test_start') this.sandbox?.nextTest()
    super.handleTestEvent(event, state)
  }
}

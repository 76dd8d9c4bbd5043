// The Jest environment of a grading that trusts nobody: the suite and the engine run in it as ever, the learner's file in a sandbox beside it.
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment'
import type { Circus } from '@jest/types'
import type * as torch from '../../engine'
import { type Job, send } from '../runner/channel'
import JudgingEnvironment from '../runner/environment'
import { onNumbers, yourself } from '../withhold'
import type { Realm } from './sandbox/membrane'
import { type Compiled, Sandbox, type SandboxLimits } from './sandbox/sandbox'

/** A job whose file was handed in by a stranger: it is not on this machine's disk, but comes with the job. */
export interface SandboxedJob extends Job {
  compiled: Compiled
  limits: SandboxLimits
  /** For the check: the inputs are the same in every run, and what is expected is told. A vandal spoils all that it was given before it returns. */
  audit?: 'honest' | 'vandal'
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
    const { id, compiled, limits, subject, audit } = this.sandboxed
    const sandbox = await Sandbox.open(compiled, subject, limits, (text) => this.global.console.log(text))
    this.sandbox = sandbox
    const realm = this.global as unknown as Realm
    this.global.gradusJudge.sandbox = (engine, without, refuse) => {
      const withheldWords = without === 'everything' ? onNumbers : yourself
      const keepsRecording = without === 'everything' || without.includes('set_grad_enabled')
      const afterCall = audit === 'vandal' ? (inputs: unknown[]) => spoil(engine, inputs, keepsRecording) : undefined
      return sandbox.load({ engine, without, realm, refuse, withheldWords, afterCall })
    }
    if (audit) this.global.gradusJudge.expected = (text) => send({ type: 'expected', job: id, text })
  }

  override handleTestEvent(event: Circus.Event, state: Circus.State): void {
    if (event.name === 'test_start') this.sandbox?.nextTest()
    if (event.name === 'test_start' && this.sandboxed?.audit) this.global.Math.random = randomFrom(event.test.name)
    if (event.name === 'test_done') this.sandbox?.testEnds()
    super.handleTestEvent(event, state)
  }

  override async teardown(): Promise<void> {
    this.sandbox?.close()
    await super.teardown()
  }
}

/** Changes every tensor in a list, behind the back of version counting, and switches recording off where the lesson lets the learner do that. */
function spoil(engine: typeof torch, values: unknown[], keepsRecording: boolean): void {
  for (const value of values) {
    if (Array.isArray(value)) spoil(engine, value, keepsRecording)
    if (!(value instanceof engine.Tensor)) continue
    value.data.fill_(7.25)
    value.grad?.data.fill_(7.25)
  }
  if (!keepsRecording) engine.set_grad_enabled(false)
}

/** The same numbers for the same text: a linear congruential generator, which is random enough for inputs. */
function randomFrom(text: string): () => number {
  let state = [...text].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), 7)
  return () => {
    state = Math.imul(state, 1664525) + 1013904223
    return (state >>> 0) / 2 ** 32
  }
}

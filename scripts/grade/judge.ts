// Judges strangers' files with the suites, one after the other in this process: with Jest's own tests, hooks and expectations, and without a context,
// a module registry and an engine of its own for each, which take five times as long as most suites do.
//
// What keeps lessons apart: a stranger's code runs in a sandbox, which is a new one for each lesson, and out of it come values only. What it can
// change of the engine are switches: the membrane puts them back after each call, recording is switched on again for each test, and random
// numbers begin anew for each lesson. A process serves one submission; no student meets what another one left.
import { Console } from 'node:console'
import { format } from 'node:util'
import type { Circus } from '@jest/types'
import { expect } from 'expect'
import * as circus from 'jest-circus'
import * as torch from '../../engine'
import { type Job, send } from '../runner/channel'
import { Telling } from '../runner/telling'
import { onNumbers, yourself } from '../withhold'
import { type Compiled, Sandbox, type SandboxLimits } from './sandbox/sandbox'

/** A job whose file was handed in by a stranger: it is not on this machine's disk, but comes with the job. */
export interface SandboxedJob extends Job {
  compiled: Compiled
  limits: SandboxLimits
  /** For the check: the inputs are the same in every run, and what is expected is told. A vandal spoils all that it was given before it returns. */
  audit?: 'honest' | 'vandal'
}

const { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } = circus
Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test })

/** Loaded anew for each lesson, as the suite is: what it notes of a test it does by hooks, which belong to one run. */
const lessonFile = require.resolve('../lesson')

/** Where random numbers begin, in each lesson. */
const seed = torch.initial_seed()

export async function judge(job: SandboxedJob): Promise<void> {
  const { id, compiled, limits, subject, testFile, audit } = job
  const telling = new Telling([job])
  globalThis.console = new Console(telling.printed)
  const print = (text: string) => telling.print(`${text}\n`)
  // What a timer throws fails the test that runs, as in Node; between tests it is only told.
  const uncaught = (error: unknown) => {
    const { currentlyRunningTest } = circus.getState()
    if (currentlyRunningTest) currentlyRunningTest.errors.push(error as Circus.Exception)
    else print(`Uncaught ${String(error)}`)
  }
  const sandbox = await Sandbox.open(compiled, subject, limits, print, uncaught)
  globalThis.gradusJudge = {
    subject,
    loading: () => telling.loading(subject),
    sandbox(engine, without, refuse) {
      const withheldWords = without === 'everything' ? onNumbers : yourself
      const keepsRecording = without === 'everything' || without.includes('set_grad_enabled')
      const afterCall = audit === 'vandal' ? (inputs: unknown[]) => spoil(inputs, keepsRecording) : undefined
      return sandbox.load({ engine, without, realm: globalThis, refuse, withheldWords, afterCall })
    },
    expected: audit && ((text) => send({ type: 'expected', job: id, text })),
  }
  const hear = (event: Circus.Event, state: Circus.State) => {
    if (event.name === 'test_start') sandbox.nextTest()
    if (event.name === 'test_start' && audit) Math.random = randomFrom(event.test.name)
    telling.hear(event, state)
  }
  circus.resetState()
  circus.addEventHandler(hear)
  torch.set_grad_enabled(true)
  torch.manual_seed(seed)
  try {
    require(testFile)
    const { unhandledErrors } = await circus.run()
    if (unhandledErrors.length > 0) throw new Error(unhandledErrors.join('\n'))
  } catch (error) {
    send({ type: 'broken', job: id, message: error instanceof Error ? error.message : format(error) })
  } finally {
    sandbox.close()
    circus.removeEventHandler(hear)
    for (const file of [testFile, lessonFile]) delete require.cache[file]
  }
}

/** Changes every tensor in a list, behind the back of version counting, and switches recording off where the lesson lets the learner do that. */
function spoil(values: unknown[], keepsRecording: boolean): void {
  for (const value of values) {
    if (Array.isArray(value)) spoil(value, keepsRecording)
    if (!(value instanceof torch.Tensor)) continue
    value.data.fill_(7.25)
    value.grad?.data.fill_(7.25)
  }
  if (!keepsRecording) torch.set_grad_enabled(false)
}

/** The same numbers for the same text: a linear congruential generator, which is random enough for inputs. */
function randomFrom(text: string): () => number {
  let state = [...text].reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), 7)
  return () => {
    state = Math.imul(state, 1664525) + 1013904223
    return (state >>> 0) / 2 ** 32
  }
}

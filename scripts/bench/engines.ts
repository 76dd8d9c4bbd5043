// The engines to measure, each in a process of its own: one that crashes or hangs costs nobody else.
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { filesOf } from '../course'
import { benchRoot } from './install'

/** What an engine says that it computed in its first step, by name: compared with this engine's. */
export type Answer = Record<string, number | number[]>

type Request = { do: 'prepare'; workload: string } | { do: 'sample'; atLeastMs: number }
type Reply = { answer?: Answer; step: number } | { cannot: string }

export interface Engine {
  readonly name: string
  /** Runs the first step and some more to warm up. Throws an Error that says why it can't. */
  prepare(workload: string): Promise<{ answer: Answer; step: number }>
  /** Milliseconds that one step of the prepared workload takes now. */
  sample(atLeastMs: number): Promise<number>
  close(): void
}

const limitMs = 90_000

/** This engine first; every adapter in engines/ is one. */
export function engineNames(): string[] {
  const names = filesOf(join(benchRoot, 'engines'), '.mjs')
  return ['gradus', ...names.filter((name) => name !== 'gradus')]
}

export function openEngine(name: string, compiledEngine: string): Engine {
  let child: ChildProcess | null = null

  const ask = (request: Request): Promise<Extract<Reply, { step: number }>> =>
    new Promise((resolve, reject) => {
      child ??= fork(join(benchRoot, 'child.mjs'), [name], {
        env: { ...process.env, GRADUS_ENGINE: compiledEngine, TF_CPP_MIN_LOG_LEVEL: '3' },
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'], // some greet the user
      })
      const asked = child
      const done = (settle: () => void) => {
        clearTimeout(timer)
        asked.removeAllListeners()
        settle()
      }
      const fail = (why: string) => {
        done(() => reject(new Error(why)))
        asked.kill('SIGKILL')
        child = null
      }
      const timer = setTimeout(() => fail(`no answer within ${limitMs / 1000} s`), limitMs)
      asked.once('message', (reply: Reply) => {
        done(() => ('cannot' in reply ? reject(new Error(reply.cannot)) : resolve(reply)))
      })
      asked.once('error', (error) => fail(error.message))
      asked.once('exit', (code, signal) => fail(`its process ended (${signal ?? code})`))
      asked.send(request)
    })

  return {
    name,
    async prepare(workload) {
      return (await ask({ do: 'prepare', workload })) as { answer: Answer; step: number }
    },
    async sample(atLeastMs) {
      return (await ask({ do: 'sample', atLeastMs })).step
    },
    close() {
      child?.removeAllListeners()
      child?.kill('SIGKILL')
      child = null
    },
  }
}

// Judges many files with one suite inside one Jest context: the engine is loaded once, the suite and the file to judge anew for each. Runs inside Jest.
import type { Judge } from '../lesson'
import type { Job } from './channel'

/** What the environment lays out for a test file that judges several files. */
export interface Batch extends Judge {
  jobs: Job[]
}

/** Declares the tests of `suite` once for each job of this test file, in a block that bears the job's id. */
export function judgeEach(suite: string): void {
  const judge = globalThis.gradusJudge as Batch
  const engine = require('../../engine') as typeof import('../../engine')
  const shared = ['../../engine', '../../engine/autograd/graph', '../../engine/draw'].map((path): [string, unknown] => [
    path,
    require(path),
  ])
  for (const { id, subject } of judge.jobs) {
    describe(id, () => {
      beforeAll(() => {
        engine.set_grad_enabled(true) // whoever was judged before may have left it off
      })
      judge.subject = subject
      jest.isolateModules(() => {
        for (const [path, module] of shared) jest.doMock(path, () => module)
        require(suite)
      })
    })
  }
}

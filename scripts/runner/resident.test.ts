// Resident processes: what goes wrong in one run leaves nothing behind for the next, and nothing behind at all.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { copyKit } from '../bench/kit'
import { emptyFolder, replacing, tinyCourse } from '../check/tinyCourse'
import { textOf } from '../state'
import { exerciseJobs } from './jobs'
import type { LessonOutcome } from './outcome'
import type { SuiteProcess } from './process'
import { ResidentProcesses } from './resident'
import { type RunOptions, runJobs } from './run'

const course = tinyCourse()
const { exercise, solution } = course.files('01-twice')
const right = textOf(solution)
const doing = (body: string) => right.replace('return x.mul(2)', body)

let processes: ResidentProcesses
const taken: SuiteProcess[] = []

async function grade(text: string, options: RunOptions = {}): Promise<LessonOutcome> {
  writeFileSync(exercise, text)
  const outcomes = await runJobs(exerciseJobs(course, ['01-twice']), { processes, ...options })
  return outcomes.get('01-twice') as LessonOutcome
}

/** Until the next run is open: soon after the last one. */
const opened = () => sleep(500)

jest.setTimeout(120_000)
beforeAll(async () => {
  processes = new ResidentProcesses()
  const take = processes.take.bind(processes)
  processes.take = () => {
    const process = take()
    taken.push(process)
    return process
  }
  await processes.warm
})
afterAll(() => processes.close())

test('one process serves run after run, and each sees the file as it is then', async () => {
  expect(await grade(right)).toMatchObject({ status: 'passed', score: 2 })
  expect(await grade(doing('return x.mul(3)'))).toMatchObject({ status: 'failed', score: 0 })
  expect(await grade(right)).toMatchObject({ status: 'passed', score: 2 })
  expect(taken[0]?.rounds).toBe(4) // the warm-up counts
  expect(new Set(taken).size).toBe(1)
})

test('what a lesson leaves in its globals, and in the engine, is gone in the next run', async () => {
  const leaving =
    "require('../engine').set_grad_enabled(false)\n  Object.assign(globalThis, { left: 1 })\n  return x.mul(2)"
  const asking =
    "if ('left' in globalThis || !require('../engine').is_grad_enabled()) throw new Error('left')\n  return x.mul(2)"
  for (const body of [leaving, asking, asking]) {
    await grade(doing(body))
    await opened()
  }
  expect(await grade(doing(asking))).toMatchObject({ status: 'passed', score: 2 })
})

test('what fails long after its lesson is not the fault of the next one', async () => {
  const late = "[process.execPath, ['-e', 'setTimeout(() => {}, 700)'], () => { throw new Error('late') }]"
  await grade(doing(`require('node:child_process').execFile(...${late})\n  return x.mul(2)`))
  const used = taken.at(-1) as SuiteProcess
  expect(used.clean).toBe(true)
  await used.whenClosed()
  expect(await grade(right)).toMatchObject({ status: 'passed', score: 2 })
})

test('the kit itself is read anew when it has changed since the run was opened', async () => {
  const copy = emptyFolder()
  copyKit(copy)
  const { ResidentProcesses } = require(join(copy, 'scripts/runner/resident')) as typeof import('./resident')
  const ofCopy = new ResidentProcesses()
  try {
    await ofCopy.warm
    expect(await grade(right, { processes: ofCopy })).toMatchObject({ status: 'passed' })
    await opened()
    const lesson = join(copy, 'scripts', 'lesson.ts')
    writeFileSync(lesson, replacing('const pass = received === expected', 'const pass = false')(textOf(lesson)))
    expect(await grade(right, { processes: ofCopy })).toMatchObject({ status: 'failed' })
  } finally {
    await ofCopy.close()
  }
})

test('an endless loop is told with its place, and the next run is graded as if nothing had been', async () => {
  const looping = await grade(doing('while (true) {}\n  return x'), { limitMs: 500 })
  expect(looping).toMatchObject({ status: 'timeout', score: 0, max_score: 2 })
  expect(looping.message).toMatch(/did not end within 0\.5 s and was stopped[\s\S]*at exercises\/01-twice\.ts:7:/)
  expect(await grade(right)).toMatchObject({ status: 'passed', score: 2 })
})

test('a process in which a lesson has left a timer is not used again', async () => {
  await grade(doing('setInterval(() => {}, 5)\n  return x.mul(2)'))
  const used = taken.at(-1) as SuiteProcess
  expect(used.clean).toBe(false)
  await used.whenClosed()
  expect(await grade(right)).toMatchObject({ status: 'passed', score: 2 })
})

test('a run can be given up, and the next one finds a process', async () => {
  const stop = new AbortController()
  const run = grade(doing('while (true) {}\n  return x'), { signal: stop.signal, onBegin: () => stop.abort() })
  await expect(run).rejects.toThrow('aborted')
  expect(await grade(right)).toMatchObject({ status: 'passed', score: 2 })
})

test('closed, it leaves no process behind', async () => {
  await processes.close()
  for (const process of taken) expect(process.alive).toBe(false)
})

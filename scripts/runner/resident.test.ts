// Resident processes: what goes wrong in one run leaves nothing behind for the next, and nothing behind at all.
import { writeFileSync } from 'node:fs'
import { tinyCourse } from '../check/tinyCourse'
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

jest.setTimeout(120_000)
beforeAll(async () => {
  processes = new ResidentProcesses(course)
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

test('an endless loop is told with its place, and the next run is graded as if nothing had been', async () => {
  const looping = await grade(doing('while (true) {}\n  return x'), { limitMs: 1000 })
  expect(looping).toMatchObject({ status: 'timeout', score: 0, max_score: 2 })
  expect(looping.message).toMatch(/did not end within 1 s and was stopped[\s\S]*at exercises\/01-twice\.ts:7:/)
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

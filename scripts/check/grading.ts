// Proves the suites: stubs score nothing, solutions everything, and every mistake is caught by the test that is meant to catch it, with the words that explain it.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Course } from '../course'
import { type Mistake, makeMistake } from '../mistakes'
import type { Job } from '../runner/channel'
import { type LessonOutcome, plainText, pointsOf } from '../runner/outcome'
import { runJobs } from '../runner/run'
import { textOf } from '../state'
import { AuthoringError, deriveStub } from '../stub'
import { type Finding, finding, type Problem, together } from './problem'
import { exportsOf } from './texts'

/** A file to judge, and what must be found. */
interface Trial {
  job: Job
  isMistake: boolean
  verify(outcome: LessonOutcome): Problem[]
}

const judgeEach = join(__dirname, '../runner/judgeEach')

/** How many processes run the trials. */
const lanes = 2

export async function checkGrading(
  course: Course,
  onProgress: (done: number, all: number) => void = () => {},
  limitMs?: number,
): Promise<Finding> {
  const folder = takeFolder(course)
  try {
    const { trials, problems } = prepare(course, folder)
    let ended = 0
    const onEnd = () => onProgress(++ended, trials.length)
    const lots = shared(trials, course.stems)
    const runs = await Promise.all(
      lots.map((lot) =>
        runJobs(
          lot.map(({ job }) => job),
          { onEnd, limitMs },
        ),
      ),
    )
    const outcomes = new Map(runs.flatMap((run) => [...run]))
    const found = new Map(trials.map((trial) => [trial, verdictOn(trial, outcomes)]))
    const notes = await lookAgain(found, limitMs)
    return { ...together([finding(0, problems), ...[...found.values()].map((wrong) => finding(1, wrong))]), notes }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Whole lessons to each lane, for one loads its suite and the engine once for all of its trials. */
function shared(trials: Trial[], stems: string[]): Trial[][] {
  const lots: Trial[][] = Array.from({ length: lanes }, () => [])
  for (const stem of stems) {
    const smallest = lots.reduce((least, lot) => (lot.length < least.length ? lot : least))
    smallest.push(...trials.filter(({ job }) => job.lesson === stem))
  }
  return lots
}

function verdictOn({ job, verify }: Trial, outcomes: Map<string, LessonOutcome>): Problem[] {
  return verify(outcomes.get(job.id) as LessonOutcome)
}

/**
 * Inputs are drawn afresh in every run, and now and then two mistakes give one answer on what was drawn. So a mistake that was not caught
 * as it should be is given new inputs, up to twice, and is told all the same,
 * because its suite draws badly. Solutions and stubs have to be right on all of them.
 */
async function lookAgain(found: Map<Trial, Problem[]>, limitMs: number | undefined): Promise<string[]> {
  const doubtful = new Map<Trial, Problem>()
  for (let look = 0; look < 2; look++) {
    const again = [...found].flatMap(([trial, wrong]) => (trial.isMistake && wrong.length > 0 ? [trial] : []))
    if (again.length === 0) break
    for (const trial of again) doubtful.set(trial, found.get(trial)?.[0] as Problem)
    const outcomes = await runJobs(
      again.map(({ job }) => job),
      { limitMs },
    )
    for (const trial of again) found.set(trial, verdictOn(trial, outcomes))
  }
  const caughtLater = [...doubtful].filter(([trial]) => found.get(trial)?.length === 0)
  return caughtLater.map(([, { where, message }]) => `${where} needed other inputs: ${message}`)
}

/** A folder for the files to judge, that no other check is using. Its name recurs, so that what was compiled there is found again. */
function takeFolder({ root }: Course): string {
  for (let n = 1; ; n++) {
    const folder = join(root, '.gradus', n === 1 ? 'check' : `check-${n}`)
    const owner = join(folder, 'pid')
    if (existsSync(folder) && isRunning(Number(textOf(owner)))) continue
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(owner, String(process.pid))
    return folder
  }
}

function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch {
    return false
  }
}

function prepare(course: Course, folder: string): { trials: Trial[]; problems: Problem[] } {
  const trials: Trial[] = []
  const problems: Problem[] = []
  for (const stem of course.stems) {
    const { solution, suite, mistakes } = course.files(stem)
    if (!existsSync(solution) || !existsSync(suite)) continue
    const add = (name: string, text: string, verify: Trial['verify']) =>
      trials.push({ job: writeJob(course, folder, stem, name, text), isMistake: name.startsWith('mistake'), verify })
    try {
      const text = textOf(solution)
      add('solution', text, (outcome) => fullMarks(course, stem, outcome))
      add('stub', deriveStub(text, course.show(solution)), (outcome) => noMarks(course, stem, outcome))
      const list = loadMistakes(course, mistakes)
      problems.push(...tooFew(course, stem, list))
      for (const [i, mistake] of list.entries()) {
        const wrong = makeMistake(text, mistake, course.show(mistakes))
        add(`mistake-${i + 1}`, wrong, (outcome) => caught(course, stem, mistake, outcome))
      }
    } catch (error) {
      if (!(error instanceof AuthoringError)) throw error
      problems.push({ where: error.where, message: error.what })
    }
  }
  return { trials, problems }
}

function loadMistakes(course: Course, path: string): Mistake[] {
  if (!existsSync(path)) return []
  try {
    const { default: list } = require(path) as { default?: Mistake[] }
    if (Array.isArray(list)) return list
  } catch (error) {
    throw new AuthoringError(course.show(path), `cannot be loaded: ${plainText(String(error))}`)
  }
  throw new AuthoringError(course.show(path), 'should export the list of mistakes as its default.')
}

/** Writes a file to judge beside the test file that runs the lesson's suite on all of them. */
function writeJob(course: Course, folder: string, stem: string, name: string, text: string): Job {
  const { suite, exercise } = course.files(stem)
  const subject = join(folder, stem, `${name}.ts`)
  const testFile = join(folder, `${stem}.test.ts`)
  mkdirSync(dirname(subject), { recursive: true })
  writeFileSync(subject, text)
  writeFileSync(testFile, `require(${JSON.stringify(judgeEach)}).judgeEach(${JSON.stringify(suite)})\n`)
  return { id: `${stem}/${name}`, lesson: stem, testFile, subject, shown: course.show(exercise) }
}

function fullMarks(course: Course, stem: string, outcome: LessonOutcome): Problem[] {
  const where = course.show(course.files(stem).solution)
  if (outcome.tests.length === 0)
    return [{ where, message: `could not be graded: ${outcome.message || 'its suite declares no tests'}.` }]
  const failed = outcome.tests.filter((test) => test.status !== 'passed')
  const titles = outcome.tests.map((test) => test.name)
  const doubles = titles.filter((title, i) => titles.indexOf(title) !== i)
  return [
    ...failed.map(({ name, message }) => ({ where, message: `fails “${name}”: ${message || outcome.message}` })),
    ...doubles.map((title) => ({
      where: course.show(course.files(stem).suite),
      message: `has two tests called “${title}”; give each a title of its own.`,
    })),
    ...untestedTasks(course, stem, outcome),
  ]
}

function untestedTasks(course: Course, stem: string, outcome: LessonOutcome): Problem[] {
  const { suite, solution } = course.files(stem)
  const tested = new Set(outcome.tests.map((test) => test.task))
  return exportsOf(textOf(solution))
    .filter((name) => !tested.has(name))
    .map((name) => ({
      where: course.show(suite),
      message: `has no tests for ${name}: wrap them in task('${name}', …).`,
    }))
}

function noMarks(course: Course, stem: string, outcome: LessonOutcome): Problem[] {
  const where = course.show(course.files(stem).exercise)
  return outcome.tests
    .filter((test) => test.status !== 'not-started')
    .map(({ name, status, message }) => ({
      where,
      message:
        status === 'passed'
          ? `the stub passes “${name}”: that test asks for nothing.`
          : `the stub does not count as not started in “${name}”: ${message || outcome.message}`,
    }))
}

function tooFew(course: Course, stem: string, mistakes: Mistake[]): Problem[] {
  const { solution, mistakes: path } = course.files(stem)
  return exportsOf(textOf(solution)).flatMap((name) => {
    const count = mistakes.filter((mistake) => mistake.in === name).length
    return count >= 2
      ? []
      : [
          {
            where: course.show(path),
            message: `has ${count === 1 ? 'one mistake' : 'no mistake'} for ${name}; at least two are needed.`,
          },
        ]
  })
}

function caught(course: Course, stem: string, mistake: Mistake, outcome: LessonOutcome): Problem[] {
  const where = course.show(course.files(stem).mistakes)
  const say = (message: string): Problem[] => [{ where, message: `“${mistake.name}” ${message}` }]
  const { name } = pointsOf(mistake.caughtBy)
  const catcher = outcome.tests.find((test) => test.name === name)
  if (!catcher) return say(`should be caught by “${mistake.caughtBy}”, but there is no such test.`)
  if (catcher.status === 'passed') return say(`is not caught by “${mistake.caughtBy}”: that test passes.`)
  if (catcher.cause?.kind !== 'wrong' && catcher.cause?.kind !== 'feedback')
    return say(`is caught by a crash, not by an assertion: ${catcher.message || outcome.message}`)
  if (!catcher.message.includes(mistake.says))
    return say(`is not answered with “${mistake.says}”. What it says:\n${catcher.message}`)
  const mayFail = [mistake.in, ...(mistake.breaks ?? [])]
  const others = outcome.tests.filter((test) => !mayFail.includes(test.task) && test.status !== 'passed')
  return others.length === 0 ? [] : say(`also fails “${others[0]?.name}”, which belongs to another task.`)
}

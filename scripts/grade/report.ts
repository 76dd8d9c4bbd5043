// The report of a grading, which every format is made from, and its accounts: points come from what the suites declare, and a test counts when it
// was seen to pass, once.
import { version } from '../../package.json'
import {
  type Cause,
  type DeclaredTest,
  type LessonOutcome,
  plainText,
  pointsOf,
  type TestStatus,
  total,
} from '../runner/outcome'

export interface Report {
  version: 1
  kit: string
  submission: string
  score: number
  max_score: number
  lessons: LessonReport[]
  ignored: string[]
}

export type GradedStatus = LessonOutcome['status'] | 'rejected'

export interface LessonReport {
  lesson: string
  score: number
  max_score: number
  status: GradedStatus
  message: string
  tests: TestReport[]
  /** What the learner's code printed. */
  output: string
}

export interface TestReport {
  name: string
  task: string
  status: TestStatus
  score: number
  max_score: number
  message: string
  duration_ms: number
}

/** What the suites declare, by stem. */
export type Declared = Record<string, DeclaredTest[]>

/** Whole letters only: half of a surrogate pair is no text that another program could read. */
const words = (text: string, limit: number) => plainText(text, limit).replace(/\p{Surrogate}/gu, '\ufffd')

const messageLimit = 3000
const outputLimit = 10_000

export function reportOf(submission: string, lessons: LessonReport[], ignored: string[]): Report {
  const shown = words(submission, 300)
  return { version: 1, kit: `gradus ${version}`, submission: shown, ...total(lessons), lessons, ignored }
}

/** A lesson before anything of it has run: worth nothing. */
export function zeroes(lesson: string, tests: DeclaredTest[], status: GradedStatus, message: string): LessonReport {
  const reports = tests.map(({ title, task }): TestReport => {
    const { name, points } = pointsOf(title)
    return { name, task, status: 'not-run', score: 0, max_score: points, message: '', duration_ms: 0 }
  })
  return { lesson, ...total(reports), status, message: words(message, messageLimit), tests: reports, output: '' }
}

/** What was heard of one test while it ran. */
export interface HeardTest {
  name: string
  task: string
  status: TestStatus
  message: string
  duration_ms: number
  stopped: boolean
  cause?: Cause
}

/** What was heard of one lesson: each test by its number, as often as it was told. */
export interface HeardLesson {
  declared?: DeclaredTest[]
  running?: number
  tests: Map<number, HeardTest[]>
  /** What the tests expected, where that was told. */
  expected: Map<number, string[]>
  output: string
  finished: boolean
  broken?: string
  /** How the process ended under it. */
  death?: { status: 'timeout' | 'out-of-memory' | 'error'; message: string }
}

/** The account of a lesson. `tell` says what a test has to say, `clean` takes out of a text what is of the grader's machine. */
export function account(
  lesson: string,
  tests: DeclaredTest[],
  heard: HeardLesson,
  tell: (test: HeardTest) => string,
  clean: (text: string) => string,
): LessonReport {
  const base = zeroes(lesson, tests, 'not-started', '')
  const agrees = sameTests(tests, heard.declared)
  const reports = base.tests.map((zero, i): TestReport => {
    const told = agrees ? (heard.tests.get(i) ?? []) : []
    const [one] = told
    if (heard.death && heard.running === i)
      return { ...zero, status: 'failed', message: words(clean(heard.death.message), messageLimit) }
    if (!one || told.length !== 1 || one.name !== zero.name || one.task !== zero.task) return zero
    const passed = one.status === 'passed'
    const message = passed ? '' : words(clean(tell(one)), messageLimit)
    return { ...zero, status: one.status, score: passed ? zero.max_score : 0, message, duration_ms: one.duration_ms }
  })
  const [status, message] = statusOf(heard, agrees, reports)
  const output = words(clean(heard.output), outputLimit)
  return { lesson, ...total(reports), status, message: words(clean(message), messageLimit), tests: reports, output }
}

function sameTests(expected: DeclaredTest[], told: DeclaredTest[] | undefined): boolean {
  const key = (test: DeclaredTest) => `${test.task}\0${test.title}`
  return told?.length === expected.length && expected.every((test, i) => key(test) === key(told[i] as DeclaredTest))
}

function statusOf(heard: HeardLesson, agrees: boolean, tests: TestReport[]): [GradedStatus, string] {
  if (heard.death) return [heard.death.status, heard.death.message]
  if (heard.broken !== undefined)
    return ['error', 'The suite of this lesson could not be run: this is a fault of the kit.']
  if (!agrees)
    return ['error', 'The suite of this lesson declares other tests than it should: this is a fault of the kit.']
  const stopped = [...heard.tests.values()].flat().find((test) => test.stopped)
  if (stopped) return [/memory/.test(stopped.message) ? 'out-of-memory' : 'timeout', stopped.message]
  const statuses = new Set(tests.map((test) => test.status))
  if (statuses.size === 1 && statuses.has('passed')) return ['passed', '']
  return [statuses.has('passed') || statuses.has('failed') ? 'failed' : 'not-started', '']
}

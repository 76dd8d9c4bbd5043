// A class: a folder a student, several at a time. A report is written for each as it is graded, so that nothing is lost when the power goes, and
// nothing is done twice: a submission whose bytes and kit are unchanged keeps its report.
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { type Course, type Language, Misuse } from '../course'
import { plainText } from '../runner/outcome'
import { digest } from '../state'
import { progressLine } from '../terminal/progress'
import { isDiskFull, writeWhole } from '../write'
import { Compiler } from './compile'
import { kitDigest, type Prepared } from './declared'
import { gradeBook } from './formats/csv'
import { readSubmission, type Submission } from './intake'
import { type Report, reportOf, zeroes } from './report'
import { type Speech, speechIn } from './speech'
import { gradeSubmission } from './submission'

export interface ClassOptions {
  stems: string[]
  prepared: Prepared
  /** Where the reports and the grade book go. */
  out: string
  jobs: number
  shard?: Shard
  /** In which language the reports are. */
  language: Language
}

/** Every n-th submission, beginning with the i-th. */
export interface Shard {
  i: number
  n: number
}

export interface Graded {
  count: number
  /** How many of them have a lesson that went wrong for a reason that may not be theirs. */
  faulty: number
}

/** A report as it is kept, with the digest of all that it depends on. */
type Kept = Report & { digest?: string }

export async function gradeClass(course: Course, folder: string, options: ClassOptions): Promise<Graded> {
  const { stems, prepared, out, jobs, shard, language } = options
  const speech = speechIn(course, language)
  const students = studentsIn(folder).filter((_, k) => !shard || k % shard.n === shard.i - 1)
  const compilers = Array.from({ length: Math.min(jobs, students.length) }, () => new Compiler(prepared.compiler))
  const tell = teller(students.length)
  const waiting = [...students]
  let faulty = 0
  const kit = kitDigest(course)
  const stop = new AbortController()
  const grade = async (handed: Submission, compiler: Compiler): Promise<Report> => {
    try {
      const report = await gradeSubmission(course, handed, { stems, prepared, compiler, speech, signal: stop.signal })
      stop.signal.throwIfAborted()
      return report
    } catch (error) {
      if (error instanceof Misuse || isDiskFull(error) || stop.signal.aborted) throw error
      return faultyReport(handed, options, speech, `The grader could not do its work: ${plainText(String(error), 500)}`)
    }
  }
  const lane = async (compiler: Compiler) => {
    for (let student = waiting.shift(); student !== undefined; student = waiting.shift()) {
      const path = reportPath(out, student)
      const handed = read(course, join(folder, student), student)
      const now = digestOf(kit, language, stems, handed)
      const kept = readKept(path)
      if (kept?.digest === now) {
        tell(student, kept, true)
        continue
      }
      const report = await grade(handed, compiler)
      const isFaulty = report.lessons.some(({ status }) => status === 'error')
      if (isFaulty) faulty++
      // A report without a digest is made again by the next run.
      writeWhole(path, toText(isFaulty ? report : { ...report, digest: now }))
      tell(student, report, false)
    }
  }
  try {
    await Promise.all(compilers.map(lane))
  } finally {
    stop.abort() // where one lane fails, the others need not go on
    for (const compiler of compilers) compiler.end()
    tell.end()
  }
  if (!shard) writeBook(out, students)
  return { count: students.length, faulty }
}

/** Puts the reports of shards together: copies them to `out`, and writes the grade book of all. */
export function mergeShards(folders: string[], out: string): number {
  const reports = new Map<string, string>()
  for (const folder of folders) {
    const inside = join(folder, 'reports')
    if (!existsSync(inside)) throw new Misuse(`There are no reports in ${folder}: it is not what a shard has written.`)
    for (const name of readdirSync(inside).filter((each) => each.endsWith('.json')))
      reports.set(name.slice(0, -5), readFileSync(join(inside, name), 'utf8'))
  }
  if (reports.size === 0) throw new Misuse(`There is no report in ${folders.join(', ')}.`)
  for (const [student, text] of reports) writeWhole(reportPath(out, student), text)
  writeBook(out, [...reports.keys()].sort())
  return reports.size
}

function reportPath(out: string, student: string): string {
  return join(out, 'reports', `${student}.json`)
}

function writeBook(out: string, students: string[]): void {
  const rows = students.flatMap((student) => {
    const report = readKept(reportPath(out, student))
    return report ? [{ student, report }] : []
  })
  writeWhole(join(out, 'grades.csv'), gradeBook(rows))
}

function toText(report: Kept): string {
  return `${JSON.stringify(report, null, 2)}\n`
}

/** A report that was written before; none if it isn't there, or isn't one. */
function readKept(path: string): Kept | undefined {
  try {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as Kept
    return Array.isArray(kept.lessons) ? kept : undefined
  } catch {
    return undefined
  }
}

/** The folders in a class's folder. Files among them are named, and belong to nobody. */
function studentsIn(folder: string): string[] {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Misuse(`There is no folder ${folder}.`)
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'))
  const students = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const others = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => plainText(name, 100))
  if (students.length === 0) throw new Misuse(`There is no student in ${folder}: a folder for each was expected.`)
  if (others.length > 0)
    console.error(
      `Not graded, because they are not folders: ${others.slice(0, 10).join(', ')}${others.length > 10 ? ', …' : ''}.`,
    )
  return students.sort()
}

/** What a student handed in; an empty folder is nothing handed in. */
function read(course: Course, path: string, student: string): Submission {
  try {
    return { ...readSubmission(course, path), path: student }
  } catch (error) {
    if (!(error instanceof Misuse)) throw error
    return { path: student, files: new Map(), ignored: [] }
  }
}

function faultyReport(handed: Submission, { stems, prepared }: ClassOptions, speech: Speech, message: string): Report {
  const lessons = stems.map((stem) => speech.ofLesson(zeroes(stem, prepared.declared[stem] ?? [], 'error', message)))
  return reportOf(handed.path, lessons, handed.ignored)
}

function digestOf(kit: string, language: Language, stems: string[], handed: Submission): string {
  const files = [...handed.files].flatMap(([stem, file]) => [stem, JSON.stringify(file)])
  return digest(kit, language, stems.join(), JSON.stringify(handed.ignored), ...files)
}

interface Teller {
  (student: string, report: Report, kept: boolean): void
  end(): void
}

/** A bar with the time left on a terminal, a line a student elsewhere. */
function teller(all: number): Teller {
  const progress = progressLine()
  const began = Date.now()
  let [done, graded] = [0, 0]
  const bar = () => {
    const filled = Math.round((20 * done) / all)
    const left = graded > 0 ? `, ${duration(((Date.now() - began) / graded) * (all - done))} left` : ''
    return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${done}/${all}${left}`
  }
  progress.show(bar())
  const tell = (student: string, { score, max_score }: Report, kept: boolean) => {
    done++
    if (!kept) graded++
    if (process.stderr.isTTY) progress.show(bar())
    else
      console.error(
        `${done}/${all} ${plainText(basename(student), 100)} ${score}/${max_score}${kept ? ' (unchanged)' : ''}`,
      )
  }
  return Object.assign(tell, { end: () => progress.clear() })
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
}

/** `2/4`: the second of four. */
export function readShard(text: string): Shard {
  const [i = 0, n = 0] = /^\d+\/\d+$/.test(text) ? text.split('/').map(Number) : []
  if (i < 1 || n < i) throw new Misuse(`--shard takes a number and how many there are, such as 1/4, not ${text}.`)
  return { i, n }
}

export function readJobs(text: string | undefined): number {
  const jobs = text === undefined ? availableParallelism() : Number(text)
  if (!Number.isInteger(jobs) || jobs < 1) throw new Misuse(`--jobs takes a whole number from 1, not ${text}.`)
  return jobs
}

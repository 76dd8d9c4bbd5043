// Grades one submission: zeros first, then lesson by lesson what was earned.
import { basename } from 'node:path'
import { type Course, kitRoot } from '../course'
import type { Compiler } from './compile'
import { bestContainment } from './contain'
import { jobOf, type Prepared } from './declared'
import type { Submission } from './intake'
import type { SandboxedJob } from './judge'
import { account, type HeardTest, type LessonReport, type Report, reportOf, zeroes } from './report'
import type { SandboxLimits } from './sandbox/sandbox'
import { type Speech, speechIn } from './speech'
import { supervise } from './supervise'

export interface GradeOptions {
  stems: string[]
  prepared: Prepared
  compiler: Compiler
  limits?: SandboxLimits
  /** English, if nothing is said. */
  speech?: Speech
  /** Told the whole report whenever it changes: first all zeros, then after each lesson. */
  onReport?(report: Report, lesson?: string): void
  signal?: AbortSignal
}

export async function gradeSubmission(course: Course, handed: Submission, options: GradeOptions): Promise<Report> {
  const { stems, prepared, compiler, limits, speech = speechIn(course, 'en'), onReport, signal } = options
  const lessons = new Map<string, LessonReport>()
  const set = (lesson: LessonReport) => lessons.set(lesson.lesson, speech.ofLesson(lesson))
  const report = () => reportOf(handed.path, [...lessons.values()], handed.ignored)
  for (const stem of stems) {
    const tests = prepared.declared[stem] ?? []
    set(
      handed.files.has(stem)
        ? zeroes(stem, tests, 'error', 'The grading was interrupted before this lesson.')
        : zeroes(stem, tests, 'not-started', notHandedIn(stem, handed.ignored)),
    )
  }
  onReport?.(report())

  const jobs: SandboxedJob[] = []
  for (const stem of stems) {
    const file = handed.files.get(stem)
    if (!file) continue
    const compiled = 'rejected' in file ? file : await compileOne(compiler, file.text, stem)
    if ('rejected' in compiled) {
      set(zeroes(stem, prepared.declared[stem] ?? [], 'rejected', compiled.rejected))
      onReport?.(report(), stem)
    } else jobs.push(jobOf(course, stem, compiled, limits))
  }
  await supervise(jobs, {
    containment: bestContainment(),
    cache: prepared.cache,
    signal,
    onLesson: ({ lesson }, heard) => {
      const tell = (test: HeardTest) => speech.ofTest(lesson, test)
      set(account(lesson, prepared.declared[lesson] ?? [], heard, tell, withoutMachine))
      onReport?.(report(), lesson)
    },
  })
  return report()
}

async function compileOne(compiler: Compiler, text: string, stem: string) {
  if (text.trim() === '') return { rejected: `exercises/${stem}.ts is empty.` }
  return compiler.compile(text, `exercises/${stem}.ts`)
}

/** A file that was probably meant is named. */
function notHandedIn(stem: string, ignored: string[]): string {
  const near = ignored.find((name) => basename(name).startsWith(stem.slice(0, 2)))
  return near ? `Not handed in: ${near} was not read, because its name is not exercises/${stem}.ts.` : 'Not handed in.'
}

/** Paths of the grader's machine are nobody's business. */
function withoutMachine(text: string): string {
  return text.replaceAll(kitRoot, '.').replaceAll('/submission/', '')
}

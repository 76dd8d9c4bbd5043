// Where a lesson stands now: from memory when its files are unchanged since they were graded, else by grading them.
import { type Course, type Language, needLessons } from './course'
import { exerciseJobs } from './runner/jobs'
import type { LessonOutcome } from './runner/outcome'
import { runJobs } from './runner/run'
import { lastOutcome, rememberOutcomes } from './state'
import { commandWords } from './terminal/commandWords'
import { progressLine } from './terminal/progress'

export async function currentOutcome(course: Course, stem: string, language: Language): Promise<LessonOutcome> {
  const last = lastOutcome(course, stem)
  if (last?.current) return last.outcome
  const progress = progressLine()
  progress.show(commandWords[language].grading(stem))
  const outcomes = [...(await runJobs(exerciseJobs(course, [stem]))).values()]
  progress.clear()
  rememberOutcomes(course, outcomes)
  return outcomes[0] as LessonOutcome
}

/** The first lesson that isn't finished, as far as is known; the first of all when nothing is. */
export function firstUnfinished(course: Course): string {
  needLessons(course)
  const open = course.stems.find((stem) => {
    const last = lastOutcome(course, stem)
    return !last?.current || last.outcome.status !== 'passed'
  })
  return open ?? (course.stems.at(-1) as string)
}

// The jobs of a run on what the learner wrote.
import { existsSync } from 'node:fs'
import type { Course } from '../course'
import { digest, textOf } from '../state'
import { deriveStub } from '../stub'
import type { Job } from './channel'

export function exerciseJobs(course: Course, stems: string[]): Job[] {
  return stems.map((stem) => {
    const { exercise, suite } = course.files(stem)
    return { id: stem, lesson: stem, testFile: suite, subject: exercise, shown: course.show(exercise) }
  })
}

/** Whether the learner's file is there and is not the stub as it was shipped. */
export function isTouched(course: Course, stem: string): boolean {
  const { exercise, solution } = course.files(stem)
  if (!existsSync(exercise)) return false
  try {
    return !existsSync(solution) || digest(textOf(exercise)) !== digest(deriveStub(textOf(solution), stem))
  } catch {
    return true // a solution that was edited may derive nothing
  }
}

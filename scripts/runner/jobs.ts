// The jobs of a run on what the learner wrote.
import { existsSync } from 'node:fs'
import type { Course } from '../course'
import { isStub } from '../exercise'
import type { Job } from './channel'

export function exerciseJobs(course: Course, stems: string[]): Job[] {
  return stems.map((stem) => {
    const { exercise, suite } = course.files(stem)
    return { id: stem, lesson: stem, testFile: suite, subject: exercise, shown: course.show(exercise) }
  })
}

/** Whether the learner's file is there and is not the stub as it was shipped. */
export function isTouched(course: Course, stem: string): boolean {
  if (!existsSync(course.files(stem).exercise)) return false
  try {
    return !isStub(course, stem)
  } catch {
    return true // a solution that was edited may derive nothing
  }
}

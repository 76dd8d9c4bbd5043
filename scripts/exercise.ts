// What becomes of a learner's file besides being graded: the stub is put back, and its solution is shown.
import { existsSync, writeFileSync } from 'node:fs'
import { type Course, Misuse } from './course'
import { backUp, digest, textOf } from './state'
import { deriveStub } from './stub'

/** Whether the learner's file is the stub. */
export function isStub(course: Course, stem: string): boolean {
  const { exercise } = course.files(stem)
  const stub = stubOf(course, stem)
  return existsSync(exercise) && digest(textOf(exercise)) === digest(stub)
}

/** Puts the stub back, and answers where what was there is kept, if there was anything. */
export function putStubBack(course: Course, stem: string): string | undefined {
  const { exercise } = course.files(stem)
  const stub = stubOf(course, stem)
  const backup = existsSync(exercise) ? backUp(course, exercise, stem) : undefined
  writeFileSync(exercise, stub)
  return backup
}

/** The exercise as it is handed out: what its solution derives, or, in the student edition, what stands in stubs/. */
export function stubOf(course: Course, stem: string): string {
  const { solution, stub } = course.files(stem)
  if (existsSync(solution)) return deriveStub(textOf(solution), course.show(solution))
  if (existsSync(stub)) return textOf(stub)
  throw new Misuse(
    `${course.show(solution)} is not there, and the stub is derived from it. \`git checkout -- exercises\` may bring the stub back.`,
  )
}

/** The student edition has no solutions to show. */
export function hasSolution(course: Course, stem: string): boolean {
  return existsSync(course.files(stem).solution)
}

/** The solution without the markers of the kit. */
export function solutionText(course: Course, stem: string): string {
  const { solution } = course.files(stem)
  if (!hasSolution(course, stem))
    throw new Misuse(`The solution of ${stem} is not in this edition of the kit: ask your teacher for it.`)
  const lines = textOf(solution).trimEnd().split('\n')
  return lines.filter((line) => !/^\s*\/\/ #(region todo:|endregion)/.test(line)).join('\n')
}

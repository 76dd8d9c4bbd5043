// The kit's own report, as --json prints it: what every other format is made from.
import { version } from '../package.json'
import { type LessonOutcome, total } from './runner/outcome'
import type { TypeProblem } from './types'

export interface Report {
  version: 1
  kit: string
  score: number
  max_score: number
  lessons: LessonOutcome[]
  /** Suites and solutions that are not as the kit ships them. */
  edited: string[]
  type_problems: TypeProblem[]
}

export function report(lessons: LessonOutcome[], edited: string[], types: TypeProblem[]): Report {
  return { version: 1, kit: `gradus ${version}`, ...total(lessons), lessons, edited, type_problems: types }
}

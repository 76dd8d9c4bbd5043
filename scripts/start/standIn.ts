// A workshop that grades nothing, for the tests of its views: what is known of each lesson is what the test says.
import { EventEmitter } from 'node:events'
import type { Course, Language } from '../course'
import { type LessonOutcome, lessonOutcome, notRun, type TestOutcome } from '../runner/outcome'
import type { Standing, Workshop } from './workshop'

export function standIn(course: Course, language: Language = 'en'): Workshop & { asked: string[] } {
  const standings = new Map<string, Standing>()
  const asked: string[] = []
  const standing = (stem: string) => {
    const known = standings.get(stem) ?? { types: [], drawings: {} }
    standings.set(stem, known)
    return known
  }
  const stand = Object.assign(new EventEmitter(), {
    course,
    language,
    stem: course.stems[0] as string,
    standing,
    asked,
    grading: undefined,
    grade: (stem: string) => asked.push(`grade ${stem}`),
    gradeAll: () => asked.push('grade all'),
    step(by: 1 | -1) {
      const stem = course.stems[course.stems.indexOf(stand.stem) + by]
      if (!stem) return
      stand.stem = stem
      stand.emit('moved', stem)
    },
  })
  Object.defineProperty(stand, 'outcomes', { get: () => course.stems.flatMap((stem) => standing(stem).outcome ?? []) })
  return stand as unknown as Workshop & { asked: string[] }
}

/** An outcome of a lesson with one task of one test. */
export function outcomeOf(lesson: string, test: Partial<TestOutcome> = {}, output = ''): LessonOutcome {
  const whole = { ...notRun({ task: 'twice', title: 'twice x is the sum of x and x (2 points)' }), ...test }
  return lessonOutcome(lesson, [{ ...whole, score: whole.status === 'passed' ? 2 : 0 }], output)
}

export const wrong: Partial<TestOutcome> = {
  status: 'failed',
  cause: {
    kind: 'wrong',
    expected: 'tensor([2.])',
    received: 'tensor([<b>3.</b>])',
    difference: '',
    why: 'Three times x, where twice was asked for.',
    given: [],
  },
}

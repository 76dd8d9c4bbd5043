// PrairieLearn's external grader: /grade/results/results.json, https://prairielearn.readthedocs.io/en/latest/externalGrading/
import type { Report } from '../report'
import { describe } from './words'

/** A submission in which nothing could be read is not gradable: it costs the student no attempt. */
export function prairielearn({ score, max_score, lessons }: Report): string {
  const handed = lessons.filter(({ status, message }) => status !== 'not-started' || message === '')
  if (handed.length > 0 && handed.every(({ status }) => status === 'rejected'))
    return text({ gradable: false, format_errors: handed.map(({ message }) => message) })
  const tests = lessons.flatMap((lesson) =>
    lesson.tests.map((test, i) => ({
      name: `${lesson.lesson} · ${test.task}: ${test.name}`,
      points: test.score,
      max_points: test.max_score,
      message: describe(lesson, test, i === 0),
    })),
  )
  return text({ gradable: true, score: max_score > 0 ? score / max_score : 0, tests })
}

function text(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

// GitHub Classroom's autograding reporter: this JSON, in base64, is a step's output `result`.
import type { Report } from '../report'
import { describe } from './words'

/** A point is given only for a whole test, as that format has it. */
export function github({ score, max_score, lessons }: Report): string {
  const tests = lessons.flatMap((lesson) =>
    lesson.tests.map((test, i) => ({
      name: `${lesson.lesson}: ${test.name}`,
      status: test.status === 'passed' ? 'pass' : 'fail',
      score: test.score,
      message: describe(lesson, test, i === 0) || null,
      test_code: '',
      filename: `exercises/${lesson.lesson}.ts`,
      line_no: lineOf(test.message),
      duration: test.duration_ms,
    })),
  )
  const status = score === max_score && max_score > 0 ? 'pass' : 'fail'
  return `${JSON.stringify({ version: 1, status, max_score, tests }, null, 2)}\n`
}

/** The line of the learner's file that a message ends with; 0 for none. */
export function lineOf(message: string): number {
  const lines = [...message.matchAll(/^at exercises\/[\w-]+\.ts:(\d+)/gm)]
  return Number(lines.at(-1)?.[1] ?? 0)
}

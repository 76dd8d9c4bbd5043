// The grade book of a class: a row a submission, a column a lesson.
import { stringify } from 'csv-stringify/sync'
import type { Report } from '../report'

/** Names are the students' own: a cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function gradeBook(rows: { student: string; report: Report }[]): string {
  const lessons = [...new Set(rows.flatMap(({ report }) => report.lessons.map(({ lesson }) => lesson)))].sort()
  const lines = rows.map(({ student, report }) => {
    const scores = lessons.map((lesson) => report.lessons.find((each) => each.lesson === lesson)?.score ?? '')
    return [student, report.score, report.max_score, ...scores]
  })
  return stringify([['submission', 'score', 'max_score', ...lessons], ...lines], { escape_formulas: true })
}

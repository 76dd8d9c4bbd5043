// What a report says of one test, in the formats that have one text for it.
import type { LessonReport, TestReport } from '../report'

const statuses = {
  passed: '',
  failed: 'Not right yet.',
  'not-started': 'Not started.',
  'not-run': 'This test did not run.',
}

/** What is said of the whole lesson stands at its first test, or at each test that did not run because of it. */
export function describe(lesson: LessonReport, test: TestReport, isFirst: boolean): string {
  if (test.status === 'passed') return ''
  const ofLesson = test.message === '' || isFirst ? lesson.message : ''
  const lines = [ofLesson, test.message === ofLesson ? '' : test.message].filter(Boolean)
  return lines.length > 0 ? lines.join('\n') : statuses[test.status]
}

/** A text that is cut where a format takes no more. */
export function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

// A report in the terminal: a line a lesson, and what became of the rest.
import stringWidth from 'string-width'
import { ink } from '../terminal/ink'
import { bestContainment } from './contain'
import type { LessonReport, Report } from './report'

const marks: Record<LessonReport['status'], string> = {
  passed: '●',
  failed: '⊗',
  'not-started': '◌',
  timeout: '△',
  'out-of-memory': '△',
  rejected: '△',
  error: '△',
}

export function summary({ submission, score, max_score, lessons, ignored }: Report): string {
  const width = Math.max(0, ...lessons.map(({ lesson }) => stringWidth(lesson)))
  const rows = lessons.map((lesson) => {
    const points = `${lesson.score}/${lesson.max_score}`.padStart(6)
    const mark = lesson.status === 'passed' ? ink.accent(marks.passed) : marks[lesson.status]
    const words = lesson.message.split('\n', 1)[0] ?? ''
    return `  ${mark} ${lesson.lesson.padEnd(width)}  ${points}  ${ink.pale(words)}`.trimEnd()
  })
  return [
    `${ink.strong(submission)}   ${score} of ${max_score} points`,
    ...rows,
    ...(ignored.length > 0
      ? [ink.pale(`  not read: ${ignored.slice(0, 8).join(', ')}${ignored.length > 8 ? ', …' : ''}`)]
      : []),
    ink.pale(
      `  contained by QuickJS in ${bestContainment() === 'bubblewrap' ? 'a process behind bubblewrap' : 'a process of its own (bubblewrap is not at hand)'}`,
    ),
  ].join('\n')
}

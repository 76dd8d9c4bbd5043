// npm run list: all lessons, and where you stand in each, as last verified.
import { command, exitCodes, run } from './cli'
import { type Course, openCourse, titleOf } from './course'
import { chooseLanguage } from './language'
import { isTouched } from './runner/jobs'
import { lastOutcome } from './state'
import { ink } from './terminal/ink'
import { mark } from './terminal/verdict'

const program = command(
  'npm run list --',
  'Lists the lessons and where you stand in each. Points are those of the last grading of the very file that is there now.',
).option('--lang <language>', 'en or zh')

run(program, () => {
  const course = openCourse()
  const language = chooseLanguage(program.opts().lang)
  for (const stem of course.stems) {
    const { status, words } = standing(course, stem)
    console.log(
      `  ${mark(status)} ${ink.strong(stem.padEnd(22))} ${words.padEnd(28)} ${ink.pale(titleOf(course.files(stem), language))}`.trimEnd(),
    )
  }
  return exitCodes.right
})

function standing(course: Course, stem: string): { status: Parameters<typeof mark>[0]; words: string } {
  const last = lastOutcome(course, stem)
  if (last?.current) {
    const { status, score, max_score } = last.outcome
    return { status, words: status === 'not-started' ? 'not started' : `${score} of ${max_score} points` }
  }
  if (!isTouched(course, stem)) return { status: 'not-started', words: 'not started' }
  return { status: 'not-run', words: `changed: npm test -- ${stem.slice(0, 2)}` }
}

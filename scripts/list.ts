// npm run list: all lessons, and where you stand in each, as last verified.
import { command, exitCodes, run } from './cli'
import { type Course, type Language, openCourse, titleOf } from './course'
import { chooseLanguage } from './language'
import { isTouched } from './runner/jobs'
import { lastOutcome } from './state'
import { commandWords } from './terminal/commandWords'
import { ink, padded } from './terminal/ink'
import { mark } from './terminal/verdict'
import { wordsOf } from './terminal/words'

const program = command(
  'npm run list --',
  'Lists the lessons and where you stand in each. Points are those of the last grading of the very file that is there now.',
).option('--lang <language>', 'en or zh')

run(program, () => {
  const course = openCourse()
  const language = chooseLanguage(program.opts().lang)
  const width = Math.max(...course.stems.map((stem) => stem.length))
  for (const stem of course.stems) {
    const { status, words } = standing(course, stem, language)
    console.log(
      `  ${mark(status)} ${ink.strong(stem.padEnd(width))} ${padded(words, 28)} ${ink.pale(titleOf(course.files(stem), language))}`.trimEnd(),
    )
  }
  return exitCodes.right
})

function standing(
  course: Course,
  stem: string,
  language: Language,
): { status: Parameters<typeof mark>[0]; words: string } {
  const [last, words] = [lastOutcome(course, stem), wordsOf(language)]
  if (last?.current) {
    const { status, score, max_score } = last.outcome
    return { status, words: status === 'not-started' ? words.notStarted : words.points(score, max_score) }
  }
  if (!isTouched(course, stem)) return { status: 'not-started', words: words.notStarted }
  return { status: 'not-run', words: commandWords[language].changed(stem.slice(0, 2)) }
}

// npm run solution -- 03: how we would have written it, after passing or on an explicit request.
import { diff } from 'jest-diff'
import { command, exitCodes, run } from './cli'
import { type Course, findLesson, openCourse } from './course'
import { solutionText } from './exercise'
import { chooseLanguage } from './language'
import { currentOutcome } from './standing'
import { textOf } from './state'
import { type CommandWords, commandWords } from './terminal/commandWords'
import { ink } from './terminal/ink'
import { wordsOf } from './terminal/words'

const program = command(
  'npm run solution --',
  'Shows the solution of a lesson that you have passed; with --show, of any.',
)
  .argument('<lesson>', 'the lesson')
  .option('--show', 'show it although the lesson is not passed yet')
  .option('--diff', 'show how yours differs from it')
  .option('--lang <language>', 'en or zh')

run(program, async ([lesson = '']) => {
  const course = openCourse()
  const { show, diff, lang } = program.opts<{ show?: boolean; diff?: boolean; lang?: string }>()
  const language = chooseLanguage(lang)
  const words = commandWords[language]
  const stem = findLesson(course, lesson)
  const solution = solutionText(course, stem)
  if (!show) {
    const { status, score, max_score } = await currentOutcome(course, stem, language)
    if (status !== 'passed') {
      const number = stem.slice(0, 2)
      console.log(words.notPassed(stem, wordsOf(language).points(score, max_score), number))
      console.log(words.allTheSame(number))
      return exitCodes.wrong
    }
  }
  console.log(diff ? difference(course, stem, solution, words) : solution)
  return exitCodes.right
})

function difference(course: Course, stem: string, solution: string, words: CommandWords): string {
  const { exercise } = course.files(stem)
  const options = {
    aAnnotation: course.show(exercise),
    bAnnotation: words.theSolution,
    aColor: ink.signal,
    bColor: ink.accent,
    commonColor: ink.pale,
    changeColor: ink.strong,
    patchColor: ink.pale,
    contextLines: 3,
    expand: false,
  }
  return diff(textOf(exercise).trimEnd(), solution, options) ?? ''
}

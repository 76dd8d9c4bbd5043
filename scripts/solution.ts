// npm run solution -- 03: how we would have written it, after passing or on an explicit request.
import { diff } from 'jest-diff'
import { command, exitCodes, run } from './cli'
import { type Course, findLesson, openCourse } from './course'
import { solutionText } from './exercise'
import { currentOutcome } from './standing'
import { textOf } from './state'
import { ink } from './terminal/ink'

const program = command(
  'npm run solution --',
  'Shows the solution of a lesson that you have passed; with --show, of any.',
)
  .argument('<lesson>', 'the lesson')
  .option('--show', 'show it although the lesson is not passed yet')
  .option('--diff', 'show how yours differs from it')

run(program, async ([lesson = '']) => {
  const course = openCourse()
  const { show, diff } = program.opts<{ show?: boolean; diff?: boolean }>()
  const stem = findLesson(course, lesson)
  const solution = solutionText(course, stem)
  if (!show) {
    const { status, score, max_score } = await currentOutcome(course, stem)
    if (status !== 'passed') {
      console.log(
        `${stem} is not passed yet (${score} of ${max_score} points). Another hint: npm run hint -- ${stem.slice(0, 2)}`,
      )
      console.log(`To see the solution all the same: npm run solution -- ${stem.slice(0, 2)} --show`)
      return exitCodes.wrong
    }
  }
  console.log(diff ? difference(course, stem, solution) : solution)
  return exitCodes.right
})

function difference(course: Course, stem: string, solution: string): string {
  const { exercise } = course.files(stem)
  const options = {
    aAnnotation: course.show(exercise),
    bAnnotation: 'the solution',
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

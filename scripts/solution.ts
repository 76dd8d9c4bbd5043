// npm run solution -- 03: how we would have written it, after passing or on an explicit request.
import { existsSync } from 'node:fs'
import { diff } from 'jest-diff'
import { command, exitCodes, run } from './cli'
import { type Course, findLesson, Misuse, openCourse } from './course'
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
  const { solution } = course.files(stem)
  if (!existsSync(solution))
    throw new Misuse(`The solution of ${stem} is not in this edition of the kit: ask your teacher for it.`)
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
  console.log(diff ? difference(course, stem) : solutionText(course, stem))
  return exitCodes.right
})

/** The solution without the markers of the kit. */
function solutionText(course: Course, stem: string): string {
  const lines = textOf(course.files(stem).solution).trimEnd().split('\n')
  return lines.filter((line) => !/^\s*\/\/ #(region todo:|endregion)/.test(line)).join('\n')
}

function difference(course: Course, stem: string): string {
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
  return diff(textOf(exercise).trimEnd(), solutionText(course, stem), options) ?? ''
}

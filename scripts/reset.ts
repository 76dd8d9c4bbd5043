// npm run reset -- 03: back to the stub; what was there is kept.
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { command, exitCodes, run } from './cli'
import { findLesson, Misuse, openCourse } from './course'
import { isStub, putStubBack } from './exercise'
import { chooseLanguage } from './language'
import { commandWords } from './terminal/commandWords'

const program = command(
  'npm run reset --',
  'Puts the stub of a lesson back. What you wrote is kept in .gradus/backups/.',
)
  .argument('<lesson>', 'the lesson')
  .option('-y, --yes', 'do not ask')
  .option('--lang <language>', 'en or zh')

run(program, async ([lesson = '']) => {
  const course = openCourse()
  const words = commandWords[chooseLanguage(program.opts().lang)]
  const stem = findLesson(course, lesson)
  const { exercise } = course.files(stem)
  const shown = course.show(exercise)
  if (isStub(course, stem)) {
    console.log(words.isStub(shown))
    return exitCodes.right
  }
  if (existsSync(exercise) && !(await confirmed(`${words.resetting(shown)} [y/N] `))) {
    console.log(words.nothingChanged)
    return exitCodes.wrong
  }
  console.log(words.reset(shown, putStubBack(course, stem)))
  return exitCodes.right
})

async function confirmed(question: string): Promise<boolean> {
  if (program.opts().yes) return true
  if (!process.stdin.isTTY) throw new Misuse('There is no terminal to ask on: add --yes to reset all the same.')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  // Ctrl-C and Ctrl-D at the question mean no.
  const answer = await Promise.race([
    terminal.question(question),
    new Promise<string>((resolve) => terminal.once('close', () => resolve(''))),
  ])
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

// npm run grade: grades what strangers hand in.
import { command, exitCodes, run } from '../cli'
import { findLessons, Misuse, openCourse } from '../course'
import { progressLine } from '../terminal/progress'
import { Compiler } from './compile'
import { prepare } from './declared'
import { findFormat, formats } from './formats'
import { readSubmission } from './intake'
import type { Report } from './report'
import { gradeSubmission } from './submission'
import { summary } from './summary'
import { writeWhole } from './write'

interface Options {
  lesson?: string[]
  format: string
  out?: string
  require?: string
}

const program = command('npm run grade --', 'Grades a submission that nobody trusts, in a sandbox.')
  .argument('[folder]', 'a folder with exercises/NN-name.ts, or with the exercises themselves')
  .option('--lesson <lesson...>', 'grade only these lessons')
  .option('--format <format>', `format of the report: ${Object.keys(formats).join(', ')}`, 'json')
  .option('--out <file>', 'write the report to this file; it is there from the start, with zeros, and grows')
  .option('--require <percent>', 'end with 1 if the score is lower than this: 100%')
  .addHelpText(
    'after',
    '\nThe report goes to --out or standard output, a summary to standard error.\nExit code: 0 when a report was written, whatever the score; 1 when it is lower than --require; 2 when there is none.',
  )

run(program, async ([folder]) => {
  const options = program.opts<Options>()
  const format = formats[findFormat(options.format)]
  const required = percentage(options.require)
  const course = openCourse()
  const stems = findLessons(course, options.lesson ?? [])
  if (folder === undefined) throw new Misuse('Say which folder to grade: npm run grade -- path/to/submission')
  const handed = readSubmission(course, folder)
  if (handed.files.size === 0)
    throw new Misuse(`There is no exercise in ${folder}: a file like exercises/${course.stems[0]}.ts was expected.`)
  const { out } = options
  const write = (report: Report) => out !== undefined && writeWhole(out, format(report))
  const progress = progressLine()
  progress.show('loading the suites')
  const prepared = await prepare(course)
  const compiler = new Compiler()
  let done = 0
  const report = await gradeSubmission(course, handed, {
    stems,
    prepared,
    compiler,
    onReport(current, lesson) {
      write(current)
      if (lesson) done++
      progress.show(`${done} of ${stems.length} lessons graded`)
    },
  })
  compiler.end()
  progress.clear()
  if (out === undefined) process.stdout.write(format(report))
  console.error(summary(report))
  return report.score >= required * report.max_score ? exitCodes.right : exitCodes.wrong
})

/** `80%` or `80` as 0.8. */
function percentage(text: string | undefined): number {
  if (text === undefined) return 0
  const match = /^(\d+(?:\.\d+)?)%?$/.exec(text)
  if (!match || Number(match[1]) > 100) throw new Misuse(`--require takes a percentage such as 80%, not ${text}.`)
  return Number(match[1]) / 100
}

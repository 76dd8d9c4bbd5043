// npm run grade: grades what strangers hand in.
import { join } from 'node:path'
import { command, exitCodes, run } from '../cli'
import { type Course, findLessons, Misuse, openCourse } from '../course'
import { chooseLanguage } from '../language'
import { progressLine } from '../terminal/progress'
import { writeWhole } from '../write'
import { gradeClass, mergeShards, readJobs, readShard } from './class'
import { Compiler } from './compile'
import { prepare } from './declared'
import { findFormat, formats } from './formats'
import { tellActions } from './formats/actions'
import { readSubmission } from './intake'
import type { Report } from './report'
import { speechIn } from './speech'
import { gradeSubmission } from './submission'
import { summary } from './summary'

interface Options {
  lesson?: string[]
  format: string
  out?: string
  require?: string
  class?: string
  jobs?: string
  shard?: string
  merge?: string[]
  lang?: string
}

const program = command('npm run grade --', 'Grades a submission that nobody trusts, in a sandbox.')
  .argument('[folder]', 'a folder with exercises/NN-name.ts, or with the exercises themselves')
  .option('--lesson <lesson>', 'grade only this lesson; may be given several times', (each, others: string[] = []) => [
    ...others,
    each,
  ])
  .option('--format <format>', `format of the report: ${Object.keys(formats).join(', ')}`, 'json')
  .option('--out <file>', 'write the report to this file; it is there from the start, with zeros, and grows')
  .option('--require <percent>', 'end with 1 if the score is lower than this: 100%')
  .option('--class <folder>', 'grade a class: a folder a student; --out is a folder for the reports and grades.csv')
  .option('--jobs <n>', 'how many submissions of a class are graded at a time: as many as there are processor cores')
  .option('--shard <i/n>', 'grade only every n-th submission of a class, for several machines: 1/4')
  .option('--merge <folder...>', 'put the results of shards together in --out')
  .option('--lang <language>', 'language of the reports: en or zh')
  .addHelpText(
    'after',
    '\nThe report goes to --out or standard output, a summary to standard error.\nExit code: 0 when a report was written, whatever the score; 1 when it is lower than --require; 2 when there is none.',
  )

run(program, async ([folder]) => {
  const options = program.opts<Options>()
  const course = openCourse()
  if (options.merge) return merge(options.merge, options)
  const stems = findLessons(course, options.lesson ?? [])
  if (options.class !== undefined) return gradeAll(course, options.class, stems, options)
  if (options.shard ?? options.jobs)
    throw new Misuse('--shard and --jobs are for a class: name its folder with --class.')
  if (folder === undefined) throw new Misuse('Say which folder to grade: npm run grade -- path/to/submission')
  return gradeOne(course, folder, stems, options)
})

async function gradeOne(course: Course, folder: string, stems: string[], options: Options): Promise<number> {
  const format = formats[findFormat(options.format)]
  const speech = speechIn(course, chooseLanguage(options.lang))
  const required = percentage(options.require)
  const handed = readSubmission(course, folder)
  if (handed.files.size === 0)
    throw new Misuse(`There is no exercise in ${folder}: a file like exercises/${course.stems[0]}.ts was expected.`)
  const { out } = options
  const write = (report: Report) => out !== undefined && writeWhole(out, format(report))
  const progress = progressLine()
  progress.show('loading the suites')
  const prepared = await prepare(course)
  const compiler = new Compiler(prepared.compiler)
  let done = 0
  const report = await gradeSubmission(course, handed, {
    stems,
    prepared,
    compiler,
    speech,
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
  if (options.format === 'github') tellActions(report, format(report))
  return report.score >= required * report.max_score ? exitCodes.right : exitCodes.wrong
}

async function gradeAll(course: Course, folder: string, stems: string[], options: Options): Promise<number> {
  const { out } = options
  if (out === undefined) throw new Misuse('Say where the reports of the class go: --out results')
  if (options.require !== undefined || options.format !== 'json')
    throw new Misuse(
      '--require and --format are for a single submission; the reports of a class are JSON, its grade book is CSV.',
    )
  const shard = options.shard === undefined ? undefined : readShard(options.shard)
  const jobs = readJobs(options.jobs)
  const language = chooseLanguage(options.lang)
  const { count, faulty } = await gradeClass(course, folder, {
    stems,
    prepared: await prepare(course),
    out,
    jobs,
    shard,
    language,
  })
  const book = shard
    ? `\`npm run grade -- --merge ${out} --out ${out}\` makes the grade book when all shards are done.`
    : `The grade book is ${join(out, 'grades.csv')}.`
  console.error(`${count} submissions are graded, a report for each in ${join(out, 'reports')}. ${book}`)
  if (faulty > 0)
    console.error(
      `In ${faulty} of them a lesson ended with an error that may not be theirs: the same command tries these again.`,
    )
  return exitCodes.right
}

function merge(folders: string[], { out }: Options): number {
  if (out === undefined) throw new Misuse('Say where the merged results go: --merge shard-1 shard-2 --out results')
  const count = mergeShards(folders, out)
  console.error(`The results of ${count} submissions are in ${out}; the grade book is ${join(out, 'grades.csv')}.`)
  return exitCodes.right
}

/** `80%` or `80` as 0.8. */
function percentage(text: string | undefined): number {
  if (text === undefined) return 0
  const match = /^(\d+(?:\.\d+)?)%?$/.exec(text)
  if (!match || Number(match[1]) > 100) throw new Misuse(`--require takes a percentage such as 80%, not ${text}.`)
  return Number(match[1]) / 100
}

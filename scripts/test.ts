// npm test: grades the exercises once.
import { command, exitCodes, run } from './cli'
import { type Course, findLessons, openCourse } from './course'
import { chooseLanguage } from './language'
import { report } from './report'
import { exerciseJobs, isTouched } from './runner/jobs'
import { total } from './runner/outcome'
import { runJobs } from './runner/run'
import { editedFiles } from './seal'
import { rememberOutcomes } from './state'
import { progressLine } from './terminal/progress'
import { editedNote, typesNote, verdict } from './terminal/verdict'
import { wordsOf } from './terminal/words'
import { typeProblems } from './types'

const program = command('npm test --', 'Grades what you wrote in exercises/: all lessons, or the ones you name.')
  .argument('[lesson...]', 'lessons to grade: 03, zero-grad or exercises/03-zero-grad.ts')
  .option('--lang <language>', 'en or zh')
  .option('--json', 'print the report as JSON')
  .addHelpText('after', '\nExit code: 0 when every graded test passes, 1 when not, 2 when it could not be graded.')

run(program, async (names) => {
  const { json, lang } = program.opts<{ json?: boolean; lang?: string }>()
  const language = chooseLanguage(lang)
  const words = wordsOf(language)
  const course = openCourse()
  const stems = findLessons(course, names)
  const types = typeProblems(course, touchedExercises(course, stems))
  const progress = progressLine()
  const outcomes = [
    ...(await runJobs(exerciseJobs(course, stems), { onBegin: ({ lesson }) => progress.show(lesson) })).values(),
  ]
  progress.clear()
  rememberOutcomes(course, outcomes)
  const edited = editedFiles(course, stems)
  if (json) console.log(JSON.stringify(report(outcomes, edited, await types), null, 2))
  else {
    console.log([editedNote(edited, words), verdict(course, outcomes, language)].filter(Boolean).join('\n\n'))
    const note = typesNote(await types, words)
    if (note) console.log(`\n${note}`)
  }
  const { score, max_score } = total(outcomes)
  return score === max_score && outcomes.every(({ status }) => status === 'passed') ? exitCodes.right : exitCodes.wrong
})

function touchedExercises(course: Course, stems: string[]): string[] {
  return stems.filter((stem) => isTouched(course, stem)).map((stem) => course.files(stem).exercise)
}

// npm run new -- 23-name: the files of a new lesson, each with what belongs there.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { command, exitCodes, run } from './cli'
import { isStem, Misuse, openCourse } from './course'
import { lessonTemplates } from './lessonTemplates'

const program = command(
  'npm run new --',
  'Makes the files of a new lesson: text in both languages, solution, suite, mistakes and stub.',
).argument('<name>', 'the number and name of the lesson: 23-stable-losses')

run(program, ([stem = '']) => {
  const course = openCourse()
  if (!isStem(stem))
    throw new Misuse(
      `${stem} is not a name for a lesson. Take two digits and small letters with dashes: 23-stable-losses.`,
    )
  const files = course.files(stem)
  const next = String(course.stems.length + 1).padStart(2, '0')
  const sameNumber = course.stems.find((each) => each.slice(0, 2) === stem.slice(0, 2))
  if (sameNumber) throw new Misuse(`There is a lesson ${sameNumber} already; the next number is ${next}.`)
  if (!stem.startsWith(next))
    throw new Misuse(`Lessons are numbered without gaps: the next number is ${next}, so take ${next}${stem.slice(2)}.`)
  const texts = lessonTemplates(files)
  const taken = Object.keys(texts).find(existsSync)
  if (taken) throw new Misuse(`${course.show(taken)} is there already; nothing was written.`)
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    console.log(course.show(path))
  }
  console.log(
    '\nWrite the solution first, then its suite and mistakes, then the text. `npm run check -- --fix` derives the stub and seals the suite; `npm run check` proves the lesson.',
  )
  return exitCodes.right
})

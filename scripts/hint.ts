// npm run hint -- 03: the next hint for the first task that isn't done.
import { command, exitCodes, run } from './cli'
import { type Course, findLesson, type Language, Misuse, nearest, openCourse } from './course'
import { hasSolution } from './exercise'
import { firstOpenTask, lessonTasks, nextHints } from './hints'
import { chooseLanguage } from './language'
import type { TaskText } from './lessonText'
import { currentOutcome, firstUnfinished } from './standing'
import { commandWords } from './terminal/commandWords'
import { ink, prose } from './terminal/ink'

const program = command(
  'npm run hint --',
  'Gives the next hint for the first task of a lesson that is not done. Each call gives more away.',
)
  .argument('[lesson]', 'the lesson; without it, the first one that is not finished')
  .argument('[task]', 'the task, by name or number; without it, the first one that is not done')
  .option('--all', 'all hints of the task at once')
  .option('--lang <language>', 'en or zh')

run(program, async ([lesson, taskName]) => {
  const course = openCourse()
  const { all, lang } = program.opts<{ all?: boolean; lang?: string }>()
  const language = chooseLanguage(lang)
  const stem = lesson === undefined ? firstUnfinished(course) : findLesson(course, lesson)
  const tasks = lessonTasks(course, stem, language)
  const task =
    taskName === undefined
      ? firstOpenTask(tasks, await currentOutcome(course, stem, language))
      : namedTask(tasks, taskName)
  if (!task) {
    console.log(commandWords[language].noHint(stem, stem.slice(0, 2), tasks[0]?.name ?? ''))
    return exitCodes.right
  }
  giveHints(course, stem, task, language, all ?? false)
  return exitCodes.right
})

function namedTask(tasks: TaskText[], name: string): TaskText {
  const task = tasks.find((each) => each.name === name || String(each.number) === name)
  if (task) return task
  const names = tasks.map((each) => each.name)
  throw new Misuse(`There is no task ${name}; there are ${names.join(', ')}. Did you mean ${nearest(name, names)}?`)
}

function giveHints(course: Course, stem: string, task: TaskText, language: Language, all: boolean): void {
  const hints = nextHints(course, stem, task, all)
  const [count, words] = [hints.length, commandWords[language]]
  console.log(`${words.hint(ink.strong(`${stem} · ${task.number}. ${task.name}`), count, task.hints.length)}\n`)
  for (const [i, hint] of hints.entries()) console.log(prose(`${i + 1}. ${i + 1 < count ? ink.pale(hint) : hint}`, 2))
  const answer = hasSolution(course, stem) ? stem.slice(0, 2) : undefined
  const again = count < task.hints.length ? words.anotherHint : words.lastHint(answer)
  console.log(`\n${ink.pale(again)}`)
}

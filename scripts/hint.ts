// npm run hint -- 03: the next hint for the first task that isn't done.
import { command, exitCodes, run } from './cli'
import { type Course, findLesson, Misuse, nearest, openCourse } from './course'
import { firstOpenTask, lessonTasks, nextHints } from './hints'
import { chooseLanguage } from './language'
import type { TaskText } from './lessonText'
import { currentOutcome, firstUnfinished } from './standing'
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
    taskName === undefined ? firstOpenTask(tasks, await currentOutcome(course, stem)) : namedTask(tasks, taskName)
  if (!task) {
    console.log(
      `${stem} is done: there is nothing to hint at. \`npm run hint -- ${stem.slice(0, 2)} ${tasks[0]?.name}\` shows a task's hints all the same.`,
    )
    return exitCodes.right
  }
  giveHints(course, stem, task, all ?? false)
  return exitCodes.right
})

function namedTask(tasks: TaskText[], name: string): TaskText {
  const task = tasks.find((each) => each.name === name || String(each.number) === name)
  if (task) return task
  const names = tasks.map((each) => each.name)
  throw new Misuse(`There is no task ${name}; there are ${names.join(', ')}. Did you mean ${nearest(name, names)}?`)
}

function giveHints(course: Course, stem: string, task: TaskText, all: boolean): void {
  const hints = nextHints(course, stem, task, all)
  const count = hints.length
  console.log(`${ink.strong(`${stem} · ${task.number}. ${task.name}`)}   hint ${count} of ${task.hints.length}\n`)
  for (const [i, hint] of hints.entries()) console.log(prose(`${i + 1}. ${i + 1 < count ? ink.pale(hint) : hint}`, 2))
  const again =
    count < task.hints.length
      ? 'The same command gives the next one.'
      : `That was the last one. \`npm run solution -- ${stem.slice(0, 2)} --show\` shows the answer.`
  console.log(`\n${ink.pale(again)}`)
}

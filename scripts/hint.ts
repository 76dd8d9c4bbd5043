// npm run hint -- 03: the next hint for the first task that isn't done.
import { command, exitCodes, run } from './cli'
import { type Course, findLesson, type Language, Misuse, nearest, openCourse } from './course'
import { chooseLanguage } from './language'
import { readLesson, type TaskText } from './lessonText'
import { total } from './runner/outcome'
import { currentOutcome, firstUnfinished } from './standing'
import { recall, remember, textOf } from './state'
import { ink, prose } from './terminal/ink'
import { tasksOf } from './terminal/verdict'

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
  const task = taskName === undefined ? await firstOpenTask(course, stem, tasks) : namedTask(tasks, taskName)
  if (!task) {
    console.log(
      `${stem} is done: there is nothing to hint at. \`npm run hint -- ${stem.slice(0, 2)} ${tasks[0]?.name}\` shows a task's hints all the same.`,
    )
    return exitCodes.right
  }
  giveHints(course, stem, task, all ?? false)
  return exitCodes.right
})

function lessonTasks(course: Course, stem: string, language: Language): TaskText[] {
  const { tasks } = readLesson(textOf(course.files(stem).text[language]))
  if (tasks.length === 0) throw new Misuse(`${course.show(course.files(stem).text[language])} has no tasks to hint at.`)
  return tasks
}

function namedTask(tasks: TaskText[], name: string): TaskText {
  const task = tasks.find((each) => each.name === name || String(each.number) === name)
  if (task) return task
  const names = tasks.map((each) => each.name)
  throw new Misuse(`There is no task ${name}; there are ${names.join(', ')}. Did you mean ${nearest(name, names)}?`)
}

async function firstOpenTask(course: Course, stem: string, tasks: TaskText[]): Promise<TaskText | undefined> {
  const { tests } = await currentOutcome(course, stem)
  const done = new Set(
    tasksOf(tests)
      .filter((task) => total(task.tests).score === total(task.tests).max_score)
      .map((task) => task.name),
  )
  return tasks.find((task) => !done.has(task.name))
}

function giveHints(course: Course, stem: string, task: TaskText, all: boolean): void {
  const given = recall<Record<string, number>>(course, 'hints', {})
  const key = `${stem} ${task.name}`
  const before = Number(given[key]) || 0
  const count = all ? task.hints.length : Math.min(before + 1, task.hints.length)
  remember(course, 'hints', { ...given, [key]: count })
  console.log(`${ink.strong(`${stem} · ${task.number}. ${task.name}`)}   hint ${count} of ${task.hints.length}\n`)
  for (const [i, hint] of task.hints.slice(0, count).entries())
    console.log(prose(`${i + 1}. ${i + 1 < count ? ink.pale(hint) : hint}`, 2))
  const again =
    count < task.hints.length
      ? 'The same command gives the next one.'
      : `That was the last one. \`npm run solution -- ${stem.slice(0, 2)} --show\` shows the answer.`
  console.log(`\n${ink.pale(again)}`)
}

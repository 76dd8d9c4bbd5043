// The hints of a task, one more each time, and how many of them a learner has seen.
import { type Course, type Language, Misuse } from './course'
import { readLesson, type TaskText } from './lessonText'
import { type LessonOutcome, total } from './runner/outcome'
import { recall, remember, textOf } from './state'
import { tasksOf } from './terminal/verdict'

export function lessonTasks(course: Course, stem: string, language: Language): TaskText[] {
  const { tasks } = readLesson(textOf(course.files(stem).text[language]))
  if (tasks.length === 0) throw new Misuse(`${course.show(course.files(stem).text[language])} has no tasks to hint at.`)
  return tasks
}

/** The first task that does not have all of its points. */
export function firstOpenTask(tasks: TaskText[], { tests }: LessonOutcome): TaskText | undefined {
  const done = new Set(
    tasksOf(tests)
      .filter((task) => total(task.tests).score === total(task.tests).max_score)
      .map((task) => task.name),
  )
  return tasks.find((task) => !done.has(task.name))
}

/** The hints of a task that the learner has asked for, with one more than before, or with all of them. */
export function nextHints(course: Course, stem: string, task: TaskText, all = false): string[] {
  const before = hintsSeen(course, stem)[task.name] ?? 0
  const count = all ? task.hints.length : Math.min(before + 1, task.hints.length)
  rememberHints(course, stem, task.name, count)
  return task.hints.slice(0, count)
}

/** How many hints of a lesson's tasks the learner has seen, in the terminal or on the page. */
export function hintsSeen(course: Course, stem: string): Record<string, number> {
  const seen = Object.entries(recall<Record<string, number>>(course, 'hints', {}))
  return Object.fromEntries(
    seen.flatMap(([key, count]) => {
      const [lesson, task] = key.split(' ')
      return lesson === stem && task ? [[task, Number(count) || 0]] : []
    }),
  )
}

/** That the first `count` hints of a task have been seen, or more of them before. */
export function rememberHints(course: Course, stem: string, task: string, count: number): void {
  const most = Math.max(count, hintsSeen(course, stem)[task] ?? 0)
  remember(course, 'hints', { ...recall(course, 'hints', {}), [`${stem} ${task}`]: most })
}

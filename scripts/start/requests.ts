// What a page may ask for besides reading: to open the editor, to grade again, to see the solution, to put the stub back.
import { type Course, Misuse } from '../course'
import { isStub, putStubBack, solutionText } from '../exercise'
import { lessonTasks, rememberHints } from '../hints'
import type { TaskText } from '../lessonText'
import { highlight } from '../page/code'
import { openInEditor } from './editor'
import type { Workshop } from './workshop'

export type Answer = Record<string, unknown>

/** By the last word of the address. `asked` is whatever JSON was sent. */
export const requests: Record<
  string,
  (workshop: Workshop, asked: Record<string, unknown>) => Promise<Answer> | Answer
> = {
  open: async ({ course }, { file, line, column }) => {
    const path = exerciseNamed(course, file)
    return { opened: await openInEditor(path, wholeNumber(line), wholeNumber(column)) }
  },
  grade: (workshop, { stem }) => {
    workshop.grade(lessonNamed(workshop.course, stem))
    return {}
  },
  solution: (workshop, { stem, anyway }) => {
    const lesson = lessonNamed(workshop.course, stem)
    const text = solutionText(workshop.course, lesson)
    const isPassed = workshop.standing(lesson).outcome?.status === 'passed'
    return isPassed || anyway === true ? { html: highlight(text) } : { hidden: true }
  },
  hint: (workshop, { stem, task, count }) => {
    const lesson = lessonNamed(workshop.course, stem)
    const { name, hints } = taskNamed(workshop.course, lesson, task)
    rememberHints(workshop.course, lesson, name, Math.min(wholeNumber(count), hints.length))
    workshop.emit('hinted', lesson)
    return {}
  },
  reset: ({ course }, { stem }) => {
    const lesson = lessonNamed(course, stem)
    return isStub(course, lesson) ? { isStub: true } : { backup: putStubBack(course, lesson) ?? null }
  },
}

/** Only the files that a learner writes can be opened, whatever the page asks for. */
function exerciseNamed(course: Course, file: unknown): string {
  const stem = course.stems.find((each) => course.show(course.files(each).exercise) === file)
  if (!stem) throw new Misuse(`${String(file)} is no exercise.`)
  return course.files(stem).exercise
}

function lessonNamed(course: Course, stem: unknown): string {
  if (typeof stem !== 'string' || !course.stems.includes(stem)) throw new Misuse(`${String(stem)} is no lesson.`)
  return stem
}

function taskNamed(course: Course, stem: string, name: unknown): TaskText {
  const task = lessonTasks(course, stem, 'en').find((each) => each.name === name)
  if (!task) throw new Misuse(`${String(name)} is no task of ${stem}.`)
  return task
}

function wholeNumber(value: unknown): number {
  const number = Number(value)
  return Number.isInteger(number) && number > 0 ? number : 1
}

// Keeps a page up to date: results at their tasks as soon as a file is saved, and what the page may ask for. Without it the page is still a page.
import { wordsOf } from '../pageWords'
import { Clock } from './clock'
import { Connection } from './connection'
import { showCourse, showGraphs, showHints, showLesson } from './results'
import { openWorkbench } from './workbench'

const root = document.documentElement
const words = wordsOf(root.lang)
const base = root.dataset.root ?? ''
const stem = document.querySelector<HTMLMetaElement>('meta[name="gradus-lesson"]')?.content
const clock = new Clock(words)

/** A run that is over before anyone could read it is not announced. */
const noticeableMs = 150
let announcing: number | undefined
const grading = (isOn: boolean) => {
  clearTimeout(announcing)
  if (isOn) announcing = window.setTimeout(() => root.classList.add('grading'), noticeableMs)
  else root.classList.remove('grading')
}

new Connection(`${base}events?stem=${stem ?? ''}&lang=${root.lang.slice(0, 2)}`, words, clock, {
  hello({ lesson, course }) {
    grading(false)
    if (lesson) show(lesson)
    showCourse(course)
  },
  grading: () => grading(true),
  lesson(lesson) {
    grading(false)
    if (lesson) show(lesson)
  },
  graphs: showGraphs,
  hints: showHints,
  course: showCourse,
})
if (stem !== undefined) openWorkbench(stem, words)

function show(lesson: Parameters<typeof showLesson>[0]): void {
  showLesson(lesson)
  clock.graded(lesson.graded)
}

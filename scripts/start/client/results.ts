// Puts results in their places. Only what has changed is touched: what the reader has unfolded stays open, what is focused stays focused.
import type { CourseUpdate, LessonUpdate } from '../updates'

export function showLesson(lesson: LessonUpdate): void {
  for (const task of lesson.tasks) {
    const section = document.querySelector<HTMLElement>(`section.task[data-task="${CSS.escape(task.task)}"]`)
    if (!section) continue
    const before = section.dataset.state
    section.dataset.state = task.state
    put(section.querySelector('.verdict'), task.verdict)
    put(section.querySelector('.result'), task.result)
    if (before !== undefined && before !== task.state) settle(section)
    const entry = document.querySelector<HTMLElement>(`.toc li[data-task="${CSS.escape(task.task)}"]`)
    if (!entry) continue
    entry.dataset.state = task.state
    put(entry.querySelector('.mark'), task.mark)
  }
  putOrHide(document.querySelector('.trouble.result'), lesson.trouble) // a cell has a .trouble of its own
  putOrHide(document.querySelector('.printed'), lesson.printed)
  putOrHide(typesPlace(), lesson.types)
  put(document.querySelector('.summary'), lesson.summary)
  put(document.querySelector('[role="status"]'), lesson.announcement)
  document.documentElement.classList.toggle('lesson-passed', lesson.passed)
}

/** By task; a task that built none has none. */
export function showGraphs(graphs: Record<string, string>): void {
  for (const section of document.querySelectorAll<HTMLElement>('section.task'))
    put(graphPlace(section), graphs[section.dataset.task ?? ''] ?? '')
}

/** Hints that were seen, here or in the terminal, let the one after them show. */
export function showHints(seen: Record<string, number>): void {
  for (const section of document.querySelectorAll<HTMLElement>('section.task'))
    for (const [i, hint] of [...section.querySelectorAll('.hints > details')].entries())
      hint.classList.toggle('seen', i < (seen[section.dataset.task ?? ''] ?? 0))
}

export function showCourse({ progress, marks, parts }: CourseUpdate): void {
  for (const [i, place] of [...document.querySelectorAll('.toc h2 .n')].entries()) put(place, parts[i] ?? '')
  for (const [stem, mark] of Object.entries(marks))
    for (const place of document.querySelectorAll(`li[data-lesson="${CSS.escape(stem)}"] > :is(a, p) .mark`))
      put(place, mark)
  const made = document.createElement('div')
  made.innerHTML = progress
  for (const scale of document.querySelectorAll('svg.scale'))
    scale.replaceWith(made.querySelector('.scale')!.cloneNode(true))
  for (const line of document.querySelectorAll('p.progress'))
    line.replaceWith(made.querySelector('.progress')!.cloneNode(true))
}

/** What was last put where: a browser's own form of the same HTML may differ. */
const shown = new WeakMap<Element, string>()

function put(place: Element | null, html: string): void {
  if (!place || shown.get(place) === html) return
  const isFirst = !shown.has(place)
  shown.set(place, html)
  // What the server made the page with is there already.
  if (isFirst && place.innerHTML === html) return
  const unfolded = [...place.querySelectorAll('details')].map(({ open }) => open)
  place.innerHTML = html
  for (const [i, details] of [...place.querySelectorAll('details')].entries()) details.open = unfolded[i] ?? false
}

function putOrHide(place: HTMLElement | null, html: string): void {
  if (!place) return
  put(place, html)
  place.hidden = html === ''
}

/** The graph stands below a task's hints. */
function graphPlace(section: HTMLElement): HTMLElement {
  const there = section.querySelector<HTMLElement>(':scope > .own-graph')
  if (there) return there
  const place = document.createElement('div')
  place.className = 'own-graph'
  section.append(place)
  return place
}

function typesPlace(): HTMLElement | null {
  const there = document.querySelector<HTMLElement>('.types')
  if (there) return there
  const printed = document.querySelector('.printed')
  if (!printed) return null
  const place = document.createElement('div')
  place.className = 'types result'
  printed.after(place)
  return place
}

/** A changed verdict fades in once. */
function settle(section: HTMLElement): void {
  if (section.classList.contains('changed')) {
    section.classList.remove('changed')
    void section.offsetWidth // lays the whole page out, which takes its time: only to begin anew
  }
  section.classList.add('changed')
  section.addEventListener('animationend', () => section.classList.remove('changed'), { once: true })
}

// What the open pages are told: fragments of HTML for what has changed, in the language of each page.
import type { Course, Language } from '../course'
import type { Drawing } from '../drawings'
import { hasSolution } from '../exercise'
import type { FeedbackPlace } from '../feedback/feedback'
import { inLanguage } from '../feedback/translation'
import {
  captionOf,
  graphFigure,
  type Live,
  lessonFragments,
  lessonMark,
  progress,
  type Showing,
  wordsOf,
} from '../page'
import { escapeHtml } from '../page/html'
import { partsOf } from '../page/site'
import type { LessonOutcome } from '../runner/outcome'
import { textOf } from '../state'
import type { TypeProblem } from '../types'
import { wordsOf as liveWordsOf } from './pageWords'
import type { Known } from './workshop'

/** A lesson as its page is to show it. */
export interface LessonUpdate {
  stem: string
  tasks: { task: string; state: string; verdict: string; result: string; mark: string }[]
  trouble: string
  printed: string
  summary: string
  announcement: string
  mark: string
  types: string
  passed: boolean
  /** When it was graded (ms since 1970), and how long that took (ms); null when that was in an earlier session. */
  graded: { at: number; took: number } | null
}

/** What the contents of every page show. */
export interface CourseUpdate {
  progress: string
  marks: Record<string, string>
  /** Of each part of the course: `1 / 5` lessons done. */
  parts: string[]
}

/** A path into the workshop's own server, which opens the learner's editor. */
export function editorLink({ file, line = 1, column = 1 }: FeedbackPlace): string {
  return `open?file=${encodeURIComponent(file)}&line=${line}&column=${column}`
}

export function lessonUpdate(workshop: Known, stem: string, language: Language): LessonUpdate | undefined {
  const { course } = workshop
  const { outcome, graded, types } = workshop.standing(stem)
  if (!outcome) return undefined
  return {
    ...lessonFragments(inLanguage(course, outcome, language), showing(course, stem, language)),
    stem,
    types: typesHtml(types, language),
    passed: outcome.status === 'passed',
    graded: graded ?? null,
  }
}

/** The graphs that the learner's code built, by task. Laying them out takes longer than all else, so that they come after the verdict. */
export function graphsUpdate(workshop: Known, stem: string, language: Language): Record<string, string> {
  const caption = (drawing: Drawing) => captionOf(drawing, language, liveWordsOf(language).yourGraph)
  const drawings = Object.entries(workshop.standing(stem).drawings)
  return Object.fromEntries(drawings.map(([task, drawing]) => [task, graphFigure(drawing, language, caption(drawing))]))
}

export function courseUpdate(workshop: Known, language: Language): CourseUpdate {
  const words = wordsOf(language)
  const outcomes = outcomesOf(workshop, language)
  return {
    progress: progress(workshop.course, { outcomes }, words),
    marks: Object.fromEntries(workshop.course.stems.map((stem) => [stem, lessonMark(outcomes.get(stem), words)])),
    parts: partsOf(workshop.course).map(({ stems }) => {
      const done = stems.filter((stem) => outcomes.get(stem)?.status === 'passed')
      return `${done.length} / ${stems.length}`
    }),
  }
}

/** What a page is made with, so that it shows the latest results before it has heard anything. */
export function liveParts(workshop: Known, stem: string | undefined, language: Language, head: string): Live {
  const { course } = workshop
  return {
    ...(stem === undefined ? {} : showing(course, stem, language)),
    outcomes: outcomesOf(workshop, language),
    scripts: ['live.js'],
    head,
    exercise: (each) => root(language) + editorLink({ file: course.show(course.files(each).exercise) }),
  }
}

function showing(course: Course, stem: string, language: Language): Showing {
  return {
    language,
    link: (place) => root(language) + editorLink(place),
    source: readable(course.files(stem).exercise),
    ...(hasSolution(course, stem) && {
      solution: `<button class="solution">${liveWordsOf(language).compare}</button>`,
    }),
  }
}

function root(language: Language): string {
  return language === 'en' ? '' : '../'
}

function readable(path: string): string {
  try {
    return textOf(path)
  } catch {
    return ''
  }
}

function outcomesOf({ course, outcomes }: Known, language: Language): Map<string, LessonOutcome> {
  return new Map(outcomes.map((outcome) => [outcome.lesson, inLanguage(course, outcome, language)]))
}

function typesHtml(types: TypeProblem[], language: Language): string {
  if (types.length === 0) return ''
  const rows = types.slice(0, 5).map(({ file, line, column, message }) => {
    const link = root(language) + editorLink({ file, line, column })
    return `<li><a class="open" href="${escapeHtml(link)}"><code>${escapeHtml(file)}:${line}</code></a> <span lang="en">${escapeHtml(message.split('\n', 1)[0] ?? '')}</span></li>`
  })
  return `<p><b>${liveWordsOf(language).types}</b></p><ul>${rows.join('')}</ul>`
}

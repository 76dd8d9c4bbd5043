// A lesson as a whole page, for the book and for the workshop alike.
import { type Course, type Language, Misuse, titleOf } from '../course'
import { inLanguage } from '../feedback/translation'
import type { LessonOutcome } from '../runner/outcome'
import { textOf } from '../state'
import { type Framed, framed, type PageOptions } from './frame'
import { escapeHtml, icon } from './html'
import { type LessonHtml, renderLesson } from './lessonHtml'
import { pictureData } from './pictures'
import { lessonFragments } from './result'
import { linkFrom, pageHref, partsOf } from './site'
import { type Words, wordsOf } from './words'

export interface LessonPageOptions extends PageOptions {
  /** What stands below a cell's output: its graph. */
  belowCell?(cell: number): string
}

/** @throws Misuse that names the file, if its mathematics or its markup can't be read */
export function lessonPage(course: Course, stem: string, options: LessonPageOptions): string {
  const lesson = lessonHtml(course, stem, options)
  const { language } = options
  const words = wordsOf(language)
  const article = `<article>
${head(course, stem, lesson, options, words)}
${around(lesson.body, outcomeOf(course, stem, options), options)}
</article>
${onward(course, stem, lesson, options, words)}`
  return framed(course, {
    ...options,
    stem,
    title: `${stem.slice(0, 2)} · ${lesson.title} · Gradus`,
    description: stripped(lesson.after),
    main: article,
  })
}

/** The lesson rendered, with its results in their places where they are known. */
export function lessonHtml(course: Course, stem: string, options: LessonPageOptions): LessonHtml {
  const { language, live, repository, belowCell } = options
  const path = course.files(stem).text[language]
  const outcome = outcomeOf(course, stem, options)
  const source = live ? textOf(course.files(stem).exercise) : undefined
  const tasks = outcome ? lessonFragments(outcome, { ...live, language, source }).tasks : []
  try {
    return renderLesson(textOf(path), stem.slice(0, 2), {
      language,
      link: linkFrom(course, language, repository),
      image: (target) => pictureData(course.root, path, target),
      result: (name) => tasks.find(({ task }) => task === name) ?? { verdict: '', result: '', state: '' },
      belowCell,
    })
  } catch (error) {
    throw error instanceof Misuse ? new Misuse(`${course.show(path)}: ${error.message}.`) : error
  }
}

/** What is known of the lesson, in the words of the page's language. */
function outcomeOf(course: Course, stem: string, { live, language }: PageOptions): LessonOutcome | undefined {
  const outcome = live?.outcomes.get(stem)
  return outcome && inLanguage(course, outcome, language)
}

const plainLessons = new Map<string, { source: string; lesson: LessonHtml }>()

/** A lesson rendered without results and graphs, as long as its text is the same: what the first page and the search need of every lesson. */
export function plainLesson(course: Course, stem: string, language: Language): LessonHtml {
  const path = course.files(stem).text[language]
  const source = textOf(path)
  const known = plainLessons.get(path)
  if (known?.source === source) return known.lesson
  const lesson = lessonHtml(course, stem, { language })
  plainLessons.set(path, { source, lesson })
  return lesson
}

function head(course: Course, stem: string, lesson: LessonHtml, options: LessonPageOptions, words: Words): string {
  const part = partsOf(course).find(({ stems }) => stems.includes(stem))
  const points = options.live?.outcomes.get(stem)?.max_score
  const facts = [
    `${words.tasks(lesson.tasks.length)}${points ? `${words.separator}${words.points(points)}` : ''}`,
    escapeHtml(lesson.time),
    before(course, lesson.before, options, words),
    exercise(course, stem, options),
  ]
  return `<header class="title">
<p class="eyebrow">${part ? words.part(part.roman, words.parts[part.index]!) : ''}</p>
<h1><span class="num">${stem.slice(0, 2)}</span>${escapeHtml(lesson.title)}</h1>
<div class="facts">${facts
    .filter((fact) => fact !== '')
    .map((fact) => `<p>${fact}</p>`)
    .join('')}</div>
${lesson.after && `<p class="lede"><span class="label">${words.afterwards}</span> ${lesson.after}</p>`}
</header>`
}

function before(course: Course, stem: string, { language }: PageOptions, words: Words): string {
  if (!course.stems.includes(stem)) return ''
  const title = titleOf(course.files(stem), language)
  return `${words.before} <a href="${pageHref(language, language, stem)}">${stem.slice(0, 2)} · ${escapeHtml(title)}</a>`
}

function exercise(course: Course, stem: string, { live, repository }: PageOptions): string {
  const file = course.show(course.files(stem).exercise)
  const target = live?.exercise?.(stem) ?? (repository && `${repository}/blob/HEAD/${file}`)
  const code = `<code>${escapeHtml(file)}</code>`
  return target ? `<a class="open" href="${escapeHtml(target)}">${code}</a>` : code
}

/** On a live page, what concerns the whole lesson stands before its first task. */
function around(body: string, outcome: LessonOutcome | undefined, { live, language }: PageOptions): string {
  if (!live) return body
  const { trouble = '', printed = '' } = outcome ? lessonFragments(outcome, { ...live, language }) : {}
  const places = `<div class="trouble result"${trouble ? '' : ' hidden'}>${trouble}</div>\n<div class="printed"${printed ? '' : ' hidden'}>${printed}</div>\n`
  return body.replace(/(?=<section class="task")/, () => places)
}

function onward(
  course: Course,
  stem: string,
  lesson: LessonHtml,
  { language }: Pick<Framed, 'language'>,
  words: Words,
): string {
  const i = course.stems.indexOf(stem)
  const [previous, next] = [course.stems[i - 1], course.stems[i + 1]]
  const name = (each: string) => `${each.slice(0, 2)} · ${escapeHtml(titleOf(course.files(each), language))}`
  const back = previous
    ? `<a href="${pageHref(language, language, previous)}" rel="prev">${words.previous}<strong>${name(previous)}</strong></a>`
    : '<span></span>'
  const on = next
    ? `<a class="fwd" href="${pageHref(language, language, next)}" rel="next">${words.next}<strong>${name(next)} ${icon('next')}</strong>${lesson.next && `<span>${lesson.next}</span>`}</a>`
    : lesson.next && `<p class="fwd">${lesson.next}</p>`
  return `<nav class="next" aria-label="${words.lessons}">${back}${on}</nav>`
}

function stripped(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;|&gt;|&amp;|&quot;/g, '')
    .trim()
}

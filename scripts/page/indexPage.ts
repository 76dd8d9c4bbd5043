// The first page: what the course is, and its lessons.
import type { Course } from '../course'
import { framed, type PageOptions, progress } from './frame'
import { escapeHtml, icon } from './html'
import { plainLesson } from './lessonPage'
import { lessonMark } from './result'
import { pageHref, partsOf } from './site'
import { type Words, wordsOf } from './words'

export function indexPage(course: Course, options: PageOptions): string {
  const { language, live, repository } = options
  const words = wordsOf(language)
  const first = course.stems.find((stem) => live?.outcomes.get(stem)?.status !== 'passed') ?? course.stems[0]
  const parts = partsOf(course).map(
    ({ index, roman, stems }) => `<section class="part" aria-labelledby="part-${index + 1}">
<h2 id="part-${index + 1}"><span class="roman">${roman}</span>${words.parts[index]}</h2>
<ol>
${stems.map((stem) => lessonEntry(course, stem, options, words)).join('\n')}
</ol>
</section>`,
  )
  const kit = repository ? `<a href="${escapeHtml(repository)}">${words.getKit}</a>` : ''
  return framed(course, {
    ...options,
    title: `Gradus · ${words.heading.replaceAll('\u200b', '')}`,
    description: words.lede,
    main: `<article class="cover">
<header class="title">
<h1>${words.heading}</h1>
<p class="lede">${words.lede}</p>
${live ? `<div class="standing">${progress(course, live, words)}</div>` : ''}
${first ? beginning(course, first, options, words) : ''}
${live ? '' : `<p class="how">${words.bookHow} ${kit}</p>`}
</header>
${parts.join('\n')}
</article>`,
  })
}

function beginning(course: Course, stem: string, options: PageOptions, words: Words): string {
  const { title } = plainLesson(course, stem, options.language)
  return `<p class="begin"><a class="button" href="${pageHref(options.language, options.language, stem)}">${words.begin} <b>${stem.slice(0, 2)} · ${escapeHtml(title)}</b> ${icon('next')}</a></p>`
}

function lessonEntry(course: Course, stem: string, options: PageOptions, words: Words): string {
  const { language, live } = options
  const { title, after, time } = plainLesson(course, stem, language)
  const mark = live ? `<span class="mark">${lessonMark(live.outcomes.get(stem), words)}</span>` : ''
  return `<li data-lesson="${stem}"><a href="${pageHref(language, language, stem)}"><span class="num">${stem.slice(0, 2)}</span><strong>${escapeHtml(title)}</strong></a><p>${capital(after)}</p><p class="time">${escapeHtml(time)}${mark}</p></li>`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

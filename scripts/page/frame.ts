// What stands around the text of every page: the head, the bar, the contents, and what a page loads.
import { type Course, type Language, titleOf } from '../course'
import { readLesson } from '../lessonText'
import type { LessonOutcome } from '../runner/outcome'
import { textOf } from '../state'
import { escapeHtml, icon, sprite } from './html'
import { lessonFragments, lessonMark, type Showing, taskFragment } from './result'
import { hrefFrom, pageHref, partsOf } from './site'
import { type Words, wordsOf } from './words'

/** The parts of a page that a server keeps up to date. */
export interface Live extends Omit<Showing, 'language' | 'source'> {
  /** What is known of each lesson. */
  outcomes: ReadonlyMap<string, LessonOutcome>
  /** More scripts, by their names in assets/. */
  scripts?: string[]
  /** Goes into the head: a token for the scripts, say. */
  head?: string
  /** Where the exercise opens in the learner's editor. */
  exercise?(stem: string): string | undefined
}

export interface PageOptions {
  language: Language
  live?: Live
  /** The address of the kit on the web, for links to its files. */
  repository?: string
}

export interface Framed extends PageOptions {
  /** The lesson of the page; none on the first page. */
  stem?: string
  title: string
  description: string
  main: string
}

/** Nothing is loaded from elsewhere. KaTeX and graphs set sizes on their elements, hence style attributes; cells run in workers made on the spot. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

export function framed(course: Course, page: Framed): string {
  const { language, live, stem } = page
  const words = wordsOf(language)
  const asset = (name: string) => hrefFrom(language, `assets/${name}`)
  const other = language === 'en' ? 'zh' : 'en'
  const scripts = ['page.js', ...(live?.scripts ?? [])]
  return `<!doctype html>
<html lang="${words.locale}" class="${live ? 'live' : 'book'}" data-root="${hrefFrom(language, '')}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<title>${escapeHtml(page.title)}</title>
<meta name="description" content="${escapeHtml(page.description)}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${asset('icon.svg')}">
<link rel="alternate" hreflang="${wordsOf(other).locale}" href="${pageHref(language, other, stem)}">
<link rel="stylesheet" href="${asset('katex.css')}">
<link rel="stylesheet" href="${asset('page.css')}">
<script src="${asset('theme.js')}"></script>
${scripts.map((name) => `<script defer src="${asset(name)}"></script>`).join('\n')}
${live?.head ?? ''}</head>
<body>
${sprite}
<a class="skip" href="#the-text">${words.skip}</a>
${bar(page, words)}
${contents(course, page, words)}
<main id="the-text" tabindex="-1">
${page.main}
</main>
</body>
</html>
`
}

function bar({ language, live, stem }: Framed, words: Words): string {
  const outcome = stem === undefined ? undefined : live?.outcomes.get(stem)
  const fragments = outcome && lessonFragments(outcome, { language })
  const status = live
    ? `<div class="status"><span class="saved"></span><span class="summary">${fragments?.summary ?? ''}</span><span class="vh" role="status">${fragments?.announcement ?? ''}</span></div>`
    : ''
  const languages = (['en', 'zh'] as const)
    .map((each) => {
      const { locale } = wordsOf(each)
      const here = each === language ? ' aria-current="true"' : ''
      return `<a class="language" lang="${locale}" hreflang="${locale}" href="${pageHref(language, each, stem)}"${here}>${{ en: 'EN', zh: '中文' }[each]}</a>`
    })
    .join(' ')
  return `<header class="bar">
<div class="place"><button class="menu" popovertarget="the-contents" aria-label="${words.contents}">${icon('menu')}</button><a class="brand" href="${pageHref(language, language)}" aria-label="Gradus: ${words.home}">${icon('steps')}Gradus</a></div>
${status}
<div class="tools"><button class="search-button" aria-label="${words.searchCourse}" aria-keyshortcuts="/" hidden>${icon('search')}<span class="long">${words.search}</span></button><nav aria-label="Language / 语言">${languages}</nav><button class="theme-button" aria-label="${words.theme}" hidden>${icon('theme')}</button></div>
</header>`
}

function contents(course: Course, page: Framed, words: Words): string {
  const { language, live } = page
  const parts = partsOf(course).map(({ index, roman, stems }) => {
    const done = stems.filter((stem) => live?.outcomes.get(stem)?.status === 'passed').length
    const counted = live ? `<span class="n">${done} / ${stems.length}</span>` : ''
    const entries = stems.map((stem) => entry(course, stem, page, words)).join('\n')
    return `<h2><span class="roman">${roman}</span>${words.parts[index]}${counted}</h2>\n<ol>\n${entries}\n</ol>`
  })
  return `<nav class="toc" id="the-contents" popover aria-label="${words.contents}">
<div class="course"><button class="close" popovertarget="the-contents" aria-label="${words.closeContents}">${icon('close')}</button>${live ? progress(course, live, words) : ''}<p><a class="home" href="${pageHref(language, language)}"${page.stem === undefined ? ' aria-current="page"' : ''}>${words.home}</a></p></div>
${parts.join('\n')}
</nav>`
}

/** How far the learner is: a rule with a notch for each lesson. */
export function progress(course: Course, { outcomes }: Pick<Live, 'outcomes'>, words: Words): string {
  const all = course.stems.length
  const done = course.stems.filter((stem) => outcomes.get(stem)?.status === 'passed').length
  const x = (n: number) => Math.round((1 + (n / all) * 202.4) * 10) / 10
  const notches = Array.from({ length: all + 1 }, (_, n) => `M${x(n)} 13.5v${n === 0 || n === all ? -10 : -4}`)
  const known = [...outcomes.values()]
  const score = known.reduce((sum, outcome) => sum + outcome.score, 0)
  const max = known.reduce((sum, outcome) => sum + outcome.max_score, 0)
  // A sum that grows while the lessons are graded for the first time says nothing.
  const points = max > 0 && known.length === all ? ` · ${words.pointsOf(score, max)}` : ''
  return `<svg class="scale" viewBox="0 0 204 16" aria-hidden="true"><path d="M1 13.5h202.4${notches.join('')}"/><path class="done" d="M1 13.5H${x(done)}"/></svg><p class="progress">${words.lessonsOf(done, all)}${points}</p>`
}

function entry(course: Course, stem: string, { language, live, stem: here }: Framed, words: Words): string {
  const title = escapeHtml(titleOf(course.files(stem), language))
  const mark = live ? `<span class="mark">${lessonMark(live.outcomes.get(stem), words)}</span>` : ''
  const link = (more: string) =>
    `<a href="${pageHref(language, language, stem)}"${more}><span class="num">${stem.slice(0, 2)}</span><span class="name">${title}</span>${mark}</a>`
  if (stem !== here) return `<li data-lesson="${stem}">${link('')}</li>`
  return `<li data-lesson="${stem}" class="here">${link(' aria-current="page"')}${taskEntries(course, stem, language, live)}</li>`
}

function taskEntries(course: Course, stem: string, language: Language, live: Live | undefined): string {
  const { tasks } = readLesson(textOf(course.files(stem).text[language]))
  if (tasks.length === 0) return ''
  const tests = live?.outcomes.get(stem)?.tests ?? []
  const entries = tasks.map(({ name }) => {
    const own = tests.filter(({ task }) => task === name)
    const known = own.length > 0 ? taskFragment(name, own, { language }) : undefined
    return `<li data-task="${name}"${known ? ` data-state="${known.state}"` : ''}><a href="#${name}"><code>${name}</code>${live ? `<span class="mark">${known?.mark ?? ''}</span>` : ''}</a></li>`
  })
  return `<ol>${entries.join('')}</ol>`
}

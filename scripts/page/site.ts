// Where everything of the site stands, as relative addresses: English pages at its root, Chinese ones in zh/, all that they share in assets/.
import { posix } from 'node:path'
import type { Course, Language } from '../course'

/** The file of a page, from the root of the site. Without a stem, the first page. */
export function pageFile(language: Language, stem?: string): string {
  return `${language === 'en' ? '' : `${language}/`}${stem ?? 'index'}.html`
}

/** How a page names a file of the site. */
export function hrefFrom(language: Language, file: string): string {
  return language === 'en' ? file : `../${file}`
}

/** How a page of one language names a page. */
export function pageHref(from: Language, language: Language, stem?: string): string {
  const file = pageFile(language, stem)
  return from === language ? posix.basename(file) : hrefFrom(from, file)
}

/**
 * Where a link of a lesson leads: to another lesson's page, out of the site, or to the kit's files where it is known where those can be read
 * (`repository`, the address of the kit on the web). Undefined where it leads nowhere.
 */
export function linkFrom(
  course: Course,
  language: Language,
  repository?: string,
): (target: string) => string | undefined {
  return (target) => {
    if (/^(https?:|mailto:|#)/.test(target)) return target
    const [path = '', anchor = ''] = target.split(/(?=#)/)
    const folder = language === 'en' ? 'lessons' : `lessons/${language}`
    const file = posix.normalize(posix.join(folder, path))
    const lesson = /^lessons\/(?:(zh)\/)?([^/]+)\.md$/.exec(file)
    if (lesson && course.stems.includes(lesson[2]!)) {
      return pageHref(language, (lesson[1] as Language | undefined) ?? 'en', lesson[2]) + anchor
    }
    return repository && !file.startsWith('..') ? `${repository}/blob/HEAD/${file}${anchor}` : undefined
  }
}

/** The parts of the course, by the number of their first lesson. Their names stand in words.ts. */
const firstOfPart = [1, 6, 13]
const romans = ['I', 'II', 'III']

export interface Part {
  /** 0, 1, 2: what words.ts names it by. */
  index: number
  roman: string
  stems: string[]
}

export function partsOf(course: Course): Part[] {
  return firstOfPart
    .map((first, index) => {
      const end = firstOfPart[index + 1] ?? Number.POSITIVE_INFINITY
      const stems = course.stems.filter((stem) => Number(stem.slice(0, 2)) >= first && Number(stem.slice(0, 2)) < end)
      return { index, roman: romans[index]!, stems }
    })
    .filter(({ stems }) => stems.length > 0)
}

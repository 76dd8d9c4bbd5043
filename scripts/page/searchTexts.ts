// What the search looks through: every section of every lesson, with the place where it stands.
import type { Course, Language } from '../course'
import { plainLesson } from './lessonPage'
import { pageHref } from './site'

export interface Searchable {
  id: number
  page: string
  anchor: string
  /** "03 · Zeroing gradients" */
  lesson: string
  heading: string
  text: string
}

export function searchTexts(course: Course, language: Language): Searchable[] {
  const sections = course.stems.flatMap((stem) => {
    const { title, sections } = plainLesson(course, stem, language)
    const lesson = `${stem.slice(0, 2)} · ${title}`
    return sections.map(({ id, heading, text }) => ({
      page: pageHref(language, language, stem),
      anchor: id,
      lesson,
      heading: id === '' ? lesson : heading,
      text: text.replace(/\s+/g, ' ').trim(),
    }))
  })
  return sections.map((section, id) => ({ id, ...section }))
}

/** The name that pages load the texts of their language by, from assets/. */
export function searchFile(language: Language): string {
  return `search-${language}.js`
}

/** The same as a script, for a page that may have been opened from a folder, where nothing can be fetched. */
export function searchScript(course: Course, language: Language): string {
  const json = JSON.stringify(searchTexts(course, language)).replaceAll('</', '<\\/')
  return `globalThis.gradusSearchTexts=${json}\n`
}

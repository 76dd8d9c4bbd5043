// The documents outside lessons/: their links, and the READMEs' table of contents, which is derived from the lessons.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Course, type Language, titleOf } from '../course'
import { readLesson } from '../lessonText'
import { textOf } from '../state'
import { type Finding, finding, type Problem, together } from './problem'
import { checkLinks } from './texts'

const documents = ['README.md', 'README.zh.md', 'CONTRIBUTING.md', 'engine/README.md']
const readmes: Record<Language, string> = { en: 'README.md', zh: 'README.zh.md' }

export function checkDocuments(course: Course): Finding {
  return together([...documents.map((name) => checkDocument(course, join(course.root, name))), checkContents(course)])
}

function checkDocument(course: Course, path: string): Finding {
  if (!existsSync(path)) return finding(1, [{ where: course.show(path), message: 'is missing.' }])
  const text = readLesson(textOf(path))
  return finding(text.links.length, checkLinks(course, path, text))
}

function checkContents(course: Course): Finding {
  const problems = Object.entries(readmes).flatMap(([language, name]): Problem[] => {
    const text = textOf(join(course.root, name))
    if (text === '' || withContents(course, text, language as Language) === text) return []
    return [
      { where: name, message: 'does not list the lessons as they are: `npm run check -- --fix` writes the list.' },
    ]
  })
  return finding(Object.keys(readmes).length, problems)
}

/** Writes the lists of lessons anew; answers what it changed. */
export function fixContents(course: Course): string[] {
  return Object.entries(readmes).flatMap(([language, name]) => {
    const path = join(course.root, name)
    const text = textOf(path)
    const fixed = withContents(course, text, language as Language)
    if (fixed === text) return []
    writeFileSync(path, fixed)
    return [`${name} lists the lessons anew`]
  })
}

const list = /(<!-- lessons -->\n)[\s\S]*?(<!-- \/lessons -->)/

/** The document with the list of lessons between its marks, one line a lesson. */
function withContents(course: Course, text: string, language: Language): string {
  const lines = course.stems.map((stem) => {
    const files = course.files(stem)
    return `- [${stem.slice(0, 2)} · ${titleOf(files, language)}](${course.show(files.text[language])})`
  })
  return text.replace(list, (_, before: string, after: string) => `${before}${lines.join('\n')}\n${after}`)
}

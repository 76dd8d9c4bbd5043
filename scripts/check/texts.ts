// Lessons and their translations: tasks with three hints each, the same code in both languages, links that lead somewhere, a translation that is up to date.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Course, Language, LessonFiles } from '../course'
import { type LessonText, readLesson } from '../lessonText'
import { renderLesson } from '../page/lessonHtml'
import { digest, textOf } from '../state'
import { type Finding, finding, type Problem, together } from './problem'

export function checkTexts(course: Course): Finding {
  return together(course.stems.map((stem) => checkText(course, course.files(stem))))
}

function checkText(course: Course, files: LessonFiles): Finding {
  const [en, zh] = [readLesson(textOf(files.text.en)), readLesson(textOf(files.text.zh))]
  const problems = [
    ...checkTasks(course, files, en),
    ...checkStrays(course, files.text.en, en),
    ...checkStrays(course, files.text.zh, zh),
    ...(existsSync(files.text.zh) ? [...checkTranslation(course, files, en, zh), ...checkStamp(course, files)] : []),
    ...checkRendering(course, files, 'en'),
    ...checkRendering(course, files, 'zh'),
    ...checkLinks(course, files.text.en, en),
    ...checkLinks(course, files.text.zh, zh),
  ]
  return finding(en.tasks.length + en.cells.length + en.links.length + zh.links.length, problems)
}

/** Mathematics that KaTeX can't read, and markup that no page would show. Links and pictures are looked at elsewhere. */
function checkRendering(course: Course, { stem, text }: LessonFiles, language: Language): Problem[] {
  try {
    renderLesson(textOf(text[language]), stem.slice(0, 2), { language, link: (target) => target, image: () => '' })
    return []
  } catch (error) {
    return [{ where: course.show(text[language]), message: `can't be made into a page: ${(error as Error).message}.` }]
  }
}

/** The functions that a solution exports, and the methods of its classes that hold a region to fill in, in order. */
export function exportsOf(solution: string): string[] {
  const exported = /^export (?:async )?(?:function\*? |const )(\w+)/
  const method = /^ {2}(\w+)\([^\n]*\{\r?$(?=(?:(?!^ {2}\}).)*?#region todo)/
  const heads = solution.matchAll(new RegExp(`${exported.source}|${method.source}`, 'gms'))
  return [...heads].map(([, name, ofClass]) => name ?? (ofClass as string))
}

function checkTasks(course: Course, files: LessonFiles, text: LessonText): Problem[] {
  const where = course.show(files.text.en)
  const problems: Problem[] = []
  const names = text.tasks.map(({ name }) => name)
  const exported = exportsOf(textOf(files.solution))
  if (String(names) !== String(exported)) {
    problems.push({
      where,
      message: `has the tasks ${names.join(', ') || '(none)'}, but ${course.show(files.solution)} exports ${exported.join(', ') || '(nothing)'}: they must be the same, in the same order.`,
    })
  }
  for (const [i, { number, name, line, hints }] of text.tasks.entries()) {
    if (number !== i + 1)
      problems.push({ where: `${where}:${line}`, message: `task ${name} should be number ${i + 1}.` })
    if (hints.length !== 3)
      problems.push({
        where: `${where}:${line}`,
        message: `task ${name} has ${hints.length} hints; three are needed, each giving more away.`,
      })
  }
  return problems
}

/** What nobody runs and nobody compares may be false. */
function checkStrays(course: Course, path: string, { strays }: LessonText): Problem[] {
  return strays.map(({ language, line }) => ({
    where: `${course.show(path)}:${line}`,
    message: `this \`${language}\` block would never be checked: cells are marked \`ts\`, what one prints stands right after it marked \`text\`, and figures carry no mark.`,
  }))
}

function checkTranslation(course: Course, files: LessonFiles, en: LessonText, zh: LessonText): Problem[] {
  const [original, translation] = [course.show(files.text.en), course.show(files.text.zh)]
  const problems: Problem[] = []
  const count = (what: string, left: number, right: number) => {
    if (left !== right)
      problems.push({ where: translation, message: `has ${right} ${what}, but ${original} has ${left}.` })
  }
  count('code cells', en.cells.length, zh.cells.length)
  count('figures', en.figures.length, zh.figures.length)
  for (const [i, cell] of zh.cells.entries()) {
    const source = en.cells[i]
    if (source && source.code !== cell.code)
      problems.push({
        where: `${translation}:${cell.line}`,
        message: `has other code than ${original}:${source.line}; the code is shared, only prose is translated.`,
      })
    else if (source && source.prints !== cell.prints)
      problems.push({
        where: `${translation}:${cell.line}`,
        message: `prints something else than ${original}:${source.line}.`,
      })
  }
  if (en.figures.some((figure, i) => zh.figures[i] !== undefined && zh.figures[i] !== figure)) {
    problems.push({ where: translation, message: `has a figure that differs from the one in ${original}.` })
  }
  for (const [i, task] of zh.tasks.entries()) {
    const source = en.tasks[i]
    if (source?.name !== task.name)
      problems.push({
        where: `${translation}:${task.line}`,
        message: `has the task ${task.name} where ${original} has ${source?.name ?? 'none'}.`,
      })
    else if (task.hints.length !== source.hints.length)
      problems.push({
        where: `${translation}:${task.line}`,
        message: `task ${task.name} has ${task.hints.length} hints, but ${source.hints.length} in ${original}.`,
      })
  }
  count('tasks', en.tasks.length, zh.tasks.length)
  return problems
}

const stamp = /\s*<!-- translated from ([0-9a-f]{16}) -->\s*$/

/** A translation names the English text that it was made from, so that nobody has to remember. */
function checkStamp(course: Course, files: LessonFiles): Problem[] {
  const number = files.stem.slice(0, 2)
  const current = digest(textOf(files.text.en))
  const made = stamp.exec(textOf(files.text.zh))?.[1]
  if (made === current) return []
  const what = made
    ? `was made from an older ${course.show(files.text.en)}`
    : 'does not say which English text it was made from'
  return [
    {
      where: course.show(files.text.zh),
      message: `${what}. Read both, bring it up to date, then \`npm run check -- --translated ${number}\`.`,
    },
  ]
}

/** The translation with a stamp that says it was made from this English text. */
export function stamped(translation: string, english: string): string {
  return `${translation.replace(stamp, '').trimEnd()}\n\n<!-- translated from ${digest(english)} -->\n`
}

function decoded(target: string): string {
  try {
    return decodeURI(target)
  } catch {
    return target
  }
}

/** Relative links must lead to a file; others must at least be whole addresses. */
export function checkLinks(course: Course, path: string, { links }: LessonText): Problem[] {
  return links.flatMap(({ target, line }) => {
    const where = `${course.show(path)}:${line}`
    if (target.startsWith('#')) return []
    if (/^[a-z]+:/.test(target))
      return URL.canParse(target) ? [] : [{ where, message: `the link ${target} is not an address.` }]
    return existsSync(join(dirname(path), decoded(target.replace(/[#?].*$/, ''))))
      ? []
      : [{ where, message: `the link ${target} leads nowhere.` }]
  })
}

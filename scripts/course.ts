// Where everything of a lesson stands: the one place that knows how a stem ("03-zero-grad") becomes paths.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { distance } from 'fastest-levenshtein'

/** The folder that holds package.json, engine and scripts. */
export const kitRoot = join(__dirname, '..')

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

const stemPattern = /^\d{2}-[a-z0-9]+(-[a-z0-9]+)*$/

/** The user asked for something that does not exist or cannot be done: one clear sentence, exit code 2. */
export class Misuse extends Error {
  override name = 'Misuse'
}

/** The files of one lesson. */
export interface LessonFiles {
  stem: string
  exercise: string
  suite: string
  solution: string
  /** The exercise as it was handed out, in the student edition, which has no solution to derive it from. */
  stub: string
  mistakes: string
  text: Record<Language, string>
  /** What the suite says, in Chinese. */
  words: string
}

export interface Course {
  root: string
  /** All stems in order. The file system is the manifest: whatever has a text in `lessons/` is a lesson. */
  stems: string[]
  files(stem: string): LessonFiles
  /** A path as the user would type it: relative to the course, with forward slashes. */
  show(path: string): string
}

/** The course whose folders stand in `root`: the kit's own, or the one that GRADUS_COURSE names. */
export function openCourse(root = process.env.GRADUS_COURSE ? resolve(process.env.GRADUS_COURSE) : kitRoot): Course {
  const stems = filesOf(join(root, 'lessons'), '.md').filter((stem) => stemPattern.test(stem))
  return {
    root,
    stems,
    files: (stem) => ({
      stem,
      exercise: join(root, 'exercises', `${stem}.ts`),
      suite: join(root, 'exercises', `${stem}.test.ts`),
      solution: join(root, 'solutions', `${stem}.ts`),
      stub: join(root, 'stubs', `${stem}.ts`),
      mistakes: join(root, 'solutions', `${stem}.mistakes.ts`),
      text: { en: join(root, 'lessons', `${stem}.md`), zh: join(root, 'lessons', 'zh', `${stem}.md`) },
      words: join(root, 'lessons', 'zh', `${stem}.json`),
    }),
    show: (path) => relative(root, path).split(sep).join('/'),
  }
}

/** Names of the files in `folder` that end in `ending`, without it, sorted; none if there is no such folder. */
export function filesOf(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort()
}

export function isStem(name: string): boolean {
  return stemPattern.test(name)
}

/** The lessons that the user named ("03", "3", "zero-grad", "exercises/03-zero-grad.ts"); all of them for no name. */
export function findLessons(course: Course, names: string[]): string[] {
  needLessons(course)
  if (names.length === 0) return course.stems
  const found = new Set(names.map((name) => findLesson(course, name)))
  return course.stems.filter((stem) => found.has(stem))
}

export function needLessons(course: Course): void {
  if (course.stems.length === 0) throw new Misuse(`There are no lessons in ${join(course.root, 'lessons')}.`)
}

export function findLesson(course: Course, name: string): string {
  needLessons(course)
  const wanted = name
    .replaceAll('\\', '/')
    .replace(/^.*\//, '')
    .replace(/(\.test|\.mistakes)?\.(ts|md)$/, '')
    .toLowerCase()
  const number = /^\d$/.test(wanted) ? `0${wanted}` : wanted
  const stem = course.stems.find((each) => each === wanted || each.slice(0, 2) === number || each.slice(3) === wanted)
  if (stem) return stem
  const close = nearestLesson(course, number)
  const remedy = close ? `Did you mean ${close}?` : 'Type `npm run list` to see their names.'
  throw new Misuse(`There is no lesson ${name || '“”'}; ${range(course.stems)}. ${remedy}`)
}

function range(stems: string[]): string {
  const [first = '', last = ''] = [stems[0], stems.at(-1)]
  return first === last ? `there is only ${first.slice(0, 2)}` : `there are ${first.slice(0, 2)} to ${last.slice(0, 2)}`
}

/**
 * For a number, the lesson that shares a digit in its place or is nearest in the row; for a word, the lesson nearest in spelling, if any
 * is so near that it may have been meant.
 */
function nearestLesson(course: Course, name: string): string | undefined {
  // An O typed for a 0, an l for a 1.
  const wanted = /^[\dol]+$/.test(name) && /\d/.test(name) ? name.replaceAll('o', '0').replaceAll('l', '1') : name
  if (!/^\d+$/.test(wanted)) {
    const word = wanted.replace(/^\d+-?/, '')
    const best = nearest(
      word,
      course.stems.map((stem) => stem.slice(3)),
    )
    const isNear = best !== undefined && word !== '' && (best.includes(word) || 2 * distance(word, best) <= best.length)
    return isNear ? course.stems.find((stem) => stem.slice(3) === best) : undefined
  }
  const numbers = course.stems.map((stem) => stem.slice(0, 2))
  const cost = (number: string) => distance(number, wanted) * 100 + Math.abs(Number(number) - Number(wanted))
  return numbers.reduce((best, number) => (cost(number) < cost(best) ? number : best))
}

/** The candidate nearest to `word`: one that contains it, else the nearest in spelling. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const cost = (candidate: string) => (candidate.includes(word) ? 0 : 100) + distance(word, candidate)
  return [...candidates].sort((a, b) => cost(a) - cost(b))[0]
}

/** The title that a lesson's text gives itself ("03 · Zeroing gradients"), without the number. */
export function titleOf(files: LessonFiles, language: Language = 'en'): string {
  const path = files.text[language]
  const first = existsSync(path) ? readFileSync(path, 'utf8').split('\n', 1)[0] : undefined
  return first?.replace(/^#\s*(\d+\s*·\s*)?/, '').trim() || files.stem
}

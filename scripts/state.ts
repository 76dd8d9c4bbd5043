// What the kit remembers between runs, in .gradus/: results for the very file that earned them, hints shown, backups. Losing it costs nothing but that.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { version } from '../package.json'
import { type Course, Misuse } from './course'
import type { LessonOutcome } from './runner/outcome'

const folder = '.gradus'

/** A digest of a text that does not depend on how its lines end. */
export function digest(...texts: string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(text.replaceAll('\r\n', '\n')).update('\0')
  return hash.digest('hex').slice(0, 16)
}

/** The text of a file; empty when there is none. */
export function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** Reads the object in `.gradus/name.json`; `empty` when it isn't there or can't be read. */
export function recall<T extends object>(course: Course, name: string, empty: T): T {
  try {
    const value: unknown = JSON.parse(readFileSync(statePath(course, name), 'utf8'))
    return typeof value === 'object' && value !== null ? (value as T) : empty
  } catch {
    return empty
  }
}

/** Writes `.gradus/name.json` whole or not at all. What is kept here is a convenience: when it can't be written, grading goes on. */
export function remember(course: Course, name: string, value: unknown): void {
  const path = statePath(course, name)
  const draft = `${path}.${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(draft, JSON.stringify(value))
    renameSync(draft, path)
  } catch (error) {
    if (existsSync(draft)) rmSync(draft)
    console.error(`Progress could not be saved in ${folder}/: ${(error as Error).message}`)
  }
}

function statePath(course: Course, name: string): string {
  return join(course.root, folder, `${name}.json`)
}

type Verified = Record<string, { digest: string; outcome: LessonOutcome }>

/** Keeps what was verified, together with the digest of the files that earned it. */
export function rememberOutcomes(course: Course, outcomes: LessonOutcome[]): void {
  const verified = recall<Verified>(course, 'verified', {})
  for (const outcome of outcomes) verified[outcome.lesson] = { digest: lessonDigest(course, outcome.lesson), outcome }
  remember(course, 'verified', verified)
}

/** What was last found for a lesson, and whether its files are still the same. */
export function lastOutcome(course: Course, stem: string): { outcome: LessonOutcome; current: boolean } | undefined {
  const last = recall<Verified>(course, 'verified', {})[stem]
  return last?.outcome && { outcome: last.outcome, current: last.digest === lessonDigest(course, stem) }
}

/** Another version of the kit may judge, and tell, otherwise. */
function lessonDigest(course: Course, stem: string): string {
  const { exercise, suite } = course.files(stem)
  return digest(version, textOf(exercise), textOf(suite))
}

/** Copies a file into `.gradus/backups/` and answers where it went, as the user would type it. */
export function backUp(course: Course, path: string, stem: string): string {
  const time = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(':', '-')
  for (let n = 1; ; n++) {
    const backup = join(course.root, folder, 'backups', `${stem}.${time}${n === 1 ? '' : `-${n}`}.ts`)
    if (existsSync(backup)) continue
    try {
      mkdirSync(dirname(backup), { recursive: true })
      writeFileSync(backup, readFileSync(path), { flag: 'wx' })
    } catch (error) {
      throw new Misuse(
        `Nothing was changed, for ${course.show(path)} could not be backed up: ${(error as Error).message}`,
      )
    }
    return course.show(backup)
  }
}

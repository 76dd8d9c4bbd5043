// Digests of the suites and solutions as the kit ships them, so that an edited one is said, not hidden. Written by `npm run check -- --fix`.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Course } from './course'
import { digest, textOf } from './state'

export type Seal = Record<string, string>

export function sealPath(course: Course): string {
  return join(course.root, 'scripts', 'seal.json')
}

/** The digests of all suites and solutions as they are now. */
export function sealOf(course: Course): Seal {
  const paths = course.stems.flatMap((stem) => sealedFiles(course, stem))
  return Object.fromEntries(paths.filter(existsSync).map((path) => [course.show(path), digest(textOf(path))]))
}

/** The suites and solutions of these lessons that are not as the kit ships them. A solution that isn't there (the student edition) is no change. */
export function editedFiles(course: Course, stems: string[]): string[] {
  const seal = readSeal(course)
  if (!seal) return [course.show(sealPath(course))]
  return stems
    .flatMap((stem) => sealedFiles(course, stem))
    .filter((path) => existsSync(path) && course.show(path) in seal && seal[course.show(path)] !== digest(textOf(path)))
    .map(course.show)
}

/** The files of the whole course that are not as the seal says: changed, new, or gone. */
export function staleSeals(course: Course): string[] {
  const [seal, now] = [readSeal(course), sealOf(course)]
  if (!seal) return [course.show(sealPath(course))]
  return [...new Set([...Object.keys(seal), ...Object.keys(now)])].filter((path) => seal[path] !== now[path]).sort()
}

/** No seal is an empty one; one that can't be read is none at all. */
function readSeal(course: Course): Seal | undefined {
  try {
    return JSON.parse(textOf(sealPath(course)) || '{}') as Seal
  } catch {
    return undefined
  }
}

function sealedFiles(course: Course, stem: string): string[] {
  const { suite, solution } = course.files(stem)
  return [suite, solution]
}

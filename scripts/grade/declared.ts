// What the suites declare: every test of every lesson and its points, learnt by loading the suites without anybody's file. It is what points are counted
// against, so it is known before a submission runs; and it warms Jest's cache, which strangers' processes only read.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { version } from '../../package.json'
import { type Course, kitRoot, Misuse, openCourse } from '../course'
import { digest, textOf } from '../state'
import { writeWhole } from '../write'
import { openCache } from './caches'
import { Compiler } from './compile'
import type { SandboxedJob } from './judge'
import type { Declared } from './report'
import { type Compiled, sandboxLimits } from './sandbox/sandbox'
import { supervise } from './supervise'

export interface Prepared {
  declared: Declared
  /** Files with the modules that judge, and with TypeScript, as V8 has compiled them. */
  cache: string
  compiler: string
}

/** What npm says of the packages that are there. */
const installed = join(kitRoot, 'node_modules', '.package-lock.json')

/** Learns it, or remembers it for suites that have not changed. */
export async function prepare({ root }: Course): Promise<Prepared> {
  const course = openCourse(root) // all of it, whichever lessons are to be graded
  const folder = join(kitRoot, '.gradus', 'grade', digest(kitDigest(course), kitRoot, textOf(installed)))
  const [cache, compiler] = [join(folder, 'judge'), join(folder, 'compiler')]
  const file = join(folder, 'declared.json')
  openCache(folder)
  if ([file, cache, compiler].every(existsSync))
    return { declared: JSON.parse(readFileSync(file, 'utf8')) as Declared, cache, compiler }
  const [declared] = await Promise.all([learn(course, cache), fillCompiler(course, compiler)])
  writeWhole(file, JSON.stringify(declared))
  return { declared, cache, compiler }
}

/** Loads every suite without anybody's file, and keeps in `cache` what that took. */
async function learn(course: Course, cache: string): Promise<Declared> {
  const declared: Declared = {}
  let failure: string | undefined
  const jobs = course.stems.map((stem) => jobOf(course, stem, { code: '', map: emptyMap }))
  const drafts = mkdtempSync(join(dirname(cache), 'draft-')) // another grading may be preparing beside this one
  const draft = join(drafts, 'judge')
  try {
    await supervise(jobs, {
      containment: 'process',
      cache: draft,
      keeps: true,
      onLesson: ({ lesson }, { declared: tests, death, broken }) => {
        declared[lesson] = tests ?? []
        const why = death?.message ?? broken
        if (why !== undefined) failure ??= `The tests of ${lesson} could not be loaded: ${why}`
      },
    })
    if (failure !== undefined) throw new Misuse(failure)
    writeWhole(cache, readFileSync(draft))
  } finally {
    rmSync(drafts, { recursive: true, force: true })
  }
  return declared
}

/** Compiles some suites: after a few there is little left of TypeScript that was never called. */
function fillCompiler(course: Course, cache: string): Promise<void> {
  const some = course.stems.filter((_, i) => i % 5 === 0)
  return Compiler.fill(
    cache,
    some.map((stem) => readFileSync(course.files(stem).suite, 'utf8')),
  )
}

export const emptyMap = '{"version":3,"sources":[],"names":[],"mappings":""}'

/** All that decides how a submission is judged, the suites, the engine and the kit's programs: an unchanged one need not be judged again. */
export function kitDigest(course: Course): string {
  const suites = course.stems.map((stem) => course.files(stem).suite)
  return digest(
    version,
    process.versions.node,
    ...[...suites, ...['engine', 'scripts'].flatMap((folder) => sourcesOf(join(kitRoot, folder)))].map(textOf),
  )
}

/** Paths of the code in a folder, without tests. */
function sourcesOf(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourcesOf(path)
    return /(?<!\.test)\.[jt]s$/.test(path) ? [path] : []
  })
}

export function jobOf(course: Course, stem: string, compiled: Compiled, limits = sandboxLimits): SandboxedJob {
  const { suite, exercise } = course.files(stem)
  const shown = course.show(exercise)
  return { id: stem, lesson: stem, testFile: suite, subject: `/submission/${shown}`, shown, compiled, limits }
}

// What of the kit goes out of the house, and as what: exercises as stubs, whatever the teacher wrote into theirs; no word of what is not there.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Course } from '../course'
import { stubOf } from '../exercise'
import { documentFor } from './document'

/** Contents by path, with forward slashes. */
export type Files = Map<string, Uint8Array>

/** What nobody is handed: other people's work, what gives answers away, and what only authors of lessons need. */
const nobodyGets = [
  '.git',
  '.gradus',
  'node_modules',
  'solutions',
  '.ci',
  '.github/pull_request_template.md',
  'CONTRIBUTING.md',
  'engine/conformance',
  'engine/recordings',
  'engine/tests',
  ...['bench', 'check', 'docs', 'pictures'].map((folder) => `scripts/${folder}`),
  ...['bench', 'docs', 'jest.kit.config', 'lessonTemplates', 'mistakes', 'new', 'pictures'].map(
    (name) => `scripts/${name}.ts`,
  ),
]
const studentsLack = [
  'scripts/grade',
  'scripts/release',
  'docs',
  ...['check', 'grade', 'pages'].map((name) => `.github/workflows/${name}.yml`),
]

/** The kit as it is handed out: with the stubs once more, in stubs/, where `reset` finds them. */
export function studentEdition(course: Course): Files {
  const files = released(course, studentsLack, ['solution'])
  for (const stem of course.stems) files.set(`stubs/${stem}.ts`, Buffer.from(stubOf(course, stem)))
  return files
}

/** The kit as a platform needs it to grade. */
export function gradersKit(course: Course): Files {
  return released(course, [], [])
}

/** `idle`: commands that are there and have nothing to work on, so that no document speaks of them. */
function released(course: Course, lacking: string[], idle: string[]): Files {
  const paths = pathsOf(course, [...nobodyGets, ...lacking])
  const { json, verbs } = manifestWith(course, paths)
  const speakable = verbs.filter((verb) => !idle.includes(verb))
  const contentOf = (path: string): Uint8Array => {
    const stem = course.stems.find((each) => `exercises/${each}.ts` === path)
    if (stem) return Buffer.from(stubOf(course, stem))
    if (path === 'package.json') return Buffer.from(json)
    const content = readFileSync(join(course.root, path))
    return path.endsWith('.md')
      ? Buffer.from(documentFor(content.toString(), path, { paths, verbs: speakable }))
      : content
  }
  return new Map(paths.map((path) => [path, contentOf(path)]))
}

function pathsOf({ root, stems }: Course, lacking: string[]): string[] {
  const suites = stems.map((stem) => `exercises/${stem}.test.ts`)
  const walk = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (lacking.includes(path) || path.endsWith('.log')) return []
      if (entry.isDirectory()) return walk(path)
      return entry.isFile() && (!path.endsWith('.test.ts') || suites.includes(path)) ? [path] : []
    })
  return walk('').sort()
}

/** package.json with the commands whose programs are among the paths. */
function manifestWith({ root }: Course, paths: string[]): { json: string; verbs: string[] } {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  const has = (verb: string) => ['.ts', '/index.ts'].some((ending) => paths.includes(`scripts/${verb}${ending}`))
  manifest.scripts = Object.fromEntries(Object.entries(manifest.scripts).filter(([verb]) => has(verb)))
  return { json: `${JSON.stringify(manifest, null, 2)}\n`, verbs: Object.keys(manifest.scripts) }
}

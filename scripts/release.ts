// npm run release: the student edition of the kit, and what graders elsewhere are handed; neither has a solution in it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Zippable, zipSync } from 'fflate'
import { command, exitCodes, run } from './cli'
import { type Course, Misuse, openCourse } from './course'
import { writeWhole } from './grade/write'
import { textOf } from './state'
import { deriveStub } from './stub'

const program = command('npm run release --', 'Writes the student edition: the kit without solutions and mistakes.')
  .argument('[folder]', 'where to write it: a folder that is not there yet, or is empty')
  .option(
    '--gradescope <file>',
    'write a bundle for Gradescope instead: a zip with setup.sh, run_autograder and the kit',
  )

run(program, ([folder]) => {
  const course = openCourse()
  const { gradescope } = program.opts<{ gradescope?: string }>()
  if (gradescope !== undefined) {
    writeWhole(gradescope, gradescopeBundle(course))
    console.log(`${gradescope} is written. On Gradescope: Configure Autograder, Zip file upload.`)
    return exitCodes.right
  }
  if (folder === undefined) throw new Misuse('Say where the student edition goes: npm run release -- path/to/folder')
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new Misuse(`${folder} is not empty: choose a folder that is not there yet.`)
  const paths = releasedPaths(course, studentsLack)
  for (const path of paths) writeInto(join(folder, path), contentOf(course, path))
  console.log(
    `${folder} holds the student edition, ${paths.length} files. Hand it out; grade what comes back with npm run grade.`,
  )
  return exitCodes.right
})

/** What nobody is handed: other people's work, and what gives answers away. */
const nobodyGets = [
  '.git',
  '.gradus',
  'node_modules',
  'solutions',
  '.ci',
  'engine/conformance',
  'engine/recordings',
  'engine/tests',
  'scripts/bench',
  'scripts/check',
]
const studentsLack = [
  'scripts/grade',
  'scripts/release.ts',
  'docs/class.md',
  '.github/workflows/check.yml',
  '.github/workflows/grade.yml',
]
const authorsVerbs = ['check', 'new', 'bench', 'docs', 'pictures']

/** Paths of the files to release, with forward slashes. */
function releasedPaths({ root }: Course, lacking: string[]): string[] {
  const walk = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if ([...nobodyGets, ...lacking].includes(path) || entry.name.endsWith('.log')) return []
      if (path.startsWith('scripts/') && entry.name.endsWith('.test.ts')) return []
      if (entry.isDirectory()) return walk(path)
      return entry.isFile() ? [path] : []
    })
  return walk('').sort()
}

/** Exercises as stubs, whatever the teacher wrote into theirs; package.json without the verbs that are not there. */
function contentOf(course: Course, path: string): Buffer {
  const stem = course.stems.find((each) => `exercises/${each}.ts` === path)
  if (stem) return Buffer.from(deriveStub(textOf(course.files(stem).solution), stem))
  const content = readFileSync(join(course.root, path))
  if (path !== 'package.json') return content
  const manifest = JSON.parse(content.toString()) as { scripts: Record<string, string> }
  for (const verb of [...authorsVerbs, 'release']) delete manifest.scripts[verb]
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
}

function writeInto(path: string, content: Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

/** The kit under `kit/`, beside the two programs that Gradescope calls. */
function gradescopeBundle(course: Course): Uint8Array {
  const runnable = { os: 3, attrs: 0o100755 << 16 } as const
  const files: Zippable = {}
  for (const path of releasedPaths(course, [])) files[`kit/${path}`] = contentOf(course, path)
  for (const name of ['setup.sh', 'run_autograder'])
    files[name] = [readFileSync(join(course.root, 'scripts/grade/platforms/gradescope', name)), runnable]
  return zipSync(files, { level: 6 })
}

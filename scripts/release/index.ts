// npm run release: the student edition of the kit, and what graders elsewhere are handed; neither has a solution in it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Zippable, zipSync } from 'fflate'
import { command, exitCodes, run } from '../cli'
import { type Course, Misuse, openCourse } from '../course'
import { unwritable, writeWhole } from '../write'
import { gradersKit, studentEdition } from './files'

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
  const files = studentEdition(course)
  try {
    for (const [path, content] of files) writeInto(join(folder, path), content)
  } catch (error) {
    rmSync(folder, { recursive: true, force: true }) // so that it may be called again
    throw unwritable(folder, error)
  }
  console.log(
    `${folder} holds the student edition, ${files.size} files. Hand it out; grade what comes back with npm run grade.`,
  )
  return exitCodes.right
})

function writeInto(path: string, content: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

/** The kit under `kit/`, beside the two programs that Gradescope calls. */
function gradescopeBundle(course: Course): Uint8Array {
  const runnable = { os: 3, attrs: 0o100755 << 16 } as const
  const files: Zippable = {}
  for (const [path, content] of gradersKit(course)) files[`kit/${path}`] = content
  for (const name of ['setup.sh', 'run_autograder'])
    files[name] = [readFileSync(join(course.root, 'scripts/grade/platforms/gradescope', name)), runnable]
  return zipSync(files, { level: 6 })
}

// npm run book -- DIR: the lessons as a static site, in both languages, whose cells can be run.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { version } from '../package.json'
import { bookFiles } from './book/site'
import { command, exitCodes, run } from './cli'
import { Misuse, needLessons, openCourse } from './course'
import type { Asset } from './page'
import { progressLine } from './terminal/progress'

const program = command(
  'npm run book --',
  'Writes the lessons as a static site into a folder: English and Chinese, with cells that can be edited and run in the page, the graphs that they build, and a search. It needs no server: open index.html, or put the folder on any.',
)
  .argument('<folder>', 'where to; a new or empty folder, or one that this command made')
  .option('--repository <address>', 'where the kit can be read on the web, for links to its files')

/** What an earlier run wrote: those files, and no others, may be replaced. */
const listFile = join('assets', 'book.json')

run(program, async ([folder]) => {
  const course = openCourse()
  needLessons(course)
  const { repository } = program.opts<{ repository?: string }>()
  if (repository !== undefined && !/^https?:\/\/\S+$/.test(repository))
    throw new Misuse(`${repository} is not an address: --repository wants one like https://github.com/you/gradus.`)
  const out = resolve(folder!)
  const before = writtenBefore(out)
  const progress = progressLine()
  const files = await bookFiles(course, {
    repository: repository?.replace(/\/$/, ''),
    progress: (stem) => progress.show(`rendering ${stem}`),
  })
  progress.clear()
  for (const name of before) rmSync(join(out, name), { force: true })
  files.set(listFile, `${JSON.stringify({ kit: `gradus ${version}`, files: [...files.keys()] }, null, 1)}\n`)
  write(out, files)
  const pages = [...files.keys()].filter((name) => name.endsWith('.html')).length
  console.log(`${pages} pages. Open ${join(out, 'index.html')} in a browser.`)
  return exitCodes.right
})

function write(out: string, files: Map<string, Asset>): void {
  try {
    for (const [name, content] of files) {
      mkdirSync(dirname(join(out, name)), { recursive: true })
      writeFileSync(join(out, name), content)
    }
  } catch (error) {
    throw new Misuse(`The book could not be written: ${(error as Error).message}`)
  }
}

/** The files of the folder that an earlier run wrote. A folder that holds anything else, and no book, is refused. */
function writtenBefore(out: string): string[] {
  if (!existsSync(out)) return []
  if (!statSync(out).isDirectory()) throw new Misuse(`${out} is a file. Name a new folder.`)
  if (readdirSync(out).length === 0) return []
  try {
    const { files } = JSON.parse(readFileSync(join(out, listFile), 'utf8')) as { files: string[] }
    return files.filter((name) => resolve(out, name).startsWith(out))
  } catch {
    throw new Misuse(`${out} holds something else. Name a new folder.`)
  }
}

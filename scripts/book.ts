// npm run book -- DIR: the lessons as a static site, in both languages, whose cells can be run.
import { join, resolve } from 'node:path'
import { filesOfBook, writeBook } from './book/folder'
import { bookFiles } from './book/site'
import { command, exitCodes, run } from './cli'
import { Misuse, needLessons, openCourse } from './course'
import { progressLine } from './terminal/progress'

const program = command(
  'npm run book --',
  'Writes the lessons as a static site into a folder: English and Chinese, with cells that can be edited and run in the page, the graphs that they build, and a search. It needs no server: open index.html, or put the folder on any.',
)
  .argument('<folder>', 'where to; a new or empty folder, or one that this command made')
  .option('--repository <address>', 'where the kit can be read on the web, for links to its files')

run(program, async ([folder]) => {
  const course = openCourse()
  needLessons(course)
  const { repository } = program.opts<{ repository?: string }>()
  if (repository !== undefined && !/^https?:\/\/\S+$/.test(repository))
    throw new Misuse(`${repository} is not an address: --repository wants one like https://github.com/you/gradus.`)
  const out = resolve(folder!)
  filesOfBook(out)
  const progress = progressLine()
  const files = await bookFiles(course, {
    repository: repository?.replace(/\/$/, ''),
    progress: (stem) => progress.show(`rendering ${stem}`),
  })
  progress.clear()
  writeBook(out, files)
  const pages = [...files.keys()].filter((name) => name.endsWith('.html')).length
  console.log(`${pages} pages. Open ${join(out, 'index.html')} in a browser.`)
  return exitCodes.right
})

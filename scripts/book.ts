// npm run book -- DIR: the lessons as a static site.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { command, exitCodes, run } from './cli'
import { languages, openCourse } from './course'
import { indexPage, lessonPage, pageAssets, pageFile } from './page'

const program = command('npm run book --', 'Writes the lessons as a static site.').argument('<folder>')
run(program, async ([folder]) => {
  const out = resolve(folder!)
  const course = openCourse()
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(out, name)), { recursive: true })
    writeFileSync(join(out, name), content)
  }
  for (const language of languages) {
    write(pageFile(language), indexPage(course, { language }))
    for (const stem of course.stems) write(pageFile(language, stem), lessonPage(course, stem, { language }))
  }
  for (const [name, content] of await pageAssets()) write(`assets/${name}`, content)
  return exitCodes.right
})

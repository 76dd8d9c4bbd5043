// A course of tiny lessons in a temporary folder, for the tests of the kit's programs. Every lesson is what `npm run new` writes, with the edits that a test asks for.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Course, kitRoot, type LessonFiles, openCourse } from '../course'
import { lessonTemplates } from '../lessonTemplates'
import { sealOf, sealPath } from '../seal'
import { deriveStub } from '../stub'
import { stamped } from './texts'

/** A file's new text, a change of the text it would have, or null for no file at all. */
export type Edit = string | null | ((text: string) => string)

/** What is different about a lesson. Without an edit of its own, the exercise is the stub of the edited solution, and the translation is stamped for the edited text. */
export type LessonEdits = Partial<Record<'exercise' | 'suite' | 'solution' | 'mistakes' | 'en' | 'zh', Edit>>

const made: string[] = []
afterAll(() => {
  for (const root of made.splice(0)) rmSync(root, { recursive: true, force: true })
})

/** An empty folder, removed when the tests of the file are done. */
export function emptyFolder(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'gradus-')))
  made.push(root)
  return root
}

/** A sealed course with these lessons. */
export function tinyCourse(lessons: Record<string, LessonEdits> = { '01-twice': {} }): Course {
  const root = emptyFolder()
  symlinkSync(join(kitRoot, 'engine'), join(root, 'engine'), 'junction')
  for (const folder of ['exercises', 'solutions', 'lessons/zh', 'scripts'])
    mkdirSync(join(root, folder), { recursive: true })
  for (const [stem, edits] of Object.entries(lessons)) writeLesson(openCourse(root).files(stem), edits)
  const course = openCourse(root)
  writeFileSync(sealPath(course), `${JSON.stringify(sealOf(course), null, 2)}\n`)
  return course
}

function writeLesson(files: LessonFiles, edits: LessonEdits): void {
  const templates = lessonTemplates(files)
  const write = (path: string, edit: Edit | undefined, text: string) => {
    const edited = typeof edit === 'function' ? edit(text) : edit === undefined ? text : edit
    if (edited !== null) writeFileSync(path, edited)
    return edited ?? text
  }
  const template = (path: string) => templates[path] as string
  const solution = write(files.solution, edits.solution, template(files.solution))
  const stub = edits.exercise === undefined ? deriveStub(solution, files.stem) : template(files.exercise)
  write(files.exercise, edits.exercise, stub)
  write(files.suite, edits.suite, template(files.suite))
  write(files.mistakes, edits.mistakes, template(files.mistakes))
  const english = write(files.text.en, edits.en, template(files.text.en))
  write(files.text.zh, edits.zh, stamped(template(files.text.zh), english))
}

/** The change of a text that replaces `from`, which must be there, by `to`. */
export function replacing(from: string, to: string): (text: string) => string {
  return (text) => {
    if (!text.includes(from)) throw new Error(`There is no ${JSON.stringify(from)} to replace in:\n${text}`)
    return text.replaceAll(from, () => to)
  }
}

/** Writes a file of the course, with the folders that it needs. */
export function writeIn(course: Course, path: string, text: string): string {
  const file = join(course.root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

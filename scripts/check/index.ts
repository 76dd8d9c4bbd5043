// npm run check: proves the kit.
import { existsSync, writeFileSync } from 'node:fs'
import { command, exitCodes, run } from '../cli'
import { type Course, findLessons, Misuse, nearest, openCourse } from '../course'
import { textOf } from '../state'
import { ink } from '../terminal/ink'
import { progressLine } from '../terminal/progress'
import { checkDocuments, fixContents } from './documents'
import { checkFiles } from './files'
import { checkGrading } from './grading'
import { checkCellTypes, checkNotebooks } from './notebooks'
import { type Finding, together } from './problem'
import { checkSandbox } from './sandbox'
import { checkStubs, fixStubs } from './stubs'
import { checkSurface } from './surface'
import { checkTexts, stamped } from './texts'
import { checkKitTests, checkStyle, checkTypes } from './tools'
import { checkWords } from './words'

interface Part {
  name: string
  what: string
  /** Whether it can look at some lessons alone. */
  byLesson?: true
  check(course: Course, report: (done: number, all: number) => void): Finding | Promise<Finding>
}

/** The long ones first: two run side by side. */
const parts: Part[] = [
  { name: 'tests', what: 'the engine, its conformance, and the scripts', check: checkKitTests },
  {
    name: 'grading',
    byLesson: true,
    what: 'stubs score 0, solutions full marks, every mistake is caught with its words',
    check: checkGrading,
  },
  {
    name: 'sandbox',
    byLesson: true,
    what: 'in the sandbox solutions have full marks and stubs none, and nobody can change what is expected',
    check: checkSandbox,
  },
  { name: 'files', what: 'every lesson has all of its files, and no file is a stray', check: checkFiles },
  {
    name: 'stubs',
    what: 'stubs are what their solutions derive, suites and solutions are sealed',
    check: checkStubs,
  },
  { name: 'texts', byLesson: true, what: 'tasks, hints, translations and links of the lessons', check: checkTexts },
  {
    name: 'words',
    byLesson: true,
    what: 'what suites say stands in Chinese too',
    check: checkWords,
  },
  { name: 'readmes', what: 'links and lists of lessons in the documents', check: checkDocuments },
  {
    name: 'cells',
    byLesson: true,
    what: 'every cell of every lesson prints what the lesson says',
    check: (course) => checkNotebooks(course),
  },
  { name: 'cell-types', byLesson: true, what: 'TypeScript accepts the cells', check: checkCellTypes },
  { name: 'surface', what: 'no lesson uses what only a later one introduces', check: checkSurface },
  { name: 'types', what: 'tsc accepts the kit', check: checkTypes },
  { name: 'style', what: 'lint and format', check: checkStyle },
]
const names = parts.map(({ name }) => name)

const program = command('npm run check --', 'Proves the kit, or the parts of it that you name.')
  .argument('[part...]', `parts to check: ${names.join(', ')}`)
  .option('--lesson <lesson...>', 'check only these lessons; for the parts grading, texts, words, cells and cell-types')
  .option('--fix', 'derive the stubs and lists of lessons, and seal the suites and solutions, anew')
  .option('--translated <lesson...>', 'say that these translations are up to date with their English texts')

run(program, async (wanted) => {
  const course = openCourse()
  const { fix, translated, lesson } = program.opts<{ fix?: boolean; translated?: string[]; lesson?: string[] }>()
  if (fix || translated) return author(course, fix ?? false, translated ?? [])
  const chosen = wanted.length > 0 ? wanted.map(findPart) : parts.filter((part) => !lesson || part.byLesson)
  const whole = chosen.find((part) => !part.byLesson)
  if (lesson && whole) throw new Misuse(`The part ${whole.name} looks at the whole kit: leave out --lesson.`)
  const results = await runParts({ ...course, stems: findLessons(course, lesson ?? []) }, chosen)
  const { checked, problems } = together(results)
  console.log(`\n${Math.max(0, checked - problems.length)} passed, ${problems.length} failed`)
  return problems.length === 0 ? exitCodes.right : exitCodes.wrong
})

function findPart(name: string): Part {
  const part = parts.find((each) => each.name === name)
  if (!part)
    throw new Misuse(
      `There is no part ${name} to check; there are ${names.join(', ')}. Did you mean ${nearest(name, names)}?`,
    )
  return part
}

/** Runs two parts at a time, the long ones first, and tells each as it ends. */
async function runParts(course: Course, chosen: Part[]): Promise<Finding[]> {
  const progress = progressLine()
  const findings: Finding[] = []
  const running = new Map<string, string>()
  const show = () => progress.show([...running].map(([name, how]) => `${name}${how}`).join(', '))
  const waiting = [...chosen]
  const lane = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      const { name, check } = part
      running.set(name, '')
      show()
      const began = Date.now()
      const found = await check(course, (done, all) => {
        running.set(name, ` ${done}/${all}`)
        show()
      })
      running.delete(name)
      progress.hide()
      tell(part, found, Date.now() - began)
      show()
      findings.push(found)
    }
  }
  await Promise.all([lane(), lane()])
  progress.clear()
  return findings
}

function tell({ name, what }: Part, { checked, problems, notes = [] }: Finding, ms: number): void {
  const mark = problems.length === 0 ? ink.accent('●') : ink.signal('⊗')
  console.log(
    `${mark} ${ink.strong(name.padEnd(10))} ${String(checked).padStart(5)}  ${`${(ms / 1000).toFixed(1)} s`.padStart(7)}  ${ink.pale(what)}`,
  )
  for (const note of notes) console.log(ink.pale(note))
  for (const { where, message } of problems) console.log(`${ink.signal(where)} ${message}\n`)
}

function author(course: Course, fix: boolean, translated: string[]): number {
  const done = fix ? [...fixStubs(course), ...fixContents(course)] : []
  for (const stem of translated.length > 0 ? findLessons(course, translated) : []) {
    const { text } = course.files(stem)
    if (!existsSync(text.zh)) throw new Misuse(`${course.show(text.zh)} is not there yet.`)
    writeFileSync(text.zh, stamped(textOf(text.zh), textOf(text.en)))
    done.push(`${course.show(text.zh)} stamped`)
  }
  console.log(done.length > 0 ? done.join('\n') : 'There was nothing to do.')
  return exitCodes.right
}

// Lessons are notebooks: the cells of a lesson run in order in one scope, and each prints what the lesson says, and TypeScript accepts them.
import { formatWithOptions } from 'node:util'
import { runInNewContext, runInThisContext } from 'node:vm'
import ts from 'typescript'
import { set_warning_handler } from '../../engine/warnings'
import type { Course } from '../course'
import { type Cell, readLesson } from '../lessonText'
import { textOf } from '../state'
import { cellProgram, oneModule } from './cellProgram'
import { type Finding, finding, type Problem, together } from './problem'

const cellLimitMs = 10_000

export function checkNotebooks(course: Course, limitMs = cellLimitMs): Finding {
  requireFor('../engine') // before any clock runs: on a busy machine, compiling it for the first time takes as long as a cell may
  return together(course.stems.map((stem) => checkNotebook(course, course.files(stem).text.en, limitMs)))
}

function checkNotebook(course: Course, path: string, limitMs: number): Finding {
  const { cells } = readLesson(textOf(path))
  const where = course.show(path)
  if (cells.length === 0) return finding(0, [])
  const { printed, error } = runCells(cells, path, limitMs)
  if (printed.length === 0) return finding(cells.length, [{ where, message: `its cells cannot be run: ${error}` }])
  const problems = cells.flatMap((cell, i): Problem[] => {
    const seen = printed[i]
    const place = `${where}:${cell.line}`
    if (seen === undefined) return []
    if (error !== undefined && i === printed.length - 1) return [{ where: place, message: `this cell fails: ${error}` }]
    if (seen === (cell.prints ?? '')) return []
    return [
      {
        where: place,
        message: `this cell prints\n${seen || '(nothing)\n'}but the lesson says\n${cell.prints ?? '(nothing: there is no text block after it)'}`,
      },
    ]
  })
  return finding(cells.length, problems)
}

/** What each cell printed, as far as they went, and the error that stopped them. */
function runCells(cells: Cell[], path: string, limitMs: number): { printed: string[]; error?: string } {
  const printed: string[] = []
  const write = (...values: unknown[]) => {
    printed[printed.length - 1] +=
      `${values.length === 0 ? '' : formatWithOptions({ colors: false }, ...(values as [unknown]))}\n`
  }
  const nextCell = () => printed.push('')
  const { outputText } = ts.transpileModule(oneModule(cells, 'nextCell();'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  })
  // Python prints warnings beside a cell's output, not in it, and some cells provoke one on purpose.
  const warnings = set_warning_handler(() => {})
  try {
    const load = runInThisContext(`(function (require, exports, console, nextCell) {${outputText}\n})`, {
      filename: path,
    })
    const run = () => load(requireFor, {}, { log: write }, nextCell)
    timed(run, limitMs)
    return { printed }
  } catch (error) {
    return { printed, error: String(error) }
  } finally {
    set_warning_handler(warnings)
  }
}

/** Runs synchronous code that may never end. */
function timed(run: () => void, limitMs: number): void {
  runInNewContext('run()', { run }, { timeout: limitMs })
}

function requireFor(name: string): unknown {
  if (name === '../engine' || name === '../../engine') return require('../../engine')
  throw new Error(`a cell imports ${name}; cells import '../engine' and nothing else`)
}

/** Of a file that does not parse, the types say no more than that. */
function diagnosticsOf(program: ts.Program, file: ts.SourceFile): readonly ts.Diagnostic[] {
  const syntax = program.getSyntacticDiagnostics(file)
  return syntax.length > 0 ? syntax : program.getSemanticDiagnostics(file)
}

/** What TypeScript says of all lessons' cells, with errors on the lesson's own lines. */
export function checkCellTypes(course: Course): Finding {
  const { program, cells } = cellProgram(course)
  const problems = [...cells].flatMap(([stem, file]) =>
    diagnosticsOf(program, file).map(({ start = 0, messageText }) => {
      const { line } = file.getLineAndCharacterOfPosition(start)
      return {
        where: `${course.show(course.files(stem).text.en)}:${line + 1}`,
        message: ts.flattenDiagnosticMessageText(messageText, '\n'),
      }
    }),
  )
  return finding(cells.size, problems)
}

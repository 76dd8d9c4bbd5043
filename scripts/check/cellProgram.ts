// What TypeScript knows of the lessons: their cells, a module a lesson, and their solutions.
import { join } from 'node:path'
import ts from 'typescript'
import { type Course, kitRoot } from '../course'
import { type Cell, readLesson } from '../lessonText'
import { textOf } from '../state'

export interface CellProgram {
  program: ts.Program
  /** By stem: the module of a lesson's cells, in which every line has its number from the markdown. */
  cells: Map<string, ts.SourceFile>
  solutions: Map<string, ts.SourceFile>
}

/** Two parts of the check look at one. */
const known = new WeakMap<Course, CellProgram>()

/** The program in which the cells of all lessons stand as files that exist only here, and their solutions as they are. */
export function cellProgram(course: Course): CellProgram {
  const program = known.get(course) ?? newProgram(course)
  known.set(course, program)
  return program
}

function newProgram(course: Course): CellProgram {
  const moduleOf = (stem: string) => `${course.files(stem).text.en}.ts`.replaceAll('\\', '/')
  const sources = new Map(
    course.stems.map((stem) => {
      const { cells } = readLesson(textOf(course.files(stem).text.en))
      return [moduleOf(stem), `${oneModule(cells)}\nexport {}\n`]
    }),
  )
  const { config } = ts.readConfigFile(join(kitRoot, 'tsconfig.json'), ts.sys.readFile)
  const files = { ...config, include: [], files: [] }
  const { options } = ts.parseJsonConfigFileContent(files, ts.sys, kitRoot, { types: ['node'] })
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists, getSourceFile } = host
  host.readFile = (name) => sources.get(name) ?? readFile(name)
  host.fileExists = (name) => sources.has(name) || fileExists(name)
  host.getSourceFile = (name, ...rest) => {
    const source = sources.get(name)
    return source === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, source, rest[0])
  }
  const solutions = course.stems.map((stem) => course.files(stem).solution)
  const program = ts.createProgram([...sources.keys(), ...solutions], options, host)
  const filesOf = (path: (stem: string) => string) =>
    new Map(
      course.stems.flatMap((stem) => {
        const file = program.getSourceFile(path(stem))
        return file ? [[stem, file] as const] : []
      }),
    )
  return { program, cells: filesOf(moduleOf), solutions: filesOf((stem) => course.files(stem).solution) }
}

/** The cells as one module in which every line keeps its number from the markdown. */
export function oneModule(cells: Cell[], marker = ''): string {
  let source = ''
  let line = 1
  for (const cell of cells) {
    source += '\n'.repeat(cell.line - line) + marker + cell.code
    line = cell.line + cell.code.split('\n').length - 1
  }
  return source
}

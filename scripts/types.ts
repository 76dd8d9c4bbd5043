// TypeScript's own opinion of the learner's files. Grading does not wait for types (a wrong type may still compute the right answer), so they are told beside the verdict.
import { join } from 'node:path'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type Course, kitRoot } from './course'
import { digest, recall, remember, textOf } from './state'

export interface TypeProblem {
  file: string
  line: number
  column: number
  message: string
}

interface Question {
  root: string
  paths: string[]
}

/** What `tsc` would say about these files, by their shown path. Unchanged files are answered from memory; the rest by a thread, while the suites run. */
export async function typeProblems(course: Course, paths: string[]): Promise<TypeProblem[]> {
  const key = (path: string) => digest(course.show(path), textOf(path))
  const known = recall<Record<string, TypeProblem[]>>(course, 'types', {})
  const fresh = paths.filter((path) => !(key(path) in known))
  if (fresh.length > 0) {
    const found = await ask({ root: course.root, paths: fresh }).catch((error: Error) => error)
    if (found instanceof Error) {
      const file = course.show(fresh[0] as string)
      return [{ file, line: 1, column: 1, message: `TypeScript could not be asked: ${found.message}` }]
    }
    for (const path of fresh) known[key(path)] = found.filter(({ file }) => file === course.show(path))
    const kept = Object.entries(known).slice(-200)
    remember(course, 'types', Object.fromEntries(kept))
  }
  return paths.flatMap((path) => known[key(path)] ?? [])
}

function ask(question: Question): Promise<TypeProblem[]> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(require.resolve('./gradus.js'), { argv: ['types'], workerData: question })
    const ended = (code: number) => reject(new Error(`its thread ended with ${code}`))
    thread.once('message', resolve).once('error', reject).once('exit', ended)
  })
}

function answer({ root, paths }: Question): TypeProblem[] {
  const { ts, options } = typeScript(paths)
  const program = ts.createProgram(paths, options)
  return paths.flatMap((path) => {
    const source = program.getSourceFile(path)
    return source ? program.getSemanticDiagnostics(source).map((problem) => problemOf(ts, problem, source, root)) : []
  })
}

type TypeScript = typeof import('typescript')

/** TypeScript itself, which is large, and the kit's options for it. No learner's file is a test: the types of Jest, hundreds of files, are left out. */
export function typeScript(paths: string[]): { ts: TypeScript; options: import('typescript').CompilerOptions } {
  const ts = require('typescript') as TypeScript
  const file = join(kitRoot, 'tsconfig.json')
  const { config } = ts.readConfigFile(file, ts.sys.readFile)
  const files = { ...config, include: [], files: paths }
  const { options } = ts.parseJsonConfigFileContent(files, ts.sys, kitRoot, { types: ['node'] }, file)
  return { ts, options }
}

export function problemOf(
  ts: TypeScript,
  { start = 0, messageText }: import('typescript').Diagnostic,
  source: import('typescript').SourceFile,
  root: string,
): TypeProblem {
  const { line, character } = source.getLineAndCharacterOfPosition(start)
  return {
    file: source.fileName.slice(root.length + 1).replaceAll('\\', '/'),
    line: line + 1,
    column: character + 1,
    message: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }
}

if (!isMainThread && parentPort && process.argv[2] === 'types') parentPort.postMessage(answer(workerData as Question))

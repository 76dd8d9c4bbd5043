// TypeScript's language service in a thread of its own, which keeps what it knows: an edit is checked in a few hundredths of a second, and no verdict waits for it.
import { readFileSync } from 'node:fs'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import type { IScriptSnapshot } from 'typescript'
import type { Course } from '../course'
import { problemOf, type TypeProblem, typeScript } from '../types'

interface Asked {
  id: number
  path: string
}
interface Answered {
  id: number
  problems: TypeProblem[]
}

export class TypeService {
  private readonly thread: Worker
  private readonly waiting = new Map<number, (problems: TypeProblem[]) => void>()
  private last = 0

  constructor(course: Course) {
    this.thread = new Worker(require.resolve('../gradus.js'), {
      argv: ['start/typeService'],
      workerData: course.root,
      stdout: false,
    })
    this.thread.unref()
    this.thread.on('message', ({ id, problems }: Answered) => {
      this.waiting.get(id)?.(problems)
      this.waiting.delete(id)
    })
    // Without it there are verdicts all the same.
    this.thread.on('error', () => this.giveUp())
    this.thread.on('exit', () => this.giveUp())
  }

  /** What TypeScript says about a file; nothing when it cannot be asked. */
  problems(path: string): Promise<TypeProblem[]> {
    return new Promise((resolve) => {
      const id = ++this.last
      this.waiting.set(id, resolve)
      this.thread.postMessage({ id, path } satisfies Asked)
    })
  }

  async close(): Promise<void> {
    await this.thread.terminate()
  }

  private giveUp(): void {
    for (const resolve of this.waiting.values()) resolve([])
    this.waiting.clear()
  }
}

function serve(root: string): void {
  const texts = new Map<string, { text: string; version: number }>()
  const { ts, options } = typeScript([])
  const snapshots = new Map<string, IScriptSnapshot>()
  const service = ts.createLanguageService(
    {
      getCompilationSettings: () => options,
      getCurrentDirectory: () => root,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      getScriptFileNames: () => [...texts.keys()],
      getScriptVersion: (path) => String(texts.get(path)?.version ?? 0),
      getScriptSnapshot: (path) => {
        const asked = texts.get(path)
        if (asked) return ts.ScriptSnapshot.fromString(asked.text)
        const known = snapshots.get(path)
        const text = known ? undefined : ts.sys.readFile(path)
        if (text !== undefined) snapshots.set(path, ts.ScriptSnapshot.fromString(text))
        return snapshots.get(path)
      },
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
    },
    ts.createDocumentRegistry(),
  )
  parentPort?.on('message', ({ id, path }: Asked) => {
    const shown = path.replaceAll('\\', '/')
    const answered: Answered = { id, problems: [] }
    try {
      texts.set(shown, { text: readFileSync(path, 'utf8'), version: (texts.get(shown)?.version ?? 0) + 1 })
      const source = service.getProgram()?.getSourceFile(shown)
      // A file that does not parse has its verdict already.
      if (source && service.getSyntacticDiagnostics(shown).length === 0)
        answered.problems = service.getSemanticDiagnostics(shown).map((each) => problemOf(ts, each, source, root))
    } catch {
      texts.delete(shown) // gone
    }
    parentPort?.postMessage(answered)
  })
}

if (!isMainThread && process.argv[2] === 'start/typeService') serve(workerData as string)

// Turns strangers' TypeScript into JavaScript, in a thread that is ended when a file keeps it busy. Nothing of theirs runs, and no file of theirs is looked for.
import { once } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import type typescript from 'typescript'
import { loaded } from '../modules'
import { patience } from '../patience'
import { plainText } from '../runner/outcome'
import { writeWhole } from '../write'
import type { Compiled } from './sandbox/sandbox'

/** What came of a file. */
export type Compilation = Compiled | { rejected: string }

interface Question {
  text: string
  name: string
}

const limitMs = 5000

/** A compiler that stays warm: for a class it is started once. */
export class Compiler {
  private thread: Worker | undefined

  /** `cache` is a file with TypeScript as V8 has compiled it: see modules.js. */
  constructor(private readonly cache?: string) {}

  /** Writes that file, in which stands what it took to compile some files of the kit. */
  static async fill(cache: string, texts: string[]): Promise<void> {
    const compiler = new Compiler(cache)
    for (const text of texts) await compiler.compile(text, 'exercise')
    const thread = compiler.thread as Worker
    thread.postMessage('loaded')
    const [bytes] = (await once(thread, 'message')) as [Uint8Array]
    writeWhole(cache, bytes)
    compiler.end()
  }

  /** `name` is how the learner knows the file. */
  compile(text: string, name: string): Promise<Compilation> {
    this.thread ??= this.start()
    const { thread } = this
    return new Promise((resolve) => {
      const settle = (answer: Compilation) => {
        clearTimeout(alarm)
        thread.removeAllListeners('message').removeAllListeners('error')
        resolve(answer)
      }
      const giveUp = () => {
        this.end()
        settle({ rejected: `${name} could not be read as TypeScript: it is too deeply nested, or takes too long.` })
      }
      const alarm = setTimeout(giveUp, this.isWarm ? limitMs : 4 * limitMs)
      thread.once('error', giveUp)
      thread.once('message', (answer: Compilation) => {
        this.isWarm = true
        settle(answer)
      })
      thread.postMessage({ text, name } satisfies Question)
    })
  }

  private isWarm = false

  private start(): Worker {
    this.isWarm = false
    for (const option of patience) setFlagsFromString(option)
    const thread = new Worker(require.resolve('../gradus.js'), {
      argv: ['grade/compile'],
      env: { ...process.env, ...(this.cache && { GRADUS_CACHE: this.cache }) },
      resourceLimits: { maxOldGenerationSizeMb: 512, stackSizeMb: 4 },
    })
    thread.unref()
    return thread
  }

  end(): void {
    this.thread?.terminate()
    this.thread = undefined
  }
}

/** The file as JavaScript, or the first thing that TypeScript cannot parse in it. */
export function compileText({ text, name }: Question): Compilation {
  const ts = require('typescript') as typeof typescript
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(text, {
    fileName: 'exercise.ts',
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      isolatedModules: true,
      esModuleInterop: true,
      sourceMap: true,
      strict: true,
    },
    transformers: { before: [powersAreCalls(ts)] },
  })
  const [first] = diagnostics ?? []
  if (first) {
    const { line, character } = first.file?.getLineAndCharacterOfPosition(first.start ?? 0) ?? { line: 0, character: 0 }
    const message = plainText(ts.flattenDiagnosticMessageText(first.messageText, ' '), 500)
    return { rejected: `${name} is not valid TypeScript: ${message}\nat ${name}:${line + 1}:${character + 1}` }
  }
  return { code: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, ''), map: sourceMapText ?? '' }
}

/** `a ** b` as Math.pow(a, b), which is computed as Node computes it. */
function powersAreCalls(ts: typeof typescript): typescript.TransformerFactory<typescript.SourceFile> {
  return (context) => (file) => {
    const { factory } = context
    const power = (a: typescript.Expression, b: typescript.Expression) =>
      factory.createCallExpression(
        factory.createPropertyAccessExpression(factory.createIdentifier('Math'), 'pow'),
        undefined,
        [a, b],
      )
    const visit = (node: typescript.Node): typescript.Node => {
      const inner = ts.visitEachChild(node, visit, context)
      if (!ts.isBinaryExpression(inner)) return inner
      const { left, right, operatorToken } = inner
      if (operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken) return power(left, right)
      if (operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskEqualsToken && ts.isIdentifier(left))
        return factory.createAssignment(left, power(left, right))
      return inner
    }
    return ts.visitNode(file, visit, ts.isSourceFile)
  }
}

if (!isMainThread && process.argv[2] === 'grade/compile') {
  parentPort?.on('message', (question: Question | 'loaded') => {
    if (question === 'loaded') return parentPort?.postMessage(loaded())
    let answer: Compilation
    try {
      answer = compileText(question)
    } catch {
      answer = { rejected: `${question.name} could not be read as TypeScript: it is too deeply nested.` }
    }
    parentPort?.postMessage(answer)
  })
}

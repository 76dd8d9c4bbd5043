// The engine as JavaScript, translated file by file as Jest does it for a learner.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { kitRoot } from '../course'

/** Writes it into a folder that git ignores, and returns the path of its public module. */
export function compileEngine(): string {
  const source = join(kitRoot, 'engine')
  const target = join(kitRoot, '.gradus', 'bench', 'engine')
  rmSync(target, { recursive: true, force: true })
  const { config } = ts.readConfigFile(join(kitRoot, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, kitRoot)
  for (const file of filesUnder(source)) {
    const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
      fileName: file,
      compilerOptions: { ...options, module: ts.ModuleKind.CommonJS, noEmit: false },
    })
    const out = join(target, relative(source, file).replace(/\.ts$/, '.js'))
    mkdirSync(dirname(out), { recursive: true })
    writeFileSync(out, outputText)
  }
  return join(target, 'index.js')
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}

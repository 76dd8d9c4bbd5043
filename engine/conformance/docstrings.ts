// What the documentation of public names says, as the compiler reads it.
import { join } from 'node:path'
import ts from 'typescript'

const root = join(__dirname, '..', '..')
const { errorsOf, handlesTensors, isError, original, shapeOf, textOf } = require('../../scripts/docs/docstrings')

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
// The engine needs no types of Node and Jest, which take as long to read as the engine itself.
const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, types: [] }, root)

/** A public name and its documentation. */
export interface Documented {
  /** `torch.relu`, `torch.nn.Linear`, `Tensor.relu`. */
  readonly path: string
  readonly text: string
  /** The shapes that it takes and gives, if the docstring says so. */
  readonly shape: string | null
  /** Whether it is a function of tensors, or gives some. */
  readonly handlesTensors: boolean
  readonly errors: () => readonly { error: string; message: string; node: ts.Node }[]
}

/** Every name that a file of the engine exports, and every member of Tensor if that is one; `text` stands in for the file. */
function read(file: string, text?: string): { program: ts.Program; names: Documented[] } {
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  host.getSourceFile = (name, ...rest) =>
    name === file && text !== undefined
      ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true)
      : getSourceFile(name, ...rest)
  const program = ts.createProgram([file], options, host)
  const checker = program.getTypeChecker()
  const target = (symbol: ts.Symbol): ts.Symbol => original(symbol, checker)
  const exportsOf = (module: ts.Symbol, path: string): [string, ts.Symbol][] =>
    checker
      .getExportsOfModule(module)
      .flatMap((symbol): [string, ts.Symbol][] =>
        target(symbol).flags & ts.SymbolFlags.ValueModule
          ? exportsOf(target(symbol), `${path}.${symbol.name}`)
          : [[`${path}.${symbol.name}`, symbol]],
      )
  // What begins with _ is the engine's own business.
  const isPublic = ([path]: [string, ts.Symbol]) => !/\._[^.]*$/.test(path)
  const exported = exportsOf(checker.getSymbolAtLocation(program.getSourceFile(file)!)!, 'torch')
  const tensor = exported.find(([path]) => path === 'torch.Tensor')?.[1]
  const members = tensor ? checker.getDeclaredTypeOfSymbol(target(tensor)).getProperties() : []
  const methods = members.map((symbol): [string, ts.Symbol] => [`Tensor.${symbol.name}`, symbol])
  const named = [...exported, ...methods].filter(isPublic)
  const symbols = new Set(named.map(([, symbol]) => target(symbol)))
  const byName = new Map(named.toReversed().map(([path, symbol]) => [path.split('.').at(-1)!, target(symbol)]))
  const names = named.map(([path, symbol]) => ({
    path,
    text: textOf(symbol, checker) || textOf(target(symbol), checker),
    shape: shapeOf(target(symbol), checker, (name: string) => byName.get(name)),
    handlesTensors: handlesTensors(target(symbol), checker),
    errors: () => errorsOf(target(symbol), checker, (one: ts.Symbol) => symbols.has(one)),
  }))
  return { program, names }
}

const engine = read(join(root, 'engine', 'index.ts'))

/** Every public name: exports of the engine, and members of Tensor. */
export const documented: readonly Documented[] = engine.names

/** The same of a module that stands in `engine/` for a moment. */
export function readDocumentation(text: string): Documented[] {
  return read(join(root, 'engine', 'sample.ts'), text).names
}

/** Every `new …Error(…)` in the engine's files whose names match. */
export function errorsIn(files: RegExp): ts.Node[] {
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (isError(node)) found.push(node)
    ts.forEachChild(node, visit)
  }
  for (const file of engine.program.getSourceFiles()) if (files.test(file.fileName)) visit(file)
  return found
}

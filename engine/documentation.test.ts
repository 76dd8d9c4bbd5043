// Every public name says what it does: what a learner's editor shows, and what `npm run docs` prints.
import { join } from 'node:path'
import ts from 'typescript'

const { config } = ts.readConfigFile(join(__dirname, '..', 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, join(__dirname, '..'))

/** The names that `file` exports, as the compiler sees them. */
function open(file: string, host?: ts.CompilerHost) {
  const program = ts.createProgram([file], options, host)
  const checker = program.getTypeChecker()
  return { checker, file: checker.getSymbolAtLocation(program.getSourceFile(file)!)! }
}

const engine = open(join(__dirname, 'index.ts'))

function original(symbol: ts.Symbol, { checker } = engine): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

function isDocumented(symbol: ts.Symbol, { checker } = engine): boolean {
  return original(symbol).getDocumentationComment(checker).length > 0
}

/** All that a module exports, and what the modules that it exports do: `torch.relu`, `torch.nn.Linear`. */
function exportsOf(module: ts.Symbol, path: string): [string, ts.Symbol][] {
  return engine.checker.getExportsOfModule(module).flatMap((symbol): [string, ts.Symbol][] => {
    const name = `${path}.${symbol.name}`
    const target = original(symbol)
    return target.flags & ts.SymbolFlags.ValueModule ? exportsOf(target, name) : [[name, symbol]]
  })
}

/** The members of a class, without those that are the engine's own business. */
function membersOf(type: ts.Symbol, path: string): [string, ts.Symbol][] {
  return engine.checker
    .getDeclaredTypeOfSymbol(type)
    .getProperties()
    .filter(({ name }) => !name.startsWith('_'))
    .map((symbol) => [`${path}.${symbol.name}`, symbol])
}

const exported = exportsOf(engine.file, 'torch')

test('every public function, class and type has a docstring', () => {
  expect(exported.length).toBeGreaterThan(200)
  expect(exported.filter(([, symbol]) => !isDocumented(symbol)).map(([name]) => name)).toEqual([])
})

test('every member of Tensor has a docstring', () => {
  const tensor = original(exported.find(([name]) => name === 'torch.Tensor')![1])
  const members = membersOf(tensor, 'Tensor')
  expect(members.length).toBeGreaterThan(200)
  expect(members.filter(([, symbol]) => !isDocumented(symbol)).map(([name]) => name)).toEqual([])
})

test('a name without a docstring is found', () => {
  const host = ts.createCompilerHost(options)
  const read = host.getSourceFile
  const text = 'export const bare = 1\n/** Says what it is. */\nexport const said = 2\n'
  host.getSourceFile = (name, ...rest) =>
    name === 'sample.ts' ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true) : read(name, ...rest)
  const { checker, file } = open('sample.ts', host)
  const undocumented = checker.getExportsOfModule(file).filter((symbol) => !isDocumented(symbol, { checker, file }))
  expect(undocumented.map(({ name }) => name)).toEqual(['bare'])
})

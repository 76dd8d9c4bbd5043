// The types are precise: what a learner's editor warns of, and what it knows of a result.
import { join } from 'node:path'
import ts from 'typescript'

const { config } = ts.readConfigFile(join(__dirname, '..', '..', 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.convertCompilerOptionsFromJson(
  { ...config.compilerOptions, types: [] },
  join(__dirname, '..', '..'),
)

const right = [
  'x.sum(0, { keepdim: true }).shape.length',
  'x.max(1)[0].item()',
  'x.max().item()',
  'torch.zeros(2, 3, { dtype: torch.float64, requires_grad: true })',
  'torch.nn.functional.mse_loss(x, x, { reduction: "none" })',
  'torch.nn.functional.conv2d(x, x, { stride: 2, padding: "same" })',
  'x.split(2, { dim: 1 })[0]!.mul(2)',
  'const [values, indices]: [torch.Tensor, torch.Tensor] = x.sort({ descending: true })',
  'const y: number = torch.no_grad(() => 1)',
  'x.grad?.zero_()',
  'x.clamp({ min: 0 }).clamp(x, 1)',
  'x.unique({ return_counts: true })[1]',
]

/** Each with the words of the compiler that a learner sees. */
const wrong: [call: string, says: string][] = [
  ['x.sum(0, { keepdims: true })', "'keepdims' does not exist"],
  ["torch.zeros(2, { dtype: 'float32' })", "not assignable to type 'DType"],
  ["torch.nn.functional.mse_loss(x, x, { reduction: 'average' })", '\'"average"\' is not assignable'],
  ["x.add('a')", 'not assignable to parameter of type'],
  ['x.view("2")', 'not assignable to parameter of type'],
  ['x.shape()', 'not callable'],
  ['x.grad.zero_()', 'possibly'],
  ['x.T()', 'not callable'],
  ['x[0]', "can't be used to index type 'Tensor'"],
  ['x + 1', "Operator '+' cannot be applied"],
  ['x.median(0).item()', "Property 'item' does not exist"],
  ['torch.nn.functional.conv2d(x)', 'Expected'],
  ['torch.cat(x, x)', 'not assignable to parameter of type'],
  ['x.slice(1)', "Property 'slice' does not exist"],
  ['x.is_leaf = true', "not assignable to type 'never'"],
  ["x.div(2, { rounding_mode: 'ceil' })", 'is not assignable'],
]

/** What the compiler says of each line, as one program. */
function complaints(lines: string[]): string[] {
  const file = join(__dirname, 'sample.ts')
  const text = `import * as torch from '..'\nconst x = torch.ones(2, 2)\n${lines.map((line) => `{ ${line} }`).join('\n')}\n`
  const host = ts.createCompilerHost(options)
  const read = host.getSourceFile
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true) : read(name, ...rest)
  const program = ts.createProgram([file], { ...options, noEmit: true }, host)
  const source = program.getSourceFile(file)!
  const said = lines.map(() => '')
  for (const { start, messageText } of program.getSemanticDiagnostics(source)) {
    const line = source.getLineAndCharacterOfPosition(start!).line - 2
    said[line] += ts.flattenDiagnosticMessageText(messageText, ' ')
  }
  return said
}

const said = complaints([...right, ...wrong.map(([call]) => call)])

test.each(right.map((line, k) => [line, k] as const))('%s is right', (_, k) => {
  expect(said[k]).toBe('')
})

test.each(wrong.map(([line, words], k) => [line, words, k] as const))('%s is an error', (_, words, k) => {
  expect(said[right.length + k]).toContain(words)
})

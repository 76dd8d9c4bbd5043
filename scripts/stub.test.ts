// A stub is its solution with what the learner writes taken out, and nothing else changed.
import { deriveStub } from './stub'

const region = (todo: string, indent = '  ') =>
  `${indent}// #region todo: ${todo}\n${indent}return 1\n${indent}// #endregion\n`

test('a region becomes one line that throws its words, indented as the marker was', () => {
  const solution = `/** One. */\nexport function one() {\n${region('return one')}}\n`
  expect(deriveStub(solution, 'x')).toBe(
    "/** One. */\nexport function one() {\n  throw new Error('TODO: return one')\n}\n",
  )
})

test('two regions become two lines, and what stands between them stays', () => {
  const solution = `${region('first', '')}const between = 1\n${region('second', '\t')}`
  expect(deriveStub(solution, 'x')).toBe(
    "throw new Error('TODO: first')\nconst between = 1\n\tthrow new Error('TODO: second')\n",
  )
})

test('quotes and backslashes in the words survive as they are', () => {
  const stub = deriveStub(region("don't take \\top", ''), 'x')
  expect(() => new Function(stub)()).toThrow("TODO: don't take \\top")
})

test('line ends of Windows derive the same stub', () => {
  const solution = `const a = 1\n${region('return one')}const b = 2\n`
  expect(deriveStub(solution.replaceAll('\n', '\r\n'), 'x')).toBe(deriveStub(solution, 'x'))
})

test('an ordinary region of an editor is left alone inside of a solution', () => {
  expect(() => deriveStub('// #region other\nconst a = 1\n', 'x')).toThrow('the stub would be the solution')
})

test.each<[string, string, string]>([
  ['no region', 'const a = 1\n', 's.ts: there is no `// #region todo: …`: the stub would be the solution.'],
  [
    'no end',
    `const a = 1\n${region('one').replace('// #endregion', '')}`,
    's.ts:2: this region has no `// #endregion`.',
  ],
  ['no beginning', '// #endregion\n', 's.ts:1: #endregion without a `// #region todo: …` before it.'],
  [
    'a region in a region',
    '// #region todo: a\n// #region todo: b\n',
    's.ts:2: a region inside the region of line 1; end that one first.',
  ],
])('%s is refused, with the line', (_, solution, message) => {
  expect(() => deriveStub(solution, 's.ts')).toThrow(message)
})

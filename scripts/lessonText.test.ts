// A lesson's markdown read as a notebook: cells and what they print, tasks and hints, links, and what is none of these.
import { readLesson } from './lessonText'

const fence = (language: string, ...lines: string[]) => `\`\`\`${language}\n${lines.join('\n')}\n\`\`\`\n`

test('a cell knows the line of its first statement and what it prints', () => {
  const { cells } = readLesson(
    `# 01 · A\n\nText.\n\n${fence('ts', 'const a = 1', 'console.log(a)')}${fence('text', '1')}\n${fence('ts', 'a')}`,
  )
  expect(cells).toEqual([
    { code: 'const a = 1\nconsole.log(a)\n', line: 6, prints: '1\n' },
    { code: 'a\n', line: 14 },
  ])
})

test('line ends of Windows change nothing', () => {
  const source = `# 01 · A\n\n${fence('ts', 'const a = 1')}${fence('text', '1')}\n### 1. \`f(x)\`\n<details><summary>Hint 1</summary>Look\nhere</details>\n`
  expect(readLesson(source.replaceAll('\n', '\r\n'))).toEqual(readLesson(source))
  expect(readLesson(source).tasks[0]?.hints).toEqual(['Look here'])
})

test('a cell in a list within a list keeps its line, without the indentation', () => {
  const { cells } = readLesson('- a\n  - b\n\n    ```ts\n    const a = 1\n    ```\n    ```text\n    1\n    ```\n')
  expect(cells).toEqual([{ code: 'const a = 1\n', line: 5, prints: '1\n' }])
})

test('what a cell prints stands right behind it: a block behind a sentence belongs to no cell', () => {
  const { cells, strays, figures } = readLesson(`${fence('ts', 'a')}\nIt prints:\n\n${fence('text', '1')}`)
  expect(cells).toEqual([{ code: 'a\n', line: 2 }])
  expect(strays).toEqual([{ language: 'text', line: 7 }])
  expect(figures).toEqual(['1\n'])
})

test('a second text block belongs to no cell', () => {
  const { cells, strays } = readLesson(`${fence('ts', 'a')}${fence('text', '1')}${fence('text', '2')}`)
  expect(cells[0]?.prints).toBe('1\n')
  expect(strays).toEqual([{ language: 'text', line: 7 }])
})

test.each(['typescript', 'js', 'ts twoslash'])('code marked %s is a stray, for nothing would run it', (language) => {
  expect(readLesson(fence(language, 'a')).strays).toEqual([{ language, line: 1 }])
})

test.each(['', 'sh', 'python'])('a block marked %j is a figure', (language) => {
  expect(readLesson(fence(language, 'a'))).toMatchObject({ strays: [], figures: ['a\n'] })
})

const task = (hint: string) => readLesson(`### 1. \`twice(x)\`\nText.\n\n${hint}\n\n### 2. \`thrice(x)\`\n`)

test('a task has a number, the name of its function and its line', () => {
  expect(task('').tasks).toEqual([
    { number: 1, name: 'twice', line: 1, hints: [] },
    { number: 2, name: 'thrice', line: 6, hints: [] },
  ])
})

test.each<[string, string, string]>([
  ['one line', '<details><summary>Hint 1</summary>Use <code>x.mul</code>.</details>', 'Use `x.mul`.'],
  ['Chinese', '<details><summary>提示 1</summary>用 <code>x.mul</code>。</details>', '用 `x.mul`。'],
  ['several lines', '<details>\n<summary>Hint 1</summary>\nUse\n<em>this</em>.\n</details>', 'Use *this*.'],
  ['blank lines', '<details><summary>Hint 1</summary>\n\nUse `x.mul`:\n\n- this\n\n</details>', 'Use `x.mul`: this'],
  ['a block of code', '<details><summary>Hint 1</summary>\n\n```ts\nx.mul(a < b)\n```\n\n</details>', '`x.mul(a < b)`'],
  [
    'mathematics',
    '<details><summary>Hint 1</summary>It is $x^\\top\\,\\{x\\}$.</details>',
    'It is $x^\\top\\,\\{x\\}$.',
  ],
  ['entities', '<details><summary>Hint 1</summary>a &lt; b &amp; c</details>', 'a < b & c'],
])('a hint over %s', (_, html, hint) => {
  const { tasks, cells } = task(html)
  expect(tasks.map(({ hints }) => hints)).toEqual([[hint], []])
  expect(cells).toEqual([])
})

test('three hints one after the other are three', () => {
  const hints = [1, 2, 3].map((n) => `<details><summary>Hint ${n}</summary>h${n}</details>`)
  expect(task(hints.join('\n')).tasks[0]?.hints).toEqual(['h1', 'h2', 'h3'])
  expect(task(hints.join('\n\n')).tasks[0]?.hints).toEqual(['h1', 'h2', 'h3'])
})

test('details that are no hint are none', () => {
  expect(task('<details><summary>More</summary>a</details>').tasks[0]?.hints).toEqual([])
})

test('links are found in prose, tables, images and HTML, with their lines', () => {
  const source =
    '[a](a.md)\n\n![b](b.svg)\n\n| t |\n| --- |\n| [c](c.md) |\n\n<img src="d.svg">\n\nand <a href="e.md">e</a>\n'
  expect(readLesson(source).links).toEqual([
    { target: 'a.md', line: 1 },
    { target: 'b.svg', line: 3 },
    { target: 'c.md', line: 7 },
    { target: 'd.svg', line: 9 },
    { target: 'e.md', line: 11 },
  ])
})

test('the title has no number', () => {
  expect(readLesson('# 03 · Zeroing gradients\n\n# Another\n').title).toBe('Zeroing gradients')
})

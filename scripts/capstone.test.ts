// Lesson 22 asks for what PyTorch printed: the list of cells in its suite is the recording's.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { kitRoot } from './course'

interface Recorded {
  seed: number
  cells: { cell: number; prints: string }[]
}

test('the suite of lesson 22 expects of each cell of the tutorial what the recording says, and draws from its seed', () => {
  const suite = readFileSync(join(kitRoot, 'exercises', '22-your-own-engine.test.ts'), 'utf8')
  const recording = readFileSync(join(kitRoot, 'engine', 'recordings', 'tutorial.json'), 'utf8')
  const { seed, cells }: Recorded = JSON.parse(recording)
  const list = /^const cells = \{\n(.*?)^\} as const/ms.exec(suite)?.[1] ?? ''
  const expected = cells.map(({ cell, prints }) => `  ${cell}: '${prints.replaceAll('\n', '\\n')}',\n`)
  expect(expected).toHaveLength(13)
  expect(list).toBe(expected.join(''))
  expect(suite).toContain(`manual_seed(${seed})`)
})

// Getting ready to grade, where nobody has graded before.
import { readdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { tinyCourse } from '../check/tinyCourse'
import { Misuse } from '../course'
import { prepare } from './declared'

jest.setTimeout(120_000)

/** Suites that no earlier run has prepared. */
const unlike = `// ${process.pid} ${Date.now()}\n`

test('two that begin side by side both learn what the suites declare, and leave no draft', async () => {
  const course = tinyCourse({ '01-twice': { suite: (text) => unlike + text } })
  const [one, two] = await Promise.all([prepare(course), prepare(course)])
  expect(one).toEqual(two)
  expect(one.declared['01-twice']?.length).toBeGreaterThan(0)
  expect(readdirSync(dirname(one.cache)).sort()).toEqual(['compiler', 'declared.json', 'judge'])
  rmSync(dirname(one.cache), { recursive: true })
})

test('a suite that cannot be loaded is named, and not remembered as one without tests', async () => {
  const course = tinyCourse({ '01-twice': {}, '02-again': { suite: () => `${unlike}throw new Error('not today')` } })
  const refusal = new Misuse('The tests of 02-again could not be loaded: not today')
  await expect(prepare(course)).rejects.toThrow(refusal)
  await expect(prepare(course)).rejects.toThrow(refusal) // it was not taken down as one that declares nothing
})

// The commands of a lesson's author as they are called: new, check and book.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { backups, gradus } from './check/commandLine'
import { tinyCourse, writeIn } from './check/tinyCourse'
import { openCourse } from './course'
import { textOf } from './state'

jest.setTimeout(180_000)

test('a new lesson has the next number and passes the check at once', async () => {
  const course = tinyCourse()
  const refusals: [string, RegExp][] = [
    ['Twice', /^Twice is not a name for a lesson\. Take two digits and small letters/],
    ['01-other', /^There is a lesson 01-twice already; the next number is 02\./],
    ['07-other', /^Lessons are numbered without gaps: the next number is 02, so take 02-other\./],
  ]
  for (const [name, message] of refusals)
    expect(await gradus(course, 'new', name)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) })
  const taken = writeIn(course, 'solutions/02-other.ts', 'mine\n')
  expect(await gradus(course, 'new', '02-other')).toMatchObject({
    code: 2,
    stderr: 'solutions/02-other.ts is there already; nothing was written.\n',
  })
  expect(textOf(taken)).toBe('mine\n')
  rmSync(taken)

  expect((await gradus(course, 'new', '02-other')).code).toBe(0)
  expect(openCourse(course.root).stems).toEqual(['01-twice', '02-other'])
  expect((await gradus(course, 'check', '--fix')).stdout).toBe('scripts/seal.json sealed anew\n')
  const { code, stdout } = await gradus(course, 'check', 'files', 'stubs', 'texts', 'cells')
  expect(stdout).toMatch(/\n\d+ passed, 0 failed\n$/)
  expect(code).toBe(0)
})

test('check ends with 1 and the count when something is wrong, with 2 when the part is unknown', async () => {
  const course = tinyCourse()
  writeIn(course, 'exercises/notes.txt', '')
  const { code, stdout } = await gradus(course, 'check', 'files')
  expect(code).toBe(1)
  expect(stdout).toContain('exercises/notes.txt belongs to no lesson')
  expect(stdout).toMatch(/\n5 passed, 1 failed\n$/)
  expect(await gradus(course, 'check', 'fils')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean files?'),
  })
})

test('check --fix backs up what it replaces; --translated stamps', async () => {
  const course = tinyCourse({ '01-twice': { zh: (text) => text.replace(/<!--.*-->\n/, '') } })
  writeFileSync(course.files('01-twice').exercise, 'mine\n')
  const { code, stdout } = await gradus(course, 'check', '--fix')
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^exercises\/01-twice\.ts derived anew \(what was there is in \.gradus\/backups\/01-twice\..+\)\n$/,
  )
  expect(backups(course)).toEqual(['mine\n'])
  expect((await gradus(course, 'check', 'texts')).code).toBe(1)
  expect((await gradus(course, 'check', '--translated', '01')).stdout).toBe('lessons/zh/01-twice.md stamped\n')
  expect((await gradus(course, 'check', 'texts')).code).toBe(0)
  writeFileSync(course.files('01-twice').solution, '// #region todo: a\n')
  expect(await gradus(course, 'check', '--fix')).toMatchObject({
    code: 2,
    stderr: 'solutions/01-twice.ts:1: this region has no `// #endregion`.\n',
  })
})

describe('npm run book', () => {
  test('writes both languages into a new folder, says where to begin, and may be run again', async () => {
    const course = tinyCourse()
    const book = join(course.root, 'book')
    const { code, stdout } = await gradus(course, 'book', book)
    expect([code, stdout]).toEqual([0, `4 pages. Open ${join(book, 'index.html')} in a browser.\n`])
    expect(readdirSync(join(book, 'zh')).sort()).toEqual(['01-twice.html', 'index.html'])
    expect((await gradus(course, 'book', book, '--repository', 'https://example.org/kit/')).code).toBe(0)
    expect(readFileSync(join(book, '01-twice.html'), 'utf8')).toContain(
      'href="https://example.org/kit/blob/HEAD/exercises/01-twice.ts"',
    )
  })

  test('one sentence tells what is wrong: a folder of somebody else, a formula, an address, a missing folder', async () => {
    const course = tinyCourse({ '01-twice': { en: (text) => text.replace('## ', 'So $x^{2$ it is.\n\n## ') } })
    const sentences = await Promise.all([
      gradus(course, 'book', join(course.root, 'lessons')),
      gradus(course, 'book', join(course.root, 'book')),
      gradus(course, 'book', join(course.root, 'book'), '--repository', 'kit'),
      gradus(course, 'book'),
    ])
    expect(sentences.map(({ code }) => code)).toEqual([2, 2, 2, 2])
    expect(sentences[0]?.stderr).toBe(`${join(course.root, 'lessons')} holds something else. Name a new folder.\n`)
    expect(sentences[1]?.stderr).toMatch(/^lessons\/01-twice\.md: the formula x\^\{2 can't be read: .*\.\n$/)
    expect(sentences[2]?.stderr).toMatch(/^kit is not an address/)
    expect(sentences[3]?.stderr).toContain("missing required argument 'folder'")
  })
})

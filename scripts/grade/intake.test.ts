// What of a submission is read, and what is said of the rest.
import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emptyFolder } from '../check/tinyCourse'
import { type Course, openCourse } from '../course'
import { compileText } from './compile'
import { readSubmission } from './intake'

const course: Course = { ...openCourse(), stems: ['01-one', '02-two'] }

/** A submission with these files. */
function submission(files: Record<string, string | Buffer>): string {
  const root = emptyFolder()
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, content)
  }
  return root
}

const read = (root: string) => {
  const { files, ignored } = readSubmission(course, root)
  return { files: Object.fromEntries(files), ignored }
}

test('exercises are read from their folder, or as they are; the rest is named', () => {
  expect(
    read(submission({ 'exercises/01-one.ts': 'one', 'exercises/01-one.test.ts': 'theirs', 'package.json': '{}' })),
  ).toEqual({
    files: { '01-one': { text: 'one' } },
    ignored: ['package.json'],
  })
  expect(read(submission({ '02-two.ts': '两', '02-two (1).ts': 'x' }))).toEqual({
    files: { '02-two': { text: '两' } },
    ignored: ['02-two (1).ts'],
  })
})

const rejected = (root: string) => (read(root).files['01-one'] as { rejected?: string }).rejected

test.each<[string, string | Buffer, RegExp]>([
  ['more than 256 KiB', 'x'.repeat(256 * 1024 + 1), /257 KiB; at most 256 KiB are read/],
  ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0xfe]), /not UTF-8 text/],
  ['UTF-16', Buffer.from('export const x = 1', 'utf16le').subarray(0, 5), /not UTF-8|/],
])('%s is refused', (_, content, words) => {
  const { files } = read(submission({ 'exercises/01-one.ts': content }))
  expect(JSON.stringify(files['01-one'])).toMatch(words)
})

test('two files for one lesson are refused', () => {
  expect(rejected(submission({ 'exercises/01-one.ts': 'a', '01-one.ts': 'b' }))).toBe(
    'There are two files for this lesson, 01-one.ts and exercises/01-one.ts: hand in one.',
  )
})

test('a folder in the place of a file is refused', () => {
  expect(rejected(submission({ 'exercises/01-one.ts/x': '' }))).toBe('exercises/01-one.ts is not a plain file.')
})

if (process.platform !== 'win32') {
  test('links and pipes are not opened', () => {
    const target = join(submission({ secret: 'secret' }), 'secret')
    const symbolic = submission({ 'exercises/x': '' })
    symlinkSync(target, join(symbolic, 'exercises/01-one.ts'))
    expect(rejected(symbolic)).toMatch(/is a link/)
    const hard = submission({ 'exercises/x': '' })
    linkSync(target, join(hard, 'exercises/01-one.ts'))
    expect(rejected(hard)).toMatch(/several names of one file/)
    const pipe = submission({ 'exercises/x': '' })
    execFileSync('mkfifo', [join(pipe, 'exercises/01-one.ts')])
    expect(rejected(pipe)).toMatch(/not a plain file/)
  })

  test('a folder of exercises that is a link is not followed', () => {
    const root = submission({ readme: '' })
    symlinkSync(submission({ '01-one.ts': 'x' }), join(root, 'exercises'))
    expect(read(root)).toEqual({ files: {}, ignored: ['readme', 'exercises'] })
  })
}

test('names cannot steer a terminal, and thousands of files are summed up', () => {
  const names = Array.from({ length: 150 }, (_, i) => [`junk${i}`, ''])
  const { ignored } = read(
    submission(Object.fromEntries(process.platform === 'win32' ? names : [...names, ['\u001b[2Jx', '']])),
  )
  expect(ignored.length).toBe(101)
  expect(ignored.at(-1)).toMatch(/^… and \d+ more$/)
  expect(ignored.join()).not.toContain('\u001b')
})

test.each([
  ['there is no such folder', join(emptyFolder(), 'nowhere'), 'There is no folder'],
  ['it is empty', emptyFolder(), 'is empty: there is nothing to grade in it.'],
])('%s: one sentence', (_, path, words) => {
  expect(() => readSubmission(course, path)).toThrow(words)
})

test('TypeScript becomes JavaScript; a power is computed as Node computes it', () => {
  const { code } = compileText({ text: 'export const f = (x: number): number => x ** 2 ** 3', name: 'x.ts' }) as {
    code: string
  }
  expect(code).toContain('Math.pow(x, Math.pow(2, 3))')
  expect(code).not.toContain('sourceMappingURL')
})

test('a file that does not parse is told with its line', () => {
  expect(compileText({ text: 'const a = 1\nconst b = (', name: 'exercises/01-one.ts' })).toEqual({
    rejected: 'exercises/01-one.ts is not valid TypeScript: Expression expected.\nat exercises/01-one.ts:2:12',
  })
})

// What is remembered is a convenience: losing it, or being unable to write it, is never an error of the run.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emptyFolder, replacing, tinyCourse, writeIn } from './check/tinyCourse'
import { type Course, openCourse } from './course'
import { lessonOutcome } from './runner/outcome'
import { backUp, digest, lastOutcome, recall, remember, rememberOutcomes, textOf } from './state'

let course: Course
beforeEach(() => {
  course = openCourse(emptyFolder())
})

test('what was remembered is recalled, and nothing else is left in the folder', () => {
  remember(course, 'hints', { a: 1 })
  expect(recall(course, 'hints', {})).toEqual({ a: 1 })
  expect(readdirSync(join(course.root, '.gradus'))).toEqual(['hints.json'])
})

test.each(['', '{"a": 1', 'null', '3', '"text"', '\u0000'])('a file that holds %j is as good as none', (text) => {
  writeIn(course, '.gradus/hints.json', text)
  expect(recall(course, 'hints', { empty: true })).toEqual({ empty: true })
})

test('a folder that cannot be written is said once, and the run goes on', () => {
  writeFileSync(join(course.root, '.gradus'), 'a file where the folder should be')
  const said = jest.spyOn(console, 'error').mockImplementation(() => {})
  remember(course, 'hints', { a: 1 })
  expect(said.mock.calls).toEqual([[expect.stringMatching(/^Progress could not be saved in \.gradus\/: .+/)]])
  said.mockRestore()
  expect(recall(course, 'hints', {})).toEqual({})
})

describe('the outcome of a lesson', () => {
  const outcome = lessonOutcome('01-twice', [])
  beforeEach(() => {
    course = tinyCourse()
    rememberOutcomes(course, [outcome])
  })
  const change = (path: string, edit: (text: string) => string) => writeFileSync(path, edit(textOf(path)))

  test('is current while its files are what they were', () => {
    expect(lastOutcome(course, '01-twice')).toEqual({ outcome, current: true })
  })

  test('is current when only the line ends change', () => {
    change(course.files('01-twice').exercise, (text) => text.replaceAll('\n', '\r\n'))
    expect(lastOutcome(course, '01-twice')?.current).toBe(true)
  })

  test.each(['exercise', 'suite'] as const)('is not current when the %s changes', (file) => {
    change(course.files('01-twice')[file], (text) => `${text}// more\n`)
    expect(lastOutcome(course, '01-twice')).toEqual({ outcome, current: false })
  })

  test('of another version of the kit is not current', () => {
    const path = join(course.root, '.gradus', 'verified.json')
    change(path, replacing(JSON.stringify(JSON.parse(textOf(path))['01-twice'].digest), '"of another version"'))
    expect(lastOutcome(course, '01-twice')?.current).toBe(false)
  })

  test('that is not there is none', () => {
    expect(lastOutcome(course, '02-other')).toBeUndefined()
    writeIn(course, '.gradus/verified.json', '{"01-twice": {"digest": "x"}}')
    expect(lastOutcome(course, '01-twice')).toBeUndefined()
  })
})

test('a backup holds the bytes, and a second one in the same second does not replace it', () => {
  const bytes = Buffer.from([0xef, 0xbb, 0xbf, 0xff, 0x0d, 0x0a, 0x00])
  const path = join(course.root, 'a.ts')
  writeFileSync(path, bytes)
  const backups = [1, 2, 3].map(() => backUp(course, path, '01-twice'))
  expect(new Set(backups).size).toBe(3)
  for (const backup of backups) {
    expect(backup).toMatch(/^\.gradus\/backups\/01-twice\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(-\d)?\.ts$/)
    expect(readFileSync(join(course.root, backup)).equals(bytes)).toBe(true)
  }
})

test('a backup that cannot be written is refused in words, so that nothing is overwritten', () => {
  mkdirSync(join(course.root, 'exercises'))
  const path = writeIn(course, 'exercises/a.ts', 'mine')
  writeFileSync(join(course.root, '.gradus'), 'a file where the folder should be')
  expect(() => backUp(course, path, '01-twice')).toThrow(
    'Nothing was changed, for exercises/a.ts could not be backed up: ',
  )
})

test('a digest tells texts apart by their content and their borders, not by their line ends', () => {
  expect(digest('a\r\nb')).toBe(digest('a\nb'))
  expect(digest('a', 'b')).not.toBe(digest('ab'))
  expect(digest('a', 'b')).not.toBe(digest('b', 'a'))
})

// An edited suite or solution is said, not hidden.
import { rmSync, writeFileSync } from 'node:fs'
import { tinyCourse } from './check/tinyCourse'
import { type Course, openCourse } from './course'
import { editedFiles, sealPath, staleSeals } from './seal'
import { textOf } from './state'

let course: Course
beforeEach(() => {
  course = tinyCourse({ '01-twice': {}, '02-again': {} })
})
const append = (path: string, text: string) => writeFileSync(path, textOf(path) + text)

test('nothing is edited in a course as it was sealed', () => {
  expect(editedFiles(course, course.stems)).toEqual([])
  expect(staleSeals(course)).toEqual([])
})

test.each(['suite', 'solution'] as const)('an edited %s is named', (file) => {
  const path = course.files('02-again')[file]
  append(path, '// more\n')
  expect(editedFiles(course, course.stems)).toEqual([course.show(path)])
  expect(staleSeals(course)).toEqual([course.show(path)])
})

test('a lesson that was not asked about is not named', () => {
  append(course.files('02-again').suite, '// more\n')
  expect(editedFiles(course, ['01-twice'])).toEqual([])
})

test('the learner writes exercises: they are not sealed', () => {
  append(course.files('01-twice').exercise, '// more\n')
  expect(staleSeals(course)).toEqual([])
})

test('line ends are no edit', () => {
  const { suite } = course.files('01-twice')
  writeFileSync(suite, textOf(suite).replaceAll('\n', '\r\n'))
  expect(editedFiles(course, course.stems)).toEqual([])
})

test('a solution that is not there is no edit for the learner, but stale for the author', () => {
  rmSync(course.files('01-twice').solution)
  expect(editedFiles(course, course.stems)).toEqual([])
  expect(staleSeals(course)).toEqual(['solutions/01-twice.ts'])
})

test('a lesson under another name is stale, though as many files are sealed', () => {
  const seal = textOf(sealPath(course)).replaceAll('02-again', '02-before')
  writeFileSync(sealPath(course), seal)
  expect(staleSeals(course)).toEqual([
    'exercises/02-again.test.ts',
    'exercises/02-before.test.ts',
    'solutions/02-again.ts',
    'solutions/02-before.ts',
  ])
})

test('a seal that cannot be read is itself what was edited', () => {
  writeFileSync(sealPath(course), '{')
  expect(editedFiles(course, course.stems)).toEqual(['scripts/seal.json'])
  expect(staleSeals(course)).toEqual(['scripts/seal.json'])
})

test('without a seal everything is stale', () => {
  rmSync(sealPath(course))
  expect(staleSeals(openCourse(course.root))).toHaveLength(4)
})

// Every lesson has all of its files, and no file belongs to nobody.
import { rmSync } from 'node:fs'
import { type Course, openCourse } from '../course'
import { checkFiles } from './files'
import { emptyFolder, tinyCourse, writeIn } from './tinyCourse'

let course: Course
beforeEach(() => {
  course = tinyCourse({ '01-twice': {}, '02-again': {} })
})
const problems = () => checkFiles(openCourse(course.root)).problems.map(({ where, message }) => `${where} ${message}`)

test('a whole course has no problem', () => {
  expect(checkFiles(course)).toEqual({ checked: 12, problems: [] })
})

test.each(['exercise', 'suite', 'solution', 'mistakes'] as const)('a missing %s is named', (file) => {
  const path = course.files('02-again')[file]
  rmSync(path)
  const remedy = file === 'exercise' ? '`npm run check -- --fix` derives it.' : 'Lesson 02-again needs it.'
  expect(problems()).toEqual([`${course.show(path)} is missing. ${remedy}`])
})

test.each(['en', 'zh'] as const)('a missing text is named: %s', (language) => {
  const path = course.files('02-again').text[language]
  rmSync(path)
  expect(problems()).toEqual([`${course.show(path)} is missing. Lesson 02-again needs it.`])
})

test.each([
  ['exercises/notes.txt', 'NN-name.test.ts or NN-name.ts'],
  ['exercises/03_under.ts', 'NN-name.test.ts or NN-name.ts'],
  ['exercises/01-twice.js', 'NN-name.test.ts or NN-name.ts'],
  ['solutions/01-twice.mistake.ts', 'NN-name.mistakes.ts or NN-name.ts'],
  ['lessons/01-twice.txt', 'NN-name.md'],
  ['lessons/zh/README.md', 'NN-name.json or NN-name.md'],
])('a stray file is named, with what names are: %s', (path, names) => {
  writeIn(course, path, '')
  expect(problems()).toEqual([`${path} belongs to no lesson: names here are ${names}. Rename or remove it.`])
})

test('pictures and what macOS leaves behind are no strays', () => {
  writeIn(course, 'lessons/assets/a.svg', '')
  writeIn(course, 'lessons/.DS_Store', '')
  expect(problems()).toEqual([])
})

test('a file under a new name makes its lesson incomplete, in every folder that lacks it', () => {
  writeIn(course, 'solutions/03-more.ts', '')
  expect(problems()).toHaveLength(5)
  expect(problems()).toContain('lessons/zh/03-more.md is missing. Lesson 03-more needs it.')
})

test('a gap in the numbers is named, with the number that is due', () => {
  course = tinyCourse({ '01-twice': {}, '03-again': {} })
  expect(problems()).toEqual(['03-again should have the number 02: lessons are numbered from 01 without gaps.'])
})

test('one number for two lessons is a problem', () => {
  course = tinyCourse({ '01-twice': {}, '01-again': {} })
  expect(problems()).toEqual(['01-twice should have the number 02: lessons are numbered from 01 without gaps.'])
})

test('a missing folder is named', () => {
  rmSync(`${course.root}/lessons/zh`, { recursive: true })
  expect(problems()).toContain('lessons/zh is missing.')
})

test('a course without lessons says how to make one', () => {
  expect(checkFiles(openCourse(emptyFolder())).problems).toEqual([
    { where: 'lessons', message: 'has no lesson: `npm run new -- 01-name` makes one.' },
  ])
})

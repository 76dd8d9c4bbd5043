// How lessons are named, and what is answered to a name that is none.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emptyFolder } from './check/tinyCourse'
import { type Course, findLesson, findLessons, isStem, nearest, openCourse, titleOf } from './course'

const stems = ['01-requires-grad', '02-backward', '03-zero-grad', '04-vector-loss', '05-no-grad']

/** A course of texts alone: no more is needed to name lessons. */
function courseOf(names: string[]): Course {
  const root = emptyFolder()
  mkdirSync(join(root, 'lessons', 'zh'), { recursive: true })
  for (const name of names)
    writeFileSync(join(root, 'lessons', `${name}.md`), `# ${name.slice(0, 2)} · The title of ${name}\n`)
  return openCourse(root)
}

let course: Course
beforeAll(() => {
  course = courseOf([...stems, 'README', '7-no', 'notes'])
})

test('lessons are the texts whose names are stems, in order', () => {
  expect(course.stems).toEqual(stems)
})

test.each([
  '03',
  '3',
  'zero-grad',
  '03-zero-grad',
  '03-Zero-Grad',
  '03-zero-grad.ts',
  'exercises/03-zero-grad.ts',
  './exercises/03-zero-grad.test.ts',
  'exercises\\03-zero-grad.ts',
  'C:\\gradus\\exercises\\03-zero-grad.test.ts',
  'solutions/03-zero-grad.mistakes.ts',
  'lessons/zh/03-zero-grad.md',
])('%s is lesson 03', (name) => {
  expect(findLesson(course, name)).toBe('03-zero-grad')
})

test.each<[string, string]>([
  ['33', 'There is no lesson 33; there are 01 to 05. Did you mean 03?'],
  ['6', 'There is no lesson 6; there are 01 to 05. Did you mean 05?'],
  ['0', 'There is no lesson 0; there are 01 to 05. Did you mean 01?'],
  ['003', 'There is no lesson 003; there are 01 to 05. Did you mean 03?'],
  ['O4', 'There is no lesson O4; there are 01 to 05. Did you mean 04?'],
  ['zero-gard', 'There is no lesson zero-gard; there are 01 to 05. Did you mean 03-zero-grad?'],
  ['0three', 'There is no lesson 0three; there are 01 to 05. Type `npm run list` to see their names.'],
  ['07-zero-grad', 'There is no lesson 07-zero-grad; there are 01 to 05. Did you mean 03-zero-grad?'],
  ['exercises/03-zero.ts', 'There is no lesson exercises/03-zero.ts; there are 01 to 05. Did you mean 03-zero-grad?'],
])('%s is no lesson', (name, message) => {
  expect(() => findLesson(course, name)).toThrow(message)
})

test('an empty name is answered in words', () => {
  expect(() => findLesson(course, '')).toThrow('There is no lesson “”; there are 01 to 05.')
})

test('a course of one lesson says so', () => {
  expect(() => findLesson(courseOf(['01-only']), '02')).toThrow(
    'There is no lesson 02; there is only 01. Did you mean 01?',
  )
})

test('a course without lessons says where it looked', () => {
  const empty = openCourse(emptyFolder())
  expect(() => findLessons(empty, [])).toThrow(`There are no lessons in ${join(empty.root, 'lessons')}.`)
  expect(() => findLesson(empty, '01')).toThrow('There are no lessons in')
})

test('several lessons come once each, in the order of the course; no name is all of them', () => {
  expect(findLessons(course, ['04', 'zero-grad', '3', '01'])).toEqual([
    '01-requires-grad',
    '03-zero-grad',
    '04-vector-loss',
  ])
  expect(findLessons(course, [])).toEqual(stems)
})

test('one wrong name among right ones is refused', () => {
  expect(() => findLessons(course, ['01', '44'])).toThrow('There is no lesson 44; there are 01 to 05. Did you mean 04?')
})

test.each(['01-a', '23-stable-losses', '10-2nd-order'])('%s is a stem', (name) => {
  expect(isStem(name)).toBe(true)
})

test.each(['1-a', '001-a', '01', '01-', '01-A', '01-a_b', '01-a--b', '01-a-', ' 01-a', '01-a.ts', '01-é'])(
  '%j is no stem',
  (name) => {
    expect(isStem(name)).toBe(false)
  },
)

test('the title of a lesson is that of its text, without the number; its stem when there is none', () => {
  expect(titleOf(course.files('03-zero-grad'))).toBe('The title of 03-zero-grad')
  expect(titleOf(course.files('03-zero-grad'), 'zh')).toBe('03-zero-grad')
})

test('paths are shown as they would be typed', () => {
  expect(course.show(course.files('03-zero-grad').text.zh)).toBe('lessons/zh/03-zero-grad.md')
})

test('a part of a name is nearer than a shorter name', () => {
  expect(nearest('grad', ['loss', 'gradient'])).toBe('gradient')
  expect(nearest('lsos', ['loss', 'gradient'])).toBe('loss')
})

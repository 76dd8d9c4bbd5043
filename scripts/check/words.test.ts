// A catalog holds what its suite says, all of it and nothing else.
import { type LessonEdits, replacing, tinyCourse, writeIn } from './tinyCourse'
import { checkWords } from './words'

const complete = {
  'twice 0, 1, 2, 3 is 0, 2, 4, 6': '0、1、2、3 的两倍是 0、2、4、6',
  'twice any x is x + x': '任何 x 的两倍都是 x + x',
  'This is x itself: nothing was multiplied.': '这就是 x 本身：什么也没有乘。',
  'This is x times x; twice x was asked for.': '这是 x 乘 x；要的是 x 的两倍。',
  'return 2x': '返回 2x',
}

function told(catalog: unknown, edits: LessonEdits = {}): string[] {
  const course = tinyCourse({ '01-twice': edits })
  writeIn(course, 'lessons/zh/01-twice.json', typeof catalog === 'string' ? catalog : JSON.stringify(catalog))
  return checkWords(course).problems.map(({ where, message }) => `${where} ${message}`)
}

test('a catalog with every title, sentence and todo of its lesson is right', () => {
  expect(told(complete)).toEqual([])
})

test('a sentence that is missing, and one that nobody says any more, are told', () => {
  const { 'return 2x': _, ...others } = complete
  expect(told({ ...others, 'return 3x': '返回 3x' })).toEqual([
    'lessons/zh/01-twice.json lacks "return 2x"',
    'lessons/zh/01-twice.json has what exercises/01-twice.test.ts no longer says: "return 3x"',
  ])
})

test('what a suite inserts into its sentences may stand in a catalog, though it is no sentence itself', () => {
  const inserted = {
    suite: replacing("'This is x itself: nothing", `\`This is \${'the sum of x'}\`, 'This is x itself: nothing`),
  }
  const phrases = { 'This is {1}': '这是{1}', 'the sum of x': 'x 的和' }
  expect(told({ ...complete, ...phrases }, inserted)).toEqual([])
  expect(told(complete, inserted)).toEqual([])
  expect(told({ ...complete, ...phrases })).toHaveLength(2)
})

test('a short sentence is one too', () => {
  const short = { suite: replacing('This is x itself: nothing was multiplied.', 'b was subtracted.') }
  expect(told(complete, short)).toContain('lessons/zh/01-twice.json lacks "b was subtracted."')
})

test('a translation inserts what the original inserts', () => {
  expect(told({ ...complete, 'return 2x': '返回 {1}' })).toEqual([
    'lessons/zh/01-twice.json inserts other things than the English does in "return 2x"',
  ])
})

test.each(['[', '[1]', '{"a": 1}', '{"a": ""}'])('%s is no catalog', (text) => {
  expect(told(text)).toEqual(['lessons/zh/01-twice.json is not a list of sentences: {"English": "中文", …}.'])
})

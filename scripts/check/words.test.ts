// A catalog holds what its suite says, all of it and nothing else.
import { tinyCourse, writeIn } from './tinyCourse'
import { checkWords } from './words'

const complete = {
  'twice 0, 1, 2, 3 is 0, 2, 4, 6': '0、1、2、3 的两倍是 0、2、4、6',
  'twice any x is x + x': '任何 x 的两倍都是 x + x',
  'This is x itself: nothing was multiplied.': '这就是 x 本身：什么也没有乘。',
  'This is x times x; twice x was asked for.': '这是 x 乘 x；要的是 x 的两倍。',
  'return 2x': '返回 2x',
}

function told(catalog: unknown): string[] {
  const course = tinyCourse()
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

test('a translation inserts what the original inserts', () => {
  expect(told({ ...complete, 'return 2x': '返回 {1}' })).toEqual([
    'lessons/zh/01-twice.json inserts other things than the English does in "return 2x"',
  ])
})

test.each(['[', '[1]', '{"a": 1}', '{"a": ""}'])('%s is no catalog', (text) => {
  expect(told(text)).toEqual(['lessons/zh/01-twice.json is not a list of sentences: {"English": "中文", …}.'])
})

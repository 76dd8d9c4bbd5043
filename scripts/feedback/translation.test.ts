// Sentences are found as they are, or with something inserted, and what no catalog knows stays English.
import { translator } from './translation'

const translate = translator(
  {
    'Every entry is {1} too large.': '每个元素都大了 {1}。',
    'a tensor': '张量',
    '{1} was expected; this is {2}.': '应为{1}，得到{2}。',
  },
  { 'The limit is {1} here, and the norm is {2}.': '范数是 {2}，界限是 {1}。', 'The limit is 3 here.': '界限是 3。' },
)

test('a sentence without anything inserted is looked up as it is', () => {
  expect(translate('The limit is 3 here.')).toBe('界限是 3。')
})

test('what is inserted keeps its number, in whatever order', () => {
  expect(translate('The limit is 7 here, and the norm is 2.5.')).toBe('范数是 2.5，界限是 7。')
})

test('what is inserted is translated too, where a catalog knows it', () => {
  expect(translate('a tensor was expected; this is tensor(1.).')).toBe('应为张量，得到tensor(1.)。')
})

test('an inserted text may run over lines and hold signs that patterns use', () => {
  expect(translate('Every entry is (a|b)\n$1 too large.')).toBe('每个元素都大了 (a|b)\n$1。')
})

test('what nobody knows stays as it is', () => {
  expect(translate('Nobody knows this.')).toBe('Nobody knows this.')
})

// Sentences are found as they are, or with something inserted, and what no catalog knows stays English.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { saidBy } from '../check/sentences'
import { kitRoot, openCourse } from '../course'
import type { LessonOutcome } from '../runner/outcome'
import { textOf } from '../state'
import advice from './engine.zh.json'
import { inLanguage, translator, translatorFor } from './translation'

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

test('a place for something inserted does not swallow the next sentence', () => {
  const inChinese = translator({
    'The product must be tracked: {1}.': '乘积应当被跟踪：{1}。',
    '{1} A record costs memory.': '{1}记录要占内存。',
  })
  expect(inChinese('The product must be tracked: a. A record costs memory.')).toBe('乘积应当被跟踪：a。记录要占内存。')
})

test('what nobody knows stays as it is', () => {
  expect(translate('Nobody knows this.')).toBe('Nobody knows this.')
})

test('whatever stands in the catalog of the engine’s advice, the engine says', () => {
  const engine = join(kitRoot, 'engine')
  const paths = readdirSync(engine, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  const said = new Set(
    paths.flatMap((path) => {
      const { sentences, phrases } = saidBy(textOf(join(engine, path)), '')
      return [...sentences, ...phrases]
    }),
  )
  expect(Object.keys(advice).filter((sentence) => !said.has(sentence))).toEqual([])
})

test('the advice of the engine’s errors is given in Chinese, in every lesson', () => {
  const inChinese = translatorFor(openCourse(), '01-requires-grad', 'zh')
  expect(
    inChinese(
      'Shapes [2] and [3] are lined up at their last dimension; in each place the sizes must be equal, or one of them 1.',
    ),
  ).toBe('形状 [2] 和 [3] 从最后一维对齐；每一维的大小必须相等，或者其中一个是 1。')
})

test('what was expected is told in Chinese where it is words, and stays where it is PyTorch’s', () => {
  const wrong = { kind: 'wrong' as const, difference: 'No error was expected.', why: '', given: [] as string[] }
  const received = 'RuntimeError: grad can be implicitly created only for scalar outputs'
  const test = { name: '', task: '', status: 'failed', score: 0, max_score: 1, message: '', duration_ms: 0 } as const
  const outcome: LessonOutcome = {
    lesson: '04-vector-loss',
    score: 0,
    max_score: 1,
    status: 'failed',
    message: '',
    tests: [{ ...test, cause: { ...wrong, expected: 'no error', received } }],
    output: '',
  }
  expect(inLanguage(openCourse(), outcome, 'zh').tests[0]?.cause).toEqual({
    ...wrong,
    expected: '不报错',
    received,
    difference: '这里不应报错。',
  })
})

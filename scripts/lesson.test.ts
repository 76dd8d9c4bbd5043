// What suites work with: text as Python prints it, errors as its tracebacks end, and inputs that tell right from nearly right.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as torch from '../engine'
import { kitRoot } from './course'
import { errorOf, openLesson, print, sample, sampleInteger } from './lesson'

test.each<[unknown, string]>([
  [torch.arange(3), 'tensor([0., 1., 2.])'],
  [null, 'None'],
  [true, 'True'],
  [false, 'False'],
  [1.5, '1.5'],
  [Number.NaN, 'nan'],
  [Number.POSITIVE_INFINITY, 'inf'],
  [Number.NEGATIVE_INFINITY, '-inf'],
  ['text', 'text'],
  [[1, null], '(1, None)'],
  [[1], '(1,)'],
  [[], '()'],
  [[torch.ones(1), [true]], '(tensor([1.]), (True,))'],
])('%p prints %s', (value, text) => {
  expect(print(value)).toBe(text)
})

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'Your code returned nothing (undefined). Is a `return` missing?'],
  ['a promise', Promise.resolve(1), 'Your code returned a promise. Answers are plain values here: take out `async`.'],
  ['a function', () => 1, 'Your code returned a function. Was a pair of parentheses forgotten?'],
  [
    'a bigint',
    1n,
    'Your code returned the bigint 1. A tensor, a number, a boolean, null or an array of these was expected.',
  ],
  [
    'an object',
    {},
    'Your code returned an object. A tensor, a number, a boolean, null or an array of these was expected.',
  ],
  ['nothing within a list', [1, undefined], 'Your code returned nothing (undefined). Is a `return` missing?'],
])('%s cannot be printed, and what to do is said', (_, value, message) => {
  expect(() => print(value)).toThrow(message)
})

test('an error is told by its kind and words; its absence too', () => {
  expect(errorOf(() => torch.arange(2).backward())).toBe(
    'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn',
  )
  expect(errorOf(() => 1)).toBe('no error')
  expect(
    errorOf(() => {
      throw 'text'
    }),
  ).toBe('text')
})

test('an answer that is not written yet is no error to be told', () => {
  expect(() =>
    errorOf(() => {
      throw new Error('TODO: write it')
    }),
  ).toThrow('TODO: write it')
})

test('a sample has the shape that was asked for, and no value that hides a missing factor', () => {
  for (const shape of [[], [1], [4], [2, 3], [7, 9]]) {
    const tensor = sample(shape)
    expect(tensor.shape).toEqual(shape)
    const values = ([tensor.tolist()] as unknown[]).flat(3) as number[]
    expect(
      values.filter(
        (value) => [-2, -1, 0, 1, 2].includes(value) || !Number.isInteger(4 * value) || Math.abs(value) > 4,
      ),
    ).toEqual([])
    if (values.length <= 28) expect(new Set(values).size).toBe(values.length)
  }
})

test('samples differ from call to call', () => {
  expect(new Set(Array.from({ length: 10 }, () => print(sample([4])))).size).toBeGreaterThan(5)
})

test('whole numbers reach both of their ends and no further', () => {
  expect(new Set(Array.from({ length: 300 }, () => sampleInteger(2, 4)))).toEqual(new Set([2, 3, 4]))
})

test('an error that nobody foresaw is shown with its place, not as a text', () => {
  const error = new TypeError('x.nope is not a function')
  const caught = errorOf(() => {
    throw error
  })
  expect(() => expect(caught).toPrint('no error')).toThrow(error)
  expect(() => expect(caught).toPrint('no error', { 'RuntimeError: other': 'Other words.' })).toThrow(error)
  expect(() => expect(caught).toPrint('no error', 'Words for it.')).toThrow('Words for it.')
})

describe('what a lesson withholds', () => {
  type Answer = Record<string, (...inputs: unknown[]) => unknown>
  const folder = join(kitRoot, '.gradus', `withheld-${process.pid}`)
  let lessons = 0

  /** A lesson whose file has this text, opened without some of the engine. */
  function opened(without: readonly string[] | 'everything', text: string): Answer {
    const subject = join(folder, `answer${++lessons}.ts`)
    writeFileSync(subject, `import * as torch from '../../engine'\n${text}`)
    globalThis.gradusJudge = { subject }
    jest.resetModules() // what the lesson before was given is forgotten
    return openLesson<Answer>('30-withheld', { without }).lesson
  }

  beforeAll(() => mkdirSync(folder, { recursive: true }))
  afterAll(() => {
    globalThis.gradusJudge = undefined
    rmSync(folder, { recursive: true, force: true })
  })

  test('a method of tensors is refused to the learner, with words and the line, even where errors are expected', () => {
    const lesson = opened(['backward'], 'export const f = (x: torch.Tensor) => x.backward()')
    const words = 'This lesson is about writing it yourself: `backward` is not to be used here.'
    const place = { file: 'exercises/30-withheld.ts', line: 2 }
    const attempt = () => errorOf(() => lesson.f?.(torch.ones(1).requires_grad_(true)))
    expect(attempt).toThrow(expect.objectContaining({ name: 'Feedback', message: words }))
    expect(attempt).toThrow(expect.objectContaining({ place: expect.objectContaining(place) }))
  })

  test('whoever runs it, code of the learner stays theirs: in a function that was handed out, and in a list that calls it', () => {
    const lesson = opened(
      ['backward'],
      `export const later = (x: torch.Tensor) => () => x.backward()
       export const listed = (x: torch.Tensor) => [x].forEach((each) => each.backward())`,
    )
    const x = torch.tensor(2, { requires_grad: true })
    expect(lesson.later?.(x)).toThrow('`backward` is not to be used here')
    expect(() => lesson.listed?.(x)).toThrow('`backward` is not to be used here')
  })

  test('the suite keeps all of the engine, also in a function that the learner calls', () => {
    const lesson = opened(['backward', 'autograd'], 'export const call = (f: () => unknown) => f()')
    const x = torch.tensor(3, { requires_grad: true })
    lesson.call?.(() => x.mul(x).backward())
    expect(print(x.grad)).toBe('tensor(6.)')
    expect(lesson.call?.(() => print(torch.autograd.grad(x.mul(x), x)))).toBe('(tensor(6.),)')
  })

  test('a name is refused wherever it stands, a path only there, and the rest of the engine is open', () => {
    const text = `
      export const grad = (x: torch.Tensor) => torch.autograd.grad(x, x)
      export const backward = (x: torch.Tensor) => torch.autograd.backward(x)
      export const jacobian = (x: torch.Tensor) => torch.autograd.functional.jacobian((v) => v, x)
      export const tanh = (x: torch.Tensor) => x.tanh().add(torch.tanh(x))`
    const x = torch.tensor(0, { requires_grad: true })
    const some = opened(['backward', 'autograd.functional'], text)
    expect(print(some.grad?.(x))).toBe('(tensor(1.),)')
    expect(() => some.backward?.(x)).toThrow('`autograd.backward` is not to be used here')
    expect(() => some.jacobian?.(x)).toThrow('`autograd.functional` is not to be used here')
    expect(print(some.tanh?.(x.detach()))).toBe('tensor(0.)')
    const none = opened(['autograd', 'tanh'], text)
    expect(() => none.grad?.(x)).toThrow('`autograd` is not to be used here')
    expect(() => none.tanh?.(x)).toThrow('`tanh` is not to be used here')
  })

  test('a lesson of plain numbers has nothing of the engine', () => {
    const lesson = opened('everything', 'export const twice = (x: number) => torch.tensor(x).mul(2).item()')
    expect(() => lesson.twice?.(1)).toThrow(
      'nothing of the engine is to be used here, and `torch.tensor` is of the engine',
    )
  })

  test('a file that asks for it while it is loaded fails with the same words', () => {
    const lesson = opened(['autograd'], 'const { grad } = torch.autograd\nexport const f = () => grad')
    expect(() => lesson.f?.()).toThrow('`autograd` is not to be used here')
  })

  test('to withhold what is not there is a mistake of the author', () => {
    expect(() => opened(['backwards'], '')).toThrow('openLesson withholds backwards, which the engine does not have.')
  })
})

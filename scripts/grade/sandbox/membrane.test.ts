// What a guest that makes up its questions is told: every question here is one that the guest's own end would never ask.
import * as torch from '../../../engine'
import { Membrane, type Outside } from './membrane'

const outside: Outside = {
  engine: torch,
  without: [],
  realm: globalThis,
  refuse: (message) => new Error(message),
  print() {},
  wake() {},
  outOfMemory: () => new Error('out of memory'),
  loadInspector() {},
  stack: (heading) => heading,
  withheldWords: (path) => path,
}
const membrane = new Membrane(outside, () => '[0,null]')
void membrane.engineEntries // which lays out what may be asked for

const told = (...question: unknown[]) => {
  const [failed, answer] = JSON.parse(membrane.hear(JSON.stringify(question)))
  return failed ? String(answer[3]) : answer
}

test('Math is asked for what rounds differently, and for nothing that every object has', () => {
  expect(told('math', 'exp', [1])).toBe(Math.E)
  const { max } = Math
  expect(told('math', '__defineGetter__', ['max', ['g', 0, 'function', 'f']])).toContain(
    'asked for Math.__defineGetter__',
  )
  expect(told('math', 'constructor', [1])).toContain('asked for Math.constructor')
  expect(Math.max).toBe(max)
})

test('a function that was handed in can be called, and does not tell its text', () => {
  const [, id] = membrane.encode((x: number) => x + 41) as ['H', number]
  expect(told('apply', id, [1])).toBe(42)
  expect(told('method', id, 'toString', [])).toContain('a member of a function')
  expect(told('get', id, 'name')).toContain('a member of a function')
})

test('a tensor is made by the engine’s functions, never out of its parts', () => {
  expect(told('call', 'ones', [1])[0]).toBe('h')
  expect(told('new', 'Tensor', [0, ['o', []], 0])).toContain('torch.Tensor cannot be made by new')
})

test('what nobody has handed in cannot be named', () => {
  expect(told('get', 999, 'grad')).toContain('this is no object of the engine')
  expect(told('call', 'autograd.constructor', [])).toContain('is not a function')
})

/** A list of as many strings, which tells its parts; and what was asked. */
function longList(length: number) {
  const asked: string[] = []
  const guest = new Membrane(outside, (message) => {
    asked.push(message)
    const [, , from, to] = JSON.parse(message) as [string, number, number, number]
    const entries = Array.from({ length: to - from }, (_, k) => `entry ${from + k}, answer ${asked.length}`)
    return JSON.stringify([0, ['a', [['a', entries]]]])
  })
  return { list: guest.answerOf(JSON.stringify([0, ['l', 7, length]])) as string[], asked }
}

test('of a long list the parts that are looked at are asked for, each once', () => {
  const { list, asked } = longList(5000)
  expect(Array.isArray(list)).toBe(true)
  expect(list.length).toBe(5000)
  expect(asked).toEqual([])
  expect(list[4999]).toBe('entry 4999, answer 1')
  expect([list[130], list[130], list[129]]).toEqual([130, 130, 129].map((place) => `entry ${place}, answer 2`))
  expect([list[5000], list[-1]]).toEqual([undefined, undefined])
  expect(asked).toEqual(['["part",7,4992,5000]', '["part",7,128,192]'])
  expect(list.filter((entry) => /^entry \d+, /.test(entry))).toHaveLength(5000)
  expect(Object.keys(list)).toHaveLength(5000)
  expect(asked).toHaveLength(79)
})

test('what is written into a long list stays, whatever the guest says of that place afterwards', () => {
  const { list } = longList(2000)
  list[70] = 'mine'
  expect(list[70]).toBe('mine')
  expect(list[71]).toMatch(/^entry 71,/)
  expect(list.reverse()[1999]).toMatch(/^entry 0,/)
})

test('of a long list no more is told than of any answer, and no other stands in it', () => {
  const part = JSON.stringify([0, ['a', [['a', ['x'.repeat(900_000)]]]]])
  const talkative = new Membrane(outside, () => part)
  const list = talkative.answerOf(JSON.stringify([0, ['l', 7, 5000]])) as string[]
  expect([list[0]?.length, list[64]?.length]).toEqual([900_000, 900_000])
  expect(() => list[128]).toThrow('too long to be looked at')
  const nested = new Membrane(outside, () => JSON.stringify([0, ['a', [['a', [['l', 0, 5000]]]]]]))
  expect(() => (nested.answerOf(JSON.stringify([0, ['l', 7, 5000]])) as unknown[])[0]).toThrow('cannot be read')
  expect(() => nested.answerOf(JSON.stringify([0, ['o', [['name', ['l', 0, 5000]]]]]))).toThrow('cannot be read')
})

test('a list that claims to be longer than any may be, or of no length at all, is refused', () => {
  for (const length of [200_001, -1, 1.5, 1e12, '9', null])
    expect(() => membrane.answerOf(JSON.stringify([0, ['l', 0, length]]))).toThrow('cannot be read')
})

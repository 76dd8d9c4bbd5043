// What a guest that makes up its questions is told: every question here is one that the guest's own end would never ask.
import * as torch from '../../../engine'
import { Membrane } from './membrane'

const membrane = new Membrane(
  {
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
  },
  () => '[0,null]',
)
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

// Every public function and method is called with what plain JavaScript can send: what comes back is an answer or one of the
// engine's own errors, and a complaint about an argument names the function.
import * as torch from '..'
import { set_warning_handler } from '../warnings'

set_warning_handler(() => {})

type Call = (...args: unknown[]) => unknown

class Foreign {
  sizes = [2]
}

const wrong = ['a', null, undefined, Number.NaN, 1.5, true, [], ['a'], {}, { nonsense: 1 }, () => 1, new Foreign()]
const right = [
  () =>
    torch
      .tensor(
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        { requires_grad: true },
      )
      .mul(1),
  () => 1,
]

/** No argument at all, a wrong one at each of the first three places, and right ones before it. */
function* argumentLists(): Generator<unknown[]> {
  yield []
  for (const bad of wrong) {
    yield [bad]
    for (const first of right) {
      yield [first(), bad]
      for (const second of right) yield [first(), second(), bad]
    }
  }
}

/** The names under which a function is known: `multiply` is `mul`. */
function namesOf(f: unknown, modules: object[]): string[] {
  return modules.flatMap((module) => Object.entries(module).flatMap(([name, value]) => (value === f ? [name] : [])))
}

const modules = [torch, torch.nn.functional, torch.linalg, torch.autograd]

/** What a function answers to wrong calls that it should not: an error of JavaScript's own, or one that does not say whose. */
function faults(name: string, names: string[], call: Call): string[] {
  const found: string[] = []
  for (const args of argumentLists()) {
    const gradMode = torch.is_grad_enabled()
    try {
      call(...args)
    } catch (error) {
      const said = `${name}(${args.map(describe).join(', ')}): ${error}`
      if (!(error instanceof torch.TorchError)) found.push(said)
      else if (error.name === 'TypeError' && !isNamed(error, names)) found.push(said)
    }
    if (torch.is_grad_enabled() !== gradMode) torch.set_grad_enabled(gradMode)
  }
  return found
}

function isNamed({ message, hint }: torch.TorchError, names: string[]): boolean {
  return names.some((one) => `${message} ${hint}`.includes(one.replace(/_$/, '')))
}

function describe(value: unknown): string {
  if (value instanceof torch.Tensor) return 'x'
  if (typeof value === 'function') return '() => 1'
  return typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(value)
}

function functionsOf(module: object): [string, Call][] {
  return Object.entries(module).filter(
    (entry): entry is [string, Call] => typeof entry[1] === 'function' && /^[a-z]/.test(entry[0]),
  )
}

const limit = Error.stackTraceLimit
beforeAll(() => {
  Error.stackTraceLimit = 0 // a hundred thousand errors, and nobody reads their stacks
})
afterAll(() => {
  Error.stackTraceLimit = limit
})

test.each([
  ['torch', torch],
  ['torch.nn.functional', torch.nn.functional],
  ['torch.linalg', torch.linalg],
])('%s answers every wrong call in its own words', (_, module) => {
  const found = functionsOf(module).flatMap(([name, f]) => faults(name, [name, ...namesOf(f, modules)], f))
  expect(found).toEqual([])
})

test('so do the methods of tensors', () => {
  const methods = Object.entries(Object.getOwnPropertyDescriptors(torch.Tensor.prototype)).filter(
    ([name, { value }]) => typeof value === 'function' && /^[a-z]/.test(name) && name !== 'constructor',
  )
  const found = methods.flatMap(([name, { value }]) => {
    const names = [name, ...namesOf(Reflect.get(torch, name), modules)]
    return faults(name, names, (...args) => value.call(right[0]!(), ...args))
  })
  expect(methods.length).toBeGreaterThan(300)
  expect(found).toEqual([])
})

test('and layers, losses and optimizers as they are made', () => {
  const classes = [torch.nn, torch.optim]
    .flatMap((module) => Object.entries(module))
    .filter(([name]) => /^[A-Z]/.test(name))
  const found = classes.flatMap(([name, C]) =>
    faults(name, [name, 'optimizer'], (...args) => Reflect.construct(C as new () => unknown, args)),
  )
  expect(found).toEqual([])
})

test('a function that lets JavaScript complain is found, and one that does not say its name', () => {
  const careless = (x: torch.Tensor) => x.sizes.length
  expect(faults('careless', ['careless'], careless as Call)[0]).toContain(
    'careless(): TypeError: Cannot read properties',
  )
  const anonymous = () => {
    throw new torch.TypeError('an argument is wrong')
  }
  expect(faults('anonymous', ['anonymous'], anonymous)[0]).toContain('an argument is wrong')
})

// 1,200 random programs that PyTorch ran: every step's result, gradient or error must agree.
import { set_warning_handler } from '../warnings'
import { countNames } from './missing'
import { type Program, recording } from './recording'
import { replay } from './replay'
import { ulpDistance } from './tolerance'

// PROGRAMS names another file, freshly recorded, to look for disagreements that these don't show.
const files = process.env.PROGRAMS ? [process.env.PROGRAMS] : ['programs.json', 'wide.json', 'more.json']
const programs = files.flatMap((file) => recording<{ programs: Program[] }>(file).programs)
set_warning_handler(() => {}) // programs ask for gradients of tensors that have none
const verdicts = programs.map((program) => ({ program, ...replay(program) }))

/** Names that programs use and the engine has not yet, with the number of programs that end there. */
const notYet: string[] = []

test(`the programs of ${files.join(' and ')} use no names that the engine lacks, except those listed`, () => {
  expect(countNames(verdicts.flatMap(({ missing }) => missing ?? []))).toEqual(notYet)
})

test.each([...new Set(programs.map((program) => program.kind))])(
  'programs of the kind "%s" agree with PyTorch',
  (kind) => {
    const differing = verdicts
      .filter(({ program, differences }) => program.kind === kind && differences.length > 0)
      .map(({ program, differences }) => `${program.id}\n${differences[0]}`)
    expect(differing).toEqual([])
  },
)

test('a replay notices one wrong bit, a wrong flag, a wrong message and a missing error', () => {
  const one = { repr: 'tensor(1.)', shape: [], dtype: 'float32' as const, requires_grad: false, is_leaf: true }
  const make = (values: number[]) => ({ call: 'torch.tensor', args: [1], out: 'a', shows: { ...one, values } })
  const verdict = (...steps: Program['steps']) => replay({ id: '', kind: '', steps }).differences
  expect(verdict(make([1]))).toEqual([])
  expect(verdict(make([1 + 2 ** -23]))[0]).toContain('values (1 ulps)')
  expect(verdict({ ...make([1]), shows: { ...one, values: [1], requires_grad: true } })[0]).toContain('requires_grad')
  expect(verdict(make([1]), { call: 'backward', on: 'a', returns: null })).toHaveLength(1)
  expect(verdict(make([1]), { call: 'exp', on: 'a', error: { type: 'RuntimeError', message: 'no' } })).toHaveLength(1)
})

test('distances count the numbers between two, through zero too', () => {
  expect(ulpDistance(1, 1 + 2 ** -23, 'float32')).toBe(1)
  expect(ulpDistance(1, 1 - 2 ** -23, 'float32')).toBe(2)
  expect(ulpDistance(1, 1 + 2 ** -52, 'float64')).toBe(1)
  expect(ulpDistance(0, -0, 'float32')).toBe(1)
  expect(ulpDistance(-(2 ** -149), 2 ** -149, 'float32')).toBe(3)
  expect(ulpDistance(Number.NaN, Number.NaN, 'float32')).toBe(0)
  expect(ulpDistance(Number.NaN, 1, 'float32')).toBe(Infinity)
})

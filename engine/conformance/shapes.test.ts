// The shapes in docstrings are those of every call that PyTorch recorded.
import { documented } from './docstrings'
import { type Argument, type Program, recording, type Step } from './recording'
import { agrees, type ShapedCall } from './shape-notation'

const files = ['programs.json', 'wide.json', 'more.json']
const programs = files.flatMap((file) => recording<{ programs: Program[] }>(file).programs)

/** The calls of a program that succeeded, with the shapes of their tensors. */
function* callsOf(program: Program): Generator<ShapedCall & { name: string }> {
  const shapes = new Map<string, number[]>()
  const steps = (list: Step[]): Step[] => list.flatMap((step) => (step.steps ? steps(step.steps) : [step]))
  for (const step of steps(program.steps)) {
    const { call, on, args = [], out, shows, outs, shows_all } = step
    const shapeOf = (arg: Argument) =>
      arg !== null && typeof arg === 'object' && 'ref' in arg ? [shapes.get(arg.ref as string)!] : []
    const operands = [...(on === undefined ? [] : [{ ref: on }]), ...args].flatMap(shapeOf)
    if (out !== undefined && shows) shapes.set(out, shows.shape)
    outs?.forEach((name, k) => {
      if (shows_all![k]) shapes.set(name, shows_all![k].shape)
    })
    const results = shows ? [shows.shape] : (shows_all ?? []).flatMap((one) => (one ? [one.shape] : []))
    if (call && results.length > 0) yield { name: on ? `Tensor.${call}` : call, operands, results }
  }
}

const shapes = new Map(documented.map(({ path, shape }) => [path, shape]))

test('the shapes that docstrings promise are those of every recorded call', () => {
  const wrong = new Set<string>()
  let checked = 0
  for (const program of programs) {
    for (const call of callsOf(program)) {
      const notation = shapes.get(call.name)
      const answer = notation ? agrees(notation, call) : null
      if (answer !== null) checked++
      if (answer === false) wrong.add(`${call.name}: ${JSON.stringify(call)} is not ${notation}`)
    }
  }
  expect([...wrong]).toEqual([])
  expect(checked).toBeGreaterThan(3000)
})

test.each([
  [
    '(m, k), (k, n) → (m, n)',
    [
      [2, 3],
      [3, 4],
    ],
    [[2, 4]],
    true,
  ],
  [
    '(m, k), (k, n) → (m, n)',
    [
      [2, 3],
      [3, 4],
    ],
    [[4, 2]],
    false,
  ],
  [
    '(m, k), (k, n) → (m, n)',
    [
      [2, 3],
      [2, 4],
    ],
    [[2, 4]],
    false,
  ],
  ['(..., n) → (..., n, n)', [[5, 2, 3]], [[5, 2, 3, 3]], true],
  ['(..., n) → (..., n, n)', [[5, 2, 3]], [[2, 3, 3]], false],
  ['A, B → broadcast(A, B)', [[2, 1], [3]], [[2, 3]], true],
  ['A, B → broadcast(A, B)', [[2, 1]], [[2, 2]], false],
  ['A → () or A without dim', [[2, 3]], [[]], true],
  ['A → () or A without dim', [[2, 3]], [[3, 2]], false],
  [
    'A → (A, A)',
    [[2, 3]],
    [
      [2, 3],
      [2, 3],
    ],
    true,
  ],
  ['A → (A, A)', [[2, 3]], [[2, 3], [2]], false],
  ['(n), (n) → (); (m, k), (k) → (m)', [[2, 3], [3]], [[2]], true],
  ['A → sizes', [[2]], [[1]], null],
] as const)('%s of %j to %j: %p', (notation, operands, results, expected) => {
  expect(agrees(notation, { operands, results })).toBe(expected)
})

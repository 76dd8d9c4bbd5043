// The random functions are held to mixed programs of draws that PyTorch made after one seed each.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatTensor } from '../print'
import { bernoulli, bernoulliScalar, rand, randint, randn, randperm, uniform } from './distributions'
import { Generator } from './generator'

type FloatName = 'float32' | 'float64'
type Draw = [name: string, dtype: string, n: number, parameters: number[], values: number[]]

const recorded: { random: { seed: number; draws: Draw[] }[] } = JSON.parse(
  readFileSync(join(__dirname, '..', 'recordings', 'kernels.json'), 'utf8'),
)

function draw(generator: Generator, [name, dtype, n, parameters]: Draw): ArrayLike<number> {
  const [a = 0, b = 1] = parameters
  switch (name) {
    case 'rand':
      return rand(generator, n, dtype as FloatName)
    case 'uniform':
      return uniform(generator, n, a, b, dtype as FloatName)
    case 'randn':
    case 'normal':
      return randn(generator, n, dtype as FloatName, a, b)
    case 'randint':
      return randint(generator, n, a, b)
    case 'randperm':
      return randperm(generator, n)
    case 'bernoulli':
      return bernoulliScalar(generator, n, a)
    default:
      throw new Error(`no draw called ${name}`)
  }
}

/** float64 normals come from the C library's log, sin and cos, which differ from JavaScript's in the last bits. */
function agrees([name, dtype, , [mean = 0, std = 1]]: Draw, ours: number, theirs: number): boolean {
  const isExact = dtype !== 'float64' || (name !== 'randn' && name !== 'normal')
  return isExact ? Object.is(ours, theirs) : Math.abs(ours - theirs) <= 2 ** -49 * (Math.abs(mean) + std)
}

test('200 mixed programs of draws after a seed agree with PyTorch, draw by draw', () => {
  expect(recorded.random).toHaveLength(200)
  const differing = recorded.random.flatMap(({ seed, draws }) => {
    const generator = new Generator(seed)
    return draws.filter((entry) => {
      const values = Array.from(draw(generator, entry))
      return values.length !== entry[4].length || !entry[4].every((value, i) => agrees(entry, values[i]!, value))
    })
  })
  expect(differing).toEqual([])
})

test('the seed 1497632349 draws the ten numbers that the tutorial shows', () => {
  const values = randn(new Generator(1497632349), 10, 'float32')
  expect(formatTensor({ sizes: [2, 5], dtype: 'float32', at: (i) => values[i]! })).toBe(
    'tensor([[-0.4565,  1.2696,  0.0927, -0.3001,  0.2633],\n        [-0.2927, -0.2221,  0.8616,  0.2330, -1.1366]])',
  )
})

test('a generator never seeded is as PyTorch starts, and the same seed gives the same stream again', () => {
  const generator = new Generator()
  expect(generator.initial_seed()).toBe(67280421310721)
  generator.manual_seed(42)
  const first = Array.from(randn(generator, 3, 'float32'))
  expect(Array.from(randn(generator, 3, 'float32'))).not.toEqual(first)
  generator.manual_seed(42)
  expect(Array.from(randn(generator, 3, 'float32'))).toEqual(first)
})

test('an odd number of normals leaves the second of the last pair to the next draw', () => {
  const together = Array.from(randn(new Generator(7), 4, 'float32'))
  const generator = new Generator(7)
  expect([...randn(generator, 3, 'float32'), ...randn(generator, 1, 'float32')]).toEqual(together)
})

test('bernoulli compares 24 random bits with a float32 probability', () => {
  const uniforms = rand(new Generator(0), 5, 'float32')
  expect(Array.from(bernoulli(new Generator(0), uniforms))).toEqual([0, 0, 0, 0, 0])
  // As torch.manual_seed(0); torch.bernoulli(torch.full((20,), 0.5)) drew.
  expect(Array.from(bernoulli(new Generator(0), new Float32Array(20).fill(0.5)))).toEqual([
    1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1,
  ])
})

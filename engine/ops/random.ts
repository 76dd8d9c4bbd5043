// Random tensors. All draw from one generator, which `manual_seed` restarts; the same seed gives PyTorch's numbers.
import { requireInteger, requireKeywords, requireSizes, requireTensor } from '../arguments'
import { allocate, type DType, float32, int64, type TypedArray } from '../dtype'
import { NotImplementedError, RuntimeError } from '../errors'
import { rowMajor } from '../kernels/map'
import { generator } from '../random/default'
import * as draw from '../random/distributions'
import type { Generator } from '../random/generator'
import { broadcastSizes, numelOf } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { type CreateArgs, finish, KEYWORDS, parseCreate, type TensorOptions } from './creating'
import { op1, op2 } from './op'

/** Restarts the generator: what is drawn from here on depends on `seed` alone. */
export function manual_seed(seed: number): Generator {
  requireInteger(seed, 'manual_seed', 'seed')
  return generator.manual_seed(seed)
}

function requireFloating(dtype: DType, kernel: string): void {
  if (!dtype.is_floating_point) throw new NotImplementedError(`"${kernel}" not implemented for '${dtype.legacyName}'`)
}

/**
 * Normal numbers with mean 0 and variance 1.
 * @shape → sizes
 */
export function randn(...size: CreateArgs): Tensor {
  const { sizes, options } = parseCreate(size, 'randn')
  const dtype = options.dtype ?? float32
  requireFloating(dtype, 'normal_kernel_cpu')
  return finish(Tensor.own(draw.randn(generator, numelOf(sizes), dtype.name), sizes, dtype), options)
}

/**
 * Numbers uniform in [0, 1).
 * @shape → sizes
 */
export function rand(...size: CreateArgs): Tensor {
  const { sizes, options } = parseCreate(size, 'rand')
  const dtype = options.dtype ?? float32
  requireFloating(dtype, 'check_uniform_bounds')
  return finish(Tensor.own(draw.rand(generator, numelOf(sizes), dtype.name), sizes, dtype), options)
}

/**
 * Integers uniform in [low, high): int64 unless `dtype` says otherwise.
 * @shape → sizes
 */
export function randint(high: number, size: readonly number[], options?: TensorOptions): Tensor
export function randint(low: number, high: number, size: readonly number[], options?: TensorOptions): Tensor
export function randint(
  first: number,
  second: number | readonly number[],
  third?: readonly number[] | TensorOptions,
  fourth?: TensorOptions,
): Tensor {
  const [low, high, size, options] =
    typeof second === 'number'
      ? [first, second, third as readonly number[], fourth]
      : [0, first, second, third as TensorOptions | undefined]
  requireInteger(low, 'randint', 'low')
  requireInteger(high, 'randint', 'high')
  requireSizes(size, 'randint')
  if (low >= high)
    throw new RuntimeError(`random_ expects 'from' to be less than 'to', but got from=${low} >= to=${high}`)
  const { sizes } = parseCreate([size], 'randint')
  const dtype = options?.dtype ?? int64
  const numbers = draw.randint(generator, numelOf(sizes), low, high)
  return finish(Tensor.own(numbers, sizes, int64).to(dtype), options)
}

/**
 * The numbers 0 … n-1 in random order.
 * @shape → (n)
 */
export function randperm(n: number, options: TensorOptions = {}): Tensor {
  requireInteger(n, 'randperm', 'n')
  requireKeywords(options, KEYWORDS, 'randperm')
  if (n < 0) throw new RuntimeError(`Trying to create tensor with negative dimension ${n}: [${n}]`)
  return finish(Tensor.own(draw.randperm(generator, n), [n], int64).to(options.dtype ?? int64), options)
}

/**
 * Normal numbers of another tensor's shape and dtype.
 * @shape A → A
 */
export function randn_like(input: Tensor, options: TensorOptions = {}): Tensor {
  requireTensor(input, 'randn_like', 'input')
  requireKeywords(options, KEYWORDS, 'randn_like')
  return randn(input.sizes, { dtype: input.dtype, ...options })
}

/**
 * Uniform numbers of another tensor's shape and dtype.
 * @shape A → A
 */
export function rand_like(input: Tensor, options: TensorOptions = {}): Tensor {
  requireTensor(input, 'rand_like', 'input')
  requireKeywords(options, KEYWORDS, 'rand_like')
  return rand(input.sizes, { dtype: input.dtype, ...options })
}

/** Overwrites with what is drawn for `n` elements, row by row. */
function drawInto(gradFn: string): (self: Tensor, numbers: TypedArray) => Tensor {
  const op = op1<TypedArray>({
    gradFn,
    forward: (self, numbers) => Tensor.own(numbers, self.sizes, self.dtype),
    self: (grad) => grad.new_zeros(grad.sizes),
    samples: () => [],
  })
  return (self, numbers) => op.inplace(self, numbers)
}

const fillNormal = drawInto('NormalBackward0')
const fillUniform = drawInto('UniformBackward0')
const fillExponential = drawInto('ExponentialBackward0')
const fillBernoulli = drawInto('BernoulliBackward2')

/**
 * Overwrites the elements with normal numbers.
 * @shape A → A
 */
export function normal_(self: Tensor, mean = 0, std = 1): Tensor {
  accept('normal_(Tensor input, float mean=0, float std=1)', self, mean, std)
  if (std < 0) throw new RuntimeError(`normal expects std >= 0.0, but found std ${std}`)
  requireFloating(self.dtype, 'normal_kernel_cpu')
  return fillNormal(self, draw.randn(generator, numelOf(self.sizes), self.dtype.name, mean, std))
}

/**
 * Overwrites the elements with numbers uniform in [from, to).
 * @shape A → A
 */
export function uniform_(self: Tensor, from = 0, to = 1): Tensor {
  accept('uniform_(Tensor input, float from=0, float to=1)', self, from, to)
  if (from > to) {
    throw new RuntimeError(`uniform_ expects to return a [from, to) range, but found from=${from} > to=${to}`)
  }
  requireFloating(self.dtype, 'check_uniform_bounds')
  return fillUniform(self, draw.uniform(generator, numelOf(self.sizes), from, to, self.dtype.name))
}

/**
 * Overwrites the elements with numbers from the exponential distribution, of mean `1 / lambd`.
 * @shape A → A
 */
export function exponential_(self: Tensor, lambd: number | { lambd?: number } = 1): Tensor {
  const [rate] = accept<[number]>('exponential_(Tensor input, float lambd=1)', self, lambd)
  if (!(rate > 0)) throw new RuntimeError(`exponential_ expects lambda > 0.0, but found lambda=${rate}`)
  if (!self.dtype.is_floating_point) {
    throw new RuntimeError(
      `Exponential distribution is a continuous probability distribution. dtype must be a floating point but you specified ${self.dtype.legacyName}`,
    )
  }
  return fillExponential(self, draw.exponential(generator, numelOf(self.sizes), rate, self.dtype.name))
}

/**
 * Overwrites each element with 1, with probability `p`, or 0.
 * @shape A → A
 */
export function bernoulli_(self: Tensor, p = 0.5): Tensor {
  accept('bernoulli_(Tensor input, float p=0.5)', self, p)
  const numbers = allocate(self.dtype, numelOf(self.sizes))
  numbers.set(draw.bernoulliScalar(generator, numbers.length, p))
  return fillBernoulli(self, numbers)
}

/**
 * For each probability, 1 with that probability, or 0.
 * @shape A → A
 */
export function bernoulli(input: Tensor): Tensor {
  accept('bernoulli(Tensor input)', input)
  const isProbability = input.detach().ge(0).logical_and(input.detach().le(1)).all().item()
  if (!isProbability) {
    throw new RuntimeError(
      'Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message be improved?  If so, please report an enhancement request to PyTorch.)',
      'The elements are probabilities: numbers from 0 to 1.',
    )
  }
  requireFloating(input.dtype, 'bernoulli_tensor_cpu_p_')
  return drawnByProbability(input)
}

const drawnByProbability = op1({
  gradFn: 'BernoulliBackward0',
  forward: (self) => {
    const { data, offset } = rowMajor(self)
    const probabilities = data.slice(offset, offset + numelOf(self.sizes)) as Float32Array
    return Tensor.own(draw.bernoulli(generator, probabilities), self.sizes, self.dtype)
  },
  self: (grad) => grad.new_zeros(grad.sizes),
  samples: () => [],
})

/** What {@link manual_seed} was last called with. */
export function initial_seed(): number {
  return generator.initial_seed()
}

/**
 * Integers uniform in [low, high) of another tensor's shape and dtype.
 * @shape A → A
 */
export function randint_like(
  input: Tensor,
  low: number,
  high?: number | TensorOptions,
  options?: TensorOptions,
): Tensor {
  requireTensor(input, 'randint_like', 'input')
  requireInteger(low, 'randint_like', typeof high === 'number' ? 'low' : 'high')
  const [from, to] = typeof high === 'number' ? [low, high] : [0, low]
  requireInteger(to, 'randint_like', 'high')
  return randint(from, to, input.sizes, { dtype: input.dtype, ...(typeof high === 'object' ? high : options) })
}

/**
 * Normal numbers: of one mean and deviation and a size, or of a mean and a deviation for each element, either a tensor or a number.
 * @shape → size, or the shape of mean and std
 */
export function normal(mean: Tensor, std?: Tensor | number): Tensor
export function normal(mean: number, std: Tensor): Tensor
export function normal(mean: number, std: number, size: readonly number[], options?: TensorOptions): Tensor
export function normal(
  mean: Tensor | number,
  std: Tensor | number = 1,
  size?: readonly number[],
  options?: TensorOptions,
): Tensor {
  if (typeof mean === 'number' && typeof std === 'number') {
    const { sizes } = parseCreate([size as readonly number[]], 'normal')
    const dtype = options?.dtype ?? float32
    return finish(normal_(Tensor.zeros(sizes, dtype), mean, std), options)
  }
  if (typeof mean !== 'number') requireTensor(mean, 'normal', 'mean')
  if (typeof std !== 'number') requireTensor(std, 'normal', 'std')
  if (typeof std === 'number') return normalAround(mean as Tensor, std)
  return typeof mean === 'number' ? normalAsWide(std, mean) : normalWith(mean, std)
}

const normalAround = op1<number>({
  gradFn: 'NormalBackward1',
  forward: (mean, std) => spreadOut(mean, mean, std),
  self: (grad) => grad.new_zeros(grad.sizes),
  samples: () => [],
})

const normalAsWide = op1<number>({
  gradFn: 'NormalBackward2',
  forward: (std, mean) => spreadOut(std, mean, std),
  self: (grad) => grad.new_zeros(grad.sizes),
  samples: () => [],
})

const normalWith = op2<Tensor>({
  gradFn: 'NormalBackward3',
  forward: (mean, std) => spreadOut(mean, mean, std),
  self: (grad, { selfSizes }) => grad.new_zeros(selfSizes),
  other: (grad) => grad.new_zeros(grad.sizes),
  samples: () => [],
})

function spreadOut(like: Tensor, mean: Tensor | number, std: Tensor | number): Tensor {
  if (typeof std === 'number' && std < 0) throw new RuntimeError(`normal expects std >= 0.0, but found std ${std}`)
  const sizes = typeof mean === 'number' || typeof std === 'number' ? like.sizes : broadcastSizes(mean.sizes, std.sizes)
  const out = normal_(Tensor.zeros(sizes, like.dtype), 0, 1)
  return out.mul_(typeof std === 'number' ? std : std.detach()).add_(typeof mean === 'number' ? mean : mean.detach())
}

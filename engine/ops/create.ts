// New tensors: from data, filled, in sequence.
import { requireInteger, requireKeywords, requireNumber, requireTensor } from '../arguments'
import { allocate, bool, type DType, float32, float64, int32, int64, type TypedArray } from '../dtype'
import { PythonTypeError, pythonType, RuntimeError, ValueError } from '../errors'
import { arangeFloat32, linspaceFloat32 } from '../kernels/arange'
import { resultStrides } from '../kernels/layout'
import { cast, gather } from '../kernels/map'
import { layoutOf, numelOf, type Sizes } from '../shape'
import { Tensor } from '../tensor'
import { COPY_OF_TENSOR, TRACKED_TO_SCALAR, warn } from '../warnings'
import { type CreateArgs, finish, KEYWORDS, parseCreate, type TensorOptions } from './creating'

export type { CreateArgs, TensorOptions } from './creating'

/** Numbers, booleans or tensors of one element, in arrays nested to any depth. */
export type TensorData = number | boolean | Tensor | TypedArray | readonly TensorData[]

function isArray(data: unknown): data is ArrayLike<TensorData> {
  return Array.isArray(data) || ArrayBuffer.isView(data)
}

function sizesOfData(data: TensorData): number[] {
  const sizes: number[] = []
  for (let level: TensorData = data; ; level = level[0]!) {
    if (level instanceof Tensor || !isArray(level)) return sizes
    sizes.push(level.length)
    if (level.length === 0) return sizes
  }
}

function flattenData(data: TensorData, sizes: Sizes, depth: number, out: number[], kinds: Set<string>): void {
  if (data instanceof Tensor) {
    if (data.requires_grad) warn(TRACKED_TO_SCALAR)
    if (numelOf(data.sizes) !== 1) {
      throw new ValueError(
        'only one element tensors can be converted to Python scalars',
        'To join tensors, say torch.stack([a, b]) or torch.cat([a, b]).',
      )
    }
    out.push(...gather(data))
    kinds.add(data.dtype.name)
  } else if (isArray(data)) {
    if (depth >= sizes.length || data.length !== sizes[depth]) {
      if (depth >= sizes.length) throw new PythonTypeError(`must be real number, not list`)
      throw new ValueError(
        `expected sequence of length ${sizes[depth]} at dim ${depth} (got ${data.length})`,
        'Every row must have as many entries as the first one.',
      )
    }
    for (let i = 0; i < data.length; i++) flattenData(data[i]!, sizes, depth + 1, out, kinds)
  } else if (depth < sizes.length) {
    throw new PythonTypeError(
      'not a sequence',
      'Some rows are lists and some are numbers; all must be nested equally deep.',
    )
  } else if (typeof data === 'number' || typeof data === 'boolean') {
    out.push(Number(data))
    kinds.add(typeof data)
  } else if (typeof data === 'string' && depth > 0 && out.length === 0) {
    throw new ValueError(`too many dimensions 'str'`, 'A tensor holds numbers and booleans, no text.')
  } else if (typeof data === 'string') {
    throw new PythonTypeError(
      `new(): invalid data type 'str'`,
      'tensor (as_tensor, new_tensor) takes numbers, booleans, and lists of them.',
    )
  } else throw new RuntimeError(`Could not infer dtype of ${pythonType(data)}`)
}

/**
 * A tensor holding a copy of `data`: a number, or arrays nested to any depth. Numbers make float32 (say
 * `{ dtype: torch.int64 }` for integers), booleans bool.
 * @shape the nesting of data
 * @see https://docs.pytorch.org/docs/stable/generated/torch.tensor.html
 */
export function tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  requireKeywords(options, KEYWORDS, 'tensor')
  if (data instanceof Tensor) {
    warn(COPY_OF_TENSOR)
    return finish(
      Tensor.own(gather(cast(data, options.dtype ?? data.dtype)), data.sizes, options.dtype ?? data.dtype),
      options,
    )
  }
  const sizes = sizesOfData(data)
  const values: number[] = []
  const kinds = new Set<string>()
  flattenData(data, sizes, 0, values, kinds)
  const dtype = options.dtype ?? dtypeOf(data, kinds)
  const out = allocate(dtype, values.length)
  for (let i = 0; i < values.length; i++)
    out[i] = dtype === bool ? Number(values[i] !== 0) : dtype.category === 1 ? Math.trunc(values[i]!) : values[i]!
  return finish(Tensor.own(out, sizes, dtype), options)
}

function dtypeOf(data: TensorData, kinds: ReadonlySet<string>): DType {
  if (data instanceof Float64Array || (kinds.size === 1 && kinds.has('float64'))) return float64
  return kinds.size === 1 && (kinds.has('boolean') || kinds.has('bool')) ? bool : float32
}

function filledWith(sizes: Sizes, value: number, dtype: DType): Tensor {
  const t = Tensor.zeros(sizes, dtype)
  if (value !== 0) t.storage.data.fill(dtype.category === 1 ? Math.trunc(value) : dtype.category === 0 ? 1 : value)
  return t
}

/**
 * All 0. `torch.zeros(2, 3)` or `torch.zeros([2, 3], { dtype: torch.int64 })`.
 * @shape → sizes
 */
export function zeros(...size: CreateArgs): Tensor {
  const { sizes, options } = parseCreate(size, 'zeros')
  return finish(filledWith(sizes, 0, options.dtype ?? float32), options)
}

/**
 * All 1.
 * @shape → sizes
 */
export function ones(...size: CreateArgs): Tensor {
  const { sizes, options } = parseCreate(size, 'ones')
  return finish(filledWith(sizes, 1, options.dtype ?? float32), options)
}

/**
 * Zeros too: JavaScript has no memory without values.
 * @shape → sizes
 */
export function empty(...size: CreateArgs): Tensor {
  const { sizes, options } = parseCreate(size, 'empty')
  return finish(filledWith(sizes, 0, options.dtype ?? float32), options)
}

/**
 * All `fill_value`.
 * @shape → sizes
 */
export function full(
  size: readonly number[] | number,
  fill_value: number | boolean,
  options: TensorOptions = {},
): Tensor {
  const { sizes } = parseCreate([size], 'full')
  if (typeof fill_value !== 'boolean') requireNumber(fill_value, 'full', 'fill_value')
  requireKeywords(options, KEYWORDS, 'full')
  return finish(
    filledWith(sizes, Number(fill_value), options.dtype ?? (typeof fill_value === 'boolean' ? bool : float32)),
    options,
  )
}

/**
 * 0 of the shape and dtype of another tensor.
 * @shape A → A
 */
export function zeros_like(input: Tensor, options: TensorOptions = {}): Tensor {
  return filledLike('zeros_like', input, 0, options)
}

/**
 * 1 of the shape and dtype of another tensor.
 * @shape A → A
 */
export function ones_like(input: Tensor, options: TensorOptions = {}): Tensor {
  return filledLike('ones_like', input, 1, options)
}

/**
 * As {@link zeros_like}.
 * @shape A → A
 */
export function empty_like(input: Tensor, options: TensorOptions = {}): Tensor {
  return filledLike('empty_like', input, 0, options)
}

/**
 * `fill_value` of the shape, dtype and layout of another tensor.
 * @shape A → A
 */
export function full_like(input: Tensor, fill_value: number, options: TensorOptions = {}): Tensor {
  requireNumber(fill_value, 'full_like', 'fill_value')
  return filledLike('full_like', input, fill_value, options)
}

function filledLike(name: string, input: Tensor, fill_value: number, options: TensorOptions): Tensor {
  requireTensor(input, name, 'input')
  requireKeywords(options, KEYWORDS, name)
  const { sizes, strides } = input
  const dtype = options.dtype ?? input.dtype
  const flat = filledWith([numelOf(sizes)], fill_value, dtype)
  return finish(new Tensor(flat.storage, layoutOf(sizes, resultStrides(sizes, [strides]), dtype), 0), options)
}

/**
 * `start`, `start + step`, … up to but without `end`. `arange(4)` is float32 here: JavaScript does not tell 4 from 4.0.
 * @shape → (⌈(end - start) / step⌉)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.arange.html
 */
export function arange(end: number, options?: TensorOptions): Tensor
export function arange(start: number, end: number, options?: TensorOptions): Tensor
export function arange(start: number, end: number, step: number, options?: TensorOptions): Tensor
export function arange(...args: (number | TensorOptions | undefined)[]): Tensor {
  const options = (args.find((a) => typeof a === 'object') ?? {}) as TensorOptions
  const numbers = args.filter((a) => a !== options && a !== undefined) as number[]
  requireKeywords(options, KEYWORDS, 'arange')
  if (numbers.length === 0) requireNumber(undefined, 'arange', 'end')
  numbers.forEach((number, k) => {
    requireNumber(number, 'arange', numbers.length === 1 ? 'end' : ['start', 'end', 'step'][k]!)
  })
  const [start, end, step] = numbers.length === 1 ? [0, numbers[0]!, 1] : [numbers[0]!, numbers[1]!, numbers[2] ?? 1]
  if (step === 0) throw new RuntimeError('step must be nonzero')
  if (!Number.isFinite(start) || !Number.isFinite(end)) throw new RuntimeError(`unsupported range: ${start} -> ${end}`)
  if ((end - start) / step < 0) throw new RuntimeError('upper bound and lower bound inconsistent with step sign')
  const n = Math.ceil((end - start) / step)
  const dtype = options.dtype ?? float32
  if (dtype === float32) return finish(Tensor.own(arangeFloat32(start, step, n), [n], dtype), options)
  const out = allocate(dtype, n)
  for (let i = 0; i < n; i++) out[i] = start + i * step
  return finish(Tensor.own(out, [n], dtype), options)
}

/**
 * `steps` numbers at equal distances from `start` to `end`, both included.
 * @shape → (steps)
 */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  requireNumber(start, 'linspace', 'start')
  requireNumber(end, 'linspace', 'end')
  requireInteger(steps, 'linspace', 'steps')
  requireKeywords(options, KEYWORDS, 'linspace')
  if (steps < 0) throw new RuntimeError('number of steps must be non-negative')
  const dtype = options.dtype ?? float32
  if (dtype === float32) return finish(Tensor.own(linspaceFloat32(start, end, steps), [steps], dtype), options)
  const out = allocate(dtype, steps)
  const step = steps > 1 ? (end - start) / (steps - 1) : 0
  for (let i = 0; i < steps; i++) out[i] = i < steps / 2 ? start + i * step : end - (steps - 1 - i) * step
  return finish(Tensor.own(out, [steps], dtype), options)
}

/**
 * The identity matrix: 1 on the diagonal, n×n or n×m.
 * @shape → (n, m)
 */
export function eye(n: number, m?: number | TensorOptions, options?: TensorOptions): Tensor {
  requireInteger(n, 'eye', 'n')
  if (n < 0) throw new RuntimeError(`n must be greater or equal to 0, got ${n}`)
  const columns = m === undefined || typeof m === 'object' ? n : m
  requireInteger(columns, 'eye', 'm')
  const given = typeof m === 'object' ? m : (options ?? {})
  requireKeywords(given, KEYWORDS, 'eye')
  const t = filledWith([n, columns], 0, given.dtype ?? float32)
  for (let i = 0; i < Math.min(n, columns); i++) t.storage.data[i * columns + i] = 1
  return finish(t, given)
}

/**
 * {@link tensor}; a tensor that fits already is answered as it is.
 * @shape the nesting of data
 */
export function as_tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  requireKeywords(options, ['dtype'], 'as_tensor')
  if (!(data instanceof Tensor)) return tensor(data, options)
  return options.dtype === undefined ? data : data.to(options.dtype)
}

/**
 * A scalar.
 * @shape → ()
 */
export function scalar_tensor(s: number, options: TensorOptions = {}): Tensor {
  requireKeywords(options, KEYWORDS, 'scalar_tensor')
  requireNumber(s, 'scalar_tensor', 's')
  return tensor(s, options)
}

/**
 * `steps` numbers from `base^start` to `base^end` (base 10 unless said), evenly spaced on a logarithmic scale.
 * @shape → (steps)
 */
export function logspace(
  start: number,
  end: number,
  steps: number,
  options: TensorOptions & { base?: number } = {},
): Tensor {
  requireKeywords(options, [...KEYWORDS, 'base'], 'logspace')
  requireNumber(start, 'logspace', 'start')
  requireNumber(end, 'logspace', 'end')
  requireInteger(steps, 'logspace', 'steps')
  const { base = 10, ...rest } = options
  requireNumber(base, 'logspace', 'base')
  const exponents = linspace(start, end, steps, { dtype: rest.dtype }).storage.data
  const dtype = rest.dtype ?? float32
  const out = allocate(dtype, steps)
  for (let i = 0; i < steps; i++) out[i] = base ** exponents[i]!
  return finish(Tensor.own(out, [steps], dtype), rest)
}

function triangleIndices(name: string, row: number, col: number, keeps: (i: number, j: number) => boolean): Tensor {
  requireInteger(row, name, 'row')
  requireInteger(col, name, 'col')
  const places: [number, number][] = []
  for (let i = 0; i < row; i++) for (let j = 0; j < col; j++) if (keeps(i, j)) places.push([i, j])
  return Tensor.own(
    Float64Array.from([0, 1].flatMap((side) => places.map((place) => place[side]!))),
    [2, places.length],
    int64,
  )
}

/**
 * The places of the lower triangle of a `row` by `col` matrix: row numbers and column numbers, (2, N), int64.
 * @shape → (2, k)
 */
export function tril_indices(row: number, col: number, offset = 0): Tensor {
  requireInteger(offset, 'tril_indices', 'offset')
  return triangleIndices('tril_indices', row, col, (i, j) => j <= i + offset)
}

/**
 * The places of the upper triangle of a `row` by `col` matrix: row numbers and column numbers, (2, N), int64.
 * @shape → (2, k)
 */
export function triu_indices(row: number, col: number, offset = 0): Tensor {
  requireInteger(offset, 'triu_indices', 'offset')
  return triangleIndices('triu_indices', row, col, (i, j) => j >= i + offset)
}

/** Whether something is a tensor. */
export function is_tensor(obj: unknown): obj is Tensor {
  return obj instanceof Tensor
}

/**
 * A vector over a typed array, whose memory it shares: a change of one is seen in the other.
 * @shape → (length)
 */
export function from_numpy(ndarray: Float32Array | Float64Array | Int32Array): Tensor {
  const dtype =
    ndarray instanceof Float32Array
      ? float32
      : ndarray instanceof Float64Array
        ? float64
        : ndarray instanceof Int32Array
          ? int32
          : null
  if (dtype === null) {
    throw new PythonTypeError(
      `expected np.ndarray (got ${pythonType(ndarray)})`,
      'from_numpy takes a Float32Array, a Float64Array or an Int32Array.',
    )
  }
  return Tensor.own(ndarray, [ndarray.length], dtype)
}

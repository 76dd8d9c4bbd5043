// How many units in the last place an operation may differ from PyTorch, and why it may at all.

export interface Tolerance {
  readonly ulps: number
  /** A difference that is allowed however many units it is, where PyTorch itself is off by so much. */
  readonly absolute: number
}

export const exact: Tolerance = { ulps: 0, absolute: 0 }

export function plus(a: Tolerance, b: Tolerance): Tolerance {
  return { ulps: a.ulps + b.ulps, absolute: a.absolute + b.absolute }
}

interface Inexact extends Partial<Tolerance> {
  /** What gradients through it may be off by, where it isn't the value's own `absolute`. */
  derivativeAbsolute?: number
  /** How often its derivative calls the library, if not once. */
  derivativeCalls?: number
  because: string
}

const vendor = 'a vendor library that is off by up to one unit and differs between machines'
const single =
  'numbers that lie alone are left to the library of the system, which rounds correctly since glibc 2.41 and before was off by a unit'
const normalized =
  'PyTorch folds mean and deviation into one factor and one summand, which cancel by some units of the input; batches of vectors have its bits'

/** Operations that aren't bit for bit. Names without `torch.`, without the underscore of the in-place form. */
const inexact: Record<string, Inexact> = {
  exp: { ulps: 1, because: vendor },
  log: { ulps: 1, because: vendor },
  sqrt: { ulps: 1, because: vendor },
  sin: { ulps: 1, because: vendor },
  cos: { ulps: 1, because: vendor },
  tanh: { ulps: 1, because: vendor },
  log1p: { ulps: 1, because: vendor },
  expm1: { ulps: 1, because: vendor },
  tan: { ulps: 1, because: vendor },
  sinh: { ulps: 1, because: vendor },
  cosh: { ulps: 1, because: vendor },
  atan: { ulps: 1, because: vendor },
  erf: { ulps: 1, because: vendor },
  exp2: { ulps: 1, because: single },
  log2: { ulps: 1, because: vendor },
  log10: { ulps: 1, because: vendor },
  logit: { ulps: 1, because: vendor },
  log_softmax: { ulps: 1, because: single },
  softplus: { ulps: 1, because: single },
  elu: { ulps: 1, because: single },
  selu: { ulps: 2, because: `${single}, and a factor carries it on` },
  celu: { ulps: 1, because: single },
  mish: { ulps: 2, derivativeCalls: 3, absolute: 2 ** -22, because: `${single}, here twice; 1 - tanh² cancels` },
  gelu: {
    ulps: 0,
    absolute: 5e-7,
    because: `${single}; only so far apart elements are, and the approximation by tanh; in vectors an erf is off by 1.5e-7`,
  },
  tanhshrink: { ulps: 1, because: vendor },
  // Its derivatives are y x^(y-1) and x^y ln x.
  pow: { ulps: 1, derivativeCalls: 2, because: vendor },
  logsumexp: {
    ulps: 1,
    absolute: 2 ** -21,
    because: "a vendor's logarithm, whose unit is left when the largest element is added and cancels",
  },
  asin: { ulps: 1, because: vendor },
  acosh: { ulps: 1, because: vendor },
  arcsinh: { ulps: 1, because: vendor },
  arctanh: { ulps: 1, because: vendor },
  float_power: { ulps: 1, because: vendor },
  logaddexp: { ulps: 1, because: single },
  logaddexp2: { ulps: 1, because: single },
  atan2: { ulps: 1, because: vendor },
  xlogy: { ulps: 1, because: vendor },
  sinc: { ulps: 1, because: vendor },
  soft_margin_loss: { ulps: 1, derivativeCalls: 2, because: vendor },
  multi_margin_loss: { ulps: 1, because: 'each step of its gradient is rounded; PyTorch multiplies by 1/C first' },
  vector_norm: { ulps: 1, because: 'powers of a vendor library' },
  dist: { ulps: 1, because: 'powers of a vendor library' },
  cdist: { ulps: 1, because: 'powers of a vendor library' },
  pdist: { ulps: 1, because: 'powers of a vendor library' },
  renorm: { ulps: 1, derivativeCalls: 2, because: 'norms in a wider type, rounded at other steps' },
  corrcoef: { ulps: 1, because: vendor },
  matrix_power: { ulps: 1, derivativeCalls: 2, because: 'LAPACK eliminates in blocks' },
  slogdet: { ulps: 1, because: 'LAPACK eliminates in blocks' },
  logcumsumexp: { ulps: 1, because: vendor },
  kl_div: { ulps: 1, because: vendor },
  lgamma: { ulps: 1, because: vendor },
  erfc: { ulps: 1, because: vendor },
  gumbel_softmax: {
    ulps: 16,
    derivativeAbsolute: 2 ** -21,
    because:
      "a vendor's logarithm: a unit of a logit of 8 is 2^-20, divided by a tau of 0.5 it is 2^-19, and as an exponent sixteen units of the result; its gradient is a difference",
  },
  polygamma: { ulps: 1, because: 'PyTorch adds up the zeta function in float32, term by term' },
  cholesky: { ulps: 0, absolute: 2 ** -50, because: 'LAPACK goes through the matrix in blocks' },
  qr: { ulps: 0, absolute: 2 ** -50, because: 'LAPACK goes through the matrix in blocks' },
  solve: { ulps: 0, absolute: 2 ** -50, because: 'LAPACK eliminates in blocks' },
  logdet: { ulps: 1, because: 'LAPACK eliminates in blocks' },
  layer_norm: { ulps: 0, absolute: 2 ** -20, because: normalized },
  batch_norm: { ulps: 0, absolute: 2 ** -18, because: normalized },
  group_norm: { ulps: 0, absolute: 2 ** -20, because: normalized },
  instance_norm: { ulps: 0, absolute: 2 ** -20, because: normalized },
}

/** Whatever isn't listed agrees in every bit: sums, products and quotients in the same order leave nothing to differ in. */
export function toleranceOf(call: string): Tolerance {
  return { ...exact, ...entry(call) }
}

/** What an operation adds to the tolerance of gradients that pass through it: one unit of a factor may be two of a product. */
export function gradientToleranceOf(call: string): Tolerance {
  const { ulps = 0, absolute = 0, derivativeAbsolute = absolute, derivativeCalls = 1 } = entry(call) ?? {}
  return { ulps: 2 * ulps * derivativeCalls, absolute: derivativeAbsolute }
}

function entry(call: string): Inexact | undefined {
  return inexact[call.replace(/^torch\.(nn\.functional\.)?/, '').replace(/_$/, '')]
}

/** How many float32 (or float64) numbers lie between two, counting from one to the other. 0 and -0 are neighbours. */
export function ulpDistance(a: number, b: number, dtype: string): number {
  if (Object.is(a, b)) return 0
  if (Number.isNaN(a) || Number.isNaN(b)) return Infinity
  if (dtype !== 'float64') return Math.abs(ordinal32(a) - ordinal32(b))
  const distance = ordinal64(a) - ordinal64(b)
  return Number(distance < 0n ? -distance : distance)
}

const float32 = new Float32Array(1)
const int32 = new Int32Array(float32.buffer)
const float64 = new Float64Array(1)
const int64 = new BigInt64Array(float64.buffer)

/** The place of a number in the ascending order of all float32: …, -2^-149, -0, 0, 2^-149, … */
function ordinal32(x: number): number {
  float32[0] = x
  return int32[0]! >= 0 ? int32[0]! : -(int32[0]! & 0x7fffffff) - 1
}

function ordinal64(x: number): bigint {
  float64[0] = x
  return int64[0]! >= 0n ? int64[0]! : -(int64[0]! & 0x7fffffffffffffffn) - 1n
}

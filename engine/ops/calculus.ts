// Differences and areas between neighbours; powers of numbers.
import { bool, int64, promoteTypes } from '../dtype'
import { RuntimeError } from '../errors'
import { wrapDim } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { asInside } from './inside'
import { cat } from './join'

/** What {@link diff} accepts besides: the dimension, and what to put before and after first. */
export interface DiffOptions {
  n?: number
  dim?: number
  prepend?: Tensor | null
  append?: Tensor | null
}

/**
 * The differences of neighbours along a dimension (the last), `n` times over.
 * @shape A → A with n less along dim
 */
export function diff(
  self: Tensor,
  n: number | DiffOptions = 1,
  dim?: number | DiffOptions,
  options?: DiffOptions,
): Tensor {
  const [times, along, prepend, append] = accept<[number, number, Tensor | null, Tensor | null]>(
    'diff(Tensor input, int n=1, int dim=-1, Tensor prepend=None, Tensor append=None)',
    self,
    n,
    dim,
    options,
  )
  if (self.sizes.length === 0) throw new RuntimeError('diff expects input to be at least one-dimensional')
  if (times < 0) throw new RuntimeError(`order must be non-negative but got ${times}`)
  const d = wrapDim(along, self.sizes.length)
  const parts = [prepend, self, append].filter((t) => t !== null)
  let x = parts.length > 1 ? cat(parts, d) : self
  for (let k = 0; k < times; k++) {
    const size = x.sizes[d]!
    if (size === 0) return x
    const [left, right] = ends(x, d)
    x = x.dtype === bool ? left.logical_xor(right) : right.sub(left)
  }
  return x
}

interface Curve {
  y: Tensor
  x: Tensor | null
  dx: number
  dim: number
}

type CurveOptions = { dx?: number; dim?: number }

function curve(
  name: string,
  y: Tensor,
  x: Tensor | CurveOptions | undefined,
  options: CurveOptions | undefined,
): Curve {
  const [points, dx, dim] = accept<[Tensor | null, number, number]>(
    `${name}(Tensor y, Tensor x=None, float dx=1, int dim=-1)`,
    y,
    x,
    options,
  )
  if (y.dtype === bool || points?.dtype === bool) {
    const where = points === null ? '`y`' : '`x` or `y`'
    throw new RuntimeError(`${name}: received a bool input for ${where}, but bool is not supported`)
  }
  return { y, x: points, dx, dim: wrapDim(dim, y.sizes.length) }
}

function ends(t: Tensor, dim: number): [left: Tensor, right: Tensor] {
  const size = t.sizes[dim]! - 1
  return [t.narrow(dim, 0, size), t.narrow(dim, 1, size)]
}

/** How far apart the points are, along `dim` of the values. */
function steps({ y, x, dim }: Curve): Tensor {
  const points = x!.sizes.length === 1 ? x!.view(y.sizes.map((_, d) => (d === dim ? -1 : 1))) : x!
  const [left, right] = ends(points, x!.sizes.length === 1 ? dim : dim - y.sizes.length + x!.sizes.length)
  return right.sub(left)
}

/**
 * The area under a curve by trapezoids, along a dimension (the last): over points `x`, or points `dx` apart.
 * @shape A → A without dim
 */
export function trapezoid(y: Tensor, x?: Tensor | CurveOptions, options?: CurveOptions): Tensor {
  return area(curve('trapezoid', y, x, options))
}

function area(given: Curve): Tensor {
  const { y } = given
  const { dim, dx } = given
  if (y.sizes[dim] === 0) return y.new_zeros(y.sizes.toSpliced(dim, 1))
  return asInside(() => {
    if (given.x === null) {
      const edges = y.select(dim, 0).add(y.select(dim, y.sizes[dim]! - 1))
      return y.sum(dim).sub(edges.mul(0.5)).mul(dx)
    }
    const widths = steps(given)
    const [left, right] = ends(y, dim)
    return left.add(right).mul(widths).sum(dim).div(2)
  })
}

/** {@link trapezoid}. */
export function trapz(y: Tensor, x?: Tensor | CurveOptions, options?: CurveOptions): Tensor {
  return area(curve('trapz', y, x, options))
}

/**
 * {@link trapezoid} from the first point to each of the others.
 * @shape A → A with one less along dim
 */
export function cumulative_trapezoid(y: Tensor, x?: Tensor | CurveOptions, options?: CurveOptions): Tensor {
  const given = curve('cumulative_trapezoid', y, x, options)
  const { dim, dx } = given
  return asInside(() => {
    const widths = given.x === null ? null : steps(given)
    const [left, right] = ends(y, dim)
    const sums = right.add(left)
    return widths === null ? sums.mul(dx / 2).cumsum(dim) : sums.mul(widths).cumsum(dim).div(2)
  })
}

/**
 * The powers of each number, one row each: the highest first unless `increasing`, `N` of them (as many as numbers, if not said).
 * @shape (n) → (n, N)
 */
export function vander(
  x: Tensor,
  N?: number | null | { N?: number | null; increasing?: boolean },
  increasing?: boolean | { increasing?: boolean },
): Tensor {
  const [count, ascending] = accept<[number | null, boolean]>(
    'vander(Tensor x, int N=None, bool increasing=False)',
    x,
    N,
    increasing,
  )
  if (x.sizes.length !== 1) throw new RuntimeError('x must be a one-dimensional tensor.')
  const n = count ?? x.sizes[0]!
  if (n < 0) throw new RuntimeError('N must be non-negative.')
  const result = Tensor.zeros([x.sizes[0]!, n], promoteTypes(x.dtype, int64))
  if (n > 0) result.select(1, 0).fill_(1)
  if (n > 1) {
    const powers = () => result.narrow(1, 1, n - 1)
    powers().copy_(x.unsqueeze(1))
    powers().copy_(powers().cumprod(1))
  }
  return ascending ? result : result.flip(1)
}

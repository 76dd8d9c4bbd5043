// Derivatives of sampled values.
import { requireTensor } from '../arguments'
import { RuntimeError } from '../errors'
import { wrapDim } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { diff } from './calculus'
import { asInside } from './inside'
import { cat } from './join'

/** What {@link gradient} accepts: how far apart the values are (one number, one for each dimension, or the coordinates), and along which dimensions. */
export interface GradientOptions {
  spacing?: number | Tensor | readonly number[] | readonly Tensor[]
  dim?: number | readonly number[] | null
  /** 1 or 2: how exact the slopes at both ends are. */
  edge_order?: number
}

/**
 * The slopes of sampled values along each dimension, from the neighbours on both sides: second order inside.
 * @shape A → A for each dimension
 */
export function gradient(input: Tensor, options: GradientOptions = {}): Tensor[] {
  const [spacing, dim, edges] = accept<[GradientOptions['spacing'], number | readonly number[] | null, number]>(
    'gradient(Tensor input, any spacing=1, ints dim=None, int edge_order=1)',
    input,
    options,
  )
  const n = input.sizes.length
  const dims = (dim === null ? input.sizes.map((_, d) => d) : typeof dim === 'number' ? [dim] : dim).map((d) =>
    wrapDim(d, n),
  )
  const steps = Array.isArray(spacing) ? (spacing as (number | Tensor)[]) : dims.map(() => spacing as number | Tensor)
  for (const step of steps) if (typeof step !== 'number') requireTensor(step, 'gradient', 'spacing')
  if (steps.length !== dims.length) {
    throw new RuntimeError(
      dim === null
        ? `torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal to 'self.dim() = ${n}', since dim argument was not given, but got a list of length ${steps.length}`
        : `torch.gradient expected spacing to be unspecified, a scalar or it's spacing and dim arguments to have the same length, but got a spacing argument of length ${steps.length} and a dim argument of length ${dims.length}.`,
    )
  }
  if (edges !== 1 && edges !== 2) {
    throw new RuntimeError('torch.gradient only supports edge_order=1 and edge_order=2.')
  }
  const twice = dims.find((d, k) => dims.indexOf(d) !== k)
  if (twice !== undefined) throw new RuntimeError(`dim ${twice} appears multiple times in the list of dims`)
  if (dims.some((d) => input.sizes[d]! < edges + 1)) {
    throw new RuntimeError('torch.gradient expected each dimension size to be at least edge_order+1')
  }
  return asInside(() =>
    dims.map((d, k) => {
      const step = steps[k]!
      const isPlaces = typeof step !== 'number' && step.sizes.length > 0
      return isPlaces ? slopesBetween(input, d, step, edges) : slopes(input, d, step, edges)
    }),
  )
}

/** The values `from`, `from + 1`, … (`count` of them) along a dimension; negative: from the end. */
function run(t: Tensor, dim: number, from: number, count: number): Tensor {
  return t.narrow(dim, from < 0 ? t.sizes[dim]! + from : from, count)
}

function slopes(x: Tensor, dim: number, step: number | Tensor, edges: number): Tensor {
  const at = (k: number) => run(x, dim, k, 1)
  const inside = x.sizes[dim]! - 2
  const centre = run(x, dim, 2, inside)
    .sub(run(x, dim, 0, inside))
    .div(step)
    .div(2)
  const first = edges === 1 ? at(1).sub(at(0)) : at(0).mul(-1.5).add(at(1).mul(2)).sub(at(2).mul(0.5))
  const last = edges === 1 ? at(-1).sub(at(-2)) : at(-3).mul(0.5).sub(at(-2).mul(2)).add(at(-1).mul(1.5))
  return cat([first.div(step), centre, last.div(step)], dim)
}

/** Through three neighbours that are not equally far apart: the slope of the parabola through them. */
function slopesBetween(x: Tensor, dim: number, places: Tensor, edges: number): Tensor {
  if (places.sizes.length !== 1) {
    throw new RuntimeError(
      `torch.gradient expected each element of spacing to have one dimension, but got an element with ${places.sizes.length} dimensions!`,
    )
  }
  const at = (k: number) => run(x, dim, k, 1)
  const steps = diff(places)
  const gap = (k: number) => steps.select(0, k)
  const inside = x.sizes[dim]! - 2
  const [left, right] = [run(steps, 0, 0, inside), run(steps, 0, 1, inside)]
  const along = (t: Tensor) => t.reshape(x.sizes.map((_, d) => (d === dim ? -1 : 1)))
  const sum = left.add(right)
  const a = along(right.neg().div(left.mul(sum)))
  const b = along(right.sub(left).div(left.mul(right)))
  const c = along(left.div(right.mul(sum)))
  const centre = a
    .mul(run(x, dim, 0, inside))
    .add(b.mul(run(x, dim, 1, inside)))
    .add(c.mul(run(x, dim, 2, inside)))
  if (edges === 1) {
    return cat([at(1).sub(at(0)).div(gap(0)), centre, at(-1).sub(at(-2)).div(gap(-1))], dim)
  }
  /** The slope at the first of three places (from the end, if negative), `h` and `k` apart. */
  const edge = (h: Tensor, k: Tensor, [p, q, r]: readonly [number, number, number], sign: 1 | -1) => {
    const both = h.add(k)
    const [first, second, third] = [h.mul(2).add(k).div(h.mul(both)), both.div(h.mul(k)), h.div(k.mul(both))] as [
      Tensor,
      Tensor,
      Tensor,
    ]
    return sign === 1
      ? first
          .neg()
          .mul(at(p))
          .add(second.mul(at(q)))
          .add(third.neg().mul(at(r)))
      : third
          .mul(at(r))
          .add(second.neg().mul(at(q)))
          .add(first.mul(at(p)))
  }
  return cat([edge(gap(0), gap(1), [0, 1, 2], 1), centre, edge(gap(-1), gap(-2), [-1, -2, -3], -1)], dim)
}

// The distances of the rows of matrices.
import type { Rule } from '../autograd/record'
import { NotImplementedError, RuntimeError } from '../errors'
import { broadcastSizes } from '../shape'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { asOne } from './as-one'
import { needs, type Op, op1, op2 } from './op'
import { computeNorm, type NormArgs, normGradient } from './vector-norm'
import { where } from './where'

/** The differences of all rows of one with all rows of the other: (…, P, R, M). */
function differences(x1: Tensor, x2: Tensor): Tensor {
  return x1.unsqueeze(-2).sub(x2.unsqueeze(-3))
}

function acrossLast(t: Tensor, p: number): NormArgs {
  return { p, dims: [t.sizes.length - 1], keepdim: false }
}

/** That of a norm, with its steps in another order. */
function distanceGradient(grad: Tensor, difference: Tensor, result: Tensor, p: number): Tensor {
  if (p <= 1 || p === Number.POSITIVE_INFINITY) {
    return normGradient(grad, difference, result, acrossLast(difference, p))
  }
  const [g, distance] = [grad.unsqueeze(-1), result.unsqueeze(-1)]
  const weight = p === 2 ? g.mul(difference) : towards(difference, p).mul(g)
  return where(distance.eq(0), 0, weight.div(p === 2 ? distance : distance.pow(p - 1)))
}

/** `|x|^(p-1) sgn(x)` */
function towards(x: Tensor, p: number): Tensor {
  return p > 2 ? x.mul(x.abs().pow(p - 2)) : x.sgn().mul(x.abs().pow(p - 1))
}

/** A rule whose answer PyTorch does not differentiate again. */
function once(name: '_cdist_backward' | '_pdist_backward', rule: Rule<number>): Rule<number> {
  const gradFn = name === '_cdist_backward' ? 'CdistBackwardBackward0' : 'PdistBackwardBackward0'
  return asOne(gradFn, rule, {
    refuses: () => new NotImplementedError(`the derivative for '${name}' is not implemented.`),
  })
}

const rowDistances: Op<[self: Tensor, other: Tensor, args: number]> = op2<Tensor, number>({
  gradFn: 'CdistBackward0',
  order: [0, 1],
  forward: (x1, x2, p) => {
    const difference = differences(x1.detach(), x2.detach())
    return computeNorm(difference, acrossLast(difference, p))
  },
  self: once(
    '_cdist_backward',
    needs('self', 'other', 'result', (grad, { self: x1, other: x2, result, args: p }) => {
      const difference = differences(x1, x2)
      return distanceGradient(grad, difference, result, p).sum(-2)
    }),
  ),
  other: once(
    '_cdist_backward',
    needs('self', 'other', 'result', (grad, { self: x1, other: x2, result, args: p }) => {
      const difference = differences(x1, x2)
      return distanceGradient(grad, difference, result, p).sum(-3).neg()
    }),
  ),
  samples: (t) => [
    [
      t([
        [1, -2],
        [0, 1],
      ]),
      t([[3, 0.5]]),
      2,
    ],
    [
      t([
        [1, -2],
        [0, 1],
      ]),
      t([[3, 0.5]]),
      3,
    ],
  ],
})

/**
 * The p-norm distance of every row of `x1` (…, P, M) to every row of `x2` (…, R, M): (…, P, R).
 * @shape (..., p, m), (..., r, m) → (..., p, r)
 * @throws RuntimeError if one is no matrix, or the rows are not of one length
 */
export function cdist(x1: Tensor, x2: Tensor, p: number | { p?: number; compute_mode?: string } = 2): Tensor {
  const [, order] = accept<[Tensor, number, string]>(
    "cdist(Tensor x1, Tensor x2, float p=2, str compute_mode='use_mm_for_euclid_dist_if_necessary')",
    x1,
    x2,
    p,
  )
  for (const [k, x] of [x1, x2].entries()) {
    if (x.sizes.length < 2)
      throw new RuntimeError(`cdist only supports at least 2D tensors, X${k + 1} got: ${x.sizes.length}D`)
  }
  const [m, n] = [x1, x2].map((x) => x.sizes[x.sizes.length - 1]!)
  if (m !== n) throw new RuntimeError(`X1 and X2 must have the same number of columns. X1: ${m} X2: ${n}`)
  if (order < 0) throw new RuntimeError('cdist only supports non-negative p values')
  const batch = broadcastSizes(x1.sizes.slice(0, -2), x2.sizes.slice(0, -2))
  const spread = (x: Tensor) => (x.sizes.length - 2 === batch.length ? x : x.expand([...batch, ...x.sizes.slice(-2)]))
  return rowDistances(spread(x1), spread(x2), order)
}

function pairs(n: number): [first: number[], second: number[]] {
  const [first, second]: [number[], number[]] = [[], []]
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) [first.push(i), second.push(j)]
  return [first, second]
}

function pairDifferences(x: Tensor): Tensor {
  const [first, second] = pairs(x.sizes[0]!)
  return x.index([first]).sub(x.index([second]))
}

const pairDistances: Op<[self: Tensor, args: number]> = op1<number>({
  gradFn: 'PdistBackward0',
  forward: (self, p) => computeNorm(pairDifferences(self.detach()), { p, dims: [1], keepdim: false }),
  self: once(
    '_pdist_backward',
    needs('self', 'result', (grad, { self, result, args: p }) => {
      const [first, second] = pairs(self.sizes[0]!)
      const each = distanceGradient(grad, pairDifferences(self), result, p)
      const zeros = grad.new_zeros(self.sizes)
      return zeros.index_put([first], each, { accumulate: true }).index_put([second], each.neg(), { accumulate: true })
    }),
  ),
  samples: (t) => [
    [
      t([
        [1, -2],
        [0, 1],
        [2, 2],
      ]),
      3,
    ],
  ],
})

/**
 * The p-norm distances of the rows of a matrix to each other, each pair once, in the order (0, 1), (0, 2), …, (1, 2), and so on.
 * @shape (n, m) → (n (n - 1) / 2)
 */
export function pdist(input: Tensor, p: number | { p?: number } = 2): Tensor {
  const [order] = accept<[number]>('pdist(Tensor input, float p=2)', input, p)
  if (input.sizes.length !== 2) {
    throw new RuntimeError(`pdist only supports 2D tensors, got: ${input.sizes.length}D`)
  }
  return pairDistances(input, order)
}

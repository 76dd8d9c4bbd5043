// Draws from a distribution given by its weights.
import { int64 } from '../dtype'
import { RuntimeError } from '../errors'
import { rowMajor } from '../kernels/map'
import { rounding } from '../kernels/precision'
import { generator } from '../random/default'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { exponential_ } from './random'

/**
 * `num_samples` indices, each with a probability in proportion to its weight, of one distribution or of one a row.
 * @shape (n) → (num_samples); (m, n) → (m, num_samples)
 */
export function multinomial(
  input: Tensor,
  num_samples: number,
  replacement: boolean | { replacement?: boolean } = false,
): Tensor {
  const [count, again] = accept<[number, boolean]>(
    'multinomial(Tensor input, int num_samples, bool replacement=False)',
    input,
    num_samples,
    replacement,
  )
  checkWeights(input, count, again)
  const weights = input.detach()
  if (again && count > 1) return withReplacement(weights, count)
  // The largest quotients of weights and exponential numbers are as likely as draws one after the other (Efraimidis and Spirakis).
  const keys = weights.div(exponential_(Tensor.zeros(weights.sizes, weights.dtype)))
  return count === 1 ? keys.argmax(-1, true) : keys.topk(count)[1]
}

function checkWeights(input: Tensor, count: number, again: boolean): void {
  if (!input.dtype.is_floating_point) {
    throw new RuntimeError(
      `multinomial only supports floating-point dtypes for input, got: ${input.dtype.legacyName}`,
      'The elements are weights: say x.to(torch.float32) first.',
    )
  }
  if (input.sizes.length !== 1 && input.sizes.length !== 2) throw new RuntimeError('prob_dist must be 1 or 2 dim')
  if (count <= 0) throw new RuntimeError('cannot sample n_sample <= 0 samples')
  if (!again && count > input.sizes.at(-1)!) {
    throw new RuntimeError('cannot sample n_sample > prob_dist.size(-1) samples without replacement')
  }
  const weights = input.detach()
  if (!weights.isfinite().logical_and(weights.ge(0)).all().item()) {
    throw new RuntimeError('probability tensor contains either `inf`, `nan` or element < 0')
  }
  if (weights.sum(-1).eq(0).any().item()) {
    throw new RuntimeError('invalid multinomial distribution (sum of probabilities <= 0)')
  }
}

/** Each sample is where a uniform number falls among the running sums of the weights. */
function withReplacement(weights: Tensor, count: number): Tensor {
  const n = weights.sizes.at(-1)!
  const { data, offset } = rowMajor(weights)
  const round = rounding(weights)
  const rows = weights.numel() / n
  const samples = new Float64Array(rows * count)
  for (let row = 0; row < rows; row++) {
    const sums = new Float64Array(n)
    let total = 0
    for (let k = 0; k < n; k++) {
      total = round(total + data[offset + row * n + k]!)
      sums[k] = total
    }
    const shares = sums.map((sum) => round(sum / total))
    for (let s = 0; s < count; s++) {
      const at = generator.uniform53()
      const found = shares.findIndex((share, k) => k === n - 1 || share >= at)
      samples[row * count + s] = found
    }
  }
  return Tensor.own(samples, [...weights.sizes.slice(0, -1), count], int64)
}

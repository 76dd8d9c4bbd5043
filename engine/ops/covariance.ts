// Covariance and correlation of variables, one in each row.
import { bool, int64 } from '../dtype'
import { RuntimeError } from '../errors'
import { numelOf } from '../shape'
import { accept } from '../signature'
import { Tensor } from '../tensor'
import { warn } from '../warnings'
import { asInside } from './inside'

/** What {@link cov} accepts besides. */
export interface CovarianceOptions {
  correction?: number
  /** How often each observation counts: whole numbers. */
  fweights?: Tensor | null
  /** How much each observation counts. */
  aweights?: Tensor | null
}

/**
 * The covariance of the rows (variables) over the columns (observations); divides by n - 1 unless `correction` says otherwise.
 * @shape (m, n) → (m, m)
 */
export function cov(self: Tensor, options: CovarianceOptions = {}): Tensor {
  const [correction, fweights, aweights] = accept<[number, Tensor | null, Tensor | null]>(
    'cov(Tensor input, int correction=1, Tensor fweights=None, Tensor aweights=None)',
    self,
    options,
  )
  requireMatrix(self, 'cov')
  if (self.dtype === bool) throw new RuntimeError('cov(): bool dtype is not supported for input')
  return asInside(() => covariance(self, correction, fweights, aweights))
}

function covariance(self: Tensor, correction: number, fweights: Tensor | null, aweights: Tensor | null): Tensor {
  const x = self.sizes.length < 2 ? self.view(1, -1) : self
  const n = x.sizes[1]!
  if (fweights !== null) checkWeights(fweights, n, 'fweights', 'integral', fweights.dtype.category === 1)
  if (aweights !== null) checkWeights(aweights, n, 'aweights', 'floating point', aweights.dtype.is_floating_point)
  const weights = fweights !== null && aweights !== null ? fweights.mul(aweights) : (fweights ?? aweights)
  const total = weights === null ? Tensor.scalar(n, int64) : weights.sum()
  if (total.item() === 0 && weights !== null) {
    throw new RuntimeError("cov(): weights sum to zero, can't be normalized")
  }
  const weighted = (t: Tensor) => (weights === null ? t : t.mul(weights))
  const mean = weighted(x).sum(1).div(total)
  const lost = aweights === null || correction === 0 ? null : weights!.mul(aweights).sum().mul(correction).div(total)
  let divisor = total.sub(lost ?? correction)
  if (Number(divisor.item()) <= 0) {
    warn('cov(): degrees of freedom is <= 0. Correction should be strictly less than the number of observations.')
    divisor = Tensor.scalar(0, divisor.dtype)
  }
  const centred = x.sub(mean.unsqueeze(1))
  return centred.mm(weighted(centred).t()).true_divide(divisor).squeeze()
}

function requireMatrix({ sizes }: Tensor, name: string): void {
  if (sizes.length <= 2) return
  throw new RuntimeError(
    `${name}(): expected input to have two or fewer dimensions but got an input with ${sizes.length} dimensions`,
  )
}

function checkWeights(weights: Tensor, n: number, name: string, kind: string, isOfKind: boolean): void {
  const { sizes, dtype } = weights
  const expected = `cov(): expected ${name} to have`
  if (sizes.length > 1) {
    throw new RuntimeError(`${expected} one or fewer dimensions but got ${name} with ${sizes.length} dimensions`)
  }
  if (!isOfKind) throw new RuntimeError(`${expected} ${kind} dtype but got ${name} with ${dtype.legacyName} dtype`)
  if (numelOf(sizes) !== n) {
    throw new RuntimeError(
      `${expected} the same numel as there are observations in the input but got ${numelOf(sizes)} != ${n}`,
    )
  }
  if (weights.detach().lt(0).any().item()) throw new RuntimeError(`cov(): ${name} cannot be negative`)
}

/**
 * Pearson's correlation of the rows (variables) over the columns (observations), between -1 and 1.
 * @shape (m, n) → (m, m)
 */
export function corrcoef(self: Tensor): Tensor {
  accept('corrcoef(Tensor input)', self)
  requireMatrix(self, 'corrcoef')
  const c = cov(self)
  if (c.sizes.length === 0) return c.div(c)
  const deviation = c.diag().sqrt()
  return c.div(deviation.view(-1, 1)).div(deviation.view(1, -1)).clamp(-1, 1)
}

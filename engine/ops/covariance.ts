// Covariance and correlation of variables, one in each row.
import { RuntimeError } from '../errors'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { warn } from '../warnings'

/**
 * The covariance of the rows (variables) over the columns (observations); divides by n - 1 unless `correction` says otherwise.
 * @shape (m, n) → (m, m)
 */
export function cov(self: Tensor, options: { correction?: number } = {}): Tensor {
  const [correction] = accept<[number]>('cov(Tensor input, int correction=1)', self, options)
  if (self.sizes.length > 2) {
    throw new RuntimeError(
      `cov(): expected input to have two or fewer dimensions but got an input with ${self.sizes.length} dimensions`,
    )
  }
  const x = self.sizes.length < 2 ? self.view(1, -1) : self
  const n = x.sizes[1]!
  if (n - correction <= 0)
    warn('cov(): degrees of freedom is <= 0. Correction should be strictly less than the number of observations.')
  const centred = x.sub(x.mean(1, { keepdim: true }))
  return centred
    .mm(centred.t())
    .div(Math.max(n - correction, 0))
    .squeeze()
}

/**
 * Pearson's correlation of the rows (variables) over the columns (observations), between -1 and 1.
 * @shape (m, n) → (m, m)
 */
export function corrcoef(self: Tensor): Tensor {
  accept('corrcoef(Tensor input)', self)
  const c = cov(self)
  if (c.sizes.length === 0) return c.div(c)
  const deviation = c.diag().sqrt()
  return c.div(deviation.view(-1, 1)).div(deviation.view(1, -1)).clamp(-1, 1)
}

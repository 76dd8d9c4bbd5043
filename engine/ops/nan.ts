// Reductions that leave nan out.
import type { Tensor } from '../tensor'
import { type Along, everything, parseReduce, type Reduce, spread } from './along'
import { needs, type Op, op1 } from './op'
import { where } from './where'

const sumWithoutNan: Op<[self: Tensor, args: Along]> = op1<Along>({
  gradFn: 'NansumBackward0',
  forward: (self, { dims, keepdim }) => {
    const x = self.detach()
    return where(x.isnan(), 0, x).sum(dims, { keepdim })
  },
  self: needs('self', (grad, { self, args }) => spread(grad, self.sizes, args).mul(self.isnan().logical_not())),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      { dims: [0], keepdim: true },
    ],
  ],
})

/** The sum of all elements, or along dimensions, where nan counts as 0. */
export const nansum: Reduce = (self, dim, keepdim) => {
  const { along, dtype } = parseReduce(self, dim, keepdim, 'nansum')
  return sumWithoutNan(dtype ? self.to(dtype) : self, along ?? everything(self))
}

/** The mean of all elements, or along dimensions, nan left out. */
export const nanmean: Reduce = (self, dim, keepdim) => {
  const { along } = parseReduce(self, dim, keepdim, 'nanmean')
  const { dims, keepdim: keep } = along ?? everything(self)
  const count = self.detach().isnan().logical_not().sum(dims, { keepdim: keep })
  return nansum(self, dim, keepdim).div(count)
}

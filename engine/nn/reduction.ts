// What becomes of the losses of single elements.
import { no_grad } from '../autograd/mode'
import { ValueError } from '../errors'
import { numelOf } from '../shape'
import type { Tensor } from '../tensor'

/** What becomes of the losses of the elements. */
export type Reduction = 'mean' | 'sum' | 'none'

/** What every loss accepts: `{ reduction: 'none' }` gives a loss for each element instead of their mean. */
export interface LossOptions {
  reduction?: Reduction
}

/** Refuses a word that is none of the three. */
export function checkReduction(reduction: string): void {
  if (reduction === 'mean' || reduction === 'sum' || reduction === 'none') return
  throw new ValueError(
    `${reduction} is not a valid value for reduction`,
    "It is 'mean', 'sum', or 'none' for a loss of each element.",
  )
}

/** The losses of the elements, or their mean or sum. */
export function reduced(losses: Tensor, reduction: Reduction): Tensor {
  return no_grad(() => (reduction === 'mean' ? losses.mean() : reduction === 'sum' ? losses.sum() : losses))
}

/** The same as recorded operations, where PyTorch composes the loss of those. */
export function reducedAnew(losses: Tensor, reduction: Reduction): Tensor {
  return reduction === 'mean' ? losses.mean() : reduction === 'sum' ? losses.sum() : losses
}

/** By what a mean divides: the factor of every element's gradient. */
export function share(elements: Tensor, reduction: Reduction): number {
  return reduction === 'mean' ? 1 / numelOf(elements.sizes) : 1
}

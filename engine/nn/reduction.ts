// What becomes of the losses of single elements.
import { ValueError } from '../errors'

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

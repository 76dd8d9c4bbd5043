// The Gumbel softmax: a draw from a distribution through which gradients flow.
import { exponential_ } from '../ops/random'
import { accept } from '../signature'
import { Tensor } from '../tensor'

/** How soft the draw is; whether the result is one-hot all the same; along which dimension. */
export interface GumbelOptions {
  tau?: number
  hard?: boolean
  dim?: number
}

/**
 * The softmax of `logits` and Gumbel noise, over `tau`: a draw of one class, the softer the larger `tau`. If `hard`, one-hot, with
 * the gradient of the soft draw (Jang, Gu and Poole, 2017).
 * @shape A → A
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gumbel_softmax.html
 */
export function gumbel_softmax(
  logits: Tensor,
  tau: number | GumbelOptions = 1,
  hard?: boolean | GumbelOptions,
  options?: GumbelOptions,
): Tensor {
  const [temperature, isHard, dim] = accept<[number, boolean, number]>(
    'gumbel_softmax(Tensor logits, float tau=1, bool hard=False, int dim=-1)',
    logits,
    tau,
    hard,
    options,
  )
  const noise = exponential_(Tensor.zeros(logits.sizes, logits.dtype)).log().neg()
  const soft = logits.add(noise).div(temperature).softmax(dim)
  if (!isHard) return soft
  const [, index] = soft.max(dim, true) as [Tensor, Tensor]
  const oneHot = Tensor.zeros(logits.sizes, logits.dtype).scatter_(dim, index, 1)
  return oneHot.sub(soft.detach()).add(soft)
}

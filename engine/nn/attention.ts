// torch.nn.functional: attention.
import { RuntimeError } from '../errors'
import { softmax } from '../ops/softmax'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { dropout } from './layers'

/** Who may look at whom, and how. */
export interface AttentionOptions {
  /** True where a query may look at a key; or numbers that are added to the scores. */
  attn_mask?: Tensor | null
  dropout_p?: number
  /** Each query sees the keys up to its own place only. */
  is_causal?: boolean
  /** The factor of the scores: `1 / √E`, if not said. */
  scale?: number | null
}

/**
 * `softmax(query · keyᵀ · scale) · value`: queries (…, L, E), keys (…, S, E), values (…, S, V) to (…, L, V).
 * After Vaswani and others, Attention Is All You Need (2017).
 * @shape (..., l, e), (..., s, e), (..., s, v) → (..., l, v)
 */
export function scaled_dot_product_attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionOptions = {},
): Tensor {
  const [, , mask, dropout_p, is_causal, scale] = accept<
    [Tensor, Tensor, Tensor | null, number, boolean, number | null]
  >(
    'scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor attn_mask=None, float dropout_p=0, bool is_causal=False, float scale=None)',
    query,
    key,
    value,
    options,
  )
  if (is_causal && mask !== null) {
    throw new RuntimeError('_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True')
  }
  const [length, features] = query.sizes.slice(-2) as [number, number]
  // Half of the scale on each side, as PyTorch does to keep the numbers small.
  const half = Math.sqrt(scale ?? 1 / Math.sqrt(features))
  let scores = query.mul(half).matmul(key.mT.mul(half))
  const allowed = is_causal
    ? query
        .detach()
        .new_ones([length, key.sizes.at(-2)!])
        .tril()
        .bool()
    : mask
  if (allowed !== null) {
    scores =
      allowed.dtype.category === 0
        ? scores.masked_fill(allowed.logical_not(), Number.NEGATIVE_INFINITY)
        : scores.add(allowed)
  }
  const weights = softmax(scores, -1)
  return (dropout_p > 0 ? dropout(weights, dropout_p) : weights).matmul(value)
}

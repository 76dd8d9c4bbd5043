// Where a tensor of indices points to.
import { RuntimeError } from '../errors'
import { positions } from '../kernels/layout'
import { rowMajor } from '../kernels/map'
import type { Sizes } from '../shape'
import type { Tensor } from '../tensor'

export interface GatherArgs {
  dim: number
  index: Tensor
}

/** Positions in a row-major tensor of `sizes` of `index`'s entries along `dim`. */
export function places(sizes: Sizes, { dim, index }: GatherArgs, strides: Sizes, offset: number): Int32Array {
  const { data, offset: start } = rowMajor(index)
  const at = positions(
    index.sizes,
    strides.map((s, d) => (d === dim ? 0 : s)),
    offset,
  )
  const size = sizes[dim] ?? 1
  const step = strides[dim] ?? 0
  for (let i = 0; i < at.length; i++) {
    const k = data[start + i]!
    if (k < 0 || k >= size) throw new RuntimeError(`index ${k} is out of bounds for dimension ${dim} with size ${size}`)
    at[i]! += k * step
  }
  return at
}

// Where a tensor of indices points to.
import { RuntimeError } from '../errors'
import { positions } from '../kernels/layout'
import { rowMajor } from '../kernels/map'
import { formatSizes, numelOf, type Sizes, wrapDim } from '../shape'
import type { Tensor } from '../tensor'

export interface GatherArgs {
  dim: number
  index: Tensor
}

/** Refuses an index that is larger than what is gathered from. */
export function checkGathered(self: Tensor, { dim, index }: GatherArgs): void {
  if (index.sizes.length !== self.sizes.length) {
    throw new RuntimeError('Index tensor must have the same number of dimensions as input tensor')
  }
  for (const [d, size] of index.sizes.entries()) {
    if (d === dim || size <= self.sizes[d]!) continue
    throw new RuntimeError(
      `Size does not match at dimension ${d} expected index ${formatSizes(index.sizes)} to be no larger than self ${formatSizes(self.sizes)} apart from dimension ${dim}`,
    )
  }
}

/** Refuses an index that is larger than what is scattered into, or than what is scattered. */
export function checkScattered(self: Tensor, { dim, index }: GatherArgs, src?: Tensor): void {
  if (numelOf(index.sizes) === 0) return
  if (index.sizes.length !== self.sizes.length) {
    throw new RuntimeError('Index tensor must have the same number of dimensions as self tensor')
  }
  const isInside = index.sizes.every((size, d) => d === dim || size <= self.sizes[d]!)
  const isCovered =
    src === undefined || index.sizes.every((size, d) => size <= src.sizes[wrapDim(d, src.sizes.length)]!)
  if (isInside && isCovered) return
  const beyond = src === undefined ? '' : ` and to be no larger size than src ${formatSizes(src.sizes)}`
  throw new RuntimeError(
    `Expected index ${formatSizes(index.sizes)} to be no larger than self ${formatSizes(self.sizes)} apart from dimension ${dim}${beyond}`,
  )
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

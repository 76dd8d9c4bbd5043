// What stands between Python's brackets.
import type { Tensor } from '../tensor'

/** Python's `start:stop:step`. */
export class Slice {
  constructor(
    readonly start: number | null = null,
    readonly stop: number | null = null,
    readonly step: number | null = null,
  ) {}
}

/** `slice(1, 3)` is Python's `1:3`, `slice()` is `:`, `slice(null, null, 2)` is `::2`. One argument is where to stop. */
export function slice(start?: number | null, stop?: number | null, step?: number | null): Slice {
  return new Slice(start ?? null, stop ?? null, step ?? null)
}

/** Python's `...`: as many full slices as are missing. */
export const ellipsis = '...'

/** One entry between Python's brackets; null makes a new dimension. */
export type Index = number | boolean | null | '...' | Slice | Tensor | readonly number[]

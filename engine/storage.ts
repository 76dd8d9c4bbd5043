// The memory behind tensors: a typed array, and how many times it was changed in place.
import { allocate, type DType, float32, type TypedArray } from './dtype'

/**
 * Shared by a tensor and all of its views, so that a change through one of them is noticed by whoever saved another:
 * an operation remembers the version of what it saves, and backward compares.
 *
 * The elements lie in `data` from `start` on: the whole of it, or a place on the shelf.
 */
export class Storage {
  version = 0

  constructor(
    readonly data: TypedArray,
    readonly start = 0,
    readonly length = data.length,
  ) {}

  static zeros(dtype: DType, length: number): Storage {
    return new Storage(allocate(dtype, length))
  }

  /** A single number. */
  static of(value: number, dtype: DType): Storage {
    const storage = Storage.zeros(dtype, 1)
    storage.data[0] = value
    return storage
  }

  /** Memory for a result, which will be written in full: what is in it now means nothing. */
  static forResult(dtype: DType, length: number): Storage {
    if (dtype !== float32 || length > smallest) return new Storage(allocate(dtype, length))
    if (taken + length > shelf.length) {
      shelf = new Float32Array(shelf.length)
      taken = 0
    }
    const start = taken
    // Each begins at a multiple of 16 bytes, as tensors do in PyTorch: the order of sums in kernels/matmul.ts depends on it.
    taken += (length + 3) & ~3
    return new Storage(shelf, start, length)
  }
}

// A typed array costs several times as much as the few numbers in it, so small results stand side by side in one. Not in a
// long one: whoever keeps a single tensor keeps the whole shelf.
const smallest = 128
let shelf = new Float32Array(1024)
let taken = 0

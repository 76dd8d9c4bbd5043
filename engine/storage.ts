// The memory behind tensors: a typed array, and how many times it was changed in place.
import { allocate, type DType, type TypedArray } from './dtype'

/**
 * Shared by a tensor and all of its views, so that a change through one of them is noticed by whoever saved another:
 * an operation remembers the version of what it saves, and backward compares.
 */
export class Storage {
  version = 0

  constructor(readonly data: TypedArray) {}

  static zeros(dtype: DType, length: number): Storage {
    return new Storage(allocate(dtype, length))
  }
}

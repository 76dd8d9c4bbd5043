// What PyTorch's C++ composes of other operations, recorded as it records it.
import { recording } from '../autograd/record'

/** Runs `compute` as if in C++, where `x * 2` is another overload than in Python: `MulBackward1`. */
export function asInside<Result>(compute: () => Result): Result {
  const before = recording.ofRules
  recording.ofRules = true
  try {
    return compute()
  } finally {
    recording.ofRules = before
  }
}

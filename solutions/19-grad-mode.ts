// Lesson 19: one switch for recording, and whoever turns it puts it back as it was.

/** A number, and how it was computed. */
export interface Value {
  name: string // for pictures and messages
  data: number
  requires_grad: boolean
  grad: number | null
  /** What made it; null for a leaf, and for whatever is not tracked. */
  node: Node | null
}

/** One recorded operation. */
export interface Node {
  op: string
  inputs: Value[]
  /** The vector-Jacobian product: from d(result)/d(output) to one number for each input (null where the input is not tracked). */
  vjp: (gradOut: number) => (number | null)[]
}

/** The switch: whether operations are recorded. */
let recording = true

function is_grad_enabled(): boolean {
  return recording
}

/** Turns the switch, and nobody puts it back. */
function turn(wanted: boolean): void {
  recording = wanted
}

/** A value that nothing recorded has made. The switch has no say in it. */
function leaf(name: string, data: number, requires_grad = false): Value {
  return { name, data, requires_grad, grad: null, node: null }
}

/** The value `data` that `op` made of `inputs`: tracked, with a node, if the switch is on and an input is tracked. */
export function record(op: string, inputs: Value[], data: number, vjp: Node['vjp']): Value {
  // #region todo: return the result, with a node if the switch is on and an input is tracked
  const requires_grad = recording && inputs.some((input) => input.requires_grad)
  return { name: op, data, requires_grad, grad: null, node: requires_grad ? { op, inputs, vjp } : null }
  // #endregion
}

/** What `body` returns, called with recording off. The switch is as it was afterwards, also where `body` throws. */
export function no_grad<T>(body: () => T): T {
  // #region todo: call body with recording off, and put the switch back as it was
  const before = recording
  recording = false
  try {
    return body()
  } finally {
    recording = before
  }
  // #endregion
}

/** What `body` returns, called with recording on. The switch is as it was afterwards, also where `body` throws. */
export function enable_grad<T>(body: () => T): T {
  // #region todo: call body with recording on, and put the switch back as it was
  const before = recording
  recording = true
  try {
    return body()
  } finally {
    recording = before
  }
  // #endregion
}

/** Turns the switch at once, and returns a guard that puts it back: `using _ = set_grad_enabled(false)`. */
export function set_grad_enabled(wanted: boolean): Disposable {
  // #region todo: turn the switch, and return an object that puts it back when it is disposed of
  const before = recording
  recording = wanted
  return {
    [Symbol.dispose]() {
      recording = before
    },
  }
  // #endregion
}

/** `body` in a block of its own, guarded by your `set_grad_enabled`. */
function block<T>(wanted: boolean, body: () => T): T {
  using _ = set_grad_enabled(wanted)
  return body()
}

export { block, is_grad_enabled, leaf, turn }

// Lesson 15: values that remember how they were computed. Plain numbers, nothing of the engine.

/** A number, and how it was computed. */
export interface Value {
  /** For pictures and messages. A computed value is named after its operation. */
  name: string
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

/** A value that nothing recorded has made. */
const leaf = (name: string, data: number, requires_grad = false): Value => ({
  name,
  data,
  requires_grad,
  grad: null,
  node: null,
})

export { leaf } // the suite makes its values with it

/** a * b, and the node that remembers it if one of them is tracked. */
export function mul(a: Value, b: Value): Value {
  throw new Error('TODO: multiply, and remember how if a or b is tracked')
}

/** The value `data` that `op` made of `inputs`, and the node that remembers it if one of them is tracked. `rule` gives a number for every input. */
export function record(op: string, inputs: Value[], data: number, rule: (gradOut: number) => number[]): Value {
  throw new Error('TODO: the same for any operation')
}

/** 1 if a is greater than b, and 0 otherwise: a fact, from which nobody walks back. */
export function greater(a: Value, b: Value): Value {
  throw new Error('TODO: compare a and b')
}

/** The number in `a`, cut off from how it was computed. `a` stays as it is. */
export function detach(a: Value): Value {
  throw new Error('TODO: return the same number without its past')
}

/** Whether nothing recorded has made `value`. */
export function isLeaf(value: Value): boolean {
  throw new Error('TODO: say whether it is a leaf')
}

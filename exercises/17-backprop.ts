// Lesson 17: backpropagation: from the result back to the leaves, with every gradient complete before it is passed on.

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

/** The gradient of each tracked value, with the value that it belongs to. */
export type Gradients = [Value, number][]

/** A value that nothing recorded has made. */
function leaf(name: string, data: number, requires_grad = false, grad: number | null = null): Value {
  return { name, data, requires_grad, grad, node: null }
}

/** The value `data` that `op` made of `inputs`, and the node that remembers it if one of them is tracked. `rule` gives a number for every input. */
function record(op: string, inputs: Value[], data: number, rule: (gradOut: number) => number[], name = op): Value {
  const requires_grad = inputs.some((input) => input.requires_grad)
  const vjp = (gradOut: number) => rule(gradOut).map((grad, i) => (inputs[i]!.requires_grad ? grad : null))
  return { name, data, requires_grad, grad: null, node: requires_grad ? { op, inputs, vjp } : null }
}

function add(a: Value, b: Value, name?: string): Value {
  return record('add', [a, b], a.data + b.data, (gradOut) => [gradOut, gradOut], name)
}

function mul(a: Value, b: Value, name?: string): Value {
  return record('mul', [a, b], a.data * b.data, (gradOut) => [gradOut * b.data, gradOut * a.data], name)
}

/** `y` and all tracked values behind it, each once, and none before a value that was computed from it (lesson 16). */
function topologicalOrder(y: Value): Value[] {
  const inputsOf = (value: Value) => value.node?.inputs.filter((input) => input.requires_grad) ?? []
  const waiting = new Map([[y, 0]]) // how many of the places where a value was used are still to come
  for (const value of waiting.keys()) {
    for (const input of inputsOf(value)) waiting.set(input, (waiting.get(input) ?? 0) + 1)
  }
  const order = [y]
  for (const value of order) {
    for (const input of inputsOf(value)) {
      waiting.set(input, waiting.get(input)! - 1)
      if (waiting.get(input) === 0) order.push(input)
    }
  }
  return order
}

/** The derivative of `y` by `x`: over every way that leads from `y` back to `x`, the product of its derivatives, added up. */
export function alongPaths(y: Value, x: Value): number {
  throw new Error('TODO: return 1 at x itself, and otherwise what comes to x by way of each input')
}

/** The gradients of all tracked values that `y` was computed from, when `gradient` arrives at `y`. No `.grad` is read or written. */
export function sweep(y: Value, gradient: number): Gradients {
  throw new Error('TODO: pass through every tracked value once, in topological order, and return its gradient')
}

/** Adds each gradient to the `.grad` of the value that it belongs to, if that is a leaf. */
export function deposit(gradients: Gradients): void {
  throw new Error('TODO: add each gradient to what its leaf holds')
}

/** The next walk begins a new sum: every leaf in the list holds no gradient afterwards, as if no walk had come by. */
export function zeroGrad(leaves: Value[]): void {
  throw new Error('TODO: let every leaf hold no gradient')
}

/** What `y.backward()` is: your sweep, and your deposit. */
function backward(y: Value, gradient = 1): void {
  deposit(sweep(y, gradient))
}

export { add, backward, leaf, mul, record, topologicalOrder }

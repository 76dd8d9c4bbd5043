// Lesson 16: the order in which a graph is walked. Plain values, nothing of the engine.

/** A number, and how it was computed. */
export interface Value {
  /** For pictures and messages. */
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

/** What a value was computed from, in the places of its operation; nothing for a leaf. */
const inputsOf = (value: Value): Value[] => value.node?.inputs ?? []

/** The values that the lines of `text` describe: `y a b` is a y computed from a and b, and comes after their lines. */
function graph(text: string): Value[] {
  const made = new Map<string, Value>()
  for (const line of text.split('\n')) {
    const [name = '', ...names] = line.split(' ')
    const inputs = names.map((input) => made.get(input)!)
    const node = inputs.length > 0 ? { op: 'op', inputs, vjp: () => inputs.map(() => 0) } : null
    made.set(name, { name, data: 0, requires_grad: true, grad: null, node })
  }
  return [...made.values()]
}

export { graph, inputsOf } // for the suite

/** Every value that `root` was computed from, and `root` itself: each once, in any order. */
export function reachable(root: Value): Value[] {
  // #region todo: list everything that root was computed from
  const found = new Set([root])
  for (const value of found) for (const input of inputsOf(value)) found.add(input)
  return [...found]
  // #endregion
}

/** Whether `order` is a topological order: each value once, and all of its inputs somewhere behind it. */
export function isTopological(order: Value[]): boolean {
  // #region todo: say whether every value stands before all of its inputs
  const places = new Map(order.map((value, place) => [value, place]))
  const isBehind = (input: Value, place: number) => (places.get(input) ?? -1) > place
  return (
    places.size === order.length &&
    order.every((value, place) => inputsOf(value).every((input) => isBehind(input, place)))
  )
  // #endregion
}

/** For each value that `root` was computed from, and for `root`: in how many places of how many operations it is used. */
export function countUses(root: Value): [Value, number][] {
  // #region todo: count in how many places each value is used
  const uses = new Map([[root, 0]])
  for (const [value] of uses) for (const input of inputsOf(value)) uses.set(input, (uses.get(input) ?? 0) + 1)
  return [...uses]
  // #endregion
}

/** Everything that `root` was computed from, in a topological order: `root` first, and each value before all of its inputs. */
export function topologicalOrder(root: Value): Value[] {
  // #region todo: list each value when nothing can arrive at it any more
  const waiting = new Map([[root, 0]])
  for (const [value] of waiting) for (const input of inputsOf(value)) waiting.set(input, (waiting.get(input) ?? 0) + 1)

  const order = [root]
  for (const value of order) {
    for (const input of inputsOf(value)) {
      const left = waiting.get(input)! - 1
      waiting.set(input, left)
      if (left === 0) order.push(input)
    }
  }
  return order
  // #endregion
}

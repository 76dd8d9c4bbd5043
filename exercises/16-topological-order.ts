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
  throw new Error('TODO: list everything that root was computed from')
}

/** Whether `order` is a topological order: each value once, and all of its inputs somewhere behind it. */
export function isTopological(order: Value[]): boolean {
  throw new Error('TODO: say whether every value stands before all of its inputs')
}

/** For each value that `root` was computed from, and for `root`: in how many places of how many operations it is used. */
export function countUses(root: Value): [Value, number][] {
  throw new Error('TODO: count in how many places each value is used')
}

/** Everything that `root` was computed from, in a topological order: `root` first, and each value before all of its inputs. */
export function topologicalOrder(root: Value): Value[] {
  throw new Error('TODO: list each value when nothing can arrive at it any more')
}

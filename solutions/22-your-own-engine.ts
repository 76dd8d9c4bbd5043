// Lesson 22: an engine in one file. Printing and random numbers are given; the record, the gradients, the sweep and the mode are yours.
import * as torch from '../engine'

/** A tensor of shape [n] that holds these numbers. */
export function tensor(data: number[], { requires_grad = false } = {}): Tensor {
  // #region todo: make a new Tensor of the numbers, tracked if that was asked for
  const made = new Tensor([...data])
  made.requires_grad = requires_grad
  return made
  // #endregion
}

/** 0, 1, 2 and so on: `n` numbers. */
function arange(n: number): Tensor {
  return tensor(Array.from({ length: n }, (_, i) => i))
}

/** Random numbers from the normal distribution, as PyTorch draws them. */
function randn(shape: number[], { requires_grad = false } = {}): Tensor {
  const numbers = torch.randn(shape).reshape([-1]).tolist() as number[]
  return new Tensor(numbers, shape).requires_grad_(requires_grad)
}

/** The same seed gives the same random numbers. */
function manual_seed(seed: number): void {
  torch.manual_seed(seed)
}

export { arange, manual_seed, randn }

// On plain arrays: element by element, and all of them.
const plus = (a: number[], b: number[]) => a.map((value, i) => value + b[i]!)
const times = (a: number[], b: number[]) => a.map((value, i) => value * b[i]!)
const total = (a: number[]) => a.reduce((sum, value) => sum + value, 0)

/** One recorded operation: what stands behind a tensor that was computed. */
export interface Node {
  /** What is printed as grad_fn: `MulBackward0`. */
  op: string
  inputs: Tensor[]
  /** The vector-Jacobian product: from the gradient of the result to one gradient for each input. */
  vjp: (gradOut: number[]) => number[][]
}

/** Whether operations are recorded at present. */
let recording = true
/** How many tensors were made so far. */
let count = 0

/** An array of numbers that knows how it was computed. */
export class Tensor {
  requires_grad = false
  grad: Tensor | null = null
  /** The operation that computed it; null for a leaf, and for whatever is not tracked. */
  node: Node | null = null
  /** Tensors are numbered as they are made: a result has a higher number than what went into it. */
  readonly serial = count++

  /** `data` holds the elements row by row; for bool, as 1 and 0. */
  constructor(
    readonly data: number[],
    readonly shape: number[] = [data.length],
    readonly dtype: torch.DType = torch.float32,
  ) {}

  /** A number as a tensor of this one's shape, with the number in every place. A tensor is handed back as it is. */
  like(value: Tensor | number): Tensor {
    return value instanceof Tensor ? value : new Tensor(Array(this.data.length).fill(value), this.shape)
  }

  /** As PyTorch prints it. A note that would pass column 80 goes to a line of its own. */
  toString(): string {
    const numbers = String(torch.tensor(this.data, { dtype: this.dtype }).reshape(this.shape)).slice(0, -1)
    const note = this.node ? `grad_fn=<${this.node.op}>` : this.requires_grad ? 'requires_grad=True' : ''
    if (note === '') return `${numbers})`
    const column = numbers.length - numbers.lastIndexOf('\n') + 1
    return `${numbers},${column + note.length + 2 > 80 ? '\n       ' : ' '}${note})`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  /** Tracks this very tensor from now on (or no more, if `value` is false), and returns it. */
  requires_grad_(value = true): this {
    // #region todo: set requires_grad, and return the tensor itself
    this.requires_grad = value
    return this
    // #endregion
  }

  /** Writes into this tensor, a fresh result, how it was computed, if anybody may ask for it, and returns it. */
  record(op: string, inputs: Tensor[], vjp: Node['vjp']): this {
    // #region todo: keep a node, if something tracked went in; return the tensor itself
    if (recording && inputs.some((input) => input.requires_grad)) {
      this.requires_grad = true
      this.node = { op, inputs, vjp }
    }
    return this
    // #endregion
  }

  /** The elementwise product with a tensor of the same shape, or with a number: MulBackward0. */
  mul(other: Tensor | number): Tensor {
    const factor = this.like(other)
    // #region todo: return the product, recorded with its vjp
    return new Tensor(times(this.data, factor.data), this.shape).record('MulBackward0', [this, factor], (gradOut) => [
      times(gradOut, factor.data),
      times(gradOut, this.data),
    ])
    // #endregion
  }

  /** The elementwise sum with a tensor of the same shape, or with a number: AddBackward0. */
  add(other: Tensor | number): Tensor {
    const summand = this.like(other)
    // #region todo: return the sum of the two, recorded with its vjp
    return new Tensor(plus(this.data, summand.data), this.shape).record('AddBackward0', [this, summand], (gradOut) => [
      gradOut,
      gradOut,
    ])
    // #endregion
  }

  /** The sum of all elements, of shape []: SumBackward0. */
  sum(): Tensor {
    // #region todo: return the sum of the elements, recorded with its vjp
    return new Tensor([total(this.data)], []).record('SumBackward0', [this], ([gradOut = 0]) => [
      this.data.map(() => gradOut),
    ])
    // #endregion
  }

  /** The dot product with a vector of the same length, of shape []: DotBackward0. */
  dot(other: Tensor): Tensor {
    // #region todo: return the dot product, recorded with its vjp
    return new Tensor([total(times(this.data, other.data))], []).record(
      'DotBackward0',
      [this, other],
      ([gradOut = 0]) => [other.data.map((value) => gradOut * value), this.data.map((value) => gradOut * value)],
    )
    // #endregion
  }

  /**
   * Walks the record back from here, and adds to `grad` of every tracked leaf that it comes to. `gradient` is the gradient of this
   * tensor itself: 1 for one number, and to be given for many.
   */
  backward(gradient?: Tensor): void {
    // #region todo: walk the record back, and add up the gradients in the leaves
    if (!this.requires_grad) throw new Error('this tensor is not tracked: there is no record to walk')
    if (!gradient && this.data.length !== 1) throw new Error('many values need a gradient to begin with')
    const gradients = new Map<Tensor, number[]>([[this, gradient?.data ?? [1]]])
    for (const tensor of topologicalOrder(this)) {
      const gradOut = gradients.get(tensor)!
      if (tensor.node) {
        for (const [i, grad] of tensor.node.vjp(gradOut).entries()) {
          const input = tensor.node.inputs[i]!
          const before = gradients.get(input)
          gradients.set(input, before ? plus(before, grad) : grad)
        }
      } else if (tensor.requires_grad) {
        tensor.grad = new Tensor(tensor.grad ? plus(tensor.grad.data, gradOut) : [...gradOut], tensor.shape)
      }
    }
    // #endregion
  }

  /** For each element, whether it equals that of `other`: dtype bool. Such an answer has no slope, and is never recorded. */
  eq(other: Tensor | number): Tensor {
    const { data } = this.like(other)
    // #region todo: compare element by element, 1 for equal and 0 for not
    const equal = this.data.map((value, i) => (value === data[i] ? 1 : 0))
    return new Tensor(equal, this.shape, torch.bool)
    // #endregion
  }

  /** Makes all elements 0, in this very tensor, and returns it. */
  zero_(): this {
    // #region todo: zero the elements in place
    this.data.fill(0)
    return this
    // #endregion
  }
}

/** `root` and all that it was computed from, in an order in which whatever uses a tensor comes before that tensor. */
function topologicalOrder(root: Tensor): Tensor[] {
  // #region todo: list the root and all that it was computed from, users first
  const found = new Set([root])
  for (const tensor of found) for (const input of tensor.node?.inputs ?? []) found.add(input)
  return [...found].sort((a, b) => b.serial - a.serial)
  // #endregion
}

/** Calls `body` with recording off, and returns what it returns. Afterwards, recording is as it was before. */
export function no_grad<T>(body: () => T): T {
  // #region todo: call body with recording off
  const before = recording
  recording = false
  try {
    return body()
  } finally {
    recording = before
  }
  // #endregion
}

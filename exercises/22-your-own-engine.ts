// Lesson 22: an engine in one file. Printing and random numbers are given; the record, the gradients, the sweep and the mode are yours.
import * as torch from '../engine'

/** A tensor of shape [n] that holds these numbers. */
export function tensor(data: number[], { requires_grad = false } = {}): Tensor {
  throw new Error('TODO: make a new Tensor of the numbers, tracked if that was asked for')
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
    throw new Error('TODO: set requires_grad, and return the tensor itself')
  }

  /** Writes into this tensor, a fresh result, how it was computed, if anybody may ask for it, and returns it. */
  record(op: string, inputs: Tensor[], vjp: Node['vjp']): this {
    throw new Error('TODO: keep a node, if something tracked went in; return the tensor itself')
  }

  /** The elementwise product with a tensor of the same shape, or with a number: MulBackward0. */
  mul(other: Tensor | number): Tensor {
    const factor = this.like(other)
    throw new Error('TODO: return the product, recorded with its vjp')
  }

  /** The elementwise sum with a tensor of the same shape, or with a number: AddBackward0. */
  add(other: Tensor | number): Tensor {
    const summand = this.like(other)
    throw new Error('TODO: return the sum of the two, recorded with its vjp')
  }

  /** The sum of all elements, of shape []: SumBackward0. */
  sum(): Tensor {
    throw new Error('TODO: return the sum of the elements, recorded with its vjp')
  }

  /** The dot product with a vector of the same length, of shape []: DotBackward0. */
  dot(other: Tensor): Tensor {
    throw new Error('TODO: return the dot product, recorded with its vjp')
  }

  /**
   * Walks the record back from here, and adds to `grad` of every tracked leaf that it comes to. `gradient` is the gradient of this
   * tensor itself: 1 for one number, and to be given for many.
   */
  backward(gradient?: Tensor): void {
    throw new Error('TODO: walk the record back, and add up the gradients in the leaves')
  }

  /** For each element, whether it equals that of `other`: dtype bool. Such an answer has no slope, and is never recorded. */
  eq(other: Tensor | number): Tensor {
    const { data } = this.like(other)
    throw new Error('TODO: compare element by element, 1 for equal and 0 for not')
  }

  /** Makes all elements 0, in this very tensor, and returns it. */
  zero_(): this {
    throw new Error('TODO: zero the elements in place')
  }
}

/** `root` and all that it was computed from, in an order in which whatever uses a tensor comes before that tensor. */
function topologicalOrder(root: Tensor): Tensor[] {
  throw new Error('TODO: list the root and all that it was computed from, users first')
}

/** Calls `body` with recording off, and returns what it returns. Afterwards, recording is as it was before. */
export function no_grad<T>(body: () => T): T {
  throw new Error('TODO: call body with recording off')
}

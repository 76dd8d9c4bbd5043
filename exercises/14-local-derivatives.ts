// Lesson 14: one backward rule for each operation, and three of them in a row. Plain numbers, nothing of the engine.

/** What a + b, a - b, a * b or a / b sends back to `a` and to `b`, when `gradOut` arrives at its result. */
export function binaryVjp(op: 'add' | 'sub' | 'mul' | 'div', gradOut: number, a: number, b: number): [number, number] {
  switch (op) {
    case 'add':
      throw new Error('TODO: the rule of a + b')
    case 'sub':
      throw new Error('TODO: the rule of a - b')
    case 'mul':
      throw new Error('TODO: the rule of a * b')
    case 'div':
      throw new Error('TODO: the rule of a / b')
  }
}

/** What x to the power of n sends back to `x`. `n` is a fixed number, and gets nothing. */
export function powVjp(gradOut: number, x: number, n: number): number {
  throw new Error('TODO: the rule of x to the power of n')
}

/** What exp, log, tanh or relu sends back to its input. `output` is what it made of `input`. */
export function unaryVjp(op: 'exp' | 'log' | 'tanh' | 'relu', gradOut: number, input: number, output: number): number {
  switch (op) {
    case 'exp':
      throw new Error('TODO: the rule of exp')
    case 'log':
      throw new Error('TODO: the rule of log')
    case 'tanh':
      throw new Error('TODO: the rule of tanh')
    case 'relu':
      throw new Error('TODO: the rule of relu')
  }
}

/** What tanh(w * x + b) sends back to `w`, to `x` and to `b`. */
export function neuronVjp(gradOut: number, w: number, x: number, b: number): [number, number, number] {
  throw new Error('TODO: go forward, then back through tanh, the addition and the multiplication')
}

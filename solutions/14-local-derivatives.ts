// Lesson 14: one backward rule for each operation, and three of them in a row. Plain numbers, nothing of the engine.

/** What a + b, a - b, a * b or a / b sends back to `a` and to `b`, when `gradOut` arrives at its result. */
export function binaryVjp(op: 'add' | 'sub' | 'mul' | 'div', gradOut: number, a: number, b: number): [number, number] {
  switch (op) {
    case 'add':
      // #region todo: the rule of a + b
      return [gradOut, gradOut]
    // #endregion
    case 'sub':
      // #region todo: the rule of a - b
      return [gradOut, -gradOut]
    // #endregion
    case 'mul':
      // #region todo: the rule of a * b
      return [gradOut * b, gradOut * a]
    // #endregion
    case 'div':
      // #region todo: the rule of a / b
      return [gradOut / b, (-gradOut * a) / (b * b)]
    // #endregion
  }
}

/** What x to the power of n sends back to `x`. `n` is a fixed number, and gets nothing. */
export function powVjp(gradOut: number, x: number, n: number): number {
  // #region todo: the rule of x to the power of n
  return n === 0 ? 0 : gradOut * n * x ** (n - 1)
  // #endregion
}

/** What exp, log, tanh or relu sends back to its input. `output` is what it made of `input`. */
export function unaryVjp(op: 'exp' | 'log' | 'tanh' | 'relu', gradOut: number, input: number, output: number): number {
  switch (op) {
    case 'exp':
      // #region todo: the rule of exp
      return gradOut * output
    // #endregion
    case 'log':
      // #region todo: the rule of log
      return gradOut / input
    // #endregion
    case 'tanh':
      // #region todo: the rule of tanh
      return gradOut * (1 - output * output)
    // #endregion
    case 'relu':
      // #region todo: the rule of relu
      return input > 0 ? gradOut : 0
    // #endregion
  }
}

/** What tanh(w * x + b) sends back to `w`, to `x` and to `b`. */
export function neuronVjp(gradOut: number, w: number, x: number, b: number): [number, number, number] {
  // #region todo: go forward, then back through tanh, the addition and the multiplication
  const output = Math.tanh(w * x + b)
  const gradSum = gradOut * (1 - output * output)
  return [gradSum * x, gradSum * w, gradSum]
  // #endregion
}

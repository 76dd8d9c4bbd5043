// Lesson 13: derivatives measured by moving the input a little, and gradients judged by them. Plain numbers, nothing of the engine.

/** The slope of `f` at `x`, measured from `x - h` to `x + h`: the central difference. */
export function derivative(f: (x: number) => number, x: number, h: number): number {
  // #region todo: return the central difference
  return (f(x + h) - f(x - h)) / (2 * h)
  // #endregion
}

/** The central difference of `f` at `x` for each element of `x`, with the others held. `x` is left as it is. */
export function partials(f: (x: number[]) => number, x: number[], h: number): number[] {
  // #region todo: return a central difference for each element
  return x.map((_, i) => {
    const moved = (by: number) => f(x.map((value, k) => (k === i ? value + by : value)))
    return (moved(h) - moved(-h)) / (2 * h)
  })
  // #endregion
}

/** How far `a` and `b` are apart, measured by the larger of them: from 0 (equal) to 2 (opposite). */
export function relativeError(a: number, b: number): number {
  // #region todo: return the difference, divided by the larger size
  const size = Math.max(Math.abs(a), Math.abs(b))
  return size === 0 ? 0 : Math.abs(a - b) / size
  // #endregion
}

/** Whether `gradient(x)` is the gradient of `f` at `x`: each element within a relative error of 1e-6 of what is measured with h = 1e-5. */
export function checkGradient(f: (x: number[]) => number, gradient: (x: number[]) => number[], x: number[]): boolean {
  // #region todo: measure each partial derivative, and compare it with what `gradient` says
  const [claimed, h] = [gradient(x), 1e-5]
  return x.every((_, i) => {
    const moved = (by: number) => f(x.map((value, k) => (k === i ? value + by : value)))
    const measured = (moved(h) - moved(-h)) / (2 * h)
    const size = Math.max(Math.abs(measured), Math.abs(claimed[i]!))
    return size === 0 || Math.abs(measured - claimed[i]!) / size < 1e-6
  })
  // #endregion
}

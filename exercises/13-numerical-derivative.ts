// Lesson 13: derivatives measured by moving the input a little, and gradients judged by them. Plain numbers, nothing of the engine.

/** The slope of `f` at `x`, measured from `x - h` to `x + h`: the central difference. */
export function derivative(f: (x: number) => number, x: number, h: number): number {
  throw new Error('TODO: return the central difference')
}

/** The central difference of `f` at `x` for each element of `x`, with the others held. `x` is left as it is. */
export function partials(f: (x: number[]) => number, x: number[], h: number): number[] {
  throw new Error('TODO: return a central difference for each element')
}

/** How far `a` and `b` are apart, measured by the larger of them: from 0 (equal) to 2 (opposite). */
export function relativeError(a: number, b: number): number {
  throw new Error('TODO: return the difference, divided by the larger size')
}

/** Whether `gradient(x)` is the gradient of `f` at `x`: each element within a relative error of 1e-6 of what is measured with h = 1e-5. */
export function checkGradient(f: (x: number[]) => number, gradient: (x: number[]) => number[], x: number[]): boolean {
  throw new Error('TODO: measure each partial derivative, and compare it with what `gradient` says')
}

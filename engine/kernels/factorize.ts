// Factors of a matrix in float64, row by row in memory, in the order of LAPACK's textbook algorithms.

/** The lower triangle L with L Lᵀ = A, in place of the n×n matrix; answers the order of the first minor that isn't positive, or 0. */
export function cholesky(a: Float64Array, n: number): number {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let rest = a[i * n + j]!
      for (let k = 0; k < j; k++) rest -= a[i * n + k]! * a[j * n + k]!
      if (i > j) a[i * n + j] = rest / a[j * n + j]!
      else if (rest > 0) a[j * n + j] = Math.sqrt(rest)
      else return j + 1
    }
    for (let i = 0; i < j; i++) a[i * n + j] = 0
  }
  return 0
}

/** Brings the m×n matrix `a` to its triangle R by Householder's reflections; answers Q (m×m), whose product with it is the matrix. */
export function householder(a: Float64Array, m: number, n: number): Float64Array {
  const q = new Float64Array(m * m)
  for (let i = 0; i < m; i++) q[i * m + i] = 1
  for (let k = 0; k < Math.min(m - 1, n); k++) {
    const v = new Float64Array(m)
    for (let i = k; i < m; i++) v[i] = a[i * n + k]!
    if (v.subarray(k + 1).every((x) => x === 0)) continue
    v[k]! += (v[k]! < 0 ? -1 : 1) * Math.hypot(...v.subarray(k))
    const scale = 2 / v.reduce((total, x) => total + x * x, 0)
    reflect(a, v, scale, n, 1, n)
    reflect(q, v, scale, m, m, 1)
    for (let i = k + 1; i < m; i++) a[i * n + k] = 0
  }
  return q
}

/** Each of `count` vectors x, `step` apart, becomes x - scale (v·x) v; its elements lie `along` apart. */
function reflect(data: Float64Array, v: Float64Array, scale: number, count: number, step: number, along: number): void {
  for (let c = 0; c < count; c++) {
    let product = 0
    for (let i = 0; i < v.length; i++) product += v[i]! * data[c * step + i * along]!
    for (let i = 0; i < v.length; i++) data[c * step + i * along]! -= scale * product * v[i]!
  }
}

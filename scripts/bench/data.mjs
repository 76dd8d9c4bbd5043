// The numbers that every engine computes with: the same ones, in float32, from a seed.

/** `n` numbers in [-scale, scale): a linear congruential generator, enough for weights that aren't all alike. */
export function numbers(n, scale, seed) {
  const out = new Float32Array(n)
  let state = seed
  for (let i = 0; i < n; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    out[i] = (state / 2 ** 31 - 1) * scale
  }
  return out
}

/** The same as rows. */
export function rows(m, n, scale, seed) {
  const flat = numbers(m * n, scale, seed)
  return Array.from({ length: m }, (_, i) => Array.from(flat.subarray(i * n, (i + 1) * n)))
}

/** W2: 64 samples of three numbers, and what the network is to answer. */
export const samples = rows(64, 3, 1, 1)
export const answers = samples.map(([a, b, c]) => Math.sin(a * 2) * b - c)
export const layers = [
  [3, 16],
  [16, 16],
  [16, 1],
]
/** The weights of a layer's neurons, and their biases. */
export const weightsOf = (layer) => rows(layers[layer][1], layers[layer][0], layers[layer][0] ** -0.5, 10 + layer)
export const biasesOf = (layer) => Array.from(numbers(layers[layer][1], 0.1, 20 + layer))
export const rate2 = 0.01

/** W3: a batch of 64 pictures of 784 points in ten classes. */
export const batch = 64
export const pictures = numbers(batch * 784, 1, 31)
export const classes = Array.from(numbers(batch, 5, 32), (x) => Math.floor(x + 5))
export const w1 = numbers(784 * 128, 784 ** -0.5, 33)
export const b1 = numbers(128, 0.1, 34)
export const w2 = numbers(128 * 10, 128 ** -0.5, 35)
export const b2 = numbers(10, 0.1, 36)
export const rate3 = 0.01
/** For engines that have no indexed loss: -1/64 where the row's class is, else 0, to be multiplied by the logarithms. */
export const picks = Float32Array.from({ length: batch * 10 }, (_, i) =>
  i % 10 === classes[Math.floor(i / 10)] ? -1 / batch : 0,
)

/** W4: a million numbers. */
export const million = numbers(1_000_000, 2, 41)

/** W5: two matrices and the weights of their product's elements. */
export const side = 512
export const left = numbers(side * side, 1, 51)
export const right = numbers(side * side, 1, 52)
export const weights = numbers(side * side, 1, 53)

/** What is compared of a large array: the first ten numbers. */
export const head = (array) => Array.from(array).slice(0, 10)

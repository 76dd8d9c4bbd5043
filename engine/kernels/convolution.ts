// The sums of products behind convolutions, their adjoints and their weights' gradients: one walk, three directions.
import type { TypedArray } from '../dtype'

/** Sizes along one of the two spatial dimensions. */
export interface Side {
  input: number
  kernel: number
  output: number
  stride: number
  padding: number
  dilation: number
}

/** Everything a convolution is made of but its numbers. A signal is an image of height 1. */
export interface Geometry {
  batch: number
  groups: number
  /** Channels of the input and the output, all groups together. */
  inputs: number
  outputs: number
  rows: Side
  columns: Side
}

/** Which of the three is computed from the other two. */
export type Wanted = 'input' | 'weight' | 'output'

/**
 * Walks over all pairs of an input and an output element that a weight connects, and adds the product of two of the three to the
 * third, which starts from 0 in float64. All three lie row by row: (batch, inputs, rows, columns), (outputs, inputs per group,
 * rows, columns), (batch, outputs, rows, columns).
 */
export function contract(wanted: Wanted, x: TypedArray, w: TypedArray, y: TypedArray, geometry: Geometry): void {
  const { batch, groups, inputs, outputs, rows, columns } = geometry
  const perGroup = inputs / groups
  const made = outputs / groups
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outputs; o++) {
      const group = Math.floor(o / made)
      for (let i = 0; i < perGroup; i++) {
        const image = (n * inputs + group * perGroup + i) * rows.input
        for (let kr = 0; kr < rows.kernel; kr++) {
          for (let kc = 0; kc < columns.kernel; kc++) {
            const weight = ((o * perGroup + i) * rows.kernel + kr) * columns.kernel + kc
            const shift = kc * columns.dilation - columns.padding
            const [from, to] = reach(columns, shift)
            for (let r = 0; r < rows.output; r++) {
              const row = r * rows.stride + kr * rows.dilation - rows.padding
              if (row < 0 || row >= rows.input) continue
              const source = (image + row) * columns.input + shift
              const target = ((n * outputs + o) * rows.output + r) * columns.output
              if (wanted === 'output') {
                const factor = w[weight]!
                for (let c = from; c < to; c++) y[target + c]! += x[source + c * columns.stride]! * factor
              } else if (wanted === 'input') {
                const factor = w[weight]!
                for (let c = from; c < to; c++) x[source + c * columns.stride]! += y[target + c]! * factor
              } else {
                let total = 0
                for (let c = from; c < to; c++) total += x[source + c * columns.stride]! * y[target + c]!
                w[weight]! += total
              }
            }
          }
        }
      }
    }
  }
}

/** The outputs of a row whose input element for this weight exists: from … to-1. */
function reach({ input, output, stride }: Side, shift: number): [from: number, to: number] {
  const from = Math.max(0, Math.ceil(-shift / stride))
  const to = Math.min(output, Math.floor((input - 1 - shift) / stride) + 1)
  return [from, to]
}

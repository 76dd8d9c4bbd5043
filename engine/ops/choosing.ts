// Operations that choose some elements of each line, and say where they were.
import { tracked } from '../autograd/graph'
import { isRecording } from '../autograd/mode'
import { needs, type Recordable, record } from '../autograd/record'
import { allocate, int64 } from '../dtype'
import { Tensor } from '../tensor'
import { restoreDims, rows } from './along'

interface Choice {
  dim: number
  keepdim: boolean
}

/** Chooses some indices of a line, in an order; the gradient goes back to where the elements came from. */
export function choosing(
  gradFn: string,
): (
  self: Tensor,
  dim: number,
  choose: (line: number[]) => number[],
  length: number,
  keepdim?: boolean,
) => [Tensor, Tensor] {
  const table: Recordable = {
    gradFn,
    rules: [
      needs<Choice>('indices', (grad, { indices, selfSizes, args: { dim, keepdim } }) => {
        const restored = (t: Tensor) => restoreDims(t, selfSizes, [dim], keepdim)
        return grad.new_zeros(selfSizes).scatter(dim, restored(indices), restored(grad))
      }),
    ],
  }
  return (self, dim, choose, length, keepdim = true) => {
    const { data, offset, length: n, count } = rows(self, self.sizes.length === 0 ? [] : [dim])
    const values = allocate(self.dtype, count * length)
    const indices = allocate(int64, count * length)
    for (let i = 0; i < count; i++) {
      const line = Array.from({ length: n }, (_, k) => data[offset + i * n + k]!)
      choose(line).forEach((k, j) => {
        values[i * length + j] = line[k]!
        indices[i * length + j] = k
      })
    }
    // Lines lie side by side; the dimension goes back to its place.
    const kept = self.sizes.toSpliced(dim, 1)
    const place = (t: Tensor) => {
      if (self.sizes.length === 0) return t.reshape([])
      return keepdim ? t.movedim(-1, dim).contiguous() : Tensor.own(t.storage.data, kept, t.dtype)
    }
    const [sorted, where] = [
      place(Tensor.own(values, [...kept, length], self.dtype)),
      place(Tensor.own(indices, [...kept, length], int64)),
    ]
    if (isRecording() && tracked(self)) record(table, sorted, { dim, keepdim }, self, null, null, where)
    return [sorted, where]
  }
}

/** nan is the largest of all. */
export function ascending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a - b
}

/** The indices that bring a line into order; equal ones keep theirs. */
export function order(line: number[], descending: boolean): number[] {
  const indices = line.map((_, k) => k)
  return indices.sort((i, j) => (descending ? ascending(line[j]!, line[i]!) : ascending(line[i]!, line[j]!)))
}

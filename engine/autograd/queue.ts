// Nodes whose gradients are complete, the youngest first.
import type { Node } from './node'

/** A binary heap by `sequence`. */
export class ReadyQueue {
  private readonly heap: Node[] = []

  push(node: Node): void {
    const { heap } = this
    let at = heap.length
    heap.push(node)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (heap[parent]!.sequence >= node.sequence) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = node
  }

  pop(): Node | undefined {
    const { heap } = this
    const top = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return top
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && heap[child + 1]!.sequence > heap[child]!.sequence) child++
      if (heap[child]!.sequence <= last.sequence) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
    return top
  }
}

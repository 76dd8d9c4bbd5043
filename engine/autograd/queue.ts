// Nodes that are ready to run, the youngest first.
import { LEAF, type Node } from './node'

/** A binary heap by `sequence`; leaves stand apart, and come either before all else or after it. */
export class ReadyQueue {
  private next: Node | null = null
  private readonly heap: Node[] = []
  readonly leaves: Node[] = []

  constructor(private readonly leavesFirst: boolean) {}

  push(node: Node): void {
    const { next, heap } = this
    if (node.sequence === LEAF) this.leaves.push(node)
    else if (next !== null) {
      // The youngest so far was found, and goes on being kept apart, unless this one is younger.
      if (next.sequence > node.sequence) this.insert(node)
      else {
        this.insert(next)
        this.next = node
      }
    } else if (heap.length === 0 || heap[0]!.sequence < node.sequence) this.next = node
    else this.insert(node)
  }

  pop(): Node | undefined {
    if (this.leavesFirst && this.leaves.length > 0) return this.leaves.shift()
    const { next } = this
    if (next === null) return this.youngest() ?? this.leaves.shift()
    this.next = null
    return next
  }

  /** All that are not leaves. */
  get nodes(): readonly Node[] {
    return this.next === null ? this.heap : [this.next, ...this.heap]
  }

  private insert(node: Node): void {
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

  private youngest(): Node | undefined {
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

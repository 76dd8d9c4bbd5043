// Nodes that a backward pass may run now, the youngest first.
import { LEAF, type Node } from './node'

/** A binary heap by `sequence`. Leaves stand apart: they come before all others, or after them. */
export class ReadyQueue {
  readonly leaves: Node[] = []
  private readonly nodes: Node[] = []
  /** The youngest of all, if it came last. Most do, and run at once: they need not go through the heap. */
  private next: Node | null = null

  constructor(private readonly leavesFirst: boolean) {}

  push(node: Node): void {
    if (node.sequence === LEAF) this.leaves.push(node)
    else if (this.isYoungest(node)) {
      if (this.next !== null) this.insert(this.next)
      this.next = node
    } else this.insert(node)
  }

  pop(): Node | undefined {
    if (this.leavesFirst && this.leaves.length > 0) return this.leaves.shift()
    const { next } = this
    this.next = null
    return next ?? this.youngest() ?? this.leaves.shift()
  }

  /** All that wait, but leaves. */
  get waiting(): readonly Node[] {
    return this.next === null ? this.nodes : [this.next, ...this.nodes]
  }

  private isYoungest(node: Node): boolean {
    const { next, nodes } = this
    if (next !== null) return node.sequence > next.sequence
    return nodes.length === 0 || node.sequence > nodes[0]!.sequence
  }

  private insert(node: Node): void {
    const { nodes } = this
    let at = nodes.length
    nodes.push(node)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (nodes[parent]!.sequence >= node.sequence) break
      nodes[at] = nodes[parent]!
      at = parent
    }
    nodes[at] = node
  }

  private youngest(): Node | undefined {
    const { nodes } = this
    const top = nodes[0]
    const last = nodes.pop()
    if (last === undefined || nodes.length === 0) return top
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= nodes.length) break
      if (child + 1 < nodes.length && nodes[child + 1]!.sequence > nodes[child]!.sequence) child++
      if (nodes[child]!.sequence <= last.sequence) break
      nodes[at] = nodes[child]!
      at = child
    }
    nodes[at] = last
    return top
  }
}

// What a cell adds to gradients that were there before it: the sum that backward makes, taken apart again.
import type * as Torch from '../../engine'

/** As printed: what a leaf's `grad` held before, and what has arrived since. Their sum is what it holds now. */
export interface Addition {
  held: string
  added: string
}

interface Leaf {
  name: string
  tensor: Torch.Tensor
  held: Torch.Tensor
  arrived: Torch.Tensor | undefined
  handle: { remove(): void }
}

export class Arrivals {
  private leaves: Leaf[] = []

  /** From now on, listens to what arrives at the leaves among these tensors. */
  begin(tensors: Readonly<Record<string, Torch.Tensor>>): void {
    this.end()
    for (const [name, tensor] of Object.entries(tensors)) {
      if (!tensor.is_leaf || !tensor.requires_grad || tensor.grad === null) continue
      const leaf: Omit<Leaf, 'handle'> = { name, tensor, held: tensor.grad.detach().clone(), arrived: undefined }
      const handle = tensor.register_hook((grad: Torch.Tensor) => {
        leaf.arrived = leaf.arrived ? leaf.arrived.add(grad.detach()) : grad.detach().clone()
      })
      this.leaves.push(Object.assign(leaf, { handle }))
    }
  }

  /** The leaves to whose gradients something was added, and nothing else happened. */
  additions(): Record<string, Addition> {
    const told = this.leaves.flatMap(({ name, tensor, held, arrived }) => {
      if (arrived === undefined || tensor.grad === null || String(held) === String(held.mul(0))) return []
      const isSum = String(held.add(arrived)) === String(tensor.grad.detach())
      return isSum ? [[name, { held: String(held), added: String(arrived) }] as const] : []
    })
    return Object.fromEntries(told)
  }

  end(): void {
    for (const { handle } of this.leaves) handle.remove()
    this.leaves = []
  }
}

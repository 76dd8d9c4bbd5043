// What is measured. Each engine's adapter (engines/) has a function of the same name for those it can do.
export interface WorkloadId {
  id: string
  what: string
}

export const workloads: WorkloadId[] = [
  { id: 'W1', what: 'four numbers: x = arange(4), y = 2 dot(x, x), backward' },
  { id: 'W2', what: 'scalars: a 3-16-16-1 network in which every number is a tensor, 64 samples, one training step' },
  { id: 'W3', what: 'a network: 784-128-10, a batch of 64, cross-entropy, one SGD step' },
  { id: 'W4', what: 'a million numbers: sum(exp(-x²) x + x) and its gradient' },
  { id: 'W5', what: 'matrices: 512 x 512, a weighted sum of their product, both gradients' },
]

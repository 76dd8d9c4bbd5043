// torch.autograd
export { backwardAll as backward, grad } from './backward'

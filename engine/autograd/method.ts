// The part of autograd that is a method of tensors.
export { backward } from './backward'
export { register_hook, requires_grad_, retain_grad } from './leaf'

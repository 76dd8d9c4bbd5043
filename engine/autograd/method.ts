// The part of autograd that is a method of tensors.
export { backward } from './backward'
export { register_hook, register_post_accumulate_grad_hook, requires_grad_, retain_grad } from './leaf'

// torch.optim
export { Adam, type AdamOptions, AdamW } from './adam'
export { Optimizer } from './optimizer'
export { SGD, type SGDOptions } from './sgd'

// torch.nn
export * as functional from './functional'
export { Module, Parameter } from './module'
export * from './modules'
export type { ConvOptions } from './networks'
export { AvgPool2d, Conv1d, Conv2d, Embedding, LayerNorm, MaxPool2d } from './networks'

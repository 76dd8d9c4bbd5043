// torch.nn
export { BatchNorm1d, BatchNorm2d, type BatchNormModuleOptions } from './batch-norm'
export { ModuleDict, ModuleList, ParameterList, Sequential } from './containers'
export * as functional from './functional'
export * as init from './init'
export { type IncompatibleKeys, Module, Parameter } from './module'
export * from './modules'
export type { ConvOptions } from './networks'
export { AvgPool2d, Conv1d, Conv2d, Embedding, LayerNorm, MaxPool2d } from './networks'

// torch.nn
export * as functional from './functional'
export { Module, Parameter } from './module'
export * from './modules'

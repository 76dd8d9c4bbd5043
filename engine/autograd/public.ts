// torch.autograd
export { detect_anomaly, set_detect_anomaly } from './anomaly'
export { backwardAll as backward, grad } from './backward'
export { CustomFunction as Function, FunctionContext, once_differentiable } from './function'
export * as functional from './functional'
export { GradcheckError, gradcheck, gradgradcheck } from './gradcheck'
export * as graph from './saved-hooks'

// The public module, flat as PyTorch's: `import * as torch from '../engine'`.
import './ops/methods'

export {
  enable_grad,
  inference_mode,
  is_grad_enabled,
  is_inference_mode_enabled,
  no_grad,
  set_grad_enabled,
} from './autograd/mode'
export { Node } from './autograd/node'
export * as autograd from './autograd/public'
export {
  Drawing,
  type DrawnEdge,
  type DrawnElements,
  type DrawnFunction,
  type DrawnTensor,
  type DrawOptions,
  draw,
} from './draw'
export { bool, type DType, type DTypeName, float32, float64, int32, int64 } from './dtype'
export { IndexError, NotImplementedError, RuntimeError, TorchError, TypeError, ValueError } from './errors'
export * as nn from './nn'
export * from './ops/arithmetic'
export { clone, detach, is_floating_point, numel } from './ops/basic'
export * from './ops/bounds'
export * from './ops/compare'
export * from './ops/create'
export * from './ops/extreme'
export * from './ops/functions'
export * from './ops/gathering'
export { ellipsis, type Index, index_put_, type Slice, slice } from './ops/indexing'
export * from './ops/join'
export * from './ops/linalg'
export * as linalg from './ops/linalg-module'
export * from './ops/matrix'
export * from './ops/norm'
export * from './ops/order'
export * from './ops/picking'
export * from './ops/products'
export * from './ops/random'
export * from './ops/reduce'
export * from './ops/rounding'
export * from './ops/scan'
export * from './ops/softmax'
export { det, inverse } from './ops/solving'
export * from './ops/sort'
export * from './ops/split'
export * from './ops/statistics'
export * from './ops/transcendental'
export * from './ops/views'
export * from './ops/where'
export * as optim from './optim'
export type { Generator } from './random/generator'
export { Tensor } from './tensor'

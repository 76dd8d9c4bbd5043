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
export * from './constants'
export {
  Drawing,
  type DrawnEdge,
  type DrawnElements,
  type DrawnFunction,
  type DrawnTensor,
  type DrawOptions,
  draw,
} from './draw'
export {
  bool,
  DType,
  type DTypeName,
  float32,
  float32 as float,
  float64,
  float64 as double,
  int32,
  int32 as int,
  int64,
  int64 as long,
} from './dtype'
export {
  AssertionError,
  AttributeError,
  IndexError,
  NotImplementedError,
  RuntimeError,
  TorchError,
  TypeError,
  ValueError,
} from './errors'
export * as nn from './nn'
export { conv_transpose1d, conv_transpose2d, conv1d, conv2d } from './nn/convolution'
export { max_pool1d, max_pool2d } from './nn/max-pooling'
export * from './ops/addition'
export * from './ops/aliases'
export * from './ops/arithmetic'
export { clone, detach, is_complex, is_floating_point, is_nonzero, is_same_size, is_signed, numel } from './ops/basic'
export * from './ops/bits'
export * from './ops/bounds'
export * from './ops/calculus'
export * from './ops/chains'
export * from './ops/compare'
export * from './ops/counting'
export * from './ops/covariance'
export * from './ops/create'
export * from './ops/distance'
export * from './ops/einsum'
export * from './ops/extreme'
export * from './ops/functions'
export * from './ops/gamma'
export * from './ops/gathering'
export * from './ops/gluing'
export { index_put, index_put_ } from './ops/indexing'
export * from './ops/join'
export * from './ops/linalg'
export * as linalg from './ops/linalg-module'
export * from './ops/lookup'
export * from './ops/matrix'
export * from './ops/mixing'
export { chain_matmul } from './ops/multi-dot'
export * from './ops/multinomial'
export * from './ops/nan'
export * from './ops/norm'
export * from './ops/order'
export * from './ops/picking'
export * from './ops/products'
export * from './ops/promotion'
export * from './ops/random'
export * from './ops/ranks'
export * from './ops/rearranging'
export * from './ops/reduce'
export * from './ops/rounding'
export * from './ops/row-distances'
export * from './ops/scan'
export * from './ops/scatter-reduce'
export { ellipsis, type Index, type Slice, slice } from './ops/slice'
export { type GradientOptions, gradient } from './ops/slopes'
export * from './ops/softmax'
export { det, inverse, logdet, slogdet } from './ops/solving'
export * from './ops/sort'
export * from './ops/special'
export * from './ops/split'
export * from './ops/statistics'
export * from './ops/tensordot'
export * from './ops/transcendental'
export * from './ops/views'
export * from './ops/where'
export * from './ops/writing'
export * as optim from './optim'
export type { Generator } from './random/generator'
export { Tensor } from './tensor'

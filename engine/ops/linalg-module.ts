// torch.linalg
export { matmul } from './linalg'
export { norm, norm as vector_norm } from './norm'
export { cross } from './products'
export { det, inverse as inv, solve } from './solving'

// torch.linalg
export { matrix_power } from './chains'
export { matmul } from './linalg'
export { matrix_norm, norm, vecdot, vector_norm } from './linalg-norms'
export { multi_dot } from './multi-dot'
export { cross } from './products'
export { solve } from './solve'
export { det, inverse as inv, slogdet } from './solving'

// PyTorch's second names: `x.multiply(y)` is `x.mul(y)`.
export {
  div as divide,
  div as true_divide,
  div_ as divide_,
  mul as multiply,
  mul_ as multiply_,
  neg as negative,
  neg_ as negative_,
  sub as subtract,
  sub_ as subtract_,
} from './arithmetic'
export { dim as ndimension, numel as nelement } from './basic'
export { clamp as clip, clamp_ as clip_ } from './bounds'
export { ge as greater_equal, gt as greater, le as less_equal, lt as less, ne as not_equal } from './compare'
export { abs as absolute, abs_ as absolute_ } from './functions'
export { outer as ger } from './linalg'
export { movedim as moveaxis, transpose as swapaxes, transpose as swapdims } from './order'
export { trunc as fix } from './rounding'
export {
  acos as arccos,
  acosh as arccosh,
  asin as arcsin,
  asinh as arcsinh,
  atan as arctan,
  atan2 as arctan2,
  atanh as arctanh,
} from './transcendental'

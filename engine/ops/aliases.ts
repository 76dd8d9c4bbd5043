// PyTorch's second names: `x.multiply(y)` is `x.mul(y)`.
export {
  /** {@link div}. */ div as divide,
  /** {@link div}. */ div as true_divide,
  /** {@link div_}. */ div_ as divide_,
  /** {@link mul}. */ mul as multiply,
  /** {@link mul_}. */ mul_ as multiply_,
  /** {@link neg}. */ neg as negative,
  /** {@link neg_}. */ neg_ as negative_,
  /** {@link sub}. */ sub as subtract,
  /** {@link sub_}. */ sub_ as subtract_,
} from './arithmetic'
export { /** {@link clamp}. */ clamp as clip, /** {@link clamp_}. */ clamp_ as clip_ } from './bounds'
export {
  /** {@link ge}. */ ge as greater_equal,
  /** {@link gt}. */ gt as greater,
  /** {@link le}. */ le as less_equal,
  /** {@link lt}. */ lt as less,
  /** {@link ne}. */ ne as not_equal,
} from './compare'
export { /** {@link abs}. */ abs as absolute, /** {@link abs_}. */ abs_ as absolute_ } from './functions'
export { /** {@link outer}. */ outer as ger } from './linalg'
export {
  /** {@link movedim}. */ movedim as moveaxis,
  /** {@link transpose}. */ transpose as swapaxes,
  /** {@link transpose}. */ transpose as swapdims,
} from './order'
export { /** {@link trunc}. */ trunc as fix } from './rounding'
export {
  /** {@link acos}. */ acos as arccos,
  /** {@link acosh}. */ acosh as arccosh,
  /** {@link asin}. */ asin as arcsin,
  /** {@link asinh}. */ asinh as arcsinh,
  /** {@link atan}. */ atan as arctan,
  /** {@link atan2}. */ atan2 as arctan2,
  /** {@link atanh}. */ atanh as arctanh,
} from './transcendental'

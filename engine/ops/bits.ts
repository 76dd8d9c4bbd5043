// Bitwise operations on whole numbers; on booleans they are the logical ones.
import { bool, type DType, int64 } from '../dtype'
import { NotImplementedError } from '../errors'
import { map1, map2, resultType } from '../kernels/map'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import type { Operand } from './op'

function refuseFloating(dtype: DType, name: string): void {
  if (!dtype.is_floating_point) return
  throw new NotImplementedError(
    `"${name}_cpu" not implemented for '${dtype.legacyName}'`,
    'Bits are for whole numbers and masks. For a power, say x.pow(y); to join conditions, compare first: x.gt(0).bitwise_and(x.lt(1)).',
  )
}

function bitwise(name: string, f: (a: bigint, b: bigint) => bigint, f32: (a: number, b: number) => number) {
  return (self: Tensor, other: Operand): Tensor => {
    accept(`${name}(Tensor input, Operand other)`, self, other)
    const type = resultType(self, other)
    refuseFloating(type, name)
    // JavaScript's own operators see 32 bits.
    return map2(self, other, type === int64 ? (a, b) => Number(f(BigInt(a), BigInt(b))) : f32)
  }
}

/**
 * `self & other` of whole numbers, or of masks: both true.
 * @shape A, B → broadcast(A, B)
 */
export const bitwise_and: (self: Tensor, other: Operand) => Tensor = bitwise(
  'bitwise_and',
  (a, b) => a & b,
  (a, b) => a & b,
)
/**
 * `self | other` of whole numbers, or of masks: at least one true.
 * @shape A, B → broadcast(A, B)
 */
export const bitwise_or: (self: Tensor, other: Operand) => Tensor = bitwise(
  'bitwise_or',
  (a, b) => a | b,
  (a, b) => a | b,
)
/**
 * `self ^ other` of whole numbers, or of masks: exactly one true.
 * @shape A, B → broadcast(A, B)
 */
export const bitwise_xor: (self: Tensor, other: Operand) => Tensor = bitwise(
  'bitwise_xor',
  (a, b) => a ^ b,
  (a, b) => a ^ b,
)

/**
 * `~self`: each bit turned, or a mask inverted.
 * @shape A → A
 */
export function bitwise_not(self: Tensor): Tensor {
  accept('bitwise_not(Tensor input)', self)
  refuseFloating(self.dtype, 'bitwise_not')
  return map1(self, self.dtype === bool ? (x) => 1 - x : (x) => -1 - x)
}

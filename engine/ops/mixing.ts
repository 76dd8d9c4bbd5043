// Steps from one tensor towards others: lerp, addcmul, addcdiv.
import { NotImplementedError, RuntimeError } from '../errors'
import { map2, map3, resultType } from '../kernels/map'
import { fused, rounding } from '../kernels/precision'
import { accept } from '../signature'
import type { Tensor } from '../tensor'
import { needs, type Operand, op2, op3 } from './op'

const lerpTensor = op3({
  gradFn: 'LerpBackward1',
  order: [1, 0, 2], // end, self, weight
  forward: (self, end, weight) =>
    map2(
      self,
      map2(
        weight,
        map2(end, self, (b, a) => b - a),
        (w, d) => w * d,
      ),
      (a, d) => a + d,
    ),
  self: needs('third', (grad, { third: weight }) => grad.mul(weight.rsub(1))),
  other: needs('third', (grad, { third: weight }) => grad.mul(weight)),
  third: needs('self', 'other', (grad, { self, other: end }) => grad.mul(end.sub(self))),
  samples: (t) => [[t([1, -2]), t([3, 0.5]), t([0.2, 0.7])]],
})

const lerpNumber = op2<Tensor, number>({
  gradFn: 'LerpBackward0',
  forward: (self, end, weight) => {
    // From the nearer end, with a fused step.
    const [round, fma] = [rounding(self), fused(self)]
    const w = round(weight)
    return map2(self, end, (a, b) => (Math.abs(w) < 0.5 ? fma(w, round(b - a), a) : fma(round(w - 1), round(b - a), b)))
  },
  self: (grad, { args: weight }) => grad.mul(1 - weight),
  other: (grad, { args: weight }) => grad.mul(weight),
  samples: (t) => [[t([1, -2]), t([3, 0.5]), 0.3]],
})

function checkLerp(self: Tensor, end: Tensor, weight: Operand): void {
  const expected = `expected dtype ${self.dtype.cppName} for`
  if (end.dtype !== self.dtype) throw new RuntimeError(`${expected} \`end\` but got dtype ${end.dtype.cppName}`)
  if (typeof weight !== 'number' && weight.dtype !== self.dtype && weight.sizes.length > 0) {
    throw new RuntimeError(`${expected} \`weight\` but got dtype ${weight.dtype.cppName}`)
  }
  if (!self.dtype.is_floating_point) {
    const kernel = `lerp_kernel_${typeof weight === 'number' ? 'scalar' : 'tensor'}`
    throw new NotImplementedError(`"${kernel}" not implemented for '${self.dtype.legacyName}'`)
  }
}

/**
 * `self + weight * (end - self)`: from one to the other.
 * @shape A, B → broadcast(A, B)
 */
export function lerp(self: Tensor, end: Tensor, weight: Operand): Tensor {
  accept('lerp(Tensor input, Tensor end, Operand weight)', self, end, weight)
  checkLerp(self, end, weight)
  return typeof weight === 'number' ? lerpNumber(self, end, weight) : lerpTensor(self, end, weight)
}

/** {@link lerp} in place. */
export function lerp_(self: Tensor, end: Tensor, weight: Operand): Tensor {
  accept('lerp_(Tensor input, Tensor end, Operand weight)', self, end, weight)
  checkLerp(self, end, weight)
  return typeof weight === 'number' ? lerpNumber.inplace(self, end, weight) : lerpTensor.inplace(self, end, weight)
}

const INTEGER_QUOTIENT =
  'Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true division of tensor1 and tensor2. The historic addcdiv behavior can be implemented as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as (input + value * tensor1 / tensor2) for float inputs. The future addcdiv behavior is just the latter implementation: (input + value * tensor1 / tensor2), for all dtypes.'

const addProduct = op3<number>({
  gradFn: 'AddcmulBackward0',
  order: [0, 1, 2],
  forward: (self, a, b, value) => {
    const [round, fma] = [rounding(self), fused(self)]
    const scale = round(value)
    return map3(self, a, b, (s, x, y) => fma(round(scale * x), y, s), self.dtype)
  },
  self: (grad) => grad,
  other: needs('third', (grad, { third: b, args: value }) => grad.mul(b.mul(value))),
  third: needs('other', (grad, { other: a, args: value }) => grad.mul(a.mul(value))),
  samples: (t) => [[t([1, -2]), t([3, 0.5]), t([0.2, 0.7]), 1.5]],
})

/**
 * `self + value * tensor1 * tensor2`.
 * @shape A, B, C → broadcast(A, B, C)
 */
export function addcmul(self: Tensor, tensor1: Tensor, tensor2: Tensor, options: { value?: number } = {}): Tensor {
  const [, , value] = accept<[Tensor, Tensor, number]>(
    'addcmul(Tensor input, Tensor tensor1, Tensor tensor2, float value=1)',
    self,
    tensor1,
    tensor2,
    options,
  )
  return addProduct(self, tensor1, tensor2, value)
}

/** {@link addcmul} in place. */
export function addcmul_(self: Tensor, tensor1: Tensor, tensor2: Tensor, options: { value?: number } = {}): Tensor {
  const [, , value] = accept<[Tensor, Tensor, number]>(
    'addcmul_(Tensor input, Tensor tensor1, Tensor tensor2, float value=1)',
    self,
    tensor1,
    tensor2,
    options,
  )
  return addProduct.inplace(self, tensor1, tensor2, value)
}

const addQuotient = op3<number>({
  gradFn: 'AddcdivBackward0',
  order: [0, 1, 2],
  forward: (self, a, b, value) => {
    if (!resultType(a, b).is_floating_point) throw new RuntimeError(INTEGER_QUOTIENT)
    const round = rounding(self)
    const scale = round(value)
    return map3(self, a, b, (s, x, y) => s + round(round(scale * x) / y), self.dtype)
  },
  self: (grad) => grad,
  other: needs('third', (grad, { third: b, args: value }) => grad.mul(b.reciprocal().mul(value))),
  third: needs('other', 'third', (grad, { other: a, third: b, args: value }) => grad.mul(a.div(b.mul(b)).mul(-value))),
  samples: (t) => [[t([1, -2]), t([3, 0.5]), t([0.2, 0.7]), 1.5]],
})

/**
 * `self + value * tensor1 / tensor2`.
 * @shape A, B, C → broadcast(A, B, C)
 */
export function addcdiv(self: Tensor, tensor1: Tensor, tensor2: Tensor, options: { value?: number } = {}): Tensor {
  const [, , value] = accept<[Tensor, Tensor, number]>(
    'addcdiv(Tensor input, Tensor tensor1, Tensor tensor2, float value=1)',
    self,
    tensor1,
    tensor2,
    options,
  )
  return addQuotient(self, tensor1, tensor2, value)
}

/** {@link addcdiv} in place. */
export function addcdiv_(self: Tensor, tensor1: Tensor, tensor2: Tensor, options: { value?: number } = {}): Tensor {
  const [, , value] = accept<[Tensor, Tensor, number]>(
    'addcdiv_(Tensor input, Tensor tensor1, Tensor tensor2, float value=1)',
    self,
    tensor1,
    tensor2,
    options,
  )
  return addQuotient.inplace(self, tensor1, tensor2, value)
}

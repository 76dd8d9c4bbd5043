// What the steps of a longer computation round to. PyTorch reckons in two ways, whose bits may differ: sixteen neighbours (of float64,
// eight) at a time with a library of vector functions, and what is left of a row, or lies apart, number by number.
import { type DType, float32 } from '../dtype'
import { expSingle } from './exp'
import { expSingle64 } from './exp64'
import { fma32, fma64 } from './fma'
import { type Function1, type Function2, vectored } from './loops'
import { exp2Vector, expm1Vector, expVector, log1pVector, logVector, tanhVector } from './sleef'
import { exp2Vector64, expm1Vector64, expVector64, log1pVector64, logVector64, tanhVector64 } from './sleef64'

export interface Steps {
  round(x: number): number
  exp(x: number): number
  exp2(x: number): number
  log(x: number): number
  log1p(x: number): number
  expm1(x: number): number
  tanh(x: number): number
  /** `a * b + c`, rounded once. */
  fma(a: number, b: number, c: number): number
}

export const singleSteps64: Steps = {
  round: (x) => x,
  exp: expSingle64,
  exp2: (x) => 2 ** x,
  log: Math.log,
  log1p: Math.log1p,
  expm1: Math.expm1,
  tanh: Math.tanh,
  fma: fma64,
}

export const vectorSteps64: Steps = {
  round: (x) => x,
  exp: expVector64,
  exp2: exp2Vector64,
  log: logVector64,
  log1p: log1pVector64,
  expm1: expm1Vector64,
  tanh: tanhVector64,
  fma: fma64,
}

export const singleSteps: Steps = {
  round: Math.fround,
  exp: expSingle,
  exp2: (x) => Math.fround(2 ** x),
  log: (x) => Math.fround(Math.log(x)),
  log1p: (x) => Math.fround(Math.log1p(x)),
  expm1: (x) => Math.fround(Math.expm1(x)),
  tanh: (x) => Math.fround(Math.tanh(x)),
  fma: fma32,
}

export const vectorSteps: Steps = {
  round: Math.fround,
  exp: expVector,
  exp2: exp2Vector,
  log: logVector,
  log1p: log1pVector,
  expm1: expm1Vector,
  tanh: tanhVector,
  fma: fma32,
}

/** The function that `make` makes of such steps, for each dtype; `makeVector`, where it is put together otherwise in vectors. */
export function stepwise<F extends Function1 | Function2>(
  make: (steps: Steps) => F,
  makeVector = make,
): (dtype: DType) => F {
  const inFloat32 = vectored(make(singleSteps), makeVector(vectorSteps))
  const inFloat64 = vectored(make(singleSteps64), makeVector(vectorSteps64))
  return (dtype) => (dtype === float32 ? inFloat32 : inFloat64)
}

// Printing is held to 1,220 tensors that PyTorch printed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fixed, floatRepr, intRepr, scientific } from './decimal'
import type { DTypeName } from './dtype'
import { formatTensor } from './print'

interface Printed {
  shape: number[]
  dtype: DTypeName
  vals: (number | boolean | string)[]
  rg: boolean
  gf: string | null
  repr: string
}

const recorded: Printed[] = JSON.parse(readFileSync(join(__dirname, 'recordings', 'printing.json'), 'utf8'))

const special: Record<string, number> = { nan: Number.NaN, inf: Infinity, '-inf': -Infinity, '-0': -0 }

function print({ shape, dtype, vals, rg, gf }: Printed): string {
  const values = vals.map((value) => (typeof value === 'string' ? special[value]! : value))
  return formatTensor({ sizes: shape, dtype, at: (i) => values[i]! }, { requires_grad: rg, grad_fn: gf ?? undefined })
}

test('there are 1,220 recorded tensors, of every dtype', () => {
  expect(recorded).toHaveLength(1220)
  expect(new Set(recorded.map((entry) => entry.dtype))).toEqual(
    new Set(['float32', 'float64', 'int64', 'int32', 'bool']),
  )
})

test('every recorded tensor prints as PyTorch printed it', () => {
  const differing = recorded.map((entry) => [print(entry), entry.repr]).filter(([ours, theirs]) => ours !== theirs)
  expect(differing).toEqual([])
})

test.each([
  [0.03125, 4, '0.0312'],
  [0.09375, 4, '0.0938'],
  [-0.03125, 4, '-0.0312'],
  [2.5, 0, '2'],
  [3.5, 0, '4'],
  [0.5, 0, '0'],
  [-0, 4, '-0.0000'],
  [-0.00001, 4, '-0.0000'],
  [1e21, 0, '1000000000000000000000'],
  [1e22, 2, '10000000000000000000000.00'],
  [Number.NaN, 4, 'nan'],
  [-Infinity, 4, '-inf'],
])('%d with %d decimals is %s', (x, digits, text) => {
  expect(fixed(x, digits)).toBe(text)
})

test.each([
  [100005, '1.0000e+05'],
  [100015, '1.0002e+05'],
  [999995, '1.0000e+06'],
  [-1e-5, '-1.0000e-05'],
  [1e100, '1.0000e+100'],
  [0, '0.0000e+00'],
  [-0, '-0.0000e+00'],
  [1.03125, '1.0312e+00'],
  [Infinity, 'inf'],
])('%d with an exponent is %s', (x, text) => {
  expect(scientific(x, 4)).toBe(text)
})

test.each([
  [28, '28.0'],
  [0.1, '0.1'],
  [-0, '-0.0'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [123456789.125, '123456789.125'],
  [1e15, '1000000000000000.0'],
  [1e16, '1e+16'],
  [1.5e300, '1.5e+300'],
  [Number.NaN, 'nan'],
])('the float %d has the repr %s', (x, text) => {
  expect(floatRepr(x)).toBe(text)
})

test('an int64 beyond 2^53 prints all of its digits', () => {
  expect(intRepr(2 ** 60)).toBe('1152921504606846976')
  expect(intRepr(-(2 ** 62))).toBe('-4611686018427387904')
  expect(intRepr(-0)).toBe('0')
})

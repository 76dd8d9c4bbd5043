// Hundreds of single expressions: value, flags, grad_fn, gradients and errors must be what PyTorch recorded.
import * as torch from '../index'
import { set_warning_handler } from '../warnings'
import { countNames, Missing } from './missing'
import { evaluatePython } from './python-expression'
import { type RecordedNumber, recording, type Shows, toNumber } from './recording'
import { exact, gradientToleranceOf, plus, toleranceOf, ulpDistance } from './tolerance'

interface Leaf {
  shape: number[]
  dtype: torch.DTypeName
  values: RecordedNumber[]
  requires_grad: boolean
}

interface Row {
  python: string
  shows?: Shows[]
  returns?: unknown
  error?: { type: string; message: string }
  backward?: { type: string; message: string }
  grads?: Record<string, RecordedNumber[]>
}

const { leaves, rows } = recording<{ leaves: Record<string, Leaf>; rows: Row[] }>(
  process.env.EXPRESSIONS ?? 'expressions.json',
)
set_warning_handler(() => {})

/** Names that expressions use and the engine has not, with the number of expressions. */
const notYet: string[] = []

const { float32, float64, int64, int32, bool } = torch
const dtypes: Record<torch.DTypeName, torch.DType> = { float32, float64, int64, int32, bool }

function scope(): Record<string, torch.Tensor> {
  const fresh = Object.entries(leaves).map(([name, { shape, dtype, values, requires_grad }]) => {
    const flat = torch.tensor(values.map(toNumber), { dtype: dtypes[dtype] })
    return [name, flat.reshape(shape).requires_grad_(requires_grad)] as const
  })
  return Object.fromEntries(fresh)
}

/** Everything that is seen of a result, in the form of the recordings. */
function run(python: string): Row {
  torch.manual_seed(0)
  const names = scope()
  const all = { torch, F: torch.nn.functional, ...names, a: names.x!.mul(1), c: names.m!.mul(1) }
  let result: unknown
  try {
    result = evaluatePython(python, all)
  } catch (error) {
    if (error instanceof Missing) throw error
    const { name, message } = error as Error
    return { python, error: { type: name, message } }
  }
  const list = Array.isArray(result) ? result : [result]
  const tensors = list.filter((one) => one instanceof torch.Tensor)
  if (tensors.length === 0) return { python, returns: result instanceof torch.DType ? String(result) : result }
  const row: Row = { python, shows: tensors.map(shows) }
  const weighted = tensors.filter((one) => one.requires_grad)
  if (weighted.length === 0) return row
  const total = weighted
    .map((one) => {
      const weights = torch.arange(one.numel(), { dtype: one.dtype }).remainder(5).sub(1.5).mul(0.5)
      return one.mul(weights.reshape(one.shape)).sum()
    })
    .reduce((a, b) => a.add(b))
  try {
    total.backward()
  } catch (error) {
    const { name, message } = error as Error
    row.backward = { type: name, message }
  }
  row.grads = Object.fromEntries(
    Object.entries(names).flatMap(([name, leaf]) => (leaf.is_leaf && leaf.grad ? [[name, numbers(leaf.grad)]] : [])),
  )
  return row
}

function numbers(t: torch.Tensor): number[] {
  return (t.detach().reshape(-1).tolist() as (number | boolean)[]).map(Number)
}

function shows(t: torch.Tensor): Shows {
  const { shape, requires_grad, is_leaf } = t
  const seen = { repr: String(t), shape, dtype: t.dtype.name, values: numbers(t), requires_grad, is_leaf }
  return t.grad_fn ? { ...seen, grad_fn: t.grad_fn.name() } : seen
}

/** Where the engine's answer differs from PyTorch's; empty if nowhere. */
function differences(theirs: Row): string[] {
  const ours = run(theirs.python)
  const found: string[] = []
  const same = (what: string, a: unknown, b: unknown) => {
    if (JSON.stringify(a) !== JSON.stringify(b))
      found.push(`${what}: ${JSON.stringify(a)}, PyTorch: ${JSON.stringify(b)}`)
  }
  const near = (what: string, a: RecordedNumber[], b: RecordedNumber[], dtype: string, tolerance = exact) => {
    const [x, y] = [a.map(toNumber), b.map(toNumber)]
    const off = Math.max(
      0,
      ...x.map((value, i) =>
        Math.abs(value - y[i]!) <= tolerance.absolute ? 0 : ulpDistance(value + 0, y[i]! + 0, dtype),
      ),
    )
    if (x.length !== y.length || off > tolerance.ulps) found.push(`${what} (${off} ulps): ${x}, PyTorch: ${y}`)
  }
  const calls = [...theirs.python.matchAll(/(\w+)\(/g)].map((match) => match[1]!)
  const forward = calls.map(toleranceOf).reduce(plus, exact)
  const backward = calls.map(gradientToleranceOf).reduce(plus, exact)
  same('error', ours.error, theirs.error)
  same('returns', ours.returns, theirs.returns)
  same('backward', ours.backward, theirs.backward)
  same('results', ours.shows?.length, theirs.shows?.length)
  ours.shows?.forEach((mine, k) => {
    const yours = theirs.shows?.[k]
    if (yours === undefined) return
    const { values, repr, ...flags } = mine
    const { values: wanted, repr: printed, ...others } = yours
    same('flags', flags, others)
    near('values', values, wanted, mine.dtype, forward)
    if (forward.ulps === 0 && forward.absolute === 0) same('repr', repr, printed)
  })
  const grads = Object.entries(theirs.grads ?? {})
  same(
    'leaves',
    Object.keys(ours.grads ?? {}),
    grads.map(([name]) => name),
  )
  for (const [name, values] of grads) {
    near(`${name}.grad`, ours.grads?.[name] ?? [], values, leaves[name]!.dtype, plus(forward, backward))
  }
  return found
}

test('every expression has the value, the flags, the grad_fn, the gradients or the error that PyTorch gives', () => {
  const missing: string[] = []
  const differing: string[] = []
  for (const row of rows) {
    try {
      const found = differences(row)
      if (found.length > 0) differing.push(`${row.python}\n    ${found.join('\n    ')}`)
    } catch (error) {
      if (error instanceof Missing) missing.push(error.missing)
      else differing.push(`${row.python}: ${error}`)
    }
  }
  expect({ differing, missing: countNames(missing) }).toEqual({ differing: [], missing: notYet })
})

test('a wrong value, gradient, flag, name or message is noticed', () => {
  const row = rows.find(({ python }) => python === 'x.multiply(y)')!
  const shows = row.shows![0]!
  const noticed = (change: Partial<Row>) => differences({ ...row, ...change }).join()
  expect(noticed({})).toBe('')
  expect(noticed({ shows: [{ ...shows, values: [1, ...shows.values.slice(1)] }] })).toContain('values')
  expect(noticed({ shows: [{ ...shows, grad_fn: 'DivBackward0' }] })).toContain('flags')
  expect(noticed({ grads: { ...row.grads, x: [0, ...row.grads!.x!.slice(1)] } })).toContain('x.grad')
  expect(noticed({ error: { type: 'RuntimeError', message: 'no' } })).toContain('error')
})

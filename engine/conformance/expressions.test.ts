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
  /** Whose gradients can be differentiated again. */
  again?: string[]
  /** Of each gradient, where all are recorded themselves, as the how-manieth and by which function it was computed. */
  grad_fns?: Record<string, [rank: number, name: string]>
}

const { leaves, rows } = recording<{ leaves: Record<string, Leaf>; rows: Row[] }>(
  process.env.EXPRESSIONS ?? 'expressions.json',
)
set_warning_handler(() => {})

/** Names that expressions use and the engine has not, with the number of expressions. */
const notYet: string[] = []

const inverse =
  'PyTorch solves an equation, of which the engine has no batches and no triangular ones: it multiplies by an inverse'
const steps = 'PyTorch has a formula for the second derivative; the engine takes that of the steps of the first'
/** Expressions whose gradients come from functions of other names than in PyTorch, and why. */
const otherFunctions = new Map([
  ['torch.linalg.slogdet(d)', inverse],
  ['d.slogdet()', inverse],
  ['d.logdet()', inverse],
  ['torch.linalg.cholesky(d)', inverse],
  ['torch.linalg.cholesky(d, upper=True)', inverse],
  ['torch.linalg.qr(d)', inverse],
  ['torch.autograd.grad(F.batch_norm(x,None,None,training=True).sum(), x, create_graph=True)[0]', steps],
])
const ofFunction = 'the function of the gradient for'

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
  Object.assign(row, derivatives(total, names))
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

function derivatives(total: torch.Tensor, names: Record<string, torch.Tensor>): Pick<Row, 'again' | 'grad_fns'> {
  const wanted = Object.keys(names).filter((name) => leaves[name]!.requires_grad)
  const inputs = wanted.map((name) => names[name]!)
  const gradients = (of: torch.Tensor) =>
    torch.autograd.grad(of, inputs, { create_graph: true, allow_unused: true }).map((grad) => grad?.grad_fn ?? null)
  try {
    const plain = gradients(total)
    const all = gradients(total.mul(torch.ones([], { requires_grad: true })))
    return {
      again: wanted.filter((_, k) => plain[k] !== null),
      grad_fns: Object.fromEntries(all.flatMap((fn, k) => (fn ? [[wanted[k]!, [fn.sequence, fn.name()]]] : []))),
    }
  } catch {
    return {}
  }
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
  same('gradients to be differentiated again', ours.again, theirs.again)
  const [mine, yours] = [ours.grad_fns ?? {}, theirs.grad_fns ?? {}]
  same('gradients that are recorded', Object.keys(mine), Object.keys(yours))
  for (const one of Object.keys(yours)) {
    same(`${ofFunction} ${one}`, mine[one]?.[1], yours[one]![1])
    for (const other of Object.keys(yours)) {
      const [first, second] = [mine[one]?.[0], mine[other]?.[0]]
      if (yours[one]![0] < yours[other]![0] && first !== undefined && second !== undefined && first > second)
        found.push(`the gradient for ${one} is computed after that for ${other}`)
    }
  }
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

/** What differs besides the names of functions, of which one at least must. */
function withoutNames(differences: string[]): string[] {
  const others = differences.filter((one) => !one.startsWith(ofFunction))
  return others.length < differences.length ? others : [...others, 'its function has the name that PyTorch gives']
}

test('every expression has the value, the flags, the grad_fn, the gradients or the error that PyTorch gives', () => {
  const missing: string[] = []
  const differing: string[] = []
  for (const row of rows) {
    try {
      const all = differences(row)
      const found = otherFunctions.has(row.python) ? withoutNames(all) : all
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
  const { x, y } = row.grad_fns!
  expect(noticed({ grad_fns: { x: [x![0], 'DivBackward0'], y: y! } })).toContain('the function of the gradient for x')
  expect(noticed({ grad_fns: { x: [y![0], x![1]], y: [x![0], y![1]] } })).toContain(
    'for x is computed after that for y',
  )
  expect(noticed({ again: ['x'] })).toContain('to be differentiated again')
  expect(noticed({ grad_fns: { x: x! } })).toContain('gradients that are recorded')
  expect(withoutNames([])).toHaveLength(1)
  expect(noticed({ error: { type: 'RuntimeError', message: 'no' } })).toContain('error')
})

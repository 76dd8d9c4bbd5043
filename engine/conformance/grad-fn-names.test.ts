// 237 expressions: the grad_fn of each must have the name that PyTorch prints.
import * as torch from '../index'
import { countNames, Missing } from './missing'
import { evaluatePython } from './python-expression'
import { recording } from './recording'

type Row = [expression: string, name: string | null, printed: string | null]

const rows = recording<Row[]>('grad_fn_names.json')

/** Names that expressions use and the engine has not yet, with the number of expressions. */
const notYet: string[] = ['half (1)'] // float16

function scope(): Record<string, unknown> {
  const leaf = (...sizes: number[]) => torch.rand(sizes, { requires_grad: true })
  torch.manual_seed(0)
  const [x, y, m, v, w, s] = [leaf(2, 3), leaf(2, 3), leaf(3, 3), leaf(3), leaf(3), leaf()]
  const [b3, c3, img, k] = [leaf(2, 3, 4), leaf(2, 4, 5), leaf(1, 1, 4, 4), leaf(1, 1, 2, 2)]
  const { nn } = torch as { nn?: { functional?: unknown } }
  return { torch, F: nn?.functional, x, y, m, v, w, s, b3, c3, img, k, a: x.mul(1) }
}

/** The name of an expression's grad_fn; null if it has none. */
function nameOf(expression: string): string | null {
  const result = evaluatePython(expression, scope())
  return result instanceof torch.Tensor ? (result.grad_fn?.name() ?? null) : `no tensor: ${result}`
}

test('grad_fn names agree with PyTorch', () => {
  const missing: string[] = []
  const differing: string[] = []
  for (const [expression, name] of rows) {
    // Its target must be between 0 and 1, and wasn't.
    if (name?.startsWith('ERR')) continue
    try {
      const ours = nameOf(expression)
      if (ours !== name) differing.push(`${expression}: ${ours}, PyTorch: ${name}`)
    } catch (error) {
      if (error instanceof Missing) missing.push(error.missing)
      else differing.push(`${expression}: ${error}`)
    }
  }
  expect(differing).toEqual([])
  expect(countNames(missing)).toEqual(notYet)
})

test('the evaluator reads precedence, keywords, slices and literals as Python does', () => {
  const value = (expression: string) =>
    String(
      evaluatePython(expression, {
        torch,
        x: torch.tensor([
          [1, 2],
          [3, 4],
        ]),
      }),
    )
  expect(value('-x**2')).toBe('tensor([[ -1.,  -4.],\n        [ -9., -16.]])')
  expect(value('1+x*2')).toBe('tensor([[3., 5.],\n        [7., 9.]])')
  expect(value('1-x')).toBe('tensor([[ 0., -1.],\n        [-2., -3.]])')
  expect(value('x[:,1:]')).toBe('tensor([[2.],\n        [4.]])')
  expect(value('x[0]')).toBe('tensor([1., 2.])')
  expect(value('x.sum(0,keepdim=True)')).toBe('tensor([[4., 6.]])')
  expect(value('torch.tensor([0,1])')).toBe('tensor([0, 1])')
  expect(value('torch.tensor([.5])')).toBe('tensor([0.5000])')
})

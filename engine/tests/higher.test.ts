// Gradients of gradients: what is recorded of a backward pass is what PyTorch records, name by name.
import * as torch from '..'

const points = [
  [0.5, 1, 2],
  [1, 0.25, 1],
]

/** The names of a gradient's node and of the nodes before it. */
function recorded(f: (x: torch.Tensor) => torch.Tensor): string[] {
  const x = torch.tensor(points, { requires_grad: true })
  const [g] = torch.autograd.grad(f(x).sum(), x, { create_graph: true })
  if (g.grad_fn === null) return []
  const before = g.grad_fn.next_functions.map(([node]) => node?.name().replace(/^.*::/, '') ?? 'null')
  return [g.grad_fn.name(), ...before]
}

// Read off PyTorch: grad(f(x).sum(), x, create_graph=True)[0].grad_fn and its next_functions.
test.each<[string, (x: torch.Tensor) => torch.Tensor, string[]]>([
  ['x³', (x) => x.pow(3), ['MulBackward0', 'null', 'MulBackward1']],
  ['2ˣ', (x) => torch.pow(2, x), ['MulBackward0', 'null', 'MulBackward1']],
  ['√x', (x) => x.sqrt(), ['DivBackward0', 'null', 'MulBackward1']],
  ['ln(1 + x)', (x) => x.log1p(), ['DivBackward0', 'null', 'AddBackward1']],
  ['eˣ - 1', (x) => x.expm1(), ['MulBackward0', 'null', 'AddBackward1']],
  ['sin x', (x) => x.sin(), ['MulBackward0', 'null', 'CosBackward0']],
  ['tanh x', (x) => x.tanh(), ['TanhBackwardBackward0', 'null', 'TanhBackward0']],
  ['sigmoid x', (x) => x.sigmoid(), ['SigmoidBackwardBackward0', 'null', 'SigmoidBackward0']],
  ['|x|', (x) => x.abs(), ['MulBackward0', 'null', 'SgnBackward0']],
  ['softmax', (x) => x.softmax(1), ['SoftmaxBackwardDataBackward0', 'null', 'SoftmaxBackward0']],
  ['ln Σ eˣ', (x) => x.logsumexp(1), ['MulBackward0', 'null', 'ExpBackward0']],
  ['variance', (x) => x.var(), ['MulBackward0', 'null', 'SubBackward0']],
  ['a sum, whose gradient does not depend on x', (x) => x.sum(1), []],
])('the gradient of %s', (_, f, names) => {
  expect(recorded(f)).toEqual(names)
})

test("a product by a number is the user's own in a custom Function", () => {
  class Double extends torch.autograd.Function {
    static override forward(_: torch.autograd.FunctionContext, x: torch.Tensor): torch.Tensor {
      return x.mul(2)
    }

    static override backward(_: torch.autograd.FunctionContext, grad: torch.Tensor): torch.Tensor {
      return grad.mul(2)
    }
  }
  const x = torch.tensor(3, { requires_grad: true })
  const [g] = torch.autograd.grad(Double.apply(x.mul(x)), x, { create_graph: true })
  expect(String(g)).toBe('tensor(12., grad_fn=<AddBackward0>)')
})

test('the derivative for the second operand is computed first: it decides in which order gradients meet', () => {
  const a = torch.tensor([0.25], { requires_grad: true })
  const b = torch.tensor([0.85], { requires_grad: true })
  const [f, g] = torch.autograd.grad(a.div(b).reciprocal().sum(), [a, b], { create_graph: true }) as torch.Tensor[]
  f!.mul(g!).sum().backward()
  expect(b.grad!.item()).toBe(-64) // in another order -63.99998
})

test('the result of a change in place that its rule saves is the new tensor, not the one before', () => {
  const x = torch.tensor(1, { requires_grad: true })
  const [g] = torch.autograd.grad(x.mul(2).reciprocal_(), x, { create_graph: true })
  expect(g.item()).toBe(-0.5) // -1/2 x^(-2)
  g.backward()
  expect(x.grad!.item()).toBe(1)
})

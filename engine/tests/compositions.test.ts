// Whatever operations are put together, the gradient is what the values say: random compositions against finite differences.
import fc from 'fast-check'
import * as torch from '..'

type Tensor = torch.Tensor
type Step = (x: Tensor) => Tensor

/** Functions that are smooth where their values stay, and keep them within bounds, so that differences measure well. */
const unary: Record<string, Step> = {
  sin: (x) => x.sin(),
  tanh: (x) => x.tanh(),
  sigmoid: (x) => x.sigmoid(),
  softplus: (x) => torch.nn.functional.softplus(x),
  gelu: (x) => torch.nn.functional.gelu(x),
  exp: (x) => x.tanh().exp(),
  log: (x) => x.square().add(1).log(),
  sqrt: (x) => x.square().add(0.5).sqrt(),
  reciprocal: (x) => x.square().add(1).reciprocal(),
  pow: (x) => x.tanh().pow(3),
  atan: (x) => x.atan(),
  mul: (x) => x.mul(0.7),
  rsub: (x) => x.rsub(1),
}

const shaping: Record<string, Step> = {
  transpose: (x) => x.mT,
  flip: (x) => x.flip(0),
  flatten: (x) => x.reshape([x.size(-1), -1]),
  softmax: (x) => x.softmax(-1),
  log_softmax: (x) => x.log_softmax(0),
  cumsum: (x) => x.cumsum(0).mul(0.5),
  // Not logcumsumexp: where a gradient is exactly 0, its second derivative is nan in PyTorch too (it takes its logarithm).
  cumprod: (x) => x.tanh().add(2).cumprod(-1).log(),
  centred: (x) => x.sub(x.mean(0, { keepdim: true })),
  normalized: (x) => x.div(x.tanh().add(2).norm(2, -1, { keepdim: true })),
  spread: (x) => x.div(x.var(0, { correction: 0, keepdim: true }).add(1)),
  roll: (x) => x.roll(1, 0),
  triangle: (x) => x.tril(),
  half: (x) => torch.cat([x.narrow(0, 0, 1), x], 0).narrow(0, 0, x.size(0)),
  logsumexp: (x) => x.sub(x.logsumexp(-1, { keepdim: true })),
  layer_norm: (x) => torch.nn.functional.layer_norm(x, [x.size(-1)], { eps: 0.5 }),
}

const pairing: Record<string, (x: Tensor, y: Tensor) => Tensor> = {
  add: (x, y) => x.add(y),
  mul: (x, y) => x.mul(y.tanh()),
  div: (x, y) => x.div(y.square().add(1)),
  matmul: (x, y) => x.matmul(x.mT).tanh().matmul(y.reshape(x.shape)),
  where: (x, y) => torch.where(y.detach().gt(0), x, y.mul(0.5)),
  lerp: (x, y) => x.lerp(y, 0.3),
  atan2: (x, y) => x.square().add(0.5).atan2(y),
  column: (x, y) => x.mul(y.mean(-1, { keepdim: true })),
}

/** A way from the input to a scalar: each step takes the value, and maybe one of those before it. */
interface Composition {
  rows: number
  columns: number
  values: number[]
  steps: { name: string; earlier: number }[]
  last: 'sum' | 'mean' | 'norm' | 'logsumexp'
}

const names = [...Object.keys(unary), ...Object.keys(shaping), ...Object.keys(pairing)]

const composition: fc.Arbitrary<Composition> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([rows, columns]) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      values: fc.array(
        fc.integer({ min: -150, max: 150 }).map((n) => n / 100 + 0.0037),
        { minLength: rows * columns, maxLength: rows * columns },
      ),
      steps: fc.array(fc.record({ name: fc.constantFrom(...names), earlier: fc.nat(9) }), {
        minLength: 1,
        maxLength: 6,
      }),
      last: fc.constantFrom('sum', 'mean', 'norm', 'logsumexp' as const),
    }),
  )

function compose({ steps, last }: Composition): Step {
  return (input) => {
    const values = [input]
    for (const { name, earlier } of steps) {
      const x = values[values.length - 1]!
      const other = values[earlier % values.length]!
      const step = unary[name] ?? shaping[name]
      values.push(step ? step(x) : pairing[name]!(x, other.reshape(x.shape)))
    }
    const x = values[values.length - 1]!
    if (last === 'norm') return x.tanh().add(2).norm() // never 0, where it has no second derivative
    return last === 'logsumexp' ? x.flatten().logsumexp(0) : x[last]()
  }
}

function inputOf({ rows, columns, values }: Composition): Tensor {
  return torch.tensor(values, { dtype: torch.float64 }).reshape([rows, columns]).requires_grad_()
}

const runs = { numRuns: 300, seed: 20_240_613 }

test('the gradient of any composition is what finite differences measure', () => {
  fc.assert(
    fc.property(composition, (c) => torch.autograd.gradcheck(compose(c), inputOf(c), { atol: 1e-5, rtol: 1e-4 })),
    runs,
  )
})

test('so is the gradient of the gradient', () => {
  fc.assert(
    fc.property(composition, (c) =>
      torch.autograd.gradgradcheck(compose(c), inputOf(c), null, { atol: 1e-4, rtol: 1e-3 }),
    ),
    { ...runs, numRuns: 60 },
  )
})

test('a Jacobian row by row, a product with it, and a gradient agree', () => {
  fc.assert(
    fc.property(composition, (c) => {
      const f = compose(c)
      const x = inputOf(c)
      const [gradient] = torch.autograd.grad(f(x), x)
      const jacobian = torch.autograd.functional.jacobian(f, x.detach()) as Tensor
      return gradient.allclose(jacobian.reshape(x.shape), { rtol: 1e-10, atol: 1e-12 })
    }),
    { ...runs, numRuns: 60 },
  )
})

test('a rule that is wrong in one place is found', () => {
  const wrong: Composition = { rows: 2, columns: 2, values: [0.1, 0.2, 0.3, 0.4], steps: [], last: 'sum' }
  class Wrong extends torch.autograd.Function {
    static override forward(_: torch.autograd.FunctionContext, x: Tensor): Tensor {
      return x.sin()
    }

    static override backward(_: torch.autograd.FunctionContext, grad: Tensor): Tensor {
      return grad
    }
  }
  const f: Step = (x) => compose(wrong)(Wrong.apply(x) as Tensor)
  expect(() => torch.autograd.gradcheck(f, inputOf(wrong), { atol: 1e-5, rtol: 1e-4 })).toThrow('Jacobian mismatch')
})

// Activations are held to the bits that PyTorch computed: the values, and the gradients for weights of -1.5, -0.5, 0.5, 1.5 and 2.5. Of some
// other functions the gradients alone are.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as torch from '../index'
import { noise } from '../recordings/noise'

interface Row {
  name: keyof typeof functions
  /** float32, where it isn't said. */
  dtype?: 'float64'
  seed: number
  n: number
  values: number[]
  grad: number[]
}

const F = torch.nn.functional
const functions = {
  sigmoid: F.sigmoid,
  silu: F.silu,
  logsigmoid: F.logsigmoid,
  gelu: F.gelu,
  gelu_tanh: (x: torch.Tensor) => F.gelu(x, { approximate: 'tanh' }),
  softplus: F.softplus,
  mish: F.mish,
  elu: F.elu,
  selu: F.selu,
  celu: (x: torch.Tensor) => F.celu(x, 0.7),
  softmax: (x: torch.Tensor) => F.softmax(x, 0),
  log_softmax: (x: torch.Tensor) => F.log_softmax(x, 0),
  glu: (x: torch.Tensor) => F.glu(x.narrow(0, 0, x.numel() - (x.numel() % 2))),
  exp2: torch.exp2,
}

const halves = (x: torch.Tensor) => x.split(48) as [torch.Tensor, torch.Tensor]
const others = {
  atan: torch.atan,
  atanh: torch.atanh,
  atan2: (x: torch.Tensor) => torch.atan2(...halves(x)),
  hypot: (x: torch.Tensor) => torch.hypot(...halves(x)),
}

interface Recorded {
  activations: Row[]
  gradients: { name: keyof typeof others; seed: number; n: number; grad: number[] }[]
  alone: { dtype: 'float32' | 'float64'; seed: number; n: number; sigmoid: number[] }[]
}

const { activations, gradients, alone }: Recorded = JSON.parse(
  readFileSync(join(__dirname, '..', 'recordings', 'kernels.json'), 'utf8'),
)

const cases = activations.map((row) => ({ ...row, dtype: row.dtype ?? 'float32' }) as const)

test.each(cases)('$name of $n $dtype has the bits of PyTorch, and its gradient has', ({ name, dtype, ...row }) => {
  const x = torch
    .tensor([...noise(row.seed, row.n, dtype)], dtypeOf(dtype))
    .mul(12)
    .requires_grad_()
  const y = functions[name](x)
  y.backward(weights(y))
  expect(y.tolist()).toEqual(row.values)
  expect(x.grad!.tolist()).toEqual(row.grad)
})

test.each(alone)('sigmoid of $n $dtype, each of them alone, has the bits of PyTorch', ({ dtype, seed, n, sigmoid }) => {
  const numbers = torch
    .tensor([...noise(seed, n, dtype)], dtypeOf(dtype))
    .mul(12)
    .unbind()
  expect(numbers.map((x) => x.sigmoid().item())).toEqual(sigmoid)
})

test.each(gradients)('the gradient of $name has the bits of PyTorch', (row) => {
  const x = torch.tensor([...noise(row.seed, row.n, 'float32')]).requires_grad_()
  const y = others[row.name](x)
  y.backward(weights(y))
  expect(x.grad!.tolist()).toEqual(row.grad)
})

function dtypeOf(name: 'float32' | 'float64') {
  return { dtype: name === 'float64' ? torch.float64 : torch.float32 }
}

function weights(y: torch.Tensor): torch.Tensor {
  return torch.arange(y.numel(), { dtype: y.dtype }).remainder(5).sub(1.5)
}

test('every function is recorded', () => {
  expect(gradients.map(({ name }) => name).sort()).toEqual(Object.keys(others).sort())
  expect(new Set(activations.map(({ name }) => name))).toEqual(new Set(Object.keys(functions)))
})

// Gradients where a function has no derivative: ties, edges, zeros, infinities.
import * as torch from '../../index'
import { agreesWithPyTorch, print } from './snippets'

const leaf = { requires_grad: true }

/** The gradient of the sum of f at x. */
function gradAt(data: number | number[], f: (x: torch.Tensor) => torch.Tensor): torch.Tensor | null {
  const x = torch.tensor(data, leaf)
  f(x).sum().backward()
  return x.grad
}

agreesWithPyTorch({
  relu_at_zero() {
    print(gradAt([-1, 0, 1], (x) => x.relu()))
  },
  abs_at_zero() {
    print(gradAt([-1, 0, 1], (x) => x.abs()))
  },
  max_ties() {
    print(gradAt([1, 2, 2], (x) => x.max()))
  },
  max_dim_ties() {
    print(gradAt([1, 2, 2], (x) => x.max(0)[0]))
  },
  amax_ties() {
    print(gradAt([1, 2, 2], (x) => x.amax(0)))
  },
  maximum_ties() {
    const [a, b] = [torch.tensor(2, leaf), torch.tensor(2, leaf)]
    torch.maximum(a, b).backward()
    print(a.grad, b.grad)
  },
  clamp_edges() {
    print(gradAt([-1, 0, 1, 2], (x) => x.clamp(0, 1)))
  },
  sqrt_zero_grad() {
    print(gradAt(0, (x) => x.sqrt()))
  },
  pow_zero_zero() {
    print(gradAt(0, (x) => x.pow(0)))
  },
  pow_tensor_exp_grad() {
    const [x, e] = [torch.tensor([2, 0], leaf), torch.tensor([3, 2], leaf)]
    x.pow(e).sum().backward()
    print(x.grad, e.grad)
  },
  log_zero_grad() {
    print(gradAt(0, (x) => x.log()))
  },
  div_zero_grad() {
    print(gradAt([1, 0], (x) => x.div(0)))
  },
  where_nan_grad() {
    print(gradAt([0, 4], (x) => torch.where(x.gt(0), x.sqrt(), x)))
  },
  where_select_grad() {
    print(gradAt([1, -1], (x) => torch.where(x.gt(0), x.mul(2), x.mul(3))))
  },
  norm_zero_grad() {
    print(gradAt([0, 0], (x) => x.norm()))
  },
  prod_zero_grad() {
    print(gradAt([2, 0, 3], (x) => x.prod()))
  },
  std_grad_single() {
    const x = torch.tensor([1], leaf)
    const y = x.std()
    print(y)
    y.backward()
    print(x.grad)
  },
  sign_grad() {
    print(gradAt([-2, 3], (x) => x.sign()))
  },
  round_grad() {
    const x = torch.tensor([0.5, 1.5, 2.5], leaf)
    const y = x.round()
    print(y)
    y.sum().backward()
    print(x.grad)
  },
})

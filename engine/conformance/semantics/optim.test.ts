// Optimizers: what they accept, a step, and zero_grad.
import * as torch from '../../index'
import { agreesWithPyTorch, print } from './snippets'

const leaf = { requires_grad: true }

agreesWithPyTorch({
  zero_grad_default_none() {
    const x = torch.ones(2, leaf)
    const o = new torch.optim.SGD([x], { lr: 0.1 })
    x.sum().backward()
    o.zero_grad()
    print(x.grad)
  },
  zero_grad_false() {
    const x = torch.ones(2, leaf)
    const o = new torch.optim.SGD([x], { lr: 0.1 })
    x.sum().backward()
    o.zero_grad({ set_to_none: false })
    print(x.grad)
  },
  sgd_step() {
    const x = torch.ones(2, leaf)
    const o = new torch.optim.SGD([x], { lr: 0.1 })
    x.mul(x).sum().backward()
    o.step()
    print(x)
  },
  optimizer_nonleaf() {
    new torch.optim.SGD([torch.ones(2, leaf).mul(2)], { lr: 0.1 })
  },
  optimizer_empty() {
    new torch.optim.SGD([], { lr: 0.1 })
  },
  optimizer_neg_lr() {
    new torch.optim.SGD([torch.ones(1, leaf)], { lr: -1 })
  },
  optimizer_tensor_not_iterable() {
    new torch.optim.SGD(torch.ones(1, leaf) as never, { lr: 0.1 })
  },
})

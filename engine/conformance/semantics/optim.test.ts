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
  sgd_prints() {
    const x = torch.ones(1, leaf)
    print(new torch.optim.SGD([x]))
    print(new torch.optim.SGD([x], { lr: 0.1, momentum: 0.9, nesterov: true }))
  },
  adam_prints() {
    const x = torch.ones(1, leaf)
    print(new torch.optim.Adam([x]))
    print(new torch.optim.AdamW([x], { lr: 1e-2 }))
  },
  sgd_unknown_option() {
    new torch.optim.SGD([torch.ones(1, leaf)], { foo: 1 } as never)
  },
  adam_unknown_option() {
    new torch.optim.Adam([torch.ones(1, leaf)], { foo: 1 } as never)
  },
  adam_negative_eps() {
    new torch.optim.Adam([torch.ones(1, leaf)], { eps: -1e-8 })
  },
  optimizer_same_twice() {
    const x = torch.ones(1, leaf)
    new torch.optim.SGD([x, x], { lr: 0.1 })
  },
  optimizer_same_in_two_groups() {
    const x = torch.ones(1, leaf)
    new torch.optim.SGD([{ params: [x] }, { params: [x] }], { lr: 0.1 })
  },
  optimizer_groups() {
    const x = torch.ones(1, leaf),
      y = torch.ones(1, leaf)
    const o = new torch.optim.SGD([{ params: [x] }, { params: [y], lr: 0.5 }], { lr: 0.1 })
    print(o)
    x.add(y).sum().backward()
    o.step()
    print(x, y)
    print(o.param_groups.length, o.param_groups[1]!.lr)
  },
  optimizer_add_param_group() {
    const x = torch.ones(1, leaf),
      y = torch.ones(1, leaf)
    const o = new torch.optim.SGD([x], { lr: 0.1 })
    o.add_param_group({ params: y, lr: 0.3 })
    print(o)
    o.add_param_group({ params: [x] })
  },
  optimizer_closure() {
    const x = torch.ones(2, leaf)
    const o = new torch.optim.SGD([x], { lr: 0.1 })
    const closure = () => {
      o.zero_grad()
      const l = x.mul(x).sum()
      l.backward()
      return l
    }
    print(o.step(closure))
    print(x)
    print(o.step())
  },
  zero_grad_keeps_object() {
    const x = torch.ones(2, leaf)
    const o = new torch.optim.SGD([x], { lr: 0.1 })
    o.step()
    print(x)
    x.mul(x).sum().backward()
    const g = x.grad
    o.zero_grad({ set_to_none: false })
    print(x.grad === g, g)
  },
  zero_grad_of_a_graph() {
    const w = torch.tensor([2], leaf)
    const o = new torch.optim.SGD([w], { lr: 0.1 })
    w.grad = w.mul(3)
    const g = w.grad
    o.zero_grad({ set_to_none: false })
    print(w.grad, g === w.grad)
  },
  optimizer_group_without_params() {
    new torch.optim.SGD([{ lr: 3 }] as never)
  },
  optimizer_group_and_tensor() {
    const x = torch.ones(1, leaf)
    new torch.optim.SGD([{ params: [x] }, x] as never)
  },
})

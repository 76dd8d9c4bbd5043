// Backward: what it starts from, what it frees, and where gradients go.
import * as torch from '../../index'
import { agreesWithPyTorch, print, tuple } from './snippets'

const leaf = { requires_grad: true }

agreesWithPyTorch({
  backward_nonscalar() {
    const x = torch.ones(3, leaf)
    x.mul(2).backward()
  },
  backward_no_grad_tensor() {
    torch.ones(1).backward()
  },
  backward_no_grad_nonscalar() {
    torch.ones(3).backward()
  },
  backward_computed_no_grad() {
    const x = torch.ones(3)
    x.mul(2).sum().backward()
  },
  backward_leaf_itself() {
    const x = torch.tensor(2, leaf)
    x.backward()
    print(x.grad)
  },
  backward_twice() {
    const x = torch.tensor(2, leaf)
    const y = x.mul(x)
    y.backward()
    y.backward()
  },
  backward_twice_add_ok() {
    const x = torch.tensor(2, leaf)
    const y = x.add(1)
    y.backward()
    y.backward()
    print(x.grad)
  },
  backward_twice_sum_ok() {
    const x = torch.ones(3, leaf)
    const y = x.mul(2).sum()
    y.backward()
    y.backward()
    print(x.grad)
  },
  backward_twice_mulconst() {
    const x = torch.tensor(2, leaf)
    const y = x.mul(3)
    y.backward()
    y.backward()
    print(x.grad)
  },
  sum_backward_twice_no_mul() {
    const x = torch.ones(3, leaf)
    const y = x.sum()
    y.backward()
    y.backward()
    print(x.grad)
  },
  neg_twice() {
    const x = torch.tensor(2, leaf)
    const y = x.neg()
    y.backward()
    y.backward()
    print(x.grad)
  },
  backward_retain_graph() {
    const x = torch.tensor(2, leaf)
    const y = x.mul(x)
    y.backward({ retain_graph: true })
    y.backward()
    print(x.grad)
  },
  backward_third_after_retain() {
    const x = torch.tensor(2, leaf)
    const y = x.mul(x)
    y.backward({ retain_graph: true })
    y.backward()
    y.backward()
  },
  shared_subgraph_second_backward() {
    const x = torch.tensor(2, leaf)
    const a = x.mul(x)
    const b = a.mul(2)
    const c = a.mul(3)
    b.backward()
    c.backward()
  },
  backward_grad_shape_mismatch() {
    const x = torch.ones(3, leaf)
    x.mul(2).backward(torch.ones(2))
  },
  backward_grad_shape_mismatch_scalar() {
    const x = torch.ones(3, leaf)
    x.mul(2).backward(torch.tensor(1))
  },
  backward_grad_shape_mismatch_2d() {
    const x = torch.ones(2, 3, leaf)
    x.mul(2).backward(torch.ones(3, 2))
  },
  backward_grad_wrong_type() {
    const x = torch.ones(3, leaf)
    x.mul(2).backward([1.5, 1.5, 1.5] as never)
  },
  backward_grad_dtype_mismatch() {
    const x = torch.ones(3, leaf)
    x.mul(2).backward(torch.ones(3, { dtype: torch.float64 }))
    print(x.grad!.dtype)
  },
  backward_int_gradient() {
    const x = torch.ones(3, leaf)
    x.mul(2).backward(torch.ones(3, { dtype: torch.int64 }))
  },
  backward_gradient_ok() {
    const x = torch.arange(3, leaf)
    x.mul(x).backward(torch.tensor([1, 10, 100]))
    print(x.grad)
  },
  backward_one_element_1d() {
    const x = torch.ones(1, leaf)
    x.mul(2).backward()
    print(x.grad)
  },
  backward_2d_one_element() {
    const x = torch.ones(1, 1, leaf)
    x.mul(2).backward()
    print(x.grad)
  },
  backward_empty() {
    const x = torch.ones(0, leaf)
    x.mul(2).backward()
  },
  backward_empty_sum() {
    const x = torch.ones(0, leaf)
    x.sum().backward()
    print(x.grad)
  },
  grad_accumulates() {
    const x = torch.arange(4, leaf)
    const y = torch.dot(x, x).mul(2)
    y.backward()
    print(x.grad)
    x.sum().backward()
    print(x.grad)
  },
  grad_identity_after_accumulate() {
    const x = torch.ones(2, leaf)
    x.sum().backward()
    const g = x.grad
    x.sum().backward()
    print(g === x.grad, g)
  },
  grad_is_same_object() {
    const x = torch.ones(2, leaf)
    x.sum().backward()
    const g = x.grad
    print(g === x.grad)
  },
  grad_none_initially() {
    print(torch.ones(2, leaf).grad)
  },
  grad_zero_inplace() {
    const x = torch.ones(2, leaf)
    x.sum().backward()
    x.grad!.zero_()
    print(x.grad, x.grad!.requires_grad)
  },
  grad_requires_grad_false() {
    const x = torch.ones(2, leaf)
    x.mul(x).sum().backward()
    print(x.grad!.requires_grad, x.grad!.is_leaf)
  },
  backward_create_graph_warning() {
    const x = torch.tensor(3, leaf)
    x.pow(3).backward({ create_graph: true })
    print(x.grad, x.grad!.requires_grad)
  },
  backward_inputs_arg() {
    const x = torch.tensor(3, leaf)
    const y = torch.tensor(2, leaf)
    x.mul(y).backward({ inputs: [x] })
    print(x.grad, y.grad)
  },
  backward_inputs_empty() {
    const x = torch.tensor(3, leaf)
    x.mul(x).backward({ inputs: [] })
  },
  backward_inputs_nonleaf() {
    const x = torch.tensor(3, leaf)
    const a = x.mul(2)
    a.mul(a).backward({ inputs: [a] })
    print(a.grad, x.grad)
  },
  autograd_backward_multi() {
    const x = torch.tensor(3, leaf)
    torch.autograd.backward([x.mul(2), x.mul(x)])
    print(x.grad)
  },
  autograd_backward_len_mismatch() {
    const x = torch.ones(2, leaf)
    torch.autograd.backward([x.mul(2), x.mul(3)], [torch.ones(2)])
  },
  leaf_grad_stolen_shares() {
    const x = torch.ones(2, leaf)
    const g = torch.tensor([3, 4])
    x.backward(g)
    print(x.grad === g, x.grad!.data_ptr() === g.data_ptr())
  },
  inplace_on_grad_after_backward() {
    const x = torch.ones(2, leaf)
    x.sum().backward()
    x.grad!.mul_(5)
    print(x.grad)
  },
  mul_scalar_zero_dim_saved() {
    const x = torch.tensor(2, leaf)
    const y = x.mul(x).mul(x)
    print(y)
    y.backward()
    print(x.grad)
  },
  diamond() {
    const x = torch.tensor(2, leaf)
    const a = x.mul(x)
    const b = a.mul(a)
    const c = a.add(b)
    c.mul(a).backward()
    print(x.grad)
  },
  deep_graph_10000() {
    const x = torch.tensor(1, leaf)
    let y = x as torch.Tensor
    for (let i = 0; i < 20000; i++) y = y.add(1)
    y.backward()
    print(x.grad)
  },
  python_control_flow() {
    const f = (a: torch.Tensor) => {
      let b = a.mul(2)
      while (b.norm().lt(1000).item()) b = b.mul(2)
      return b.sum().gt(0).item() ? b : b.mul(100)
    }
    const a = torch.tensor(0.7, leaf)
    const d = f(a)
    d.backward()
    print(d, a.grad!.eq(d.div(a)))
  },
  checkpoint_scalar_zero_dim_grad() {
    const x = torch.tensor(3, leaf)
    x.mul(torch.ones(2)).sum().backward()
    print(x.grad)
  },
  zero_dim_python_scalar_int_grad() {
    const x = torch.tensor(3, leaf)
    x.mul(2).backward()
    print(x.grad)
  },
  expand_grad_sum() {
    const x = torch.ones(1, 3, leaf)
    x.expand(4, 3).sum().backward()
    print(x.grad)
  },
  index_select_dup_grad() {
    const x = torch.ones(3, leaf)
    x.index([torch.tensor([0, 0, 2], { dtype: torch.int64 })])
      .sum()
      .backward()
    print(x.grad)
  },
  requires_grad_repr() {
    const x = torch.arange(4)
    x.requires_grad_(true)
    print(x)
    print(x.grad)
    print(torch.dot(x, x).mul(2))
  },
  ag_grad_basic() {
    const x = torch.tensor(3, leaf)
    print(tuple(torch.autograd.grad(x.pow(2), x)), x.grad)
  },
  ag_grad_unused() {
    const [x, z] = [torch.tensor(3, leaf), torch.tensor(1, leaf)]
    torch.autograd.grad(x.pow(2), [x, z])
  },
  ag_grad_allow_unused() {
    const [x, z] = [torch.tensor(3, leaf), torch.tensor(1, leaf)]
    print(tuple(torch.autograd.grad(x.pow(2), [x, z], { allow_unused: true })))
  },
  ag_grad_materialize() {
    const [x, z] = [torch.tensor(3, leaf), torch.tensor(1, leaf)]
    print(tuple(torch.autograd.grad(x.pow(2), [x, z], { materialize_grads: true })))
  },
  ag_grad_materialize_conflict() {
    const x = torch.tensor(3, leaf)
    torch.autograd.grad(x.pow(2), [x], { allow_unused: false, materialize_grads: true })
  },
  ag_grad_input_no_requires() {
    const x = torch.tensor(3, leaf)
    torch.autograd.grad(x.pow(2), [x, torch.tensor(1)])
  },
  ag_grad_output_no_requires() {
    torch.autograd.grad(torch.tensor(1), torch.tensor(3, leaf))
  },
  ag_grad_nonscalar() {
    const x = torch.ones(2, leaf)
    torch.autograd.grad(x.mul(2), x)
  },
  ag_grad_grad_outputs() {
    const x = torch.ones(2, leaf)
    print(tuple(torch.autograd.grad(x.mul(2), x, { grad_outputs: torch.tensor([1, 5]) })))
  },
  ag_grad_twice() {
    const x = torch.tensor(3, leaf)
    const y = x.pow(2)
    torch.autograd.grad(y, x)
    torch.autograd.grad(y, x)
  },
  ag_grad_create_graph() {
    const x = torch.tensor(3, leaf)
    const g = torch.autograd.grad(x.pow(3), x, { create_graph: true })[0]!
    print(g)
    const h = torch.autograd.grad(g, x, { create_graph: true })[0]!
    print(h)
    print(torch.autograd.grad(h, x)[0])
  },
  ag_grad_double_no_create() {
    const x = torch.tensor(3, leaf)
    const g = torch.autograd.grad(x.pow(3), x)[0]!
    torch.autograd.grad(g, x)
  },
  ag_grad_linear_second() {
    const x = torch.tensor(3, leaf)
    const g = torch.autograd.grad(x.mul(2), x, { create_graph: true })[0]!
    print(g)
    g.backward()
  },
  ag_grad_same_input_twice() {
    const x = torch.tensor(3, leaf)
    print(tuple(torch.autograd.grad(x.mul(2), [x, x])))
  },
  ag_grad_intermediate() {
    const y = torch.tensor(3, leaf).mul(2)
    print(tuple(torch.autograd.grad(y.mul(y), y)))
  },
  ag_grad_batched() {
    const x = torch.arange(3, leaf)
    const options = { grad_outputs: torch.eye(3), is_grads_batched: true }
    print(tuple(torch.autograd.grad(x.mul(x), x, options)))
  },
  jacobian() {
    print(torch.autograd.functional.jacobian((x) => x.pow(2), torch.arange(3)))
  },
  hessian() {
    print(torch.autograd.functional.hessian((x) => x.pow(3).sum(), torch.arange(3)))
  },
  ag_grad_no_inputs() {
    const x = torch.ones(2, leaf)
    torch.autograd.grad(x.sum(), [])
  },
  backward_inputs_no_requires() {
    const x = torch.ones(2, leaf),
      y = torch.ones(2)
    x.mul(y)
      .sum()
      .backward({ inputs: [y] })
  },
  hessian_strict_linear() {
    torch.autograd.functional.hessian((x) => x.sum(), torch.ones(2), { strict: true })
  },
})

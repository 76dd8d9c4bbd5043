// In-place changes: what is forbidden, what trips a saved value's version, and what becomes of the graph.
import * as torch from '../../index'
import { agreesWithPyTorch, print } from './snippets'

const leaf = { requires_grad: true }
const int64 = { dtype: torch.int64 }

agreesWithPyTorch({
  inplace_leaf() {
    torch.ones(2, leaf).add_(1)
  },
  inplace_leaf_mul_() {
    torch.ones(2, leaf).mul_(2)
  },
  inplace_leaf_setitem() {
    torch.ones(2, leaf).index_put_([0], 5)
  },
  inplace_leaf_zero_() {
    torch.ones(2, leaf).zero_()
  },
  inplace_leaf_view() {
    torch.ones(2, 2, leaf).view(4).add_(1)
  },
  inplace_leaf_slice_view() {
    torch.ones(2, 2, leaf).index([0]).mul_(2)
  },
  inplace_leaf_no_grad_ok() {
    const x = torch.ones(2, leaf)
    torch.no_grad(() => x.add_(1))
    print(x, x._version)
  },
  inplace_leaf_data_ok() {
    const x = torch.ones(2, leaf)
    x.data.mul_(3)
    print(x, x._version)
  },
  inplace_detach_bumps_version() {
    const x = torch.ones(2, leaf)
    x.detach().mul_(3)
    print(x, x._version)
  },
  inplace_saved_mul() {
    const a = torch.ones(3, leaf).mul(2)
    const b = a.mul(a)
    a.add_(1)
    b.sum().backward()
  },
  inplace_saved_exp() {
    const y = torch.ones(3, leaf).exp()
    y.add_(1)
    y.sum().backward()
  },
  inplace_saved_sigmoid() {
    const y = torch.ones(2, 2, leaf).sigmoid()
    y.index_put_([0], 0)
    y.sum().backward()
  },
  inplace_saved_pow() {
    const a = torch.ones(3, leaf).add(1)
    const b = a.pow(2)
    a.mul_(2)
    b.sum().backward()
  },
  inplace_saved_leaf_nograd() {
    const w = torch.ones(3, leaf)
    const y = w.mul(w).sum()
    torch.no_grad(() => w.add_(1))
    y.backward()
  },
  inplace_saved_sum_ok() {
    const x = torch.ones(3, leaf)
    const a = x.mul(2)
    const s = a.sum()
    a.add_(1)
    s.backward()
    print(x.grad)
  },
  inplace_not_saved_add_ok() {
    const x = torch.ones(3, leaf)
    const a = x.mul(2)
    const b = a.add(a)
    a.add_(1)
    b.sum().backward()
    print(x.grad)
  },
  inplace_saved_twice() {
    const a = torch.ones(3, leaf).mul(2)
    const b = a.mul(a)
    a.add_(1)
    a.mul_(2)
    b.sum().backward()
  },
  inplace_saved_matmul() {
    const w = torch.ones(2, 2, leaf)
    const a = torch.ones(2, 2)
    const y = a.matmul(w)
    a.add_(1)
    y.sum().backward()
  },
  inplace_data_bypass_wrong_grad() {
    const x = torch.ones(3, leaf)
    const a = x.mul(2)
    const b = a.mul(a)
    a.data.add_(1)
    b.sum().backward()
    print(x.grad)
  },
  inplace_chain_grad_fn() {
    const a = torch.ones(3, leaf).mul(2)
    const f = a.grad_fn
    a.add_(1)
    print(f, a.grad_fn, a._version)
  },
  inplace_view_rebase() {
    const x = torch.ones(2, 2, leaf)
    const a = x.mul(1)
    const v = a.index([0])
    v.mul_(3)
    print(a)
    print(v)
    a.sum().backward()
    print(x.grad)
  },
  inplace_unbind_view() {
    const a = torch.ones(2, 2, leaf).mul(1)
    a.unbind(0)[0]!.mul_(2)
  },
  inplace_expand() {
    torch.ones(1, leaf).mul(1).expand(3).add_(1)
  },
  inplace_expand_plain() {
    torch.ones(1).expand(3).add_(1)
  },
  inplace_broadcast_fail() {
    torch.ones(3).add_(torch.ones(2, 3))
  },
  inplace_dtype_fail() {
    torch.arange(3, int64).add_(0.5)
  },
  inplace_div_int_fail() {
    torch.arange(3, int64).div_(2)
  },
  inplace_requires_grad_into_int() {
    const x = torch.zeros(3)
    x.add_(torch.ones(3, leaf))
    print(x.requires_grad, x.is_leaf, x.grad_fn)
  },
  copy_inplace_grad() {
    const x = torch.zeros(3)
    x.copy_(torch.ones(3, leaf).mul(2))
    print(x)
  },
  setitem_grad() {
    const x = torch.zeros(3)
    const w = torch.tensor(2, leaf)
    x.index_put_([1], w)
    print(x)
    x.sum().backward()
    print(w.grad)
  },
  version_counter_basics() {
    const x = torch.zeros(3)
    print(x._version)
    x.add_(1)
    print(x._version)
    const y = x.view(3)
    y.add_(1)
    print(x._version, y._version)
    const z = x.detach()
    z.add_(1)
    print(x._version)
    x.data.add_(1)
    print(x._version)
    x.index_put_([0], 1)
    print(x._version)
  },
  unbind_base_changed() {
    const x = torch.ones(2, leaf),
      b = x.mul(1)
    const [u] = b.unbind(0)
    b.mul_(2)
    print(u!.grad_fn)
  },
  unbind_base_changed_printed() {
    const b = torch.ones(2, leaf).mul(1)
    const [u] = b.unbind(0)
    b.mul_(2)
    print(u)
  },
  unbind_base_changed_backward() {
    const x = torch.ones(2, leaf),
      b = x.mul(1)
    const [u] = b.unbind(0)
    b.mul_(2)
    u!.sum().backward()
    print(x.grad)
  },
  no_grad_view_base_changed() {
    const x = torch.ones(2, leaf),
      b = x.mul(1)
    let v!: torch.Tensor
    torch.no_grad(() => {
      v = b.index([torch.slice(0, 1)])
    })
    print(v.requires_grad, v.grad_fn)
    b.mul_(2)
    print(v.requires_grad)
    print(v.grad_fn)
  },
  view_leaf_changed() {
    const x = torch.ones(2),
      v = x.index([torch.slice(0, 1)])
    v.requires_grad_()
    print(v, x.requires_grad)
    v.mul_(2)
  },
  retain_grad_then_inplace() {
    const x = torch.ones(2, leaf),
      y = x.mul(1)
    y.retain_grad()
    y.mul_(3)
    y.sum().backward()
    print(y.grad, x.grad)
  },
  set_data() {
    const x = torch.ones(2, leaf)
    x.data = torch.zeros(3)
    print(x, x.requires_grad)
  },
  set_data_number() {
    const x = torch.ones(2, leaf)
    x.data = 3 as never
  },
  set_data_integers() {
    const x = torch.ones(2, leaf)
    x.data = torch.zeros(2, { dtype: torch.int64 })
  },
  set_data_unnoticed() {
    const x = torch.ones(2, leaf),
      y = x.mul(2)
    x.data = torch.full([2], 5)
    print(x, x._version)
    y.sum().backward()
    print(x.grad)
  },
  set_data_saved() {
    const x = torch.ones(2, leaf),
      y = x.mul(x)
    x.data = torch.full([2], 5)
    y.sum().backward()
    print(x.grad)
  },
  requires_grad_attr_text() {
    const x = torch.ones(2)
    x.requires_grad = 'a' as never
  },
  requires_grad_attr_none() {
    const x = torch.ones(2)
    x.requires_grad = null as never
  },
  unbind_plain_changed() {
    const x = torch.ones(2, 2)
    const [a] = x.unbind(0)
    const y = torch.ones(2, leaf)
    a!.mul_(y)
  },
  no_grad_view_changed_inside() {
    const x = torch.ones(2, leaf)
    let v!: torch.Tensor
    torch.no_grad(() => {
      x.mul_(2)
      v = x.index([torch.slice(0, 1)])
      v.mul_(5)
      print(v.requires_grad, v.is_leaf)
    })
    print(x, x._version, v)
    v.mul_(2)
  },
  inplace_mul_itself() {
    const x = torch.tensor([2, 3], leaf),
      y = x.mul(1)
    y.mul_(y)
    y.sum().backward()
  },
  inplace_overlap() {
    const x = torch.tensor([2, 3], leaf),
      y = x.mul(1)
    y.mul_(y.index([0]))
    print(y)
    y.sum().backward()
  },
  inplace_div_itself() {
    const x = torch.tensor([2, 3], leaf),
      y = x.mul(1)
    y.div_(y)
    print(y)
    y.sum().backward()
  },
  inplace_mul_own_detached() {
    const x = torch.tensor([2, 3], leaf),
      y = x.mul(1)
    y.mul_(y.detach())
    print(y)
    y.sum().backward()
  },
  inplace_neighbours() {
    const x = torch.tensor([2, 3], leaf),
      y = x.mul(1)
    y.index([0]).mul_(y.index([1]))
    print(y)
    y.sum().backward()
    print(x.grad)
  },
  inplace_overlap_transposed() {
    const x = torch.ones(4)
    x.index([torch.slice(2)]).add_(x.index([torch.slice(0, 2)]))
    print(x)
    x.add_(x)
    print(x)
    x.view(2, 2).add_(x.view(2, 2).t())
  },
  inplace_overlap_half() {
    const x = torch.ones(2, 2)
    x.mul_(x.view(4).index([torch.slice(0, 2)]))
    print(x)
  },
  parameter_set_data() {
    const m = new torch.nn.Linear(1, 1)
    m.weight.data = torch.full([1, 1], 7)
    print(m.weight)
    m.weight.data.fill_(3)
    print(m.weight)
    m.weight.data = torch.ones(1, 1, { requires_grad: true }).mul(2)
    print(m.weight, m.weight.is_leaf)
  },
})

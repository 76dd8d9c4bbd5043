// Leaves and what follows them: requires_grad, .grad, retain_grad, detach, nodes.
import * as torch from '../../index'
import { agreesWithPyTorch, print, tuple } from './snippets'

const leaf = { requires_grad: true }
const int64 = { dtype: torch.int64 }

agreesWithPyTorch({
  nonleaf_grad_warning() {
    const x = torch.ones(2, leaf)
    const y = x.mul(2)
    y.sum().backward()
    print(y.grad)
  },
  retain_grad() {
    const x = torch.ones(2, leaf)
    const y = x.mul(2)
    y.retain_grad()
    y.mul(y).sum().backward()
    print(y.grad, y.retains_grad, x.retains_grad)
  },
  retain_grad_leaf_noop() {
    const x = torch.ones(2, leaf)
    x.retain_grad()
    print(x.retains_grad)
  },
  retain_grad_no_requires() {
    torch.ones(2).retain_grad()
  },
  is_leaf_rules() {
    const x = torch.ones(2, leaf)
    print(x.is_leaf, x.mul(2).is_leaf, torch.ones(2).is_leaf, torch.ones(2).mul(2).is_leaf, x.detach().is_leaf)
  },
  requires_grad_false_nonleaf() {
    torch.ones(2, leaf).mul(2).requires_grad_(false)
  },
  requires_grad_attr_false_nonleaf() {
    const y = torch.ones(2, leaf).mul(2)
    y.requires_grad = false
  },
  requires_grad_true_nonleaf_ok() {
    const y = torch.ones(2, leaf).mul(2)
    y.requires_grad_(true)
    print(y.requires_grad)
  },
  requires_grad_int_() {
    torch.arange(3, int64).requires_grad_()
  },
  requires_grad_int_ctor() {
    torch.tensor([1, 2], { dtype: torch.int64, requires_grad: true })
  },
  requires_grad_int_arange() {
    torch.arange(3, { dtype: torch.int64, requires_grad: true })
  },
  requires_grad_int_attr() {
    const x = torch.arange(3, int64)
    x.requires_grad = true
  },
  requires_grad_bool() {
    torch.tensor([true]).requires_grad_()
  },
  requires_grad_int_false_ok() {
    print(torch.arange(3, int64).requires_grad_(false).requires_grad)
  },
  requires_grad_returns_self() {
    const x = torch.ones(2)
    print(x.requires_grad_() === x)
  },
  set_grad_wrong_shape() {
    const x = torch.ones(2, leaf)
    x.grad = torch.ones(3)
  },
  set_grad_wrong_type() {
    const x = torch.ones(2, leaf)
    x.grad = 1.5 as never
  },
  set_grad_wrong_dtype() {
    const x = torch.ones(2, leaf)
    x.grad = torch.ones(2, { dtype: torch.float64 })
  },
  set_grad_self() {
    const x = torch.ones(2, leaf)
    x.grad = x
  },
  set_grad_none() {
    const x = torch.ones(2, leaf)
    x.sum().backward()
    x.grad = null
    print(x.grad)
  },
  set_grad_no_requires_ok() {
    const x = torch.ones(2)
    x.grad = torch.zeros(2)
    print(x.grad)
  },
  detach_shares() {
    const x = torch.ones(2, leaf)
    const d = x.detach()
    d.index_put_([0], 9)
    print(x, d.requires_grad, d.data_ptr() === x.data_ptr())
  },
  detach_then_backward_err() {
    const a = torch.ones(3, leaf).mul(2)
    const b = a.mul(a)
    a.detach().add_(1)
    b.sum().backward()
  },
  detach_stop_grad() {
    const x = torch.arange(4, leaf)
    const y = x.mul(x)
    const u = y.detach()
    u.mul(x).sum().backward()
    print(x.grad!.eq(u))
    x.grad!.zero_()
    y.sum().backward()
    print(x.grad!.eq(x.mul(2)))
  },
  detach_inplace_() {
    const y = torch.ones(2, leaf).mul(2)
    y.detach_()
    print(y.requires_grad, y.is_leaf, y.grad_fn)
  },
  detach_view_inplace_() {
    const a = torch.ones(2, leaf).mul(1)
    a.index([torch.slice(null, 1)]).detach_()
  },
  clone_keeps_graph() {
    const x = torch.ones(2, leaf)
    const c = x.clone()
    print(c)
    c.sum().backward()
    print(x.grad)
  },
  data_attr() {
    const x = torch.ones(2, leaf)
    print(x.data, x.data.requires_grad)
  },
  chain_grad_fn_next() {
    const x = torch.ones(2, leaf)
    const f = x.mul(2).add(1).sum().grad_fn!
    const next = (node: torch.Node) => node.next_functions[0]![0]!
    print(f.name(), next(f).name(), next(next(f)).name(), next(next(next(f))).name())
  },
  next_functions_const() {
    const x = torch.ones(2, leaf)
    const { next_functions } = x.mul(torch.ones(2)).grad_fn!
    const shown = next_functions.map(([node, output]) => tuple([node?.name() ?? null, output]))
    print(`[${shown.join(', ')}]`)
  },
  accumulate_grad_variable() {
    const x = torch.ones(2, leaf)
    const n = x.mul(2).grad_fn!.next_functions[0]![0]!
    print(n.name(), 'variable' in n && n.variable === x)
  },
  output_nr() {
    const x = torch.ones(4, leaf)
    const [a, b] = x.split(2)
    print(a!.grad_fn!.name(), a!.output_nr, b!.output_nr)
  },
  argmax_no_grad() {
    const y = torch.ones(3, leaf).argmax()
    print(y, y.requires_grad)
    y.backward()
  },
  comparison_no_grad() {
    const x = torch.ones(3, leaf)
    print(x.gt(0), x.gt(0).requires_grad)
  },
  int_cast_no_grad() {
    print(torch.ones(3, leaf).long())
  },
  item_grad_ok() {
    print(torch.tensor([[2.5]], leaf).item())
  },
})

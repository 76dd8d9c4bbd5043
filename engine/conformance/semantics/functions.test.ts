// torch.autograd.Function: operations of one's own, and what they may return.
import * as torch from '../../index'
import { agreesWithPyTorch, print, tuple } from './snippets'

type Tensor = torch.Tensor
type Context = torch.autograd.FunctionContext

const leaf = { requires_grad: true }
const one = () => torch.tensor(1, leaf)

/** The square that many snippets share: 2 x g by hand. */
class Sq extends torch.autograd.Function {
  static override forward(ctx: Context, x: Tensor) {
    ctx.save_for_backward(x)
    return x.mul(x)
  }
  static override backward(ctx: Context, g: Tensor) {
    const [x] = ctx.saved_tensors
    return x!.mul(2).mul(g)
  }
}

agreesWithPyTorch({
  fn_basic() {
    const x = torch.tensor(3, leaf)
    const y = Sq.apply(x)
    print(y)
    y.backward()
    print(x.grad)
  },
  fn_double_backward() {
    const x = torch.tensor(3, leaf)
    const g = torch.autograd.grad(Sq.apply(x), x, { create_graph: true })[0]!
    print(g)
    print(tuple(torch.autograd.grad(g, x)))
  },
  fn_twice() {
    const y = Sq.apply(torch.tensor(3, leaf))
    y.backward()
    y.backward()
  },
  fn_wrong_num_grads() {
    class F extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor) {
        return x.mul(2)
      }
      static override backward(_: Context, g: Tensor) {
        return [g, g]
      }
    }
    F.apply(one()).backward()
  },
  fn_wrong_num_grads_few() {
    class F extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor, y: Tensor) {
        return x.mul(y)
      }
      static override backward(_: Context, g: Tensor) {
        return g
      }
    }
    const x = one()
    F.apply(x, x).backward()
  },
  fn_gradient_for_number() {
    class F extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor, k: number) {
        return x.mul(k)
      }
      static override backward(_: Context, g: Tensor) {
        return [g.mul(3), g]
      }
    }
    F.apply(torch.ones(2, leaf), 3).sum().backward()
  },
  fn_extra_none_ok() {
    class F extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor) {
        return x.mul(2)
      }
      static override backward(_: Context, g: Tensor) {
        return [g, null]
      }
    }
    const x = one()
    F.apply(x).backward()
    print(x.grad)
  },
  fn_wrong_shape() {
    class F extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor) {
        return x.mul(2)
      }
      static override backward() {
        return torch.ones(5)
      }
    }
    F.apply(torch.ones(2, leaf)).sum().backward()
  },
  fn_wrong_type() {
    class F extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor) {
        return x.mul(2)
      }
      static override backward() {
        return 3 as never
      }
    }
    F.apply(torch.ones(2, leaf)).sum().backward()
  },
  fn_no_backward() {
    class F extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor) {
        return x.mul(2)
      }
    }
    // The compiler would not let it pass; plain JavaScript does.
    const apply = F.apply as unknown as (this: typeof F, x: Tensor) => Tensor
    apply.call(F, torch.ones(2, leaf)).sum().backward()
  },
  fn_no_forward() {
    class F extends torch.autograd.Function {}
    const apply = F.apply as unknown as (this: typeof F, x: Tensor) => Tensor
    apply.call(F, torch.ones(2, leaf))
  },
  fn_once_differentiable() {
    class F extends torch.autograd.Function {
      static override forward(ctx: Context, x: Tensor) {
        ctx.save_for_backward(x)
        return x.pow(3)
      }
      static override backward = torch.autograd.once_differentiable((ctx, g: Tensor) => {
        const [x] = ctx.saved_tensors
        return x!.mul(3).mul(x!).mul(g)
      })
    }
    const x = torch.tensor(2, leaf)
    const g = torch.autograd.grad(F.apply(x), x, { create_graph: true })[0]!
    print(g)
    g.backward()
  },
  fn_once_differentiable_error() {
    class F extends torch.autograd.Function {
      static override forward(ctx: Context, x: Tensor) {
        ctx.save_for_backward(x)
        return x.pow(3)
      }
      static override backward = torch.autograd.once_differentiable((ctx, g: Tensor) => {
        const [x] = ctx.saved_tensors
        return x!.mul(3).mul(x!).mul(g)
      })
    }
    const x = torch.tensor(2, leaf)
    const g = torch.autograd.grad(F.apply(x).mul(x), x, { create_graph: true })[0]!
    print(g)
    g.backward()
  },
  fn_mark_non_differentiable() {
    class F extends torch.autograd.Function {
      static override forward(ctx: Context, x: Tensor) {
        const [y, i] = x.sort()
        ctx.mark_non_differentiable(i)
        ctx.save_for_backward(i)
        return [y, i] as const
      }
      static override backward(ctx: Context, gy: Tensor, gi: Tensor) {
        print('gi', gi)
        const [i] = ctx.saved_tensors
        return torch.zeros_like(gy).index_add_(0, i!, gy)
      }
    }
    const x = torch.tensor([3, 1, 2], leaf)
    const [y, i] = F.apply(x)
    print(y.requires_grad, i.requires_grad)
    y.mul(torch.arange(3)).sum().backward()
    print(x.grad)
  },
  fn_materialize_grads_false() {
    class F extends torch.autograd.Function {
      static override forward(ctx: Context, x: Tensor) {
        ctx.set_materialize_grads(false)
        return [x.mul(1), x.mul(2)] as const
      }
      static override backward(_: Context, a: Tensor, b: Tensor | null) {
        print(a, b)
        return a
      }
    }
    F.apply(one())[0].backward()
  },
  fn_materialize_default_zeros() {
    class F extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor) {
        return [x.mul(1), x.mul(2)] as const
      }
      static override backward(_: Context, a: Tensor, b: Tensor) {
        print(a, b)
        return a
      }
    }
    F.apply(one())[0].backward()
  },
  fn_needs_input_grad() {
    class F extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor, y: Tensor) {
        return x.mul(y)
      }
      static override backward(ctx: Context, g: Tensor) {
        print(tuple(ctx.needs_input_grad))
        return [g, null]
      }
    }
    F.apply(one(), torch.tensor(2)).backward()
  },
  fn_mark_dirty() {
    class F extends torch.autograd.Function {
      static override forward(ctx: Context, x: Tensor) {
        x.mul_(2)
        ctx.mark_dirty(x)
        return x
      }
      static override backward(_: Context, g: Tensor) {
        return g.mul(2)
      }
    }
    const a = torch.ones(2, leaf).mul(1)
    const b = F.apply(a)
    print(b === a, b)
  },
  fn_inplace_leaf_dirty() {
    class F extends torch.autograd.Function {
      static override forward(ctx: Context, x: Tensor) {
        x.mul_(2)
        ctx.mark_dirty(x)
        return x
      }
      static override backward(_: Context, g: Tensor) {
        return g.mul(2)
      }
    }
    F.apply(torch.ones(2, leaf))
  },
  fn_save_modified() {
    const a = torch.ones(2, leaf).mul(1)
    const b = Sq.apply(a)
    a.add_(1)
    b.sum().backward()
  },
  fn_return_nontensor() {
    class F extends torch.autograd.Function {
      static override forward() {
        return 3
      }
      static override backward(_: Context, g: Tensor) {
        return g
      }
    }
    print(F.apply(...([torch.ones(2, leaf)] as never[])))
  },
  fn_return_input_as_is() {
    class F extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor) {
        return x
      }
      static override backward(_: Context, g: Tensor) {
        return g.mul(7)
      }
    }
    const x = torch.ones(2, leaf)
    const y = F.apply(x)
    print(y === x, y)
    y.sum().backward()
    print(x.grad)
  },
  fn_save_nontensor() {
    class F extends torch.autograd.Function {
      static override forward(ctx: Context, x: Tensor) {
        ctx.save_for_backward(3 as never)
        return x
      }
      static override backward(_: Context, g: Tensor) {
        return g
      }
    }
    F.apply(torch.ones(2, leaf))
  },
  fn_forward_no_grad_mode() {
    class F extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor) {
        print(torch.is_grad_enabled(), x.requires_grad)
        return x.mul(2)
      }
      static override backward(_: Context, g: Tensor) {
        print(torch.is_grad_enabled())
        return g
      }
    }
    F.apply(one()).backward()
  },
  fn_setup_context() {
    class F extends torch.autograd.Function {
      static override forward(x: Tensor) {
        return x.mul(x)
      }
      static setup_context(ctx: Context, [x]: [Tensor]) {
        ctx.save_for_backward(x)
      }
      static override backward(ctx: Context, g: Tensor) {
        const [x] = ctx.saved_tensors
        return x!.mul(2).mul(g)
      }
    }
    const x = torch.tensor(3, leaf)
    F.apply(x).backward()
    print(x.grad)
  },
  fn_results_that_are_no_tensors() {
    class Fn extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor) {
        return [x.mul(2), 5, null, x.mul(3)] as const
      }
      static override backward(_: Context, ...g: Tensor[]) {
        print(tuple(g))
        return g[0]!
      }
    }
    const x = torch.ones(2, leaf)
    const [a, b, c, d] = Fn.apply(x)
    print(a, b, c, d)
    a.sum().backward()
  },
  fn_dirty_not_returned() {
    class Fn extends torch.autograd.Function {
      static override forward(ctx: Context, x: Tensor) {
        ctx.mark_dirty(x)
        return x.mul(2)
      }
      static override backward(_: Context, g: Tensor) {
        return g
      }
    }
    const x = torch.ones(2, leaf).mul(1)
    const y = Fn.apply(x)
    print(y)
  },
  fn_view_changed_inplace() {
    class Fn extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor) {
        return x.view(-1)
      }
      static override backward(_: Context, g: Tensor) {
        return g.view(2, 1)
      }
    }
    const x = torch.ones(2, 1, leaf).mul(1)
    const y = Fn.apply(x)
    print(y, y._view !== null)
    y.mul_(2)
  },
  fn_input_as_is_changed_inplace() {
    class Fn extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor) {
        return x
      }
      static override backward(_: Context, g: Tensor) {
        return g
      }
    }
    const x = torch.ones(2, leaf).mul(1)
    const y = Fn.apply(x)
    y.mul_(2)
    print(y)
  },
  fn_view_base_changed() {
    class Fn extends torch.autograd.Function {
      static override forward(_: Context, x: Tensor) {
        return x.view(-1)
      }
      static override backward(_: Context, g: Tensor) {
        return g.view(2, 1)
      }
    }
    const x = torch.ones(2, 1, leaf)
    const b = x.mul(1)
    const y = Fn.apply(b)
    b.mul_(2)
    print(y.sum())
  },
})

// Hooks on tensors and on nodes: when they run, what they may return.
import * as torch from '../../index'
import { agreesWithPyTorch, print, tuple } from './snippets'

const leaf = { requires_grad: true }

agreesWithPyTorch({
  hook_tensor() {
    const x = torch.ones(2, leaf)
    const h = x.register_hook((g) => g.mul(10))
    x.sum().backward()
    print(x.grad)
    h.remove()
    x.grad = null
    x.sum().backward()
    print(x.grad)
  },
  hook_order() {
    const x = torch.ones(1, leaf)
    x.register_hook((g) => print('a', g))
    x.register_hook((g) => g.mul(2))
    x.register_hook((g) => print('b', g))
    x.sum().backward()
    print(x.grad)
  },
  hook_nonleaf() {
    const y = torch.ones(2, leaf).mul(2)
    y.register_hook((g) => print('hook', g))
    y.sum().backward()
  },
  hook_no_requires() {
    torch.ones(2).register_hook((g) => g)
  },
  hook_wrong_type() {
    const x = torch.ones(2, leaf)
    x.register_hook(() => 3 as never)
    x.sum().backward()
  },
  hook_wrong_shape() {
    const x = torch.ones(2, leaf)
    x.register_hook(() => torch.ones(3))
    x.sum().backward()
  },
  hook_wrong_dtype() {
    const x = torch.ones(2, leaf)
    x.register_hook((g) => g.double())
    x.sum().backward()
  },
  hook_not_callable() {
    const x = torch.ones(2, leaf)
    x.register_hook(3 as never)
    x.sum().backward()
  },
  hook_exception() {
    const x = torch.ones(2, leaf)
    x.register_hook(() => {
      throw new torch.ValueError('boom')
    })
    x.sum().backward()
  },
  hook_retain_grad_order() {
    const x = torch.ones(2, leaf)
    const y = x.mul(2)
    y.register_hook((g) => g.mul(3))
    y.retain_grad()
    y.sum().backward()
    print(y.grad, x.grad)
  },
  hook_after_retain_grad() {
    const x = torch.ones(2, leaf)
    const y = x.mul(2)
    y.retain_grad()
    y.register_hook((g) => g.mul(3))
    y.sum().backward()
    print(y.grad, x.grad)
  },
  post_accumulate_hook() {
    const x = torch.ones(2, leaf)
    x.register_post_accumulate_grad_hook((p) => print('acc', p.grad))
    x.sum().backward()
  },
  post_accumulate_hook_nonleaf() {
    torch
      .ones(2, leaf)
      .mul(2)
      .register_post_accumulate_grad_hook(() => {})
  },
  hook_multiple_paths_called_once() {
    const y = torch.ones(1, leaf).mul(2)
    y.register_hook((g) => print('g', g))
    y.mul(3).add(y.mul(4)).sum().backward()
  },
  node_hook() {
    const y = torch.ones(1, leaf).mul(2)
    y.grad_fn!.register_hook((inputs, outputs) => print('post', tuple(inputs), tuple(outputs)))
    y.grad_fn!.register_prehook((outputs) => print('pre', tuple(outputs)))
    y.sum().backward()
  },
  backward_order_hook() {
    const order: string[] = []
    const x = torch.tensor(1, leaf)
    const [a, b] = [x.mul(2), x.mul(3)]
    a.register_hook(() => void order.push('a'))
    b.register_hook(() => void order.push('b'))
    a.add(b).backward()
    print(order)
  },
  saved_tensors_hooks() {
    const pack = (t: torch.Tensor) => {
      print('pack')
      return t
    }
    const unpack = (t: unknown) => {
      print('unpack')
      return t as torch.Tensor
    }
    const y = torch.autograd.graph.saved_tensors_hooks(pack, unpack, () => {
      const x = torch.tensor(3, leaf)
      return x.mul(x)
    })
    y.backward()
  },
  saved_tensors_hooks_of_leaf() {
    const pack = (t: torch.Tensor) => {
      print('pack', t)
      return t.mul(2)
    }
    const unpack = (packed: unknown) => {
      print('unpack', packed)
      return packed as torch.Tensor
    }
    const x = torch.ones(2, { requires_grad: true })
    const y = torch.autograd.graph.saved_tensors_hooks(pack, unpack, () => x.mul(x))
    y.sum().backward()
    print(x.grad)
  },
  hook_of_what_is_not_asked_for() {
    const [x, y] = [torch.tensor(2, leaf), torch.tensor(3, leaf)]
    x.register_hook((g) => print('x', g))
    y.register_hook((g) => print('y', g))
    x.mul(y).backward({ inputs: [x] })
    print(x.grad, y.grad, tuple(torch.autograd.grad(x.mul(y), y)))
  },
  create_graph_warns_of_what_succeeds() {
    const x = torch.tensor(2, leaf)
    const y = x.mul(x)
    y.register_hook(() => torch.ones(2))
    y.backward({ create_graph: true })
  },
  node_hook_returns_one() {
    hookAnswers('register_hook', (given) => [given[0]!])
  },
  node_hook_returns_replaced() {
    hookAnswers('register_hook', () => [torch.ones(2), null])
  },
  node_hook_returns_filled() {
    hookAnswers('register_hook', () => [torch.ones(2), torch.ones(2)])
  },
  node_hook_returns_size() {
    hookAnswers('register_hook', () => [torch.ones(3), null])
  },
  node_hook_returns_type() {
    hookAnswers('register_hook', () => [torch.ones(2).double(), null])
  },
  node_hook_returns_tensor() {
    hookAnswers('register_hook', () => torch.ones(2))
  },
  node_hook_returns_number() {
    hookAnswers('register_hook', () => [2.5, null])
  },
  node_hook_returns_none() {
    hookAnswers('register_hook', () => [null, null])
  },
  node_hook_returns_nothing() {
    hookAnswers('register_hook', () => [])
  },
  node_prehook_returns_two() {
    hookAnswers('register_prehook', () => [torch.ones(2), null])
  },
  node_prehook_returns_replaced() {
    hookAnswers('register_prehook', () => [torch.ones(2)])
  },
  node_prehook_returns_size() {
    hookAnswers('register_prehook', () => [torch.ones(3)])
  },
  node_prehook_returns_tensor() {
    hookAnswers('register_prehook', () => torch.ones(2))
  },
  node_prehook_returns_none() {
    hookAnswers('register_prehook', () => [null])
  },
  leaf_that_wants_no_gradient_any_more() {
    const x = torch.ones(2, { requires_grad: true })
    const y = x.mul(3)
    x.requires_grad_(false)
    y.sum().backward()
    print(x.grad)
  },
})

/** What becomes of x.grad when a hook of a node answers so; some answers TypeScript would not let through. */
function hookAnswers(
  register: 'register_hook' | 'register_prehook',
  answer: (given: (torch.Tensor | null)[]) => unknown,
): void {
  const x = torch.tensor([1, 2], leaf)
  const a = x.mul(torch.tensor([3, 4]))
  const hook = (given: (torch.Tensor | null)[]) => answer(given) as null[]
  a.grad_fn![register](hook)
  a.sum().backward()
  print(x.grad)
}

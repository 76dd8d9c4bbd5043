// Modules: what they hold, load and refuse.
import * as torch from '../../index'
import { agreesWithPyTorch, print } from './snippets'

const { nn } = torch
const F = nn.functional

agreesWithPyTorch({
  load_missing_one() {
    const n = new nn.Linear(2, 1)
    n.load_state_dict({ weight: torch.ones(1, 2) })
  },
  load_missing_all() {
    const n = new nn.Linear(2, 1)
    n.load_state_dict({})
  },
  load_unexpected() {
    const n = new nn.Linear(2, 1)
    n.load_state_dict({ weight: torch.ones(1, 2), bias: torch.ones(1), extra: torch.ones(1), foo: torch.ones(1) })
  },
  load_sizes() {
    const n = new nn.Linear(2, 1)
    n.load_state_dict({ weight: torch.ones(1, 3), bias: torch.ones(2) })
  },
  load_answers_all_matched() {
    const n = new nn.Linear(2, 1)
    print(n.load_state_dict({ weight: torch.ones(1, 2), bias: torch.ones(1) }))
    print(n.weight)
  },
  load_not_strict() {
    const n = new nn.Linear(2, 1)
    print(n.load_state_dict({ weight: torch.ones(1, 2), a: torch.ones(1) }, { strict: false }))
    print(n.weight)
  },
  load_no_tensor() {
    const n = new nn.Linear(2, 1)
    n.load_state_dict({ weight: 3 as never, bias: torch.ones(1) })
  },
  load_everything_wrong() {
    const n = new nn.Sequential(new nn.Linear(2, 1), new nn.Linear(1, 1))
    n.load_state_dict({ '0.weight': torch.ones(3, 2), 'x.y': torch.ones(1), '1.q': torch.ones(1) })
  },
  load_list() {
    const n = new nn.Linear(2, 1)
    n.load_state_dict([1] as never)
  },
  load_batch_norm_without_count() {
    const n = new nn.BatchNorm1d(2)
    n.load_state_dict({ weight: torch.ones(2), bias: torch.ones(2) })
  },
  parameter_of_integers() {
    new nn.Parameter(torch.ones(2, { dtype: torch.int64 }))
  },
  linear_without_outputs() {
    new nn.Linear(...([2] as unknown as [number, number]))
  },
  linear_unknown_keyword() {
    new nn.Linear(2, 3, { foo: 1 } as never)
  },
  linear_negative_size() {
    new nn.Linear(2, -1)
  },
  dropout_above_one() {
    new nn.Dropout(1.5)
  },
  sequential_of_number() {
    new nn.Sequential(3 as never)
  },
  module_without_forward() {
    // The compiler would not let it pass; plain JavaScript does.
    const Forgetful = class Module extends (nn.Module as unknown as new () => {
      forward(x: torch.Tensor): torch.Tensor
    }) {}
    new Forgetful().forward(torch.ones(1))
  },
  train_with_text() {
    const m = new nn.Linear(2, 1)
    m.train('a' as never)
  },
  buffer_with_dot() {
    const m = new nn.Identity()
    m.register_buffer('a.b', torch.ones(1))
  },
  buffer_without_name() {
    const m = new nn.Identity()
    m.register_buffer('', torch.ones(1))
  },
  buffer_name_taken() {
    const m = new nn.Identity()
    m.register_buffer('training', torch.ones(1))
  },
  buffer_of_number() {
    const m = new nn.Identity()
    m.register_buffer('a', 3 as never)
  },
  buffers_once_and_not_kept() {
    const m = new nn.Identity()
    m.register_buffer('a', torch.ones(1))
    m.register_buffer('a', torch.ones(1))
    print(m.named_buffers().map(([k]) => k))
    m.register_buffer('b', torch.ones(1), { persistent: false })
    print(Object.keys(m.state_dict()))
    m.register_buffer('c', null)
    print(m.named_buffers().map(([k]) => k))
  },
  module_under_two_names() {
    const a = new nn.Linear(1, 1)
    const s = new nn.Sequential(a, a)
    print(
      s.named_parameters().map(([k]) => k),
      Object.keys(s.state_dict()),
      s.modules().length,
      s.children().length,
    )
  },
  loss_unknown_keyword() {
    new nn.MSELoss({ foo: 1 } as never)
  },
  embedding_padding_outside() {
    new nn.Embedding(3, 2, { padding_idx: 5 })
  },
  sequential_grows() {
    const s = new nn.Sequential(new nn.Linear(1, 1), new nn.ReLU())
    print(s[0])
    print(s.children().at(-1))
    print(s.length)
    s.append(new nn.Tanh())
    print(s)
  },
  gain_of_text() {
    print(nn.init.calculate_gain('leaky_relu', 0.2))
    nn.init.calculate_gain('leaky_relu', 'a' as never)
  },
  network_names() {
    class Net extends nn.Module {
      fc = new nn.Linear(2, 1)
      w = new nn.Parameter(torch.ones(2))
      forward(x: torch.Tensor) {
        return this.fc.forward(x)
      }
    }
    const n = new Net()
    print(n)
    print(n.named_parameters().map(([k]) => k))
    print(Object.keys(n.state_dict()))
    print(n.w)
    print(n.modules().map((m) => m.constructor.name))
    print(n.named_modules().map(([k]) => k))
  },
  conv_groups() {
    new nn.Conv2d(3, 4, 3, { groups: 2 })
  },
  networks_print() {
    print(new nn.Conv2d(1, 2, 3))
    print(new nn.Conv2d(1, 2, 3, { padding: 1, stride: 2, bias: false }))
    print(new nn.Conv1d(4, 6, 3, { groups: 2, dilation: 2 }))
    print(new nn.MaxPool2d(2))
    print(new nn.MaxPool2d(3, { stride: 1, padding: 1 }))
    print(new nn.AvgPool2d(2))
    print(new nn.Embedding(5, 3))
    print(new nn.Embedding(5, 3, { padding_idx: 0 }))
    print(new nn.LayerNorm(4))
    print(new nn.LayerNorm([2, 3], { eps: 1e-3, elementwise_affine: false }))
  },
  linear_bias_of_wrong_size() {
    F.linear(torch.ones(1, 3, 2), torch.ones(4, 2), torch.ones(3))
  },
  batch_norm_to_the_last_bit() {
    torch.manual_seed(4)
    const leaf = { requires_grad: true }
    const x = torch.randn(5, 3, leaf)
    const [w, b] = [torch.randn(3, leaf), torch.randn(3, leaf)]
    const g = torch.randn(5, 3)
    const [mean, variance] = [torch.zeros(3), torch.ones(3)]
    for (const training of [true, false]) {
      const y = F.batch_norm(x, mean, variance, w, b, { training })
      const gradients = torch.autograd.grad(y.mul(g).sum(), [x, w, b])
      for (const t of [y, ...gradients, mean, variance])
        print(
          t
            .detach()
            .double()
            .mul(2 ** 34)
            .long(),
        )
    }
  },
  padding_mode_reflect() {
    torch.manual_seed(3)
    padded(new nn.Conv2d(1, 1, 3, { padding: 1, padding_mode: 'reflect' }), [1, 1, 4, 4])
  },
  padding_mode_circular() {
    torch.manual_seed(3)
    padded(new nn.Conv1d(2, 1, 3, { padding: 2, padding_mode: 'circular', bias: false }), [1, 2, 5])
  },
  padding_mode_replicate() {
    torch.manual_seed(3)
    padded(new nn.Conv2d(1, 2, [2, 3], { padding: 'same', padding_mode: 'replicate' }), [1, 1, 4, 4])
  },
  padding_mode_too_much() {
    torch.manual_seed(3)
    print(new nn.Conv1d(1, 1, 3, { padding: 5, padding_mode: 'reflect' }).forward(torch.ones(1, 1, 4)))
  },
})

function padded(convolution: torch.nn.Module, sizes: number[]): void {
  print(convolution)
  const count = sizes.reduce((a, b) => a * b, 1)
  const x = torch.arange(count).view(sizes).requires_grad_()
  const y = convolution.forward(x)
  print(y)
  y.sum().backward()
  print(x.grad)
}

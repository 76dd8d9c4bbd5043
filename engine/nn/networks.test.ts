// Layers of networks print, draw their weights and compute as PyTorch's do with the same seed.
import * as torch from '..'

// Read off PyTorch.
const PRINTED = [
  'Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))',
  'Conv2d(4, 8, kernel_size=(3, 1), stride=(2, 2), groups=2, bias=False)',
  'Conv1d(2, 4, kernel_size=(5,), stride=(1,), dilation=(2,))',
  'MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)',
  'AvgPool2d(kernel_size=3, stride=2, padding=0)',
  'LayerNorm((4,), eps=1e-05, elementwise_affine=True, bias=True)',
  'Embedding(5, 3, padding_idx=0)',
  'BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)',
  'BatchNorm2d(3, eps=0.001, momentum=None, affine=False, bias=False, track_running_stats=True)',
  'ModuleList()',
  'ModuleList(\n  (0-1): 2 x Linear(in_features=2, out_features=2, bias=True)\n  (2): ReLU()\n)',
  'ParameterList(\n    (0): Parameter containing: [torch.float32 of size 2]\n    (1): Parameter containing: [torch.float32 of size 2x3]\n)',
  'ModuleDict(\n  (a): Linear(in_features=2, out_features=3, bias=True)\n)',
]
const WEIGHTS =
  'tensor([ 0.0233, -0.2008,  0.1061,  0.1046, -0.1782, -0.0500, -0.1953,  0.0865,\n        -0.0898,  0.2342,  0.2366,  0.0340, -0.1421, -0.1958, -0.0366, -0.0938,\n         0.1469, -0.2846])'
const LOSS = 1.3656718730926514
const GRADIENT = 2.9054901599884033

test('layers print as PyTorch prints them', () => {
  const printed = [
    new torch.nn.Conv2d(3, 8, 3, { padding: 1 }),
    new torch.nn.Conv2d(4, 8, [3, 1], { stride: 2, groups: 2, bias: false }),
    new torch.nn.Conv1d(2, 4, 5, { dilation: 2 }),
    new torch.nn.MaxPool2d(2),
    new torch.nn.AvgPool2d(3, { stride: 2 }),
    new torch.nn.LayerNorm(4),
    new torch.nn.Embedding(5, 3, { padding_idx: 0 }),
    new torch.nn.BatchNorm1d(3),
    new torch.nn.BatchNorm2d(3, { eps: 1e-3, momentum: null, affine: false }),
    new torch.nn.ModuleList(),
    new torch.nn.ModuleList([new torch.nn.Linear(2, 2), new torch.nn.Linear(2, 2), new torch.nn.ReLU()]),
    new torch.nn.ParameterList([torch.ones(2), torch.ones(2, 3)]),
    new torch.nn.ModuleDict({ a: new torch.nn.Linear(2, 3) }),
  ].map(String)
  expect(printed).toEqual(PRINTED)
})

test('a small network draws the same weights from the same seed, and gives the same loss', () => {
  torch.manual_seed(7)
  const model = new torch.nn.Sequential(
    new torch.nn.Conv2d(1, 2, 3),
    new torch.nn.ReLU(),
    new torch.nn.MaxPool2d(2),
    new torch.nn.Flatten(),
    new torch.nn.Linear(8, 3),
  )
  const x = torch.arange(36).reshape(1, 1, 6, 6).div(36)
  const loss = torch.nn.functional.cross_entropy(model.forward(x), torch.tensor([2], { dtype: torch.int64 }))
  loss.backward()
  expect(String(model.state_dict()['0.weight']!.flatten())).toBe(WEIGHTS)
  expect(loss.item()).toBeCloseTo(LOSS, 6)
  expect(model.parameters()[0]!.grad!.abs().sum().item()).toBeCloseTo(GRADIENT, 5)
})

test('an embedding learns the rows that were looked up, and not the padding', () => {
  const table = new torch.nn.Embedding(3, 2, { padding_idx: 1 })
  table
    .forward(torch.tensor([0, 1, 0], { dtype: torch.int64 }))
    .sum()
    .backward()
  expect(String(table.weight.grad)).toBe('tensor([[2., 2.],\n        [0., 0.],\n        [0., 0.]])')
  expect(table.weight.detach().select(0, 1).tolist()).toEqual([0, 0])
})

// Read off PyTorch, as are the printed tensors below.
const waves = torch.arange(12).reshape(4, 3).mul(0.37).sin()

test('batch normalization learns from its batch and keeps running statistics for afterwards', () => {
  const norm = new torch.nn.BatchNorm1d(3)
  const y = norm.forward(waves)
  y.mul(torch.arange(12).reshape(4, 3)).sum().backward()
  expect(String(y)).toBe(
    `tensor([[-0.7907,  0.0429,  0.6277],
        [ 1.0917,  1.1908,  1.0561],
        [ 0.8833,  0.3368, -0.1094],
        [-1.1843, -1.5705, -1.5744]], grad_fn=<NativeBatchNormBackward0>)`,
  )
  expect([norm.running_mean, norm.running_var, norm.num_batches_tracked].map(String)).toEqual([
    'tensor([0.0376, 0.0338, 0.0254])',
    'tensor([0.9302, 0.9407, 0.9598])',
    'tensor(1)',
  ])
  expect(String(norm.weight!.grad)).toBe('tensor([ -2.0838,  -8.5412, -11.6573])')
  norm.eval()
  expect(String(norm.forward(waves).select(0, 0))).toBe(
    'tensor([-0.0390,  0.3380,  0.6623], grad_fn=<SelectBackward0>)',
  )
})

test('without a momentum, running statistics are means over all batches', () => {
  const norm = new torch.nn.BatchNorm1d(3, { momentum: null })
  norm.forward(waves)
  norm.forward(waves.mul(2))
  expect(String(norm.running_mean)).toBe('tensor([0.5644, 0.5069, 0.3808])')
  expect(String(norm.running_var)).toBe('tensor([0.7547, 1.0176, 1.4955])')
})

test('a model finds the parameters and buffers in lists, in the order of its properties', () => {
  class Model extends torch.nn.Module {
    readonly layers = new torch.nn.ModuleList([new torch.nn.Linear(2, 2), new torch.nn.Linear(2, 2)])
    readonly scales = new torch.nn.ParameterList([torch.ones(2), torch.zeros(1)])
    readonly norm = new torch.nn.BatchNorm1d(2)

    forward(input: torch.Tensor): torch.Tensor {
      return [...this.layers].reduce((x, layer) => layer.forward(x), input)
    }
  }
  const model = new Model()
  const parameters = ['layers.0.weight', 'layers.0.bias', 'layers.1.weight', 'layers.1.bias', 'scales.0', 'scales.1']
  const buffers = ['norm.running_mean', 'norm.running_var', 'norm.num_batches_tracked']
  const ofNorm = ['norm.weight', 'norm.bias']
  expect(model.named_parameters().map(([name]) => name)).toEqual([...parameters, ...ofNorm])
  expect(model.named_buffers().map(([name]) => name)).toEqual(buffers)
  expect(Object.keys(model.state_dict())).toEqual([...parameters, ...ofNorm, ...buffers])
  const other = new Model()
  other.load_state_dict(model.state_dict())
  expect(String(other.forward(torch.ones(1, 2)))).toBe(String(model.forward(torch.ones(1, 2))))
})

test('what is no module is refused in a list, and a list is not called', () => {
  expect(() => new torch.nn.ModuleList([3 as never])).toThrow('int is not a Module subclass')
  expect(() => new torch.nn.ModuleList().forward()).toThrow(
    'Module [ModuleList] is missing the required "forward" function',
  )
  expect(() => new torch.nn.BatchNorm1d(3).forward(torch.ones(2, 3, 4, 5))).toThrow(
    'expected 2D or 3D input (got 4D input)',
  )
})

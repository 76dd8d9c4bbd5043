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

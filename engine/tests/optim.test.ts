// Optimizers, step by step, to PyTorch's bits.
import * as torch from '..'

const exactly = (x: torch.Tensor) => x.tolist()

/** Three steps on Σ x³ from [1, 2]. */
function threeSteps(make: (x: torch.Tensor) => { zero_grad(): void; step(): void }): torch.Tensor {
  const x = torch.tensor([1, 2], { requires_grad: true })
  const optimizer = make(x)
  for (let i = 0; i < 3; i++) {
    optimizer.zero_grad()
    x.pow(3).sum().backward()
    optimizer.step()
  }
  return x
}

test('SGD with momentum and weight decay', () => {
  const x = threeSteps((p) => new torch.optim.SGD([p], { lr: 0.1, momentum: 0.9, weight_decay: 0.01 }))
  expect(exactly(x)).toEqual([-0.11947954446077347, -1.689308524131775])
  expect(x._version).toBe(3)
})

test('SGD with Nesterov momentum', () => {
  const x = threeSteps((p) => new torch.optim.SGD([p], { lr: 0.1, momentum: 0.9, nesterov: true }))
  expect(exactly(x)).toEqual([-0.18581967055797577, -3.1489367485046387])
})

test('Adam', () => {
  const x = threeSteps((p) => new torch.optim.Adam([p], { lr: 0.1 }))
  expect(exactly(x)).toEqual([0.7041537165641785, 1.70148766040802])
})

test('AdamW', () => {
  const x = threeSteps((p) => new torch.optim.AdamW([p], { lr: 0.1 }))
  // PyTorch's square root is off by one unit in the last place here.
  expect(x.allclose(torch.tensor([0.7015196681022644, 1.6958339214324951]), { rtol: 2 ** -23, atol: 0 })).toBe(true)
})

test('a model of layers trains, and prints as PyTorch prints it', () => {
  torch.manual_seed(0)
  const model = new torch.nn.Sequential(new torch.nn.Linear(2, 3), new torch.nn.ReLU(), new torch.nn.Linear(3, 1))
  expect(String(model)).toBe(
    'Sequential(\n  (0): Linear(in_features=2, out_features=3, bias=True)\n  (1): ReLU()\n  (2): Linear(in_features=3, out_features=1, bias=True)\n)',
  )
  expect(model.named_parameters().map(([name]) => name)).toEqual(['0.weight', '0.bias', '2.weight', '2.bias'])
  expect(String(model.state_dict()['0.weight'])).toBe(
    'tensor([[-0.0053,  0.3793],\n        [-0.5820, -0.5204],\n        [-0.2723,  0.1896]])',
  )
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: 0.1 })
  const x = torch.tensor([
    [1, 2],
    [3, -1],
    [0, 1],
  ])
  const target = torch.tensor([[1], [0], [-1]])
  const lossFunction = new torch.nn.MSELoss()
  const losses = Array.from({ length: 50 }, () => {
    optimizer.zero_grad()
    const loss = lossFunction.forward(model.forward(x), target)
    loss.backward()
    optimizer.step()
    return loss.item()
  })
  expect(losses[49]!).toBeLessThan(losses[0]! / 2)
})

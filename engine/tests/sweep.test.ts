// A backward pass that no code of the user's can watch counts nothing and serves leaves last: nobody must be able to tell.
import * as torch from '..'
import { userCode } from '../autograd/node'

type Leaves = [x: torch.Tensor, y: torch.Tensor]

/** Graphs whose nodes are reached by more than one way, by several outputs, or through changes in place. */
const programs: Record<string, (...leaves: Leaves) => torch.Tensor> = {
  'a value used again and again': (x, y) => {
    const h = x.mul(y).tanh()
    return h.mul(h.add(x)).add(h.exp()).mul(h).sum()
  },
  'outputs of one node, one of them unused': (x, y) => {
    const [a, , c] = x.mul(y).unbind() as [torch.Tensor, torch.Tensor, torch.Tensor]
    return a.mul(c).add(c)
  },
  'a list of inputs': (x, y) =>
    torch
      .cat([x, y, x.mul(y), x])
      .square()
      .sum(),
  'three inputs': (x, y) => torch.addcmul(x, y, x.exp()).mul(y).sum(),
  'a view changed in place': (x, y) => {
    const h = x.mul(2)
    h.select(0, 1).mul_(y.sum())
    return h.mul(h).sum()
  },
  'a leaf alone': (x) => x.sum(),
}

function leaves(): Leaves {
  const x = torch.tensor([0.3, -1.2, 2.1], { requires_grad: true })
  const y = torch.tensor([1.7, 0.4, -0.9], { requires_grad: true })
  return [x, y]
}

/** What `body` answers in a pass that counts, and in one that doesn't. */
function bothWays(body: () => unknown): [counted: unknown, plain: unknown] {
  const before = userCode.mayRun
  try {
    userCode.mayRun = true
    const counted = body()
    userCode.mayRun = false
    return [counted, body()]
  } finally {
    userCode.mayRun = before
  }
}

test.each(Object.entries(programs))('%s: the gradients are the same', (_, program) => {
  const [counted, plain] = bothWays(() => {
    const [x, y] = leaves()
    program(x, y).backward({ retain_graph: true })
    program(x, y).backward()
    return [x.grad!.tolist(), y.grad?.tolist()]
  })
  expect(plain).toEqual(counted)
})

test('several roots, one of which leads to another', () => {
  const [counted, plain] = bothWays(() => {
    const [x, y] = leaves()
    const h = x.mul(y).sum()
    torch.autograd.backward([h, h.mul(x).sum(), h])
    return [x.grad!.tolist(), y.grad!.tolist()]
  })
  expect(plain).toEqual(counted)
})

test('a pass that fails has stored the gradients that were complete by then, and no others', () => {
  const [counted, plain] = bothWays(() => {
    const [x, y] = leaves()
    const z = torch.ones(3, { requires_grad: true })
    const loss = z.mul(3).add(x.mul(y)).add(z).add(y).sum()
    loss.backward()
    // Freed. Only the second sum is done when the product complains: y has another gradient to come, z too.
    expect(() => loss.backward()).toThrow('backward through the graph a second time')
    return [x.grad!.tolist(), y.grad!.tolist(), z.grad!.tolist()]
  })
  expect(plain).toEqual(counted)
  expect(plain).toEqual([leaves()[1].tolist(), leaves()[0].add(1).tolist(), [4, 4, 4]])
})

test('a leaf whose last gradient came before the failure keeps it', () => {
  const [counted, plain] = bothWays(() => {
    const [x, y] = leaves()
    const loss = x.mul(2).mul(x).add(y).sum()
    loss.backward()
    expect(() => loss.backward()).toThrow('backward through the graph a second time')
    return y.grad!.tolist()
  })
  expect(plain).toEqual(counted)
  expect(plain).toEqual([2, 2, 2])
})

test('nothing of a pass that failed is left on the nodes that it reached', () => {
  const [counted, plain] = bothWays(() => {
    const [x, y] = leaves()
    const shared = x.mul(1)
    const broken = shared.mul(y)
    torch.no_grad(() => y.add_(1))
    // The sum is younger than the product: its gradient has reached `shared` when the product fails.
    expect(() => broken.add(shared.add(1)).sum().backward()).toThrow('modified by an inplace operation')
    shared.sum().backward()
    return x.grad!.tolist()
  })
  expect(plain).toEqual(counted)
  expect(plain).toEqual([1, 1, 1])
})

test('nothing is left either where a node fails after the first of its gradients was sent', () => {
  const [counted, plain] = bothWays(() => {
    const [x, y] = leaves()
    const shared = x.mul(1)
    const broken = shared.mul(y)
    torch.no_grad(() => shared.add_(1)) // only the rule for y reads it
    expect(() => broken.sum().backward()).toThrow('modified by an inplace operation')
    shared.sum().backward()
    return x.grad!.tolist()
  })
  expect(plain).toEqual(counted)
  expect(plain).toEqual([1, 1, 1])
})

test('a hook makes passes count: it sees the gradient of a leaf that was complete before', () => {
  const [x, y] = leaves()
  const seen: unknown[] = []
  const h = x.mul(2)
  h.register_hook(() => {
    seen.push(y.grad?.tolist())
  })
  h.mul(3).add(y).sum().backward()
  expect(seen).toEqual([[1, 1, 1]])
})

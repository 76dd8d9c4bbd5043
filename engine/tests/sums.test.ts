// Gradients that meet are added in the memory of the first one, if nobody else can see it: nobody must be able to tell.
import * as torch from '..'

test('a gradient kept from one backward pass is not changed by the sums of the next', () => {
  const w = torch.tensor(2, { requires_grad: true })
  const loss = () => w.mul(w).add(w.mul(3)).add(w)
  loss().backward()
  const kept = w.grad!
  w.grad = null
  loss().backward()
  expect([kept.item(), w.grad!.item()]).toEqual([8, 8])
  expect(kept).not.toBe(w.grad)
})

test('what a hook was shown stays as it was shown, though more gradients arrive where it came from', () => {
  const w = torch.tensor(2, { requires_grad: true })
  const seen: torch.Tensor[] = []
  const part = w.mul(3)
  part.register_hook((grad) => {
    seen.push(grad)
  })
  const product = part.mul(part).add(part).add(w.mul(5)).add(w)
  product.grad_fn!.register_hook((inputs) => {
    for (const grad of inputs) if (grad !== null) seen.push(grad)
  })
  product.backward()
  expect(seen.map((grad) => grad.item())).toEqual([1, 1, 13])
  expect(w.grad!.item()).toBe(45)
})

test('what a hook saw leave an operation stays as it was, though more is added to it where it went', () => {
  const w = torch.tensor([2, 3], { requires_grad: true })
  const middle = w.mul(2)
  const older = middle.mul(5)
  const younger = middle.mul(3)
  let seen = torch.zeros(2)
  younger.grad_fn!.register_hook(([grad]) => {
    seen = grad!
  })
  younger.add(older).sum().backward()
  expect(seen.tolist()).toEqual([3, 3])
  expect(w.grad!.tolist()).toEqual([16, 16])
})

test('a gradient that two inputs share is not changed by what one of them receives besides', () => {
  const x = torch.tensor([1, 2], { requires_grad: true })
  const first = x.mul(2)
  const second = x.mul(3)
  const besides = first.mul(4)
  const both = first.add(second) // hands on one gradient, 5, to both
  both.mul(5).add(besides).sum().backward()
  expect(x.grad!.tolist()).toEqual([33, 33]) // 2 (5 + 4) + 3 · 5
})

test('a pass within a pass does not claim the gradients of the outer one', () => {
  const x = torch.tensor([1, 2], { requires_grad: true })
  const first = x.mul(2)
  const second = x.mul(3)
  const besides = first.mul(4)
  const aside = first.mul(7).sum()
  const both = first.add(second)
  besides.grad_fn!.register_prehook(() => {
    torch.autograd.grad(aside, x, { retain_graph: true }) // runs through the node where the gradient of `first` waits
  })
  both.mul(5).add(besides).sum().backward()
  expect(x.grad!.tolist()).toEqual([33, 33])
})

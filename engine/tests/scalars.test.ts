// A scalar keeps its number in itself until somebody looks into its memory: nobody must be able to tell.
import * as torch from '..'

/** A scalar that an operation made, worth 6. */
function six(): torch.Tensor {
  return torch.tensor(2).mul(3)
}

test('a view of a scalar and the scalar see each other change', () => {
  const x = six()
  const view = x.view(1)
  view.mul_(2)
  expect(x.item()).toBe(12)
  x.add_(1)
  expect(view.tolist()).toEqual([13])
  expect(view.data_ptr()).toBe(x.data_ptr())
  expect(six().data_ptr()).not.toBe(x.data_ptr())
})

test('detach and data share the number, and only detach counts changes', () => {
  const x = six()
  x.detach().add_(1)
  expect([x.item(), x._version]).toEqual([7, 1])
  x.data.add_(1)
  expect([x.item(), x._version]).toEqual([8, 1])
})

test('a scalar that was saved and changed is refused', () => {
  const w = torch.tensor(2, { requires_grad: true })
  const x = six()
  const y = w.mul(x)
  x.add_(1)
  expect(() => y.backward()).toThrow(/is at version 1; expected version 0/)
})

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

test('nan is nan, -0 is -0, and sums are rounded to float32', () => {
  expect(torch.tensor(0).div(torch.tensor(0)).item()).toBeNaN()
  expect(six().mul(0).neg().item()).toBe(-0)
  expect(torch.tensor(0.1).add(torch.tensor(0.2)).item()).toBe(Math.fround(Math.fround(0.1) + Math.fround(0.2)))
  expect(torch.tensor(0.1, { dtype: torch.float64 }).add(0.2).item()).toBe(0.1 + 0.2)
})

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

test('nan is nan, -0 is -0, and sums are rounded to float32', () => {
  expect(torch.tensor(0).div(torch.tensor(0)).item()).toBeNaN()
  expect(six().mul(0).neg().item()).toBe(-0)
  expect(torch.tensor(0.1).add(torch.tensor(0.2)).item()).toBe(Math.fround(Math.fround(0.1) + Math.fround(0.2)))
  expect(torch.tensor(0.1, { dtype: torch.float64 }).add(0.2).item()).toBe(0.1 + 0.2)
})

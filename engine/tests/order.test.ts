// A node is younger than the nodes of its inputs, even than one that is only made when the input is used.
import * as torch from '..'

test('a view whose base was changed since leads to its base', () => {
  const x = torch.tensor([1, 2], { requires_grad: true })
  const view = x.select(0, 1)
  torch.no_grad(() => x.add_(1)) // the view gets another node when somebody asks
  const y = view.mul(2)
  const [outer] = y.grad_fn!.next_functions[0]!
  expect(outer!.sequence).toBeLessThan(y.grad_fn!.sequence)
  const [grad] = torch.autograd.grad(y, x)
  expect(grad!.tolist()).toEqual([0, 2])
})

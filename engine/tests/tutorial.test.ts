// The thirteen cells of the tutorial, to the character.
import * as torch from '../index'

describe('the tutorial', () => {
  test('cells 1 to 3: a tensor, untracked, then tracked, has no gradient yet', () => {
    const x = torch.arange(4)
    expect(String(x)).toBe('tensor([0., 1., 2., 3.])')
    expect(x.requires_grad).toBe(false)
    expect(x.requires_grad_(true)).toBe(x)
    expect(x.grad).toBeNull()
  })

  test('cells 4 and 5: tracked from the start', () => {
    expect(String(torch.tensor([1, 2, 3], { requires_grad: true }))).toBe('tensor([1., 2., 3.], requires_grad=True)')
    torch.manual_seed(1497632349)
    expect(String(torch.randn([2, 5], { requires_grad: true }))).toBe(
      'tensor([[-0.4565,  1.2696,  0.0927, -0.3001,  0.2633],\n        [-0.2927, -0.2221,  0.8616,  0.2330, -1.1366]], requires_grad=True)',
    )
  })

  test('cells 6 to 11: the gradient of 2 x·x is 4x, zeroed it is 0, and the elementwise square gives it again', () => {
    const x = torch.arange(4).requires_grad_(true)
    const y = torch.dot(x, x).mul(2)
    expect(String(y)).toBe('tensor(28., grad_fn=<MulBackward0>)')
    y.backward()
    expect(String(x.grad)).toBe('tensor([ 0.,  4.,  8., 12.])')
    expect(String(x.grad!.eq(x.mul(4)))).toBe('tensor([True, True, True, True])')
    const grad = x.grad!
    expect(grad.zero_()).toBe(grad)
    expect(String(x.grad)).toBe('tensor([0., 0., 0., 0.])')
    const z = x.mul(2).mul(x)
    expect(String(z)).toBe('tensor([ 0.,  2.,  8., 18.], grad_fn=<MulBackward0>)')
    z.sum().backward()
    expect(String(x.grad)).toBe('tensor([ 0.,  4.,  8., 12.])')
    expect(x.grad).toBe(grad)
  })

  test('cells 12 and 13: under no_grad nothing is tracked, as a callback and as a guard', () => {
    const x = torch.tensor([1], { requires_grad: true })
    expect(torch.no_grad(() => x.mul(2)).requires_grad).toBe(false)
    {
      using _ = torch.no_grad()
      expect(x.mul(2).requires_grad).toBe(false)
    }
    expect(x.mul(2).requires_grad).toBe(true)
  })
})

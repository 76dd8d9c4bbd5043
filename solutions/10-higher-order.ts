// Lesson 10: gradients of gradients, and gradients that are part of a loss.

import type { Tensor } from '../engine'
import * as torch from '../engine'

/** The gradient of `f` at `x`. No tensor's `.grad` changes, neither that of `x` nor that of others which `f` uses. */
export function gradientOnly(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  // #region todo: return the gradient of f at x and leave every .grad as it is
  return torch.autograd.grad(f(x), x)[0]
  // #endregion
}

/** The second derivative of each value of `f(x)`, of the shape of `x`. `f` works element by element. */
export function secondDerivative(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  // #region todo: return the second derivative of each value
  const [slope] = torch.autograd.grad(f(x).sum(), x, { create_graph: true })
  return torch.autograd.grad(slope.sum(), x)[0]
  // #endregion
}

/** `f(x)` and its first `n` derivatives, n + 1 tensors of shape []. What follows a constant derivative is 0. */
export function derivatives(f: (x: Tensor) => Tensor, x: Tensor, n: number): Tensor[] {
  // #region todo: return the list of f(x) and its first n derivatives
  let d = f(x)
  const list = [d]
  for (let order = 1; order <= n; order++) {
    d = d.requires_grad ? torch.autograd.grad(d, x, { create_graph: true })[0] : torch.zeros_like(x)
    list.push(d)
  }
  return list
  // #endregion
}

/** The Hessian of `f` at `x` times `v`, of the shape of `x` and `v`. The Hessian itself is not built. */
export function hessianVector(f: (x: Tensor) => Tensor, x: Tensor, v: Tensor): Tensor {
  // #region todo: return the product of the Hessian of f at x with v
  const [g] = torch.autograd.grad(f(x), x, { create_graph: true })
  return torch.autograd.grad(g, x, { grad_outputs: v })[0]
  // #endregion
}

/** loss(w, x) + strength * (the sum of the squares of its gradient at `x`), of shape [], with a way back to `w`. */
export function penalized(loss: (w: Tensor, x: Tensor) => Tensor, w: Tensor, x: Tensor, strength: number): Tensor {
  // #region todo: return the loss plus strength times the squared length of its gradient at x
  const probe = x.detach().requires_grad_(true)
  const y = loss(w, probe)
  const [g] = torch.autograd.grad(y, probe, { create_graph: true })
  return y.add(g.mul(g).sum().mul(strength))
  // #endregion
}

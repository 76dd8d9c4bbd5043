// What the warm-up judges: one right answer and one wrong one.
import * as torch from '../../../engine'

export function right(x: torch.Tensor): torch.Tensor {
  const y = torch.dot(x, x).mul(2)
  y.backward()
  return y
}

export function wrong(x: torch.Tensor): torch.Tensor {
  return x.add(1)
}

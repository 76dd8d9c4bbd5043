// Lesson 21: operations with rules of one's own, inside of the engine: torch.autograd.Function.

import type { Tensor } from '../engine'
import * as torch from '../engine'

type Context = torch.autograd.FunctionContext

/** x³, element by element, recorded as CubeBackward. */
export const cube = (x: Tensor): Tensor => Cube.apply(x)

class Cube extends torch.autograd.Function {
  static override forward(ctx: Context, x: Tensor): Tensor {
    throw new Error('TODO: save what backward will need, and return x³')
  }

  static override backward(ctx: Context, gradOut: Tensor): Tensor {
    throw new Error('TODO: return the gradient of x')
  }
}

/** factor · a · b, element by element, recorded as ProductBackward. `a` and `b` have the same shape. */
export const product = (a: Tensor, b: Tensor, factor: number): Tensor => Product.apply(a, b, factor)

class Product extends torch.autograd.Function {
  static override forward(ctx: Context, a: Tensor, b: Tensor, factor: number): Tensor {
    throw new Error('TODO: keep what backward will need, and return the product of the three')
  }

  static override backward(ctx: Context, gradOut: Tensor): (Tensor | null)[] {
    throw new Error('TODO: return what each of the three gets')
  }
}

/** ln(1 + eˣ), element by element, for every x that a float can be, recorded as SoftplusBackward. */
export const softplus = (x: Tensor): Tensor => Softplus.apply(x)

class Softplus extends torch.autograd.Function {
  static override forward(ctx: Context, x: Tensor): Tensor {
    throw new Error('TODO: return ln(1 + eˣ) in a form that does not overflow')
  }

  static override backward(ctx: Context, gradOut: Tensor): Tensor {
    throw new Error('TODO: return the gradient of x, in a form that is never nan')
  }
}

/** x rounded to whole numbers, with the gradient passed straight through, recorded as RoundThroughBackward. */
export const roundThrough = (x: Tensor): Tensor => RoundThrough.apply(x)

class RoundThrough extends torch.autograd.Function {
  static override forward(_: Context, x: Tensor): Tensor {
    throw new Error('TODO: return x, rounded')
  }

  static override backward(_: Context, gradOut: Tensor): Tensor {
    throw new Error('TODO: hand on what comes in, as if nothing had been rounded')
  }
}

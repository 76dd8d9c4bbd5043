// Lesson 21: operations with rules of one's own, inside of the engine: torch.autograd.Function.

import type { Tensor } from '../engine'
import * as torch from '../engine'

type Context = torch.autograd.FunctionContext

/** x³, element by element, recorded as CubeBackward. */
export const cube = (x: Tensor): Tensor => Cube.apply(x)

class Cube extends torch.autograd.Function {
  static override forward(ctx: Context, x: Tensor): Tensor {
    // #region todo: save what backward will need, and return x³
    ctx.save_for_backward(x)
    return x.mul(x).mul(x)
    // #endregion
  }

  static override backward(ctx: Context, gradOut: Tensor): Tensor {
    // #region todo: return the gradient of x
    const [x] = ctx.saved_tensors as [Tensor]
    return gradOut.mul(x).mul(x).mul(3)
    // #endregion
  }
}

/** factor · a · b, element by element, recorded as ProductBackward. `a` and `b` have the same shape. */
export const product = (a: Tensor, b: Tensor, factor: number): Tensor => Product.apply(a, b, factor)

class Product extends torch.autograd.Function {
  static override forward(ctx: Context, a: Tensor, b: Tensor, factor: number): Tensor {
    // #region todo: keep what backward will need, and return the product of the three
    ctx.save_for_backward(a, b)
    ctx.factor = factor
    return a.mul(b).mul(factor)
    // #endregion
  }

  static override backward(ctx: Context, gradOut: Tensor): (Tensor | null)[] {
    // #region todo: return what each of the three gets
    const [a, b] = ctx.saved_tensors as [Tensor, Tensor]
    const scaled = gradOut.mul(ctx.factor as number)
    return [scaled.mul(b), scaled.mul(a), null]
    // #endregion
  }
}

/** ln(1 + eˣ), element by element, for every x that a float can be, recorded as SoftplusBackward. */
export const softplus = (x: Tensor): Tensor => Softplus.apply(x)

class Softplus extends torch.autograd.Function {
  static override forward(ctx: Context, x: Tensor): Tensor {
    // #region todo: return ln(1 + eˣ) in a form that does not overflow
    ctx.save_for_backward(x)
    return x.clamp(0).add(x.abs().neg().exp().log1p())
    // #endregion
  }

  static override backward(ctx: Context, gradOut: Tensor): Tensor {
    // #region todo: return the gradient of x, in a form that is never nan
    const [x] = ctx.saved_tensors as [Tensor]
    return gradOut.div(x.neg().exp().add(1))
    // #endregion
  }
}

/** x rounded to whole numbers, with the gradient passed straight through, recorded as RoundThroughBackward. */
export const roundThrough = (x: Tensor): Tensor => RoundThrough.apply(x)

class RoundThrough extends torch.autograd.Function {
  static override forward(_: Context, x: Tensor): Tensor {
    // #region todo: return x, rounded
    return x.round()
    // #endregion
  }

  static override backward(_: Context, gradOut: Tensor): Tensor {
    // #region todo: hand on what comes in, as if nothing had been rounded
    return gradOut
    // #endregion
  }
}

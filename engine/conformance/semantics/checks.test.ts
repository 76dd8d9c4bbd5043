// gradcheck, gradgradcheck and anomaly detection.
import * as torch from '../../index'
import { agreesWithPyTorch, print } from './snippets'

type Tensor = torch.Tensor

const { gradcheck, gradgradcheck } = torch.autograd
const float64 = { dtype: torch.float64, requires_grad: true }

/** 2x with the derivative 3. */
class Wrong extends torch.autograd.Function {
  static override forward(_: torch.autograd.FunctionContext, x: Tensor) {
    return x.mul(2)
  }
  static override backward(_: torch.autograd.FunctionContext, g: Tensor) {
    return g.mul(3)
  }
}

agreesWithPyTorch({
  gradcheck_ok() {
    print(gradcheck((x: Tensor) => x.pow(2), torch.randn(3, float64)))
  },
  gradcheck_fail() {
    gradcheck((x: Tensor) => Wrong.apply(x), torch.ones(2, float64))
  },
  gradcheck_float_warn() {
    print(gradcheck((x: Tensor) => x.mul(2), torch.ones(2, { requires_grad: true })))
  },
  gradcheck_no_requires() {
    gradcheck((x: Tensor) => x.mul(2), torch.ones(2, { dtype: torch.float64 }))
  },
  gradcheck_raise_false() {
    print(gradcheck((x: Tensor) => Wrong.apply(x), torch.ones(2, float64), { raise_exception: false }))
  },
  gradgradcheck_ok() {
    print(gradgradcheck((x: Tensor) => x.pow(3), torch.ones(2, float64)))
  },
  anomaly_nan() {
    torch.autograd.detect_anomaly(() => {
      const x = torch.tensor(0, { requires_grad: true })
      x.sqrt().mul(0).backward()
    })
  },
  anomaly_inplace() {
    torch.autograd.set_detect_anomaly(true, () => {
      const a = torch.ones(2, { requires_grad: true }).mul(1)
      const b = a.mul(a)
      a.add_(1)
      b.sum().backward()
    })
  },
})

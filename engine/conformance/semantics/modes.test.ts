// no_grad, enable_grad, set_grad_enabled and inference_mode.
import * as torch from '../../index'
import { agreesWithPyTorch, print } from './snippets'

const leaf = { requires_grad: true }

agreesWithPyTorch({
  no_grad_basic() {
    const x = torch.ones(2, leaf)
    const y = torch.no_grad(() => x.mul(2))
    print(y.requires_grad, y.grad_fn, y.is_leaf)
  },
  no_grad_nested_enable() {
    const x = torch.ones(2, leaf)
    torch.no_grad(() => {
      const y = torch.enable_grad(() => x.mul(2))
      const z = x.mul(2)
      torch.enable_grad(() => print(y.requires_grad, z.requires_grad, torch.is_grad_enabled()))
    })
  },
  set_grad_enabled_ctx() {
    const x = torch.ones(2, leaf)
    {
      using _ = torch.set_grad_enabled(false)
      print(x.mul(2).requires_grad)
    }
    torch.set_grad_enabled(false)
    print(x.mul(2).requires_grad)
    torch.set_grad_enabled(true)
    print(x.mul(2).requires_grad)
  },
  no_grad_decorator() {
    const f = (x: torch.Tensor) => torch.no_grad(() => x.mul(2))
    print(f(torch.ones(2, leaf)).requires_grad)
  },
  no_grad_restored_on_exception() {
    try {
      torch.no_grad(() => {
        throw new Error('x')
      })
    } catch {}
    print(torch.is_grad_enabled())
  },
  no_grad_requires_grad_ctor() {
    const x = torch.no_grad(() => torch.ones(2, leaf))
    print(x.requires_grad)
  },
  no_grad_backward_allowed() {
    const x = torch.ones(2, leaf)
    const y = x.mul(x).sum()
    torch.no_grad(() => y.backward())
    print(x.grad)
  },
  no_grad_backward_inside_fail() {
    const x = torch.ones(2, leaf)
    torch.no_grad(() => x.mul(x).sum().backward())
  },
  no_grad_view_inplace() {
    const a = torch.ones(2, leaf).mul(1)
    const v = torch.no_grad(() => a.index([torch.slice(null, 1)]))
    v.mul_(2)
  },
  inference_mode_basic() {
    const x = torch.ones(2, leaf)
    const y = torch.inference_mode(() => x.mul(2))
    print(y.requires_grad, y.is_inference(), torch.is_inference_mode_enabled())
  },
  inference_inplace_outside() {
    torch.inference_mode(() => torch.ones(2)).add_(1)
  },
  inference_saved_backward() {
    const y = torch.inference_mode(() => torch.ones(2))
    torch.ones(2, leaf).mul(y)
  },
  inference_version() {
    torch.inference_mode(() => print(torch.ones(2)._version))
  },
  inference_requires_grad() {
    torch.inference_mode(() => torch.ones(2)).requires_grad_()
  },
  inference_enable_grad_nested() {
    const x = torch.ones(2, leaf)
    torch.inference_mode(() => torch.enable_grad(() => print(x.mul(2).requires_grad)))
  },
  inference_mode_false() {
    const x = torch.ones(2, leaf)
    {
      using _ = torch.inference_mode()
      using _inner = torch.inference_mode(false)
      print(x.mul(2).requires_grad)
    }
  },
})

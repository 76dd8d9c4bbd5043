// What is said in another way than in Python, or not at all, and is answered in PyTorch's words.
import * as torch from '../../index'
import { agreesWithPyTorch, print } from './snippets'

agreesWithPyTorch({
  backward_grad_scalar_python() {
    const x = torch.ones(3, { requires_grad: true })
    x.mul(2).backward(1.0 as unknown as torch.Tensor)
  },
  set_is_leaf() {
    const x = torch.ones(2)
    Object.assign(x, { is_leaf: true })
  },
  set_grad_fn() {
    const x = torch.ones(2)
    Object.assign(x, { grad_fn: null })
  },
  numpy_grad() {
    torch.ones(2, { requires_grad: true }).numpy()
  },
  numpy_nonleaf() {
    torch.ones(2, { requires_grad: true }).mul(2).numpy()
  },
  // Every object is true in JavaScript; what Python's bool() asks is is_nonzero().
  bool_multi() {
    torch.ones(2).is_nonzero()
  },
  bool_empty() {
    print(torch.ones(0).is_nonzero())
  },
  // A typed array is what numpy's array is there.
  as_tensor_shares() {
    const a = new Float32Array(2)
    const t = torch.from_numpy(a)
    a[0] = 5
    print(t)
  },
})

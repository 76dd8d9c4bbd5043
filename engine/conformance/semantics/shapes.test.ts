// Shapes and indices that don't fit, and the words that say so.
import * as torch from '../../index'
import { agreesWithPyTorch, print } from './snippets'

const leaf = { requires_grad: true }
const int64 = { dtype: torch.int64 }
const size = (x: torch.Tensor) => `torch.Size([${x.shape.join(', ')}])`

agreesWithPyTorch({
  broadcast_mismatch() {
    torch.ones(3).add(torch.ones(4))
  },
  broadcast_mismatch_2d() {
    torch.ones(2, 3).mul(torch.ones(3, 2))
  },
  broadcast_mismatch_dim0() {
    torch.ones(2, 3).add(torch.ones(4, 3))
  },
  broadcast_grad() {
    const a = torch.ones(2, 1, leaf)
    const b = torch.ones(3, leaf)
    a.mul(b).sum().backward()
    print(a.grad, b.grad)
  },
  dot_2d() {
    torch.dot(torch.ones(2, 2), torch.ones(2, 2))
  },
  dot_1d_2d() {
    torch.dot(torch.ones(2), torch.ones(2, 2))
  },
  dot_size() {
    torch.dot(torch.ones(2), torch.ones(3))
  },
  dot_dtype() {
    torch.dot(torch.ones(2), torch.arange(2, int64))
  },
  matmul_2d() {
    torch.ones(2, 3).matmul(torch.ones(2, 3))
  },
  matmul_mv() {
    torch.ones(2, 3).matmul(torch.ones(2))
  },
  matmul_vm() {
    torch.ones(3).matmul(torch.ones(2, 3))
  },
  matmul_11() {
    torch.ones(3).matmul(torch.ones(2))
  },
  matmul_scalar() {
    torch.tensor(2).matmul(torch.ones(2))
  },
  matmul_bmm() {
    torch.ones(2, 3, 4).matmul(torch.ones(2, 3, 4))
  },
  matmul_batch_broadcast() {
    torch.ones(2, 3, 4).matmul(torch.ones(3, 4, 5))
  },
  matmul_dtype() {
    torch.ones(2, 2).matmul(torch.ones(2, 2, int64))
  },
  mm_1d() {
    torch.mm(torch.ones(2), torch.ones(2, 2))
  },
  mm_shape() {
    torch.mm(torch.ones(2, 3), torch.ones(2, 3))
  },
  mv_shape() {
    torch.mv(torch.ones(2, 3), torch.ones(2))
  },
  bmm_2d() {
    torch.bmm(torch.ones(2, 2), torch.ones(2, 2))
  },
  addmm_shape() {
    torch.addmm(torch.ones(5), torch.ones(2, 3), torch.ones(3, 4))
  },
  linear_shape() {
    torch.nn.functional.linear(torch.ones(2, 3), torch.ones(4, 5))
  },
  view_invalid() {
    torch.ones(2, 3).view(4)
  },
  view_noncontig() {
    torch.ones(2, 3).t().view(6)
  },
  reshape_invalid() {
    torch.ones(2, 3).reshape(4, 2)
  },
  reshape_two_minus1() {
    torch.ones(2, 3).reshape(-1, -1)
  },
  reshape_minus1_bad() {
    torch.ones(2, 3).reshape(-1, 4)
  },
  expand_bad() {
    torch.ones(2, 3).expand(4, 3)
  },
  expand_fewer() {
    torch.ones(2, 3).expand(3)
  },
  t_3d() {
    torch.ones(2, 3, 4).t()
  },
  T_3d_warn() {
    print(size(torch.ones(2, 3, 4).T))
  },
  dim_range() {
    torch.ones(2, 3).sum(2)
  },
  dim_range_neg() {
    torch.ones(2, 3).sum(-3)
  },
  dim_range_scalar() {
    torch.tensor(1).sum(1)
  },
  dim_repeat() {
    torch.ones(2, 3).sum([0, 0])
  },
  permute_bad() {
    torch.ones(2, 3).permute(0, 0)
  },
  permute_len() {
    torch.ones(2, 3).permute(0)
  },
  cat_bad() {
    torch.cat([torch.ones(2, 3), torch.ones(3, 2)])
  },
  cat_dims() {
    torch.cat([torch.ones(2, 3), torch.ones(3)])
  },
  cat_empty() {
    torch.cat([])
  },
  stack_bad() {
    torch.stack([torch.ones(2), torch.ones(3)])
  },
  squeeze_noop() {
    print(size(torch.ones(2, 3).squeeze(0)))
  },
  unsqueeze_bad() {
    torch.ones(2).unsqueeze(3)
  },
  index_oob() {
    torch.ones(3).index([3])
  },
  index_oob_neg() {
    torch.ones(3).index([-4])
  },
  index_too_many() {
    torch.ones(3).index([0, 0])
  },
  index_scalar() {
    torch.tensor(1).index([0])
  },
  index_tensor_oob() {
    torch.ones(3).index([torch.tensor([5], int64)])
  },
  index_float() {
    torch.ones(3).index([1.5])
  },
  gather_oob() {
    torch.ones(2, 2).gather(1, torch.tensor([[2]], int64))
  },
  mT_of_a_vector() {
    void torch.ones(3).mT
  },
  mH_of_a_vector() {
    void torch.ones(3).mH
  },
  mT_of_a_scalar() {
    print(torch.tensor(2).mT, torch.ones(1, 2).mT, torch.ones(1, 1, 2).mH)
  },
})

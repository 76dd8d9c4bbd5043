// Making tensors, turning them into numbers, dtypes and random numbers.
import * as torch from '../../index'
import { agreesWithPyTorch, float, print } from './snippets'

const leaf = { requires_grad: true }
const int64 = { dtype: torch.int64 }
const arange = (start: number, end: number) => torch.arange(start, end, int64)

agreesWithPyTorch({
  ragged() {
    torch.tensor([[1, 2], [3]])
  },
  ragged2() {
    torch.tensor([[1, 2], 3])
  },
  tensor_str() {
    torch.tensor('a' as never)
  },
  max_empty() {
    torch.ones(0).max()
  },
  argmax_empty() {
    torch.ones(0).argmax()
  },
  mean_int() {
    torch.arange(3, int64).mean()
  },
  mean_empty() {
    print(torch.ones(0).mean())
  },
  softmax_int() {
    torch.arange(3, int64).softmax(0)
  },
  int_div() {
    print(arange(0, 4).div(2), arange(0, 4).floor_divide(2), arange(-3, 3).remainder(2))
  },
  int_div_zero() {
    print(torch.tensor(1, int64).floor_divide(torch.tensor(0, int64)))
  },
  pow_int_neg() {
    arange(0, 3).pow(-1)
  },
  bool_neg() {
    torch.tensor([true]).neg()
  },
  bool_sub() {
    torch.tensor([true]).sub(torch.tensor([true]))
  },
  linspace_neg() {
    torch.linspace(0, 1, -1)
  },
  arange_bad_step() {
    torch.arange(0, 3, -1)
  },
  arange_zero_step() {
    torch.arange(0, 3, 0)
  },
  zeros_neg() {
    torch.zeros(-1)
  },
  randint_bad() {
    torch.randint(5, 5, [2])
  },
  normal_bad_std() {
    torch.empty(2).normal_(0, -1)
  },
  uniform_bad() {
    torch.empty(2).uniform_(1, 0)
  },
  randn_int() {
    torch.randn(2, int64)
  },
  item_multi() {
    torch.ones(2).item()
  },
  item_empty() {
    torch.ones(0).item()
  },
  item_f32() {
    print(float(torch.tensor(0.1).item()), torch.tensor(3, int64).item(), torch.tensor(true).item())
  },
  tolist_grad_ok() {
    print(`[${(torch.ones(2, leaf).tolist() as number[]).map(float).join(', ')}]`)
  },
  tensor_of_tensor_warn() {
    print(torch.tensor(torch.ones(2)))
  },
  tensor_of_grad_tensor_warn() {
    print(torch.tensor(torch.ones(2, leaf)))
  },
  tensor_of_list_of_grad() {
    const x = torch.tensor(1, leaf)
    print(torch.tensor([x, x]))
  },
  eq_shape() {
    print(torch.equal(torch.ones(2), torch.ones(3)), torch.ones(2).eq(torch.ones(2)))
  },
  hash_in() {
    const x = torch.ones(2)
    print([x].includes(x))
  },
  iter_0d() {
    Array.from(torch.tensor(1))
  },
  dtype_promotion() {
    const float64 = { dtype: torch.float64 }
    print(
      arange(0, 2).add(1.5).dtype,
      arange(0, 2).mul(torch.ones(2)).dtype,
      torch.ones(2).add(torch.ones([], float64)).dtype,
      torch.ones(2).add(torch.ones(1, float64)).dtype,
      torch.tensor([true]).add(1).dtype,
    )
  },
  seed_negative() {
    torch.manual_seed(-1)
    print(torch.rand(1))
  },
  initial_seed() {
    torch.manual_seed(42)
    print(torch.initial_seed())
  },
})

"""Record sums, dots, ranges and random draws of the installed PyTorch, as bits, for the tests of the engine's kernels.

    python record_kernels.py --seed 1 --out kernels.json

Inputs are not stored: both sides make them from the formula in `noise`, which is exact in float64.
Every result was computed by the installed PyTorch. Floats are stored in full precision.
"""
import argparse, json, math, random
import record as _which_kernels  # before torch: it says which kernels
import torch
import torch.nn.functional as F

DTYPES = {"float32": torch.float32, "float64": torch.float64}


def noise(seed, n, dtype):
    """n numbers in [-1, 1) of mixed sizes, from a linear congruential generator: x' = (1103515245 x + 12345) mod 2^31."""
    x, values = seed % 2**31, []
    for _ in range(n):
        x = (1103515245 * x + 12345) % 2**31
        scale = 2.0 ** -(x % 7)
        values.append((x / 2**30 - 1) * scale)
    return torch.tensor(values, dtype=torch.float64).to(DTYPES[dtype])


def flat(t): return t.detach().reshape(-1).tolist()


def record(seed):
    rng = random.Random(seed)
    rows = {"sum": [], "sumDims": [], "dot": [], "matmul": [], "arange": [], "linspace": [], "addcmul": [], "random": [], "activations": [], "gradients": [], "alone": []}
    for dtype in DTYPES:
        lengths = list(range(0, 70)) + [rng.randrange(70, 5000) for _ in range(60)] + [131072, 262147]
        for n in lengths:
            s = rng.randrange(2**31)
            rows["sum"].append({"dtype": dtype, "seed": s, "n": n, "sum": noise(s, n, dtype).sum().item()})
    for dtype in DTYPES:
        for _ in range(300):
            nd = rng.randint(1, 4)
            shape = [rng.choice([1, 2, 3, 5, 8, 9, 17, 33, 40] if nd < 4 else [1, 2, 3, 4, 9]) for _ in range(nd)]
            order = list(range(nd)); rng.shuffle(order)
            dims = sorted(rng.sample(range(nd), rng.randint(1, nd)))
            s = rng.randrange(2**31)
            n = 1
            for d in shape: n *= d
            x = noise(s, n, dtype).reshape(shape)
            if rng.random() < 0.5: x = x.permute(order)
            if rng.random() < 0.3: x = x.narrow(0, 0, max(1, x.shape[0] // 2))
            rows["sumDims"].append({"dtype": dtype, "seed": s, "n": n, "shape": list(x.shape), "strides": list(x.stride()), "offset": x.storage_offset(), "dims": dims, "sum": flat(x.sum(dims))})
    for dtype in DTYPES:
        for n in list(range(1, 70)) + [rng.randrange(70, 2000) for _ in range(30)]:
            s = rng.randrange(2**31)
            x = noise(s, 2 * n, dtype)  # cloned: MKL's order also depends on how its operands are aligned in memory
            rows["dot"].append({"dtype": dtype, "seed": s, "n": n, "dot": torch.dot(x[:n].clone(), x[n:].clone()).item()})
    near = [(1, 9), (1, 11), (1, 9)], [(1, 20), (1, 7), (1, 20)], [(7, 20), (1, 33), (7, 20)], [(1, 9), (10, 40), (1, 1)], [(1, 1), (1, 40), (2, 9)]
    sizes = [tuple(rng.randint(*d) for d in dims) for dims in near for _ in range(70)] + [(3, 500, 2)]
    for m, k, n in [size for size in sizes if math.prod(size) < 8000] + [(32, 32, 32), (12, 200, 13), (4, 500, 12), (5, 784, 14), (20, 20, 20)]:
        if m == n == 1 and k >= 9: continue  # mm of a row and a column has an order of its own; mv has not
        s, a_is_transposed, b_is_transposed = rng.randrange(2**31), rng.random() < 0.5, rng.random() < 0.5
        x = noise(s, m * k + k * n, "float32")
        a = x[:m * k].clone().reshape(k, m).t() if a_is_transposed else x[:m * k].clone().reshape(m, k)
        b = x[m * k:].clone().reshape(n, k).t() if b_is_transposed else x[m * k:].clone().reshape(k, n)
        rows["matmul"].append({"seed": s, "m": m, "k": k, "n": n, "transposed": [a_is_transposed, b_is_transposed], "product": flat(a @ b)})
    for dtype in DTYPES:
        for _ in range(60):
            start, step, n = round(rng.uniform(-5, 5), 3), round(rng.uniform(0.01, 3), 3), rng.randrange(1, 70)
            end = start + step * (n - 0.5)
            rows["arange"].append({"dtype": dtype, "start": start, "step": step, "values": flat(torch.arange(start, end, step, dtype=DTYPES[dtype]))})
        for _ in range(60):
            start, end, n = round(rng.uniform(-5, 5), 3), round(rng.uniform(-50, 50), 3), rng.randrange(1, 70)
            rows["linspace"].append({"dtype": dtype, "start": start, "end": end, "values": flat(torch.linspace(start, end, n, dtype=DTYPES[dtype]))})
    for dtype in DTYPES:
        s = rng.randrange(2**31)
        x = noise(s, 2000, dtype)
        alpha = 0.7123
        rows["addcmul"].append({"dtype": dtype, "seed": s, "n": 1000, "alpha": alpha, "add": flat(torch.add(x[:1000], x[1000:], alpha=alpha))})
    for _ in range(200): rows["random"].append(draws(rng))
    for name, f in ACTIVATIONS.items():
        for n in (96, 7) if name in SAME_ALONE else (96,):
            s = rng.randrange(2**31)
            x = (noise(s, n, "float32") * 12).requires_grad_()
            y = f(x)
            y.backward(torch.arange(len(y)) % 5 - 1.5)
            rows["activations"].append({"name": name, "seed": s, "n": n, "values": flat(y), "grad": flat(x.grad)})
    for name, f in GRADIENTS.items():
        s = rng.randrange(2**31)
        x = noise(s, 96, "float32").requires_grad_()
        y = f(x)
        y.backward(torch.arange(len(y)) % 5 - 1.5)
        rows["gradients"].append({"name": name, "seed": s, "n": 96, "grad": flat(x.grad)})
    for name, f in ACTIVATIONS.items():
        for n in (96, 7):
            s = rng.randrange(2**31)
            x = (noise(s, n, "float64") * 12).requires_grad_()
            y = f(x)
            y.backward(torch.arange(len(y), dtype=torch.float64) % 5 - 1.5)
            rows["activations"].append({"name": name, "dtype": "float64", "seed": s, "n": n, "values": flat(y), "grad": flat(x.grad)})
    for dtype in DTYPES:
        s = rng.randrange(2**31)
        rows["alone"].append({"dtype": dtype, "seed": s, "n": 300, "sigmoid": [x.sigmoid().item() for x in noise(s, 300, dtype) * 12]})
    return rows


# Whose values may differ by a unit, but whose gradients are made of them by exact steps, in PyTorch's order.
GRADIENTS = {
    "atan": torch.atan, "atanh": torch.atanh, "atan2": lambda x: torch.atan2(x[:48], x[48:]), "hypot": lambda x: torch.hypot(x[:48], x[48:]),
}


# Those that PyTorch reckons with a library of its own. What is left of a row when all vectors are full it leaves to the system's
# library, which differs between systems, except for the exponential: 96 numbers leave nothing.
ACTIVATIONS = {
    "sigmoid": F.sigmoid, "silu": F.silu, "logsigmoid": F.logsigmoid, "gelu": F.gelu, "softplus": F.softplus, "mish": F.mish, "elu": F.elu, "selu": F.selu,
    "celu": lambda x: F.celu(x, 0.7), "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"), "softmax": lambda x: F.softmax(x, 0), "log_softmax": lambda x: F.log_softmax(x, 0),
    "glu": lambda x: F.glu(x[: len(x) // 2 * 2]), "exp2": torch.exp2,
}
SAME_ALONE = ["sigmoid", "silu", "logsigmoid", "gelu", "softmax", "log_softmax", "glu"]


def draws(rng):
    """A mixed program of draws after one seed: each draw is [name, dtype, n, parameters, values]."""
    seed = rng.choice([0, 1, 42, 1497632349, rng.randrange(2**31), rng.randrange(2**31)])
    torch.manual_seed(seed)
    program = []
    for _ in range(rng.randint(1, 6)):
        name = rng.choice(["rand", "uniform", "randn", "normal", "randint", "randperm", "bernoulli"])
        dtype, n = rng.choice(["float32", "float32", "float64"]), rng.choice([1, 2, 3, 7, 15, 16, 17, 31, 32, 40])
        t = torch.empty(n, dtype=DTYPES[dtype])
        if name == "rand": params, values = [], torch.rand(n, dtype=DTYPES[dtype])
        elif name == "uniform": params = [round(rng.uniform(-3, 0), 2), round(rng.uniform(0.5, 3), 2)]; values = t.uniform_(*params)
        elif name == "randn": params, values = [], torch.randn(n, dtype=DTYPES[dtype])
        elif name == "normal": params = [round(rng.uniform(-3, 3), 2), round(rng.uniform(0.5, 3), 2)]; values = t.normal_(*params)
        elif name == "randint": params = rng.choice([[0, 2], [-5, 17], [0, 1000003], [0, 2**40]]); values = torch.randint(*params, (n,)); dtype = "int64"
        elif name == "randperm": params, values = [], torch.randperm(n); dtype = "int64"
        else: params = [round(rng.random(), 2)]; values = t.bernoulli_(params[0])
        program.append([name, dtype, n, params, flat(values)])
    return {"seed": seed, "draws": program}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(); parser.add_argument("--seed", type=int, required=True); parser.add_argument("--out", required=True)
    args = parser.parse_args()
    json.dump({"torch": torch.__version__, "seed": args.seed, **record(args.seed)}, open(args.out, "w"), separators=(",", ":"))

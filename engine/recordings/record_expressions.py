"""Record what single expressions give: value, flags, grad_fn, gradients, or the error.

    python record_expressions.py --out expressions.json

Every function of the engine that record.py does not draw stands in expressions.txt at least once. The operands are multiples of 1/8, so
that sums and products of them are exact in whatever order a library takes them.
Every value was printed by, or read from, the installed PyTorch.
"""
import argparse, json, pathlib
from record import describe, plain  # before torch: it says which kernels
import torch
import torch.nn.functional as F

FLOATS = {"x": [2, 3], "y": [2, 3], "m": [3, 3], "v": [3], "w": [3], "s": [], "b3": [2, 3, 4], "c3": [2, 4, 5], "d3": [2, 3, 5], "q4": [4, 2],
          "img": [2, 2, 5, 6], "k": [4, 2, 2, 3], "kg": [4, 1, 2, 2], "kb": [4], "sig": [2, 2, 7], "k1": [3, 2, 3], "long": [12], "kt": [2, 3, 2, 2]}
EIGHTHS = [5, -12, 19, 3, -7, 26, -1, 14, -22, 9, 17, -4, 11, -15, 2, 24, -9, 6, -18, 13, 1, -25, 8, 21, -3, 16, -10, 28, -6, 23, -13]


def scope():
    """Fresh operands, and those of them that want gradients."""
    leaves, at = {}, 0
    for name, shape in FLOATS.items():
        n = int(torch.Size(shape).numel())
        values = [EIGHTHS[(at + 5 * i + i * i) % len(EIGHTHS)] / 8 for i in range(n)]
        at += 7
        leaves[name] = torch.tensor(values).reshape(shape).requires_grad_()
    leaves["p"] = torch.tensor([[0.125, 0.25, 0.75], [0.5, 0.875, 0.625]], requires_grad=True)
    leaves["pos"] = torch.tensor([[0.5, 2.0, 1.25], [3.0, 0.25, 4.0]], requires_grad=True)
    leaves["z"] = torch.tensor([[1.0, float("nan"), 0.0], [float("inf"), -2.5, float("-inf")]], requires_grad=True)
    leaves["ties"] = torch.tensor([[2.0, 2.0, -1.0, 2.0], [0.0, -1.0, 0.0, 0.5]], requires_grad=True)
    leaves["d"] = torch.tensor([[4.0, 1.0, 0.5], [1.0, 3.0, 0.25], [0.5, 0.25, 2.0]], dtype=torch.float64, requires_grad=True)
    leaves["n"] = torch.tensor([[3, -1, 4], [1, -5, 9]])
    leaves["o"] = torch.tensor([[2, 7, -1], [8, 2, 8]])
    leaves["i"] = torch.tensor([2, 0, 1])
    leaves["j"] = torch.tensor([[0, 2, 1], [1, 1, 0]])
    leaves["mask"] = torch.tensor([[True, False, True], [False, False, True]])
    leaves["mask2"] = torch.tensor([[True, True, False], [False, True, True]])
    leaves["cls"] = torch.tensor([2, 0])
    leaves["sgn"] = torch.tensor([[1.0, -1.0, 1.0], [-1.0, -1.0, 1.0]])
    leaves["sgn2"] = torch.tensor([1.0, -1.0])
    return leaves


EXPRESSIONS = (pathlib.Path(__file__).parent / "expressions.txt").read_text().splitlines()


def record(expression):
    torch.manual_seed(0)
    leaves = scope()
    row = {"python": expression}
    try: result = eval(expression, {"torch": torch, "F": F, **leaves, "a": leaves["x"] * 1, "c": leaves["m"] * 1})
    except Exception as error:
        row["error"] = {"type": type(error).__name__, "message": str(error)}
        return row
    tensors = [result] if isinstance(result, torch.Tensor) else list(result) if isinstance(result, (tuple, list)) and any(isinstance(r, torch.Tensor) for r in result) else None
    if tensors is None:
        row["returns"] = plain(result) if not isinstance(result, torch.dtype) else str(result)
        return row
    row["shows"] = [describe(t) for t in tensors]
    # Each element of each result has a weight of its own: a gradient that went to the wrong place shows.
    total = sum((t * ((torch.arange(t.numel(), dtype=t.dtype) % 5 - 1.5) * 0.5).reshape(t.shape)).sum() for t in tensors if t.requires_grad)
    if isinstance(total, torch.Tensor):
        row.update(derivatives(total, leaves))
        try: total.backward()
        except Exception as error: row["backward"] = {"type": type(error).__name__, "message": str(error)}
        row["grads"] = {name: plain(torch.zeros_like(t).copy_(t.grad)) for name, t in leaves.items() if t.requires_grad and t.grad is not None}
    return row


def derivatives(total, leaves):
    """Which gradients can be differentiated again; and which function each comes from where all are recorded, and in which order those were called."""
    wanted = [name for name, t in leaves.items() if t.requires_grad]
    operands = [leaves[name] for name in wanted]
    factor = torch.ones((), requires_grad=True)
    try:
        plain = torch.autograd.grad(total, operands, create_graph=True, allow_unused=True)
        grads = torch.autograd.grad(total * factor, operands, create_graph=True, allow_unused=True)
    except Exception: return {}
    nodes = {name: g.grad_fn for name, g in zip(wanted, grads) if g is not None and g.grad_fn is not None}
    ranks = sorted({node._sequence_nr() for node in nodes.values()})
    return {"again": [name for name, g in zip(wanted, plain) if g is not None and g.requires_grad], "grad_fns": {name: [ranks.index(node._sequence_nr()), node.name()] for name, node in nodes.items()}}


def main():
    ap = argparse.ArgumentParser(); ap.add_argument("--out", required=True)
    a = ap.parse_args()
    torch.set_num_threads(1)
    leaves = {name: {"shape": list(t.shape), "dtype": str(t.dtype).replace("torch.", ""), "values": plain(t), "requires_grad": t.requires_grad} for name, t in scope().items()}
    rows = [record(e) for e in EXPRESSIONS]
    json.dump({"torch": torch.__version__, "leaves": leaves, "rows": rows}, open(a.out, "w"), separators=(",", ":"), allow_nan=False)
    print(len(rows), "expressions", sum("error" in r for r in rows), "errors")


if __name__ == "__main__": main()

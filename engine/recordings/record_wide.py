"""Record more kinds of program than record.py knows: dtypes, layouts, longer tensors, picking, in-place on views, more functions.

    python record_wide.py --seed 1 --count 400 --out wide.json

The same format as programs.json. Every value was printed by, or read from, the installed PyTorch.
"""
import argparse, json
from record import Maker, Recorder, ref  # before torch: it says which kernels
import torch

F = "torch.nn.functional."
SMOOTH = ["tan", "sinh", "cosh", "atan", "erf", "exp2", "log2", "log10", "sigmoid", "tanh", "expm1", "log1p", "reciprocal", "rsqrt", "sqrt", "square", "abs", "neg", "relu", "sign", "floor", "ceil", "round", "trunc", "frac", "logit"]
ACTIVATIONS = ["relu", "leaky_relu", "elu", "selu", "celu", "silu", "mish", "softplus", "logsigmoid", "hardtanh", "hardsigmoid", "hardswish", "relu6", "tanhshrink", "softsign"]
INT64 = {"dtype": "int64"}


class Wide(Maker):
    def values(self, n):
        """n different-looking numbers; none equal, so that sorting has one answer."""
        return [round(v * 0.37 - n * 0.15 + self.rng.random() * 0.3, 3) for v in self.rng.sample(range(n), n)]

    def filled(self, r, shape, grad=True):
        flat = self.values(max(1, int(torch.Size(shape).numel())))
        def nest(s):
            return [nest(s[1:]) for _ in range(s[0])] if s else flat.pop()
        return r.run("torch.tensor", nest(shape), **({"requires_grad": True} if grad else {}))

    def small(self): return [self.rng.randint(1, 4) for _ in range(self.rng.randint(1, 3))]

    def typed(self, r):
        shape = self.small()
        def make():
            kind = self.rng.choice(["int64", "int32", "bool", "float32", "float64"])
            def nest(s):
                if s: return [nest(s[1:]) for _ in range(s[0])]
                return self.rng.random() < 0.5 if kind == "bool" else self.rng.randint(-4, 5) if kind.startswith("int") else self.number()
            return r.run("torch.tensor", nest(shape), dtype={"dtype": kind})
        a, b = make(), make()
        for _ in range(self.rng.randint(2, 6)):
            roll = self.rng.random()
            if roll < 0.35: c = r.run(self.rng.choice(["add", "sub", "mul", "div", "maximum", "minimum", "eq", "lt", "ge", "floor_divide", "remainder"]), ref(b), on=a)
            elif roll < 0.5: c = r.run(self.rng.choice(["add", "sub", "mul", "div", "gt", "pow", "floor_divide"]), self.rng.choice([2, 3, 0.5, 1.5]), on=a)
            elif roll < 0.65: c = r.run(self.rng.choice(["sum", "prod", "max", "min", "argmax", "mean", "any", "all", "amax"]), *([0] if self.rng.random() < 0.3 else []), on=a)
            elif roll < 0.8: c = r.run(self.rng.choice(["float", "double", "long", "int", "bool", "exp", "sqrt", "abs", "neg", "sigmoid", "relu", "sign", "logical_not", "floor"]), on=a)
            else: c = r.run(self.rng.choice(["add_", "mul_", "div_", "sub_", "copy_"]), ref(b), on=a)
            if isinstance(c, str): a, b = (b, c) if self.rng.random() < 0.5 else (c, b)

    def layouts(self, r):
        x = self.filled(r, [self.rng.choice([1, 2, 3, 5, 8, 9, 12]) for _ in range(self.rng.randint(2, 3))])
        a, nd = x, r.env[x].dim()
        for _ in range(self.rng.randint(1, 2)):
            op = self.rng.choice(["transpose", "permute", "slice", "expand", "flip"])
            nd = r.env[a].dim()
            if op == "transpose": a = r.run("transpose", 0, nd - 1, on=a)
            elif op == "permute": d = list(range(nd)); self.rng.shuffle(d); a = r.run("permute", d, on=a)
            elif op == "slice": a = r.index(a, [None, None, 2]) or a
            elif op == "flip": a = r.run("flip", [0], on=a)
            elif nd < 3: a = r.run("expand", [2] + [-1] * nd, on=a)
        nd = r.env[a].dim(); d = self.rng.randint(0, nd - 1)
        op = self.rng.choice(["sum", "mean", "norm", "prod", "var", "std", "amax", "cumsum", "softmax", "log_softmax", "logsumexp", "sum", "mean", "contiguous", "reshape", "clone"])
        if op in ("cumsum", "softmax", "log_softmax", "logsumexp", "amax"): out = r.run(op, d, on=a)
        elif op == "reshape": out = r.run("reshape", [-1], on=a)
        elif op in ("contiguous", "clone"): out = r.run(op, on=a)
        elif self.rng.random() < 0.5: out = r.run(op, on=a)
        else: out = r.run(op, on=a, dim=d, **({"keepdim": True} if self.rng.random() < 0.3 else {}))
        if out: self.finish(r, out, [x])

    def longer(self, r):
        n = self.rng.choice([9, 15, 16, 17, 31, 33, 40, 64, 100, 130])
        x = self.filled(r, [n]); op = self.rng.choice(["sum", "mean", "dot", "prod", "var", "std", "norm", "softmax", "log_softmax", "cumsum", "logsumexp", "mv", "mm", "outer"])
        if op == "dot": y = self.filled(r, [n]); out = r.run("torch.dot", ref(x), ref(y)); leaves = [x, y]
        elif op in ("mv", "mm", "outer"):
            k = self.rng.choice([3, 5, 8, 12, 16]); m = self.rng.choice([2, 4, 5, 12, 13])
            x = self.filled(r, [m, k]); y = self.filled(r, [k] if op == "mv" else [k, self.rng.choice([3, 4, 12, 14])]) if op != "outer" else None
            if op == "outer": x, y = self.filled(r, [m]), self.filled(r, [k])
            out = r.run("torch." + op, ref(x), ref(y)); leaves = [x, y]
        else:
            s = r.run("mul", 0.25, on=x) if op == "prod" else x
            out = r.run(op, *([0] if op in ("softmax", "log_softmax", "cumsum", "logsumexp") else []), on=s); leaves = [x]
        self.finish(r, out, leaves)

    def picking(self, r):
        shape = self.small(); x = self.filled(r, shape); nd = len(shape); d = self.rng.randint(-nd, nd - 1); n = shape[d]
        op = self.rng.choice(["sort", "topk", "argsort", "median", "max", "min", "argmin", "masked_fill", "masked_select", "index_add", "scatter", "tril", "diag", "roll", "unbind", "split", "cumprod", "take", "repeat", "index_fill", "movedim", "diff", "nonzero", "unfold", "scatter_add", "clamp", "cummax", "logcumsumexp", "kthvalue"])
        out = None
        if op == "sort": out = r.run("sort", d, *([True] if self.rng.random() < 0.5 else []), on=x)
        elif op in ("argsort", "max", "min", "argmin", "cumprod", "median"): out = r.run(op, d, on=x)
        elif op == "topk": out = r.run("topk", self.rng.randint(1, n), d, on=x)
        elif op in ("masked_fill", "masked_select"):
            m = r.run("gt", 0, on=x); out = r.run(op, ref(m), *([self.number()] if op == "masked_fill" else []), on=x)
        elif op in ("tril", "diag") and nd == 2: out = r.run(op, *([self.rng.randint(-1, 1)] if op == "tril" else []), on=x)
        elif op == "roll": out = r.run("roll", self.rng.randint(-2, 2), d, on=x)
        elif op in ("unbind",): out = r.run(op, d, on=x)
        elif op == "split": out = r.run("split", self.rng.randint(1, n), d, on=x)
        elif op == "take": i = r.run("torch.tensor", [self.rng.randrange(r.env[x].numel()) for _ in range(3)], dtype=INT64); out = r.run("take", ref(i), on=x)
        elif op == "repeat": out = r.run("repeat", [2] * nd, on=x)
        elif op in ("scatter", "scatter_add", "index_add"):
            i = r.run("torch.tensor", [self.rng.randrange(n) for _ in range(n)], dtype=INT64)
            if op == "index_add": s = self.filled(r, shape); out = r.run("index_add", d, ref(i), ref(s), on=x)
            elif nd == 1: s = self.filled(r, shape); out = r.run(op, d, ref(i), ref(s), on=x) if op == "scatter_add" or len(set(r.env[i].tolist())) == n else None
        elif op == "movedim": out = r.run("movedim", d, 0, on=x)
        elif op == "clamp": out = r.run("clamp", on=x, **({"min": 0.25} if self.rng.random() < 0.5 else {"max": 0.5}))
        out = out[0] if isinstance(out, list) else out
        if out and r.env[out].requires_grad and r.env[out].numel(): self.finish(r, r.run("square", on=out), [x])

    def functions(self, r):
        x = self.leaf(r, self.small(), positive=self.rng.random() < 0.5, grad=True)
        name = self.rng.choice(SMOOTH + [F + a for a in ACTIVATIONS])
        y = r.run(name, ref(x)) if name.startswith("torch") else r.run(name, on=x)
        if self.rng.random() < 0.4: y = r.run("mul", ref(x), on=y)
        self.finish(r, y, [x])

    def twice(self, r):
        x = self.leaf(r, self.small(), positive=True, grad=True); y = self.leaf(r, list(r.env[x].shape), positive=True, grad=True)
        f = r.run(self.rng.choice(["mul", "div", "sub", "add", "maximum"]), ref(y), on=x)
        if self.rng.random() < 0.6: f = r.run(self.rng.choice(["square", "reciprocal", "abs", "relu"]), on=f)
        if self.rng.random() < 0.3: f = r.run(self.rng.choice(["cumsum", "flip", "roll"]), *([0] if self.rng.random() < 2 else []), on=f) if r.env[f].dim() else f
        s = r.run(self.rng.choice(["sum", "mean"]), on=f)
        outs = r.run("torch.autograd.grad", ref(s), {"refs": [x, y]}, create_graph=True)
        if not outs: return
        t = r.run("mul", ref(outs[1]), on=outs[0]); s2 = r.run("sum", on=t)
        r.run("backward", on=s2); r.grad(x); r.grad(y)

    def viewsInPlace(self, r):
        x = self.leaf(r, [self.rng.randint(2, 4), self.rng.randint(2, 4)], grad=True)
        a = r.run("mul", 1.5, on=x)
        b = r.run("mul", ref(a), on=a) if self.rng.random() < 0.4 else None
        names = [a]
        for _ in range(self.rng.randint(2, 5)):
            v = self.rng.choice(names); t = r.env[v]
            roll = self.rng.random()
            if roll < 0.5 and t.dim():
                v2 = r.index(v, self.rng.choice([0, -1, [None, 1], [1, None], [None, None, 2]])) if self.rng.random() < 0.6 else r.run(self.rng.choice(["t", "flatten", "squeeze", "detach"]), on=v) if t.dim() <= 2 and self.rng.random() < 0.7 else r.run("select", 0, 0, on=v)
                if isinstance(v2, str) and v2 not in names: names.append(v2)
            else:
                op = self.rng.choice(["mul_", "add_", "zero_", "fill_", "neg_", "clamp_", "masked_fill_", "copy_", "pow_", "div_", "sub_"])
                if op in ("zero_", "neg_"): r.run(op, on=v)
                elif op == "clamp_": r.run(op, -1.0, 1.0, on=v)
                elif op == "pow_": r.run(op, 2, on=v)
                elif op == "masked_fill_": m = r.run("gt", 0.5, on=v); r.run(op, ref(m), 0.25, on=v)
                elif op == "copy_": w = self.leaf(r, list(t.shape)); r.run(op, ref(w), on=v)
                else: r.run(op, self.number(True), on=v)
        for n in names: r.show(n); r.attr(n, "_version")
        s = r.run("sum", on=b or names[-1]); r.run("backward", on=s); r.grad(x)
        s = r.run("sum", on=a); r.run("backward", on=s); r.grad(x)

    def moreErrors(self, r):
        x = self.filled(r, [2, 3]); y = self.filled(r, [4]); i = r.run("torch.tensor", [0, 5], dtype=INT64); s = r.run("torch.tensor", 1.5)
        k = self.rng.randrange(24)
        [lambda: r.run("reshape", [4, -1], on=x), lambda: r.run("view", [-1, -1], on=x), lambda: r.run("expand", [3, 2], on=x), lambda: r.run("squeeze", 5, on=x), lambda: r.run("transpose", 0, 2, on=x),
         lambda: r.run("permute", [0, 0], on=x), lambda: r.run("index_select", 0, ref(i), on=x), lambda: r.run("gather", 1, ref(i), on=x), lambda: r.run("torch.cat", {"refs": [x, y]}, 0), lambda: r.run("torch.stack", {"refs": [x, y]}, 0),
         lambda: r.run("narrow", 0, 1, 5, on=x), lambda: r.run("select", 0, 7, on=x), lambda: r.run("mul_", ref(x), on=y), lambda: r.run("softmax", 3, on=x), lambda: r.run("topk", 9, 1, on=x), lambda: r.run("sort", 2, on=x),
         lambda: r.run("max", 4, on=x), lambda: r.run("split", 0, 0, on=x), lambda: r.run("chunk", 0, 0, on=x), lambda: r.run("repeat", [2], on=x), lambda: r.run("unbind", 3, on=x), lambda: r.run("cumsum", 2, on=x),
         lambda: r.run(F + "nll_loss", ref(x), ref(i)), lambda: r.run("flip", [0, 0], on=x)][k]()
        k = self.rng.randrange(10)
        [lambda: r.run("t", on=r.run("unsqueeze", 0, on=x)), lambda: r.run("dot", ref(y), on=x), lambda: r.run("mv", ref(y), on=x), lambda: r.run("matmul", ref(s), on=x), lambda: r.run("bmm", ref(x), on=x),
         lambda: r.run("tril", on=y), lambda: r.run("item", on=x), lambda: r.run("prod", 3, on=x), lambda: r.run("std", 3, on=x), lambda: r.index(x, 0, 0, 0)][k]()


KINDS = {"typed": 4, "layouts": 4, "longer": 3, "picking": 5, "functions": 3, "twice": 3, "viewsInPlace": 4, "moreErrors": 3}


def main():
    ap = argparse.ArgumentParser(); ap.add_argument("--seed", type=int, required=True); ap.add_argument("--count", type=int, default=400); ap.add_argument("--out", required=True)
    a = ap.parse_args(); programs = []; names = [k for k, w in KINDS.items() for _ in range(w)]
    i = 0
    while len(programs) < a.count:
        i += 1
        kind = names[i % len(names)]
        m, r = Wide(f"wide/{a.seed}/{i}"), Recorder(f"{kind}-{a.seed}-{i}")
        try: getattr(m, kind)(r)
        except Exception: continue  # a step went on from one that failed, or gave a tensor without memory
        programs.append(r.program(kind))
    json.dump({"torch": torch.__version__, "seed": a.seed, "programs": programs}, open(a.out, "w"), separators=(",", ":"), allow_nan=False)
    print(len(programs), "programs", sum(len(p["steps"]) for p in programs), "steps")


if __name__ == "__main__": main()

"""Record programs of the functions that a learner reaches for beside: networks, masks, rearrangements, ranks, statistics.

    python record_more.py --seed 1 --count 300 --out more.json

The same format as programs.json. Every value was printed by, or read from, the installed PyTorch.
"""
import argparse, json
from record import ref
from record_wide import F, INT64, Wide
from record import Recorder
import torch


class More(Wide):
    def eighths(self, r, shape, grad=True):
        """Multiples of 1/8: sums and products of them are exact in whatever order a library takes them."""
        def nest(s): return [nest(s[1:]) for _ in range(s[0])] if s else self.rng.randint(-16, 16) / 8
        return r.run("torch.tensor", nest(shape), **({"requires_grad": True} if grad else {}))

    def exactly(self, r, last, leaves):
        """Backward with a gradient of multiples of 1/8, then a look at every leaf."""
        g = self.eighths(r, list(r.env[last].shape), grad=False)
        r.run("backward", ref(g), on=last)
        for leaf in leaves: r.grad(leaf)

    def integers(self, r, n, shape):
        def nest(s): return [nest(s[1:]) for _ in range(s[0])] if s else self.rng.randrange(n)
        return r.run("torch.tensor", nest(shape), dtype=INT64)

    def networks(self, r):
        c, o, h, w = self.rng.randint(1, 3), self.rng.randint(1, 3), self.rng.randint(4, 6), self.rng.randint(4, 6)
        flat = self.rng.random() < 0.4
        x = self.eighths(r, [self.rng.randint(1, 2), c, w] if flat else [self.rng.randint(1, 2), c, h, w])
        k = self.eighths(r, [o, c, self.rng.randint(1, 3)] if flat else [o, c, self.rng.randint(1, 3), self.rng.randint(1, 3)])
        b = self.eighths(r, [o]) if self.rng.random() < 0.5 else None
        kw = {}
        if self.rng.random() < 0.4: kw["stride"] = self.rng.choice([1, 2])
        if self.rng.random() < 0.4: kw["padding"] = self.rng.choice([0, 1])
        if self.rng.random() < 0.2: kw["dilation"] = 2
        d = "1d" if flat else "2d"
        y = r.run(F + "conv" + d, ref(x), ref(k), *([ref(b)] if b else []), **kw)
        if y and self.rng.random() < 0.6: y = r.run(F + self.rng.choice(["relu", "hardtanh", "relu6", "hardshrink", "softshrink"]), ref(y)) or y
        if y and self.rng.random() < 0.6:
            pool = self.rng.choice(["max_pool", "avg_pool"])
            y = r.run(F + pool + d, ref(y), self.rng.choice([1, 2]), **({"stride": 1} if self.rng.random() < 0.4 else {}), **({"padding": 1} if self.rng.random() < 0.2 else {})) or y
        if y and self.rng.random() < 0.4: y = r.run("flatten", 1, on=y)
        if y: self.exactly(r, y, [x, k] + ([b] if b else []))

    def masks(self, r):
        x, y = self.eighths(r, s := self.small()), self.eighths(r, s, grad=self.rng.random() < 0.5)
        m = r.run(self.rng.choice(["gt", "le", "ne"]), ref(y), on=x); n = r.run("lt", self.rng.choice([0, 0.5, -1]), on=x)
        m = r.run(self.rng.choice(["bitwise_and", "bitwise_or", "bitwise_xor", "logical_and"]), ref(n), on=m) if self.rng.random() < 0.6 else m
        if self.rng.random() < 0.3: m = r.run("bitwise_not", on=m)
        op = self.rng.choice(["where", "masked_fill", "masked_scatter", "clamp", "fmax", "any", "count_nonzero", "masked_select", "copysign"])
        if op == "where": out = r.run("torch.where", ref(m), ref(x), self.rng.choice([ref(y), 0.5]))
        elif op == "masked_fill": out = r.run(op, ref(m), self.rng.choice([2.5, -1]), on=x)
        elif op == "masked_scatter": out = r.run(op, ref(m), ref(y), on=x)
        elif op == "clamp": out = r.run("clamp", on=x, **{self.rng.choice(["min", "max"]): ref(y)})
        elif op in ("fmax", "copysign"): out = r.run(op, ref(y), on=x)
        elif op == "masked_select": out = r.run(op, ref(m), on=x)
        else: r.run(op, on=m); r.run(op, 0, on=m); return
        if out and r.env[out].numel() and r.env[out].requires_grad: self.finish(r, out, [x])

    def moving(self, r):
        x = self.eighths(r, self.small()); nd = r.env[x].dim(); n = r.env[x].shape
        d = self.rng.randint(-nd, nd - 1)
        op = self.rng.choice(["tile", "repeat_interleave", "ravel", "flipud", "rot90", "swapaxes", "atleast", "column_stack", "dstack", "block_diag", "tensor_split", "meshgrid", "broadcast_tensors", "diagflat", "take_along_dim", "index_fill", "index_copy", "scatter_reduce", "select_scatter", "unflatten", "cartesian_prod", "combinations", "diff", "index_put", "scatter"])
        out = None
        if op == "tile": out = r.run(op, [self.rng.randint(1, 2) for _ in range(self.rng.randint(1, nd))], on=x)
        elif op == "repeat_interleave": out = r.run(op, 2, on=x, **({"dim": d} if self.rng.random() < 0.6 else {}))
        elif op in ("ravel", "flipud", "diagflat"): out = r.run(op, on=x)
        elif op == "rot90" and nd >= 2: out = r.run(op, self.rng.randint(-3, 3), [0, 1], on=x)
        elif op == "swapaxes": out = r.run(op, 0, nd - 1, on=x)
        elif op == "atleast": out = r.run("torch.atleast_" + self.rng.choice(["1d", "2d", "3d"]), ref(x))
        elif op in ("column_stack", "dstack"): out = r.run("torch." + op, {"refs": [x, x]})
        elif op == "block_diag" and nd <= 2: out = r.run("torch." + op, ref(x), ref(x))
        elif op == "tensor_split": out = r.run(op, self.rng.choice([1, 2, 3]), d, on=x)
        elif op in ("meshgrid", "cartesian_prod"):
            v, w = self.eighths(r, [2]), self.eighths(r, [3])
            out = r.run("torch.meshgrid", ref(v), ref(w), indexing="ij") if op == "meshgrid" else r.run("torch." + op, ref(v), ref(w))
            x = v
        elif op == "broadcast_tensors": v = self.eighths(r, [1]); out = r.run("torch." + op, ref(v), ref(x)); x = v
        elif op == "take_along_dim": i = self.integers(r, n[d], list(n)); out = r.run(op, ref(i), on=x, dim=d)
        elif op in ("index_fill", "index_copy"):
            i = r.run("torch.tensor", self.rng.sample(range(n[d]), self.rng.randint(1, n[d])), dtype=INT64)
            if op == "index_fill": out = r.run(op, d, ref(i), 0.5, on=x)
            else: s = list(n); s[d] = r.env[i].numel(); v = self.eighths(r, s); out = r.run(op, d, ref(i), ref(v), on=x)
        elif op in ("scatter_reduce", "scatter"):
            i = self.integers(r, n[d], list(n)); v = self.eighths(r, list(n))
            if op == "scatter": out = r.run(op, d, ref(i), 1.5, on=x)
            else: out = r.run(op, d, ref(i), ref(v), self.rng.choice(["sum", "amax", "amin"]), on=x)
        elif op == "select_scatter" and nd >= 2: s = list(n); k = self.rng.randrange(s.pop(d)); v = self.eighths(r, s); out = r.run(op, ref(v), d, k, on=x)
        elif op == "unflatten": out = r.run(op, d, [-1, 1], on=x)
        elif op == "combinations": v = self.eighths(r, [4]); out = r.run("torch." + op, ref(v), self.rng.choice([2, 3])); x = v
        elif op == "diff" and n[d] > 1: out = r.run(op, on=x, dim=d)
        out = out[0] if isinstance(out, list) else out
        if out and r.env[out].numel() and r.env[out].requires_grad: self.finish(r, r.run("square", on=out), [x])

    def ranks(self, r):
        x = self.filled(r, self.small()); nd = r.env[x].dim(); d = self.rng.randint(-nd, nd - 1); n = r.env[x].shape[d]
        op = self.rng.choice(["kthvalue", "cummax", "cummin", "quantile", "msort", "mode", "median", "nanmedian", "aminmax", "nansum", "var_mean", "topk", "sort", "argsort", "max", "amax", "std_mean", "count_nonzero", "any"])
        keep = {"keepdim": True} if self.rng.random() < 0.4 else {}
        if op == "kthvalue": out = r.run(op, self.rng.randint(1, n), d, on=x, **keep)
        elif op in ("cummax", "cummin"): out = r.run(op, d, on=x)
        elif op == "quantile": out = r.run(op, self.rng.choice([0.0, 0.25, 0.5, 1.0]), on=x, dim=d, interpolation=self.rng.choice(["lower", "higher", "nearest"]), **keep)
        elif op == "msort": out = r.run(op, on=x)
        elif op in ("mode", "median", "nanmedian", "max"): out = r.run(op, d, on=x, **keep)
        elif op == "aminmax": out = r.run(op, on=x, dim=d, **keep)
        elif op in ("nansum", "amax"): out = r.run(op, d, on=x, **keep)
        elif op in ("var_mean", "std_mean"): out = r.run("torch." + op, ref(x), d, **keep) if n > 1 else None
        elif op == "topk": out = r.run(op, self.rng.randint(1, n), on=x, dim=d, largest=self.rng.random() < 0.5)
        elif op in ("sort", "argsort"): out = r.run(op, on=x, dim=d, descending=True)
        else: out = r.run(op, d, on=x)
        out = out[0] if isinstance(out, list) else out
        if out and r.env[out].requires_grad: self.finish(r, out, [x])

    def marginLosses(self, r):
        n, c = self.rng.randint(1, 3), self.rng.randint(2, 4); x, y = self.eighths(r, [n, c]), self.eighths(r, [n, c])
        def signs(s): return [signs(s[1:]) for _ in range(s[0])] if s else self.rng.choice([1.0, -1.0])
        red = {"reduction": self.rng.choice(["mean", "sum", "none"])} if self.rng.random() < 0.7 else {}
        k = self.rng.randrange(7)
        if k == 0: t = r.run("torch.tensor", signs([n, c])); out = r.run(F + "margin_ranking_loss", ref(x), ref(y), ref(t), **red)
        elif k == 1: t = r.run("torch.tensor", signs([n, c])); out = r.run(F + "hinge_embedding_loss", ref(x), ref(t), **red)
        elif k == 2: out = r.run(F + "huber_loss", ref(x), ref(y), delta=self.rng.choice([0.5, 1.0, 2.0]), **red)
        elif k == 3: out = r.run(F + "smooth_l1_loss", ref(x), ref(y), beta=self.rng.choice([0.5, 1.0, 2.0]), **red)
        elif k == 4: w = self.eighths(r, [n, c], grad=False); out = r.run(F + "mse_loss", ref(x), ref(y), **red)
        elif k == 5: t = self.integers(r, c, [n]); out = r.run(F + "nll_loss", ref(x), ref(t), **red)
        else: t = self.integers(r, c, [n]); out = r.run(F + "multi_margin_loss", ref(x), ref(t), **red)
        if out: self.finish(r, out, [x, y])

    def newInPlace(self, r):
        x = self.eighths(r, self.small()); a = r.run("mul", 2.0, on=x); s = list(r.env[a].shape); v = self.eighths(r, s)
        for _ in range(self.rng.randint(1, 3)):
            op = self.rng.choice(["floor_", "trunc_", "frac_", "clamp_min_", "clamp_max_", "tril_", "fill_diagonal_", "remainder_", "fmod_", "cumsum_", "sgn_", "index_fill_", "scatter_", "masked_fill_", "round_", "addcmul_", "lerp_", "t_", "nan_to_num_", "fill_"])
            if op in ("floor_", "trunc_", "frac_", "sgn_", "round_", "nan_to_num_", "t_"): r.run(op, on=a)
            elif op in ("clamp_min_", "clamp_max_", "remainder_", "fmod_"): r.run(op, self.rng.choice([0.5, 2.0]), on=a)
            elif op in ("tril_",): r.run(op, on=a)
            elif op == "fill_diagonal_": r.run(op, 0.5, on=a)
            elif op == "cumsum_": r.run(op, 0, on=a)
            elif op == "index_fill_": i = r.run("torch.tensor", [0], dtype=INT64); r.run(op, 0, ref(i), 1.5, on=a)
            elif op == "scatter_": i = self.integers(r, s[0], s); r.run(op, 0, ref(i), 2.5, on=a)
            elif op == "masked_fill_": m = r.run("gt", 0, on=a); r.run(op, ref(m), -0.5, on=a)
            elif op == "addcmul_": r.run(op, ref(v), ref(v), on=a, value=0.5)
            elif op == "lerp_": r.run(op, ref(v), 0.5, on=a)
            elif op == "fill_": z = r.run("torch.tensor", 0.75, requires_grad=True); r.run(op, ref(z), on=a)
            r.attr(a, "_version")
        self.finish(r, a, [x, v])


    def products(self, r):
        """Of sizes at which the order of additions is a matter of how the operands lie in memory; larger ones are no promise."""
        b, m, k, n = self.rng.randint(1, 3), *(self.rng.randint(1, 20) for _ in range(3))
        if b * (m * k + k * n + m * n) > 300: return self.products(r)
        form = self.rng.choice(["mm", "mm", "matmul", "mv", "vm", "bmm", "batch", "linear", "addmm", "addmv", "baddbmm", "einsum", "tensordot"])
        x, w = {"mv": ([m, k], [k]), "addmv": ([m, k], [k]), "vm": ([k], [k, n]), "bmm": ([b, m, k], [b, k, n]), "baddbmm": ([b, m, k], [b, k, n]), "batch": ([b, m, k], [k, n]), "linear": ([m, k], [n, k])}.get(form, ([m, k], [k, n]))
        def operand(shape):
            if len(shape) < 2 or self.rng.random() < 0.6: leaf = self.filled(r, shape); return leaf, leaf
            leaf = self.filled(r, [*shape[:-2], shape[-1], shape[-2]]); return leaf, r.run("transpose", -2, -1, on=leaf)
        (x, a), (w, c) = operand(x), operand(w); leaves = [x, w]
        if form in ("linear", "addmm", "addmv", "baddbmm"): bias = self.filled(r, [m] if form == "addmv" else [n]); leaves.append(bias)
        if form == "linear": y = r.run(F + form, ref(a), ref(c), ref(bias))
        elif form in ("addmm", "addmv", "baddbmm"): y = r.run("torch." + form, ref(bias), ref(a), ref(c))
        elif form == "einsum": y = r.run("torch.einsum", "ij,jk->ki", ref(a), ref(c))
        elif form == "tensordot": y = r.run("torch.tensordot", ref(a), ref(c), 1)
        else: y = r.run("torch." + {"vm": "matmul", "batch": "matmul"}.get(form, form), ref(a), ref(c))
        if y: self.finish(r, y, leaves)

    def training(self, r):
        """A small network, trained as a learner would by hand."""
        n, i, h, o = self.rng.randint(2, 12), *(self.rng.randint(1, 12) for _ in range(3))
        seed = self.rng.randrange(10000); torch.manual_seed(seed); r.steps.append({"call": "torch.manual_seed", "args": [seed]})
        x, t = r.run("torch.randn", n, i), r.run("torch.randn", n, o)
        parameters = [r.run("torch.randn", *s, requires_grad=True) for s in ([h, i], [h], [o, h], [o])]
        w1, b1, w2, b2 = parameters; act = self.rng.choice(["relu", "leaky_relu", "hardtanh"]); rate = self.rng.choice([0.1, 0.05, 0.01])
        for _ in range(2):
            y = r.run(F + act, ref(r.run(F + "linear", ref(x), ref(w1), ref(b1))))
            loss = r.run(F + self.rng.choice(["mse_loss", "l1_loss"]), ref(r.run(F + "linear", ref(y), ref(w2), ref(b2))), ref(t))
            r.run("backward", on=loss)
            def step():
                for p in parameters: g = r.grad(p); r.run("sub_", ref(r.run("mul", rate, on=g)), on=p); r.run("zero_", on=g)
            r.block("no_grad", step)
            for p in parameters: r.show(p)


    def draws(self, r):
        """What is drawn after a seed, from distributions of several kinds."""
        seed = self.rng.randrange(2 ** 31); torch.manual_seed(seed); r.steps.append({"call": "torch.manual_seed", "args": [seed]})
        for _ in range(self.rng.randint(2, 4)):
            k = self.rng.randrange(6); shape = self.small(); n = self.rng.randint(2, 6)
            if k == 0: w = r.run("torch.tensor", [[abs(self.number()) + 0.1 for _ in range(n)] for _ in range(2)]); r.run("torch.multinomial", ref(w), self.rng.randint(1, n))
            elif k == 1: w = r.run("torch.tensor", [abs(self.number()) + 0.1 for _ in range(n)]); r.run("multinomial", self.rng.randint(1, 9), on=w, replacement=True)
            elif k == 2: x = r.run("torch.zeros", shape); r.run("exponential_", self.rng.choice([0.5, 1.0, 3.0]), on=x)
            elif k == 3:
                x = self.leaf(r, shape, grad=True); y = r.run(F + "gumbel_softmax", ref(x), tau=self.rng.choice([0.5, 1.0, 2.0]), hard=self.rng.random() < 0.5)
                self.finish(r, r.run("square", on=y), [x])
            elif k == 4: x = r.run("torch.zeros", [self.rng.randint(1, 5), self.rng.randint(1, 6)]); r.run("torch.nn.init." + self.rng.choice(["xavier_uniform_", "kaiming_uniform_", "xavier_normal_", "kaiming_normal_"]), ref(x))
            else: x = self.leaf(r, shape, grad=True); y = r.run(F + "dropout", ref(x), self.rng.choice([0.2, 0.5])); self.finish(r, y, [x])


KINDS = {"networks": 4, "masks": 3, "moving": 6, "ranks": 4, "marginLosses": 3, "newInPlace": 4, "products": 4, "training": 2, "draws": 3}


def main():
    ap = argparse.ArgumentParser(); ap.add_argument("--seed", type=int, required=True); ap.add_argument("--count", type=int, default=200); ap.add_argument("--out", required=True)
    a = ap.parse_args(); programs = []; names = [k for k, w in KINDS.items() for _ in range(w)]
    i = 0
    while len(programs) < a.count:
        i += 1
        kind = names[i % len(names)]
        m, r = More(f"more/{a.seed}/{i}"), Recorder(f"{kind}-{a.seed}-{i}")
        try: getattr(m, kind)(r)
        except Exception: continue  # a step went on from one that failed
        programs.append(r.program(kind))
    json.dump({"torch": torch.__version__, "seed": a.seed, "programs": programs}, open(a.out, "w"), separators=(",", ":"), allow_nan=False)
    print(len(programs), "programs", sum(len(p["steps"]) for p in programs), "steps")


if __name__ == "__main__": main()

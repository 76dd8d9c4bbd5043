// The kit's own engine, as Jest compiles it for a learner.
import { createRequire } from 'node:module'
import * as data from '../data.mjs'
import { scalarNetwork } from '../network.mjs'

const torch = createRequire(import.meta.url)(process.env.GRADUS_ENGINE)

const read = (t) => data.head(t.reshape(-1).tolist())
const leaf = (values, sizes) => torch.tensor(values).reshape(sizes).detach().requires_grad_()

export const workloads = {
  W1() {
    let x, y
    return {
      step() {
        x = torch.arange(4).requires_grad_()
        y = torch.dot(x, x).mul(2)
        y.backward()
      },
      answer: () => ({ loss: y.item(), grad: read(x.grad) }),
    }
  },

  W2() {
    const network = scalarNetwork({
      leaf: (value) => torch.tensor(value, { requires_grad: true }),
      add: (a, b) => a.add(b),
      sub: (a, b) => a.sub(b),
      mul: (a, b) => a.mul(b),
      tanh: (a) => a.tanh(),
      div: (a, b) => a.div(b),
    })
    let loss
    return {
      step() {
        loss = network.loss()
        loss.backward()
        torch.no_grad(() => {
          for (const p of network.parameters) {
            p.sub_(p.grad, { alpha: data.rate2 })
            p.grad = null
          }
        })
      },
      answer: () => ({ loss: loss.item(), parameters: data.head(network.parameters).map((p) => p.item()) }),
    }
  },

  W3() {
    const x = torch.tensor(data.pictures).reshape([data.batch, 784])
    const classes = torch.tensor(data.classes, { dtype: torch.int64 })
    const [w1, b1, w2, b2] = [
      leaf(data.w1, [784, 128]),
      leaf(data.b1, [128]),
      leaf(data.w2, [128, 10]),
      leaf(data.b2, [10]),
    ]
    const parameters = [w1, b1, w2, b2]
    let loss
    return {
      step() {
        const logits = x.mm(w1).add(b1).relu().mm(w2).add(b2)
        loss = torch.nn.functional.cross_entropy(logits, classes)
        loss.backward()
        torch.no_grad(() => {
          for (const p of parameters) {
            p.sub_(p.grad, { alpha: data.rate3 })
            p.grad = null
          }
        })
      },
      answer: () => ({ loss: loss.item(), w1: read(w1), b2: read(b2) }),
    }
  },

  W4() {
    const x = leaf(data.million, [data.million.length])
    let y
    return {
      step() {
        x.grad = null
        y = torch.exp(x.mul(x).neg()).mul(x).add(x).sum()
        y.backward()
      },
      answer: () => ({ loss: y.item(), grad: read(x.grad) }),
    }
  },

  W5() {
    const a = leaf(data.left, [data.side, data.side])
    const b = leaf(data.right, [data.side, data.side])
    const weights = torch.tensor(data.weights).reshape([data.side, data.side])
    let y
    return {
      step() {
        a.grad = b.grad = null
        y = a.mm(b).mul(weights).sum()
        y.backward()
      },
      answer: () => ({ loss: y.item(), a: read(a.grad), b: read(b.grad) }),
    }
  },
}

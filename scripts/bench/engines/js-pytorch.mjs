// js-pytorch: PyTorch's names on nested arrays.
import { torch } from 'js-pytorch'
import * as data from '../data.mjs'
import { scalarNetwork } from '../network.mjs'

const nested = (values, m, n) => Array.from({ length: m }, (_, i) => Array.from(values.subarray(i * n, (i + 1) * n)))
const read = (values) => data.head(values.flat(2))

/** p - rate * p.grad, written into p. */
function descend(parameters, rate) {
  for (const p of parameters) {
    const step = (values, grad) => {
      for (let i = 0; i < values.length; i++) {
        if (typeof values[i] === 'number') values[i] -= rate * grad[i]
        else step(values[i], grad[i])
      }
    }
    step(p.data, p.grad)
    p.zero_grad()
  }
}

export const workloads = {
  W1() {
    let x, y
    return {
      step() {
        x = torch.tensor([0, 1, 2, 3], true)
        y = x.mul(x).sum().mul(2)
        y.backward()
      },
      answer: () => ({ loss: read(y.data)[0], grad: read(x.grad) }),
    }
  },

  W2() {
    const network = scalarNetwork({
      leaf: (value) => torch.tensor([value], true),
      add: (a, b) => a.add(b),
      sub: (a, b) => a.sub(b),
      mul: (a, b) => a.mul(b),
      tanh: (a) => torch.tensor([-2]).div(a.mul(2).exp().add(1)).add(1), // it has no tanh: 1 - 2 / (e^2x + 1)
      div: (a, b) => a.div(b),
    })
    let loss
    return {
      step() {
        loss = network.loss()
        loss.backward()
        descend(network.parameters, data.rate2)
      },
      answer: () => ({ loss: loss.data[0], parameters: data.head(network.parameters).map((p) => p.data[0]) }),
    }
  },

  W3() {
    const x = torch.tensor(nested(data.pictures, data.batch, 784))
    const classes = torch.tensor(data.classes)
    const w1 = torch.tensor(nested(data.w1, 784, 128), true)
    const b1 = torch.tensor(Array.from(data.b1), true)
    const w2 = torch.tensor(nested(data.w2, 128, 10), true)
    const b2 = torch.tensor(Array.from(data.b2), true)
    const relu = new torch.nn.ReLU()
    const crossEntropy = new torch.nn.CrossEntropyLoss()
    let loss
    return {
      step() {
        loss = crossEntropy.forward(relu.forward(x.matmul(w1).add(b1)).matmul(w2).add(b2), classes)
        loss.backward()
        descend([w1, b1, w2, b2], data.rate3)
      },
      answer: () => ({ loss: read(loss.data)[0], w1: read(w1.data), b2: read(b2.data) }),
    }
  },

  W4() {
    const x = torch.tensor(Array.from(data.million), true)
    let y
    return {
      step() {
        x.zero_grad()
        y = torch.exp(x.mul(x).neg()).mul(x).add(x).sum()
        y.backward()
      },
      answer: () => ({ loss: read(y.data)[0], grad: read(x.grad) }),
    }
  },

  W5() {
    const matrix = (values, requiresGrad) => torch.tensor(nested(values, data.side, data.side), requiresGrad)
    const [a, b, weights] = [matrix(data.left, true), matrix(data.right, true), matrix(data.weights, false)]
    let y
    return {
      step() {
        a.zero_grad()
        b.zero_grad()
        y = a.matmul(b).mul(weights).sum().sum()
        y.backward()
      },
      answer: () => ({ loss: read(y.data)[0], a: read(a.grad), b: read(b.grad) }),
    }
  },
}

// adnn: reverse mode on plain numbers and on its own tensors. It is measured where it is at its best, on numbers.
import { createRequire } from 'node:module'
import * as data from '../data.mjs'
import { scalarNetwork } from '../network.mjs'

const ad = createRequire(import.meta.url)('adnn/ad')
const { add, sub, mul, tanh, div } = ad.scalar

export const reasons = {
  W3: 'no cross-entropy and no broadcasting over a batch: its networks take one sample at a time',
  W4: 'numbers only; its tensors are not what it is known for',
  W5: 'numbers only; its tensors are not what it is known for',
}

export const workloads = {
  W1() {
    let x, y
    return {
      step() {
        x = [0, 1, 2, 3].map((v) => ad.lift(v))
        let dot = mul(x[0], x[0])
        for (let i = 1; i < 4; i++) dot = add(dot, mul(x[i], x[i]))
        y = mul(dot, 2)
        y.backprop()
      },
      answer: () => ({ loss: ad.value(y), grad: x.map((v) => ad.derivative(v)) }),
    }
  },

  W2() {
    const network = scalarNetwork({ leaf: (value) => ad.lift(value), add, sub, mul, tanh, div })
    let loss
    return {
      step() {
        loss = network.loss()
        loss.backprop()
        for (const p of network.parameters) {
          p.x -= data.rate2 * p.dx
          p.dx = 0
        }
      },
      answer: () => ({ loss: ad.value(loss), parameters: data.head(network.parameters).map((p) => p.x) }),
    }
  },
}

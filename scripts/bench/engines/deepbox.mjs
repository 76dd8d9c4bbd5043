// deepbox: tensors with gradients on typed arrays.
import { ndarray, nn } from 'deepbox'
import * as data from '../data.mjs'
import { scalarNetwork } from '../network.mjs'

const { GradTensor, tensor } = ndarray
const dtype = 'float32'
const leaf = (values, shape) => GradTensor.fromTensor(tensor(values, { dtype }).reshape(shape), { requiresGrad: true })
const constant = (values, shape) =>
  GradTensor.fromTensor(tensor(values, { dtype }).reshape(shape), { requiresGrad: false })
const scalar = (x) => GradTensor.scalar(x, { dtype })
const lifted = (x) => (typeof x === 'number' ? scalar(x) : x)
const read = (t) => data.head(t.data.subarray(t.offset, t.offset + 10))

/** p - rate * p.grad, written into p. */
function descend(parameters, rate) {
  for (const p of parameters) {
    const [values, grad] = [p.tensor.data, p.grad.data]
    for (let i = 0; i < values.length; i++) values[i] -= rate * grad[i]
    p.zeroGrad()
  }
}

export const workloads = {
  W1() {
    let x, y
    const two = scalar(2)
    return {
      step() {
        x = leaf([0, 1, 2, 3], [4])
        y = x.mul(x).sum().mul(two)
        y.backward()
      },
      answer: () => ({ loss: read(y.tensor)[0], grad: read(x.grad) }),
    }
  },

  W2() {
    const network = scalarNetwork({
      leaf: (value) => GradTensor.scalar(value, { dtype, requiresGrad: true }),
      add: (a, b) => a.add(b),
      sub: (a, b) => a.sub(lifted(b)),
      mul: (a, b) => a.mul(lifted(b)),
      tanh: (a) => a.tanh(),
      div: (a, b) => a.div(lifted(b)),
    })
    let loss
    return {
      step() {
        loss = network.loss()
        loss.backward()
        descend(network.parameters, data.rate2)
      },
      answer: () => ({
        loss: read(loss.tensor)[0],
        parameters: data.head(network.parameters).map((p) => read(p.tensor)[0]),
      }),
    }
  },

  W3() {
    const x = constant(data.pictures, [data.batch, 784])
    const classes = tensor(data.classes, { dtype: 'int32' })
    const [w1, b1, w2, b2] = [
      leaf(data.w1, [784, 128]),
      leaf(data.b1, [128]),
      leaf(data.w2, [128, 10]),
      leaf(data.b2, [10]),
    ]
    let loss
    return {
      step() {
        loss = nn.crossEntropyLoss(x.matmul(w1).add(b1).relu().matmul(w2).add(b2), classes)
        loss.backward()
        descend([w1, b1, w2, b2], data.rate3)
      },
      answer: () => ({ loss: read(loss.tensor)[0], w1: read(w1.tensor), b2: read(b2.tensor) }),
    }
  },

  W4() {
    const x = leaf(data.million, [data.million.length])
    let y
    return {
      step() {
        x.zeroGrad()
        y = x.mul(x).neg().exp().mul(x).add(x).sum()
        y.backward()
      },
      answer: () => ({ loss: read(y.tensor)[0], grad: read(x.grad) }),
    }
  },

  W5() {
    const shape = [data.side, data.side]
    const [a, b, weights] = [leaf(data.left, shape), leaf(data.right, shape), constant(data.weights, shape)]
    let y
    return {
      step() {
        a.zeroGrad()
        b.zeroGrad()
        y = a.matmul(b).mul(weights).sum()
        y.backward()
      },
      answer: () => ({ loss: read(y.tensor)[0], a: read(a.grad), b: read(b.grad) }),
    }
  },
}

// jax-js: functions traced once and compiled to WebAssembly. An array is consumed by its use; `.ref` keeps it for another.
import { defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax'
import * as data from '../data.mjs'
import { scalarNetwork } from '../network.mjs'

const read = (a) => data.head(a.ref.dataSync())
const array = (values, shape) => np.array(values, { shape, dtype: np.float32 })

export async function open() {
  const devices = await init('wasm')
  if (!devices.includes('wasm')) throw new Error('WebAssembly does not start')
  defaultDevice('wasm')
}

/** Runs a compiled `[loss, gradients]` and waits for it. */
function kept(run) {
  let last = null
  return {
    step() {
      const [loss, grads] = run()
      loss.ref.dataSync()
      last?.loss.dispose()
      for (const grad of last?.grads ?? []) grad.dispose()
      last = { loss, grads }
    },
    last: () => last,
  }
}

export const workloads = {
  W1() {
    const f = jit(valueAndGrad((x) => np.dot(x.ref, x).mul(2)))
    const { step, last } = kept(() => {
      const [loss, grad] = f(np.arange(4).astype(np.float32))
      return [loss, [grad]]
    })
    return { step, answer: () => ({ loss: read(last().loss)[0], grad: read(last().grads[0]) }) }
  },

  W2() {
    const values = []
    scalarNetwork({ leaf: (value) => values.push(value) })
    let parameters = values.map((value) => array([value], []))
    const loss = (...leaves) => {
      let next = 0
      return scalarNetwork({
        leaf: () => leaves[next++],
        add: (a, b) => a.ref.add(b.ref),
        sub: (a, b) => a.sub(b),
        mul: (a, b) => a.ref.mul(typeof b === 'number' ? b : b.ref),
        tanh: (a) => np.tanh(a),
        div: (a, b) => a.div(b),
      }).loss()
    }
    const f = jit(valueAndGrad(loss, { argnums: values.map((_, i) => i) }))
    let value
    return {
      step() {
        const [loss, grads] = f(...parameters.map((p) => p.ref))
        value?.dispose()
        value = loss
        parameters = parameters.map((p, i) => p.sub(grads[i].mul(data.rate2)))
        for (const p of parameters) p.ref.dataSync()
      },
      answer: () => ({ loss: read(value)[0], parameters: data.head(parameters).map((p) => read(p)[0]) }),
    }
  },

  W3() {
    const x = array(data.pictures, [data.batch, 784])
    const picks = array(data.picks, [data.batch, 10])
    let parameters = [
      array(data.w1, [784, 128]),
      array(data.b1, [128]),
      array(data.w2, [128, 10]),
      array(data.b2, [10]),
    ]
    const loss = (w1, b1, w2, b2, x, picks) => {
      const hidden = nn.relu(np.dot(x, w1).add(b1))
      return nn.logSoftmax(np.dot(hidden, w2).add(b2)).mul(picks).sum()
    }
    const gradients = valueAndGrad(loss, { argnums: [0, 1, 2, 3] })
    const train = jit((w1, b1, w2, b2, x, picks) => {
      const [value, grads] = gradients(w1.ref, b1.ref, w2.ref, b2.ref, x, picks)
      return [value, [w1, b1, w2, b2].map((p, i) => p.sub(grads[i].mul(data.rate3)))]
    })
    let value
    return {
      step() {
        const [loss, next] = train(...parameters, x.ref, picks.ref)
        value?.dispose()
        value = loss
        parameters = next
        value.ref.dataSync()
        for (const p of parameters) p.ref.dataSync()
      },
      answer: () => ({ loss: read(value)[0], w1: read(parameters[0]), b2: read(parameters[3]) }),
    }
  },

  W4() {
    const x = array(data.million, [data.million.length])
    const f = jit(valueAndGrad((x) => np.exp(x.ref.mul(x.ref).neg()).mul(x.ref).add(x).sum()))
    const { step, last } = kept(() => {
      const [loss, grad] = f(x.ref)
      return [loss, [grad]]
    })
    return { step, answer: () => ({ loss: read(last().loss)[0], grad: read(last().grads[0]) }) }
  },

  W5() {
    const shape = [data.side, data.side]
    const [a, b, weights] = [array(data.left, shape), array(data.right, shape), array(data.weights, shape)]
    const f = jit(valueAndGrad((a, b, weights) => np.dot(a, b).mul(weights).sum(), { argnums: [0, 1] }))
    const { step, last } = kept(() => f(a.ref, b.ref, weights.ref))
    return {
      step,
      answer: () => ({ loss: read(last().loss)[0], a: read(last().grads[0]), b: read(last().grads[1]) }),
    }
  },
}

// TensorFlow.js, whatever its backend; each backend is an engine of its own.
import * as tf from '@tensorflow/tfjs'
import * as data from './data.mjs'
import { scalarNetwork } from './network.mjs'

const read = (t) => data.head(t.dataSync())
const variable = (values, shape) => tf.variable(tf.tensor(values, shape, 'float32'))

/** Runs `step` so that its tensors are freed; what it returns stays until the next time. */
function kept(step) {
  let last = null
  const run = () => {
    const next = tf.tidy(step)
    if (last) tf.dispose(last)
    last = next
    next.loss.dataSync() // waits for the result
  }
  return { step: run, last: () => last }
}

export function workloadsOf() {
  return {
    W1() {
      const { step, last } = kept(() => {
        const { value, grad } = tf.valueAndGrad((x) => tf.mul(tf.dot(x, x), 2))(tf.range(0, 4))
        return { loss: value, grad }
      })
      return { step, answer: () => ({ loss: read(last().loss)[0], grad: read(last().grad) }) }
    },

    W2() {
      const network = scalarNetwork({
        leaf: (value) => tf.variable(tf.scalar(value)),
        add: tf.add,
        sub: tf.sub,
        mul: tf.mul,
        tanh: tf.tanh,
        div: tf.div,
      })
      const sgd = tf.train.sgd(data.rate2)
      const { step, last } = kept(() => ({ loss: sgd.minimize(() => network.loss(), true) }))
      return {
        step,
        answer: () => ({
          loss: read(last().loss)[0],
          parameters: data.head(network.parameters).map((p) => read(p)[0]),
        }),
      }
    },

    W3() {
      const x = tf.tensor(data.pictures, [data.batch, 784])
      const classes = tf.oneHot(tf.tensor1d(data.classes, 'int32'), 10)
      const [w1, b1] = [variable(data.w1, [784, 128]), variable(data.b1, [128])]
      const [w2, b2] = [variable(data.w2, [128, 10]), variable(data.b2, [10])]
      const sgd = tf.train.sgd(data.rate3)
      const { step, last } = kept(() => ({
        loss: sgd.minimize(() => {
          const hidden = tf.relu(tf.add(tf.matMul(x, w1), b1))
          return tf.losses.softmaxCrossEntropy(classes, tf.add(tf.matMul(hidden, w2), b2))
        }, true),
      }))
      return { step, answer: () => ({ loss: read(last().loss)[0], w1: read(w1), b2: read(b2) }) }
    },

    W4() {
      const x = tf.tensor1d(data.million)
      const f = tf.valueAndGrad((x) => tf.sum(tf.add(tf.mul(tf.exp(tf.neg(tf.mul(x, x))), x), x)))
      const { step, last } = kept(() => {
        const { value, grad } = f(x)
        return { loss: value, grad }
      })
      return { step, answer: () => ({ loss: read(last().loss)[0], grad: read(last().grad) }) }
    },

    W5() {
      const matrix = (values) => tf.tensor(values, [data.side, data.side])
      const [a, b, weights] = [matrix(data.left), matrix(data.right), matrix(data.weights)]
      const f = tf.valueAndGrads((a, b) => tf.sum(tf.mul(tf.matMul(a, b), weights)))
      const { step, last } = kept(() => {
        const { value, grads } = f([a, b])
        return { loss: value, a: grads[0], b: grads[1] }
      })
      return { step, answer: () => ({ loss: read(last().loss)[0], a: read(last().a), b: read(last().b) }) }
    },
  }
}

export async function useBackend(name) {
  if (!(await tf.setBackend(name))) throw new Error(`the ${name} backend does not start`)
  await tf.ready()
}

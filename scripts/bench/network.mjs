// W2: a network of 3-16-16-1 neurons with tanh in which every number is a scalar of its own, in the terms of any engine.
import * as data from './data.mjs'

/** `leaf` makes a parameter; `add`, `sub`, `mul`, `tanh`, `div` work on scalars, the second operand may be a plain number. */
export function scalarNetwork({ leaf, add, sub, mul, tanh, div }) {
  const layers = data.layers.map((_, l) => ({
    weights: data.weightsOf(l).map((row) => row.map(leaf)),
    biases: data.biasesOf(l).map(leaf),
  }))

  const neuron = (weights, bias, inputs) => {
    let sum = bias
    for (let i = 0; i < weights.length; i++) sum = add(sum, mul(weights[i], inputs[i]))
    return sum
  }

  const forward = (inputs) => {
    let values = inputs
    layers.forEach(({ weights, biases }, l) => {
      const sums = weights.map((row, j) => neuron(row, biases[j], values))
      values = l < layers.length - 1 ? sums.map((sum) => tanh(sum)) : sums
    })
    return values[0]
  }

  return {
    parameters: layers.flatMap(({ weights, biases }) => [...weights.flat(), ...biases]),
    /** The mean of the squared errors over all samples. */
    loss() {
      let loss = null
      data.samples.forEach((inputs, i) => {
        const error = sub(forward(inputs), data.answers[i])
        const square = mul(error, error)
        loss = loss === null ? square : add(loss, square)
      })
      return div(loss, data.samples.length)
    },
  }
}

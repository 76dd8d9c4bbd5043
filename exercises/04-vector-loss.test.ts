// Lesson 04: cells 10 and 11 of the tutorial to the character, then losses whose values depend on several elements, in other shapes.
import { errorOf, openLesson, print, sample } from '../scripts/lesson'
import type * as Lesson from '../solutions/04-vector-loss'

const { torch, lesson, task } = openLesson<typeof Lesson>('04-vector-loss')

type Tensor = ReturnType<typeof sample>
type Loss = (x: Tensor) => Tensor

const elementwise: Loss = (x) => x.mul(2).mul(x)
/** Every value depends on every element, so that the order of weighing and adding matters. */
const timesTotal: Loss = (x) => x.mul(x).mul(x.sum())
/** As many values as `matrix` has rows, whatever the length of `x`. */
const through =
  (matrix: Tensor): Loss =>
  (x) => {
    const rows = matrix.matmul(x)
    return rows.mul(rows)
  }

/** `x` as it was before it was tracked. */
const plain = (x: Tensor) => torch.tensor(x.tolist())

/** The gradient of one number, `loss(x)`, found on a copy, so that `x` keeps its own. */
function gradientAt(loss: Loss, x: Tensor): Tensor {
  const copy = plain(x).requires_grad_(true)
  loss(copy).backward()
  return copy.grad!
}

/** A tracked tensor that went through a backward pass before. */
function used(x: Tensor): Tensor {
  x.requires_grad_(true)
  x.mul(x).sum().backward()
  return x
}

/** Words for an answer that still contains the gradient that `x` held before, if it held one. */
function leaked(x: Tensor, right: Tensor, answer: (grad: Tensor) => string = print): Record<string, string> {
  if (x.grad === null) return {}
  return {
    [answer(right.add(x.grad))]:
      'The gradient that x held before is still in it: backward adds to what x.grad holds. Begin a new sum first.',
  }
}

const notOneNumber = {
  'RuntimeError: grad can be implicitly created only for scalar outputs':
    'backward was called on a tensor of several values, with nothing said about how they count. It can begin with a 1 by itself only where there is one number.',
}

const wrongSums = (f: Loss, x: Tensor) => {
  const sum: Loss = (v) => f(v).sum()
  const mean: Loss = (v) => f(v).mean()
  const right = gradientAt(sum, x)
  return {
    [print(gradientAt(mean, x))]:
      'This is the gradient of the mean: the sum divided by the number of values. The task asks for the sum itself.',
    ...leaked(x, right),
    [print(plain(x).mul(4))]:
      'This is 4x, the gradient of cell 11. Another function was handed in; only backward knows its gradient.',
    [print(f(x).sum())]: 'This is the sum itself. Its gradient stands in x after the backward pass.',
    [print(x.grad)]:
      'This is what x held before your function was called. The gradient is there only after backward has run.',
  }
}

task('vectorLoss', () => {
  const wrongLosses = (x: Tensor) => ({
    [print(torch.dot(x, x).mul(2))]:
      'This is the loss of lesson 02: the dot product adds everything up to one number. Here each element keeps a value of its own.',
    [print(x.mul(x))]: 'This is x ⊙ x. The loss is twice as much.',
    [print(x.mul(2))]: 'This is 2x: multiply it by x once more.',
    [print(plain(x).mul(2).mul(plain(x)))]:
      'The values are right, but they were computed from a copy of the values of x, so nothing was recorded.',
  })

  test('cell 10: the loss has a value for each element', () => {
    const x = torch.arange(4).requires_grad_(true)
    expect(print(lesson.vectorLoss(x))).toPrint('tensor([ 0.,  2.,  8., 18.], grad_fn=<MulBackward0>)', wrongLosses(x))
  })

  test('a vector of any length has as many losses', () => {
    const x = sample([3]).requires_grad_(true)
    const [expected, why] = [print(elementwise(x)), wrongLosses(x)]
    expect(print(lesson.vectorLoss(x))).toPrint(expected, {
      ...why,
      'tensor([ 0.,  2.,  8., 18.], grad_fn=<MulBackward0>)': 'This is the loss of cell 10. Another x was handed in.',
    })
  })
})

task('gradientThroughSum', () => {
  test('cell 11: through the sum, the gradient of 2 x ⊙ x is 4 x', () => {
    const x = torch.arange(4).requires_grad_(true)
    const why = wrongSums(elementwise, x)
    expect(print(lesson.gradientThroughSum(elementwise, x))).toPrint('tensor([ 0.,  4.,  8., 12.])', why)
  })

  test('where every value depends on every element, the rows of the Jacobian are added up', () => {
    const x = sample([3]).requires_grad_(true)
    const expected = print(gradientAt((v) => timesTotal(v).sum(), x))
    const why = wrongSums(timesTotal, x)
    expect(print(lesson.gradientThroughSum(timesTotal, x))).toPrint(expected, why)
  })

  test('an old gradient does not leak into the new one', () => {
    const x = used(sample([4]))
    const expected = print(plain(x).mul(4))
    const why = wrongSums(elementwise, x)
    expect(print(lesson.gradientThroughSum(elementwise, x))).toPrint(expected, why)
  })

  test('backward begins at one number', () => {
    const x = sample([2]).requires_grad_(true)
    const f = through(sample([3, 2]))
    expect(errorOf(() => lesson.gradientThroughSum(f, x))).toPrint('no error', notOneNumber)
  })
})

task('gradientThroughSeed', () => {
  const wrongPairs = (f: Loss, x: Tensor) => {
    const y = f(plain(x))
    const ones = torch.ones_like(y)
    const sum = gradientAt((v) => f(v).sum(), x)
    const share = ones.div(y.numel())
    return {
      [print([share, gradientAt((v) => f(v).mean(), x)])]:
        'This seed makes it the gradient of the mean: each value counts only for its share. In a sum each counts in full.',
      [print([sum, ones])]: 'The seed comes first in the pair, the gradient second.',
      [print(sum)]: 'This is the gradient alone. The task asks for a pair: the seed, and the gradient.',
      ...leaked(x, sum, (grad) => print([ones, grad])),
      [print([ones, plain(x).mul(4)])]:
        'The seed is right, but this gradient is the one of cell 11. Another function was handed in; only backward knows its gradient.',
      [print([f(x), gradientAt((v) => f(v).mul(y).sum(), x)])]:
        'The values of the loss themselves are the seed here, so that large losses count for more. In a plain sum each counts once.',
    }
  }

  test('a seed of ones is the sum: cell 11 again', () => {
    const x = torch.arange(4).requires_grad_(true)
    const why = wrongPairs(elementwise, x)
    expect(print(lesson.gradientThroughSeed(elementwise, x))).toPrint(
      '(tensor([1., 1., 1., 1.]), tensor([ 0.,  4.,  8., 12.]))',
      why,
    )
  })

  test('the seed has the shape of the loss, not that of x', () => {
    const x = used(sample([2]))
    const f = through(sample([3, 2]))
    const expected = print([torch.ones([3]), gradientAt((v) => f(v).sum(), x)])
    const why = wrongPairs(f, x)
    expect(errorOf(() => lesson.gradientThroughSeed(f, plain(x).requires_grad_(true)))).toPrint('no error', {
      ...notOneNumber,
      'RuntimeError: Mismatch in shape: grad_output[0] has a shape of torch.Size([2]) and output[0] has a shape of torch.Size([3]).':
        'The seed has the shape of x here. It stands at the other end: it needs a number for each value of the loss, and there are three.',
    })
    expect(print(lesson.gradientThroughSeed(f, x))).toPrint(expected, why)
  })

  test('a loss in two dimensions has a seed in two dimensions', () => {
    const x = sample([2, 3]).requires_grad_(true)
    const expected = print([torch.ones([2, 3]), plain(x).mul(4)])
    const flat =
      'The seed has another shape than the loss, which has two rows of three values here. It needs a number for each value, in the same places.'
    expect(errorOf(() => lesson.gradientThroughSeed(elementwise, plain(x).requires_grad_(true)))).toPrint('no error', {
      ...notOneNumber,
      'RuntimeError: Mismatch in shape: grad_output[0] has a shape of torch.Size([2]) and output[0] has a shape of torch.Size([2, 3]).':
        flat,
      'RuntimeError: Mismatch in shape: grad_output[0] has a shape of torch.Size([6]) and output[0] has a shape of torch.Size([2, 3]).':
        flat,
    })
    const why = wrongPairs(elementwise, x)
    expect(print(lesson.gradientThroughSeed(elementwise, x))).toPrint(expected, why)
  })
})

task('weightedGradient', () => {
  const wrongWeights = (f: Loss, x: Tensor, weights: Tensor) => {
    const weighted = gradientAt((v) => f(v).mul(weights).sum(), x)
    const sum = gradientAt((v) => f(v).sum(), x)
    const late = sum.numel() === weights.numel() ? sum.mul(weights) : sum
    return {
      [print(late)]:
        'The weights were multiplied into the finished gradient. By then the rows are added up: a weight belongs to a value of the loss, not to an element of x.',
      [print(sum)]: 'Here every value counts once, as if all weights were 1: they never got to the walk.',
      [print(gradientAt((v) => f(v).mul(weights).mean(), x))]:
        'This is the gradient of the mean of the weighted values. The task asks for their sum.',
      ...leaked(x, weighted),
      [print(plain(x).mul(4))]: 'This is the formula of cell 11. Another function and other weights were handed in.',
    }
  }

  test('each row of the Jacobian counts by its weight', () => {
    const x = sample([2]).requires_grad_(true)
    const f = through(
      torch.tensor([
        [1, 0],
        [1, 2],
        [3, 1],
      ]),
    )
    const weights = torch.tensor([0.5, 3, -1])
    const expected = print(gradientAt((v) => f(v).mul(weights).sum(), x))
    const why = wrongWeights(f, x, weights)
    expect(print(lesson.weightedGradient(f, x, weights))).toPrint(expected, why)
  })

  test('weights belong to the values of the loss, also where there are as many elements of x', () => {
    const x = sample([3]).requires_grad_(true)
    const weights = sample([3])
    const expected = print(gradientAt((v) => timesTotal(v).mul(weights).sum(), x))
    const why = wrongWeights(timesTotal, x, weights)
    expect(print(lesson.weightedGradient(timesTotal, x, weights))).toPrint(expected, why)
  })

  test('an old gradient does not leak into the weighted one', () => {
    const x = used(sample([3]))
    const weights = sample([3])
    const expected = print(gradientAt((v) => elementwise(v).mul(weights).sum(), x))
    const why = wrongWeights(elementwise, x, weights)
    expect(print(lesson.weightedGradient(elementwise, x, weights))).toPrint(expected, why)
  })
})

task('sampleLosses', () => {
  /** How the square was computed is the learner's business, so the name of the last operation is left out. */
  const values = (text: string) => text.replace(/,\s+grad_fn=<\w+>/, '')

  const wrongBatches = (w: Tensor, inputs: Tensor, targets: Tensor) => {
    const results = inputs.matmul(plain(w))
    const error = results.sub(targets)
    const squares = error.mul(error)
    return {
      [print(squares.sum())]:
        'This is the sum for the whole batch. The task asks for the loss of each sample, side by side.',
      [print(squares.mean())]:
        'This is the mean for the whole batch. The task asks for the loss of each sample, side by side.',
      [print(error)]: 'These are the errors, with their signs. The task asks for their squares.',
      [print(results)]: 'These are the dot products. How far is each from its target, and what is the square of that?',
      [print(results.mul(results))]: 'These would be the losses if every target were 0.',
      [print(results.add(targets).pow(2))]: 'The targets were added. An error is a difference.',
      [print(squares.div(2))]: 'Half of each square. Some books define the loss so; here it is the square itself.',
      [print(error.abs())]: 'These are the errors without their signs. The task asks for their squares.',
    }
  }

  test('each sample has a squared error of its own', () => {
    const w = torch.tensor([1, 1], { requires_grad: true })
    const inputs = torch.tensor([
      [1, 0],
      [1, 2],
      [3, 1],
    ])
    const targets = torch.tensor([3, 0, 5])
    const why = wrongBatches(w, inputs, targets)
    expect(values(print(lesson.sampleLosses(w, inputs, targets)))).toPrint('tensor([4., 9., 1.])', why)
  })

  test('a batch of any size has as many losses', () => {
    const w = sample([3]).requires_grad_(true)
    const [inputs, targets] = [sample([4, 3]), sample([4])]
    const error = inputs.matmul(plain(w)).sub(targets)
    const why = {
      ...wrongBatches(w, inputs, targets),
      'tensor([4., 9., 1.])':
        'These are the losses of another batch: the inputs, the weights and the targets are new here.',
    }
    expect(values(print(lesson.sampleLosses(w, inputs, targets)))).toPrint(print(error.mul(error)), why)
  })

  test('the losses can be walked back to w', () => {
    const w = sample([2]).requires_grad_(true)
    const [inputs, targets] = [sample([3, 2]), sample([3])]
    const error = (v: Tensor) => inputs.matmul(v).sub(targets)
    const expected = print(gradientAt((v) => error(v).mul(error(v)).sum(), w))
    const [squares, why] = [print(error(plain(w)).pow(2)), wrongBatches(w, inputs, targets)]
    const losses = lesson.sampleLosses(w, inputs, targets)
    expect(values(print(losses))).toPrint(squares, why)
    expect(errorOf(() => losses.sum().backward())).toPrint('no error', {
      'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn':
        'The values are right, but nothing was recorded: they were computed from the numbers in w, not from w.',
    })
    expect(print(w.grad)).toPrint(expected, 'The values are right, but not all of the gradient arrives at w.')
  })
})

// Lesson 18: sums to a shape, the way back through products, sums and means, and where a walk begins; judged by the reference engine.
import { errorOf, openLesson, print, sample, sampleInteger } from '../scripts/lesson'
import type * as Lesson from '../solutions/18-unbroadcast'

const { torch, lesson, task } = openLesson<typeof Lesson>('18-unbroadcast', { without: ['backward', 'autograd'] })

type Tensor = ReturnType<typeof sample>

/** What the reference engine sends to each of `inputs` when `gradOut` arrives at `f(...inputs)`, or at something of its shape. */
function sent(f: (...inputs: Tensor[]) => Tensor, inputs: Tensor[], gradOut: Tensor): Tensor[] {
  const tracked = inputs.map((input) => torch.tensor(input.tolist()).requires_grad_(true))
  return [...torch.autograd.grad(f(...tracked), tracked, { grad_outputs: gradOut })]
}

/** What arrives at something of shape `shape` that was broadcast to the shape of `gradOut`. */
function summed(gradOut: Tensor, shape: number[]): Tensor {
  return sent((x) => x.expand(gradOut.shape), [torch.zeros(shape)], gradOut)[0]!
}

/** The words for an error, by how its message begins. */
const wordsFor = (error: string, words: Record<string, string>) =>
  Object.entries(words).find(([beginning]) => error.startsWith(beginning))?.[1]

/** What `action` makes of `inputs`. An error is answered with `words`, and so is a change in what was handed in. */
function answerOf<T>(inputs: Tensor[], action: () => T, words: Record<string, string> = {}): T {
  const before = print(inputs)
  let answer: T | undefined
  const error = errorOf(() => {
    answer = action()
  })
  expect(error).toPrint('no error', wordsFor(error, words))
  expect(print(inputs)).toPrint(
    before,
    'Something that was handed in has been changed: this is how it stands now. Make new tensors, by methods without an underscore.',
  )
  return answer as T
}

const size = (low = 2) => sampleInteger(low, 4)

task('sumTo', () => {
  const judge = (gradOut: Tensor, shape: number[], why: Record<string, string> = {}) => {
    const expected = print(summed(gradOut, shape))
    const answer = answerOf([gradOut], () => lesson.sumTo(gradOut, shape), {
      'IndexError: Dimension out of range':
        'A dimension was asked for that is not there (any more). Without keepdim, every sum takes a dimension away, and those behind it move up. And a shape lists sizes, while `sum` takes the numbers of dimensions.',
    })
    expect(print(answer)).toPrint(expected, {
      [print(gradOut)]:
        `This is gradOut as it came, of shape [${gradOut.shape}]. It is to be summed to the shape [${shape}].`,
      [print(gradOut.sum())]:
        `This is the sum of everything. Only what was copied is to be added up, so that the shape [${shape}] is left.`,
      ...why,
    })
  }
  const oneCopy =
    'This is one of the copies alone. Something that was used in several places receives what arrives at all of them.'
  const averaged = 'This is the mean over the copies. What arrives at each of them is added; nothing is divided.'

  test('what was added in front is summed away', () => {
    const gradOut = sample([2, 3])
    judge(gradOut, [3], {
      [print(gradOut.index([0]))]: oneCopy,
      [print(gradOut.index([1]))]: oneCopy,
      [print(gradOut.mean(0))]: averaged,
      [print(gradOut.sum(1))]:
        'The sum runs over the wrong dimension. Shapes are lined up at their right ends, so what was added stands in front.',
    })
  })

  test('a square tells which dimension was added: the first', () => {
    const n = size()
    const gradOut = sample([n, n])
    judge(gradOut, [n], {
      [print(gradOut.sum(1))]:
        'The sum runs over the wrong dimension, and as this is a square, no shape gives it away. What was added stands in front: dimension 0.',
      [print(gradOut.mean(0))]: averaged,
    })
  })

  test('what was stretched is summed, and stays as a dimension of size 1', () => {
    const gradOut = sample([3, 4])
    judge(gradOut, [3, 1], {
      [print(gradOut.sum(1))]:
        'The numbers are right, and a dimension is lost: what was a column must be a column again. Sum with keepdim.',
      [print(gradOut.mean(1, { keepdim: true }))]: averaged,
      [print(gradOut.index([torch.slice(), torch.slice(0, 1)]))]: oneCopy,
    })
  })

  test('stretched in front is not the same as added in front', () => {
    const gradOut = sample([2, 3])
    judge(gradOut, [1, 3], {
      [print(gradOut.sum(0))]:
        'The numbers are right, and a dimension is lost: the shape [1, 3] has one more than [3]. Sum with keepdim where a size of 1 is asked for.',
      [print(gradOut.mean(0, { keepdim: true }))]: averaged,
    })
  })

  test('added and stretched at once', () => {
    const gradOut = sample([2, 3, 2])
    judge(gradOut, [3, 1], {
      [print(gradOut.sum(0))]: 'What was added in front is summed, and what was stretched is not yet.',
      [print(gradOut.sum(2, { keepdim: true }))]:
        'What was stretched is summed, and what was added in front is not yet.',
      [print(gradOut.sum([0, 2]))]: 'The numbers are right, and a dimension is lost. Sum with keepdim.',
      [print(gradOut.sum([0, 2], { keepdim: true }))]:
        'The numbers are right, and there is a dimension too many: what was added in front goes altogether.',
    })
  })

  test('a single number receives everything', () => {
    const gradOut = sample([2, size()])
    judge(gradOut, [], {
      [print(gradOut.sum([0, 1], { keepdim: true }))]: 'The shape of a single number is []: no dimension at all.',
      [print(gradOut.mean())]: averaged,
    })
  })

  test('where nothing was copied, nothing changes', () => {
    judge(sample([2, 3]), [2, 3])
    judge(sample([1, 3]), [1, 3])
  })

  test('any shapes that broadcast, with the reference engine’s word for it (2 points)', () => {
    const full = [2, 3, 2]
    for (let round = 0; round < 4; round++) {
      const shape = full.slice(sampleIndex(4)).map((each) => (sampleIndex(2) === 0 ? 1 : each))
      judge(sample(full), shape)
    }
  })
  const sampleIndex = (count: number) => Math.floor(Math.random() * count)
})

task('mulVjp', () => {
  const toShape = (gradient: Tensor, shape: number[]) => {
    if (!Array.isArray(shape)) throw new Error('toShape(gradient, shape) takes the shape to sum to as well')
    return summed(gradient, shape)
  }

  const judge = (a: Tensor, b: Tensor, gradOut: Tensor) => {
    const expected = sent((u, v) => u.mul(v), [a, b], gradOut)
    const full = [gradOut.mul(b), gradOut.mul(a)]
    const needs = full.some((each, i) => String(each.shape) !== String(expected[i]!.shape))
    const answer = answerOf([a, b, gradOut], () => lesson.mulVjp(a, b, gradOut, toShape), {
      'RuntimeError: The expanded size':
        '`toShape` was asked for a shape that what it was given cannot have been broadcast from. It takes the gradient first, and then the shape of what the gradient belongs to.',
      'RuntimeError: expand(':
        '`toShape` was given something that has fewer dimensions than the shape asked for. What it sums is gradOut times the other factor, which has the shape of the result.',
    })
    expect(print(answer)).toPrint(print(expected), {
      [print([expected[1], expected[0]])]: 'Both are there, the other way round: first the gradient of a.',
      [print([summed(gradOut.mul(a), a.shape), summed(gradOut.mul(b), b.shape)])]:
        'Each was multiplied by itself. The derivative of a·b by a is b, and that by b is a.',
      ...(!needs && {
        [print([b, a])]:
          'These are the derivatives, the other factors. What has arrived, gradOut, is lost: multiply by it.',
      }),
      [print([summed(gradOut, a.shape), summed(gradOut, b.shape)])]:
        'This is gradOut, summed: the way back through a sum. Through a product each is multiplied by the other factor.',
      ...(needs && {
        [print(full)]:
          `The products are right, and have the shape of the result. a has the shape [${a.shape}], b has [${b.shape}], and so must their gradients.`,
        [print([summed(full[0]!, b.shape), summed(full[1]!, a.shape)])]:
          'The shapes have changed places. Each gradient has the shape of what it belongs to: the first that of a, the second that of b.',
        [print([summed(gradOut, a.shape).mul(b), summed(gradOut, b.shape).mul(a)])]:
          'Summed too early: the factor differs from place to place, so multiply first, while everything is in its place, and sum then.',
      }),
    })
  }

  test('of one shape: each gets gradOut times the other', () => {
    const shape = [2, size()]
    judge(sample(shape), sample(shape), sample(shape))
  })

  test('a matrix and a row', () => {
    const columns = size()
    judge(sample([2, columns]), sample([columns]), sample([2, columns]))
  })

  test('a column and a row: both were stretched', () => {
    judge(sample([2, 1]), sample([3]), sample([2, 3]))
  })

  test('a single number and a matrix', () => {
    const columns = size()
    judge(sample([]), sample([2, columns]), sample([2, columns]))
  })
})

task('sumVjp', () => {
  const judge = (shape: number[], dim: number, keepdim: boolean) => {
    const x = sample(shape)
    const at = dim < 0 ? dim + shape.length : dim
    const y = x.sum(dim, { keepdim })
    const gradOut = sample(y.shape)
    const [expected] = sent((v) => v.sum(dim, { keepdim }), [x], gradOut)
    const call = `x.sum(${dim}${keepdim ? ', { keepdim: true }' : ''})`
    const answer = answerOf([x, gradOut], () => lesson.sumVjp(x, dim, keepdim, gradOut), {
      'RuntimeError: The expanded size': `The sum was ${call}, x has the shape [${shape}], and gradOut the shape [${gradOut.shape}]. Before it can be stretched, the dimension that the sum has taken away must be there again, with size 1, in its old place. If the sum has kept it, it is there already.`,
      'RuntimeError: expand(': `The sum was ${call}, and gradOut has the shape [${gradOut.shape}]: it has a dimension too many by now. The sum has kept its dimension here, so nothing is to be given back.`,
      'RuntimeError: The size of tensor a': `The sum was ${call}, x has the shape [${shape}], and gradOut the shape [${gradOut.shape}]. These two do not line up: the dimension that the sum has taken away is missing.`,
      'RuntimeError: shape': `x has the shape [${shape}]. A dimension’s number is not its size: the size of dimension ${dim} is ${shape[at]}.`,
    })
    const why: Record<string, string> = {
      [print(gradOut)]:
        'This is gradOut as it came. Every element of x is to get the gradient of the sum that it went into.',
      [print(expected!.div(shape[at]!))]: 'This is the way back through the mean. A sum divides by nothing.',
      [print(torch.ones(shape))]:
        'These are the derivatives of the sum, all 1. They are to be multiplied by what has arrived: gradOut.',
      [print(x.mul(expected!))]: 'x does not matter here: the derivative of a sum by each of its elements is 1.',
    }
    if (!keepdim && shape.length === 2 && shape[0] === shape[1] && at === 1)
      why[print(gradOut.expand(shape))] =
        'Right and wrong look alike here: gradOut was stretched along the wrong dimension, and as x is a square, nobody complained. Element i of gradOut belongs to row i. Give it its lost dimension back first (unsqueeze), where it was.'
    if (!keepdim && shape.length === 2 && shape[0] === shape[1] && at === 0)
      why[print(gradOut.unsqueeze(1).expand(shape))] =
        'gradOut was stretched along the wrong dimension, and as x is a square, nobody complained. The lost dimension is not always the last one: `dim` says where it was.'
    expect(print(answer)).toPrint(print(expected), why)
  }

  test('the sums of the columns: each column gets the gradient of its sum', () => {
    judge([2, 3], 0, false)
  })

  test('the sums of the rows: each row gets the gradient of its sum', () => {
    judge([2, 3], 1, false)
  })

  test('in a square no shape gives a mistake away (2 points)', () => {
    const n = size(3)
    judge([n, n], 1, false)
    judge([n, n], 0, false)
  })

  test('where the sum has kept its dimension', () => {
    judge([2, 3], 1, true)
    judge([3, 2], 0, true)
  })

  test('dimensions may be counted from the end, and there may be three of them', () => {
    judge([2, 3, 2], -1, false)
    judge([2, 3, 2], -2, false)
    judge([2, 3, 2], -3, true)
  })
})

task('meanVjp', () => {
  const judge = (shape: number[], dims: number[] | null) => {
    const x = sample(shape)
    const mean = (v: Tensor) => (dims === null ? v.mean() : v.mean(dims, { keepdim: true }))
    const gradOut = sample(mean(x).shape)
    const [expected] = sent(mean, [x], gradOut)
    const n = x.numel() / gradOut.numel()
    const call = dims === null ? 'x.mean()' : `x.mean([${dims}], { keepdim: true })`
    const dividedBy = (wrong: number, words: string) =>
      wrong === n || wrong === 0 ? {} : { [print(expected!.mul(n).div(wrong))]: words }
    const sizes = dims?.map((dim) => shape.at(dim)!) ?? shape
    const negative = dims?.find((dim) => dim < 0)
    const noSuchPlace = `dims is [${dims}]: counted from the end. x.shape[${negative}] is undefined in JavaScript, and a product with it is NaN; x.shape.at(${negative}) counts from the end, too.`
    const answer = answerOf([x, gradOut], () => lesson.meanVjp(x, dims, gradOut), {
      'TypeError: Cannot read properties of null': 'Here dims is null: the mean was taken over everything.',
      ...(negative !== undefined && { 'TypeError: div()': noSuchPlace }),
    })
    expect(print(answer)).toPrint(print(expected), {
      [print(gradOut)]: `This is gradOut as it came, of shape [${gradOut.shape}]. x has the shape [${shape}].`,
      [print(gradOut.div(n))]:
        `The numbers are right, and the shape is not: x has the shape [${shape}], and each of its elements gets its share.`,
      [print(expected!.mul(n * n))]: 'Multiplied where it should be divided.',
      ...dividedBy(
        gradOut.numel(),
        `Divided by ${gradOut.numel()}, the number of the means. Asked is how many elements went into each of them.`,
      ),
      ...dividedBy(shape[0]!, `Divided by ${shape[0]}, the size of dimension 0. The mean was ${call}.`),
      ...dividedBy(
        sizes[0]!,
        `Divided by the size of the first dimension of the mean alone. The mean was ${call}, over all of these dimensions at once.`,
      ),
      ...dividedBy(
        sizes.reduce((sum, each) => sum + each, 0),
        'Divided by the sum of the sizes. A block of 2 by 3 has 6 elements, and not 5: multiply them.',
      ),
      ...dividedBy(
        x.numel(),
        `Divided by ${x.numel()}, the number of all elements of x. Into each of these means went only ${n}.`,
      ),
      ...(dims &&
        dividedBy(
          dims[0]!,
          `Divided by ${dims[0]}, which is the number of the dimension and not its size. Dimension ${dims[0]} has the size ${shape.at(dims[0]!)}.`,
        )),
      ...(dims &&
        dividedBy(
          dims.length,
          `Divided by ${dims.length}, which is how many dimensions there are in dims. Asked is how many elements.`,
        )),
      ...(negative !== undefined && { [print(expected!.mul(Number.NaN))]: noSuchPlace }),
      ...dividedBy(1, 'This is the way back through the sum. The mean of n elements gives each of them one n-th.'),
    })
  }

  test('the mean of everything gives each element the same share', () => {
    judge([2, 3], null)
  })

  test('the means along one dimension: each element gets a share of its own mean', () => {
    judge([3, 2, 4], [2])
  })

  test('whichever dimension it was', () => {
    judge([3, 4, 2], [0])
    judge([3, 5, 2], [1])
    judge([2, 3, 4], [-1])
  })

  test('along two dimensions at once (2 points)', () => {
    judge([3, 2, 4], [0, 1])
    judge([3, 4, 2], [0, 2])
  })
})

task('seedOf', () => {
  /** What comes back, or the error that is thrown. */
  function outcome(y: Tensor, gradient: Tensor | null): string {
    let answer: Tensor | undefined
    const error = errorOf(() => {
      answer = lesson.seedOf(y, gradient)
    })
    if (error !== 'no error') return error
    return (answer as unknown) instanceof Error ? 'an Error that was returned' : print(answer)
  }
  /** Any error will do: its words are the learner's. */
  function refused(y: Tensor, gradient: Tensor | null): string {
    const text = outcome(y, gradient)
    return /^\w+: /.test(text) ? 'refused' : text
  }

  test('from one number the walk begins with 1', () => {
    expect(outcome(sample([]), null)).toPrint('tensor(1.)', {
      None: 'null was handed on. Where no gradient is handed in, the walk begins with 1.',
      "TypeError: Cannot read properties of null (reading 'shape')":
        'Here gradient is null: none was handed in. Ask for that first.',
      otherwise: 'y is a single number, and no gradient was handed in: the walk begins with 1.',
    })
  })

  test('with the shape of that number', () => {
    expect(outcome(sample([1, 1]), null)).toPrint('tensor([[1.]])', {
      'tensor(1.)': 'y has the shape [1, 1], and its gradient has the shape of y.',
      otherwise: 'y has the shape [1, 1]: that is one element, and the walk begins with 1, in the shape of y.',
    })
    expect(outcome(sample([1]), null)).toPrint('tensor([1.])', {
      'tensor(1.)': 'y has the shape [1], and its gradient has the shape of y.',
    })
  })

  test('from many numbers, nobody can know with what to begin', () => {
    const y = sample([size()])
    expect(refused(y, null)).toPrint('refused', {
      [print(torch.ones(y.shape))]:
        'Ones were taken for granted: then it would be the sum that is walked back from, and nobody has said so. PyTorch refuses here, and so should you: throw an Error.',
      'tensor(1.)': 'One number for many results. PyTorch refuses here, and so should you: throw an Error.',
      None: 'Nothing was refused. Throw an Error: `throw new Error(…)`.',
      otherwise:
        'To refuse is to throw an Error: `throw new Error(…)`. A text that is thrown is no Error, and an Error that is returned looks like an answer.',
    })
  })

  test('the gradient that is handed in is the one to begin with', () => {
    const y = sample([2, 3])
    const gradient = sample([2, 3])
    const expected = print(gradient)
    expect(outcome(y, gradient)).toPrint(expected, {
      [print(torch.ones([2, 3]))]: 'These are ones. A gradient was handed in, and that is what the walk begins with.',
      [print(y)]: 'This is y itself.',
      [print(y.mul(gradient))]: 'y does not come into it: only its shape does.',
      otherwise:
        'A gradient of the right shape was handed in. If it was refused: are the shapes compared by what is in them? Two lists are equal for === only if they are one and the same list.',
    })
    const one = sample([])
    expect(outcome(sample([]), one)).toPrint(
      print(one),
      'For a single number, too, the gradient that is handed in counts, and not 1.',
    )
  })

  test('a gradient of another shape is refused, even if it would broadcast, or has as many elements', () => {
    const wrong: [number[], number[]][] = [
      [[3], [2, 3]],
      [[], [3]],
      [
        [3, 2],
        [2, 3],
      ],
      [[6], [2, 3]],
      [[1], []],
    ]
    for (const [gradient, y] of wrong) {
      expect(refused(sample(y), sample(gradient))).toPrint(
        'refused',
        `y has the shape [${y}], and the gradient the shape [${gradient}]. However well that could be made to fit: it is not the shape of y, so somebody made a mistake. Throw an Error.`,
      )
    }
  })
})

// Lesson 01: cells 1 to 5 of the tutorial to the character, then tensors that the lesson does not show.
import { errorOf, openLesson, print, sample, sampleInteger } from '../scripts/lesson'
import type * as Lesson from '../solutions/01-requires-grad'

const { torch, lesson, task } = openLesson<typeof Lesson>('01-requires-grad')

task('makeX', () => {
  test('cell 1: four numbers, counted from 0', () => {
    expect(print(lesson.makeX(4))).toPrint('tensor([0., 1., 2., 3.])', {
      'tensor([1., 2., 3., 4.])': 'The count begins at 1 here. In cell 1 it begins at 0, and 4 itself is not reached.',
      'tensor([0., 1., 2.])': 'One number is missing: the count stops before n by itself.',
      'tensor([0., 1., 2., 3., 4.])': 'There is one number too many: the count stops before n.',
      'tensor([0, 1, 2, 3])': 'These are integers: they print without a point. x should hold floats.',
      'tensor([0., 1., 2., 3.], requires_grad=True)':
        'This x is tracked already. In cell 1 nobody has asked for that yet.',
    })
  })

  test('another n gives as many numbers', () => {
    const n = sampleInteger(6, 9)
    expect(print(lesson.makeX(n))).toPrint(print(torch.arange(n)), {
      'tensor([0., 1., 2., 3.])': `These are the four numbers of cell 1. n is ${n} here, so ${n} numbers were expected.`,
      [print(torch.arange(1, n + 1))]: 'The count begins at 1 here. It should begin at 0, and stop before n.',
    })
  })
})

task('isTracked', () => {
  test('cell 2: nothing is tracked until it is asked for', () => {
    const x = torch.arange(4)
    const tracked = print(torch.arange(4).requires_grad_(true))
    expect(print(lesson.isTracked(x))).toPrint('False', {
      True: 'x was not tracked when you were asked. Of the two names, the one with the underscore tracks x; the other only looks.',
      [tracked]:
        'This is x, and it is tracked now: the name with the underscore changes x. The other one only looks, and answers true or false.',
    })
  })

  test('a tracked tensor is tracked before it holds any gradient', () => {
    const x = sample([3]).requires_grad_(true)
    expect(print(lesson.isTracked(x))).toPrint('True', {
      False:
        'x is tracked; it only holds no gradient yet, because nothing has been computed from it. These are two different questions.',
    })
  })
})

task('track', () => {
  test('the answer has the values of x and says requires_grad=True', () => {
    const x = sample([2, 2])
    const [untracked, expected] = [print(x), print(torch.tensor(x.tolist(), { requires_grad: true }))]
    expect(print(lesson.track(x))).toPrint(expected, {
      [untracked]: 'The values are those of x, but the tensor is not tracked. Reading the flag does not set it.',
      True: 'This is the flag. The tensor itself was asked for: in-place methods hand it back.',
    })
  })

  test('x itself is tracked from then on', () => {
    const x = sample([3])
    lesson.track(x)
    expect(print(x.requires_grad)).toPrint(
      'True',
      'After your function x is as untracked as before. If a tracked tensor came back all the same, it was a copy: whatever is computed from x would still go unrecorded.',
    )
  })
})

task('hasNoGradient', () => {
  test('cell 3: before any backward pass there is no gradient', () => {
    const x = torch.arange(4).requires_grad_(true)
    expect(print(lesson.hasNoGradient(x))).toPrint('True', {
      False:
        'x is tracked, and no backward pass has run, so x.grad is null. If you compared with undefined: null === undefined is false. If you looked at requires_grad: that is another question.',
      None: 'This is x.grad. The task asks whether it is null: true or false.',
    })
  })

  test('after a backward pass there is one', () => {
    const x = sample([3]).requires_grad_(true)
    x.sum().backward()
    expect(print(lesson.hasNoGradient(x))).toPrint('False', {
      True: 'A backward pass has run, and x.grad is a tensor now. Whether x is tracked does not tell: it was tracked before, and still is.',
      [print(x.grad)]: 'This is the gradient itself. The task asks whether it is null: true or false.',
    })
  })
})

task('trackedTensor', () => {
  test('cell 4: a tensor can be tracked from the start', () => {
    const data = [1, 2, 3]
    expect(errorOf(() => lesson.trackedTensor(data))).toPrint('no error', whyIntegersFail)
    expect(print(lesson.trackedTensor(data))).toPrint('tensor([1., 2., 3.], requires_grad=True)', {
      'tensor([1., 2., 3.])':
        'Nobody asked for a gradient: the flag is missing. It goes last, in braces: { requires_grad: true }.',
      'tensor([1, 2, 3])': 'These are integers, and they are not tracked. Floats were asked for, with the flag.',
    })
  })

  test('any numbers can be tracked, whole or not', () => {
    const data = sample([4]).tolist() as number[]
    expect(errorOf(() => lesson.trackedTensor(data))).toPrint('no error', whyIntegersFail)
    expect(print(lesson.trackedTensor(data))).toPrint(print(torch.tensor(data, { requires_grad: true })), {
      'tensor([1., 2., 3.], requires_grad=True)':
        'This is cell 4. The tensor should hold the numbers that were handed in.',
      [print(torch.tensor(data))]:
        'Nobody asked for a gradient: the flag is missing. It goes last, in braces: { requires_grad: true }.',
    })
  })
})

const whyIntegersFail = {
  'RuntimeError: Only Tensors of floating point and complex dtype can require gradients':
    'The flag was given to a tensor of integers. A gradient says what happens when a number moves a little, and an integer cannot move a little. Leave out the dtype: floats are what you get.',
  'RuntimeError: only Tensors of floating point dtype can require gradients':
    'A tensor of integers was asked to be tracked. A gradient says what happens when a number moves a little, and an integer cannot move a little. Leave out the dtype: floats are what you get.',
}

task('drawTracked', () => {
  const first = (draw: typeof torch.randn, seed: number, shape: number[], requires_grad = true) => {
    torch.manual_seed(seed)
    const text = print(draw(shape, { requires_grad }))
    torch.manual_seed(0)
    return text
  }
  const others = (seed: number, shape: number[]) => ({
    [first(torch.randn, seed, shape, false)]: 'These are the right numbers, but the tensor is not tracked.',
    [first(torch.randn, seed, shape.toReversed())]:
      'The numbers are right, in another shape: how many rows come first, then how many columns.',
    [first(torch.rand, seed, shape)]:
      'These numbers are spread evenly between 0 and 1. The tutorial draws from the normal distribution: around 0, on both sides. Look at the last letter of the name.',
    otherwise:
      'These are not the numbers that begin with this seed. Is the generator set to it inside the function, before anything is drawn?',
  })

  test('cell 5: the ten lost numbers of the tutorial (2 points)', () => {
    const why = others(1497632349, [2, 5])
    expect(print(lesson.drawTracked(1497632349, [2, 5]))).toPrint(
      'tensor([[-0.4565,  1.2696,  0.0927, -0.3001,  0.2633],\n        [-0.2927, -0.2221,  0.8616,  0.2330, -1.1366]], requires_grad=True)',
      why,
    )
  })

  test('another seed gives other numbers, the same in every run', () => {
    const seed = sampleInteger(1, 1_000_000)
    const shape = [3, 2]
    const expected = first(torch.randn, seed, shape)
    const why = {
      ...others(seed, shape),
      [first(torch.randn, 1497632349, shape)]:
        'These numbers begin with the seed of cell 5. Another seed was handed in.',
      [first(torch.randn, 1497632349, [2, 5])]:
        'These are the ten numbers of cell 5. Another seed was handed in, and another shape.',
    }
    expect(print(lesson.drawTracked(seed, shape))).toPrint(expected, why)
  })
})

// Lesson 03: cell 9 of the tutorial to the character, then other tensors, other losses, and gradients that were there before.
import { errorOf, openLesson, print, sample, sampleInteger } from '../scripts/lesson'
import type * as Lesson from '../solutions/03-zero-grad'

const { torch, lesson, task } = openLesson<typeof Lesson>('03-zero-grad')

type Tensor = ReturnType<typeof sample>
type Loss = (x: Tensor) => Tensor

const twiceDot: Loss = (x) => torch.dot(x, x).mul(2)
const sumOfCubes: Loss = (x) => x.mul(x).mul(x).sum()
const plainSum: Loss = (x) => x.sum()

/** `x` as it was before it was tracked. */
const plain = (x: Tensor) => torch.tensor(x.tolist())

/** The gradient of `loss` at `x`, found on a copy, so that `x` keeps its own. */
function gradientAt(loss: Loss, x: Tensor): Tensor {
  const copy = plain(x).requires_grad_(true)
  loss(copy).backward()
  return copy.grad!
}

/** A tracked tensor that went through a backward pass before. */
function used(x: Tensor): Tensor {
  x.requires_grad_(true)
  x.mul(x).mul(2).sum().backward()
  return x
}

task('zeroGradient', () => {
  const pair = (x: Tensor, grad: Tensor | null) => `(${print(x)}, ${print(grad)})`
  const wrongPairs = (x: Tensor) => {
    const [values, zeros] = [plain(x), torch.zeros_like(x)]
    const tracked = (t: Tensor) => plain(t).requires_grad_(true)
    return {
      [pair(tracked(zeros), x.grad)]:
        'x itself was zeroed, and its gradient was left as it is. They are two tensors: the gradient stands in x.grad.',
      [pair(tracked(zeros), zeros)]: 'The gradient is zero, but so is x. Only the gradient was to change.',
      [pair(tracked(values), x.grad)]: 'The gradient is what it was before: nothing has been zeroed.',
      [pair(tracked(values), null)]:
        'x.grad is null now: that lets go of the gradient. Here the gradient tensor stays, with zeros in it.',
      [pair(zeros, tracked(values))]: 'x comes first in the pair, its gradient second.',
      [print(zeros)]: 'This is the gradient alone. The task asks for a pair: x, and its gradient.',
    }
  }

  test('cell 9: x keeps its values, and its gradient is zero', () => {
    const x = torch.arange(4).requires_grad_(true)
    twiceDot(x).backward()
    const why = wrongPairs(x)
    expect(print(lesson.zeroGradient(x))).toPrint(
      '(tensor([0., 1., 2., 3.], requires_grad=True), tensor([0., 0., 0., 0.]))',
      why,
    )
  })

  test('whoever holds the gradient tensor sees the zeros', () => {
    const x = used(sample([2, 3]))
    const held = x.grad!
    const old = print(held)
    const expected = pair(x, torch.zeros_like(x))
    const why = wrongPairs(x)
    expect(print(lesson.zeroGradient(x))).toPrint(expected, why)
    expect(print(held)).toPrint(print(torch.zeros([2, 3])), {
      [old]:
        'The tensor that was x.grad before still holds the old gradient: x.grad was replaced by a new tensor. Write the zeros into the one that is there.',
    })
  })

  test('only the gradient is written to', () => {
    const x = used(sample([3]))
    const values = print(x)
    expect(errorOf(() => lesson.zeroGradient(x))).toPrint('no error', {
      'RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.':
        'This wanted to write zeros into x itself, and PyTorch refused: a tracked x may not be overwritten just like that. The gradient is another tensor, x.grad.',
    })
    expect(print(x)).toPrint(values, 'x itself has changed. Only its gradient should.')
  })
})

task('gradientOfSum', () => {
  const notReached = 'x holds no gradient here: it was let go of after the backward pass, or no pass ran at all.'
  /** Words for wrong gradients of the sum of an `x` that held the gradient `old` before. */
  const wrongSums = (x: Tensor, old: Tensor | null) => ({
    [print(torch.zeros_like(x))]:
      'Zeros: the gradient was zeroed after the backward pass, or no pass ran at all. First begin a new sum, then run backward.',
    [print(torch.ones_like(x).mul(2))]:
      'Twice the gradient: either two passes ran, or the sum began with ones. It should begin with zeros, or with nothing.',
    None: notReached,
    ...(old && {
      [print(old.add(1))]:
        'This is the new gradient plus the old one: backward adds to what x.grad holds. Begin a new sum before it.',
      [print(old)]: 'This is the gradient that x held before. The new one is there only after backward has run.',
    }),
  })

  test('an old gradient does not leak into the new one', () => {
    const x = used(sample([4]))
    const why = wrongSums(x, x.grad!.clone())
    expect(print(lesson.gradientOfSum(x))).toPrint('tensor([1., 1., 1., 1.])', why)
  })

  test('a tensor that holds no gradient yet needs no zeroing', () => {
    const x = sample([2, 3]).requires_grad_(true)
    const nothingThere =
      'x holds no gradient yet: x.grad is null, and null has no zero_. Zero a gradient only if there is one. The lesson has a form for that, with a question mark.'
    expect(errorOf(() => lesson.gradientOfSum(plain(x).requires_grad_(true)))).toPrint('no error', {
      "TypeError: Cannot read properties of null (reading 'zero_')": nothingThere,
      "TypeError: cannot read property 'zero_' of null": nothingThere,
    })
    expect(print(lesson.gradientOfSum(x))).toPrint(print(torch.ones([2, 3])), {
      ...wrongSums(x, null),
      'tensor([1., 1., 1., 1.])': 'This is the gradient for a vector of four. Here x has two rows of three.',
    })
  })

  test('the gradient stands in x afterwards', () => {
    const x = used(sample([3]))
    const old = print(x.grad)
    const why = wrongSums(x, null)
    const answer = print(lesson.gradientOfSum(x))
    expect(print(x.grad)).toPrint(
      'tensor([1., 1., 1.])',
      answer === 'tensor([1., 1., 1.])'
        ? 'Ones came back, yet x does not hold them: no backward pass has put them there. That the gradient of a sum is 1 everywhere is easy to know; the next loss is not so kind.'
        : { ...why, [old]: 'x still holds the gradient from before: no backward pass has reached it.' },
    )
  })
})

task('predictGradient', () => {
  test('two passes on 2 x·x leave each gradient twice', () => {
    const x = torch.arange(4)
    expect(print(lesson.predictGradient(x, 2))).toPrint('tensor([ 0.,  8., 16., 24.])', {
      [print(x.mul(4))]:
        'This is what one pass leaves. Backward adds: the second pass sends the same again. (If you counted two passes: one alone leaves 4x, not 2x.)',
      [print(x.mul(16))]:
        'The second pass sends what the first one sent, and not four times as much: it sees x, not what x.grad holds.',
      [print(x)]: 'This is x itself. One pass leaves 4x in x.grad.',
    })
  })

  test('every pass adds the same again', () => {
    const x = sample([5])
    const passes = sampleInteger(3, 6)
    const said = `${passes} passes were run.`
    const expected = print(x.mul(4 * passes))
    const why = {
      [print(x.mul(4))]: `${said} This is what one leaves: backward adds, it does not overwrite.`,
      [print(x.mul(8))]: `${said} This is what two leave.`,
      [print(x.mul(4 * 2 ** (passes - 1)))]:
        `${said} Here the gradient doubles with every pass. It grows by the same amount each time: a pass sees x, not what x.grad holds.`,
      [print(x.mul(4 ** passes))]:
        `${said} Here every pass multiplies the gradient by 4. It grows by the same amount each time: a pass sees x, not what x.grad holds.`,
      [print(x.mul(2 * passes))]: `${said} You counted them, but one pass on this loss leaves 4x, not 2x.`,
      'tensor([ 0.,  8., 16., 24.])':
        'This is the prediction for x = 0, 1, 2, 3 and two passes. Another x was handed in.',
      otherwise: `${said} Each of them sends 4x.`,
    }
    expect(print(lesson.predictGradient(x, passes))).toPrint(expected, why)
  })
})

task('gradientAfter', () => {
  const wrongCounts = (f: Loss, x: Tensor, passes: number) => {
    const one = gradientAt(f, x)
    return {
      [print(one)]:
        `This is what one pass leaves, and there should be ${passes}. Either only one ran, or x.grad was zeroed in between.`,
      [print(one.mul(passes + 1))]: 'This is one pass too many. Where does the loop stop?',
      [print(one.mul(passes - 1))]: 'This is one pass too few. Where does the loop begin and stop?',
      [print(one.mul(2))]: 'This is what two passes leave. Another number of passes was asked for.',
    }
  }

  test('the prediction comes true: passes on 2 x·x leave as many times 4 x', () => {
    const x = sample([4]).requires_grad_(true)
    const passes = sampleInteger(3, 5)
    const expected = print(plain(x).mul(4 * passes))
    expect(print(lesson.gradientAfter(twiceDot, x, passes))).toPrint(expected, wrongCounts(twiceDot, x, passes))
  })

  test('the gradient of another loss adds up as well', () => {
    const x = sample([3]).requires_grad_(true)
    const passes = sampleInteger(3, 5)
    const expected = print(gradientAt(sumOfCubes, x).mul(passes))
    expect(print(lesson.gradientAfter(sumOfCubes, x, passes))).toPrint(expected, {
      ...wrongCounts(sumOfCubes, x, passes),
      [print(plain(x).mul(4 * passes))]:
        'This is the formula for 2 x·x. Another function was handed in; only backward knows its gradient.',
    })
  })

  test('every pass walks a record of its own', () => {
    const x = sample([3]).requires_grad_(true)
    const passes = sampleInteger(3, 5)
    let calls = 0
    const counted: Loss = (v) => {
      calls++
      return twiceDot(v)
    }
    const usedUp =
      'The first pass used up the record, and the second one found nothing to walk. Compute the loss again before each backward.'
    const error = errorOf(() => lesson.gradientAfter(counted, x, passes))
    const secondTime = 'RuntimeError: Trying to backward through the graph a second time'
    expect(error).toPrint('no error', error.startsWith(secondTime) ? usedUp : undefined)
    expect(print(calls)).toPrint(
      print(passes),
      `${passes} passes were asked for, and each needs its own record: f should be called once for each. (The loss times ${passes} has the same gradient, but that is one pass.)`,
    )
  })
})

task('gradientsOf', () => {
  const losses = [twiceDot, plainSum, sumOfCubes]
  const sameTensor =
    'Every entry prints the gradient of the last loss: the list holds the same tensor several times, and each pass has written into it. Keep something that will not change any more.'

  test('each loss has its own gradient', () => {
    const x = sample([3]).requires_grad_(true)
    const [a, b, c] = losses.map((loss) => gradientAt(loss, x)) as [Tensor, Tensor, Tensor]
    const [ab, abc] = [a.add(b), a.add(b).add(c)]
    expect(print(lesson.gradientsOf(losses, x))).toPrint(print([a, b, c]), {
      [print([a, ab, abc])]:
        'The first gradient is right, and each later one contains all those before it: backward adds to what x.grad holds.',
      [print([c, c, c])]: sameTensor,
      [print([abc, abc, abc])]:
        'Every entry prints the sum of all gradients: the list holds the same tensor several times, and nothing was zeroed in between.',
      [print([0, 0, 0].map(() => torch.zeros_like(a)))]:
        'Every entry is zero: the list holds the tensor that was zeroed afterwards.',
    })
  })

  test('a gradient from before does not leak into the first one', () => {
    const x = used(sample([3]))
    const old = x.grad!.clone()
    const [a, b] = [gradientAt(plainSum, x), gradientAt(sumOfCubes, x)]
    const leaked = 'The gradient that x held before is still in it. The first loss needs a new sum too.'
    expect(print(lesson.gradientsOf([plainSum, sumOfCubes], x))).toPrint(print([a, b]), {
      [print([old.add(a), b])]: leaked,
      [print([old.add(a), old.add(a).add(b)])]: leaked,
      [print([b, b])]: sameTensor,
    })
  })

  test('a later backward pass on x changes none of them', () => {
    const x = sample([3]).requires_grad_(true)
    const expected = print([gradientAt(twiceDot, x), gradientAt(sumOfCubes, x)])
    const answer = lesson.gradientsOf([twiceDot, sumOfCubes], x)
    sumOfCubes(x).backward()
    expect(print(answer)).toPrint(
      expected,
      'After your function had returned, somebody ran backward on x once more, and your list changed with it: an entry is the very tensor that x.grad is. Hand out copies.',
    )
  })
})

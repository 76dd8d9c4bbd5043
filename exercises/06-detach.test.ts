// Lesson 06: cells 8 and 9 of the chapter to the character, then other functions, and what detach leaves as it was.
import { errorOf, openLesson, print, sample } from '../scripts/lesson'
import type * as Lesson from '../solutions/06-detach'

const { torch, lesson, task } = openLesson<typeof Lesson>('06-detach')

type Tensor = ReturnType<typeof sample>
type Map = (x: Tensor) => Tensor

const itself: Map = (x) => x
const square: Map = (x) => x.mul(x)
const cube: Map = (x) => x.mul(x).mul(x)
/** Every value depends on every element. */
const timesTotal: Map = (x) => x.mul(x.sum())
const sign: Map = (x) => x.sign()

/** `x` as it was before it was tracked. */
const plain = (x: Tensor) => torch.tensor(x.tolist())

/** The gradient of the sum of `f`, found on a copy, so that `x` keeps its own. */
function gradientAt(f: Map, x: Tensor): Tensor {
  const copy = plain(x).requires_grad_(true)
  f(copy).sum().backward()
  return copy.grad!
}

/** Which operation comes last is the learner's business; whether there is a way back is not. */
const anyOperation = (text: string) => text.replace(/,\s+grad_fn=<\w+>/g, ', grad_fn=<...>')

const nothingRecorded = 'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn'
const secondTime = 'RuntimeError: Trying to backward through the graph a second time'

task('cutProduct', () => {
  const recorded = (values: Tensor) => anyOperation(print(values.clone().requires_grad_(true).mul(1)))
  const list = (...texts: string[]) => `(${texts.join(', ')})`
  const wrongLists = (x: Tensor) => {
    const [y, z] = [square(plain(x)), cube(plain(x))]
    const tracked = { y: anyOperation(print(square(x))), z: anyOperation(print(cube(x))) }
    return {
      [list(tracked.y, tracked.y, tracked.z)]:
        'u has a grad_fn, so it is still in the record. If you called y.detach(): it changes nothing in y, and returns a new tensor. That one is u.',
      [list(print(y), print(y), tracked.z)]:
        'y has lost its way back: x was detached before y was computed, or y itself was detached in place, or y was computed with recording off. Only u should have none.',
      [list(tracked.y, print(y), print(z))]:
        'z has no way back at all. It was cut off itself, or computed with recording off, or from a detached x. The way to x straight from the product should stay.',
      [list(print(y), print(y), print(z))]:
        'Nothing here was recorded. y and z need their way back to x; only u has none.',
      [list(tracked.y, print(x.detach()), tracked.z)]: 'This u is x, detached. It should have the values of y.',
      [tracked.z]: 'This is z alone. A list of three was asked for: y, u and z.',
    }
  }
  /** What is wrong with the way from z to x, by the gradient that arrives. */
  const wrongWays = (x: Tensor) => ({
    [print(square(plain(x)).mul(3))]:
      'This is 3x²: the walk came to x straight, and by way of y as well. z was built from y, or from a u that is still in the record.',
    [print(square(plain(x)).mul(2))]:
      'This is 2x²: the wrong factor was cut off. What arrives came by way of y, and the straight way to x is missing.',
    None: 'No gradient has arrived at x: the walk from z did not get there.',
  })

  const walked =
    'x holds a gradient already: your function has walked back itself, and has used up the record. The grader does the walking; here you only build.'

  test('cell 8: as z is built from u, its gradient is u', () => {
    const x = torch.arange(4).requires_grad_(true)
    const whyList = wrongLists(x)
    const answer = lesson.cutProduct(x)
    expect(anyOperation(print(answer))).toPrint(
      '(tensor([0., 1., 4., 9.], grad_fn=<...>), tensor([0., 1., 4., 9.]), tensor([ 0.,  1.,  8., 27.], grad_fn=<...>))',
      whyList,
    )
    expect(print(x.grad)).toPrint('None', walked)
    const [, u, z] = answer
    z.sum().backward()
    expect(print(x.grad)).toPrint('tensor([0., 1., 4., 9.])', wrongWays(x))
    expect(print(x.grad!.eq(u))).toPrint('tensor([True, True, True, True])')
  })

  test('cell 9: the way back from y to x is still there', () => {
    const x = torch.arange(4).requires_grad_(true)
    const whyList = wrongLists(x)
    const answer = lesson.cutProduct(x)
    expect(anyOperation(print(answer))).toPrint(
      '(tensor([0., 1., 4., 9.], grad_fn=<...>), tensor([0., 1., 4., 9.]), tensor([ 0.,  1.,  8., 27.], grad_fn=<...>))',
      whyList,
    )
    expect(print(x.grad)).toPrint('None', walked)
    const [y, , z] = answer
    z.sum().backward()
    x.grad?.zero_()
    const error = errorOf(() => y.sum().backward())
    expect(error).toPrint(
      'no error',
      error.startsWith(secondTime)
        ? 'The walk from z has used up the record of y: it came through y. z should be built from u, behind which there is nothing.'
        : undefined,
    )
    expect(print(x.grad!.eq(x.mul(2)))).toPrint(
      'tensor([True, True, True, True])',
      'Walking back from the sum of y should leave 2x in x, and it leaves something else.',
    )
  })

  test('the gradient is u for any other x', () => {
    const x = sample([2, 3]).requires_grad_(true)
    const whyList = wrongLists(x)
    const whyWay = wrongWays(x)
    const expected = list(recorded(square(plain(x))), print(square(plain(x))), recorded(cube(plain(x))))
    const answer = lesson.cutProduct(x)
    expect(anyOperation(print(answer))).toPrint(expected, whyList)
    expect(print(x.grad)).toPrint('None', walked)
    answer[2].sum().backward()
    expect(print(x.grad)).toPrint(print(square(plain(x))), whyWay)
  })
})

task('bothGradients', () => {
  const pairOf = (f: Map, g: Map, x: Tensor): [Tensor, Tensor] => {
    const fixed = f(plain(x))
    return [gradientAt((v) => fixed.mul(g(v)), x), gradientAt(f, x)]
  }
  const wrongPairs = (f: Map, g: Map, x: Tensor) => {
    const [held, alone] = pairOf(f, g, x)
    const product = gradientAt((v) => f(v).mul(g(v)), x)
    const otherFactor = gradientAt((v) => f(v).mul(g(plain(x))), x)
    const sum = held.add(alone)
    return {
      [print([held, sum])]:
        'The first is right, and the second contains it: the two were added up in x. Begin a new sum before the second walk.',
      [print([sum, sum])]:
        'Both print the sum of the two: the pair holds one tensor twice, and nothing was zeroed in between. Keep each where nothing is added to it any more.',
      [print([alone, alone])]:
        'Both print the gradient of f: the pair holds the same tensor twice, and the second walk has written into it. Keep the first where nothing is written any more.',
      [print([product, alone])]:
        'The first is the gradient of the whole product: nothing was cut, so that part of it came by way of f(x).',
      [print([otherFactor, alone])]: 'In the first, g(x) was held fixed. It is f(x) that counts as a constant.',
      [print([alone, held])]: 'Both are there, the other way round.',
      ...(x.grad === null
        ? {}
        : {
            [print([x.grad.add(held), alone])]:
              'The gradient that x held before is still in the first. The first walk needs a new sum too.',
            [print([x.grad.add(held), x.grad.add(sum)])]:
              'The gradient that x held before is still in both, and the second contains the first as well. Each walk needs a new sum.',
          }),
    }
  }
  /** Asks for no error, on a copy: the walks themselves can fail. */
  function expectWalks(f: Map, g: Map, x: Tensor): void {
    const error = errorOf(() => lesson.bothGradients(f, g, plain(x).requires_grad_(true)))
    const why = error.startsWith(secondTime)
      ? 'Both walks went through the record of f(x), and the first one used it up. The walk with f(x) held fixed should not come there.'
      : 'One of the two walks found no record at all. Either f was called on a detached x or with recording off, so that f(x) has no way back for the second walk, or more was detached than f(x) in the first.'
    expect(error).toPrint('no error', error.startsWith(secondTime) || error === nothingRecorded ? why : undefined)
  }

  test('cells 8 and 9: with x ⊙ x held fixed, and with x ⊙ x alone', () => {
    const x = torch.arange(4).requires_grad_(true)
    const why = wrongPairs(square, itself, x)
    expectWalks(square, itself, x)
    expect(print(lesson.bothGradients(square, itself, x))).toPrint(
      '(tensor([0., 1., 4., 9.]), tensor([0., 2., 4., 6.]))',
      why,
    )
  })

  test('any two functions: only what goes by way of f is left out of the first', () => {
    // Their sum is not 0, or timesTotal would be, and nothing be left to hold fixed.
    const x = sample([3]).abs().requires_grad_(true)
    const why = wrongPairs(timesTotal, cube, x)
    const expected = print(pairOf(timesTotal, cube, x))
    expectWalks(timesTotal, cube, x)
    expect(print(lesson.bothGradients(timesTotal, cube, x))).toPrint(expected, {
      ...why,
      [print([square(plain(x)), plain(x).mul(2)])]:
        'These are the formulas of the chapter. Other functions were handed in; only backward knows their gradients.',
    })
  })

  test('an old gradient does not leak into either', () => {
    const x = sample([2, 2]).requires_grad_(true)
    x.mul(x).sum().backward()
    const why = wrongPairs(cube, square, x)
    const expected = print(pairOf(cube, square, x))
    expectWalks(cube, square, x)
    expect(print(lesson.bothGradients(cube, square, x))).toPrint(expected, why)
  })

  test('one call of f serves both', () => {
    const x = sample([3]).requires_grad_(true)
    let calls = 0
    const counted: Map = (v) => {
      calls++
      return cube(v)
    }
    expectWalks(cube, itself, x)
    lesson.bothGradients(counted, itself, x)
    expect(print(calls)).toPrint(
      '1',
      'f was called more often than once. Its value with a way back, and the same value without one, can come from one call.',
    )
  })
})

task('lossTowards', () => {
  const wrongLosses = (prediction: Tensor, target: Tensor) => {
    const difference = plain(prediction).sub(plain(target))
    return {
      [print(difference.mul(difference))]: 'These are the squares, side by side. Their sum was asked for.',
      [print(difference.mul(difference).mean())]: 'This is the mean of the squares. Their sum was asked for.',
      [print(difference.sum())]: 'These are the differences, added up. Their squares were asked for, added up.',
    }
  }
  /** The value of a loss, whatever its record. */
  const valueText = (loss: Tensor) => print(loss).replace(/, (grad_fn|requires_grad)=.*\)$/, ')')
  const noWay =
    'There is no way back from this loss: both tensors were detached, or the loss itself, or nothing was recorded. The way to the prediction should stay.'

  test('the value is the sum of the squared differences', () => {
    const prediction = sample([2, 3]).requires_grad_(true)
    const target = sample([2, 3])
    const difference = plain(prediction).sub(target)
    const why = wrongLosses(prediction, target)
    expect(valueText(lesson.lossTowards(prediction, target))).toPrint(print(difference.mul(difference).sum()), why)
  })

  test('the gradient goes to the prediction, and none to the target', () => {
    const prediction = sample([3]).requires_grad_(true)
    const target = sample([3]).requires_grad_(true)
    const towards = plain(prediction).sub(plain(target)).mul(2)
    const loss = lesson.lossTowards(prediction, target)
    print(loss) // throws the right words if nothing came back
    expect(errorOf(() => loss.sum().backward())).toPrint('no error', { [nothingRecorded]: noWay })
    expect(print([prediction.grad, target.grad])).toPrint(print([towards, null]), {
      [print([towards, towards.neg()])]:
        'The prediction is right, but the target got a gradient too: it would come to meet the prediction. Nothing was cut.',
      [print([null, towards.neg()])]: 'The wrong one was cut off: here the target moves, and the prediction does not.',
      [print([towards.div(towards.numel()), null])]:
        'This is the gradient of the mean of the squares. Their sum was asked for.',
    })
  })

  test('where both come from the same weights, only the way by the prediction counts', () => {
    const w = sample([3]).requires_grad_(true)
    const [prediction, target] = [w.mul(3), w.mul(w)]
    const fixed = square(plain(w))
    const squares = (d: Tensor) => d.mul(d)
    const expected = print(gradientAt((v) => squares(v.mul(3).sub(fixed)), w))
    const whole = print(gradientAt((v) => squares(v.mul(3).sub(square(v))), w))
    const other = print(gradientAt((v) => squares(plain(w).mul(3).sub(square(v))), w))
    const error = errorOf(() => lesson.lossTowards(w.mul(3), w.mul(w)))
    expect(error).toPrint(
      'no error',
      error.startsWith('RuntimeError: you can only change requires_grad flags of leaf variables')
        ? 'The target is computed here, and a computed tensor cannot be told to stop being tracked. Take a detached one for this use instead.'
        : undefined,
    )
    const loss = lesson.lossTowards(prediction, target)
    print(loss)
    expect(errorOf(() => loss.sum().backward())).toPrint('no error', { [nothingRecorded]: noWay })
    expect(print(w.grad)).toPrint(expected, {
      [whole]: 'A part of this came by way of the target: nothing was cut.',
      [other]: 'All of this came by way of the target. The prediction was cut off instead.',
    })
  })

  test('the target is what it was, for everybody else', () => {
    const [w, leaf] = [sample([3]).requires_grad_(true), sample([3]).requires_grad_(true)]
    const target = w.mul(w)
    errorOf(() => lesson.lossTowards(sample([3]).requires_grad_(true), target))
    errorOf(() => lesson.lossTowards(sample([3]).requires_grad_(true), leaf))
    expect(print([target.requires_grad, leaf.requires_grad])).toPrint(
      '(True, True)',
      'A target that was tracked is not tracked any more: it was changed itself, for everybody who uses it. Detach it for this one use.',
    )
  })
})

task('snapshot', () => {
  const wrongCopies = (w: Tensor) => ({
    [print(w)]: 'This is tracked: it is w itself, or a copy that was made to be tracked.',
    [print(w.clone())]:
      'The numbers are copied, but the copying was recorded, as every operation is: this copy has a way back to w. It has to leave the record too.',
    [print(torch.zeros_like(plain(w)))]: 'These are zeros. The values of w were asked for.',
  })

  test('it has the values of w, and no record', () => {
    const w = sample([4]).requires_grad_(true)
    const [expected, why] = [print(plain(w)), wrongCopies(w)]
    expect(print(lesson.snapshot(w))).toPrint(expected, why)
  })

  test('a step of w afterwards leaves it as it was', () => {
    const w = sample([2, 3]).requires_grad_(true)
    const why = wrongCopies(w)
    const before = print(plain(w))
    const kept = lesson.snapshot(w)
    torch.no_grad(() => w.sub_(1))
    expect(print(kept)).toPrint(before, {
      ...why,
      [print(plain(w))]:
        'Then w took a step, in place, and your snapshot went with it: it looks at the same place in memory. It needs numbers of its own.',
      [print(w)]: 'Then w took a step, and your snapshot with it: it is w itself.',
    })
  })

  test('a computed tensor can be kept as well', () => {
    const y = square(sample([3]).requires_grad_(true))
    const [expected, why] = [print(plain(y)), wrongCopies(y)]
    const error = errorOf(() => lesson.snapshot(y))
    expect(error).toPrint(
      'no error',
      error.startsWith('RuntimeError: you can only change requires_grad flags of leaf variables')
        ? 'A tensor that was computed (a clone is, too) cannot be told to stop being tracked. Another call returns one that is not.'
        : undefined,
    )
    expect(print(lesson.snapshot(y))).toPrint(expected, why)
  })

  test('w is as before, also when somebody writes into the snapshot', () => {
    const w = sample([3]).requires_grad_(true)
    const before = print(w)
    errorOf(() => lesson.snapshot(w).zero_())
    expect(print(w)).toPrint(before, {
      [print(plain(w))]: 'After your function w is not tracked any more. w itself was changed.',
      otherwise:
        'Zeros were written into your snapshot, and they stand in w now: both look at the same place in memory. The snapshot needs numbers of its own.',
    })
  })
})

task('surrogate', () => {
  /** The values alone. Adding 0 makes 0 of -0, which a sum may or may not leave. */
  const valuesOf = (y: Tensor) => print(plain(y).add(0))
  const wrongValues = (f: Map, g: Map, x: Tensor) => ({
    [valuesOf(g(x))]: 'These are the values of g(x). Values should come from f, and only the way back from g.',
    [valuesOf(f(x).sub(g(x)))]: 'This is the difference alone. Added to which tensor does it give f(x)?',
    [valuesOf(g(x).mul(2).sub(f(x)))]: 'The difference has the wrong sign: what is missing from g(x) to f(x)?',
    [valuesOf(f(x).add(g(x)))]: 'This is f(x) + g(x). With g(x) added, something equal has to be taken away again.',
  })
  const wrongWays = (f: Map, g: Map, x: Tensor, seed: Tensor) => {
    const through = (h: Map) => gradientAt((v) => h(v).mul(seed), x)
    const [byF, byG] = [through(f), through(g)]
    return {
      [print(byF)]:
        'The values are right, but the way back is that of f: the terms with g have cancelled on the way back as well. A constant does not cancel anything; which part should be one?',
      [print(torch.zeros_like(seed))]:
        'The values are right, and zeros arrive at x. Either what is left is the way back of f, which is flat here, or two ways back of g cancel each other. One g(x) must keep its way back; the other, with f(x), must be a constant.',
      [print(byF.add(byG))]: 'The values are right, but both ways back are open. That of f should be cut.',
      [print(byG.mul(2))]: 'The values are right, but this is the way back of g twice.',
      [print(seed)]: 'This is the gradient of the plain x, as in the lesson. Here another g was handed in.',
      None: 'Nothing has arrived at x.',
    }
  }
  const noWay =
    'The values are right, but nothing here has a way back: everything was detached. Only the constant part should be.'

  function judge(f: Map, g: Map, x: Tensor): void {
    const seed = sample(x.shape)
    const whyValues = wrongValues(f, g, plain(x))
    const whyWays = wrongWays(f, g, x, seed)
    const [values, expected] = [valuesOf(f(plain(x))), print(gradientAt((v) => g(v).mul(seed), x))]
    const answer = lesson.surrogate(f, g, x)
    print(answer) // throws the right words if nothing came back
    expect(valuesOf(answer)).toPrint(values, whyValues)
    expect(errorOf(() => answer.backward(seed))).toPrint('no error', { [nothingRecorded]: noWay })
    expect(print(x.grad)).toPrint(expected, whyWays)
  }

  test('up the stairs, down the ramp: rounded values with the gradient of x', () => {
    judge((x) => x.round(), itself, sample([4]).requires_grad_(true))
  })

  test('any g gives the way back, not only x itself', () => {
    judge(sign, cube, sample([3]).requires_grad_(true))
  })

  test('where f has a gradient of its own, it does not come through', () => {
    judge(square, timesTotal, sample([2, 2]).requires_grad_(true))
  })
})

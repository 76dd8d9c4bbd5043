// Lesson 05: cells 12 and 13 of the tutorial to the character, then what is recorded while a function runs, and how the switch stands afterwards.
import { errorOf, openLesson, print, sample } from '../scripts/lesson'
import type * as Lesson from '../solutions/05-no-grad'

const { torch, lesson, task } = openLesson<typeof Lesson>('05-no-grad')

type Tensor = ReturnType<typeof sample>
type Loss = (x: Tensor) => Tensor

const sumOfCubes: Loss = (x) => x.mul(x).mul(x).sum()

/** `x` as it was before it was tracked. */
const plain = (x: Tensor) => torch.tensor(x.tolist())

/** The gradient of `loss` at `x`, found on a copy, so that `x` keeps its own. */
function gradientAt(loss: Loss, x: Tensor): Tensor {
  const copy = plain(x).requires_grad_(true)
  loss(copy).backward()
  return copy.grad!
}

const leftOff =
  'Recording is off now, and was on before. Whatever the program computes from here on leaves no record. Something switched it off, and nothing put it back: is the word `using` missing, or the second half of a switch by hand?'
const leftOn =
  'Recording is on now, and was off before: the caller had switched it off on purpose. Put it back as it was, whatever that was, instead of switching it on.'

// A wrong answer that leaves recording off must not fail the tests after it.
beforeEach(() => {
  torch.set_grad_enabled(true)
})

task('doubleBothWays', () => {
  const wrongPairs = (x: Tensor) => {
    const [unrecorded, recorded] = [plain(x).mul(2), x.mul(2)]
    return {
      [print([recorded, unrecorded])]: 'Both are there, the other way round: first the one without a record.',
      [print([recorded, recorded])]: 'Both were recorded. Recording was on for the first one too.',
      [print([unrecorded, unrecorded])]:
        'Neither was recorded. Either the switch was still off for the second one, or x itself is not tracked any more.',
      [print(unrecorded)]: 'This is the first of the two. The task asks for a pair.',
      [print(recorded)]: 'This is the second of the two. The task asks for a pair.',
    }
  }

  test('cells 12 and 13: the same value, without a record and with one (2 points)', () => {
    const x = torch.tensor([1], { requires_grad: true })
    const why = wrongPairs(x)
    const answer = lesson.doubleBothWays(x)
    expect(print(answer)).toPrint('(tensor([2.]), tensor([2.], grad_fn=<MulBackward0>))', why)
    expect(print(answer.map((y) => y.requires_grad))).toPrint('(False, True)')
  })

  test('x may have any shape, and is tracked afterwards as before', () => {
    const x = sample([2, 3]).requires_grad_(true)
    const values = print(x)
    const expected = print([plain(x).mul(2), x.mul(2)])
    const why = wrongPairs(x)
    expect(print(lesson.doubleBothWays(x))).toPrint(expected, {
      ...why,
      '(tensor([2.]), tensor([2.], grad_fn=<MulBackward0>))':
        'These are the two of the tutorial. Another x was handed in.',
    })
    expect(print(x)).toPrint(
      values,
      'x is not what it was. no_grad changes no tensor, and neither should your function.',
    )
  })

  test('recording is on again afterwards', () => {
    const x = sample([2]).requires_grad_(true)
    lesson.doubleBothWays(x)
    expect(print(torch.is_grad_enabled())).toPrint('True', leftOff)
  })
})

task('measure', () => {
  /** A function that also uses a tracked tensor of its own, as a model uses its weights, and notes whether its first step was recorded. */
  function watched(w: Tensor) {
    const notes = { firstStep: 'nothing' }
    const f: Loss = (x) => {
      const product = x.mul(w)
      notes.firstStep = print(product.requires_grad)
      return product.sum()
    }
    return { f, notes }
  }

  test('the value comes out, without a record', () => {
    const [x, w] = [sample([3]).requires_grad_(true), sample([3]).requires_grad_(true)]
    const { f } = watched(w)
    const [expected, recorded, itself] = [f(plain(x)).detach(), f(x), x].map(print)
    expect(print(lesson.measure(f, x))).toPrint(expected!, {
      [recorded!]:
        'It was recorded. The call of f is what has to happen while recording is off. (A copy of x alone does not help: f may use tracked tensors of its own, as it does here.)',
      [itself!]: 'This is x. The task asks for f(x).',
    })
  })

  test('nothing on the way is recorded either', () => {
    const [x, w] = [sample([3]).requires_grad_(true), sample([3]).requires_grad_(true)]
    const { f, notes } = watched(w)
    lesson.measure(f, x)
    expect(notes.firstStep).toPrint('False', {
      True: 'The result carries no record, but inside f every step was recorded, and the record thrown away at the end, as detach() does it. That costs all the memory that no_grad would have saved.',
      nothing: 'f was never called.',
    })
  })

  test('recording is on again after the measurement', () => {
    const x = sample([3]).requires_grad_(true)
    lesson.measure(sumOfCubes, x)
    expect(print(torch.is_grad_enabled())).toPrint('True', leftOff)
  })

  test('where recording was off before, it stays off', () => {
    const x = sample([3]).requires_grad_(true)
    torch.set_grad_enabled(false)
    lesson.measure(sumOfCubes, x)
    expect(print(torch.is_grad_enabled())).toPrint('False', leftOn)
  })

  test('an error in f comes out, and recording is on again', () => {
    const x = sample([3]).requires_grad_(true)
    const broken: Loss = () => {
      throw new Error('the file is not there')
    }
    expect(errorOf(() => lesson.measure(broken, x))).toPrint(
      'Error: the file is not there',
      'f threw an error, and your function kept it to itself. The caller has to know.',
    )
    expect(print(torch.is_grad_enabled())).toPrint(
      'True',
      'f threw an error, and recording has stayed off ever since: the line that should switch it on again was never reached. Both forms of no_grad put the switch back by whatever way they are left.',
    )
  })
})

task('gradientAnyway', () => {
  const noRecord = {
    'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn':
      'backward found no record to walk: f was called while recording was off. Switch it on for that call. (backward itself does not mind how the switch stands.)',
  }
  const wrongGradients = (f: Loss, x: Tensor) => ({
    [print(plain(x).mul(4))]:
      'This is the formula for 2 x·x. Another function was handed in; only backward knows its gradient.',
    [print(f(x))]: 'This is the value of f. Its gradient stands in x after the backward pass.',
    None: 'x holds no gradient: no backward pass has run, or it ran after you had looked.',
    ...(x.grad && {
      [print(gradientAt(f, x).add(x.grad))]:
        'The gradient that x held before is still in it: backward adds. Begin a new sum first.',
    }),
  })

  test('where recording is on, it is the gradient as ever', () => {
    const x = sample([3]).requires_grad_(true)
    const expected = print(gradientAt(sumOfCubes, x))
    const why = wrongGradients(sumOfCubes, x)
    expect(print(lesson.gradientAnyway(sumOfCubes, x))).toPrint(expected, why)
  })

  test('called under no_grad, it is the same', () => {
    const x = sample([3]).requires_grad_(true)
    const expected = print(gradientAt(sumOfCubes, x))
    const why = wrongGradients(sumOfCubes, x)
    torch.set_grad_enabled(false)
    expect(errorOf(() => lesson.gradientAnyway(sumOfCubes, x))).toPrint('no error', noRecord)
    x.grad = null
    expect(print(lesson.gradientAnyway(sumOfCubes, x))).toPrint(expected, why)
  })

  test('an old gradient does not leak into the new one', () => {
    const x = sample([3]).requires_grad_(true)
    x.mul(x).sum().backward()
    const expected = print(gradientAt(sumOfCubes, x))
    const why = wrongGradients(sumOfCubes, x)
    expect(print(lesson.gradientAnyway(sumOfCubes, x))).toPrint(expected, why)
  })

  test('recording is off afterwards if it was off, and on if it was on', () => {
    const x = sample([3]).requires_grad_(true)
    lesson.gradientAnyway(sumOfCubes, x)
    expect(print(torch.is_grad_enabled())).toPrint('True', leftOff)
    torch.set_grad_enabled(false)
    errorOf(() => lesson.gradientAnyway(sumOfCubes, x))
    expect(print(torch.is_grad_enabled())).toPrint('False', leftOn)
  })
})

task('step', () => {
  /** A tracked tensor that holds the gradient of its sum of cubes, and where one step should take it. */
  function ready(rate: number) {
    const w = sample([3]).requires_grad_(true)
    sumOfCubes(w).backward()
    return { w, target: plain(w).sub(w.grad!.mul(rate)) }
  }
  const tracked = (values: Tensor) => print(plain(values).requires_grad_(true))
  const wrongSteps = (w: Tensor, rate: number) => {
    const change = w.grad!.mul(rate)
    return {
      [print(w.sub(change))]:
        'This is a new tensor, computed from w and recorded. It is no leaf, so its grad would be null after the next pass, and w has not moved.',
      [print(plain(w).sub(change))]: 'The tensor is not tracked: it is a new one. Move w itself, in place.',
      [tracked(plain(w).add(change))]:
        'This is one step uphill. The gradient points to where the loss grows; go against it.',
      [tracked(plain(w).sub(w.grad!))]:
        'This is a step as long as the gradient itself. The learning rate says how far to go.',
      [tracked(plain(w).sub(w.grad!.mul(0.125)))]:
        `This is a step with the learning rate of the lesson, 0.125. Here it is ${rate}.`,
      [tracked(plain(w).sub(rate))]:
        'Every element moved by the learning rate. How far each goes depends on its gradient too.',
      [tracked(plain(w))]: 'This is w, and it has not moved.',
    }
  }

  test('w moves against its gradient, as far as the learning rate says', () => {
    const { w, target } = ready(0.25)
    const why = wrongSteps(w, 0.25)
    expect(print(lesson.step(w, 0.25))).toPrint(tracked(target), why)
  })

  test('w itself is what moves', () => {
    const { w, target } = ready(0.5)
    const why = {
      ...wrongSteps(w, 0.5),
      [print(w)]:
        'After your function w is where it was. If the right values came back, they stand in a new tensor; whoever holds w sees none of it.',
    }
    lesson.step(w, 0.5)
    expect(print(w)).toPrint(tracked(target), why)
  })

  test('after the step, a backward pass still leaves a gradient in what came back', () => {
    const { w, target } = ready(0.25)
    const expected = print(gradientAt(sumOfCubes, target))
    const moved = lesson.step(w, 0.25)
    print(moved) // throws the right words if nothing came back
    moved.grad = null
    expect(errorOf(() => sumOfCubes(moved).backward())).toPrint('no error', {
      'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn':
        'What came back is not tracked, so that nothing computed from it is recorded. w itself is tracked.',
    })
    expect(print(moved.is_leaf ? moved.grad : null)).toPrint(expected, {
      None: 'The pass went through what came back and on to w: it was computed from w, and only leaves keep gradients. So its grad is null, and there can be no second step.',
    })
  })

  test('the step is not recorded, so PyTorch lets it pass', () => {
    const { w } = ready(0.25)
    expect(errorOf(() => lesson.step(w, 0.25))).toPrint('no error', {
      'RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.':
        'The right operation at the wrong time: recording was on, and a recorded change would make w a tensor computed from itself. The step is not part of any loss.',
    })
  })

  test('recording is on again after the step', () => {
    const { w } = ready(0.25)
    lesson.step(w, 0.25)
    expect(print(torch.is_grad_enabled())).toPrint('True', leftOff)
  })
})

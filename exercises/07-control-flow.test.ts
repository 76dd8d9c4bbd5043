// Lesson 07: cells 10 to 12 of the chapter to the character, then other limits, other functions, and loops that would not end.
import { errorOf, openLesson, print, sample, sampleInteger } from '../scripts/lesson'
import type * as Lesson from '../solutions/07-control-flow'

const { torch, lesson, task } = openLesson<typeof Lesson>('07-control-flow')

type Tensor = ReturnType<typeof sample>
type Map = (x: Tensor) => Tensor

/** `x` as it was before it was tracked. */
const plain = (x: Tensor) => torch.tensor(x.tolist())

/** The chapter's function. */
function chapter(a: Tensor, limit = 1000): Tensor {
  let b = a.mul(2)
  while (b.norm().item() < limit) b = b.mul(2)
  return b.sum().item() > 0 ? b : b.mul(100)
}

/** The gradient of the sum of `f`, found on a copy, so that `x` keeps its own. */
function gradientAt(f: Map, x: Tensor): Tensor {
  const copy = plain(x).requires_grad_(true)
  f(copy).sum().backward()
  return copy.grad!
}

/** Which operation comes last is the learner's business; whether there is a way back is not. */
const anyOperation = (text: string) => text.replace(/,\s+grad_fn=<\w+>/g, ', grad_fn=<...>')
/** The values of a tensor that may have a way back or not. */
const valuesOf = (y: Tensor) => print(plain(y))

const noRecord = 'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn'
const notOneNumber = 'RuntimeError: grad can be implicitly created only for scalar outputs'

task('untilLarge', () => {
  const wrongResults = (a: Tensor, limit: number) => {
    const right = chapter(plain(a), limit)
    const tracked = (values: Tensor) => anyOperation(print(values.clone().requires_grad_(true).mul(1)))
    const positive = right.sum().item() > 0
    return {
      [tracked(positive ? right.mul(100) : right.div(100))]: positive
        ? 'This is a hundred times too much: the branch for a sum that is not above 0 was taken, and the sum is above 0.'
        : 'This is a hundredth of it: the branch for a sum above 0 was taken, and the sum is not above 0. (Either the question is the wrong way round, or it was not asked: a tensor in an `if` counts as true, whatever it holds.)',
      [tracked(right.mul(2))]:
        'Doubled once too often. Is the norm compared before the doubling, with “less than”? A norm that is just the limit is large enough.',
      [tracked(right.div(2))]:
        'Doubled once too little. It begins with a doubling, whatever the size of a, and goes on until the norm itself reaches the limit.',
      [print(a)]: 'This is a itself: nothing was doubled. One doubling comes before the first question.',
      [print(right)]:
        'The values are right, but there is no way back to a. Some value was taken out of the record on the way: computed from numbers, detached, or with recording off. Numbers are for the questions only.',
      [tracked(torch.where(right.gt(0), right.abs(), right.abs().mul(-100)))]:
        'Here each element was multiplied by 100 or not, by its own sign. The function asks one question for all of them: what is the sign of the sum?',
      ...(limit !== 1000 && {
        [tracked(chapter(plain(a)))]: `This is right for the limit of the chapter, 1000. Here it is ${limit}.`,
      }),
      'tensor(1577.9800, grad_fn=<...>)': 'This is the number of cell 11. Another a was handed in.',
    }
  }

  test('cells 10 and 11: ten doublings make a gradient of 1024', () => {
    torch.manual_seed(0)
    const a = torch.randn([], { requires_grad: true })
    const why = wrongResults(a, 1000)
    const d = lesson.untilLarge(a, 1000)
    expect(anyOperation(print(d))).toPrint('tensor(1577.9800, grad_fn=<...>)', why)
    d.backward()
    expect(print([a, d, a.grad])).toPrint(
      '(tensor(1.5410, requires_grad=True), tensor(1577.9800, grad_fn=<MulBackward0>), tensor(1024.))',
    )
  })

  test('a negative number goes the other way, and its gradient is a hundred times as large', () => {
    const a = torch.tensor(-sampleInteger(3, 60) / 4, { requires_grad: true })
    const why = wrongResults(a, 1000)
    const [value, gradient] = [print(chapter(a)), gradientAt(chapter, a)]
    const d = lesson.untilLarge(a, 1000)
    expect(anyOperation(print(d))).toPrint(anyOperation(value), why)
    d.backward()
    expect(print(a.grad)).toPrint(print(gradient), {
      [print(gradient.div(100))]: 'The value is right, but its gradient is that of the branch that was not taken.',
    })
  })

  test('for a vector there is one question, asked of all elements together', () => {
    const a = torch.tensor([1, 1, 1, -1], { requires_grad: true })
    const limit = [1000, 5000, 150][sampleInteger(0, 2)] as number
    const why = wrongResults(a, limit)
    const b = a.detach().neg().requires_grad_(true)
    const whyNot = wrongResults(b, limit)
    const [ofA, ofB] = [a, b].map((each) => anyOperation(print(chapter(each, limit))))
    expect(anyOperation(print(lesson.untilLarge(a, limit)))).toPrint(ofA!, {
      ...why,
      otherwise: `The limit is ${limit} here, and the norm of a is 2. It is neither the largest element nor the sum.`,
    })
    expect(anyOperation(print(lesson.untilLarge(b, limit)))).toPrint(ofB!, whyNot)
  })

  test('a norm that is just the limit is large enough, and there is always one doubling', () => {
    const limit = sampleInteger(3, 9)
    const [half, huge] = [limit / 2, limit * 3].map((value) => torch.tensor(value, { requires_grad: true }))
    const right = [half as Tensor, huge as Tensor].map((a) => ({
      a,
      expected: anyOperation(print(chapter(a, limit))),
      why: wrongResults(a, limit),
    }))
    for (const { a, expected, why } of right) {
      expect(anyOperation(print(lesson.untilLarge(a, limit)))).toPrint(expected, why)
    }
  })
})

task('isProportional', () => {
  const calledFalse =
    'Here the gradient is f(a) / a, and yet the answer is False. Is an old gradient still in it? Were the right two compared, and their elements? (`===` asks whether both are one and the same tensor.)'
  const tooExact =
    'The two differ in the last digit here, because f(a) and f(a) / a were each rounded on the way. They are equal as far as float32 can tell; compare them so.'
  const calledTrue =
    'Here the gradient is not f(a) / a, and yet the answer is True. The gradient must come from backward, and be compared in every place; and a tensor of booleans counts as true, whatever it holds.'

  /** A negative number at which rounding makes the gradient and f(a) / a differ in the last digit, as for one in eight. */
  function unequal(): Tensor {
    for (;;) {
      const a = torch.tensor(-1 - 3 * Math.random(), { requires_grad: true })
      if (!gradientAt(chapter, a).eq(chapter(a).div(a)).item()) return a
    }
  }

  test('cell 12: the gradient of the chapter’s function is d / a', () => {
    torch.manual_seed(0)
    const a = torch.randn([], { requires_grad: true })
    expect(print(lesson.isProportional(chapter, a))).toPrint('True', { False: calledFalse })
  })

  test('rounding in the last digit does not make it false', () => {
    const a = unequal()
    expect(print(lesson.isProportional(chapter, a))).toPrint('True', { False: tooExact })
  })

  test('it is false for a function that bends', () => {
    const a = sample([]).requires_grad_(true)
    expect(print(lesson.isProportional((v) => v.mul(v), a))).toPrint('False', { True: calledTrue })
  })

  test('a vector has to agree in every place', () => {
    const [a, b] = [sample([3]).requires_grad_(true), sample([3]).requires_grad_(true)]
    const error = errorOf(() => lesson.isProportional(chapter, sample([3]).requires_grad_(true)))
    expect(error).toPrint('no error', {
      [notOneNumber]: 'f(a) has three values here, and backward begins at one number. Make one of them first.',
    })
    expect(print(lesson.isProportional(chapter, a))).toPrint('True', { False: calledFalse })
    const bent = torch.tensor([0, 0, 1])
    expect(print(lesson.isProportional((v) => v.mul(3).add(v.mul(v).mul(bent)), b))).toPrint('False', {
      True: 'Two of the three places agree here, and the third does not. All have to.',
    })
  })

  test('an old gradient does not make it false', () => {
    const a = sample([]).requires_grad_(true)
    a.mul(a).backward()
    expect(print(lesson.isProportional((v) => v.mul(5), a))).toPrint('True', {
      False:
        'a held a gradient before, and the new one was added to it: the comparison is with the sum of both. Begin a new sum first.',
    })
  })
})

task('eachByItself', () => {
  const wrongGradients = (f: Map, a: Tensor) => {
    const each = (a.tolist() as number[]).map((value) => gradientAt(f, torch.tensor(value)).item())
    const only = (i: number) => torch.tensor(each.map((value, j) => (i === j ? value : 0)))
    const old = a.grad
    return {
      ...(errorOf(() => f(plain(a))) === 'no error' && {
        [print(gradientAt(f, a))]:
          'Here f was given the whole vector, so that it asked its questions once for all. Each element should be asked by itself.',
      }),
      [print(only(each.length - 1))]:
        'Only the last element has a gradient: the others were zeroed on the way. What each element sends lands in its own place, so nothing has to be zeroed in between.',
      [print(only(0))]: 'Only the first element has a gradient. Does the loop go on to the others?',
      [print(torch.tensor(each.map((value, i) => (i === each.length - 1 ? 0 : value))))]:
        'The last element has no gradient. Where does the loop stop?',
      None: 'No gradient has arrived at a. Is each element taken out of a with its way back?',
      ...(old === null
        ? {}
        : {
            [print(torch.tensor(each).add(old))]:
              'The gradient that a held before is still in it. Begin a new sum first.',
          }),
    }
  }
  function judge(f: Map, a: Tensor): void {
    const why = wrongGradients(f, a)
    const expected = print(
      torch.tensor((a.tolist() as number[]).map((value) => gradientAt(f, torch.tensor(value)).item())),
    )
    expect(errorOf(() => lesson.eachByItself(f, plain(a).requires_grad_(true)))).toPrint('no error', {
      [noRecord]:
        'There is no way back from what f returned to a: the element was handed to it as a plain number, or detached. It should be taken out of a with its way back.',
      [notOneNumber]:
        'backward was called on several values. If f is given one element, it returns one number; it was given more.',
      'Error: f was given more than one number':
        'f was given the whole vector. It makes one number of one number: hand it one element at a time.',
    })
    expect(print(lesson.eachByItself(f, a))).toPrint(expected, why)
  }

  test('every element of a has its own number of doublings', () => {
    judge((v) => chapter(v), sample([4]).requires_grad_(true))
  })

  test('every element takes its own branch', () => {
    const signs = torch.tensor([1, -1, -1]).mul(sample([3]).abs())
    // 9 is more than the slope of the square at any element: the branches never agree by chance.
    judge((v) => (v.sum().item() > 0 ? v.mul(v).sum() : v.mul(9).sum()), signs.requires_grad_(true))
  })

  test('f is never given more than one number', () => {
    const single: Map = (v) => {
      if (v.numel() !== 1) throw new Error('f was given more than one number')
      return v.mul(v)
    }
    judge(single, sample([sampleInteger(2, 5)]).requires_grad_(true))
  })

  test('an old gradient does not leak in', () => {
    const a = sample([3]).requires_grad_(true)
    a.mul(a).sum().backward()
    judge((v) => v.mul(v).mul(v), a)
  })
})

task('huber', () => {
  const line = (size: number, delta: number) => delta * (size - delta / 2)
  const wrongLosses = (e: number, delta: number) => {
    const inside = Math.abs(e) <= delta
    const text = (value: number) => print(torch.tensor(value))
    return {
      [text(line(e, delta))]:
        'This line goes down where the error is negative. On both sides the loss grows with the size of the error.',
      [text(inside ? line(Math.abs(e), delta) : (e * e) / 2)]: inside
        ? 'This is the straight line. The error is within delta here, where the square holds.'
        : 'This is the square. The error is beyond delta here, where the straight line holds. Is the question about the size of the error, without its sign? And is it asked of a number? (A tensor in an `if` counts as true.)',
      ...(!inside && {
        [text(delta * (Math.abs(e) - delta))]:
          'The line has the right slope and lies too low: as it is, the loss would jump at delta. Only half of delta is taken off.',
      }),
      [text(inside ? e * e : delta * Math.abs(e))]: inside
        ? 'This is the square. Half of it was asked for.'
        : 'The line has the right slope and lies too high: as it is, the loss would jump at delta.',
    }
  }
  function judge(e: number, delta: number): void {
    const error = torch.tensor(e, { requires_grad: true })
    const inside = Math.abs(e) <= delta
    const why = wrongLosses(e, delta)
    const loss = lesson.huber(error, delta)
    print(loss) // throws the right words if nothing came back
    expect(valuesOf(loss)).toPrint(print(torch.tensor(inside ? (e * e) / 2 : line(Math.abs(e), delta))), why)
    expect(errorOf(() => loss.backward())).toPrint('no error', {
      [noRecord]:
        'The value is right, but there is no way back: it was computed from a plain number. Numbers are for the question; the loss is computed from the tensor.',
    })
    expect(print(error.grad)).toPrint(print(torch.tensor(inside ? e : Math.sign(e) * delta)), {
      [print(torch.tensor(inside ? Math.sign(e) * delta : e))]:
        'The value is right, but its gradient is that of the branch that was not taken.',
      [print(torch.tensor(inside ? -e : -Math.sign(e) * delta))]:
        'The value is right, but its gradient has the wrong sign.',
      otherwise: 'The value is right, but its gradient is not: was a part of it computed from a plain number?',
    })
  }

  test('a small error counts by half its square', () => {
    judge(sampleInteger(3, 7) / 4, 2)
    judge(-sampleInteger(3, 7) / 4, 2)
  })

  test('a large error counts by its size, and its gradient goes no further', () => {
    judge(sampleInteger(9, 20) / 2, 1.75)
  })

  test('a large negative error counts as a positive one does, and its gradient points the other way', () => {
    judge(-sampleInteger(9, 20) / 2, 1.75)
  })

  test('delta says where the square ends', () => {
    judge(3.5, 1.5)
    judge(3.5, 4.5)
  })
})

task('iterate', () => {
  /** A step that will not be called for ever, and counts. */
  function counted(step: Map) {
    const calls = { count: 0 }
    const limited: Map = (b) => {
      if (++calls.count > 200) throw new Error('step was called more than 200 times')
      return step(b)
    }
    return { calls, step: limited }
  }
  const double: Map = (b) => b.mul(2)
  const shrink: Map = (b) => b.div(2)

  /** What a right answer returns, with the record. */
  function right(step: Map, a: Tensor, limit: number, rounds: number): [Tensor, number] {
    let [b, times] = [a, 0]
    while (times < rounds && b.norm().item() < limit) [b, times] = [step(b), times + 1]
    return [b, times]
  }

  function judge(step: Map, a: Tensor, limit: number, rounds: number): void {
    const [b, times] = right(step, plain(a), limit, rounds)
    const answerOf = (values: Tensor, count: number) => print([values, count])
    expect(errorOf(() => lesson.iterate(counted(step).step, plain(a).requires_grad_(true), limit, rounds))).toPrint(
      'no error',
      {
        'Error: step was called more than 200 times': `This loop does not end by itself: step was called more than 200 times, where at most ${rounds} rounds are allowed. The norm stays below the limit; the count has to end it.`,
      },
    )
    const answer = lesson.iterate(step, a, limit, rounds)
    print(answer) // throws the right words if nothing came back
    const seen = Array.isArray(answer) && answer.length === 2 ? answerOf(plain(answer[0]), answer[1]) : print(answer)
    const once = step(plain(a))
    const all = Array.from({ length: rounds }).reduce<Tensor>(step, plain(a))
    expect(seen).toPrint(answerOf(b, times), {
      [answerOf(step(b), times + 1)]:
        'One round too many. Compare before each step: is the norm still below the limit, and is there a round left?',
      ...(times === 0 && {
        [answerOf(once, 1)]:
          'One step was taken, and none should have been: look at the norm, and at the rounds, before each step.',
      }),
      [answerOf(b, times + 1)]: 'The tensor is right, and the count is one too high. Count the steps that were taken.',
      [answerOf(b, times - 1)]: 'The tensor is right, and the count is one too low. Count the steps that were taken.',
      [answerOf(all, rounds)]:
        'All the rounds that were allowed were taken, though the norm had reached the limit before. Both must hold for another step: the norm is below the limit, and there is a round left.',
      [answerOf(b, rounds)]:
        'The tensor is right, but the second value is how many rounds were allowed. The number of steps taken was asked for.',
      [answerOf(plain(a), times)]:
        'The count is right, but this is a as it came in. step changes nothing; use what it returns.',
    })
  }

  test('it stops where the norm reaches the limit', () => {
    judge(double, sample([3]).requires_grad_(true), sampleInteger(40, 90), 20)
  })

  test('zero never gets there, and yet the loop ends', () => {
    judge(double, torch.zeros([2]).requires_grad_(true), 1000, sampleInteger(3, 9))
  })

  test('what shrinks never gets there either', () => {
    judge(shrink, sample([2]).requires_grad_(true), 1000, sampleInteger(3, 5))
  })

  test('where the norm has reached the limit already, or no round is allowed, no step is taken', () => {
    judge(double, torch.tensor([3, 4], { requires_grad: true }), 5, 10)
    judge(double, sample([2]).requires_grad_(true), 1000, 0)
  })

  test('the gradient comes back through every round', () => {
    const a = sample([2]).requires_grad_(true)
    const rounds = sampleInteger(3, 5)
    const step: Map = (b) => b.mul(b.add(1)).div(8)
    const expected = print(gradientAt((v) => right(step, v, 1000, rounds)[0], a))
    const lastOnly = print(gradientAt(step, right(step, plain(a), 1000, rounds - 1)[0]))
    const answer = lesson.iterate(counted(step).step, a, 1000, rounds)
    print(answer)
    expect(errorOf(() => answer[0].sum().backward())).toPrint('no error', {
      [noRecord]:
        'There is no way back from the result to a. The steps have to be recorded, and none of them detached.',
    })
    expect(print(a.grad)).toPrint(expected, {
      None: 'The walk did not come to a: the result was cut off on the way.',
      [lastOnly]: 'Only one round is in this gradient. Every step should be in the record.',
    })
  })
})

// Lesson 08: who keeps a gradient, then gradients in the middle of a computation: kept, looked at, changed; on fresh tensors and functions.
import { errorOf, openLesson, print, sample, sampleInteger } from '../scripts/lesson'
import type * as Lesson from '../solutions/08-leaves'

const { torch, lesson, task } = openLesson<typeof Lesson>('08-leaves')

type Tensor = ReturnType<typeof sample>
type Step = (x: Tensor) => Tensor

const sumOfCubes: Step = (x) => x.mul(x).mul(x).sum()
const sumOfSquares: Step = (x) => x.mul(x).sum()

/** The values of `x` alone, in a tensor that nobody tracks. */
const plain = (x: Tensor) => torch.tensor(x.tolist())

/** The gradient of `loss` at `x`, found on a copy, so that `x` keeps its own. */
function gradientAt(loss: Step, x: Tensor): Tensor {
  const copy = plain(x).requires_grad_(true)
  loss(copy).backward()
  return copy.grad!
}

const notRecorded = 'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn'

task('keepsGradient', () => {
  test('a tracked leaf keeps its gradient, and what is computed from it hands it on', () => {
    const x = sample([3]).requires_grad_(true)
    expect(print([x, x.mul(2), x.sum()].map((t) => lesson.keepsGradient(t)))).toPrint('(True, False, False)', {
      '(True, True, True)':
        'These are x, 2x and the sum of x, where x is tracked. All three are tracked, but only x was made; the walk passes through the other two and leaves nothing there.',
      '(False, False, False)':
        'No walk has come by yet, so none of these holds a gradient now. The question is whether x will keep one when a walk comes.',
      '(False, True, True)':
        'This is the other way round: x is the leaf here, and the record of the other two leads back to it.',
      otherwise: 'These are x, 2x and the sum of x, where x is tracked.',
    })
  })

  test('at a leaf that nobody tracks, no gradient arrives', () => {
    const [x, made] = [sample([3]).requires_grad_(true), sample([2])]
    const untracked = [made, made.mul(2), x.detach(), torch.no_grad(() => x.mul(2))]
    expect(print(untracked.map((t) => lesson.keepsGradient(t)))).toPrint('(False, False, False, False)', {
      '(True, True, True, True)':
        'All four are leaves, because no recorded operation made them. But nobody asked for their gradients: the walk never comes there.',
      otherwise:
        'These are a tensor that nobody tracks, twice that tensor, a detached one, and one computed under no_grad. No walk comes to any of them.',
    })
  })

  test('it matters whether a tensor was tracked before the last computation or after it', () => {
    const before = sample([3], { requires_grad: true }).mul(0.25)
    const after = sample([3]).mul(0.25).requires_grad_(true)
    expect(print([before, after].map((t) => lesson.keepsGradient(t)))).toPrint('(False, True)', {
      '(True, True)':
        'The first was computed from a tracked tensor: that one would keep the gradient, this one hands it on. Being tracked is not enough.',
      '(False, False)':
        'The second was computed while nothing was tracked, so nothing was recorded: it is a leaf. And it was tracked afterwards.',
    })
  })
})

task('gradientHere', () => {
  const wrongGradients = (f: Step, x: Tensor) => {
    const right = gradientAt(f, x)
    return {
      None: 'There is no gradient in the tensor that you looked at. Either no walk came there: look at the tensor that f was given. Or that one was computed from a tracked one (clone() computes, too), and the walk has passed through it to the leaf behind: begin at a leaf of your own.',
      [print(right.mul(2))]: 'Twice the gradient: it was added to one that was there before, or two walks were made.',
      ...(x.is_leaf &&
        x.grad && {
          [print(right.add(x.grad))]:
            'The gradient that x held before is in it too: backward adds. And x was to be left as it is, its gradient included.',
          [print(x.grad)]:
            'This is the gradient that x held before. The walk has left the new one in another tensor: look there.',
        }),
    }
  }

  test('for a tensor that nobody tracks, the gradient is found all the same', () => {
    const x = sample([3])
    const [expected, why] = [print(gradientAt(sumOfCubes, x)), wrongGradients(sumOfCubes, x)]
    expect(errorOf(() => lesson.gradientHere(sumOfCubes, plain(x)))).toPrint('no error', {
      [notRecorded]:
        'Nothing was recorded: when f ran, what it was given was not tracked. A record is written while f runs, so tracking the tensor afterwards is too late.',
    })
    expect(print(lesson.gradientHere(sumOfCubes, x))).toPrint(expected, why)
  })

  test('x is as untracked afterwards as it was before', () => {
    const x = sample([2, 3])
    errorOf(() => lesson.gradientHere(sumOfSquares, x))
    const tracked = 'x itself is tracked now. Whoever gave it to you did not ask for that: track a tensor of your own.'
    expect(print([x.requires_grad, x.grad])).toPrint('(False, None)', {
      [print([true, gradientAt(sumOfSquares, x)])]: tracked,
      '(True, None)': tracked,
      otherwise: 'x is not as it was before: it was not tracked, and held no gradient.',
    })
  })

  test('a tracked leaf keeps the gradient that it held, and no other', () => {
    const x = sample([3]).requires_grad_(true)
    sumOfSquares(x).backward()
    const old = print(x.grad)
    const [expected, why] = [print(gradientAt(sumOfCubes, x)), wrongGradients(sumOfCubes, x)]
    const sum = print(x.grad!.add(gradientAt(sumOfCubes, x)))
    expect(print(lesson.gradientHere(sumOfCubes, x))).toPrint(expected, why)
    const disturbed =
      'The answer is right, but x held a gradient of its own before, and it was to stay. Let the walk end in a tensor of yours.'
    expect(print([x.requires_grad, x.grad])).toPrint(print([true, old]), {
      [print([true, sum])]: disturbed,
      [print([true, gradientAt(sumOfCubes, x)])]: disturbed,
      [print([false, old])]: 'The answer is right, but x is not tracked any more, and it was before.',
    })
  })

  test('for a computed tensor too, and the leaf behind it notices nothing', () => {
    const leaf = sample([3]).requires_grad_(true)
    const x = leaf.mul(3)
    const [expected, why] = [print(gradientAt(sumOfSquares, x)), wrongGradients(sumOfSquares, x)]
    expect(print(lesson.gradientHere(sumOfSquares, x))).toPrint(expected, {
      ...why,
      [print(gradientAt((v) => sumOfSquares(v.mul(3)), leaf))]:
        'This is the gradient of the leaf behind x. The one of x was asked for.',
    })
    expect(print(leaf.grad)).toPrint(
      'None',
      'The answer is right, but the walk went on behind x, and left a gradient in the leaf from which x was computed. Cut your tensor off from what lies behind.',
    )
  })
})

task('gradientBetween', () => {
  const wrongPairs = (first: Step, second: Step, x: Tensor) => {
    const middle = gradientAt(second, first(plain(x)))
    const whole = gradientAt((v) => second(first(v)), x)
    return {
      [print([null, whole])]:
        'The gradient of x is right, but in the middle nothing was kept. Was it asked for before the walk, and on the very tensor that the walk passes through? (A second call of the first function makes another tensor.)',
      [print([middle, null])]:
        'The gradient in the middle is right, but the walk ended there: x holds none. The record must lead on from the middle to x.',
      [print([whole, middle])]: 'Both are there, the other way round: the one in the middle comes first.',
      [print([whole, whole])]: 'This is the gradient of x twice. The tensor in the middle has one of its own.',
      [print([first(x), whole])]: 'The first of the pair is the tensor in the middle. Its gradient was asked for.',
    }
  }

  test('the gradient in the middle is kept, and the one of x is there as ever', () => {
    const x = sample([3]).requires_grad_(true)
    const [first, second]: Step[] = [(v) => v.mul(3), sumOfCubes]
    const expected = print([gradientAt(second!, first!(plain(x))), gradientAt((v) => second!(first!(v)), x)])
    const why = wrongPairs(first!, second!, x)
    expect(print(lesson.gradientBetween(first!, second!, x))).toPrint(expected, why)
  })

  test('each gradient has the shape of its own tensor', () => {
    const x = sample([2]).requires_grad_(true)
    const matrix = sample([3, 2])
    const first: Step = (v) => matrix.matmul(v)
    const expected = print([gradientAt(sumOfSquares, first(plain(x))), gradientAt((v) => sumOfSquares(first(v)), x)])
    const why = wrongPairs(first, sumOfSquares, x)
    expect(print(lesson.gradientBetween(first, sumOfSquares, x))).toPrint(expected, why)
  })

  test('a middle that is used twice has one gradient, the sum of both', () => {
    const x = sample([3]).requires_grad_(true)
    const first: Step = (v) => v.mul(v)
    const second: Step = (m) => m.mul(m).add(m.mul(3)).sum()
    const expected = print([gradientAt(second, first(plain(x))), gradientAt((v) => second(first(v)), x)])
    const why = wrongPairs(first, second, x)
    const calls = [0, 0]
    const counted = (k: 0 | 1, step: Step): Step => {
      return (v) => {
        calls[k]!++
        return step(v)
      }
    }
    expect(print(lesson.gradientBetween(counted(0, first), counted(1, second), x))).toPrint(expected, why)
    expect(print(calls)).toPrint(
      '(1, 1)',
      'Both gradients are right. But these are the calls of first and of second: one of them ran more than once. Both gradients come from one walk over one record.',
    )
  })
})

task('gradientsPassing', () => {
  /** What passes behind each step, found step by step without a hook: the first of the walk first, and last what arrives at `x`. */
  function passing(steps: Step[], x: Tensor): Tensor[] {
    const made = steps.map((_, k) => steps.slice(0, k + 1).reduce((h, step) => step(h), plain(x)))
    const gradients = [plain(x), ...made].map((h, k) =>
      k === steps.length
        ? torch.tensor(1)
        : gradientAt((v) => steps.slice(k).reduce((each: Tensor, step) => step(each), v), h),
    )
    return gradients.reverse()
  }

  const wrongLists = (steps: Step[], x: Tensor) => {
    const all = passing(steps, x)
    const right = all.slice(0, -1)
    return {
      [print([...right].reverse())]:
        'All are there, in the order of the steps. The walk goes back: what the last step made comes first.',
      [print(all.slice(1))]:
        'These are the gradients of what goes into each step, x among them. Those of what comes out were asked for: the last result is missing.',
      [print(all)]: 'All are there, and the gradient of x besides. x was not made by a step.',
      [print([...all].reverse().slice(1))]:
        'All are there, in the order of the steps. The walk goes back: what the last step made comes first.',
      [print(right.map(() => null))]:
        'Each entry is null: what a step makes is no leaf, and keeps no gradient by itself. Let a hook put the gradient that it is shown into your list.',
      '()': 'The list is empty: no gradient has passed a hook. Did the walk run before the list was returned, and were the hooks in place before the walk?',
      [print(right.slice(0, 1))]:
        'Only the gradient of the last result is here. Every step makes a tensor, and each of them needs a hook; and the record must not be cut between them.',
    }
  }

  const counted =
    'A hook has answered with a number: what `push` returns is the new length of the list, and an arrow without braces hands it on. What a hook returns takes the place of the gradient; one that only looks returns nothing.'
  const hookErrors = {
    "TypeError: expected Variable, but hook returned 'int'": counted,
    "TypeError: expected Variable, but hook returned 'float'": counted,
  }

  test('the walk passes what the last step made first', () => {
    const x = sample([3]).requires_grad_(true)
    const steps: Step[] = [(h) => h.mul(3), (h) => h.mul(h), (h) => h.sum()]
    const [expected, why] = [print(passing(steps, x).slice(0, -1)), wrongLists(steps, x)]
    expect(errorOf(() => lesson.gradientsPassing(steps, plain(x).requires_grad_(true)))).toPrint('no error', hookErrors)
    expect(print(lesson.gradientsPassing(steps, x))).toPrint(expected, why)
  })

  test('any number of steps, in any shapes', () => {
    const x = sample([2]).requires_grad_(true)
    const matrix = sample([3, 2])
    const doublings = Array.from({ length: sampleInteger(1, 3) }, (): Step => (h) => h.mul(2))
    const steps: Step[] = [(h) => matrix.matmul(h), ...doublings, (h) => h.mul(h).sum()]
    const [expected, why] = [print(passing(steps, x).slice(0, -1)), wrongLists(steps, x)]
    expect(errorOf(() => lesson.gradientsPassing(steps, plain(x).requires_grad_(true)))).toPrint('no error', hookErrors)
    expect(print(lesson.gradientsPassing(steps, x))).toPrint(expected, why)
  })

  test('who only looks changes nothing: x receives its gradient as ever', () => {
    const x = sample([3]).requires_grad_(true)
    const steps: Step[] = [(h) => h.mul(h), (h) => h.mul(0.5), (h) => h.sum()]
    const expected = print(plain(x))
    expect(errorOf(() => lesson.gradientsPassing(steps, x))).toPrint('no error', hookErrors)
    expect(print(x.grad)).toPrint(expected, {
      None: 'After your function x holds no gradient: the record does not lead from the last step back to x.',
      [print(plain(x).mul(2))]:
        'x has received twice its gradient: two walks were made, or a hook has changed something.',
      otherwise: 'x has received another gradient than it would without hooks: one of them has changed what passed.',
    })
  })
})

task('scaleGradient', () => {
  /** Which operation made the copy is the learner's business. */
  const values = (text: string) => text.replace(/,\s+(grad_fn=<\w+>|requires_grad=True)/, '')

  const wrongScales = (f: Step, x: Tensor, factor: number) => {
    const once = gradientAt(f, x)
    return {
      [print(once)]:
        'The gradient arrived as if there were no hook. What a hook returns takes the place of the gradient; if it returns nothing, the gradient stays as it is. Does yours return its result?',
      [print(once.mul(factor * factor))]:
        'The factor is in it twice: two hooks are at work, or one and something else.',
      [print(once.div(factor))]: 'The gradient was divided by the factor.',
      None: 'No gradient has arrived at x: what you returned is not connected with it.',
    }
  }

  const unconnected = {
    [notRecorded]:
      'What you returned is not tracked, so no walk can begin there. It must be computed from x, by something that is recorded.',
    "RuntimeError: cannot register a hook on a tensor that doesn't require gradient":
      'The tensor with the hook was cut off from the record, so no gradient passes there. It must be computed from x, by something that is recorded.',
  }

  /** The learner's tensor, once its values have been found right. */
  function through(x: Tensor, factor: number): Tensor {
    const tracked = plain(x).requires_grad_(true)
    expect(errorOf(() => lesson.scaleGradient(tracked, factor))).toPrint('no error', unconnected)
    const answer: unknown = lesson.scaleGradient(x, factor)
    const isHook = typeof answer === 'object' && answer !== null && 'remove' in answer
    expect(isHook ? 'the hook' : 'a tensor').toPrint(
      'a tensor',
      'What register_hook returns is the hook, with which it can be removed. Hold your tensor in a variable, and return that.',
    )
    expect(values(print(answer))).toPrint(print(plain(x)), {
      [print(plain(x).mul(factor))]:
        'The values were multiplied too. On the way forward nothing is to change; only what comes back.',
      None: 'null came back. Return the tensor through which the gradient passes.',
    })
    return answer as Tensor
  }

  test('the values are those of x', () => {
    through(sample([3]).requires_grad_(true), 3)
    through(sample([2, 2]).requires_grad_(true), 0.5)
  })

  test('the gradient is multiplied on its way to x', () => {
    const x = sample([3]).requires_grad_(true)
    const factor = sampleInteger(3, 9) / 2
    const [expected, why] = [print(gradientAt(sumOfSquares, x).mul(factor)), wrongScales(sumOfSquares, x, factor)]
    const y = sumOfSquares(through(x, factor))
    expect(errorOf(() => y.backward())).toPrint('no error', unconnected)
    expect(print(x.grad)).toPrint(expected, why)
  })

  test('with -1 the gradient turns round, and with 0 it vanishes', () => {
    const [x, z] = [sample([2, 2]).requires_grad_(true), sample([2]).requires_grad_(true)]
    const expected = print([gradientAt(sumOfSquares, x).neg(), torch.zeros([2])])
    const [same, vanish] = [gradientAt(sumOfSquares, x), gradientAt(sumOfSquares, z).abs()]
    const y = sumOfSquares(through(x, -1)).add(sumOfSquares(through(z, 0)))
    expect(errorOf(() => y.backward())).toPrint('no error', unconnected)
    // Without signs: 0 times a negative gradient prints as -0.
    expect(print([x.grad, z.grad?.abs() ?? null])).toPrint(expected, {
      [print([same, vanish])]:
        'The gradient arrived as if there were no hook. Does the function that you registered return its result?',
      [print([same.neg(), null])]: 'With 0 the gradient should arrive, as zeros: the record is cut there.',
    })
  })

  test('where x is used besides, the gradient is what it is', () => {
    const x = sample([3]).requires_grad_(true)
    const factor = sampleInteger(3, 9)
    const [own, beside] = [gradientAt(sumOfSquares, x), gradientAt(sumOfCubes, x)]
    const expected = print(own.mul(factor).add(beside))
    const y = sumOfSquares(through(x, factor)).add(sumOfCubes(x))
    expect(errorOf(() => y.backward())).toPrint('no error', unconnected)
    expect(print(x.grad)).toPrint(expected, {
      [print(own.add(beside).mul(factor))]:
        'All of the gradient of x was multiplied, also what came from another use of x. The hook stands on x itself; it needs a tensor of its own on the way.',
      [print(own.add(beside))]:
        'The gradient arrived as if there were no hook. Does the function that you registered return its result?',
    })
  })

  test('the neighbour in a sum is not concerned', () => {
    const [x, w] = [sample([3]).requires_grad_(true), sample([3]).requires_grad_(true)]
    const [weights, neighbour] = [sample([3]), w.mul(1)]
    const y = neighbour.add(through(x, 3)).mul(weights).sum()
    expect(errorOf(() => y.backward())).toPrint('no error', unconnected)
    expect(print([x.grad, w.grad])).toPrint(print([weights.mul(3), weights]), {
      [print([weights.mul(3), weights.mul(3)])]:
        'The neighbour got the factor too. The sum hands one and the same tensor to both of its places, and your hook has written into it. Leave what you are shown as it is, and return a new tensor.',
      [print([weights, weights])]:
        'The gradient arrived as if there were no hook. Does the function that you registered return its result?',
    })
  })
})

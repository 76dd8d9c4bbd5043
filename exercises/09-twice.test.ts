// Lesson 09: which records can be walked again, what adds up when they are, states that are carried along, and values that must not change.
import { errorOf, openLesson, print, sample, sampleInteger } from '../scripts/lesson'
import type * as Lesson from '../solutions/09-twice'

const { torch, lesson, task } = openLesson<typeof Lesson>('09-twice')

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

const secondTime = 'RuntimeError: Trying to backward through the graph a second time'
const changed = 'RuntimeError: one of the variables needed for gradient computation has been modified by an inplace'

/** The words for an error, by how its message begins: PyTorch's go on for a whole paragraph. */
function wordsFor(error: string, words: Record<string, string>): string | undefined {
  return Object.entries(words).find(([beginning]) => error.startsWith(beginning))?.[1]
}

task('canWalkAgain', () => {
  const record = (name: string, f: Step, right: boolean) => ({ name, f, right })
  const records = [
    record('the sum of x', (x) => x.sum(), true),
    record('the sum of x + 1', (x) => x.add(1).sum(), true),
    record('the sum of x - (-x)', (x) => x.sub(x.neg()).sum(), true),
    record('the sum of x * x', sumOfSquares, false),
    record('the sum of exp(x)', (x) => x.exp().sum(), false),
    record('the sum of 3x', (x) => x.mul(3).sum(), false),
  ]
  const refusedBoth =
    'Neither time was it allowed. Was it the second walk that failed, or the first? Only the second one is in question.'

  test('where nothing was kept, a second walk is allowed', () => {
    for (const { name, f, right } of records.filter((each) => each.right)) {
      const x = sample([3]).requires_grad_(true)
      expect(print(lesson.canWalkAgain(f, x))).toPrint(print(right), {
        False: `This is ${name}. No operation in it needs a value from the way forward, so there is nothing that a second walk could miss. Try it, instead of judging by the rule that a record is used up.`,
      })
    }
  })

  test('where something was kept, it has been let go of', () => {
    for (const { name, f, right } of records.filter((each) => !each.right)) {
      const x = sample([3]).requires_grad_(true)
      const why =
        'the second walk was allowed. Either the first one was told to retain what the record keeps, or f was called again, which writes a new record.'
      expect(errorOf(() => lesson.canWalkAgain(f, plain(x).requires_grad_(true)))).toPrint(
        'no error',
        'Your function lets the error out. It is the answer: catch it.',
      )
      expect(print(lesson.canWalkAgain(f, x))).toPrint(print(right), {
        True: `This is ${name}, and with your function ${why}`,
      })
    }
  })

  test('f is called once, and walked twice', () => {
    const x = sample([3]).requires_grad_(true)
    let calls = 0
    lesson.canWalkAgain((v) => {
      calls++
      return v.sum()
    }, x)
    expect(print([calls, x.grad])).toPrint(print([1, torch.tensor([2, 2, 2])]), {
      [print([2, torch.tensor([2, 2, 2])])]:
        'f was called twice: each call writes a new record, and each of them was walked once.',
      [print([1, torch.ones([3])])]: 'x holds the gradient of one walk only. The question is about a second one.',
      [print([1, null])]: `x holds no gradient. ${refusedBoth}`,
      otherwise: 'These are the number of calls of f, and the gradient of x afterwards. One call, two walks.',
    })
  })
})

task('predictGradients', () => {
  const stale = 'as if the second walk went on from h.grad, in which the first has left something'
  const wrongPairs = (x: Tensor, walks: number) => {
    const [h, leaf] = [x.mul(6), x.mul(18)]
    const said = `${walks} walks were made.`
    const pileUp = (walks * (walks + 1)) / 2
    return {
      [print([x.mul(3 * walks), x.mul(9 * walks)])]: `This is h for each walk. The gradient of h·h at h is 2h.`,
      [print([h, leaf])]:
        walks === 2
          ? `${said} This is what one leaves; whatever stands in a .grad is added to, not overwritten. (Or was h taken for the gradient of h·h? That is 2h.)`
          : `${said} This is what one leaves. Whatever stands in a .grad is added to, not overwritten.`,
      [print([
        h,
        leaf.mul(walks),
      ])]: `${said} x.grad is right. But h.grad is there because it was asked for, and what stands in a .grad adds up there as well.`,
      [print([h.mul(walks), leaf])]: `${said} h.grad is right. x.grad adds up too: each walk sends the same again.`,
      [print([
        h.mul(walks),
        leaf.mul(pileUp),
      ])]: `${said} This x.grad would be ${pileUp} times what one walk leaves, ${stale}. The walk does not read h.grad: that is a copy, put aside. What passes is made anew each time.`,
      [print([
        h,
        leaf.mul(pileUp),
      ])]: `${said} This x.grad would be ${pileUp} times what one walk leaves, ${stale}. The walk does not read h.grad. And h.grad adds up, as every .grad does.`,
      [print([leaf.mul(walks), h.mul(walks)])]: 'Both are there, the other way round: h.grad comes first.',
      [print([h.mul(walks), h.mul(walks)])]:
        'This is h.grad twice. On from h to x the gradient is multiplied by 3, because h is 3x.',
      [print([x.mul(2 * walks), leaf.mul(walks)])]: 'x.grad is right. The gradient of h·h at h is 2h, and h is 3x.',
      [print([x.mul(2 * walks), x.mul(6 * walks)])]:
        'The gradient of h·h at h is 2h, not 2x, and h is 3x. From there to x comes one more factor.',
    }
  }

  test('two walks leave each gradient twice, in the middle and at the leaf', () => {
    const x = torch.tensor([1, 2, 3])
    expect(print(lesson.predictGradients(x, 2))).toPrint(
      '(tensor([12., 24., 36.]), tensor([ 36.,  72., 108.]))',
      wrongPairs(x, 2),
    )
  })

  test('the prediction comes true, whatever the number of walks', () => {
    const values = sample([sampleInteger(2, 4)])
    const walks = sampleInteger(4, 6)
    const x = plain(values).requires_grad_(true)
    const h = x.mul(3)
    h.retain_grad()
    const y = torch.dot(h, h)
    for (let walk = 1; walk <= walks; walk++) y.backward({ retain_graph: walk < walks })
    expect(print(lesson.predictGradients(values, walks))).toPrint(print([h.grad, x.grad]), wrongPairs(values, walks))
  })
})

task('gradientsOfTwo', () => {
  const wrongPairs = (shared: Step, first: Step, second: Step, x: Tensor) => {
    const [a, b] = [gradientAt((v) => first(shared(v)), x), gradientAt((v) => second(shared(v)), x)]
    return {
      [print([a, a.add(b)])]:
        'The second of the pair contains the first: backward adds to what x.grad holds. Begin a new sum in between.',
      [print([a.add(b), a.add(b)])]:
        'Both are the sum of the two gradients. Either both are one tensor, into which the second walk has written; or one walk began at the sum of both losses. Each gradient alone was asked for.',
      [print([b, b])]:
        'Both are the gradient of the second loss, because both are one tensor: the second walk has written into it. Keep something that will not change any more.',
      [print([b, a])]: 'Both are there, the other way round.',
      [print([a, null])]: 'The second is null: no walk has come to x after the first gradient was taken away.',
      [print([gradientAt(first, shared(plain(x))), gradientAt(second, shared(plain(x)))])]:
        'These are the gradients at h, the tensor in the middle. Those at x were asked for.',
    }
  }

  test('two losses that share a part have a gradient each', () => {
    const x = sample([3]).requires_grad_(true)
    const shared: Step = (v) => v.mul(v)
    const expected = print([plain(x).mul(2), gradientAt((v) => sumOfSquares(shared(v)), x)])
    const sum: Step = (h) => h.sum()
    const why = wrongPairs(shared, sum, sumOfSquares, x)
    const error = errorOf(() => lesson.gradientsOfTwo(shared, sum, sumOfSquares, plain(x).requires_grad_(true)))
    expect(error).toPrint(
      'no error',
      wordsFor(error, {
        [secondTime]:
          'The second walk came to the shared part, and found that the first had let go of what was kept there. The first walk has to know that another will come.',
      }),
    )
    expect(print(lesson.gradientsOfTwo(shared, sum, sumOfSquares, x))).toPrint(expected, why)
  })

  test('in other shapes too', () => {
    const x = sample([2]).requires_grad_(true)
    const matrix = sample([3, 2])
    const shared: Step = (v) => matrix.matmul(v)
    const largest: Step = (h) => torch.dot(h, torch.tensor([1, 0, 2]))
    const expected = print([gradientAt((v) => largest(shared(v)), x), gradientAt((v) => sumOfSquares(shared(v)), x)])
    const why = wrongPairs(shared, largest, sumOfSquares, x)
    expect(print(lesson.gradientsOfTwo(shared, largest, sumOfSquares, x))).toPrint(expected, why)
  })

  test('the shared part is computed once', () => {
    const x = sample([3]).requires_grad_(true)
    let calls = 0
    const shared: Step = (v) => {
      calls++
      return v.mul(v)
    }
    lesson.gradientsOfTwo(shared, sumOfSquares, sumOfCubes, x)
    expect(print(calls)).toPrint(
      '1',
      'The gradients can be right even so; but the shared part may be the most expensive one, so call it once, and walk through its record twice.',
    )
  })

  test('after the last walk the record is let go of', () => {
    const x = sample([3]).requires_grad_(true)
    let middle: Tensor | undefined
    const shared: Step = (v) => {
      middle = v.mul(v)
      return middle
    }
    lesson.gradientsOfTwo(shared, sumOfSquares, sumOfCubes, x)
    const again = errorOf(() => middle?.sum().backward())
    expect(again.startsWith(secondTime) ? 'let go' : 'kept').toPrint(
      'let go',
      'The last walk was told to retain the record too. Nobody will walk there again, and what it keeps stays in memory.',
    )
  })
})

task('gradientPerStep', () => {
  const start = () => torch.tensor(sampleInteger(1, 3))

  /** The gradient of every state at `w`: each state from the one before, with that one given. Second, the states. */
  function rounds(
    step: (w: Tensor) => (state: Tensor, input: Tensor) => Tensor,
    w: Tensor,
    first: Tensor,
    inputs: Tensor[],
  ) {
    const states = [first]
    const gradients = inputs.map((input) => {
      const before = states.at(-1)!
      states.push(step(plain(w))(before, input))
      return gradientAt((v) => step(v)(before, input), w)
    })
    return { gradients, states }
  }

  /** The next state is the old one times w, plus the input. */
  const decay = (w: Tensor) => (state: Tensor, input: Tensor) => state.mul(w).add(input)
  /** The next state is w times the sum of the old one and the input, squared. */
  const squared = (w: Tensor) => (state: Tensor, input: Tensor) => {
    const sum = state.add(input).mul(w)
    return sum.mul(sum)
  }

  const wrongLists = (step: typeof decay, w: Tensor, first: Tensor, inputs: Tensor[]) => {
    const { gradients, states } = rounds(step, w, first, inputs)
    const through = inputs.map((_, n) =>
      gradientAt((v) => inputs.slice(0, n + 1).reduce((state, input) => step(v)(state, input), first), w),
    )
    const sums = (list: Tensor[]) => list.map((_, n) => list.slice(0, n + 1).reduce((sum, each) => sum.add(each)))
    return {
      [print(through)]:
        'The first gradient is right; each later one has gone on through all the states before, down to the first. Here the state before is taken as given: a number that does not depend on w. And every walk would be longer than the last.',
      [print(sums(gradients))]:
        'Each entry contains those before it: backward adds to what w.grad holds. Begin a new sum for each input.',
      [print(sums(through))]:
        'Each entry contains those before it, and every walk has gone on through all the states before. Begin a new sum for each input, and take the state before as given.',
      [print(gradients.map(() => gradients.at(-1)!))]:
        'Every entry prints the last gradient: the list holds one tensor several times.',
      [print(gradients.map(() => sums(gradients).at(-1)!))]:
        'Every entry prints the sum of all gradients: the list holds one tensor several times, and each walk has added to it.',
      [print(gradients.map(() => torch.zeros([])))]:
        'Every entry is 0: the list holds w.grad itself, and that was zeroed afterwards. Keep a tensor that nobody writes into any more.',
      [print(inputs.map((input) => gradientAt((v) => step(v)(first, input), w)))]:
        'Every input was given the first state. The state that a step makes goes into the next one.',
      [print(states.slice(1))]: 'These are the states. Their gradients were asked for.',
    }
  }

  const usedUp =
    'The walk of the second round went on into the record of the first, which has been walked before. Where should it end? Retaining the record would silence this, and give another gradient. (If you did call `detach()`: it leaves the state as it is, and returns a new tensor. Use what it returns.)'

  test('each walk ends at the state that it was given', () => {
    const [w, first] = [torch.tensor(0.5, { requires_grad: true }), start()]
    const inputs = [1, 2, 3].map(() => sample([]))
    const expected = print(rounds(decay, w, first, inputs).gradients)
    const why = wrongLists(decay, w, first, inputs)
    const other = plain(w).requires_grad_(true)
    const error = errorOf(() => lesson.gradientPerStep(decay(other), other, first, inputs))
    expect(error).toPrint('no error', wordsFor(error, { [secondTime]: usedUp }))
    expect(print(lesson.gradientPerStep(decay(w), w, first, inputs))).toPrint(expected, why)
  })

  test('any step, any number of inputs', () => {
    const [w, first] = [torch.tensor(0.5, { requires_grad: true }), start()]
    // From 2 on, so that the state grows and no gradient comes twice.
    const inputs = Array.from({ length: sampleInteger(2, 3) }, () => torch.tensor(sampleInteger(2, 4)))
    const expected = print(rounds(squared, w, first, inputs).gradients)
    const why = wrongLists(squared, w, first, inputs)
    const other = plain(w).requires_grad_(true)
    const error = errorOf(() => lesson.gradientPerStep(squared(other), other, first, inputs))
    expect(error).toPrint('no error', wordsFor(error, { [secondTime]: usedUp }))
    expect(print(lesson.gradientPerStep(squared(w), w, first, inputs))).toPrint(expected, why)
  })

  test('an old gradient of w is in none of them', () => {
    const [w, first] = [torch.tensor(0.5, { requires_grad: true }), start()]
    const inputs = [1, 2].map(() => sample([]))
    w.mul(3).backward()
    const { gradients } = rounds(decay, w, first, inputs)
    const leaked = 'The gradient that w held before is in the first one. The first round needs a new sum too.'
    expect(print(lesson.gradientPerStep(decay(w), w, first, inputs))).toPrint(print(gradients), {
      ...wrongLists(decay, w, first, inputs),
      [print(gradients.map((each, n) => (n === 0 ? each.add(3) : each)))]: leaked,
      [print(gradients.map((each) => each.add(3)))]: leaked,
    })
  })
})

task('trailEnergy', () => {
  /** Which operation came last is the learner's business. */
  const values = (text: string) => text.replace(/,\s+grad_fn=<\w+>/, '')

  const places = (start: Tensor, velocity: Tensor, rounds: number) =>
    Array.from({ length: rounds }, (_, k) => start.add(velocity.mul(k + 1)))
  const total = (tensors: Tensor[]) => tensors.reduce((sum, each) => sum.add(each))
  const energies = (trail: Tensor[]) => total(trail.map((place) => torch.dot(place, place)))

  const wrongEnergies = (start: Tensor, velocity: Tensor, rounds: number) => {
    const trail = places(start, velocity, rounds)
    return {
      [print(energies(trail.slice(-1)))]:
        'This is place·place after the last move. The sum over all moves was asked for.',
      'tensor(0.)': 'The energy is still 0: `add` leaves it as it is, and returns a new tensor. Use what it returns.',
      [print(energies(trail.map(() => start)))]:
        'The place has never moved: `add` leaves it as it is, and returns a new tensor. Use what it returns.',
      [print(energies([start, ...trail]))]:
        'The start is in it too. The first place that counts is the one after the first move.',
      [print(energies([start, ...trail.slice(0, -1)]))]:
        'These are the places before each move. Those after it were asked for.',
      [print(energies(trail.map(() => trail[0]!)))]:
        'The place has moved only once, or every round begins at the start. Each round goes on from where the last one ended.',
    }
  }

  const ofLeaf = 'RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.'
  const errors = {
    [ofLeaf]:
      'The start itself was to be moved, in place. It is a tracked leaf, and belongs to whoever handed it in: make new tensors.',
    [changed]:
      'The walk came to a product of an earlier round. That product kept the place, the tensor itself and not a copy, and the place has been changed since. Give each round a place of its own.',
    'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn':
      'The energy is not connected with the start: nothing was recorded on the way.',
  }

  test('the energies after each move are added up', () => {
    const [start, velocity] = [sample([3]).requires_grad_(true), sample([3])]
    const rounds = sampleInteger(3, 5)
    const expected = print(energies(places(plain(start), velocity, rounds)))
    const why = wrongEnergies(plain(start), velocity, rounds)
    const error = errorOf(() => lesson.trailEnergy(plain(start).requires_grad_(true), velocity, rounds))
    expect(error).toPrint('no error', wordsFor(error, errors))
    expect(values(print(lesson.trailEnergy(start, velocity, rounds)))).toPrint(expected, why)
  })

  test('the sum can be walked back to the start: every round sees the place as it was then', () => {
    const [start, velocity] = [sample([3]).requires_grad_(true), sample([3])]
    const rounds = sampleInteger(3, 5)
    const trail = places(plain(start), velocity, rounds)
    const expected = print(total(trail).mul(2))
    const y = lesson.trailEnergy(start, velocity, rounds)
    expect(values(print(y))).toPrint(print(energies(trail)), wrongEnergies(plain(start), velocity, rounds))
    const error = errorOf(() => y.backward())
    expect(error).toPrint('no error', wordsFor(error, errors))
    expect(print(start.grad)).toPrint(expected, {
      [print(trail.at(-1)!.mul(2 * rounds))]:
        'No error, and a wrong gradient: every round has sent what belongs to the last place. The place was changed in place while nobody counted (.data does that), so the products of earlier rounds found values that are not theirs.',
      [print(trail.at(-1)!.mul(2))]: 'Only the last round has sent a gradient.',
      None: 'No gradient has arrived at the start: the record was cut on the way.',
    })
  })

  test('to the velocity too, as often as it was used', () => {
    const [start, velocity] = [sample([2]).requires_grad_(true), sample([2]).requires_grad_(true)]
    const rounds = sampleInteger(3, 4)
    const [from, by] = [plain(start), plain(velocity)]
    const trail = places(from, by, rounds)
    const expected = print(total(trail.map((place, k) => place.mul(2 * (k + 1)))))
    const y = lesson.trailEnergy(start, velocity, rounds)
    expect(values(print(y))).toPrint(print(energies(trail)), wrongEnergies(from, by, rounds))
    const error = errorOf(() => y.backward())
    expect(error).toPrint('no error', wordsFor(error, errors))
    expect(print(velocity.grad)).toPrint(expected, {
      None: 'No gradient has arrived at the velocity: the moves were not recorded.',
      [print(total(trail).mul(2))]:
        'In each round only the last move has counted. The second place is there because of two moves, the third because of three.',
    })
  })

  test('start and velocity keep their values', () => {
    const [start, velocity] = [sample([3]).requires_grad_(true), sample([3])]
    const before = print([start, velocity])
    errorOf(() => lesson.trailEnergy(start, velocity, 3))
    expect(print([start, velocity])).toPrint(
      before,
      'Something that was handed in has been changed. The start and the velocity belong to the caller.',
    )
  })
})

// Lesson 12: a line, its error, one round of descent, the loss curve and the whole fit, on data and losses that the lesson does not show.
import { errorOf, openLesson, print, sample, sampleInteger } from '../scripts/lesson'
import type * as Lesson from '../solutions/12-gradient-descent'

const { torch, lesson, task } = openLesson<typeof Lesson>('12-gradient-descent')

type Tensor = ReturnType<typeof sample>
/** A loss as a function of the parameters. */
type Loss = (parameters: Tensor[]) => Tensor

afterEach(() => {
  torch.set_grad_enabled(true)
})

/** The values of `x` in a tensor of their own, not tracked. */
const plain = (x: Tensor) => torch.tensor(x.tolist())
const tracked = (x: Tensor) => plain(x).requires_grad_(true)
/** What is printed, without the note on how it was computed. */
const bare = (text: string) => text.replace(/,\s+(grad_fn=<\w+>|requires_grad=True)/g, '')

const notRecorded = 'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn'
const leafMoved = 'RuntimeError: a leaf Variable that requires grad is being used in an in-place operation.'
const leftOff =
  'After your function recording is off. The step belongs under no_grad, and recording is on again after it.'

/** The gradients of `loss` at the values of `parameters`, found on copies. */
function gradientsAt(loss: Loss, parameters: Tensor[]): Tensor[] {
  const copies = parameters.map(tracked)
  loss(copies).backward()
  return copies.map((copy) => copy.grad!)
}

/** Where `parameters` should be after one step, with other gradients if they are given. */
const moved = (loss: Loss, parameters: Tensor[], rate: number, gradients = gradientsAt(loss, parameters)) =>
  parameters.map((p, k) => tracked(plain(p).sub(gradients[k]!.mul(rate))))

const sums = (a: Tensor[], b: Tensor[]) => a.map((each, k) => each.add(b[k]!))

task('predict', () => {
  const wrongLines = (w: Tensor, b: Tensor, inputs: Tensor) => ({
    [bare(print(inputs.mul(b).add(w)))]: 'w and b have changed places: w multiplies, and b is added.',
    [bare(print(inputs.mul(w)))]: 'b is missing. All lines of this kind go through the origin.',
    [bare(print(inputs.add(b).mul(w)))]: 'b was multiplied by w too: it was added before the multiplication.',
    [bare(print(inputs.add(w).add(b)))]: 'w was added. It is the slope: it multiplies each input.',
    [bare(print(inputs.mul(w).sub(b)))]: 'b was subtracted.',
    [bare(print(inputs.mul(w).add(b).sum()))]: 'The predictions were added up. There should be one for each input.',
  })

  test('every input has its prediction', () => {
    const [w, b, inputs] = [sample([]).requires_grad_(true), sample([]).requires_grad_(true), sample([4])]
    const [expected, why] = [print(inputs.mul(plain(w)).add(plain(b))), wrongLines(w, b, inputs)]
    expect(bare(print(lesson.predict(w, b, inputs)))).toPrint(expected, why)
  })

  test('inputs may stand in a matrix', () => {
    const [w, b, inputs] = [sample([]).requires_grad_(true), sample([]).requires_grad_(true), sample([2, 3])]
    const [expected, why] = [print(inputs.mul(plain(w)).add(plain(b))), wrongLines(w, b, inputs)]
    expect(bare(print(lesson.predict(w, b, inputs)))).toPrint(expected, why)
  })

  test('w and b can learn from it', () => {
    const [w, b, inputs] = [sample([]).requires_grad_(true), sample([]).requires_grad_(true), sample([4])]
    const [expected, none] = [print([inputs.sum(), torch.tensor(4)]), print([null, null])]
    const predictions = lesson.predict(w, b, inputs)
    print(predictions) // throws the right words if nothing came back
    expect(errorOf(() => predictions.sum().backward())).toPrint('no error', {
      [notRecorded]:
        'The predictions were computed from the numbers in w and b, not from w and b: nothing was recorded, and nothing can be learned.',
    })
    expect(print([w.grad, b.grad])).toPrint(expected, {
      [none]: 'No gradient has arrived at w and b.',
      [print([inputs.sum(), null])]: 'The gradient of w arrives, and b gets none: it is not in the record.',
      [print([null, torch.tensor(4)])]: 'The gradient of b arrives, and w gets none: it is not in the record.',
      otherwise: 'Gradients arrive at w and b, but not those of a line.',
    })
  })
})

task('meanSquaredError', () => {
  const wrongErrors = (predictions: Tensor, targets: Tensor) => {
    const errors = plain(predictions).sub(targets)
    const squares = errors.mul(errors)
    return {
      [print(squares.sum().div(squares.shape[0]!))]:
        'The sum was divided by the number of rows. The mean is over all elements; `numel()` is how many there are.',
      [print(squares.sum())]:
        'This is the sum of the squares. The mean is that, divided by how many there are; so the rate needs no change when there are more data.',
      [print(squares)]: 'These are the squares, one by one. Their mean was asked for.',
      [print(errors.mean().pow(2))]:
        'This is the square of the mean error. Errors up and errors down cancel in it: square first.',
      [print(errors.mean())]: 'This is the mean of the errors, with their signs: those up and those down cancel.',
      [print(errors.abs().mean())]:
        'This is the mean of the errors without their signs. That of their squares was asked for.',
      [print(squares.mean().sqrt())]: 'This is the root of the mean. The mean itself was asked for.',
      [print(squares.mean().div(2))]:
        'This is half of the mean. Some books define the loss so; here it is the mean itself.',
      [print(errors.sum().pow(2))]: 'This is the square of the sum of the errors. Square each of them first.',
      [print(plain(predictions).add(targets).pow(2).mean())]: 'The targets were added. An error is a difference.',
    }
  }

  /** Errors up and down that do not cancel: their mean is neither 0, as its square would be, nor that of their sizes. */
  function guesses(): [Tensor, Tensor] {
    const pair: [Tensor, Tensor] = [sample([4]), sample([4])]
    const errors = pair[0].sub(pair[1])
    const [sum, sizes] = [errors.sum().item(), errors.abs().sum().item()]
    return sum === 0 || Math.abs(sum) === sizes ? guesses() : pair
  }

  test('it is the mean of the squares', () => {
    const [predictions, targets] = guesses()
    const why = wrongErrors(predictions, targets)
    const expected = print(predictions.sub(targets).pow(2).mean())
    expect(bare(print(lesson.meanSquaredError(predictions, targets)))).toPrint(expected, why)
  })

  test('of any number of predictions, in any shape', () => {
    for (const shape of [[2, 4], [sampleInteger(2, 6)]]) {
      const [predictions, targets] = [sample(shape), sample(shape)]
      const why = wrongErrors(predictions, targets)
      const expected = print(predictions.sub(targets).pow(2).mean())
      expect(bare(print(lesson.meanSquaredError(predictions, targets)))).toPrint(expected, why)
    }
  })

  test('it leads back to the predictions', () => {
    const [predictions, targets] = [sample([4]).requires_grad_(true), sample([4])]
    const errors = plain(predictions).sub(targets)
    const why = wrongErrors(predictions, targets)
    const answer = lesson.meanSquaredError(predictions, targets)
    expect(bare(print(answer))).toPrint(print(errors.pow(2).mean()), why)
    expect(errorOf(() => answer.backward())).toPrint('no error', {
      [notRecorded]:
        'The value is right, but nothing was recorded: it was computed from the numbers in the predictions, not from the predictions.',
    })
    expect(print(predictions.grad)).toPrint(
      print(errors.div(2)),
      'The value is right, but not all of the gradient arrives at the predictions.',
    )
  })
})

task('trainingStep', () => {
  /** Two parameters of different shapes that have to do with each other, and a loss of both. */
  function valley(): { loss: Loss; parameters: Tensor[]; rate: number } {
    const [center, widths] = [sample([2]), torch.tensor([1, 0.5])]
    const loss: Loss = ([w, b]) => w!.sub(center).pow(2).mul(widths).sum().add(w!.sum().mul(b!)).add(b!.mul(b!))
    const parameters = [sample([2]).requires_grad_(true), sample([]).requires_grad_(true)]
    const rate = [0.125, 0.25, 0.5][sampleInteger(0, 2)]!
    // Where a parameter has nowhere to go, nobody could see that it was left out.
    const stuck = gradientsAt(loss, parameters).some((gradient) => gradient.abs().sum().item() === 0)
    return stuck ? valley() : { loss, parameters, rate }
  }

  const errors = {
    [leafMoved]:
      'The right operation at the wrong time: recording was on, and a recorded change would make the parameter a tensor computed from itself. The step is not part of the loss.',
    "TypeError: Cannot read properties of null (reading 'mul')":
      'A gradient was null when the step came for it. Either no walk had run by then, or the gradients were let go between the walk and the step.',
    'RuntimeError: grad can be implicitly created only for scalar outputs':
      'The walk was begun at something else than the loss.',
  }

  const wrongSteps = (loss: Loss, parameters: Tensor[], rate: number) => {
    const gradients = gradientsAt(loss, parameters)
    const right = moved(loss, parameters, rate)
    const second = gradientsAt(loss, [right[0]!, parameters[1]!])[1]!
    const stayed = {
      [print(parameters.map(tracked))]:
        'The parameters are where they were. Two things do that. Either the gradients were zeroed between the walk and the step, so that the step was zero; or the step made new tensors, and those that were handed in never moved.',
    }
    return {
      ...stayed,
      [print(moved(loss, parameters, -rate))]: 'This is a step uphill. The gradient points to where the loss grows.',
      [print(moved(loss, parameters, 1))]:
        'This is a step as long as the gradient itself. The rate says how far to go.',
      [print([right[0]!, tracked(parameters[1]!)])]:
        'Only the first parameter has moved. There is a whole list of them.',
      [print(moved(loss, parameters, rate, [gradients[0]!, second]))]:
        'The second parameter moved by a gradient that was taken after the first had moved already. All gradients come from one walk, from one place.',
      [print(right.map(plain))]: 'The values are right, but the parameters are not tracked any more.',
    }
  }

  test('each parameter moves against its gradient, as far as the rate says (2 points)', () => {
    const { loss, parameters, rate } = valley()
    const [expected, why] = [print(moved(loss, parameters, rate)), wrongSteps(loss, parameters, rate)]
    expect(errorOf(() => lesson.trainingStep(parameters, () => loss(parameters), rate))).toPrint('no error', errors)
    expect(print(parameters)).toPrint(expected, why)
  })

  test('the loss from before the step comes back, as a number', () => {
    const { loss, parameters, rate } = valley()
    const [before, after] = [loss(parameters), loss(moved(loss, parameters, rate))]
    const expected = print(before.item())
    const why = {
      [print(after.item())]:
        'This is the loss after the step. The one from before was asked for: the walk began there.',
      [print(before)]:
        'This is the tensor, and with it the record of this round. In a long training the curve would hold all records: return the plain number.',
      [print(before.detach())]: 'This is a tensor. The plain number in it was asked for.',
    }
    expect(print(lesson.trainingStep(parameters, () => loss(parameters), rate))).toPrint(expected, why)
  })

  test('gradients from before have no say', () => {
    const { loss, parameters, rate } = valley()
    parameters[0]!.mul(3).sum().add(parameters[1]!.mul(3)).backward()
    const old = parameters.map((p) => plain(p.grad!))
    const [expected, why] = [print(moved(loss, parameters, rate)), wrongSteps(loss, parameters, rate)]
    const withOld = print(moved(loss, parameters, rate, sums(gradientsAt(loss, parameters), old)))
    const oldOnly = print(moved(loss, parameters, rate, old))
    lesson.trainingStep(parameters, () => loss(parameters), rate)
    expect(print(parameters)).toPrint(expected, {
      ...why,
      [withOld]:
        'The gradients that the parameters held before were in this step: backward adds to them. To zero them at the end of a round is too late for the first one.',
      [oldOnly]: 'The step went by the gradients from before: it came before the walk.',
    })
  })

  test('a second round goes on from where the first one ended', () => {
    const { loss, parameters, rate } = valley()
    const once = moved(loss, parameters, rate)
    const expected = print(moved(loss, once, rate))
    const both = sums(gradientsAt(loss, parameters), gradientsAt(loss, once))
    const why = {
      ...wrongSteps(loss, parameters, rate),
      [print(once)]: 'After two rounds the parameters are where they should be after one.',
      [print(moved(loss, once, rate, both))]:
        'The second step took the gradient of the first one along: it was never zeroed, and backward adds. That is how a training overshoots.',
    }
    lesson.trainingStep(parameters, () => loss(parameters), rate)
    lesson.trainingStep(parameters, () => loss(parameters), rate)
    expect(print(parameters)).toPrint(expected, why)
  })

  test('the loss is computed once a round, and recording is on afterwards', () => {
    const { loss, parameters, rate } = valley()
    let calls = 0
    const counted = () => {
      calls++
      return loss(parameters)
    }
    lesson.trainingStep(parameters, counted, rate)
    expect(print(torch.is_grad_enabled())).toPrint('True', leftOff)
    expect(print(calls)).toPrint('1', {
      0: 'The loss was never computed.',
      otherwise: 'The loss was computed more than once. Computing is what costs: keep what the first call returns.',
    })
  })
})

task('untilFlat', () => {
  /** A training that was recorded: each round hands out the next loss, and the last one for ever. */
  function recorded(losses: number[]) {
    let made = 0
    return { round: () => losses[Math.min(made++, losses.length - 1)]!, made: () => made }
  }

  function judge(falling: number[], tolerance: number, limit: number) {
    const losses = [...falling, falling.at(-1)!]
    /** How many rounds there are if `goesOn` says from a loss and the next one whether to go on. */
    const rounds = (goesOn: (before: number, now: number) => boolean, most = limit) => {
      const last = losses.findIndex((now, k) => k > 0 && !goesOn(losses[k - 1]!, now))
      return Math.min(most, last < 0 ? losses.length : last + 1)
    }
    const enough = (before: number, now: number) => before - now >= tolerance
    const needed = rounds(enough)
    const upTo = (count: number) => print(losses.slice(0, Math.max(0, count)))
    const why = {
      [upTo(1)]: 'The training ended after one round. The first loss has none before it to be compared with.',
      [upTo(2)]:
        'The training ended as soon as there were two losses to compare, though the second is well below the first. Which of them is to be subtracted from which?',
      [upTo(rounds((before, now) => before - now > tolerance))]:
        'The training ended at a loss that is just as much as the tolerance below the one before. That is enough to go on.',
      [upTo(rounds((before, now) => Math.abs(before - now) >= tolerance))]:
        'The training went on where the loss rose. There it is not below the one before at all, so this is the place to end.',
      [upTo(rounds(enough, losses.length))]: `The limit was passed over: no more than ${limit} rounds were allowed.`,
      [upTo(needed + 1)]: 'One round too many was made.',
      [upTo(needed - 1)]:
        'The last loss is missing. It is the one that shows that the curve is flat, or the last of those allowed, and it belongs to the curve.',
      [print(losses.slice(1, needed))]: 'The first loss is missing.',
      ...(limit > losses.length && {
        [print(Array.from({ length: limit }, (_, k) => losses[Math.min(k, losses.length - 1)]!))]:
          'Nothing but the limit has ended this. Is each loss compared with the one before it? (In TypeScript `curve[-1]` is undefined; the last entry is `curve.at(-1)`.)',
      }),
      '()': 'The curve is empty.',
      otherwise:
        'If losses are missing in the middle: every call of `round()` makes another round. Call it once for each, and keep what it returns.',
    }
    const training = recorded(losses)
    expect(print(lesson.untilFlat(training.round, tolerance, limit))).toPrint(upTo(needed), why)
    expect(print(training.made())).toPrint(
      String(needed),
      'The curve is right, but another number of rounds was made: each round costs, and moves the parameters. Keep what each call returns.',
    )
  }

  /** Halved again and again, so that it falls by less each time. */
  const halving = (start: number) => Array.from({ length: 12 }, (_, k) => start / 2 ** k)

  test('it ends with the first loss that is hardly below the one before', () => {
    judge(halving(sampleInteger(20, 30)), 0.9, 40)
  })

  test('a round that brings just enough is not the last one', () => {
    const start = sampleInteger(20, 30)
    judge([start, start - 4, start - 6, start - 8, start - 9, start - 9.5], 2, 40)
  })

  test('the limit ends it, however much is still to be gained', () => {
    judge(halving(sampleInteger(200, 300)), 0.1, sampleInteger(3, 4))
  })

  test('a loss that rises ends it too', () => {
    const start = sampleInteger(20, 30)
    judge([start, start - 8, start - 12, start - 5, start - 15, start - 15.25], 0.5, 40)
  })

  test('a limit of one is one round', () => {
    judge([sampleInteger(2, 9), 1, 0.5, 0.5], 0.1, 1)
  })
})

task('fitLine', () => {
  interface Other {
    /** Both begin here. */
    start?: number
    sum?: boolean
    kept?: boolean
    uphill?: boolean
  }

  /** Where descent leads, or a known mistake of it. */
  function descent(inputs: Tensor, targets: Tensor, rate: number, rounds: number, other: Other = {}): [Tensor, Tensor] {
    let [w, b] = [torch.tensor(other.start ?? 0), torch.tensor(other.start ?? 0)]
    let old = [torch.zeros([]), torch.zeros([])]
    const loss: Loss = ([v, c]) => {
      const squares = inputs.mul(v!).add(c!).sub(targets).pow(2)
      return other.sum ? squares.sum() : squares.mean()
    }
    for (let round = 0; round < rounds; round++) {
      const fresh = gradientsAt(loss, [w, b])
      const gradients = other.kept ? sums(fresh, old) : fresh
      ;[w, b] = moved(loss, [w, b], other.uphill ? -rate : rate, gradients) as [Tensor, Tensor]
      old = gradients
    }
    return [tracked(w), tracked(b)]
  }

  const wrongFits = (inputs: Tensor, targets: Tensor, rate: number, rounds: number) => {
    const [w, b] = descent(inputs, targets, rate, rounds)
    const after = (other: Other) => print(descent(inputs, targets, rate, rounds, other))
    const unmoved = print([torch.tensor(0, { requires_grad: true }), torch.tensor(0, { requires_grad: true })])
    return {
      [print(descent(inputs, targets, rate, rounds - 1))]: 'One round is missing.',
      [after({ kept: true })]:
        'From the second round on, each step took the gradients of those before along: they were never zeroed, and backward adds.',
      [after({ sum: true })]:
        'This is where the sum of the squares leads. Its gradient is as many times as long as there are data; asked was the mean.',
      [after({ start: 1 })]: 'This is where one gets from w = 1 and b = 1. Begin with zeros.',
      [after({ uphill: true })]: 'Every step went uphill. The gradient points to where the loss grows.',
      [print([b, w])]: 'The right numbers, the other way round: w comes first.',
      [print([plain(w), plain(b)])]: 'The values are right, but w and b are not tracked any more.',
      [unmoved]:
        'w and b are still 0. Either the gradients were zeroed between the walk and the step, or each step made new tensors, and these never moved (or no round was made at all).',
      [print([w.item(), b.item()])]:
        'These are plain numbers. The parameters themselves were asked for: two tracked leaves.',
      [print(descent(inputs, targets, rate, rounds + 1))]: 'This is one round too many.',
    }
  }

  const errors = {
    "TypeError: Cannot read properties of null (reading 'mul')":
      'A gradient was null when the step came for it. In a later round than the first, this means that the step has made new tensors: they are computed, and no gradient is left in them.',
    "TypeError: Cannot read properties of null (reading 'zero_')":
      'A gradient was null when it was to be zeroed: before the first walk there is none.',
    [leafMoved]:
      'The step was recorded, and a leaf cannot be changed in place by something that is recorded. It is not part of the loss.',
  }

  function judge(rounds: number) {
    const [inputs, targets] = [sample([4]), sample([4])]
    const [expected, why] = [
      print(descent(inputs, targets, 0.0625, rounds)),
      wrongFits(inputs, targets, 0.0625, rounds),
    ]
    expect(errorOf(() => lesson.fitLine(inputs, targets, 0.0625, rounds))).toPrint('no error', {
      ...errors,
      otherwise:
        'If you call your own functions from above, mend those first. If this is about a record that was walked before, or about a tensor that was changed in place: the loss must be computed anew in each round, after the parameters have moved.',
    })
    expect(print(lesson.fitLine(inputs, targets, 0.0625, rounds))).toPrint(expected, why)
  }

  test('one round from zero', () => {
    judge(1)
  })

  test('two rounds: the second begins where the first ended', () => {
    judge(2)
  })

  test('with many rounds it finds the line on which the data lie (2 points)', () => {
    const inputs = torch.tensor([-1, 0, 1, 2])
    const [w, b] = [torch.tensor(sampleInteger(3, 6) / 2 + 0.25), torch.tensor(-sampleInteger(3, 6) / 2 - 0.25)]
    const targets = inputs.mul(w).add(b)
    const expected = print([tracked(w), tracked(b)])
    const why = wrongFits(inputs, targets, 0.25, 100)
    let found: Tensor[] = []
    const fit = () => {
      found = lesson.fitLine(inputs, targets, 0.25, 100)
    }
    expect(errorOf(fit)).toPrint('no error', errors)
    expect(print(found)).toPrint(expected, {
      ...why,
      otherwise:
        'The data lie on a line, and so many rounds are enough to find it. If two rounds are right and this is not, look at what is carried from one round into the next.',
    })
  })

  test('recording is on afterwards', () => {
    lesson.fitLine(sample([4]), sample([4]), 0.0625, 1)
    expect(print(torch.is_grad_enabled())).toPrint('True', leftOff)
  })
})

// Lesson 21: custom functions, recorded under their own names, with gradients that come in as something else than 1, and inputs that overflow.
import { errorOf, openLesson, print, sample, sampleInteger } from '../scripts/lesson'
import type * as Lesson from '../solutions/21-custom-function'

const { torch, lesson, task } = openLesson<typeof Lesson>('21-custom-function', {
  without: ['backward', 'autograd.grad', 'autograd.functional', 'softplus', 'logaddexp', 'logsigmoid', 'logsumexp'],
})

type Tensor = ReturnType<typeof sample>
type Words = Record<string, string> & { otherwise?: string }

const tracked = (x: Tensor) => x.clone().requires_grad_(true)
/** What is printed, with another name for what was recorded. */
const recordedAs = (text: string, name: string) => text.replace(/grad_fn=<\w+>/, `grad_fn=<${name}>`)
const unrecorded = (text: string) => text.replace(/,\s+grad_fn=<\w+>/, '')

const notRecorded = (name: string) =>
  `The numbers are right, but nobody recorded them. \`${name}.apply\` calls forward and writes the record; forward alone does not.`
const recordedElsewhere = (name: string) =>
  `The numbers are right, but they were recorded with PyTorch's own rules, and yours will never be asked. They should come from \`${name}.apply\`.`

/** Words for the right numbers with another record than that of class `name`. */
function wrongRecord(expected: string, seen: string, name: string): Words {
  if (unrecorded(seen) !== unrecorded(expected)) return {}
  return { [seen]: seen === unrecorded(seen) ? notRecorded(name) : recordedElsewhere(name) }
}

/** Compares the value, whose printed text ends with the name of the learner's class. */
function judgeValue(answer: () => Tensor, right: Tensor, name: string, why: Words = {}): void {
  const expected = recordedAs(print(right), `${name}Backward`)
  const seen = print(answer())
  expect(seen).toPrint(expected, { ...why, ...wrongRecord(expected, seen, name) })
}

/** The words for what PyTorch says to an answer of `backward` that it can't use. */
function refused(error: string, names: string): Words {
  if (error.includes('incorrect number of gradients'))
    return {
      [error]: `backward returns one gradient for each argument of forward (${names}), in the same order, and null for what has none.`,
    }
  if (error.includes('must be Tensor, not NoneType'))
    return { [error]: 'backward looked for a tensor and found nothing. Has forward saved it, and in this order?' }
  if (error.includes('must be Tensor, not list'))
    return {
      [error]:
        'ctx.saved_tensors is a list, also if one tensor was saved: `const [x] = ctx.saved_tensors` takes it out.',
    }
  if (error.includes('saved_tensors is not a function'))
    return { [error]: 'ctx.saved_tensors is a list and no function: it is written without parentheses.' }
  if (error.includes('gradient different than None'))
    return { [error]: 'A number has no gradient. null stands in its place, also where one could be computed.' }
  if (error.includes('returned an invalid gradient') || error.includes('invalid for input of size'))
    return { [error]: 'A gradient has the shape of the input that it belongs to.' }
  return {}
}

/** Walks back from `y`, with `weight` coming in. */
function walk(y: Tensor, weight: Tensor, names: string): void {
  const error = errorOf(() => y.mul(weight).sum().backward())
  expect(error).toPrint('no error', refused(error, names))
}

/** The text of what is right, if `received` is as near to it as float32 allows; else that of `received`. */
function settled(received: Tensor, right: Tensor): string {
  const isNear =
    String(received.shape) === String(right.shape) && torch.allclose(received, right, { rtol: 1e-4, atol: 0 })
  return print(isNear ? right : received)
}

task('cube', () => {
  test('x³ is recorded under the name of the class', () => {
    const x = sample([4])
    judgeValue(() => lesson.cube(tracked(x)), tracked(x).pow(3), 'Cube', {
      [recordedAs(print(tracked(x).pow(2)), 'CubeBackward')]: 'This is the square.',
      [recordedAs(print(tracked(x).mul(3)), 'CubeBackward')]: 'This is three times x.',
    })
    const input = x.clone()
    lesson.cube(input)
    expect(print(input)).toPrint(
      print(x),
      'The result is right, but x itself was changed. A name with an underscore at its end computes in place; forward makes a new tensor.',
    )
  })

  const wrongGradients = (x: Tensor, w: Tensor): Words => ({
    [print(x.pow(2).mul(3))]:
      'This is the slope, 3x². But 1 was not what came in: the result was multiplied by something before the walk. What comes in is gradOut.',
    [print(x.pow(2).mul(w))]: 'The factor 3 of the slope is missing.',
    [print(x.mul(3).mul(w))]: 'The slope of x³ is 3x², and this is 3x times what came in.',
    [print(x.pow(3).mul(w))]: 'This is the value, x³, times what came in. Its slope was asked for.',
    [print(x.pow(3))]: 'This is the value, x³. What is sent back is its slope, times what comes in.',
    [print(w)]: 'What came in was handed on as it was.',
    None: 'x got no gradient. Does backward return it?',
  })

  /** Words for a rule that takes the result for x. Its numbers are long, and rounded according to the order of the factors. */
  function resultForInput(received: Tensor | null, x: Tensor, w: Tensor): Words {
    const wrong = x.pow(6).mul(3).mul(w)
    if (received === null || settled(received, wrong) !== print(wrong)) return {}
    return { [print(received)]: 'The rule was fed with the result in place of x: input and output are confused.' }
  }

  test('the gradient is the slope 3x² times what comes in', () => {
    const [x, w] = [sample([4]), sample([4])]
    const [expected, why] = [print(x.pow(2).mul(3).mul(w)), wrongGradients(x, w)]
    const leaf = tracked(x)
    walk(lesson.cube(leaf), w, 'x')
    expect(print(leaf.grad)).toPrint(expected, { ...why, ...resultForInput(leaf.grad, x, w) })
  })

  test('two calls before one walk do not disturb each other', () => {
    const [first, second, w] = [sample([3]), sample([3]), sample([3])]
    const expected = print(first.pow(2).mul(3).mul(w))
    const why = {
      [print(second.pow(2).mul(3).mul(w))]:
        'This is the slope at the input of another call, which came later. What forward keeps belongs into ctx, of which every call has its own.',
      ...wrongGradients(first, w),
    }
    const leaf = tracked(first)
    const y = lesson.cube(leaf)
    lesson.cube(tracked(second))
    walk(y, w, 'x')
    expect(print(leaf.grad)).toPrint(expected, why)
  })

  test('a change in place of what was saved is noticed', () => {
    const start = sample([3])
    const right = print(start.pow(2).mul(3))
    const leaf = tracked(start)
    const x = leaf.mul(1)
    const y = lesson.cube(x)
    x.add_(1)
    const error = errorOf(() => y.sum().backward())
    const noticed = error.startsWith(
      'RuntimeError: one of the variables needed for gradient computation has been modified',
    )
    expect(noticed ? 'no error' : error).toPrint('no error')
    expect(noticed ? right : print(leaf.grad)).toPrint(right, {
      [print(start.add(1).pow(2).mul(3))]:
        'x was changed in place between forward and the walk, and nobody noticed: the gradient is silently wrong. Tensors that are kept by save_for_backward are watched; those that are set on ctx are not.',
    })
  })
})

task('product', () => {
  test('the product of all three is recorded under the name of the class', () => {
    const [a, b, factor] = [sample([3]), sample([3]), sampleInteger(3, 9)]
    judgeValue(() => lesson.product(tracked(a), b, factor), tracked(a).mul(b).mul(factor), 'Product', {
      [recordedAs(print(tracked(a).mul(b)), 'ProductBackward')]: 'The factor is missing.',
    })
  })

  test('each tensor gets all of the rest, times what comes in', () => {
    const [a, b, w, factor] = [sample([3]), sample([3]), sample([3]), sampleInteger(3, 9)]
    const [left, right] = [tracked(a), tracked(b)]
    const [da, db] = [b.mul(factor).mul(w), a.mul(factor).mul(w)]
    const expected = print([da, db])
    const why = {
      [print([db, da])]: 'Each got itself. In a product, each gets the others.',
      [print([b.mul(w), a.mul(w)])]: 'The factor is missing in the gradients.',
      [print([b.mul(factor), a.mul(factor)])]: 'gradOut is lost: these are the slopes alone.',
      [`(${print(da)}, None)`]: 'b got no gradient. The list has an entry for each argument, in the same order.',
      [`(None, ${print(db)})`]: 'a got no gradient. The list has an entry for each argument, in the same order.',
      [`(None, ${print(da)})`]:
        'The gradients are right, and stand in the wrong places: the entries of the list stand in the order of the arguments.',
      '(None, None)': 'Neither of the two got a gradient. Does backward return them?',
    }
    walk(lesson.product(left, right, factor), w, 'a, b, factor')
    expect(print([left.grad, right.grad])).toPrint(expected, why)
  })

  test('where only one of the two is tracked, it gets its gradient', () => {
    const [a, b, w, factor] = [sample([3]), sample([3]), sample([3]), sampleInteger(3, 9)]
    const right = tracked(b)
    const expected = print(a.mul(factor).mul(w))
    const why = {
      [print(b.mul(factor).mul(w))]: 'This belongs to a: the entries of the list stand in the order of the arguments.',
      None: 'b got no gradient. The list has an entry for each argument, in the same order, tracked or not.',
    }
    walk(lesson.product(a, right, factor), w, 'a, b, factor')
    expect(print(right.grad)).toPrint(expected, why)
  })
})

/** The true values, computed with twice as many digits. */
function softplusOf(x: Tensor): { value: Tensor; slope: Tensor } {
  const numbers = (x.tolist() as number[]).map((each) => ({
    value: Math.max(each, 0) + Math.log1p(Math.exp(-Math.abs(each))),
    slope: 1 / (1 + Math.exp(-each)),
  }))
  return {
    value: torch.tensor(numbers.map(({ value }) => value)),
    slope: torch.tensor(numbers.map(({ slope }) => slope)),
  }
}

task('softplus', () => {
  /** Where e^x is beyond what float32 can hold, on either side. */
  const far = () => torch.tensor([-1000, -300, 100, 1000]).add(sampleInteger(1, 9))

  function judgeSoftplus(x: Tensor, why: Words): void {
    const { value } = softplusOf(x)
    const expected = print(value)
    const answer = lesson.softplus(tracked(x))
    const seen = print(answer)
    const text = settled(answer.detach(), value)
    expect(text).toPrint(expected, why)
    expect(/grad_fn=<(\w+)>/.exec(seen)?.[1] ?? 'no grad_fn').toPrint('SoftplusBackward', {
      'no grad_fn': notRecorded('Softplus'),
      otherwise: recordedElsewhere('Softplus'),
    })
  }

  test('near 0 it is the plain formula', () => {
    const x = sample([5])
    judgeSoftplus(x, {
      [print(x.exp().add(1))]: 'The logarithm is missing.',
      [print(x.add(x.abs().neg().exp().log1p()))]:
        'Where x is positive, this is right. Where it is negative, the large part is not x but 0.',
      [print(x.abs().add(x.abs().neg().exp().log1p()))]:
        'Where x is positive, this is right. Where it is negative, the large part is not |x| but 0.',
      [print(x.clamp(0))]: 'This is the corner without its rounding: max(x, 0) is only the large part.',
    })
  })

  test('far out it is a number, and the right one', () => {
    const x = far()
    judgeSoftplus(x, {
      [print(x.exp().add(1).log())]:
        'Where x is large, e^x is infinite, and so is all that follows. Take the large part, x, out first.',
      [print(x.add(x.neg().exp().log1p()))]:
        'Everywhere the form for positive x was taken. Was it chosen by `x.gt(0) ? … : …`? That asks whether there is a tensor, and there is one; it does not choose for each element. Find one form for both.',
      otherwise: `x is ${print(x)}. On the far left the value is 0, and on the far right it is x itself.`,
    })
  })

  test('a tiny value is not rounded away', () => {
    const x = torch.tensor([-20 - sampleInteger(0, 9)])
    judgeSoftplus(x, {
      'tensor([0.])':
        'e^x is tiny here, and 1 + e^x is 1 in float32: the value is gone before the logarithm sees it. There is a function for ln(1 + u).',
    })
  })

  function judgeSlope(x: Tensor, w: Tensor): void {
    const leaf = tracked(x)
    const { slope } = softplusOf(x)
    const right = slope.mul(w)
    const expected = print(right)
    walk(lesson.softplus(leaf), w, 'x')
    const text = leaf.grad === null ? 'None' : settled(leaf.grad, right)
    const isSlope = leaf.grad !== null && settled(leaf.grad, slope) === print(slope)
    expect(text).toPrint(expected, {
      None: 'x got no gradient. Does backward return it?',
      [print(w)]: 'What came in was handed on as it was.',
      ...(isSlope && { [text]: 'gradOut is lost: this is the slope alone.' }),
      otherwise: text.includes('nan')
        ? 'There is nan: infinity was divided by infinity, or multiplied by 0. Bring the slope e^x / (1 + e^x) into a form in which only one of the two can be infinite.'
        : 'The slope is e^x / (1 + e^x), between 0 and 1, and what comes in is multiplied by it.',
    })
  }

  test('the gradient is the slope times what comes in', () => {
    judgeSlope(sample([4]), sample([4]))
  })

  test('far out the gradient is never nan', () => {
    judgeSlope(far(), sample([4]))
  })
})

task('roundThrough', () => {
  /** No halves, of which it depends on the rule to which side they go; some go up, and some down. */
  const uneven = (size: number) =>
    sample([size])
      .floor()
      .add(torch.tensor([0.375, 0.625, 0.125, 0.875].slice(0, size)))

  test('the value is rounded, and recorded under the name of the class', () => {
    const x = uneven(4)
    judgeValue(() => lesson.roundThrough(tracked(x)), tracked(x).round(), 'RoundThrough', {
      [recordedAs(print(tracked(x).mul(1)), 'RoundThroughBackward')]: 'Nothing is rounded.',
      [recordedAs(print(tracked(x).floor()), 'RoundThroughBackward')]:
        'This is rounded down. The nearest whole number was asked for.',
    })
  })

  test('the gradient goes straight through', () => {
    const [x, w] = [uneven(4), sample([4])]
    const expected = print(w)
    const leaf = tracked(x)
    walk(lesson.roundThrough(leaf), w, 'x')
    expect(print(leaf.grad)).toPrint(expected, {
      [print(torch.zeros(4))]:
        'This is the true derivative: 0 on every step of the stairs. With it, nothing in front of the rounding learns. Hand on what comes in.',
      [print(w.round())]: 'The gradient was rounded as well. It goes through as it is.',
      [print(torch.ones(4))]: 'These are ones. Something else came in, and that goes through.',
      [print(x.mul(w))]: 'What came in was multiplied by x. It goes through as it is.',
      None: 'x got no gradient. Does backward return it?',
    })
  })
})

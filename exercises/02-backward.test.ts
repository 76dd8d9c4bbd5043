// Lesson 02: cells 6 to 8 of the tutorial to the character, then other vectors, and other functions than 2 x·x.
import { errorOf, openLesson, print, sample, sampleInteger } from '../scripts/lesson'
import type * as Lesson from '../solutions/02-backward'

const { torch, lesson, task } = openLesson<typeof Lesson>('02-backward')

type Tensor = ReturnType<typeof sample>

/** `x` as it was before it was tracked, so that what is computed from it is not recorded. */
const plain = (x: Tensor) => torch.tensor(x.tolist())

task('loss', () => {
  const otherGraph =
    'Its gradient will be right as well. But this is another graph: the tutorial doubles last, after the dot product.'
  const wrongLosses = (x: Tensor) => ({
    [print(torch.dot(x, x))]: 'This is x·x. The loss is twice as much.',
    [print(x.mul(x).mul(2))]:
      'Each element was squared by itself, and the squares stand side by side. The dot product adds them up to one number.',
    [print(x.mul(2).dot(x))]: otherGraph,
    [print(x.mul(x).mul(2).sum())]: otherGraph,
    [print(torch.dot(plain(x), plain(x)).mul(2))]:
      'x itself has to go into the dot product, not its values in a new tensor.',
  })

  test('cell 6: the loss is 28, and its last operation was a multiplication', () => {
    const x = torch.arange(4).requires_grad_(true)
    expect(print(lesson.loss(x))).toPrint('tensor(28., grad_fn=<MulBackward0>)', wrongLosses(x))
  })

  test('a vector of any length has a loss', () => {
    const x = sample([5]).requires_grad_(true)
    const [expected, why] = [print(torch.dot(x, x).mul(2)), wrongLosses(x)]
    expect(print(lesson.loss(x))).toPrint(expected, {
      ...why,
      'tensor(28., grad_fn=<MulBackward0>)': 'This is the loss of cell 6. Another x was handed in.',
    })
  })

  test('both places of the dot product send a gradient back to x', () => {
    const x = sample([4]).requires_grad_(true)
    const [loss, gradient, half] = [torch.dot(plain(x), plain(x)).mul(2), plain(x).mul(4), plain(x).mul(2)].map(print)
    const y = lesson.loss(x)
    const value = print(y).replace(/, (grad_fn|requires_grad)=.*/, ')')
    expect(value).toPrint(loss!, 'Before its gradient can be right, the loss has to be.')
    expect(errorOf(() => y.backward())).toPrint(
      'no error',
      'Nothing was recorded, so nothing can go back to x: x itself has to go into the dot product, not its values in a new tensor.',
    )
    expect(print(x.grad)).toPrint(gradient!, {
      [half!]:
        'Half of the gradient arrives at x. The value of the loss is right, so one place of the dot product must hold a tensor with the values of x that is not x: nothing flows back through that place.',
    })
  })
})

const wrongGradients = (x: Tensor) => ({
  [print(plain(x).mul(2))]:
    'This is 2x: half of the gradient. Either the factor 2 was lost, or only one of the two places of the dot product holds x itself.',
  [print(plain(x))]:
    'This is x: a quarter of the gradient. One place of the dot product holds a tensor that is not x, and the factor 2 was lost as well.',
  [print(x.mul(4))]:
    'This is a formula, computed from x: its own record (grad_fn) shows it. Let the engine find the gradient, and return what it wrote into x.',
  [print(x)]: 'This is x itself. Its gradient is another tensor, which x holds.',
  [print(torch.dot(x, x).mul(2))]: 'This is the loss. backward leaves the gradient in x, not in the loss.',
  None: 'Either the gradient was read before the backward pass, when there was none, or from another tensor than x. backward first, then read x.grad.',
})

task('gradient', () => {
  test('cell 7: backward on the loss leaves 4 x in x.grad', () => {
    const x = torch.arange(4).requires_grad_(true)
    expect(print(lesson.gradient(x))).toPrint('tensor([ 0.,  4.,  8., 12.])', wrongGradients(x))
  })

  test('another x has another gradient, of its own shape', () => {
    const x = sample([5]).requires_grad_(true)
    const [expected, why] = [print(plain(x).mul(4)), wrongGradients(x)]
    expect(print(lesson.gradient(x))).toPrint(expected, {
      ...why,
      'tensor([ 0.,  4.,  8., 12.])': 'This is the gradient of cell 7. Another x was handed in.',
    })
  })

  test('the gradient stands in x afterwards', () => {
    const x = sample([4]).requires_grad_(true)
    const [expected, why] = [print(plain(x).mul(4)), wrongGradients(x)]
    const answer = print(lesson.gradient(x))
    const holds = print(x.grad)
    expect(holds).toPrint(expected, {
      ...why,
      None:
        answer === expected
          ? 'The right numbers came back, yet x holds no gradient: they come from the formula 4x, and no backward pass ran. The next loss has no formula ready.'
          : 'x holds no gradient: no backward pass has reached it.',
    })
  })
})

task('matchesFormula', () => {
  test('cell 8: the gradient of 2 x·x is 4 x in every place', () => {
    const x = torch.arange(4).requires_grad_(true)
    torch.dot(x, x).mul(2).backward()
    expect(print(lesson.matchesFormula(x))).toPrint('tensor([True, True, True, True])', {
      False:
        'Between tensors, === asks whether both are one and the same object, and they never are. There is a method that compares the elements.',
      True: 'One answer for the whole tensor. The task asks for one for each element.',
      'tensor([ True, False, False, False])':
        'Only 0 agrees. Either the formula has another factor than 4, or the gradient is no longer what it was: x held it when your function was called, so there is nothing to run backward on.',
    })
  })

  test('another loss agrees with 4 x only where its gradient does', () => {
    const x = sample([4]).requires_grad_(true)
    const values = x.tolist() as number[]
    const lowest = Math.min(...values)
    const wanted = torch.tensor(values.map((value) => (value === lowest ? 4 * value + 1 : 4 * value)))
    torch.dot(x, wanted).backward()
    const expected = print(wanted.eq(plain(x).mul(4)))
    expect(print(lesson.matchesFormula(x))).toPrint(expected, {
      'tensor([True, True, True, True])':
        'Here x.grad differs from 4x in one place, and the comparison did not notice. Are the two sides of it x.grad and 4x?',
      otherwise: `Here x.grad is ${print(wanted)}: compare it as it is, with 4x.`,
    })
  })
})

task('gradientOf', () => {
  const wrongAnswers = (f: (x: Tensor) => Tensor, x: Tensor) => ({
    None: 'Either the gradient was read before the backward pass, when there was none, or from another tensor than x. backward first, then read x.grad.',
    [print(f(x))]: 'This is the value of the function. backward leaves the gradient in x.',
    [print(x)]: 'This is x itself. Its gradient is another tensor, which x holds.',
    [print(plain(x).mul(4))]:
      'This is 4x, the gradient of 2 x·x. Another function was handed in; only backward knows its gradient.',
  })

  test('a sum of cubes has the gradient 3 x²', () => {
    const x = sample([4]).requires_grad_(true)
    const cubes = (v: Tensor) => v.mul(v).mul(v).sum()
    const expected = plain(x).mul(plain(x)).mul(3)
    expect(print(lesson.gradientOf(cubes, x))).toPrint(print(expected), wrongAnswers(cubes, x))
  })

  test('the gradient of a dot product with constants is the constants', () => {
    const x = sample([3]).requires_grad_(true)
    const w = sample([3])
    const weighted = (v: Tensor) => torch.dot(v, w)
    expect(print(lesson.gradientOf(weighted, x))).toPrint(print(w), wrongAnswers(weighted, x))
  })
})

task('derivative', () => {
  const numberForTensor = 'f was called with a plain number. It wants a tensor: make one of the number first.'
  const whyItThrows = {
    'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn':
      'backward found no record to walk: the tensor made from the number is not tracked, so nothing that f did with it was written down.',
    "TypeError: Cannot read properties of null (reading 'item')":
      'The tensor holds no gradient: its grad is null. Was backward called, with its parentheses, on what f returned, and before you read?',
    'TypeError: a.mul is not a function': numberForTensor,
    'TypeError: v.mul is not a function': numberForTensor,
  }

  const tensorForNumber = 'This is the gradient, as a tensor. The task asks for the number in it.'

  test('a³ has the derivative 27 at 3', () => {
    const cube = (a: Tensor) => a.mul(a).mul(a)
    expect(errorOf(() => lesson.derivative(cube, 3))).toPrint('no error', whyItThrows)
    expect(print(lesson.derivative(cube, 3))).toPrint('27', {
      'tensor(27.)': tensorForNumber,
      'tensor([27.])': tensorForNumber,
      '9': 'This is a², one third of it: the derivative of a³ has a factor of its own.',
    })
  })

  test('any function, at any number, with no formula at hand', () => {
    const a = sample([]).item()
    const q = sampleInteger(2, 5)
    const f = (v: Tensor) => v.mul(v).mul(3).add(v.mul(q)).add(1)
    const value = f(torch.tensor(a)).item()
    const expected = 6 * a + q
    expect(errorOf(() => lesson.derivative(f, a))).toPrint('no error', whyItThrows)
    expect(print(lesson.derivative(f, a))).toPrint(print(expected), {
      [print(torch.tensor(expected))]: tensorForNumber,
      [print(torch.tensor([expected]))]: tensorForNumber,
      [print(value)]: 'This is the value of f at a. The derivative stands in the gradient of the tensor that went in.',
      [print(3 * a * a)]:
        'This is the derivative of a³. Another function was handed in; only backward knows its derivative.',
      otherwise: `f is 3a² + ${q}a + 1 here, and a is ${a}. If you are close but not exact: a small step and a quotient give an estimate; backward gives the derivative.`,
    })
  })
})

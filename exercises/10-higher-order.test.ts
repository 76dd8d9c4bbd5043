// Lesson 10: second and higher derivatives, Hessians times vectors, and a gradient penalty, of functions that the lesson does not show.
import { errorOf, openLesson, print, sample, sampleInteger } from '../scripts/lesson'
import type * as Lesson from '../solutions/10-higher-order'

const { torch, lesson, task } = openLesson<typeof Lesson>('10-higher-order')

type Tensor = ReturnType<typeof sample>
type Step = (x: Tensor) => Tensor

const cubes: Step = (x) => x.mul(x).mul(x)
const fourthPowers: Step = (x) => cubes(x).mul(x)
const sumOfCubes: Step = (x) => cubes(x).sum()
/** Every element of its gradient depends on every element of `x`. */
const mixing: Step = (x) => torch.dot(x, x).mul(x.sum())

/** The values of `x` in a tensor of their own, not tracked. */
const plain = (x: Tensor) => torch.tensor(x.tolist())
/** What is printed, without the note on how it was computed. */
const bare = (text: string) => text.replace(/,\s+(grad_fn=<\w+>|requires_grad=True)/g, '')

/** The gradient of `f` at the values of `x`, found on a copy. */
function gradientAt(f: Step, x: Tensor): Tensor {
  const copy = plain(x).requires_grad_(true)
  f(copy).sum().backward()
  return copy.grad!
}

/** A tracked tensor that went through a backward pass before. */
function used(x: Tensor): Tensor {
  x.requires_grad_(true)
  x.mul(x).sum().backward()
  return x
}

const notRecorded = 'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn'
const notOneNumber = 'RuntimeError: grad can be implicitly created only for scalar outputs'

const stays = {
  otherwise:
    'x holds another gradient than before your function was called: a walk has added something to it, or it was let go. `backward` writes into .grad; the function that returns the gradient instead does not.',
}

const forgotten = {
  [notRecorded]:
    'The second walk has no record to go by. The first gradient was computed during a walk, and that walk was not recorded: it must be told to make a graph.',
  [notOneNumber]:
    'A walk was begun at several values, with nothing said about how they count. The gradient has as many values as x: make one number of them, or say which seed.',
}

task('gradientOnly', () => {
  const wrongGradients = (f: Step, x: Tensor) => ({
    [bare(print([gradientAt(f, x)]))]:
      'This is a list with the right gradient in it. The gradient was asked for: take it out of the list.',
    [bare(print(f(x)))]: 'This is the value of f. Its gradient was asked for.',
    [print(plain(x).mul(4))]:
      'This is 4x, the gradient of 2 x·x. Another function was handed in; only a walk knows its gradient.',
    ...(x.grad && {
      [print(gradientAt(f, x).add(x.grad))]:
        'The gradient that x held before is in it: `backward` adds to it. Use the function that returns the gradient alone.',
      [print(x.grad)]: 'This is what x held before your function was called.',
    }),
    None: 'x.grad is null: no walk wrote to it. The function that leaves .grad alone returns the gradient.',
  })

  test('the gradient comes back', () => {
    const x = sample([3]).requires_grad_(true)
    const [expected, why] = [print(gradientAt(sumOfCubes, x)), wrongGradients(sumOfCubes, x)]
    expect(bare(print(lesson.gradientOnly(sumOfCubes, x)))).toPrint(expected, why)
  })

  test('what x.grad held is neither in the answer nor changed', () => {
    const x = used(sample([3]))
    const [expected, why] = [print(gradientAt(mixing, x)), wrongGradients(mixing, x)]
    const old = print(x.grad)
    expect(bare(print(lesson.gradientOnly(mixing, x)))).toPrint(expected, why)
    expect(print(x.grad)).toPrint(old, stays)
  })

  test('another tracked tensor that f uses receives nothing', () => {
    const [x, w] = [sample([3]).requires_grad_(true), sample([3]).requires_grad_(true)]
    lesson.gradientOnly((v) => v.mul(v).mul(w).sum(), x)
    expect(print([x.grad, w.grad])).toPrint(
      '(None, None)',
      'Your function was asked for the gradient at x, to be returned. Now a leaf holds one: `backward` leaves gradients in all leaves that it comes to, also in those that f uses besides x.',
    )
  })
})

task('secondDerivative', () => {
  const second = (f: Step, x: Tensor) =>
    gradientAt((v) => torch.autograd.grad(f(v).sum(), v, { create_graph: true })[0], x)

  const wrongDerivatives = (f: Step, x: Tensor) => ({
    [print(gradientAt(f, x))]: 'This is the first derivative. The second was asked for.',
    [print(gradientAt(f, x).add(second(f, x)))]:
      'This is the first derivative plus the second: both walks have added to the same x.grad. Take the gradients from the function that returns them.',
    [bare(print(f(x)))]: 'This is the value of f. Its second derivative was asked for.',
    [print(plain(x).sin().neg())]: 'This is minus the sine, the answer for the sine. Another function was handed in.',
    [print(gradientAt(f, x).pow(2))]:
      'This is the square of the first derivative. The second derivative is the derivative of the first.',
  })

  function judge(f: Step, x: Tensor) {
    const [expected, why, old] = [print(second(f, x)), wrongDerivatives(f, x), print(x.grad)]
    expect(errorOf(() => lesson.secondDerivative(f, plain(x).requires_grad_(true)))).toPrint('no error', forgotten)
    expect(bare(print(lesson.secondDerivative(f, x)))).toPrint(expected, why)
    expect(print(x.grad)).toPrint(old, stays)
  }

  test('of the sine it is minus the sine', () => {
    judge((v) => v.sin(), sample([4]).requires_grad_(true))
  })

  test('of the cube it is 6 times the number', () => {
    judge(cubes, sample([3]).requires_grad_(true))
  })

  test('every element has one, in any shape', () => {
    judge(fourthPowers, sample([2, 3]).requires_grad_(true))
  })

  test('a gradient that x held before stays where it is, and out of the answer', () => {
    judge(cubes, used(sample([3])))
  })
})

task('derivatives', () => {
  /** f(x) and its derivatives, and what a few known mistakes make of them. */
  function listFor(f: Step, x: Tensor, n: number): Tensor[] {
    const list = [f(plain(x).requires_grad_(true))]
    let g: Step = f
    for (let order = 1; order <= n; order++) {
      const before: Step = g
      g = (v) => {
        const d = before(v)
        return d.requires_grad ? torch.autograd.grad(d, v, { create_graph: true })[0] : torch.zeros_like(v)
      }
      list.push(g(plain(x).requires_grad_(true)))
    }
    return list
  }

  /** What x.grad holds after 1, 2, … n walks, each from what the one before has left there: each adds its own derivative. */
  function added(derivatives: Tensor[], n: number): Tensor[] {
    const sums: Tensor[] = []
    for (let row = derivatives; sums.length < n; row = row.slice(1).map((d, i) => d.add(row[i]!))) sums.push(row[0]!)
    return sums
  }

  const listText = (list: unknown) => bare(print(list))

  const wrongLists = (f: Step, x: Tensor, n: number) => {
    const list = listFor(f, x, n + 1)
    const again = [list[0], ...Array.from({ length: n }, () => list[1])]
    const sums = added(list.slice(1), n)
    return {
      [listText([list[0], ...sums])]:
        'From the second derivative on, those before it are in each: they were added up in x.grad. Take the gradients from the function that returns them.',
      [listText(again)]:
        'The first derivative stands in every place: f(x) was differentiated again and again. Each entry is the derivative of the entry before it.',
      [listText(list.slice(1))]: 'f(x) itself is missing at the beginning, and the list goes one derivative too far.',
      [listText(list.slice(1, n + 1))]: 'The derivatives are right. f(x) itself comes before them.',
      [listText(list.slice(0, list.findIndex((d) => !d.requires_grad) + 1))]:
        'The list ends at the first derivative that is constant. The derivatives of a constant are 0, and they belong to the list.',
      [listText(list.slice(0, n))]: `The list ends too early: with f(x) and ${n} derivatives it has ${n + 1} entries.`,
      [listText(list)]: `The list goes one too far: with f(x) and ${n} derivatives it has ${n + 1} entries.`,
      '()': 'The list is empty.',
    }
  }

  function judge(f: Step, n: number, errors: Record<string, string>) {
    const x = sample([]).requires_grad_(true)
    const [expected, why] = [listText(listFor(f, x, n)), wrongLists(f, x, n)]
    expect(errorOf(() => lesson.derivatives(f, plain(x).requires_grad_(true), n))).toPrint('no error', errors)
    expect(listText(lesson.derivatives(f, x, n))).toPrint(expected, why)
    expect(print(x.grad)).toPrint('None', stays)
  }

  const freed = {
    'RuntimeError: Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward.':
      'A record was walked for the second time. Each derivative has a record of its own, if the walk that found it was recorded: begin at the latest one.',
  }

  test('each is the derivative of the one before', () => {
    judge(fourthPowers, 4, { ...forgotten, ...freed })
  })

  test('the list is as long as was asked for', () => {
    judge((v) => fourthPowers(v).add(v.mul(v)), sampleInteger(2, 3), { ...forgotten, ...freed })
  })

  test('with n = 0 it is f(x) alone', () => {
    judge(cubes, 0, { ...forgotten, ...freed })
  })

  test('behind a constant derivative everything is 0', () => {
    judge(cubes, sampleInteger(5, 6), {
      ...freed,
      [notRecorded]:
        'The third derivative of the cube is 6, whatever x is. Nothing tracked went into it, so there is no record to walk; but its derivative is known. (If no list of derivatives works yet, it is the other meaning of this sentence: a walk was not recorded.)',
    })
  })
})

task('hessianVector', () => {
  const hessian = (f: Step, x: Tensor) => torch.autograd.functional.hessian(f, plain(x))

  const wrongProducts = (f: Step, x: Tensor, v: Tensor) => {
    const [h, g] = [hessian(f, x), gradientAt(f, x)]
    const [right, rows] = [h.matmul(v), h.sum(1)]
    return {
      [print(rows)]:
        'These are the sums of the rows of the Hessian, as if v were all ones. v never got to the second walk.',
      [print(rows.mul(v))]:
        'v was multiplied into the finished second gradient. By then the rows are added up: v has to weigh the elements of the first gradient, before the second walk.',
      [print(g.mul(v))]: 'This is the gradient times v, element by element. Where is the second walk?',
      [print(torch.dot(g, v))]:
        'This is the dot product of the gradient with v, the number from which the second walk can begin. Where is that walk?',
      [print(g)]: 'This is the gradient. Where are v and the second walk?',
      [print(h)]: 'This is the whole Hessian. Its product with v was asked for.',
      [print(right.add(g))]:
        'The gradient itself is in it: both walks have added to the same x.grad. Take the gradients from the function that returns them.',
    }
  }

  function judge(f: Step, x: Tensor) {
    const v = sample(x.shape)
    const [expected, why, old] = [print(hessian(f, x).matmul(v)), wrongProducts(f, x, v), print(x.grad)]
    expect(errorOf(() => lesson.hessianVector(f, plain(x).requires_grad_(true), v))).toPrint('no error', {
      ...forgotten,
      [`RuntimeError: Mismatch in shape: grad_output[0] has a shape of torch.Size([${v.shape}]) and output[0] has a shape of torch.Size([]).`]:
        'v was given to the first walk, which begins at one number. v has a number for each element of the gradient, so it belongs to the walk that begins there: the second.',
    })
    expect(bare(print(lesson.hessianVector(f, x, v)))).toPrint(expected, why)
    expect(print(x.grad)).toPrint(old, stays)
  }

  test('the function of the lesson, at another place and in another direction', () => {
    const f: Step = (p) =>
      p
        .index([0])
        .mul(p.index([1]))
        .mul(p.index([1]))
    judge(f, sample([2]).requires_grad_(true))
  })

  test('where all elements mix, each weighs in', () => {
    judge(mixing, sample([3]).requires_grad_(true))
  })

  test('where none mix, only the diagonal counts', () => {
    judge(sumOfCubes, sample([4]).requires_grad_(true))
  })

  test('a gradient that x held before is neither changed nor added to the product', () => {
    judge(mixing, used(sample([3])))
  })
})

task('penalized', () => {
  type Loss = (w: Tensor, x: Tensor) => Tensor
  const bent: Loss = (w, x) => w.mul(x).mul(x).sum()
  const mixed: Loss = (w, x) => torch.dot(w, x).mul(x.sum())

  const slopeAt = (loss: Loss, w: Tensor, x: Tensor) => gradientAt((v) => loss(plain(w), v), x)

  /** The sum, written with a slope that is recorded. */
  function penalty(loss: Loss, w: Tensor, x: Tensor): Tensor {
    const probe = plain(x).requires_grad_(true)
    const [g] = torch.autograd.grad(loss(w, probe), probe, { create_graph: true })
    return torch.dot(g, g)
  }

  const errors = {
    'RuntimeError: The differentiated Tensor at index 0 appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.':
      'The gradient was asked for at a tensor that did not go into the loss. Hand your leaf to `loss`, and ask for the gradient at that same leaf.',
    'RuntimeError: One of the differentiated Tensors does not require grad':
      'The gradient was asked for at a tensor that is not tracked. x is data; you need a tracked leaf with its values.',
  }

  test('the value is the loss plus the weighted square of its slope at x', () => {
    const [w, x, strength] = [sample([3]).requires_grad_(true), sample([3]), sampleInteger(1, 3) + 0.5]
    const loss = mixed(plain(w), x)
    const g = slopeAt(mixed, w, x)
    const square = torch.dot(g, g)
    const atWeights = gradientAt((v) => mixed(v, x), w)
    const why = {
      [print(loss)]: 'This is the loss alone. The penalty is missing.',
      [print(square.mul(strength))]: 'This is the penalty alone. The loss itself belongs to it.',
      [print(loss.add(square))]: 'The penalty is there, but without its strength.',
      [print(loss.add(g.sum().mul(strength)))]:
        'The elements of the slope were added, without being squared. So slopes up and slopes down cancel.',
      [print(loss.add(square.sqrt().mul(strength)))]:
        'The penalty is the length of the slope here. Its square was asked for, without a root.',
      [print(loss.add(square.div(3).mul(strength)))]: 'This takes the mean of the squares. Their sum was asked for.',
      [print(loss.add(square).mul(strength))]: 'The strength multiplies the loss too. It belongs to the penalty only.',
      [print(loss.add(torch.dot(atWeights, atWeights).mul(strength)))]:
        'The slope was taken at the weights. The one at x was asked for: how the loss answers when the data tremble.',
    }
    expect(errorOf(() => lesson.penalized(mixed, w, x.clone(), strength))).toPrint('no error', errors)
    expect(bare(print(lesson.penalized(mixed, w, x, strength)))).toPrint(print(loss.add(square.mul(strength))), why)
  })

  test('the weights feel the penalty too (2 points)', () => {
    const [w, x, strength] = [sample([3]).requires_grad_(true), sample([3]), sampleInteger(1, 3) + 0.5]
    const ofLoss = gradientAt((v) => bent(v, x), w)
    const ofPenalty = gradientAt((v) => penalty(bent, v, x), w).mul(strength)
    const y = lesson.penalized(bent, w, x, strength)
    print(y) // throws the right words if nothing came back
    expect(errorOf(() => y.backward())).toPrint('no error', {
      [notRecorded]: 'Nothing leads from the answer back to w.',
      [notOneNumber]: 'Your answer has several values, and a walk begins at one number. Add the squares up.',
      otherwise:
        'The walk from your answer ended in an error: its record had been walked before, and was not kept. The first walk must be recorded; that keeps the record of the loss, too.',
    })
    expect(bare(print(w.grad))).toPrint(print(ofLoss.add(ofPenalty)), {
      [print(ofLoss)]:
        'This is the gradient of the loss alone. The penalty is in the value, but there is no way back through it: the slope must be computed by a walk that is recorded, and not be detached.',
      [print(ofPenalty)]: 'This is the gradient of the penalty alone. The loss itself has no way back.',
      [print(ofLoss.mul(2).add(ofPenalty))]:
        'The gradient of the loss is in it twice: the first walk has left one in w already. `backward` leaves gradients in all leaves that it comes to.',
      [print(ofLoss.add(ofPenalty.div(strength)))]: 'The penalty is there, but without its strength.',
      None: 'No gradient has arrived at w.',
    })
  })

  test('before that walk w holds no gradient, and x is not tracked', () => {
    const [w, x] = [sample([2]).requires_grad_(true), sample([2])]
    lesson.penalized(bent, w, x, 2)
    expect(print(x.requires_grad)).toPrint(
      'False',
      'x is tracked after your function. It is data, and belongs to the caller; take a leaf of your own with its values.',
    )
    expect(print(w.grad)).toPrint(
      'None',
      'w holds a gradient already. The first walk was to find the slope at x only; `backward` leaves gradients in all leaves that it comes to.',
    )
  })
})

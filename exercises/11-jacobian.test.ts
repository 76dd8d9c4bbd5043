// Lesson 11: rows, Jacobians, Hessians and gradients per sample, of functions that the lesson does not show, in shapes that are not square.
import { errorOf, openLesson, print, sample, sampleInteger } from '../scripts/lesson'
import type * as Lesson from '../solutions/11-jacobian'

const { torch, lesson, task } = openLesson<typeof Lesson>('11-jacobian')

type Tensor = ReturnType<typeof sample>
type Step = (x: Tensor) => Tensor

/** As many values as `matrix` has rows, whatever the length of `x`. */
const through =
  (matrix: Tensor): Step =>
  (x) => {
    const rows = matrix.matmul(x)
    return rows.mul(rows)
  }
/** Every value depends on every element, each in its own way. */
const timesTotal: Step = (x) => x.mul(x).mul(x.sum())
/** Every element of its gradient depends on every element of `x`. */
const mixing: Step = (x) => torch.dot(x, x).mul(x.sum())

/** The values of `x` in a tensor of their own, not tracked. */
const plain = (x: Tensor) => torch.tensor(x.tolist())
const tracked = (x: Tensor) => plain(x).requires_grad_(true)
/** What is printed, without the note on how it was computed. */
const bare = (text: string) => text.replace(/,\s+(grad_fn=<\w+>|requires_grad=True)/g, '')

/** A tracked tensor that went through a backward pass before. */
function used(x: Tensor): Tensor {
  x.requires_grad_(true)
  x.mul(x).sum().backward()
  return x
}

/** `f`, and how often it was called. */
function counted(f: Step): { f: Step; calls(): number } {
  let calls = 0
  return {
    f: (x) => {
      calls++
      return f(x)
    },
    calls: () => calls,
  }
}

const freed =
  'RuntimeError: Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward.'
const notRecorded = 'RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn'
const notOneNumber = 'RuntimeError: grad can be implicitly created only for scalar outputs'

const usedUp = {
  [freed]:
    'The first row came out, and the walk to it used the record up; for the second row there was none left. Each walk must keep it for the next.',
}
const whichRow = {
  [notOneNumber]: 'A walk was begun at several values, with nothing said about how they count. Which row is it to be?',
}
/** Words for an index that is too large, whatever the error says about it. */
const outOfRange = (seen: string, words: string) => (seen.startsWith('IndexError: ') ? { [seen]: words } : {})

const stays =
  'The answer is right, but x holds another gradient than before: `backward` adds to .grad. The function that returns the gradient leaves it alone.'

/** What comes out if rows are read from `.grad`, where each walk adds to what is there. */
const addedUp = (rows: Tensor) => {
  const [count, total] = [rows.shape[0]!, rows.sum(0)]
  return {
    [print(torch.stack(Array.from({ length: count }, () => total)))]:
      'Every row holds the same: the sum of all rows. Either each walk added to one and the same .grad, and your list holds that one tensor several times; or every seed was all ones.',
    [print(rows.cumsum(0))]:
      'Each row holds the sum of all rows up to it: the walks have added to what .grad held from the rows before.',
  }
}

const rowsOf = (matrix: Tensor) => Array.from({ length: matrix.shape[0]! }, (_, i) => matrix.index([i]))
const unstacked = 'All rows are right, but they stand in a list. `torch.stack` makes one tensor of them.'

task('jacobianRow', () => {
  const wrongRows = (f: Step, x: Tensor, i: number) => {
    const j = torch.autograd.functional.jacobian(f, plain(x))
    const right = j.index([i])
    const columns =
      i < x.shape[0]!
        ? {
            [print(j.t().index([i]))]:
              'This is a column of the Jacobian. A row belongs to one value that comes out, and has an entry for each that goes in.',
          }
        : {}
    return {
      ...columns,
      [print(j.sum(0))]:
        'These are all rows, added up: every value of f(x) counted once. Only one of them should count.',
      [print(j)]: 'This is the whole Jacobian. One row of it was asked for.',
      [print(f(plain(x)))]: 'These are the values of f. The way one of them depends on x was asked for.',
      ...(x.grad && {
        [print(right.add(x.grad))]:
          'The gradient that x held before is in it: `backward` adds to it. Use the function that returns the gradient alone.',
      }),
      [print(j.index([0]))]: 'This is row 0. Another one was asked for; the first has the number 0.',
      [print(j.index([Math.max(0, i - 1)]))]:
        'This is the row before the one that was asked for: rows are counted from 0.',
    }
  }

  function judge(f: Step, x: Tensor, i: number) {
    const j = torch.autograd.functional.jacobian(f, plain(x))
    const [expected, why, old] = [print(j.index([i])), wrongRows(f, x, i), print(x.grad)]
    const [m, n] = j.shape as [number, number]
    const seen = errorOf(() => lesson.jacobianRow(f, tracked(x), i))
    expect(seen).toPrint('no error', {
      ...whichRow,
      ...outOfRange(
        seen,
        `Something was asked for element ${i} that has fewer elements. f(x) has ${m}, and x has ${n}.`,
      ),
      [`RuntimeError: Mismatch in shape: grad_output[0] has a shape of torch.Size([${n}]) and output[0] has a shape of torch.Size([${m}]).`]:
        'The seed has the shape of x. It stands at the other end: it needs a number for each value of f(x).',
    })
    expect(bare(print(lesson.jacobianRow(f, x, i)))).toPrint(expected, why)
    expect(print(x.grad)).toPrint(old, stays)
  }

  test('more values than elements: a row for each value', () => {
    judge(through(sample([4, 2])), sample([2]).requires_grad_(true), sampleInteger(2, 3))
  })

  test('fewer values than elements: each row is as long as x', () => {
    judge(through(sample([2, 3])), sample([3]).requires_grad_(true), 1)
  })

  test('in a square, a row is not a column', () => {
    judge(timesTotal, sample([3]).requires_grad_(true), sampleInteger(1, 2))
  })

  test('a gradient that x held before is neither changed nor in the row', () => {
    judge(timesTotal, used(sample([3])), 1)
  })
})

task('jacobian', () => {
  const wrongMatrices = (j: Tensor) => ({
    ...addedUp(j),
    [print(j.t())]:
      'This is the transpose: what should be rows stands in columns. Entry [i, j] says how value i of f(x) depends on element j of x.',
    [print(j.sum(0))]:
      'This is one vector: all rows added up, as a single walk from the sum gives it. The matrix was asked for.',
    [print(j.reshape([-1]))]: 'All entries are there, one behind the other. Each row should be a row of a matrix.',
    [print(j.sum(0, true))]: 'These are all rows, added up to one.',
    [print(j.index([torch.slice(0, 1)]))]:
      'Rows are missing: this is the first alone. There is one for each value of f(x), and `y.shape[0]` says how many.',
    [print(rowsOf(j))]: unstacked,
  })

  function judge(f: Step, x: Tensor) {
    const j = torch.autograd.functional.jacobian(f, plain(x))
    const [expected, why, old] = [print(j), wrongMatrices(j), print(x.grad)]
    const [m, n] = j.shape as [number, number]
    const seen = errorOf(() => lesson.jacobian(f, tracked(x)))
    expect(seen).toPrint('no error', {
      ...usedUp,
      ...whichRow,
      ...outOfRange(
        seen,
        `A row was asked for that is not there. f(x) has ${m} values, so there are ${m} rows; x has ${n} elements.`,
      ),
      [`RuntimeError: Mismatch in shape: grad_output[0] has a shape of torch.Size([${n}]) and output[0] has a shape of torch.Size([${m}]).`]:
        'The seeds have the shape of x. They stand at the other end: each needs a number for each value of f(x).',
    })
    expect(bare(print(lesson.jacobian(f, x)))).toPrint(expected, {
      ...why,
      ...(n < m && {
        [print(j.index([torch.slice(0, n)]))]:
          `Rows are missing. There is one for each value of f(x), and here f(x) has more values than x has elements.`,
      }),
    })
    expect(print(x.grad)).toPrint(old, stays)
  }

  test('a row for each value, a column for each element', () => {
    judge(through(sample([4, 2])), sample([2]).requires_grad_(true))
  })

  test('fewer values than elements', () => {
    judge(through(sample([2, 3])), sample([3]).requires_grad_(true))
  })

  test('a square one stands the right way round', () => {
    judge(timesTotal, sample([3]).requires_grad_(true))
  })

  test('a gradient that x held before is neither changed nor in the matrix', () => {
    judge(timesTotal, used(sample([2])))
  })

  test('f is called once', () => {
    const x = sample([2]).requires_grad_(true)
    const { f, calls } = counted(through(sample([3, 2])))
    errorOf(() => lesson.jacobian(f, x))
    expect(print(calls())).toPrint('1', {
      0: 'f was not called at all, so there is no record to walk.',
      otherwise: 'f was called more than once. One record is enough for all rows, if each walk keeps it for the next.',
    })
  })
})

task('hessian', () => {
  const errors = {
    ...usedUp,
    [notRecorded]:
      'The second walk has no record to go by. The gradient was computed during a walk, and that walk was not recorded: it must be told to make a graph.',
    [notOneNumber]:
      'A walk was begun at the whole gradient, with nothing said about how its elements count. Each row belongs to one of them.',
  }

  function judge(f: Step, x: Tensor) {
    const h = torch.autograd.functional.hessian(f, plain(x))
    const gradient = torch.autograd.grad(f(x), x)[0]
    const [expected, old] = [print(h), print(x.grad)]
    const why = {
      ...addedUp(h),
      [print(h.sum(0))]:
        'These are the rows of the Hessian, added up, as a walk from the sum of the gradient gives them. The matrix was asked for.',
      [print(gradient)]: 'This is the gradient. The Hessian is the Jacobian of it.',
      [print(h.reshape([-1]))]: 'All entries are there, one behind the other. Each row should be a row of a matrix.',
      [print(torch.stack(Array.from({ length: x.shape[0]! }, () => gradient)))]:
        'Every row is the gradient of f. The rows are the gradients of its elements.',
    }
    expect(errorOf(() => lesson.hessian(f, tracked(x)))).toPrint('no error', errors)
    expect(bare(print(lesson.hessian(f, x)))).toPrint(expected, why)
    expect(print(x.grad)).toPrint(old, stays)
  }

  test('of the function of lesson 10, at another place', () => {
    judge(
      (p) =>
        p
          .index([0])
          .mul(p.index([1]))
          .mul(p.index([1])),
      sample([2]).requires_grad_(true),
    )
  })

  test('of x·(A x) it is A plus its transpose', () => {
    const matrix = sample([3, 3])
    judge((v) => torch.dot(v, matrix.matmul(v)), sample([3]).requires_grad_(true))
  })

  test('of a function in which all elements mix, with as many rows as x has elements', () => {
    judge(mixing, sample([sampleInteger(3, 4)]).requires_grad_(true))
  })

  test('a gradient that x held before is neither changed nor in it', () => {
    judge(mixing, used(sample([2])))
  })

  test('f is called once for all of it', () => {
    const x = sample([3]).requires_grad_(true)
    const { f, calls } = counted(mixing)
    errorOf(() => lesson.hessian(f, x))
    expect(print(calls())).toPrint('1', {
      0: 'f was not called at all, so there is no record to walk.',
      otherwise:
        'f was called more than once. One record of the gradient is enough for all rows, if each walk keeps it for the next.',
    })
  })
})

task('perSampleGradients', () => {
  type Loss = (w: Tensor, input: Tensor, target: Tensor) => Tensor
  const squared: Loss = (w, input, target) => torch.dot(w, input).sub(target).pow(2)
  const weighted: Loss = (w, input, target) => w.mul(w).mul(input).sum().mul(target)

  const gradientFor = (loss: Loss, w: Tensor, input: Tensor, target: Tensor) => {
    const copy = tracked(w)
    loss(copy, input, target).backward()
    return copy.grad!
  }
  const all = (loss: Loss, w: Tensor, inputs: Tensor, targets: Tensor, sampleOf = (i: number) => [i, i] as const) =>
    torch.stack(
      Array.from({ length: inputs.shape[0]! }, (_, i) => {
        const [row, target] = sampleOf(i)
        return gradientFor(loss, w, inputs.index([row]), targets.index([target]))
      }),
    )

  const atOnce =
    'loss was given several samples at once, or several targets. It makes one number of one row and one target: call it for each sample.'

  function judge(loss: Loss, w: Tensor, inputs: Tensor, targets: Tensor) {
    const right = all(loss, w, inputs, targets)
    const old = print(w.grad)
    const [count, size] = inputs.shape as [number, number]
    const why = {
      ...addedUp(right),
      [print(rowsOf(right))]: unstacked,
      [print(right.sum(0))]:
        'This is the gradient of the whole batch: the rows, added up. From the sum nobody can get back to what each sample wants.',
      [print(right.mean(0))]: 'This is the mean over the batch. The gradient of each sample by itself was asked for.',
      [print(right.t())]:
        'All gradients are there, but each stands in a column. There should be a row for each sample.',
      [print(right.div(count))]:
        'Every gradient is divided by the number of samples, as if it were one share of a mean.',
      [print(all(loss, w, inputs, targets, () => [0, 0]))]: 'Every row is the gradient of sample 0.',
      [print(all(loss, w, inputs, targets, (i) => [i, 0]))]:
        'Every sample was judged by the first target. Each has a target of its own.',
      ...(size < count && {
        [print(right.index([torch.slice(0, size)]))]:
          'Rows are missing: there are as many as an input has numbers. There should be one for each sample.',
      }),
    }
    const seen = errorOf(() => lesson.perSampleGradients(loss, tracked(w), inputs, targets))
    expect(seen).toPrint('no error', {
      ...usedUp,
      [notOneNumber]: atOnce,
      'RuntimeError: 1D tensors expected, but got 1D and 2D tensors': atOnce,
      ...outOfRange(
        seen,
        `A sample was asked for that is not there. There are ${count} samples of ${size} numbers each.`,
      ),
    })
    expect(bare(print(lesson.perSampleGradients(loss, w, inputs, targets)))).toPrint(print(right), why)
    expect(print(w.grad)).toPrint(
      old,
      'The answer is right, but w holds another gradient than before: `backward` adds to .grad. The function that returns the gradient leaves it alone.',
    )
  }

  test('a row for each sample', () => {
    judge(squared, sample([2]).requires_grad_(true), sample([4, 2]), sample([4]))
  })

  test('fewer samples than weights, and another loss', () => {
    judge(weighted, sample([3]).requires_grad_(true), sample([2, 3]), sample([2]))
  })

  test('in a square, samples are rows', () => {
    judge(squared, sample([3]).requires_grad_(true), sample([3, 3]), sample([3]))
  })

  test('a gradient that w held before is neither changed nor in the rows', () => {
    judge(weighted, used(sample([2])), sample([3, 2]), sample([3]))
  })
})

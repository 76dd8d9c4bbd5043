// Lesson 20: the rules of moves and of matrix products, on random tensors in shapes that are square and shapes that are not, judged by autograd.
import { errorOf, openLesson, print, sample } from '../scripts/lesson'
import type * as Lesson from '../solutions/20-tensor-vjps'

const { torch, lesson, task } = openLesson<typeof Lesson>('20-tensor-vjps', { without: ['backward', 'autograd'] })

type Tensor = ReturnType<typeof sample>
type Words = Record<string, string> & { otherwise?: string }

/** What autograd says: the gradients of all inputs of `f`, when `gradOut` comes in. */
function truth(f: (...inputs: Tensor[]) => Tensor, inputs: Tensor[], gradOut: Tensor): Tensor[] {
  const tracked = inputs.map((input) => input.clone().requires_grad_(true))
  return torch.autograd.grad(f(...tracked), tracked, { grad_outputs: gradOut })
}

/** Compares an answer, and sees to it that what went in is as it was. */
function judge(answer: () => unknown, expected: string, inputs: Tensor[], why: Words): void {
  const before = print(inputs)
  expect(print(answer())).toPrint(expected, why)
  expect(print(inputs)).toPrint(
    before,
    'The answer is right, but something that came in was changed on the way. It belongs to somebody else: compute a new tensor.',
  )
}

/** The words, without those for a text that happens to be right. */
function except(expected: string, words: Words): Words {
  return Object.fromEntries(Object.entries(words).filter(([text]) => text !== expected))
}

task('reshapeVjp', () => {
  function check(from: number[], to: number[]) {
    const [x, gradOut] = [sample(from), sample(to)]
    const [right] = truth((v) => v.reshape(to), [x], gradOut) as [Tensor]
    const expected = print(right)
    judge(
      () => lesson.reshapeVjp(x, gradOut),
      expected,
      [x, gradOut],
      except(expected, {
        [print(gradOut.reshape([-1]))]:
          'The elements stand in one row. A gradient has the shape of what it belongs to: that of x.',
        [print(gradOut)]:
          'This is gradOut, still in the shape of the result. A gradient has the shape of what it belongs to.',
        [print(x)]: 'These are the values of x. What comes back is gradOut, in the shape of x.',
        [print(torch.ones(from))]: 'These are ones: gradOut is lost.',
        ...(to.length === 2 && {
          [print(gradOut.t())]:
            'The shape is right, but the elements are in another order: a transpose moves them, and a reshape does not.',
        }),
      }),
    )
  }

  test('a matrix that was laid out in one row', () => check([3, 4], [12]))
  test('a matrix that became one of another shape, in the same order', () => check([2, 3], [3, 2]))
  test('three dimensions out of two', () => check([6, 2], [2, 3, 2]))
})

task('permuteVjp', () => {
  const [turns, back] = [
    [1, 2, 0],
    [2, 0, 1],
  ]
  const either = () => (Math.random() < 0.5 ? turns! : back!)

  function check(shape: number[], dims: number[]) {
    const x = sample(shape)
    const gradOut = sample(dims.map((dim) => shape[dim]!))
    const [right] = truth((v) => v.permute(dims), [x], gradOut) as [Tensor]
    const expected = print(right)
    const said = `The dimensions were permuted by [${dims.join(', ')}].`
    judge(
      () => lesson.permuteVjp([...dims], gradOut),
      expected,
      [gradOut],
      except(expected, {
        [print(gradOut.permute(dims))]:
          `${said} Here they were permuted in the same way once more. The way back is the inverse: where in the list does each dimension stand?`,
        [print(gradOut.permute(gradOut.shape.map((_, i) => gradOut.ndim - 1 - i)))]:
          `${said} Here all dimensions stand in reverse. That undoes a transpose; a turn through three places it does not.`,
        [print(gradOut.permute([...dims].reverse()))]:
          `${said} Here the list was read backwards. Its inverse says something else: for each dimension of x, where in gradOut it is.`,
        [print(gradOut.reshape(shape))]:
          `${said} The shape is right, but no element has moved: a reshape keeps their order, and \`permute\` does not.`,
        [print(gradOut)]: `${said} This is gradOut, with its dimensions where they are.`,
      }),
    )
  }

  test('a transpose undoes itself', () => check([2, 3], [1, 0]))
  test('a turn through three dimensions is undone by the turn the other way', () => check([2, 3, 4], either()))
  test('in a cube the shapes give no hint', () => check([2, 2, 2], either()))
  test('four dimensions', () => check([2, 3, 1, 2], [2, 0, 3, 1]))
})

task('indexVjp', () => {
  function check(shape: [number, number], rows: number[]) {
    const x = sample(shape)
    const gradOut = sample([rows.length, shape[1]])
    const [right] = truth((v) => torch.stack(rows.map((row) => v.index([row]))), [x], gradOut) as [Tensor]
    const expected = print(right)
    const overwritten = torch.zeros(shape)
    for (const [i, row] of rows.entries()) overwritten.index([row]).copy_(gradOut.index([i]))
    const counted = torch.zeros(shape)
    for (const row of rows) counted.index([row]).add_(1)
    const picked = rows.every((row) => row < rows.length)
      ? gradOut.index([torch.tensor(rows, { dtype: torch.int64 })])
      : gradOut
    const error = errorOf(() => lesson.indexVjp(x.clone(), [...rows], gradOut.clone()))
    expect(error).toPrint('no error', {
      ...(error.includes('out of bounds') && {
        [error]: `x has ${shape[0]} rows, and gradOut has ${rows.length}, one for each pick. The numbers in rows say which row of x it was; the row of gradOut is the place in the list.`,
      }),
    })
    judge(
      () => lesson.indexVjp(x, [...rows], gradOut),
      expected,
      [x, gradOut],
      except(expected, {
        [print(overwritten)]:
          'A row that was picked twice holds only the gradient of its last pick: it was overwritten. What is used twice receives both: add.',
        [print(x.add(right))]: 'The values of x are in it. Begin with zeros.',
        [print(gradOut)]: 'This is gradOut: a row for each pick. The gradient has a row for each row of x.',
        [print(picked)]:
          'Rows were picked from gradOut. Each row of gradOut belongs to the row of x that it was picked from: send it there.',
        [print(counted)]: 'This counts the picks: gradOut is lost.',
        [print(torch.zeros(shape))]:
          'All zeros: what was added was added to something else. `grad.index([row])`, with a number in the list, looks into grad; with a list in the list it is a copy. And it is `add_`, with an underscore, that adds in place.',
      }),
    )
  }

  test('a row that nobody picked gets 0', () => check([4, 2], [2, 0, 3]))
  test('a row that was picked twice gets both gradients', () => check([3, 2], [1, 0, 1, 2]))
  test('the same row again and again', () => check([3, 3], [2, 2, 2]))
})

task('catVjp', () => {
  function check(shapes: number[][], dim: number) {
    const parts = shapes.map((shape) => sample(shape))
    const size = (i: number) => shapes[i]![dim]!
    const whole = torch.cat(parts, dim)
    const gradOut = sample(whole.shape)
    const expected = print(truth((...inputs) => torch.cat(inputs, dim), parts, gradOut))
    const pieces = (along: number, start: (i: number) => number) =>
      shapes.map((_, i) => {
        const fits = start(i) + size(i) <= gradOut.shape[along]!
        return fits ? gradOut.narrow(along, start(i), size(i)) : gradOut
      })
    const begin = (i: number) => shapes.slice(0, i).reduce((sum, shape) => sum + shape[dim]!, 0)
    judge(
      () => lesson.catVjp(parts, dim, gradOut),
      expected,
      [...parts, gradOut],
      except(expected, {
        [print(pieces(dim, () => 0))]:
          'Every piece was cut from the beginning. Each begins where the one before it ended.',
        [print(pieces(1 - dim, begin))]:
          `The pieces were cut along another dimension. The parts were joined along dimension ${dim}.`,
        [print(parts.map(() => gradOut))]: 'Every part got all of gradOut. Each gets the piece that it became.',
        [print(torch.chunk(gradOut, parts.length, dim))]:
          'The pieces are of equal size, and the parts were not. Each piece is as long as its part.',
        [print(parts)]: 'These are the parts. What is cut into pieces is gradOut.',
        otherwise: `Part i became one piece of gradOut along dimension ${dim}: as long as the part, and beginning where the piece before it ended.`,
      }),
    )
  }

  test('vectors of different length', () => check([[2], [4], [3]], 0))
  test('matrices on top of each other', () =>
    check(
      [
        [1, 4],
        [3, 4],
      ],
      0,
    ))
  test('matrices side by side', () =>
    check(
      [
        [4, 3],
        [4, 1],
      ],
      1,
    ))
  test('three parts, side by side', () =>
    check(
      [
        [3, 1],
        [3, 3],
        [3, 2],
      ],
      1,
    ))
})

const cannotMultiply = (error: string): Words => ({
  ...(error.includes('t() expects') && {
    [error]:
      '`t()` transposes one matrix, and this is a stack of them. Say which two dimensions change places: `transpose(1, 2)`.',
  }),
  ...(/cannot be multiplied|size mismatch|[Ee]xpected size/.test(error) && {
    [error]:
      'PyTorch could not multiply these two: their shapes do not fit. The gradient of a has the shape of a, and that of b the shape of b; gradOut has that of the product. Which order, and which transpose, makes those fit?',
  }),
})

task('matmulVjp', () => {
  function check(n: number, k: number, m: number) {
    const [a, b, gradOut] = [sample([n, k]), sample([k, m]), sample([n, m])]
    const [da, db] = truth((v, w) => v.matmul(w), [a, b], gradOut) as [Tensor, Tensor]
    const expected = print([da, db])
    const square = n === k && k === m
    const error = errorOf(() => lesson.matmulVjp(a.clone(), b.clone(), gradOut.clone()))
    expect(error).toPrint('no error', cannotMultiply(error))
    judge(() => lesson.matmulVjp(a, b, gradOut), expected, [a, b, gradOut], {
      [print([db, da])]: 'Both are right, and stand in the wrong order: the gradient of a comes first.',
      [print([b.t(), a.t()])]: 'gradOut is lost: these are the factors alone.',
      ...(square && {
        [print([gradOut.matmul(b), a.matmul(gradOut)])]:
          'Nothing is transposed. The shapes are all equal here, so they give no warning: go by the letters. a[i][k] meets b[k][j], over all j.',
        [print([gradOut.matmul(b), db])]: 'The gradient of a is not right: there, b has to be transposed.',
        [print([da, a.matmul(gradOut)])]: 'The gradient of b is not right: there, a has to be transposed.',
        [print([b.t().matmul(gradOut), gradOut.matmul(a.t())])]:
          'The right factors, in the wrong order. For a, gradOut stands in front; for b, behind.',
        [print([gradOut.t().matmul(b), a.matmul(gradOut.t())])]:
          'gradOut was transposed, and the other matrix was not. It is the other way round.',
        [print([da.t(), db.t()])]: 'Both are right, but transposed.',
        [print([gradOut.mul(b), gradOut.mul(a)])]:
          'This is the rule of `mul`, element by element. In a matrix product, every element of a meets a whole row of b.',
      }),
    })
  }

  test('square matrices, where a wrong transpose gives no error', () => check(2, 2, 2))
  test('a larger square', () => check(3, 3, 3))
  test('three different sizes', () => check(2, 3, 4))
  test('a row times a column', () => check(1, 3, 1))
})

task('batchedVjp', () => {
  function check(batch: number, n: number, k: number, m: number) {
    const [samples, weight, gradOut] = [sample([batch, n, k]), sample([k, m]), sample([batch, n, m])]
    const [ds, dw] = truth((v, w) => v.matmul(w), [samples, weight], gradOut) as [Tensor, Tensor]
    const each = samples.transpose(1, 2).matmul(gradOut)
    const expected = print([ds, dw])
    const error = errorOf(() => lesson.batchedVjp(samples.clone(), weight.clone(), gradOut.clone()))
    expect(error).toPrint('no error', cannotMultiply(error))
    judge(() => lesson.batchedVjp(samples, weight, gradOut), expected, [samples, weight, gradOut], {
      [print([
        ds,
        each,
      ])]: `The weight got ${batch} gradients, one for each sample. There is one weight, and all samples used it: they are added.`,
      [print([
        ds,
        each.mean(0),
      ])]: `The gradients of the weight were averaged. It went into ${batch} products, and what comes back from them is added.`,
      [print([ds, each.index([0])])]: 'The weight got the gradient of the first sample only.',
      ...(batch > 1 && {
        [print([ds, samples.sum(0).t().matmul(gradOut.sum(0))])]:
          'Added up before they were multiplied: so every sample met the gradients of all. Each sample is multiplied by its own gradient first, and then these products are added.',
      }),
      [print([ds.sum(0), dw])]:
        'The gradients of the samples were added up, too. Each sample was used once, and keeps its own.',
      [print([dw, ds])]: 'Both are right, and stand in the wrong order: that of the samples comes first.',
      ...(n === k && {
        [print([ds, samples.matmul(gradOut).sum(0)])]:
          'The gradient of the weight is not right: each sample has to be transposed.',
      }),
      ...(k === m && {
        [print([gradOut.matmul(weight), dw])]:
          'The gradient of the samples is not right: there, the weight has to be transposed.',
      }),
    })
  }

  test('the shared weight gets the sum over the batch', () => check(3, 2, 2, 2))
  test('shapes that are not square', () => check(2, 3, 2, 4))
  test('a batch of one has the gradients of a plain product', () => check(1, 2, 3, 2))
})

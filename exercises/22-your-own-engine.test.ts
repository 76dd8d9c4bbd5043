// Lesson 22: the tutorial's thirteen cells on the learner's engine, to the character, and programs that no cell shows, judged by the reference engine.
import { Feedback } from '../scripts/feedback/feedback'
import { errorOf, openLesson, print, sample, sampleInteger } from '../scripts/lesson'
import type * as Lesson from '../solutions/22-your-own-engine'

const { torch, lesson, task } = openLesson<typeof Lesson>('22-your-own-engine', {
  without: ['backward', 'autograd', 'requires_grad_', 'no_grad', 'enable_grad', 'set_grad_enabled'],
})

/** What PyTorch printed. A test of the kit holds this list to the recording. */
const cells = {
  1: 'tensor([0., 1., 2., 3.])',
  2: 'False',
  3: 'True',
  4: 'tensor([1., 2., 3.], requires_grad=True)',
  5: 'tensor([[-0.4565,  1.2696,  0.0927, -0.3001,  0.2633],\n        [-0.2927, -0.2221,  0.8616,  0.2330, -1.1366]], requires_grad=True)',
  6: 'tensor(28., grad_fn=<MulBackward0>)',
  7: 'tensor([ 0.,  4.,  8., 12.])',
  8: 'tensor([True, True, True, True])',
  9: '(tensor([0., 1., 2., 3.], requires_grad=True), tensor([0., 0., 0., 0.]))',
  10: 'tensor([ 0.,  2.,  8., 18.], grad_fn=<MulBackward0>)',
  11: 'tensor([ 0.,  4.,  8., 12.])',
  12: 'False',
  13: 'True',
} as const

/** A tensor of either engine, as far as the tutorial needs one. */
interface Numbers {
  readonly requires_grad: boolean
  readonly grad: Numbers | null
  requires_grad_(value?: boolean): Numbers
  mul(other: Numbers | number): Numbers
  add(other: Numbers | number): Numbers
  eq(other: Numbers | number): Numbers
  dot(other: Numbers): Numbers
  sum(): Numbers
  zero_(): Numbers
  backward(gradient?: Numbers): void
  toString(): string
}
interface Engine {
  tensor(data: number[], options?: { requires_grad: boolean }): Numbers
  arange(n: number): Numbers
  randn(shape: number[], options?: { requires_grad: boolean }): Numbers
  no_grad<T>(body: () => T): T
  manual_seed(seed: number): void
}
/** What both engines are to run. */
type Program = (engine: Engine) => unknown

const inTheWalk =
  'It happened in a walk. A rule that is handed undefined had its turn before anything had arrived: then the order is wrong. And what a rule hands on is a list of arrays, one for each input.'

type Theirs = Lesson.Tensor
type Method = 'requires_grad_' | 'mul' | 'add' | 'eq' | 'dot' | 'sum' | 'zero_' | 'backward'

/** The learner's tensor as a program sees it: a method that hands back no tensor is named, wherever its result would have been used. */
class Seen implements Numbers {
  constructor(readonly theirs: Theirs) {}

  static by(name: string, value: unknown): Seen {
    if (value instanceof torch.Tensor)
      throw new Feedback(
        `\`${name}\` returned a tensor of the kit's engine. Make one of your own class, by \`new Tensor(…)\`.`,
      )
    if (typeof value === 'object' && value !== null) return new Seen(value as Theirs)
    if (value !== undefined) throw new Feedback(`\`${name}\` returned ${value}, and not a tensor.`)
    throw new Feedback(
      ['mul', 'add', 'sum', 'dot'].includes(name)
        ? `\`${name}\` returned nothing (undefined). Is a \`return\` missing, in it or in \`record\`?`
        : `\`${name}\` returned nothing (undefined). Is a \`return\` missing?`,
    )
  }

  private call(name: Method, input?: Numbers | number | boolean): unknown {
    const method = this.theirs[name] as undefined | ((input: unknown) => unknown)
    if (typeof method !== 'function') throw new Feedback(`Your Tensor has no method \`${name}\` any more.`)
    return method.call(this.theirs, input instanceof Seen ? input.theirs : input)
  }

  get requires_grad() {
    return this.theirs.requires_grad
  }
  get grad(): Numbers | null {
    const { grad } = this.theirs
    return grad === null ? null : Seen.by('grad', grad)
  }
  requires_grad_(value = true) {
    return Seen.by('requires_grad_', this.call('requires_grad_', value))
  }
  mul(other: Numbers | number) {
    return Seen.by('mul', this.call('mul', other))
  }
  add(other: Numbers | number) {
    return Seen.by('add', this.call('add', other))
  }
  eq(other: Numbers | number) {
    return Seen.by('eq', this.call('eq', other))
  }
  dot(other: Numbers) {
    return Seen.by('dot', this.call('dot', other))
  }
  sum() {
    return Seen.by('sum', this.call('sum'))
  }
  zero_() {
    return Seen.by('zero_', this.call('zero_'))
  }
  backward(gradient?: Numbers) {
    try {
      this.call('backward', gradient)
    } catch (error) {
      // The rule in which it happens is seldom to blame.
      if (error instanceof TypeError) Object.assign(error, { hint: inTheWalk })
      throw error
    }
  }
  toString() {
    try {
      return String(this.theirs.toString())
    } catch (error) {
      if (!/invalid for input of size/.test(String(error))) throw error
      throw new Feedback(
        'A tensor came out that holds more or fewer numbers than its shape says. There is one number for each element, in a result as in a gradient.',
      )
    }
  }
}

const theirs: Engine = {
  tensor: (data, options) => Seen.by('tensor', lesson.tensor(data, options)),
  arange: (n) => Seen.by('arange', lesson.arange(n)),
  randn: (shape, options) => Seen.by('randn', lesson.randn(shape, options)),
  no_grad(body) {
    let inside: unknown
    const outside = lesson.no_grad(() => {
      const made = body()
      inside = made
      return made
    })
    if (outside === undefined && inside !== undefined)
      throw new Feedback(
        '`no_grad` returned nothing (undefined). What the body returns is handed on: is a `return` missing?',
      )
    return outside
  },
  manual_seed: (seed) => lesson.manual_seed(seed),
}
const reference = torch as unknown as Engine // whose methods take its own tensors only

/** What Python prints for a tensor of either engine, a boolean, null, or several of these. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map(show).join(', ')})`
  if (value instanceof Seen) return value.toString()
  return print(value)
}

type Why = Record<string, string> & { otherwise?: string }

const list = (size: number) => sample([size]).tolist() as number[]

/** The same engine, where a program gets other numbers than it asks for. */
const onOther = (numbers: number[], e: Engine): Engine => ({
  tensor: (data, options) => e.tensor(numbers.slice(0, data.length), options),
  arange: (n) => e.tensor(numbers.slice(0, n)),
  randn: (shape, options) => e.randn(shape, options),
  no_grad: (body) => e.no_grad(body),
  manual_seed: () => e.manual_seed(Math.abs(4 * numbers[0]!)),
})

/**
 * One cell of the tutorial, to the character; then the same lines on other numbers, so that nothing is earned by what is written for the cell
 * alone. Its title is what a notebook shows, in one line of a terminal: the code, and what it prints.
 */
function cell(number: keyof typeof cells, python: string, program: Program, why?: Why): void {
  const line = `cell ${number}: ${python}  →  ${cells[number].replace(/\n.*/s, '')}`
  const title = line.length > 73 ? `${line.slice(0, 72)}…` : line
  it(`${title} (2 points)`, () => {
    expect(show(program(theirs))).toPrint(cells[number], why)
    const numbers = list(4)
    const expected = show(program(onOther(numbers, reference)))
    expect(show(program(onOther(numbers, theirs)))).toPrint(
      expected,
      'The cell itself prints what it should. But the same lines, run on other numbers, do not: was something written for this cell alone?',
    )
  })
}

/** Runs a program on both engines; they must print the same. */
function judge(program: Program, why?: Why): void {
  const expected = show(program(reference))
  expect(show(program(theirs))).toPrint(expected, why)
}

/** The operation keeps the shape of what goes in, here two rows of three. */
function keepsShape(operation: (x: Numbers) => Numbers): void {
  const seed = sampleInteger(0, 1000)
  judge(
    (e) => {
      e.manual_seed(seed)
      return operation(e.randn([2, 3]))
    },
    {
      otherwise:
        'Here a tensor of two rows went in. What comes out has the same shape, and the constructor is told so: without a shape, it makes a vector.',
    },
  )
}

const tracked = { requires_grad: true }
/** What a wrong engine prints, by a program that does the wrong thing on the right one. */
const text = (program: Program) => show(program(reference))

task('tensor', () => {
  cell(1, 'x = torch.arange(4.0)', (e) => e.arange(4))
  cell(2, 'x.requires_grad', (e) => e.arange(4).requires_grad, {
    True: 'Nobody asked for gradients: without the option, a tensor is not tracked.',
  })
  cell(4, 'tensor([1., 2., 3.], requires_grad=True)', (e) => e.tensor([1, 2, 3], tracked), {
    'tensor([1., 2., 3.])': 'The option requires_grad was handed in, and did not reach the tensor.',
  })

  test('it holds the numbers that it is given, tracked or not', () => {
    const data = list(5)
    judge((e) => [e.tensor(data), e.tensor(data, tracked)], {
      [text((e) => [e.tensor(data), e.tensor(data)])]: 'Both came out untracked: the option requires_grad is lost.',
      [text((e) => [e.tensor(data, tracked), e.tensor(data, tracked)])]:
        'Both came out tracked: without the option, a tensor is not.',
      [text((e) => [e.tensor([1, 2, 3]), e.tensor([1, 2, 3], tracked)])]:
        'These are the numbers of cell 4. Others were handed in.',
    })
  })

  test('the list that was handed in stays with whoever made it', () => {
    const data = list(3)
    const expected = show(torch.tensor(data))
    const x = theirs.tensor(data)
    data[1] = 99
    expect(show(x)).toPrint(expected, {
      [show(torch.tensor(data))]:
        'After the tensor was made, its maker wrote a 99 into the list, and it is in the tensor as well: both are the same array. A tensor has an array of its own.',
    })
  })
})

task('requires_grad_', () => {
  cell(3, 'x.requires_grad_(True); x.grad == None', (e) => {
    const x = e.arange(4)
    x.requires_grad_(true)
    return x.grad === null
  })
  cell(5, 'randn((2, 5), requires_grad=True)', (e) => {
    e.manual_seed(1497632349)
    return e.randn([2, 5], tracked)
  })

  test('it is the tensor itself that is tracked, not only what comes back', () => {
    const data = list(3)
    judge(
      (e) => {
        const x = e.tensor(data)
        const back = x.requires_grad_(true)
        return [x, back]
      },
      {
        [text((e) => [e.tensor(data), e.tensor(data, tracked)])]:
          'What came back is tracked, but x is not: it is a copy. An underscore at the end says that the tensor itself is changed.',
        [text((e) => [e.tensor(data, tracked), e.tensor(data)])]:
          'x is tracked, but another tensor came back. Hand out the one that was changed.',
      },
    )
  })

  test('false ends the tracking', () => {
    const data = list(3)
    judge((e) => e.tensor(data, tracked).requires_grad_(false), {
      [text((e) => e.tensor(data, tracked))]:
        'requires_grad_(false) was called, and the tensor is still tracked: the argument is not looked at.',
    })
  })
})

task('record', () => {
  cell(13, 'y = x * 2; y.requires_grad', (e) => e.tensor([1], tracked).mul(2).requires_grad, {
    False: 'x is tracked, so what is computed from it is tracked as well: requires_grad spreads.',
  })

  test('one tracked input is enough, whichever it is', () => {
    const [a, b] = [list(3), list(3)]
    const program = (options: [{ requires_grad: boolean }, { requires_grad: boolean }]) => (e: Engine) => [
      e.tensor(a, options[0]).mul(e.tensor(b, options[1])),
      e.tensor(b, options[1]).mul(e.tensor(a, options[0])),
    ]
    const not = { requires_grad: false }
    const product = (data: string) => data.replace(/, grad_fn=<\w+>/, '')
    const [left, right] = program([tracked, not])(reference).map(show) as [string, string]
    const missed =
      'One of the two factors is tracked, and the product keeps no record. The gradient of that factor would never be found: one tracked input is enough.'
    judge(program([tracked, not]), {
      [`(${product(left)}, ${product(right)})`]: missed,
      [`(${left}, ${product(right)})`]: missed,
      [`(${product(left)}, ${right})`]: missed,
    })
  })

  test('what comes of untracked numbers keeps no record', () => {
    const data = list(3)
    const program: Program = (e) => [e.tensor(data).mul(2), e.tensor(data).mul(2).requires_grad]
    judge(program, {
      otherwise:
        'Nothing that went in is tracked, so nobody will ever ask for a gradient here. A record costs memory: keep one only if an input is tracked.',
    })
  })

  test('what was computed from a result is tracked like the result', () => {
    const data = list(3)
    const program: Program = (e) => {
      const y = e.tensor(data, tracked).mul(2)
      return [y.requires_grad, y.mul(y)]
    }
    judge(program, {
      otherwise:
        'x is tracked, so y = 2x is, and so is y * y. Does the result know afterwards that it is tracked, and has it a node?',
    })
  })
})

task('mul', () => {
  cell(10, 'y = 2 * x * x', (e) => {
    const x = e.arange(4).requires_grad_(true)
    return x.mul(2).mul(x)
  })

  test('it multiplies by a tensor and by a number', () => {
    const [a, b, k] = [list(4), list(4), sampleInteger(3, 9)]
    judge((e) => [e.tensor(a).mul(e.tensor(b)), e.tensor(a).mul(k), e.tensor(a, tracked).mul(k)])
    keepsShape((x) => x.mul(k))
  })

  test('the gradient of a factor is the other factor, times what comes in', () => {
    const [a, b, w] = [list(3), list(3), list(3)]
    const right = gradients(a, b, w, (x, y) => x.mul(y))
    const [ta, tb, tw] = [a, b, w].map((data) => torch.tensor(data)) as [Reference, Reference, Reference]
    judge(right, {
      [show([ta.mul(tw), tb.mul(tw)])]:
        'Each factor got itself. If y = a · b, then y changes with a as fast as b is large: each gets the other.',
      [show([tb, ta])]:
        'The factors are right, but the gradient that comes in is lost. The rule passes on what arrives at the product, times the slope.',
      [show([tw, tw])]: 'What comes in was handed on as it is. That is the rule of a sum, and this is a product.',
      [show([tb.mul(tw), torch.zeros(3)])]: 'The second factor got no gradient.',
      [show([tb.mul(tw), null])]: 'The second factor got no gradient. Is it among the inputs of the record?',
    })
  })
})

type Reference = ReturnType<typeof sample>

/** The gradients of both tracked inputs of `f`, when `w` comes in from behind (1 if it is not given). */
function gradients(a: number[], b: number[], w: number[] | undefined, f: (a: Numbers, b: Numbers) => Numbers): Program {
  return (e) => {
    const [x, y] = [e.tensor(a, tracked), e.tensor(b, tracked)]
    const z = f(x, y)
    z.backward(w && e.tensor(w))
    return [x.grad, y.grad]
  }
}

task('add', () => {
  test('it adds a tensor and a number', () => {
    const [a, b, k] = [list(4), list(4), sampleInteger(3, 9)]
    judge((e) => [e.tensor(a).add(e.tensor(b)), e.tensor(a, tracked).add(k), e.tensor(a, tracked).add(e.tensor(b))])
    keepsShape((x) => x.add(k))
  })

  test('both get what comes in', () => {
    const [a, b, w] = [list(3), list(3), list(3)]
    const [tb, ta, tw] = [torch.tensor(b), torch.tensor(a), torch.tensor(w)]
    const ones = torch.ones(3)
    judge(
      gradients(a, b, w, (x, y) => x.add(y)),
      {
        [show([ones, ones])]:
          'The slope of a sum is 1, and that is what both got. But a rule passes on what comes in, times the slope.',
        [show([tw.mul(tb), tw.mul(ta)])]: 'This is the rule of a product.',
        [show([tw.mul(0.5), tw.mul(0.5)])]:
          'The gradient was divided between the two. Each moves the sum by as much as it moves itself.',
      },
    )
  })
})

task('sum', () => {
  test('it adds up all elements, and has the shape of one number', () => {
    const data = list(5)
    judge((e) => [e.tensor(data).sum(), e.tensor(data, tracked).sum()])
  })

  test('each element gets what comes in, whole', () => {
    const [data, k] = [list(4), sampleInteger(5, 9)] // not 4, by which the rule of the mean divides
    const x = torch.tensor(data)
    judge(
      (e) => {
        const leaf = e.tensor(data, tracked)
        leaf.sum().mul(k).backward()
        return leaf.grad
      },
      {
        [show(torch.ones_like(x))]: `These are ones: what comes in is lost. The sum was multiplied by ${k} afterwards.`,
        [show(torch.ones_like(x).mul(k / 4))]:
          'What comes in was divided among the elements. That is the rule of the mean; in a sum each element counts whole.',
        [show(x.mul(k))]:
          'This is x times what comes in. The slope of a sum is 1 at each element, whatever the element.',
      },
    )
  })
})

task('dot', () => {
  cell(
    6,
    'y = 2 * torch.dot(x, x)',
    (e) => {
      const x = e.arange(4).requires_grad_(true)
      return x.dot(x).mul(2)
    },
    {
      [text((e) => {
        const x = e.arange(4).requires_grad_(true)
        return x.mul(x).mul(2)
      })]: 'These are the products. The dot product is their sum, one number.',
    },
  )

  test('it says what made it', () => {
    const [a, b] = [list(3), list(3)]
    judge((e) => [e.tensor(a, tracked).dot(e.tensor(b)), e.tensor(a).dot(e.tensor(b))], {
      [text((e) => [e.tensor(a, tracked).mul(e.tensor(b)).sum(), e.tensor(a).dot(e.tensor(b))])]:
        'The value is right. But it was made by two recorded operations, and PyTorch has one: DotBackward0.',
    })
  })

  test('each vector gets the other, times what comes in', () => {
    const [a, b, k] = [list(3), list(3), sampleInteger(3, 9)]
    const [ta, tb] = [torch.tensor(a), torch.tensor(b)]
    judge(
      gradients(a, b, undefined, (x, y) => x.dot(y).mul(k)),
      {
        [show([ta.mul(k), tb.mul(k)])]: 'Each vector got itself. It gets the other one.',
        [show([
          tb,
          ta,
        ])]: `The vectors are right, but what comes in is lost: the dot product was multiplied by ${k} afterwards.`,
        otherwise:
          'What comes in is an array with one number in it. Each element of the other vector is multiplied by that number.',
      },
    )
  })
})

task('backward', () => {
  cell(
    7,
    'y.backward(); x.grad',
    (e) => {
      const x = e.arange(4).requires_grad_(true)
      x.dot(x).mul(2).backward()
      return x.grad
    },
    {
      [text((e) => e.arange(4).mul(2))]:
        'Half of the gradient: x is on both sides of the dot product, and gets something from each. Add what arrives.',
      None: 'x holds no gradient after the walk: it never came to the leaf, or left nothing there.',
    },
  )
  cell(
    11,
    'y.sum().backward(); x.grad',
    (e) => {
      const x = e.arange(4).requires_grad_(true)
      x.mul(2).mul(x).sum().backward()
      return x.grad
    },
    {
      [text((e) => e.arange(4).mul(2))]:
        'Half of the gradient: x is used twice, and gets something from each use. Add what arrives.',
      None: 'x holds no gradient after the walk: it never came to the leaf, or left nothing there.',
    },
  )

  test('x · x + x at 3 has the slope 7: what is used three times gets three gradients', () => {
    const value = sampleInteger(5, 9)
    const slope = (e: Engine, at: number) => {
      const x = e.tensor([at], tracked)
      const y = x.mul(x).add(x)
      const error = errorOf(() => y.backward())
      expect(error).toPrint(
        'no error',
        error.startsWith('Error: ')
          ? 'Your backward refused a tensor of shape [1]. It holds one number, as one of shape [] does, and needs no gradient to begin with: count the numbers, not the axes.'
          : undefined,
      )
      return x.grad
    }
    const overwritten = (at: number) =>
      Object.fromEntries(
        [1, at, at + 1].map((sum) => [
          `tensor([${sum}.])`,
          'A later gradient took the place of an earlier one. x is used three times: add up what arrives.',
        ]),
      )
    expect(show(slope(theirs, 3))).toPrint('tensor([7.])', overwritten(3))
    expect(show(slope(theirs, value))).toPrint(`tensor([${2 * value + 1}.])`, overwritten(value))
  })

  test('nothing is handed on before all of it has arrived', () => {
    const data = list(3)
    const x = torch.tensor(data)
    const early =
      'Here s = x · x is used twice, once by y itself and once further away. It handed on what the first use had sent, before the second had sent anything. Whatever uses a tensor comes before it in the order.'
    judge(
      (e) => {
        const leaf = e.tensor(data, tracked)
        const s = leaf.mul(leaf)
        s.add(s.mul(leaf)).sum().backward()
        return leaf.grad
      },
      {
        [show(x.mul(x).add(x.mul(2)))]: early,
        [show(x.mul(x).mul(3).add(x.mul(4)))]:
          'What s had received was handed on twice, the first part with the second again.',
        otherwise: early,
      },
    )
  })

  test('a second backward sends the same again, and it is added', () => {
    const data = list(3)
    const x = torch.tensor(data)
    const leaf = theirs.tensor(data, tracked)
    const middle = leaf.mul(3)
    const y = middle.dot(middle)
    y.backward()
    y.backward()
    expect(show(leaf.grad)).toPrint(show(x.mul(36)), {
      [show(x.mul(18))]:
        'Two walks were made, and this is the gradient of one: the second replaced what x.grad held. Backward adds.',
      [show(x.mul(54))]:
        'Three times the gradient, from two walks. The second began with what the first had left in the middle of the graph. The gradients of a walk are its own; only leaves keep theirs.',
    })
    expect(show(middle.grad)).toPrint(
      'None',
      'The gradient of x is right. But a computed tensor holds a gradient after the walk, too: only leaves do.',
    )
  })

  test('the walk can begin with a gradient of your own', () => {
    const [data, w] = [list(3), list(3)]
    const x = torch.tensor(data)
    judge(
      (e) => {
        const leaf = e.tensor(data, tracked)
        leaf.mul(leaf).backward(e.tensor(w))
        return leaf.grad
      },
      { [show(x.mul(2))]: 'The walk began with ones, and another gradient was handed in.' },
    )
  })

  test('a gradient has the shape of its leaf', () => {
    const seed = sampleInteger(0, 1000)
    judge(
      (e) => {
        e.manual_seed(seed)
        const leaf = e.randn([2, 3], tracked)
        leaf.mul(leaf).sum().backward()
        const first = `${leaf.grad}`
        leaf.sum().backward()
        return [first, `${leaf.grad}`]
      },
      {
        otherwise:
          'The leaf has two rows, and so has its gradient, after the first walk and after the second. The constructor takes a shape.',
      },
    )
  })

  test('many values without a gradient are refused, and so is what nobody tracks', () => {
    const data = list(3)
    const [vector, untracked] = [theirs.tensor(data, tracked).mul(2), theirs.tensor(data).sum()]
    expect(String(errorOf(() => vector.backward()) !== 'no error')).toPrint(
      'true',
      'backward on a vector, with no gradient handed in, began to walk. With which gradient? It should throw an error, as PyTorch does.',
    )
    expect(String(errorOf(() => untracked.backward()) !== 'no error')).toPrint(
      'true',
      'backward on a tensor that nobody tracks did nothing, quietly. It should throw an error, as PyTorch does.',
    )
  })

  test('gradients share no numbers: zeroing one leaves the other as it is', () => {
    const [data, w] = [list(3), list(3)]
    const [a, b, seed] = [theirs.tensor(data, tracked), theirs.tensor(data, tracked), theirs.tensor(w)]
    a.add(b).backward(seed)
    a.grad?.zero_()
    expect(show([b.grad, seed])).toPrint(
      show([torch.tensor(w), torch.tensor(w)]),
      'After y = a + b and a walk, a.grad was zeroed, and something else became zero with it: two tensors hold the very same array. A leaf keeps numbers of its own.',
    )
  })

  test('a chain of ten thousand operations is no longer than the walk can go', () => {
    const x = lesson.tensor([3], tracked)
    const { add } = x // asked for once: in a sandbox, each question takes its time
    let y: Theirs = x
    for (let i = 0; i < 10_000; i++) y = add.call(y, 1)
    const error = errorOf(() => y.backward())
    const tooDeep =
      'The walk calls itself once for each operation, and ten thousand calls inside each other are too many. A loop over a list that grows needs no calls.'
    expect(error).toPrint('no error', /stack|recursion/i.test(error) ? tooDeep : undefined)
    expect(show(new Seen(x).grad)).toPrint('tensor([1.])')
  })
})

/** A leaf, the gradient of 2 x·x in it. */
function afterBackward(e: Engine, x: Numbers): Numbers {
  x.dot(x).mul(2).backward()
  return x.grad ?? e.tensor([Number.NaN])
}

task('eq', () => {
  cell(
    8,
    'x.grad == 4 * x',
    (e) => {
      const x = e.arange(4).requires_grad_(true)
      return afterBackward(e, x).eq(x.mul(4))
    },
    {
      'tensor([1., 1., 1., 1.])': 'The answers are right, but they are numbers. The dtype should be torch.bool.',
    },
  )

  test('it answers element by element, for a tensor and for a number', () => {
    const data = list(4)
    const other = [data[0]!, 0, data[2]!, 0]
    judge((e) => [e.tensor(data).eq(e.tensor(other)), e.tensor(data).eq(data[1]!)], {
      [text((e) => [e.tensor([0, 0, 0, 0]).eq(1), e.tensor([0, 0, 0, 0]).eq(1)])]:
        'Nothing is equal here: were two objects compared, instead of the numbers in them?',
      [text((e) => [e.tensor([1, 0, 1, 0]), e.tensor([0, 1, 0, 0])])]:
        'The answers are right, but they are numbers. The dtype should be torch.bool.',
    })
    keepsShape((x) => x.eq(0))
  })

  test('a comparison of tracked tensors keeps no record', () => {
    const data = list(3)
    judge((e) => [e.tensor(data, tracked).eq(0), e.tensor(data, tracked).eq(0).requires_grad], {
      otherwise: 'A comparison jumps from False to True. It has no slope to hand on, so it is not recorded.',
    })
  })
})

task('zero_', () => {
  cell(
    9,
    'x.grad.zero_(); x, x.grad',
    (e) => {
      const x = e.arange(4).requires_grad_(true)
      afterBackward(e, x).zero_()
      return [x, x.grad]
    },
    {
      [`(${show(torch.arange(4).requires_grad_(true))}, tensor([ 0.,  4.,  8., 12.]))`]:
        'x.grad holds what it held before: zeros were made, but somewhere else. The underscore says: in this very tensor.',
    },
  )

  test('whoever holds the tensor sees the zeros, and gets it back', () => {
    const data = list(3)
    judge(
      (e) => {
        const x = e.tensor(data)
        const back = x.zero_()
        return [x, back]
      },
      {
        [text((e) => [e.tensor(data), e.tensor([0, 0, 0])])]:
          'The tensor that came back is zero, but x is not. The underscore says: in this very tensor.',
        [text((e) => [e.tensor([0, 0, 0]), e.tensor(data)])]: 'x is zero, but what came back is a copy from before.',
        [text((e) => [e.tensor(data), e.tensor(data)])]:
          'Nothing became zero. To write into an array, name a place in it, as in data[i] = 0, or fill it.',
      },
    )
  })
})

task('no_grad', () => {
  const y = (e: Engine, x: Numbers) => e.no_grad(() => x.mul(2))

  cell(12, 'with no_grad(): y = x * 2; y.requires_grad', (e) => y(e, e.tensor([1], tracked)).requires_grad, {
    True: 'The product was recorded all the same. Is the mode off while the body runs, and does `record` look at it?',
  })

  test('it returns what the body returns, without a record', () => {
    const data = list(3)
    judge((e) => y(e, e.tensor(data, tracked)), {
      [text((e) => e.tensor(data, tracked).mul(2))]: 'The product was recorded all the same.',
    })
  })

  test('afterwards, recording goes on', () => {
    const data = list(3)
    judge(
      (e) => {
        const x = e.tensor(data, tracked)
        y(e, x)
        return x.mul(2)
      },
      { otherwise: 'After no_grad had returned, a product was not recorded: the mode was left off.' },
    )
  })

  test('inside of another no_grad it does not turn recording on', () => {
    const data = list(3)
    judge(
      (e) => {
        const x = e.tensor(data, tracked)
        return e.no_grad(() => {
          y(e, x)
          return x.mul(2)
        })
      },
      {
        otherwise:
          'Two no_grad stood one inside the other. When the inner one had ended, the outer one recorded: the mode should become what it was before, which is not always on.',
      },
    )
  })

  test('an error in the body goes through, and recording goes on', () => {
    const data = list(3)
    const left = (e: Engine) => {
      const x = e.tensor(data, tracked)
      const error = errorOf(() =>
        e.no_grad(() => {
          throw new RangeError('from the body')
        }),
      )
      const after = x.mul(2)
      return [error, after]
    }
    judge(left, {
      [`(no error, ${text((e) => e.tensor(data, tracked).mul(2))})`]:
        'The error of the body was swallowed. Whoever called no_grad wants to know of it.',
      [`(RangeError: from the body, ${text((e) => e.tensor(data).mul(2))})`]:
        'The body threw an error, and the mode was left off for everybody. `finally` runs whether or not something is thrown.',
    })
  })
})

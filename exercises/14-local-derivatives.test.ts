// Lesson 14: every rule at places that the lesson does not show, judged by the engine in float64.
import { openLesson, print } from '../scripts/lesson'
import type * as Lesson from '../solutions/14-local-derivatives'

const { torch, lesson, task } = openLesson<typeof Lesson>('14-local-derivatives', { without: 'everything' })

type Tensor = InstanceType<typeof torch.Tensor>

/** Random odd quarters, of different sizes: none is 0 or 1, none is an exponent, and no product of two is 1, so that no two mistakes look alike. */
function numbers(count: number): [number, number, number, number] {
  const sizes = Array.from({ length: 8 }, (_, k) => ({ size: (2 * k + 1) / 4, key: Math.random() }))
  const drawn = sizes.sort((a, b) => a.key - b.key).slice(0, count)
  return drawn.map(({ size }) => (Math.random() < 0.5 ? size : -size)) as [number, number, number, number]
}

/** What the engine sends back to each of `inputs`, when `gradOut` arrives at the result of `f`. */
function sentBack(f: (...leaves: [Tensor, Tensor, Tensor]) => Tensor, gradOut: number, inputs: number[]): number[] {
  const leaves = inputs.map((value) => torch.tensor(value, { dtype: torch.float64, requires_grad: true }))
  f(...(leaves as [Tensor, Tensor, Tensor])).backward(torch.tensor(gradOut, { dtype: torch.float64 }))
  return leaves.map((leaf) => leaf.grad?.item() ?? 0)
}

/**
 * Compares an answer with the right one, and with known wrong ones, in ten digits: the last ones depend on the order of the steps.
 * `given` names the inputs, and is shown beside a wrong answer.
 */
function judge(received: unknown, expected: number | number[], wrong: [number | number[], string][], given: Given) {
  const inputs = Object.entries(given)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ')
  const known = [expected, ...wrong.map(([value]) => value)].find((value) => near(received, value))
  const why: Record<string, string> = { otherwise: `The inputs were ${inputs}.` }
  for (const [value, words] of wrong) why[print(value)] ??= `${words}\nThe inputs were ${inputs}.`
  const text = print(received)
  expect(known === undefined ? text : print(known)).toPrint(print(expected), why)
}

type Given = Record<string, number>

function near(received: unknown, value: number | number[]): boolean {
  if (Array.isArray(value)) {
    return Array.isArray(received) && received.length === value.length && value.every((v, i) => near(received[i], v))
  }
  return typeof received === 'number' && Math.abs(received - value) <= 1e-10 * Math.abs(value)
}

const ignored = (what: string) =>
  `This is the local derivative of ${what}. It is right when gradOut is 1; here something else arrived, and it was ignored.`

task('binaryVjp', () => {
  test('a sum hands on what arrives, to both', () => {
    const [g, a, b] = numbers(3)
    const expected = sentBack((x, y) => x.add(y), g, [a, b])
    judge(
      lesson.binaryVjp('add', g, a, b),
      expected,
      [
        [[1, 1], ignored('a + b')],
        [
          [g * a, g * b],
          'What arrives was multiplied by the inputs. In a sum, each input counts once, whatever it is.',
        ],
        [[g * b, g * a], 'This is the rule of a product.'],
        [[a, b], 'These are the inputs. What is sent back to them was asked for.'],
        [
          [g / 2, g / 2],
          'What arrives was divided between the two. Each of them gets all of it: when a grows by 1, so does the sum.',
        ],
      ],
      { gradOut: g, a, b },
    )
  })

  test('a difference hands it on, and to what is subtracted with the other sign', () => {
    const [g, a, b] = numbers(3)
    const expected = sentBack((x, y) => x.sub(y), g, [a, b])
    judge(
      lesson.binaryVjp('sub', g, a, b),
      expected,
      [
        [[g, g], 'The sign is lost: when b grows, a - b gets smaller.'],
        [[1, -1], ignored('a - b')],
        [[-g, g], 'The signs have changed places: b is what is subtracted.'],
      ],
      { gradOut: g, a, b },
    )
  })

  test('in a product each factor gets the other one times what arrives', () => {
    const [g, a, b] = numbers(3)
    const expected = sentBack((x, y) => x.mul(y), g, [a, b])
    judge(
      lesson.binaryVjp('mul', g, a, b),
      expected,
      [
        [[g * a, g * b], 'Each factor got itself. How fast a * b grows with a is told by b, the other one.'],
        [[b, a], ignored('a * b')],
        [[a, b], 'Each factor got itself, and what arrives was ignored.'],
        [[g, g], 'This is the rule of a sum.'],
        [
          [g * a * b, g * a * b],
          'Both factors are in each answer. The derivative of a * b with respect to a is b alone.',
        ],
        [[g + b, g + a], 'What arrives is multiplied by the local derivative, not added to it.'],
      ],
      { gradOut: g, a, b },
    )
  })

  test('a quotient', () => {
    const [g, a, b] = numbers(3)
    const expected = sentBack((x, y) => x.div(y), g, [a, b])
    judge(
      lesson.binaryVjp('div', g, a, b),
      expected,
      [
        [[g / b, (g * a) / b ** 2], 'The sign is lost for b: when b grows, a / b gets smaller (if both are positive).'],
        [
          [g / b, (-g * a) / b],
          'For b the square is missing: a / b is a times b to the power of -1, and its derivative has b to the power of -2.',
        ],
        [[1 / b, -a / b ** 2], ignored('a / b')],
        [
          [g / b, -g * a],
          'For b: `/ b * b` goes from left to right, and divides and multiplies by the same b. Put b * b in parentheses.',
        ],
        [[g / b, -g / b ** 2], 'For b the factor a is missing.'],
        [[g * b, g * a], 'This is the rule of a product.'],
        [
          [g / b, g / a],
          'For a it is right. For b, write a / b as a times b to the power of -1, and use the rule for powers.',
        ],
        [
          [g / b, g * a],
          'For a it is right. For b, write a / b as a times b to the power of -1, and use the rule for powers.',
        ],
      ],
      { gradOut: g, a, b },
    )
  })
})

task('powVjp', () => {
  function judgePower(g: number, x: number, n: number) {
    const [expected] = sentBack((v) => v.pow(n), g, [x]) as [number]
    judge(
      lesson.powVjp(g, x, n),
      expected,
      [
        [n * x ** (n - 1), ignored('x ** n')],
        [g * n * x ** n, 'The exponent has come down as a factor, but what is left above must be one less.'],
        [g * x ** (n - 1), 'The exponent is one less, but it must also come down as a factor.'],
        [g * (n - 1) * x ** (n - 1), 'The factor is the old exponent, before it is made one less.'],
        [n * x ** n, 'The exponent must be made one less, and what arrives was ignored.'],
        [g * n * (x ^ (n - 1)), 'In JavaScript `^` is no power: it compares bits. x to the power of 3 is `x ** 3`.'],
        [
          g * (n - 1) * x ** n,
          'The exponent and the factor have changed places: n comes down, and n - 1 is left above.',
        ],
        [g * x ** n, 'This is the power itself, times what arrives. Its derivative was asked for.'],
        [
          g * x ** n * Math.log(x),
          'This is the derivative with respect to the exponent. Here x moves, and n is fixed.',
        ],
        [g * n * x, 'This is right for squares alone: the power of x that is left depends on n.'],
      ],
      { gradOut: g, x, n },
    )
  }

  test('the exponent comes down, and is one less', () => {
    const [g, x] = numbers(2)
    judgePower(g, x, 3)
  })

  test('a negative exponent', () => {
    const [g, x] = numbers(2)
    judgePower(g, x, -3)
  })

  test('an exponent that is no whole number', () => {
    const [g, x] = numbers(2)
    judgePower(g, Math.abs(x), 2.5)
  })

  test('for n = 1 what arrives is handed on', () => {
    const [g, x] = numbers(2)
    const wrong: [number, string][] = [
      [1, ignored('x ** n')],
      [g * x, 'The exponent that is left is 0, and x to the power of 0 is 1: no x is left.'],
    ]
    judge(lesson.powVjp(g, x, 1), g, wrong, { gradOut: g, x, n: 1 })
  })

  test('for n = 0 the result is always 1, so nothing is sent back, not even at 0', () => {
    const [g, x] = numbers(2)
    const constant = 'x to the power of 0 is 1, whatever x is: it does not depend on x.'
    judge(lesson.powVjp(g, x, 0), 0, [[g, constant]], { gradOut: g, x, n: 0 })
    expect(print(lesson.powVjp(g, 0, 0))).toPrint('0', {
      nan: 'At x = 0 the formula says 0 times 0 to the power of -1, and that is 0 times infinity: NaN. But the result is 1 whatever x is. Ask for n = 0 first.',
    })
  })
})

task('unaryVjp', () => {
  type Op = Parameters<typeof Lesson.unaryVjp>[0]
  function judgeUnary(op: Op, g: number, input: number, wrong: (output: number) => [number, string][]) {
    const output = { exp: Math.exp, log: Math.log, tanh: Math.tanh, relu: (x: number) => Math.max(0, x) }[op](input)
    const [expected] = sentBack((x) => x[op](), g, [input]) as [number]
    judge(lesson.unaryVjp(op, g, input, output), expected, wrong(output), { gradOut: g, input, output })
  }

  test('exp gives back its own output times what arrives', () => {
    const [g, x] = numbers(2)
    judgeUnary('exp', g, x, (output) => [
      [output, ignored('exp(x)')],
      [g * x, 'The input was used. The derivative of exp is exp itself, and that is the output.'],
      [g * Math.exp(output), 'exp was taken of the output, which is exp of the input already.'],
      [g, 'What arrives was handed on as it is. The local derivative is missing.'],
      [
        g * x * Math.exp(x - 1),
        'This is the rule for powers, with x as the exponent. In exp the exponent is what moves.',
      ],
    ])
  })

  test('log divides by its input', () => {
    const [g, x] = numbers(2)
    const input = Math.abs(x)
    judgeUnary('log', g, input, (output) => [
      [1 / input, ignored('log(x)')],
      [g / output, 'This was divided by the output. The derivative of log x is 1 / x, and x is the input.'],
      [g * input, 'This was multiplied by the input: the derivative of log x is 1 / x.'],
      [g * output, 'The output was used. The derivative of log x is 1 / x, and x is the input.'],
      [g / Math.exp(input), 'The derivative of log x is 1 / x: x is the input as it is.'],
    ])
  })

  test('tanh gives back one minus its output squared', () => {
    const [g, x] = numbers(2)
    judgeUnary('tanh', g, x, (output) => [
      [1 - output ** 2, ignored('tanh(x)')],
      [g * (1 - x ** 2), 'The input was squared. It is 1 minus the square of the output.'],
      [g * (1 - Math.tanh(output) ** 2), 'tanh was taken of the output, which is tanh of the input already.'],
      [g * (1 - output), 'The square is missing.'],
      [g * output * (1 - output), 'This is the rule of the sigmoid. That of tanh is 1 minus the square of the output.'],
      [g - output ** 2, 'What arrives is multiplied by all of 1 minus the square: put that in parentheses.'],
      [g * output ** 2, 'The square was not subtracted from 1.'],
    ])
  })

  test('relu hands on what arrives where its input is positive', () => {
    const [g, x] = numbers(2).map(Math.abs) as [number, number]
    for (const arrives of [g, -g]) {
      judgeUnary('relu', arrives, x, (output) => [
        [1, ignored('relu(x)')],
        [
          0,
          'Nothing was sent back, though the input is positive. Whether the gradient may pass is decided by the input, not by the sign of the gradient.',
        ],
        [
          arrives * output,
          'What arrives was multiplied by the output. Where the input is positive, relu is a line of slope 1.',
        ],
        [output, 'This is the output. What is sent back was asked for.'],
      ])
    }
  })

  test('relu sends nothing back where its input is negative', () => {
    const [g, x] = numbers(2)
    judgeUnary('relu', g, -Math.abs(x), () => [
      [g, 'What arrives was handed on, though relu is flat here: a negative input may move, and the output stays 0.'],
      [1, ignored('x')],
    ])
  })

  test('at 0, the kink, relu sends nothing back', () => {
    const [g] = numbers(1)
    judgeUnary('relu', g, 0, () => [
      [
        g,
        'At 0 there is no derivative: from one side the slope is 0, from the other it is 1. PyTorch takes 0 there, and so do we.',
      ],
      [g / 2, 'Half of it would be a choice too. PyTorch takes 0 at the kink, and so do we.'],
    ])
  })
})

task('neuronVjp', () => {
  /** Numbers for which tanh is not all too flat. */
  function neuron(): [number, number, number, number] {
    const [g, w, x, b] = numbers(4)
    return [g, w / 8, x / 8, b / 8]
  }

  function judgeNeuron([g, w, x, b]: [number, number, number, number], received: unknown, expected: number[]) {
    const sum = w * x + b
    const output = Math.tanh(sum)
    const slope = 1 - output ** 2
    const back = g * slope
    judge(
      received,
      expected,
      [
        [
          [slope * x, slope * w, slope],
          'This is right when gradOut is 1. Here something else arrived, and it was ignored.',
        ],
        [[back * w, back * x, back], 'w and x have changed places: in a product each factor gets the other one.'],
        [[g * x, g * w, g], 'The way back did not go through tanh: this is what w * x + b alone would send back.'],
        [[back * x, back * w, g], 'For b the way back did not go through tanh.'],
        [
          [g * (1 - sum ** 2) * x, g * (1 - sum ** 2) * w, g * (1 - sum ** 2)],
          'tanh got 1 minus its input squared. It is the output that is squared.',
        ],
        [[back * x, back * w, back * b], 'To b goes what arrives at the sum, as it is: b is added, not multiplied.'],
        [
          [x, w, 1].map((factor) => g * (1 - Math.tanh(w * x) ** 2) * factor),
          'On the way forward b was left out: the slope of tanh is asked for at w * x + b.',
        ],
        [[back * w * x, back * w * x, back], 'Each factor got the whole product. It gets the other factor.'],
        [[back * x, back * w, 1], 'To b goes what arrives at the sum. 1 is only the local derivative.'],
        [
          [back, back, back],
          'The way back did not go through the product: to w goes x times what arrives at it, and to x goes w times.',
        ],
        [[back * x, back * w, back].reverse(), 'The right numbers in another order: w, x, b.'],
      ],
      { gradOut: g, w, x, b },
    )
  }

  test('what goes back to w, x and b (2 points)', () => {
    const all = neuron()
    const [g, w, x, b] = all
    const expected = sentBack((u, v, c) => u.mul(v).add(c).tanh(), g, [w, x, b])
    judgeNeuron(all, lesson.neuronVjp(g, w, x, b), expected)
  })

  test('when 1 arrives, these are the derivatives themselves', () => {
    const [, w, x, b] = neuron()
    const expected = sentBack((u, v, c) => u.mul(v).add(c).tanh(), 1, [w, x, b])
    judgeNeuron([1, w, x, b], lesson.neuronVjp(1, w, x, b), expected)
  })

  test('a neuron that is saturated sends hardly anything back', () => {
    const [g, w, x] = numbers(3).map(Math.abs) as [number, number, number]
    const expected = sentBack((u, v, c) => u.mul(v).add(c).tanh(), g, [w / 8, x / 8, 5])
    judgeNeuron([g, w / 8, x / 8, 5], lesson.neuronVjp(g, w / 8, x / 8, 5), expected)
  })
})

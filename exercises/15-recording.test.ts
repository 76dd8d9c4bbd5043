// Lesson 15: what is recorded and what is not, for values, tracked and not, that are drawn afresh; the engine says what should be.
import { openLesson, print } from '../scripts/lesson'
import type * as Lesson from '../solutions/15-recording'

const { torch, lesson, task } = openLesson<typeof Lesson>('15-recording', { without: 'everything' })

type Value = Lesson.Value

/** Random odd quarters, of different sizes: none is 0 or 1, and no product of two is 1, so that no two mistakes look alike. */
function numbers(count: number): [number, number, number, number] {
  const sizes = Array.from({ length: 8 }, (_, k) => ({ size: (2 * k + 1) / 4, key: Math.random() }))
  const drawn = sizes.sort((a, b) => a.key - b.key).slice(0, count)
  return drawn.map(({ size }) => (Math.random() < 0.5 ? size : -size)) as [number, number, number, number]
}

/** A value as text: `data 6, requires_grad True, node mul(a, b)`. */
function show(answer: unknown): string {
  const printed = typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? '' : print(answer)
  if (printed) return `no value, but ${printed}`
  const { data, requires_grad, node } = answer as Partial<Value>
  return `data ${say(data)}, requires_grad ${say(requires_grad)}, node ${nodeText(node)}`
}

/** Compares a value with what it should be, as text. */
function judgeValue(answer: unknown, expected: string, why: Record<string, string> = {}) {
  const seen = show(answer)
  const incomplete = seen.includes('missing')
    ? 'Something is missing. A value has a name, data, requires_grad, grad and a node; a node has the name of its op, a list of inputs, which are values themselves, and a vjp.'
    : seen.startsWith('no value')
      ? 'A value was asked for: an object with a name, data, requires_grad, grad and a node.'
      : undefined
  expect(seen).toPrint(expected, { ...(incomplete && { [seen]: incomplete }), ...why })
}
const say = (value: unknown) => (value === undefined ? 'missing' : print(value))

function nodeText(node: Value['node'] | undefined): string {
  if (node === null || node === undefined) return say(node)
  const inputs = Array.isArray(node.inputs)
    ? node.inputs.map((input) => say(input?.name)).join(', ')
    : 'no list of inputs'
  return `${say(node.op)}(${inputs})`
}
const text = (data: number, requires_grad: boolean, node: string) =>
  `data ${print(data)}, requires_grad ${print(requires_grad)}, node ${node}`

/** What `answer`'s rule sends back when `gradOut` arrives. */
function sentBack(answer: Value, gradOut: number): string {
  const rule: unknown = answer?.node?.vjp
  if (typeof rule === 'function') return print(rule(gradOut))
  show(answer) // throws the right words if nothing came back
  return '()'
}
const noRule = {
  '()': 'There is no rule to ask: the value should have a node with a function `vjp` in it, which returns a list.',
}

task('mul', () => {
  /** Two factors, and what the engine makes of them; `leaves` makes them in the learner's file. */
  function factors(aTracked: boolean, bTracked: boolean) {
    const [x, y, g] = numbers(3)
    const [ta, tb] = [torch.tensor(x, { requires_grad: aTracked }), torch.tensor(y, { requires_grad: bTracked })]
    const product = ta.mul(tb)
    if (product.requires_grad) product.backward(torch.tensor(g))
    const grads = [ta.grad?.item() ?? null, tb.grad?.item() ?? null] as const
    const leaves = () => ({ a: lesson.leaf('a', x, aTracked), b: lesson.leaf('b', y, bTracked) })
    return { aTracked, bTracked, x, y, g, grads, product: product.item(), tracked: product.requires_grad, leaves }
  }
  const oneTracked = () => [factors(true, false), factors(false, true)]

  function judge({ aTracked, bTracked, x, y, product, tracked, leaves }: ReturnType<typeof factors>) {
    const { a, b } = leaves()
    const expected = text(product, tracked, tracked ? 'mul(a, b)' : 'None')
    const which = [aTracked && 'a', bTracked && 'b'].filter(Boolean).join(', ')
    const notTracked = tracked
      ? `The product must be tracked, too: one tracked input is enough. Tracked here: ${which}.`
      : 'Neither factor is tracked, so there is nothing to walk back to.'
    judgeValue(lesson.mul(a, b), expected, {
      [text(product, !tracked, tracked ? 'mul(a, b)' : 'None')]: notTracked,
      [text(product, !tracked, tracked ? 'None' : 'mul(a, b)')]:
        `${notTracked} A record of constants costs memory, and nobody reads it.`,
      [text(product, false, 'mul(a, b)')]:
        'Nothing here is tracked, and yet a node was made. A record of constants costs memory, and nobody reads it.',
      [text(product, true, 'None')]:
        `The product is tracked, but it doesn't remember how it was made: its node is null.`,
      [text(product, tracked, 'mul(a)')]:
        'The node remembers only the tracked factor. It needs both: the rule answers for each input, in their order.',
      [text(product, tracked, 'mul(b)')]:
        'The node remembers only the tracked factor. It needs both: the rule answers for each input, in their order.',
      [text(product, tracked, 'mul(b, a)')]: 'The inputs have changed places: a comes first.',
      [text(x + y, tracked, tracked ? 'mul(a, b)' : 'None')]: 'The factors were added.',
    })
  }

  test('two tracked factors: the product is tracked, and remembers both', () => {
    const each = factors(true, true)
    judge(each)
    const { a, b } = each.leaves()
    const { name, node } = lesson.mul(a, b)
    expect(say(name)).toPrint('mul', 'A computed value gets the name of its operation, and that is `mul`.')
    expect(print([node?.inputs[0] === a, node?.inputs[1] === b])).toPrint(
      '(True, True)',
      'The node holds copies of the factors. A gradient that is brought to a copy never arrives: it should hold a and b themselves.',
    )
  })

  test('one tracked factor is enough, whichever it is', () => {
    for (const each of oneTracked()) judge(each)
  })

  test('two constants make a constant, and nothing is recorded', () => {
    judge(factors(false, false))
  })

  test('the rule: each factor gets the other one, times what arrives', () => {
    const { x, y, g, grads, leaves } = factors(true, true)
    const { a, b } = leaves()
    expect(sentBack(lesson.mul(a, b), g)).toPrint(print(grads), {
      ...noRule,
      [print([g * x, g * y])]: 'Each factor got itself. How fast the product grows with a is told by b.',
      [print([y, x])]: 'What arrives was ignored: the rule returns gradOut times the local derivative.',
      [print([g, g])]: 'This is the rule of a sum.',
    })
  })

  test('a constant gets no gradient: null stands in its place', () => {
    for (const { aTracked, bTracked, x, y, g, grads, leaves } of oneTracked()) {
      const { a, b } = leaves()
      const constant = aTracked ? 'b' : 'a'
      expect(sentBack(lesson.mul(a, b), g)).toPrint(print(grads), {
        ...noRule,
        [print([
          g * y,
          g * x,
        ])]: `${constant} is a constant, and got a gradient. Nobody asked for it; its place is taken by null.`,
        [print([
          aTracked ? g * y : g * x,
        ])]: `There should be an entry for each input, in their order, so that one knows whose it is. For ${constant} it is null.`,
        [print([
          aTracked ? g * y : 0,
          bTracked ? g * x : 0,
        ])]: `For ${constant} there is a gradient of 0. "No gradient" is another thing than a gradient of 0: it is null.`,
        [print([aTracked ? null : g * y, bTracked ? null : g * x])]:
          'The null stands in the place of the tracked factor. It belongs to the constant.',
      })
    }
  })

  test('x times x remembers x twice', () => {
    const [x, g] = numbers(2)
    const value = lesson.leaf('x', x, true)
    const square = lesson.mul(value, value)
    judgeValue(square, text(x * x, true, 'mul(x, x)'))
    expect(sentBack(square, g)).toPrint(print([g * x, g * x]), {
      ...noRule,
      [print([2 * g * x, 2 * g * x])]:
        'This is twice as much. Each of the two places answers for itself; they are added up later, at x.',
    })
    expect(print(value.grad)).toPrint(
      'None',
      'The rule has written into the grad of its input. It only answers: to add up what arrives, and to keep it, is for the walk.',
    )
  })

  test('being tracked spreads from value to value', () => {
    const [x, y, z, w] = numbers(4)
    const [inner, outer] = [torch.tensor(x).mul(y).item(), torch.tensor(x).mul(y).mul(torch.tensor(z).mul(w)).item()]
    const [a, b, c, d] = [lesson.leaf('a', x, true), lesson.leaf('b', y), lesson.leaf('c', z), lesson.leaf('d', w)]
    const [recorded, constant] = [lesson.mul(a, b), lesson.mul(c, d)]
    judgeValue(recorded, text(inner, true, 'mul(a, b)'))
    judgeValue(lesson.mul(recorded, constant), text(outer, true, 'mul(mul, mul)'))
    judgeValue(constant, text(z * w, false, 'None'))
  })

  test('a new value holds no gradient, and the factors stay as they are', () => {
    const { x, y, leaves } = factors(true, false)
    const { a, b } = leaves()
    const product = lesson.mul(a, b)
    show(product) // throws the right words if nothing came back
    expect(print(product.grad ?? null)).toPrint('None', 'A gradient arrives with a walk. Until then it is null.')
    expect(`${show(a)}; ${show(b)}`).toPrint(
      `${text(x, true, 'None')}; ${text(y, false, 'None')}`,
      'The product is right, but one of the factors has changed. Make a new value, and leave the inputs alone.',
    )
  })
})

task('record', () => {
  /** Three inputs, of which those are tracked that `tracked` names, and a rule for them that counts its calls. */
  function operation(tracked: string) {
    const drawn = numbers(4)
    const [data, ...factors] = drawn
    const inputs = ['a', 'b', 'c'].map((name, i) => lesson.leaf(name, i, tracked.includes(name)))
    let calls = 0
    const rule = (gradOut: number) => {
      calls++
      return factors.map((factor) => gradOut * factor)
    }
    return { inputs, data, factors, rule, calls: () => calls }
  }

  const someTracked = ['a', 'b', 'c', 'ac', 'bc'] as const

  test('it is tracked, and has a node, if any of its inputs is tracked', () => {
    for (const tracked of [...someTracked, 'abc']) {
      const { inputs, data, rule } = operation(tracked)
      const notAll = `Of a, b and c, these are tracked: ${[...tracked].join(', ')}. One is enough: did you ask for all of them, or for the first one only?`
      judgeValue(lesson.record('mix', inputs, data, rule), text(data, true, 'mix(a, b, c)'), {
        [text(data, false, 'None')]: notAll,
        [text(data, false, 'mix(a, b, c)')]: notAll,
        [text(data, true, 'None')]: notAll,
        [text(data, true, `mix(${[...tracked].join(', ')})`)]:
          'The node remembers only the tracked inputs. It needs all of them: the rule answers for each input, in their order.',
      })
    }
  })

  test('nothing is recorded if none of them is tracked, or if there are none', () => {
    const { inputs, data, rule } = operation('')
    const expected = text(data, false, 'None')
    for (const list of [inputs, []]) {
      const names = list.map(({ name }) => name).join(', ')
      const count = list.length
      judgeValue(lesson.record('mix', list, data, rule), expected, {
        [text(data, true, `mix(${names})`)]: `Of ${count} inputs none is tracked: nothing is to be recorded.`,
        [text(data, false, `mix(${names})`)]:
          `Of ${count} inputs none is tracked, and yet a node was made. A record of constants costs memory, and nobody reads it.`,
        [text(data, true, 'None')]: `Of ${count} inputs none is tracked, and yet the result is.`,
      })
    }
  })

  test('the rule answers for tracked inputs, and null stands in the place of the others (2 points)', () => {
    for (const tracked of someTracked) {
      const { inputs, data, factors, rule } = operation(tracked)
      const [g] = numbers(1)
      const all = factors.map((factor) => g * factor)
      const isTracked = (i: number) => tracked.includes('abc'[i]!)
      const right = all.map((grad, i) => (isTracked(i) ? grad : null))
      expect(sentBack(lesson.record('mix', inputs, data, rule), g)).toPrint(print(right), {
        ...noRule,
        [print(all)]:
          `A gradient was asked for by these alone: ${[...tracked].join(', ')}. The constants got one as well.`,
        [print(right.filter((grad) => grad !== null))]:
          'There should be an entry for each input, in their order, so that one knows whose it is. For constants it is null.',
        [print(right.map((grad) => grad ?? 0))]:
          '"No gradient" is another thing than a gradient of 0: constants get null.',
        [print(all.map((grad, i) => (isTracked(i) ? null : grad)))]:
          'It is the other way round: null stands in the place of inputs that are not tracked.',
        [print(factors.map((factor, i) => (isTracked(i) ? factor : null)))]:
          'The rule was asked with 1, and not with what arrives.',
      })
    }
  })

  test('a gradient of 0 is a gradient', () => {
    const [a, b] = [lesson.leaf('a', 1, true), lesson.leaf('b', 2, false)]
    const value = lesson.record('flat', [a, b], 3, () => [0, 0])
    expect(sentBack(value, 1)).toPrint('(0, None)', {
      ...noRule,
      '(None, None)':
        'a is tracked, and its gradient is 0. That is a number like any other: do not ask whether it is truthy, ask whether the input is tracked.',
    })
  })

  test('the rule is kept for later, and asked once for each walk', () => {
    const { inputs, data, rule, calls } = operation('ab')
    const value = lesson.record('mix', inputs, data, rule)
    expect(print(calls())).toPrint(
      '0',
      'The rule was asked while the value was made. On the way forward nobody knows what will arrive: keep the rule, and ask it in the walk.',
    )
    sentBack(value, 2)
    expect(print(calls())).toPrint('1', {
      0: 'The walk came by, and the rule was not asked.',
      otherwise: 'One walk came by, and the rule was asked more than once. It may be expensive: keep what it returns.',
    })
  })
})

task('greater', () => {
  const words = (recorded: string) => ({
    [recorded]:
      'The comparison was recorded. Its output jumps from 0 to 1 and is flat everywhere else: there is no slope to walk back through.',
  })

  test('it is 1 where a is greater, and 0 where b is', () => {
    const [x, y] = numbers(2)
    for (const [p, q] of [
      [x, y],
      [y, x],
    ] as const) {
      const data = torch.tensor(p).gt(torch.tensor(q)).item() ? 1 : 0
      const [a, b] = [lesson.leaf('a', p), lesson.leaf('b', q)]
      judgeValue(lesson.greater(a, b), text(data, false, 'None'), {
        [text(1 - data, false, 'None')]: 'It is the other way round: 1 if a is the greater one.',
        [`data ${print(data === 1)}, requires_grad False, node None`]:
          'The data should be a number, 1 or 0, and this is a boolean.',
        [text(Math.max(p, q), false, 'None')]:
          'This holds the greater of the two numbers. Whether a is the greater one was asked for: 1 or 0.',
      })
    }
  })

  test('of two equal numbers, neither is greater', () => {
    const [x] = numbers(1)
    judgeValue(lesson.greater(lesson.leaf('a', x), lesson.leaf('b', x)), text(0, false, 'None'), {
      [text(1, false, 'None')]: 'a and b are equal here. This says whether a is greater or equal.',
    })
  })

  test('it is not recorded, even if both are tracked', () => {
    const [x, y] = numbers(2)
    const [a, b] = [lesson.leaf('a', Math.max(x, y), true), lesson.leaf('b', Math.min(x, y), true)]
    judgeValue(lesson.greater(a, b), text(1, false, 'None'), {
      ...words(text(1, true, 'greater(a, b)')),
      [text(1, true, 'None')]:
        'The answer is tracked. But a comparison is a fact: being tracked does not spread through it.',
      [text(1, false, 'greater(a, b)')]: 'The answer is not tracked, and yet it has a node: nobody will ever walk it.',
    })
  })
})

task('detach', () => {
  test('the number stays, and its past is gone', () => {
    const [x] = numbers(1)
    const computed: Value = {
      name: 'y',
      data: x,
      requires_grad: true,
      grad: 2,
      node: { op: 'mul', inputs: [], vjp: () => [] },
    }
    judgeValue(lesson.detach(computed), text(x, false, 'None'), {
      [text(x, true, 'mul()')]: 'This still knows its past: it is tracked, and has a node.',
      [text(x, false, 'mul()')]:
        'It is not tracked any more, but its node is still there, and with it everything that it was computed from.',
      [text(x, true, 'None')]:
        'Its past is gone, but it is tracked: it would get a gradient of its own. That is a new leaf, and not what detaching means.',
    })
  })

  test('a tracked leaf can be detached, too, and a constant', () => {
    for (const tracked of [true, false]) {
      const [x] = numbers(1)
      judgeValue(lesson.detach(lesson.leaf('x', x, tracked)), text(x, false, 'None'), {
        [text(x, true, 'None')]: 'It is still tracked.',
      })
    }
  })

  test('the value itself stays as it is', () => {
    const [x] = numbers(1)
    const value = lesson.leaf('x', x, true)
    lesson.detach(value)
    judgeValue(value, text(x, true, 'None'), {
      [text(x, false, 'None')]:
        'What came back is right, but the value that was handed in is not tracked any more: it was changed in place. Make a new one.',
    })
  })

  test('an old gradient does not come along', () => {
    const [x, g] = numbers(2)
    const value: Value = { name: 'x', data: x, requires_grad: true, grad: g, node: null }
    const answer = lesson.detach(value)
    judgeValue(answer, text(x, false, 'None'))
    expect(print(answer.grad ?? null)).toPrint(
      'None',
      'What comes back holds the gradient of the old value. A new value holds none.',
    )
  })
})

task('isLeaf', () => {
  const value = (requires_grad: boolean, computed: boolean, grad: number | null = null): Value => ({
    name: 'v',
    data: 2,
    requires_grad,
    grad,
    node: computed ? { op: 'mul', inputs: [], vjp: () => [] } : null,
  })
  const answer = (of: Value) => print(lesson.isLeaf(of))

  test('a tracked value that somebody made is a leaf, before a walk and after it', () => {
    const words = 'Nothing recorded has made this value: its node is null, and that is all that counts.'
    expect(answer(value(true, false))).toPrint('True', words)
    expect(answer(value(true, false, 3))).toPrint('True', words)
  })

  test('a tracked value that was computed is none, before a walk and after it', () => {
    const words = 'This value was made by a recorded operation: it has a node. That it is tracked makes it no leaf.'
    expect(answer(value(true, true))).toPrint('False', words)
    expect(answer(value(true, true, 3))).toPrint('False', words)
  })

  test('what is not tracked counts as a leaf, even if it was computed from constants', () => {
    expect(answer(value(false, false))).toPrint(
      'True',
      'This is a constant, and whether it was written down or computed from others, nothing was recorded. PyTorch counts it as a leaf, as you saw in lesson 08.',
    )
  })
})

// Lesson 17: derivatives along paths, the sweep, what it leaves in the leaves, and a new beginning; judged by the reference engine in float64.
import { errorOf, openLesson, print, sample, sampleInteger } from '../scripts/lesson'
import type * as Lesson from '../solutions/17-backprop'

const { torch, lesson, task } = openLesson<typeof Lesson>('17-backprop', { without: 'everything' })

type Value = Lesson.Value
type Tensor = ReturnType<typeof sample>

/** A tracked leaf of the lesson's. */
const tracked = (name: string, data: number, grad: number | null = null) => lesson.leaf(name, data, true, grad)

/** Fresh numbers, no two alike. */
const numbers = (count: number) => sample([count]).tolist() as number[]

const isPair = (entry: unknown) => Array.isArray(entry) && entry.length === 2

function isList(gradients: unknown): gradients is Lesson.Gradients {
  return Array.isArray(gradients) && gradients.every(isPair)
}

/** A list of gradients as text, the same in whatever order it comes. */
function shown(gradients: Lesson.Gradients): string {
  if (gradients === undefined) return print(gradients)
  if (!isList(gradients)) return 'no list of pairs'
  if (gradients.some(([value]) => typeof value !== 'object')) return 'pairs without values'
  return table(gradients.map(([value, gradient]) => [value?.name, gradient]))
}

/** What has arrived at the value with this name, looked for from the end of the list, where leaves stand: of a long one, not all is looked at. */
function arrivedAt(name: string, gradients: Lesson.Gradients): string {
  if (!Array.isArray(gradients) || !isPair(gradients.at(-1))) return shown(gradients)
  return print(gradients.findLast(([value]) => value.name === name)?.[1] ?? null)
}

function table(rows: [string, number][]): string {
  return rows
    .map(([name, gradient]) => `${name}: ${print(gradient)}`)
    .sort()
    .join('   ')
}

const noPairs = {
  'no list of pairs':
    'A list of pairs was asked for, [value, gradient]. If you have a Map: `[...map]` is the list of its pairs.',
  'pairs without values':
    'The first of each pair should be the value itself. The keys of an object, `{}`, are texts, whatever you put there: all values become one key. A Map keeps them as they are.',
}

type Step = ['add' | 'mul', number, number]

/** A graph of the lesson's and the same of the reference engine's, with its steps as text. Each step adds or multiplies two of the values before it. */
function twins(leaves: number[], steps: Step[]) {
  const names = leaves.map((_, i) => 'abc'[i]!)
  const values = leaves.map((data, i) => tracked(names[i]!, data))
  const tensors = leaves.map((data) => torch.tensor(data, { dtype: torch.float64, requires_grad: true }))
  const story = leaves.map((data, i) => `${names[i]} = ${data}`)
  for (const [op, i, j] of steps) {
    const name = `v${names.length}`
    story.push(`${name} = ${names[i]} ${op === 'add' ? '+' : '*'} ${names[j]}`)
    names.push(name)
    values.push(lesson[op](values[i]!, values[j]!, name))
    tensors.push(tensors[i]![op](tensors[j]!))
  }
  return { names, values, tensors, story: story.join('; ') }
}

/** A random index into so many. */
const index = (count: number) => Math.floor(Math.random() * count)

/** Steps of which each uses the value before it, so that the last one leads back to all of them. */
function randomSteps(leaves: number, count: number): Step[] {
  return Array.from({ length: count }, (_, i) => {
    const last = leaves + i - 1
    return Math.random() < 0.5 ? ['add', last, index(last + 1)] : ['mul', last, index(leaves)]
  })
}

/** The gradient of the last tensor at each of them, null where nothing arrives. */
function gradientsOf(tensors: Tensor[], gradient = 1): (number | null)[] {
  const grad_outputs = torch.tensor(gradient, { dtype: torch.float64 })
  const found = torch.autograd.grad(tensors.at(-1)!, tensors, { grad_outputs, allow_unused: true })
  return found.map((each) => (each ? each.item() : null))
}

const sameName =
  'Two values that bear the same name were taken for one. A name is for pictures and messages: ask whether it is the very same value, by ===.'

task('alongPaths', () => {
  test('along one way the derivatives are multiplied', () => {
    const [x, w, v] = [sampleInteger(3, 4), sampleInteger(5, 7), sampleInteger(8, 10)]
    const leaf = tracked('x', x)
    const y = lesson.mul(lesson.mul(leaf, tracked('w', w)), tracked('v', v))
    expect(print(lesson.alongPaths(y, leaf))).toPrint(print(w * v), {
      [print(v)]:
        'This is the derivative of the last step alone. It is to be multiplied by that of the step before it.',
      [print(w)]: 'This is the derivative of the first step alone. That of the last step is to be multiplied with it.',
      [print(w + v)]: 'Along one way the derivatives are multiplied. Here they were added.',
      1: 'The way has been found, but its derivatives were not multiplied together.',
      [print(w * v + v * x + x * w)]:
        'This is the sum over the ways to all leaves. Only those that end at the value asked for count.',
      0: 'Nothing has come to x. Is the question "is this x?" asked before the one "is this a leaf?"?',
    })
  })

  test('where ways meet, they are added: x·x + x at 3 gives 7', () => {
    const x = tracked('x', 3)
    expect(print(lesson.alongPaths(lesson.add(lesson.mul(x, x), x), x))).toPrint('7', {
      1: 'One of three ways has been counted. x stands in three places, and a way leads to each.',
      3: 'One of three ways has been counted; or the ways themselves were, and their derivatives left out. x stands in three places, and a way leads to each.',
      4: 'Two of three ways have been counted: in x·x the way leads to x twice, once for each factor.',
      6: 'These are the two ways through x·x. The one that leads straight from the sum to x is missing.',
      9: 'The derivatives were multiplied where they should be added: multiply along a way, add over the ways.',
    })
  })

  test('the way may end in the middle, at a value that was computed', () => {
    const [a, b] = numbers(2) as [number, number]
    const x = tracked('a', a)
    const h = lesson.mul(x, tracked('b', b))
    const y = lesson.mul(h, h)
    expect(print(lesson.alongPaths(y, h))).toPrint(print(2 * a * b), {
      0: 'No way has been found. The value that was asked for is not a leaf here: a way ends where that value is reached, whatever lies behind it.',
      [print(a * b)]: 'One of two ways has been counted: both factors are this value.',
      1: sameName,
    })
  })

  test('no way leads to a value that had no part in it, and the way from a value to itself has no steps', () => {
    const [x, w, stranger] = numbers(3).map((data, i) => tracked('xws'[i]!, data)) as [Value, Value, Value]
    const y = lesson.mul(x, w)
    expect(print(lesson.alongPaths(y, stranger))).toPrint('0', {
      1: 'Every leaf was counted. Only the one that was asked for should be.',
      nan: 'NaN: something undefined was computed with. What does your function return at a leaf that is not x?',
      None: 'A sum over no ways at all is 0.',
      otherwise: 'No way leads to that value, and a sum over no ways at all is 0.',
    })
    expect(print(lesson.alongPaths(y, tracked('x', stranger.data)))).toPrint('0', sameName)
    expect(print(lesson.alongPaths(y, y))).toPrint(
      '1',
      'From a value to itself the derivative is 1: it changes just as much as it changes.',
    )
  })

  test('through a constant no way leads', () => {
    const [x, c] = numbers(2) as [number, number]
    const [leaf, constant] = [tracked('x', x), lesson.leaf('c', c, false)]
    const y = lesson.add(lesson.mul(leaf, constant), constant)
    const expected = print(c)
    expect(print(lesson.alongPaths(y, leaf))).toPrint(expected, {
      nan: 'NaN: null was taken for a number, or undefined was. A vjp answers null for an input that is not tracked.',
      [print(c + 1)]: 'A constant was counted like x.',
    })
  })

  test('the reference engine finds the same, in any graph', () => {
    const steps = randomSteps(2, 5)
    const { values, tensors, story } = twins([sampleInteger(2, 5), sampleInteger(-5, -2)], steps)
    const expected = print(gradientsOf(tensors).map((gradient) => gradient ?? 0))
    const y = values.at(-1)!
    expect(print(values.map((value) => lesson.alongPaths(y, value)))).toPrint(
      expected,
      `The graph is ${story}. The derivatives of the last value by each of them were asked for, in this order.`,
    )
  })
})

task('sweep', () => {
  /** The gradients of y = h + x, where h = x·x, with whatever has come to x. */
  const inSquare = (x: number) =>
    table([
      ['y', 1],
      ['h', 1],
      ['x', x],
    ])

  test('x·x + x at 3: 7 arrives at x (2 points)', () => {
    const x = tracked('x', 3)
    const y = lesson.add(lesson.mul(x, x, 'h'), x, 'y')
    expect(shown(lesson.sweep(y, 1))).toPrint(inSquare(7), {
      ...noPairs,
      [inSquare(3)]:
        '3 is what came to x last. It has overwritten what had come before. Whatever arrives is added: 1 straight from the sum, and 3 twice from x·x.',
      [inSquare(1)]:
        '1 is what came to x straight from the sum. The two 3s from x·x are missing: either they were not added, or were overwritten.',
      [inSquare(6)]:
        '6 is what came to x from x·x. The 1 that came straight from the sum was overwritten. Whatever arrives is added.',
      [inSquare(4)]:
        'Of the two 3s that x·x sends to x, one is lost. Both of its inputs are x, and both are to be added.',
      'x: 7':
        'This is the leaf alone. All tracked values were asked for, y included: what arrives in the middle counts too.',
      [table([
        ['h', 1],
        ['x', 7],
      ])]: 'y itself is missing: what arrives at y is the number that was handed in.',
    })
  })

  test('with other numbers too', () => {
    const [a, b] = [sampleInteger(3, 6), sampleInteger(-6, -3)]
    const [x, w] = [tracked('x', a), tracked('w', b)]
    const h = lesson.mul(x, w, 'h')
    const y = lesson.mul(lesson.add(h, x, 's'), w, 'y')
    const right = (dx: number, dw: number, middle = b) =>
      table([
        ['y', 1],
        ['s', b],
        ['h', middle],
        ['x', dx],
        ['w', dw],
      ])
    expect(shown(lesson.sweep(y, 1))).toPrint(right(b * b + b, a * b + a + a * b), {
      ...noPairs,
      [right(b * b, a * b)]:
        'At x and at w, what came last has overwritten what had come before. Whatever arrives is added.',
      [right(b, a * b + a)]: 'At x and at w there is only what came first. Whatever arrives later is added to it.',
      [right(b + 1, a * b + 2 * a, 1)]:
        'Each record has sent its derivatives alone. They are to be multiplied by what has arrived: hand that to the vjp.',
    })
  })

  test('a value passes its gradient on when all of it is there, and only once', () => {
    const [a, b] = [sampleInteger(3, 6), sampleInteger(3, 6)]
    const [x, c] = [tracked('x', a), tracked('c', b)]
    const h = lesson.mul(x, x, 'h')
    const sum = lesson.add(h, c, 's')
    const [straight, bySum] = [a * a + b, a * a]
    const list = (toX: number) =>
      table([
        ['x', toX],
        ['c', bySum],
        ['h', straight + bySum],
        ['s', bySum],
        ['y', 1],
      ])
    expect(shown(lesson.sweep(lesson.mul(h, sum, 'y'), 1))).toPrint(list((straight + bySum) * 2 * a), {
      ...noPairs,
      [list(bySum * 2 * a)]: early,
      [list(straight * 2 * a)]: early,
      [list((straight + straight + bySum) * 2 * a)]: again,
      [list((straight + bySum) * 4 * a)]: again,
    })
  })
  const early =
    'x has too little. h = x·x passed on what it had before its second part arrived; that part never went further. In the order of `topologicalOrder` a value comes after all that were computed from it.'
  const again =
    'x has too much. h = x·x was passed through twice, and has sent its first part again with the second. Each value is passed once, when all of its gradient is there.'

  test('what arrives at y is handed in, and goes through the whole graph', () => {
    const [a, b] = numbers(2) as [number, number]
    const seed = sampleInteger(3, 9)
    const [x, w] = [tracked('x', a), tracked('w', b)]
    const list = (by: number, first: number) =>
      table([
        ['y', first],
        ['x', b * by],
        ['w', a * by],
      ])
    expect(shown(lesson.sweep(lesson.mul(x, w, 'y'), seed))).toPrint(list(seed, seed), {
      ...noPairs,
      [list(1, 1)]: 'The walk began with 1. It should begin with the number that was handed in.',
      [list(1, seed)]: 'The right number stands at y, but was not passed on: hand it to the vjp.',
    })
  })

  test('nothing is kept for the next walk: a second one finds the same', () => {
    const a = sampleInteger(2, 5)
    const x = tracked('x', a)
    const h = lesson.mul(x, x, 'h')
    const y = lesson.mul(h, h, 'y')
    const [atH, atX] = [2 * a ** 2, 4 * a ** 3]
    const list = (toY: number, toH: number, toX: number) =>
      table([
        ['y', toY],
        ['h', toH],
        ['x', toX],
      ])
    expect(shown(lesson.sweep(y, 1))).toPrint(list(1, atH, atX), noPairs)
    const kept =
      'What arrived in the middle was still there from the walk before, and went on to x a second time together with the new. (Once from the first walk, twice from the second: three times the gradient.) A walk begins with nothing but what is handed in at y.'
    expect(shown(lesson.sweep(y, 1))).toPrint(list(1, atH, atX), {
      [list(1, 2 * atH, 3 * atX)]: kept,
      [list(2, 3 * atH, 4 * atX)]: kept,
      otherwise:
        'The first walk was right, and this is the second over the same record: something was kept from the first.',
    })
  })

  test('no .grad is touched, in the leaves or in the middle', () => {
    const [a, held] = [sampleInteger(2, 5), sampleInteger(20, 90)]
    const x = tracked('x', a, held)
    const h = lesson.mul(x, x, 'h')
    const y = lesson.add(h, x, 'y')
    expect(shown(lesson.sweep(y, 1))).toPrint(inSquare(2 * a + 1), {
      ...noPairs,
      [inSquare(2 * a + 1 + held)]:
        'What x.grad held from before has got into the gradient of this walk. Begin with nothing.',
    })
    expect(print([x.grad, h.grad, y.grad])).toPrint(
      print([held, null, null]),
      'The .grad of x, of the value in the middle and of y are not what they were. Keep the sums of this walk in something of its own, a Map: what ends up in .grad is for `deposit` to say.',
    )
  })

  test('two values that bear the same name are two values', () => {
    const [a, b] = numbers(2) as [number, number]
    const y = lesson.mul(tracked('x', a), tracked('x', b), 'y')
    const list = (...toX: number[]) => table([['y', 1], ...toX.map((each): [string, number] => ['x', each])])
    expect(shown(lesson.sweep(y, 1))).toPrint(list(a, b), {
      ...noPairs,
      [list(a + b, a + b)]: named,
      [list(a + b)]: named,
    })
  })
  const named =
    'Here both factors are called x, and their gradients came together under that name. Names may be the same: let the values themselves be the keys of your Map.'

  test('a constant receives nothing, and is not in the list', () => {
    const [a, b] = numbers(2) as [number, number]
    const [x, c] = [tracked('x', a), lesson.leaf('c', b, false)]
    const y = lesson.mul(x, c, 'y')
    const list = (...more: [string, number][]) => table([['y', 1], ['x', b], ...more])
    const why =
      'c is not tracked. Its vjp answers null for it: then nothing arrives there, and it is no part of the list.'
    expect(shown(lesson.sweep(y, 1))).toPrint(list(), {
      ...noPairs,
      [list(['c', 0])]: why,
      [list(['c', Number.NaN])]: why,
      [list(['c', null as unknown as number])]: why,
    })
  })

  test('each record is asked once, however many ways lead through it', () => {
    let calls = 0
    const rungs = sampleInteger(9, 11)
    const x = tracked('x', 1)
    let h = x
    for (let i = 1; i <= rungs; i++) {
      const twice = (gradOut: number) => {
        calls++
        return [gradOut, gradOut]
      }
      h = lesson.record('add', [h, h], 2 ** i, twice, `h${i}`)
    }
    const reached = arrivedAt('x', lesson.sweep(h, 1))
    expect(reached).toPrint(print(2 ** rungs), {
      ...noPairs,
      otherwise: `${rungs} doublings, one after the other: 2 to the power of ${rungs} should arrive at x.`,
    })
    expect(print(calls)).toPrint(print(rungs), {
      [print(2 ** rungs - 1)]:
        `Right, but ${2 ** rungs - 1} calls for ${rungs} records: every way was walked by itself, as \`alongPaths\` does. With sixty records nobody would see the end. Walk in topological order, and add up before passing on.`,
      otherwise: `There are ${rungs} records here, and the vjp of each is to be called once.`,
    })
  })

  test('a chain of 10,000 records is no harder than a short one', () => {
    let h = tracked('x', 1)
    // The lesson's own operation: in a sandbox its vjp is called where it stands, and one of the suite's would be asked for outside 10,000 times.
    const minus = lesson.leaf('c', -1, false)
    for (let i = 0; i < 10_000; i++) h = lesson.mul(h, minus, `h${i}`)
    const seed = sampleInteger(3, 9)
    const why =
      'The walk called itself for every value, and at some depth the computer refuses (RangeError, Maximum call stack). Real graphs are deeper than that: use a loop over `topologicalOrder(y)`.'
    let reached = ''
    const walk = () => {
      reached = arrivedAt('x', lesson.sweep(h, seed))
    }
    expect(errorOf(walk)).toPrint('no error', {
      'RangeError: Maximum call stack size exceeded': why,
      'InternalError: stack overflow': why,
    })
    expect(reached).toPrint(print(seed), {
      ...noPairs,
      otherwise: 'An even number of sign changes: what goes in comes out.',
    })
  })

  test('in any graph it is what the reference engine finds (2 points)', () => {
    const steps = randomSteps(3, 6)
    const leaves = [sampleInteger(2, 5), sampleInteger(-5, -2), sampleInteger(6, 8)]
    const { names, values, tensors, story } = twins(leaves, steps)
    const seed = sampleInteger(2, 4)
    const found = gradientsOf(tensors, seed)
    const expected = table(
      names.flatMap((name, i): [string, number][] => (found[i] === null ? [] : [[name, found[i] as number]])),
    )
    expect(shown(lesson.sweep(values.at(-1)!, seed))).toPrint(expected, {
      ...noPairs,
      otherwise: `The graph is ${story}. For the last value ${seed} was handed in.`,
    })
  })
})

task('deposit', () => {
  test('a leaf that holds nothing takes what has arrived', () => {
    const [a, b] = numbers(2) as [number, number]
    const [x, w] = [tracked('x', 1), tracked('w', 2)]
    lesson.deposit([
      [x, a],
      [w, b],
    ])
    expect(print([x.grad, w.grad])).toPrint(print([a, b]), {
      '(nan, nan)': 'NaN: a number was added to undefined.',
      '(None, None)':
        'The leaves hold nothing still. Is the gradient written into `.grad` of the very value in the list?',
      [print([a, null])]: 'Only the first leaf of the list has got its gradient.',
    })
  })

  test('a leaf that holds something has it added', () => {
    const [held, arrived] = numbers(2) as [number, number]
    const x = tracked('x', 1, held)
    lesson.deposit([[x, arrived]])
    expect(print(x.grad)).toPrint(print(held + arrived), {
      [print(arrived)]:
        `What x.grad held, ${held}, has been overwritten. A second walk adds to what the first one left.`,
      [print(held)]: 'x.grad is what it was. A second walk adds to what the first one left.',
    })
  })

  test('the same list twice leaves the gradient twice', () => {
    const [a] = numbers(1) as [number]
    const x = tracked('x', 1)
    lesson.deposit([[x, a]])
    lesson.deposit([[x, a]])
    expect(print(x.grad)).toPrint(print(2 * a), {
      [print(a)]: 'The second time has overwritten the first, or left it out. Two walks leave the sum of both.',
      None: 'x holds nothing still: its `.grad` was never written.',
    })
  })

  test('what was computed keeps no gradient', () => {
    const [a, b] = numbers(2) as [number, number]
    const x = tracked('x', 1)
    const h = lesson.mul(x, x)
    lesson.deposit([
      [h, b],
      [x, a],
    ])
    expect(print(h.grad)).toPrint('None', {
      [print(b)]: 'h was computed, and no leaf: only leaves keep gradients. How do you tell one from the other?',
    })
    expect(print(x.grad)).toPrint(print(a), {
      None: 'x comes after a value that was computed, and got nothing. Pass over that one, and go on.',
    })
  })

  test('a gradient of 0 is not the same as none', () => {
    const x = tracked('x', 1)
    lesson.deposit([[x, 0]])
    expect(print(x.grad)).toPrint('0', {
      None: '0 has arrived, and x.grad is null still. In JavaScript 0 counts as false: ask `=== null` where you mean null.',
    })
  })
})

task('zeroGrad', () => {
  const held = (leaves: Value[]) => print(leaves.map(({ grad }) => (grad === undefined ? 'undefined' : grad)))

  test('no leaf in the list holds a gradient afterwards', () => {
    const leaves = numbers(3).map((grad, i) => tracked('xwb'[i]!, 1, grad))
    lesson.zeroGrad(leaves)
    expect(held(leaves)).toPrint('(None, None, None)', {
      '(undefined, undefined, undefined)':
        'The leaves hold undefined now. That is JavaScript’s word for what is not there; a leaf without a gradient has its field, and in it null.',
      '(0, 0, 0)':
        '0 is a gradient too: it says that a walk came by. Null was asked for, as if none had. (That is what zero_grad of PyTorch’s optimizers does.)',
      otherwise: 'Some leaves hold a gradient still. Each in the list is to be changed itself, not a copy of it.',
    })
  })

  test('the numbers themselves stay, and so does the tracking', () => {
    const data = numbers(2)
    const leaves = data.map((each, i) => tracked('xw'[i]!, each, 5))
    const expected = print([...data, true, true])
    lesson.zeroGrad(leaves)
    expect(print([...leaves.map((leaf) => leaf.data), ...leaves.map((leaf) => leaf.requires_grad)])).toPrint(
      expected,
      'Something else than .grad was changed: these are .data of both leaves, and then requires_grad of both.',
    )
  })

  test('a leaf that holds nothing is no trouble, wherever in the list it stands', () => {
    const leaves = [null, 3, null, 4].map((grad, i) => tracked('xwbc'[i]!, 1, grad))
    expect(errorOf(() => lesson.zeroGrad(leaves))).toPrint('no error')
    expect(held(leaves)).toPrint('(None, None, None, None)', {
      '(None, 3, None, 4)':
        'Nothing has changed: either nothing was done, or it ended at the first leaf, because that one holds nothing. Those after it are to be seen to as well.',
      '(0, 0, 0, 0)': '0 is a gradient too: it says that a walk came by. Null was asked for, as if none had.',
      otherwise: 'Those that hold a gradient should let go of it, and the others have nothing to let go of.',
    })
  })
})

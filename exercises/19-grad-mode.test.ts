// Lesson 19: what is recorded while the switch is on and off, and how it stands after functions and blocks, nested, and left by an error.
import { errorOf, openLesson, print, sample } from '../scripts/lesson'
import type * as Lesson from '../solutions/19-grad-mode'

const { lesson, task } = openLesson<typeof Lesson>('19-grad-mode', { without: 'everything' })

type Value = Lesson.Value

/** A tracked leaf of the lesson's. */
const tracked = (name: string, data: number) => lesson.leaf(name, data, true)

/** Fresh numbers, no two alike. */
const numbers = (count: number) => sample([count]).tolist() as number[]

const state = () => print(lesson.is_grad_enabled())

// A wrong answer that leaves the switch off must not fail the tests after it.
beforeEach(() => lesson.turn(true))

const broken = () => {
  throw new Error('the file is not there')
}

/** The tests that no_grad and enable_grad share: `name` turns the switch to `wanted` for as long as a function runs. */
function judgeMode(name: 'no_grad' | 'enable_grad', wanted: boolean) {
  const call = <T>(body: () => T) => lesson[name](body)
  const [inside, other] = [print(wanted), print(!wanted)]
  const [onOff, opposite] = wanted ? ['on', 'off'] : ['off', 'on']

  test(`while the function runs, recording is ${onOff}; afterwards it is ${opposite} again, as it was`, () => {
    lesson.turn(!wanted)
    let seen = 'never'
    call(() => {
      seen = state()
    })
    expect(seen).toPrint(inside, {
      never: 'The function was never called.',
      [other]: `Recording was ${opposite} while the function ran. Turn the switch before you call it, and the very one that \`record\` asks: with a \`let\` of its own, a function has another.`,
    })
    expect(state()).toPrint(
      other,
      `The switch was ${opposite} before, and is ${onOff} now. Nobody has put it back, or what was put back was looked up when the switch had been turned already.`,
    )
  })

  test(`what the function returns comes out of ${name}, and the function is called once`, () => {
    const [value] = numbers(1)
    let calls = 0
    const answer = call(() => {
      calls++
      return value
    })
    expect(print(answer === undefined ? null : answer)).toPrint(print(value), {
      None: `The function has returned a number, and ${name} nothing. Hand on what the function returns.`,
    })
    expect(print(calls)).toPrint(
      '1',
      `The function was called ${calls} times. It may be expensive, or count, or print.`,
    )
  })

  test(`where recording was ${onOff} before, it stays ${onOff}`, () => {
    lesson.turn(wanted)
    call(() => 0)
    expect(state()).toPrint(
      inside,
      `The switch was ${onOff} before, and your function has turned it ${opposite} at its end. It is to be put back as it was, whatever that was: remember that first.`,
    )
  })

  test(`one ${name} within another: each puts back what it found`, () => {
    lesson.turn(!wanted)
    const seen: string[] = []
    call(() => {
      seen.push(state())
      call(() => seen.push(state()))
      seen.push(state())
    })
    seen.push(state())
    const list = (...states: boolean[]) => states.map(print).join(', ')
    expect(seen.join(', ')).toPrint(list(wanted, wanted, wanted, !wanted), {
      [list(wanted, wanted, !wanted, !wanted)]:
        `These are the switch in the outer function, in the inner, in the outer again, and at the end. When the inner was done, it turned recording ${opposite} for the outer as well. It should put back what it found.`,
      [list(wanted, wanted, wanted, wanted)]:
        'At the end the switch is not as it was before. Where is what was found kept? If there is one place for all, the inner call has overwritten what the outer one had put there: a flag where a stack is needed. A `const` inside the function is there once for each call.',
      [list(wanted, !wanted, wanted, !wanted)]:
        `In the inner function recording was ${opposite}: the switch was flipped, and should be set.`,
      otherwise:
        'These are the switch in the outer function, in the inner, in the outer again, and at the end, when both are left.',
    })
  })

  test(`under ${name} the function may turn the switch itself: it is put back all the same`, () => {
    lesson.turn(!wanted)
    call(() => lesson.turn(!wanted))
    expect(state()).toPrint(other)
    lesson.turn(wanted)
    call(() => lesson.turn(!wanted))
    expect(state()).toPrint(
      inside,
      'Inside, the switch was turned by hand, and left so. Whatever happens inside: afterwards it is as it was before.',
    )
  })

  test(`an error under ${name} comes out, and the switch is put back`, () => {
    lesson.turn(!wanted)
    expect(errorOf(() => call(broken))).toPrint('Error: the file is not there', {
      'no error': 'The function threw an error, and yours kept it to itself. The caller has to know.',
      otherwise: 'The function threw another error than this one. The caller gets the very error that was thrown.',
    })
    expect(state()).toPrint(
      other,
      `The function threw an error, and recording has stayed ${onOff} ever since: the line that puts it back was never reached. \`finally\` is reached by whatever way one leaves.`,
    )
  })
}

task('record', () => {
  const product = (a: Value, b: Value) => {
    const result = lesson.record('mul', [a, b], a.data * b.data, (gradOut) => [
      a.requires_grad ? gradOut * b.data : null,
      b.requires_grad ? gradOut * a.data : null,
    ])
    if (result === undefined) print(result) // throws the right words
    return result
  }
  /** All that can be seen of a value. */
  const shown = (value: Value) => {
    const { data, requires_grad, grad, node } = value
    const made = node ? `${node.op}(${node.inputs.map((input) => input.name).join(', ')})` : 'None'
    return `data ${print(data)}, requires_grad ${print(requires_grad)}, grad ${print(grad)}, node ${made}`
  }
  const text = (data: number, requires_grad: boolean, node: string) =>
    `data ${print(data)}, requires_grad ${print(requires_grad)}, grad None, node ${node}`

  test('with the switch on and a tracked input, the result has a node', () => {
    const [a, b] = numbers(2) as [number, number]
    const [x, c] = [tracked('x', a), lesson.leaf('c', b, false)]
    const y = product(x, c)
    expect(shown(y)).toPrint(text(a * b, true, 'mul(x, c)'), {
      [text(a * b, false, 'None')]:
        'Nothing was recorded. The switch is on, and one of the two inputs is tracked: one is enough.',
      [text(a * b, true, 'None')]: 'The result says that it is tracked, and has no node to walk back through.',
      [text(a * b, true, 'mul(x, c)').replace('None', '0')]:
        'No gradient has arrived yet: then grad is null, and not 0.',
      [text(a * b, false, 'mul(x, c)')]: 'The result has a node, and requires_grad is false. The two go together.',
    })
    expect(print(y.node!.vjp(2))).toPrint(
      print([2 * b, null]),
      'The vjp of the node is not the one that was handed in.',
    )
  })

  test('without a tracked input, nothing is recorded', () => {
    const [a, b] = numbers(2) as [number, number]
    expect(shown(product(lesson.leaf('c', a, false), lesson.leaf('d', b, false)))).toPrint(text(a * b, false, 'None'), {
      [text(a * b, true, 'mul(c, d)')]: 'Neither input is tracked: nobody will ever want to walk back to them.',
      [text(a * b, true, 'None')]: 'Neither input is tracked, and so the result is not either.',
      [text(a * b, false, 'mul(c, d)')]:
        'The result is not tracked, and carries a node all the same, which holds on to its inputs.',
    })
  })

  test('with the switch off, nothing is recorded', () => {
    const [a, b] = numbers(2) as [number, number]
    const [x, w] = [tracked('x', a), tracked('w', b)]
    lesson.turn(false)
    const y = product(x, w)
    lesson.turn(true)
    expect(shown(y)).toPrint(text(a * b, false, 'None'), {
      [text(a * b, true, 'mul(x, w)')]:
        'This was recorded, and the switch was off. Ask it in `record`, each time, and not once when the file is loaded.',
      [text(a * b, true, 'None')]:
        'No node, and requires_grad is true still. Then what is computed from it counts as tracked, and the way back ends here: it would look like a leaf.',
      [text(a * b, false, 'mul(x, w)')]:
        'requires_grad is false, and there is a node all the same. It holds on to its inputs: the memory that switching off was to save.',
    })
  })

  test('what was computed with the switch off is a constant for what comes later', () => {
    const [a, b] = numbers(2) as [number, number]
    const [x, w] = [tracked('x', a), tracked('w', b)]
    lesson.turn(false)
    const quiet = product(x, x)
    lesson.turn(true)
    expect(shown(product(quiet, w))).toPrint(text(a * a * b, true, 'mul(mul, w)'), {
      [text(a * a * b, false, 'None')]:
        'The switch is on again, and w is tracked: this is to be recorded. That one of the inputs is a constant does not matter.',
    })
    expect(shown(product(quiet, quiet))).toPrint(text(a ** 4, false, 'None'), {
      [text(a ** 4, true, 'mul(mul, mul)')]:
        'Computed from nothing but a value without a record, and tracked all the same.',
    })
  })

  test('the inputs are left as they are', () => {
    const [a, b] = numbers(2) as [number, number]
    const [x, w] = [tracked('x', a), tracked('w', b)]
    const expected = `${text(a, true, 'None')}; ${text(b, true, 'None')}`
    lesson.turn(false)
    product(x, w)
    expect(`${shown(x)}; ${shown(w)}`).toPrint(
      expected,
      'An input is not what it was. Switching off changes no value: it changes what is written down.',
    )
    expect(state()).toPrint(
      'False',
      'The switch was off before, and is on now. `record` asks it, and does not turn it.',
    )
  })
})

task('no_grad', () => judgeMode('no_grad', false))

task('enable_grad', () => judgeMode('enable_grad', true))

task('set_grad_enabled', () => {
  const guarded = {
    'TypeError: Object not disposable.':
      'What came back has no method that `using` could call. Its key is Symbol.dispose, in brackets: `{ [Symbol.dispose]() { … } }`.',
    'TypeError: Object expected.': 'What came back is no object. `using` wants one with a method [Symbol.dispose].',
  }
  const noGuard =
    'The block is left, and the switch is not as it was before. Either no guard came back (with undefined or null, `using` has nothing to do, and says nothing), or its method [Symbol.dispose] does not put the switch back, or it puts back what was looked up when the switch had been turned already.'

  test('in the block the switch stands as wanted, and after it as before', () => {
    for (const wanted of [false, true]) {
      lesson.turn(!wanted)
      let seen = 'never'
      const look = () => {
        seen = state()
      }
      expect(errorOf(() => lesson.block(wanted, look))).toPrint('no error', guarded)
      expect(seen).toPrint(
        print(wanted),
        'This is the switch inside the block. set_grad_enabled turns it at once, and puts it back only when the block is left.',
      )
      expect(state()).toPrint(print(!wanted), noGuard)
    }
  })

  test('where nothing was to be changed, nothing has changed afterwards', () => {
    for (const wanted of [false, true]) {
      lesson.turn(wanted)
      expect(errorOf(() => lesson.block(wanted, state))).toPrint('no error', guarded)
      expect(state()).toPrint(
        print(wanted),
        'Before, in the block and afterwards the switch should stand the same. The guard has turned it to the opposite of what was wanted; it should put back what was found.',
      )
    }
  })

  test('block within block: each guard puts back what it found', () => {
    const seen: string[] = []
    const look = () => seen.push(state())
    const nested = () =>
      lesson.block(false, () => {
        look()
        lesson.block(true, look)
        look()
        lesson.block(false, look)
        look()
      })
    expect(errorOf(nested)).toPrint('no error', guarded)
    look()
    expect(seen.join(', ')).toPrint('False, True, False, False, False, True', {
      'False, True, False, False, False, False':
        'Only the last of these is wrong: at the end, when all blocks are left, the switch is off. There is one place for what was found, and the inner blocks have overwritten what the outer one had put there: a flag where a stack is needed. Each guard keeps its own.',
      'False, True, True, False, True, True':
        'After an inner block the switch is on, as if there were no outer one. A guard puts back what it found when it was made.',
      otherwise:
        'These are the switch in a block with false; in one with true inside it; in the outer again; in one with false inside it; in the outer again; and when all are left.',
    })
  })

  test('a block that is left by an error puts it back too, and the error comes out', () => {
    expect(errorOf(() => lesson.block(false, broken))).toPrint('Error: the file is not there', guarded)
    expect(state()).toPrint('True', noGuard)
  })

  test('without a block it is a plain switch, and stays as it was set', () => {
    lesson.set_grad_enabled(false)
    expect(state()).toPrint(
      'False',
      'Nobody has disposed of the guard, so the switch stays as it was set. Does the function turn it at all, or only the guard?',
    )
    lesson.set_grad_enabled(true)
    expect(state()).toPrint('True', 'The switch was set to true, without a block, and is off.')
  })
})

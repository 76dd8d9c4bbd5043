// Lesson 13: central differences of polynomials that the lesson does not show, exact to the last digit, and gradients that are right, nearly right and wrong.
import { errorOf, openLesson, print, sample } from '../scripts/lesson'
import type * as Lesson from '../solutions/13-numerical-derivative'

const { torch, lesson, task } = openLesson<typeof Lesson>('13-numerical-derivative', { without: 'everything' })

type Tensor = ReturnType<typeof sample>
/** A function of a list of numbers. */
type Loss = (x: number[]) => number

/** `count` random quarters, positive, at most 4. With an `h` that is a power of two, whatever is computed from a few of them is exact. */
const quarters = (count: number) => Array.from({ length: count }, () => Math.ceil(Math.random() * 16) / 4)
const whole = (low: number, high: number) => low + Math.floor(Math.random() * (high - low + 1))
const signed = (value: number) => (Math.random() < 0.5 ? -value : value)

/** What the engine says is the gradient at `x`, in float64. */
function trueGradient(f: (x: Tensor) => Tensor, x: number[]): number[] {
  const leaf = torch.tensor(x, { dtype: torch.float64, requires_grad: true })
  f(leaf).backward()
  return leaf.grad!.tolist() as number[]
}
const onNumbers =
  (f: (x: Tensor) => Tensor): Loss =>
  (x) =>
    f(torch.tensor(x, { dtype: torch.float64 })).item()

/** Prints `received` as `expected` where they agree in eight digits of the largest: what was measured may differ in the others. */
function printNear(received: unknown, expected: number[] | number): string {
  const text = print(received)
  const [a, b] = [received, expected].map((each) => (Array.isArray(each) ? each : [each])) as [number[], number[]]
  const bound = 1e-8 * Math.max(...b.map(Math.abs))
  const near = a.length === b.length && b.every((value, i) => Math.abs(a[i]! - value) <= bound)
  return near && Array.isArray(received) === Array.isArray(expected) ? print(expected) : text
}

task('derivative', () => {
  const wrongSlopes = (f: (x: number) => number, x: number, h: number, show = print as (value: number) => string) => ({
    [show((f(x + h) - f(x)) / h)]:
      'This is the forward difference: it looks to one side only, and the bend of the curve is in it.',
    [show((f(x) - f(x - h)) / h)]:
      'This is the backward difference: it looks to one side only, and the bend of the curve is in it.',
    [show((f(x + h) - f(x - h)) / h)]:
      'This is twice the slope: the two places are 2h apart, and the difference was divided by h.',
    [show(f(x + h) - f(x - h))]:
      'This is how much the output changed. A slope is that, divided by how far the two places are apart.',
    [show((f(x + h) - f(x)) / (2 * h))]:
      'The difference of f(x + h) and f(x) was divided by 2h. These two are only h apart; the other place is x - h.',
    [show(((f(x + h) - f(x - h)) / 2) * h)]:
      'This was divided by 2 and then multiplied by h: `/ 2 * h` goes from left to right. Put 2h in parentheses.',
    [show(f(x + h) - f(x - h) / (2 * h))]:
      'Only the second value was divided: a division is done before a subtraction. Put the difference in parentheses.',
    [show((f(x - h) - f(x + h)) / (2 * h))]: 'The right size, with the other sign: what is subtracted from what?',
  })

  test('of x³ at 2, with h = 0.01, it is 12.0001', () => {
    const cube = (x: number) => x ** 3
    const show = (value: unknown) => (typeof value === 'number' ? value.toFixed(4) : print(value))
    expect(show(lesson.derivative(cube, 2, 0.01))).toPrint('12.0001', {
      ...wrongSlopes(cube, 2, 0.01, show),
      [show((cube(2.01) + cube(1.99)) / 0.02)]: 'The two outputs were added. A change is a difference.',
      [show(8)]: 'This is the value of f. Its slope was asked for.',
      '12.0000':
        'This is closer than a central difference with h = 0.01 can be: was another h used, or a rule? Use the one that is given.',
    })
  })

  test('it is the slope between a place before x and one after it, for any polynomial and any h', () => {
    // All of one sign and x beyond 1: the curve bends one way, so no two of the differences are the same.
    const sign = signed(1)
    const [a, b, c, x] = quarters(4) as [number, number, number, number]
    const h = 2 ** -whole(2, 4)
    const place = x + 1
    const f = (v: number) => sign * (a * v ** 3 + b * v ** 2 + c * v)
    const expected = (f(place + h) - f(place - h)) / (2 * h)
    const exact = sign * (3 * a * place ** 2 + 2 * b * place + c)
    const seen = lesson.derivative(f, place, h)
    const closer = typeof seen === 'number' && Math.abs(seen - exact) < Math.abs(expected - exact) / 2
    expect(print(seen)).toPrint(print(expected), {
      ...wrongSlopes(f, place, h),
      ...(closer && {
        [print(seen)]:
          `This is closer to the true slope than h = ${h} allows: another h was used. Use the one that is given.`,
      }),
      otherwise: `This was at x = ${place} with h = ${h}, where f(x) is ${sign} · (${a}x³ + ${b}x² + ${c}x).`,
    })
  })

  test('of a curve that is no polynomial it agrees with the engine in eight digits', () => {
    const [a, x] = quarters(2) as [number, number]
    const curve = (v: Tensor) =>
      v
        .mul(a / 4)
        .sin()
        .add(v.mul(v))
        .sum()
    const f = (v: number) => onNumbers(curve)([v])
    const expected = trueGradient(curve, [x])[0]!
    const h = 1e-5
    expect(printNear(lesson.derivative(f, x, h), expected)).toPrint(print(expected), {
      otherwise: 'Here h = 0.00001, and eight digits should be right.',
    })
  })
})

task('partials', () => {
  /** A polynomial in which every element has to do with the next one, and none is like another. */
  function polynomial(size: number) {
    const [a, b] = [quarters(size).map(signed), quarters(size).map(signed)]
    return (x: number[]) => x.reduce((sum, v, i) => sum + a[i]! * v ** 3 + b[i]! * v * (x[(i + 1) % x.length] ?? 0), 0)
  }

  /** Where to measure: shown beside a wrong answer. */
  const place = (size: number) => sample([size]).tolist() as number[]
  const movedAt = (x: number[], by: number, where: (k: number) => boolean) =>
    x.map((value, k) => (where(k) ? value + by : value))

  function judge(f: Loss, x: number[], h: number) {
    const at = (i: number, by: number) => f(movedAt(x, by, (k) => k === i))
    const each = (measure: (i: number) => number) => print(x.map((_, i) => measure(i)))
    const before = print(x)
    const together = (f(movedAt(x, h, () => true)) - f(movedAt(x, -h, () => true))) / (2 * h)
    const why = {
      [each((i) => (at(i, h) - f(x)) / h)]: 'These are forward differences: each looks to one side only.',
      [each((i) => (f(x) - at(i, -h)) / h)]: 'These are backward differences: each looks to one side only.',
      [each((i) => (at(i, h) - at(i, -h)) / h)]:
        'Everything is twice as large as it should be: the two places are 2h apart.',
      [each((i) => at(i, h) - at(i, -h))]:
        'These are the changes of the output. Each is to be divided by how far the two places are apart.',
      [each(() => together)]:
        'Every entry says how f changes when all elements move at once. Move one at a time, and hold the others.',
      [print(together)]:
        'This is how f changes when all elements move at once. There should be a number for each of them.',
      [each((i) => {
        const drifted = x.map((value, k) => (k < i ? value - h : value))
        const moved = (by: number) => f(movedAt(drifted, by, (k) => k === i))
        return (moved(h) - moved(-h)) / (2 * h)
      })]:
        'The first entry is right, and then it drifts: an element that was moved down was never put back, so the next one was measured at another place.',
      [each((i) => {
        const drifted = x.map((value, k) => (k < i ? value + h : value))
        const moved = (by: number) => f(movedAt(drifted, by, (k) => k === i))
        return (moved(h) - moved(-h)) / (2 * h)
      })]:
        'The first entry is right, and then it drifts: an element that was moved up was never put back, so the next one was measured at another place.',
      [each((i) => (at(i, h) - f(x)) / (2 * h))]:
        'f(x) was subtracted, and that is only h away. The other place is the one with this element moved down.',
      [print(x.reduce((sum, _, i) => sum + (at(i, h) - at(i, -h)) / (2 * h), 0))]:
        'This is the sum of all partial derivatives. There should be one for each element.',
    }
    const slopeOf = (moved: (i: number, k: number) => boolean) =>
      each((i) => (f(movedAt(x, h, (k) => moved(i, k))) - f(movedAt(x, -h, (k) => moved(i, k)))) / (2 * h))
    const equals =
      'Two elements of x are equal here, and were taken for one. Go by the place of an element, and not by its value.'
    const byValue = {
      [slopeOf((i, k) => x[k] === x[i])]: equals,
      [slopeOf((i, k) => k === x.indexOf(x[i]!))]: equals,
    }
    const nothing = {
      [each(() => 0)]:
        'Both times the same was measured. `const moved = x` makes no copy: it is a second name for the same list, and what is moved up by one name is moved down by the other. `[...x]` is a copy.',
      [each(() => Number.NaN)]:
        'NaN: f has asked for an element that is not there. It takes a whole list, with as many elements as x.',
    }
    const expected = each((i) => (at(i, h) - at(i, -h)) / (2 * h))
    expect(print(lesson.partials(f, x, h))).toPrint(expected, { ...nothing, ...byValue, ...why })
    expect(print(x)).toPrint(
      before,
      'The partial derivatives are right, but x is not what it was before: put back what you move, or move a copy.',
    )
  }

  test('of width times height, they are height and width', () => {
    const x = place(2).map(Math.abs) // whose sum is not 0, as that of the partial derivatives would be
    judge(([width, height]) => width! * height!, x, 0.25)
  })

  test('one element moves at a time, and all others stay where they are', () => {
    judge(polynomial(3), place(3), 2 ** -whole(2, 4))
  })

  test('there are as many as x has elements', () => {
    const size = whole(4, 6)
    judge(polynomial(size), place(size), 0.25)
    const x = place(size)
    x[2] = x[1]!
    judge(polynomial(size), x, 0.25)
  })

  test('of a function of one element there is one', () => {
    judge(polynomial(1), place(1), 0.125)
  })

  test('they agree with the gradient of the engine in eight digits', () => {
    const [matrix, x] = [torch.tensor([quarters(3), quarters(3), quarters(3)], { dtype: torch.float64 }), quarters(3)]
    const f = (v: Tensor) => torch.dot(v, matrix.matmul(v)).add(v.mul(0.5).sin().sum())
    const expected = trueGradient(f, x)
    expect(printNear(lesson.partials(onNumbers(f), x, 1e-5), expected)).toPrint(print(expected), {
      otherwise: 'Here h = 0.00001, and eight digits should be right.',
    })
  })
})

task('relativeError', () => {
  function judge(a: number, b: number) {
    const difference = Math.abs(a - b)
    const expected = difference / Math.max(Math.abs(a), Math.abs(b))
    const received = lesson.relativeError(a, b)
    const nearly = typeof received === 'number' && Math.abs(received - expected) < 1e-6
    expect(print(received)).toPrint(print(expected), {
      ...(nearly && {
        [print(received)]:
          'Nearly. Was something small added to what is divided by? It changes every error a little, and that of tiny numbers a lot. Ask for two zeros first, and add nothing.',
      }),
      ...((a === 0 || b === 0) && { 0: `Only two zeros have the error 0. These were ${a} and ${b}.` }),
      [print(difference)]:
        'This is the difference itself, an absolute error. It says nothing until it is compared with the numbers.',
      [print(difference / Math.min(Math.abs(a), Math.abs(b)))]:
        'This was divided by the smaller of the two. The larger one is asked for, and larger in size: of -5 and 3 that is the 5.',
      [print(-expected)]: 'The right size, but negative. An error has no sign: the difference needs `Math.abs`.',
      [print(-difference / Math.min(Math.abs(a), Math.abs(b)))]:
        'This was divided by a negative number, and by the smaller one at that. Take `Math.abs` of both before you ask which is larger.',
      [print(difference / (Math.abs(a) + Math.abs(b)))]:
        'This was divided by the sum of the sizes. That is used too, but here it is the larger of them.',
      [print(expected * 100)]: 'This is in percent. Leave it as a fraction.',
      otherwise: `This was the error between ${a} and ${b}.`,
    })
  }

  /** Two different sizes, the smaller one first; powers of two apart from each other, so that no two mistakes look alike. */
  const sizes = (): [number, number] => {
    const small = whole(3, 7)
    return [small, small + whole(8, 30)]
  }

  test('twice as large is an error of a half, and so is half as large', () => {
    const a = whole(3, 30)
    judge(2 * a, a)
    judge(a, 2 * a)
  })

  test('the larger number may come second', () => {
    const [small, large] = sizes()
    judge(small, large)
  })

  test('numbers may be negative: what counts is their size', () => {
    const [small, large] = sizes()
    judge(-large, small)
    judge(-small, -large)
  })

  test('it is the same for tiny numbers as for huge ones', () => {
    const [small, large] = sizes()
    judge(small * 2 ** -40, large * 2 ** -40)
    judge(large * 2 ** 40, small * 2 ** 40)
  })

  test('a number and zero are as far apart as can be without a change of sign', () => {
    judge(0, whole(3, 30))
    judge(-whole(3, 30), 0)
  })

  test('two zeros agree', () => {
    expect(print(lesson.relativeError(0, 0))).toPrint('0', {
      nan: 'Here 0 was divided by 0, and that is NaN. Two zeros agree: the error is 0.',
      '1': 'Two zeros agree as well as any two numbers can: the error is 0.',
    })
  })

  test('what is not a number is near to nothing', () => {
    const value = whole(3, 30)
    const small = [
      [Number.NaN, value],
      [value, Number.NaN],
    ].map(([a, b]) => lesson.relativeError(a!, b!) < 1e-6)
    expect(print(small)).toPrint(
      '(False, False)',
      'The error between NaN and a number was asked for, and it came out as small. If 0 was put in place of any NaN, as `|| 0` does, that was too much: only two zeros have the error 0.',
    )
  })
})

task('checkGradient', () => {
  /** A function of three numbers that is `scale` times as large as a plain one, and its true gradient at `x`: all of one sign if one is given. */
  function loss(scale = 1, sign?: number) {
    const c = quarters(3).map((value) => (sign ? sign * value : signed(value)))
    const x = quarters(3).map((value) => signed(value + 1))
    const weights = torch.tensor(c, { dtype: torch.float64 })
    const f = (v: Tensor) => weights.mul(v).mul(v).mul(v).sum().mul(scale)
    return { f: onNumbers(f), x, gradient: trueGradient(f, x) }
  }

  const verdict = (f: Loss, claimed: number[], x: number[]) => {
    const seen = errorOf(() => lesson.checkGradient(f, () => [...claimed], [...x]))
    expect(seen).toPrint('no error')
    return print(lesson.checkGradient(f, () => [...claimed], [...x]))
  }

  const falseAlarm =
    'This is the true gradient, and your function does not believe it. What was measured is never exactly the same: measure to both sides, and compare with a relative bound.'

  /** `claimed` is wrong, and is to be told from the true gradient, which is believed. */
  function toldApart({ f, x, gradient }: ReturnType<typeof loss>, claimed: number[], words: string) {
    expect(verdict(f, gradient, x)).toPrint('True', falseAlarm)
    expect(verdict(f, claimed, x)).toPrint('False', `${words} Your function lets this wrong gradient pass.`)
  }

  test('the true gradient passes', () => {
    const { f, x, gradient } = loss()
    expect(verdict(f, gradient, x)).toPrint('True', falseAlarm)
  })

  test('the true gradient of a function with huge values passes', () => {
    const { f, x, gradient } = loss(1e9)
    expect(verdict(f, gradient, x)).toPrint(
      'True',
      `${falseAlarm} Here all values are about a billion: eight digits agree, and still the difference is larger than any fixed bound.`,
    )
  })

  test('a gradient twice too large does not pass, however tiny it is (2 points)', () => {
    const tiny = loss(1e-9)
    toldApart(
      tiny,
      tiny.gradient.map((value) => 2 * value),
      'It is exactly twice the true one, but all its values are about a billionth: an absolute tolerance lets everything so tiny pass. Compare the difference with the numbers themselves.',
    )
  })

  test('one wrong element is enough, wherever it stands', () => {
    for (const place of [0, 1, 2]) {
      const made = loss()
      toldApart(
        made,
        made.gradient.map((value, i) => (i === place ? 1.5 * value : value)),
        `Only element ${place} is wrong, but each of them must be right.`,
      )
      toldApart(
        made,
        made.gradient.map((value, i) => (i === place ? value * (1 + 2.5e-6) : value)),
        `Element ${place} is off by two and a half millionths, and the others are right. Each has to be within the bound by itself; their mean says nothing.`,
      )
    }
  })

  test('a wrong element is seen beside a much larger one', () => {
    const made = loss()
    const large = { ...made, f: (v: number[]) => 1000 * v[0]! + made.f(v) }
    large.gradient = made.gradient.map((value, i) => (i === 0 ? value + 1000 : value))
    toldApart(
      large,
      large.gradient.map((value, i) => (i === 1 ? value + 0.0005 * Math.sign(value) : value)),
      'Element 1 is off in its fourth or fifth digit, beside an element that is far larger. Judge each element by its own size.',
    )
  })

  test('a gradient with the other sign does not pass', () => {
    const made = loss()
    toldApart(
      made,
      made.gradient.map((value) => -value),
      'Every element has the wrong sign. If a difference is compared with a bound, it needs `Math.abs`; and so do the sizes.',
    )
  })

  test('off by a thousandth is still wrong, up or down, whatever the signs', () => {
    for (const sign of [1, -1]) {
      for (const factor of [1.001, 0.999]) {
        const made = loss(1, sign)
        const range = sign > 0 ? '> 0' : '< 0'
        toldApart(
          made,
          made.gradient.map((value) => value * factor),
          `Each element is ${factor} times what it should be, and all are ${range}. Either the bound is too wide (it is 1e-6), or a sign decides: the difference needs \`Math.abs\`, and so do the sizes.`,
        )
      }
    }
  })

  test('NaN is not a gradient', () => {
    const [made, place] = [loss(), whole(0, 2)]
    toldApart(
      made,
      made.gradient.map((value, i) => (i === place ? Number.NaN : value)),
      'There is NaN in it. Every comparison with NaN is false: ask whether the error is small enough, not whether it is too large.',
    )
  })

  test('where f does not depend on an element, zero is right', () => {
    const { f, x, gradient } = loss()
    const blind: Loss = ([a, b]) => f([a!, b!, 0])
    expect(verdict(blind, [gradient[0]!, gradient[1]!, 0], x)).toPrint(
      'True',
      'f does not depend on the last element: zero was measured, and zero is claimed. These agree, though 0 / 0 is NaN.',
    )
  })
})

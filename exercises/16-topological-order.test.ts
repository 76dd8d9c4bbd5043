// Lesson 16: chains, diamonds, ladders and random graphs. Any topological order is right: what is judged is the property, and names are shown.
import { errorOf, openLesson, print } from '../scripts/lesson'
import type * as Lesson from '../solutions/16-topological-order'

const { lesson, task } = openLesson<typeof Lesson>('16-topological-order', { without: 'everything' })

type Value = Lesson.Value
/** A value's name, and the names of its inputs. Inputs have lines of their own, further up. */
type Line = [name: string, ...inputs: string[]]

const whole = (low: number, high: number) => low + Math.floor(Math.random() * (high - low + 1))
const shuffled = <T>(list: T[]): T[] =>
  list
    .map((value) => ({ value, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value)

/** The same graph with other names, so that no answer can know them. */
function renamed(lines: Line[]): Line[] {
  const letters = shuffled([...'abcdefghijklmnopqrstuvwxyz'])
  const names = new Map(lines.map(([name], i) => [name, letters[i]!]))
  return lines.map((line) => line.map((name) => names.get(name)!) as Line)
}

const chain = (length: number): Line[] => [
  ['v0'],
  ...Array.from({ length: length - 1 }, (_, k): Line => [`v${k + 1}`, `v${k}`]),
]
/** Two roads from each rung to the next: with twelve rungs there are 4096 ways down. */
const ladder = (rungs: number): Line[] => [
  ['r0'],
  ...Array.from({ length: rungs }, (_, k): Line[] => [
    [`p${k}`, `r${k}`],
    [`q${k}`, `r${k}`],
    [`r${k + 1}`, `p${k}`, `q${k}`],
  ]).flat(),
]
/** y is computed from a and b, and b from a: b has to send to a before a is ready. */
const triangle: Line[] = [['x'], ['a', 'x'], ['b', 'a'], ['y', 'a', 'b']]
/** x stands twice in p, and once in q, which is further down. */
const squareBeside: Line[] = [['x'], ['p', 'x', 'x'], ['q', 'x'], ['r', 'q'], ['y', 'p', 'r']]
/** The root is z; w, v and u were computed from the same x, and z does not depend on them. */
const withOthers: Line[] = [['x'], ['u', 'x'], ['c'], ['v', 'u', 'c'], ['y', 'x'], ['w', 'y', 'v'], ['z', 'y', 'x']]

/** Twelve values, each computed from up to three of the ones before it, the same one twice now and then. */
function randomGraph(): Line[] {
  const lines: Line[] = [['k0'], ['k1']]
  while (lines.length < 12) {
    const earlier = lines.map(([name]) => name)
    const inputs = Array.from({ length: whole(1, 3) }, () => earlier[whole(0, earlier.length - 1)]!)
    lines.push([`k${lines.length}`, ...inputs])
  }
  return renamed(lines)
}

/** What `root` was computed from, by name, in the order of the lines. */
function needed(lines: Line[], root: string): Line[] {
  const wanted = new Set([root])
  for (const [name, ...inputs] of [...lines].reverse())
    if (wanted.has(name)) for (const input of inputs) wanted.add(input)
  return lines.filter(([name]) => wanted.has(name))
}

/** A graph as a learner reads it, the root last: `x, a(x, x), y(a, x)` for a y computed from a and x. */
const described = (lines: Line[]) => {
  const parts = lines.map(([name, ...inputs]) => (inputs.length > 0 ? `${name}(${inputs.join(', ')})` : name))
  return parts.length > 20 ? `…, ${parts.slice(-10).join(', ')}` : parts.join(', ')
}

/** The values of a graph, and the one that the last line describes, or another. */
function open(lines: Line[], rootName = lines.at(-1)![0]) {
  const values = lesson.graph(lines.map((line) => line.join(' ')).join('\n'))
  const place = lines.findIndex(([name]) => name === rootName)
  return { values, root: values[place]! }
}

/** The names in an answer. */
function namesIn(answer: unknown): string[] | undefined {
  if (!Array.isArray(answer)) return undefined
  return answer.map((value) => (typeof value === 'string' ? `'${value}'` : String((value as Value | undefined)?.name)))
}

const list = (names: string[]) => `(${names.slice(0, 40).join(', ')}${names.length > 40 ? ', …' : ''})`

/** An answer that is no list at all gets the words for it; `undefined` is answered by `print`. */
const noList = (answer: unknown) => (typeof answer === 'object' && answer !== null ? 'no list' : print(answer))

/** Deeper than any stack: each call that is not done yet takes some fifty bytes of it at least, and it has about a million. */
const depth = 20_000
const full = `The stack is full: a function that calls itself needs a place on it for each call that is not done yet, and this chain is ${depth} values long. Keep a list of what is still to be done, and a loop.`
const tooDeep = {
  'RangeError: Maximum call stack size exceeded': full,
  'InternalError: stack overflow': full,
}

/** Judges a list of all values of a deep chain by its length and by what `problem` says of some of its places. */
function judgeDeep<Entry>(answerFor: (root: Value) => Entry[], problem: (entry: Entry, place: number) => string) {
  const { root } = open(chain(depth))
  let answer: Entry[] = []
  const seen = errorOf(() => {
    answer = answerFor(root)
  })
  expect(seen).toPrint('no error', tooDeep)
  const right = `${depth} entries`
  if (!Array.isArray(answer)) expect(noList(answer)).toPrint(right, 'A list was asked for.')
  expect(`${answer.length} entries`).toPrint(right, 'Each value of the chain belongs to the list, once.')
  for (const place of [0, depth - 1, ...Array.from({ length: 30 }, () => whole(1, depth - 2))]) {
    const found = problem(answer[place]!, place)
    expect(found ? `${right}, but not the right one in place ${place}` : right).toPrint(right, found)
  }
}
const isLink = (name: string) => /^v\d+$/.test(name) && Number(name.slice(1)) < depth

/** The first thing that is wrong with a list of names as a list of what the root was computed from, or nothing. */
function wrongSet(names: string[], lines: Line[]): string {
  const wanted = lines.map(([name]) => name)
  const root = wanted.at(-1)!
  const double = names.find((name, i) => names.indexOf(name) !== i)
  const strange = names.find((name) => !wanted.includes(name))
  const present = new Set(names)
  const missing = wanted.filter((name) => !present.has(name))
  if (strange?.startsWith("'")) return 'These are names. The values themselves were asked for.'
  if (strange === 'undefined') return 'There is something in the list that is no value.'
  if (strange) return `${root} was not computed from ${strange}.`
  if (double)
    return `${double} stands in the list more than once: more than one road leads to it. Remember which values you have seen.`
  if (missing.includes(root) && missing.length === 1) return `${root} itself is missing.`
  if (missing.length > 0) {
    const leaves = lines.filter(([name, ...inputs]) => missing.includes(name) && inputs.length === 0)
    return leaves.length === missing.length
      ? `Missing: ${missing.join(', ')}. A leaf has no inputs, but it belongs to the list.`
      : `Missing: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', …' : ''}. Go on from each value that you find.`
  }
  return ''
}

/** The first thing that is wrong with a list of names as a topological order of these lines, or nothing. */
function wrongOrder(names: string[], lines: Line[]): string {
  const set = wrongSet(names, lines)
  if (set) return set
  const places = new Map(names.map((name, place) => [name, place]))
  const early = lines
    .flatMap(([name, ...inputs]) => inputs.map((input) => ({ name, input })))
    .filter(({ name, input }) => places.get(input)! < places.get(name)!)
  if (early.length === 0) return ''
  const root = lines.at(-1)![0]
  if (places.get(root) === names.length - 1 && names.length > 1)
    return `This begins at the leaves, and ${root} comes last. The walk begins at ${root}: each value comes before its inputs.`
  const { name, input } = early[0]!
  return `${input} comes before ${name}. But ${name} was computed from ${input}, and has something to send to it: when the walk comes to ${input}, not all of it has arrived. A value is ready when it has been seen for the last time, not for the first time.`
}

/** Judges a list of what the root was computed from: any list is right about which `wrong` finds nothing to say. */
function judgeList(
  answerFor: (root: Value) => unknown,
  lines: Line[],
  wrong: typeof wrongSet,
  words: (finding: string, graph: string) => string,
  root = lines.at(-1)![0],
) {
  const all = needed(lines, root)
  const right = list(all.map(([name]) => name).reverse())
  const start = open(lines, root).root
  const answer = answerFor(start)
  const names = namesIn(answer)
  const finding = names === undefined ? 'A list of values was asked for.' : wrong(names, all)
  expect(names === undefined ? noList(answer) : finding ? list(names) : right).toPrint(
    right,
    words(finding, described(all)),
  )
}

/** A value that was computed from two others of one name. */
function twins(): [Value, Value, Value] {
  const { values } = open(renamed([['a'], ['b'], ['y', 'a', 'b']]))
  const [first, second, root] = values as [Value, Value, Value]
  second.name = first.name
  return [root, first, second]
}

task('reachable', () => {
  const judge = (lines: Line[], root?: string) =>
    judgeList(
      (start) => lesson.reachable(start),
      lines,
      wrongSet,
      (finding, graph) => `${finding} Any order is right. The graph: ${graph}.`,
      root,
    )

  test('along a chain, every value and the root itself', () => {
    judge(renamed(chain(whole(4, 6))))
  })

  test('where two roads lead to a value, it is listed once', () => {
    judge(renamed(triangle))
    judge(renamed(squareBeside))
  })

  test('a root that is a leaf stands alone', () => {
    judge(renamed([['x']]))
  })

  test('two values that bear the same name are two values', () => {
    const [root, first, second] = twins()
    expect(String(namesIn(lesson.reachable(root)))).toPrint(
      [root, first, second].map(({ name }) => name).join(),
      `${root.name} was computed from two values that are both called ${first.name}, and both belong to the list. A name is for pictures and messages: let the values themselves be the keys.`,
    )
  })

  test('what the root was not computed from is left out', () => {
    const lines = renamed(withOthers)
    judge(lines, lines.at(-1)![0])
    judge(lines, lines[3]![0])
  })

  test('random graphs, and a ladder with 4096 ways down', () => {
    for (let i = 0; i < 3; i++) judge(randomGraph())
    judge(ladder(12))
  })

  test('a chain of 20,000 values is listed without a call for each', () => {
    judgeDeep(lesson.reachable, (value) =>
      isLink(value?.name) ? '' : 'There is something in the list that is no value of the chain.',
    )
  })
})

task('isTopological', () => {
  /** Values of a graph in an order given by name; a name may stand twice, or not at all. */
  function verdict(lines: Line[], order: string[]): string {
    const { values } = open(lines)
    return print(lesson.isTopological(order.map((name) => values.find((value) => value.name === name)!)))
  }
  /** The graph y from a and b, b from a, a from x, and its names. */
  function named() {
    const lines = renamed(triangle)
    const [x, a, b, y] = lines.map(([name]) => name) as [string, string, string, string]
    return { lines, x, a, b, y }
  }

  test('an order in which every value stands before its inputs is one', () => {
    const { lines, x, a, b, y } = named()
    expect(verdict(lines, [y, b, a, x])).toPrint(
      'True',
      `The graph: ${described(lines)}. The order was ${y}, ${b}, ${a}, ${x}: every value stands before its inputs.`,
    )
  })

  test('a graph may have more than one', () => {
    const lines = renamed([['x'], ['z'], ['p', 'x', 'x'], ['q', 'z', 'x'], ['y', 'p', 'q']])
    const [x, z, p, q, y] = lines.map(([name]) => name) as [string, string, string, string, string]
    for (const order of [
      [y, p, q, x, z],
      [y, q, p, z, x],
      [y, q, z, p, x],
    ]) {
      expect(verdict(lines, order)).toPrint(
        'True',
        `The graph: ${described(lines)}. The order was ${order.join(', ')}. Inputs needn't follow at once: anywhere behind will do.`,
      )
    }
  })

  test('none in which a value comes before one that was computed from it', () => {
    const { lines, x, a, b, y } = named()
    for (const order of [
      [y, a, b, x],
      [y, a, x, b],
      [y, b, x, a],
      [b, y, a, x],
    ]) {
      expect(verdict(lines, order)).toPrint(
        'False',
        `The graph: ${described(lines)}. The order was ${order.join(', ')}. Ask of every value whether all of its inputs stand behind it, and not only of the first.`,
      )
    }
  })

  test('the other direction, leaves first, is none', () => {
    const { lines, x, a, b, y } = named()
    expect(verdict(lines, [x, a, b, y])).toPrint(
      'False',
      `The graph: ${described(lines)}. The order was ${x}, ${a}, ${b}, ${y}: that is the way forward, inputs first. The walk goes from the result to its inputs.`,
    )
  })

  test('none in which an input is missing', () => {
    const { lines, x, a, b, y } = named()
    for (const order of [
      [y, b, a],
      [y, b, x],
    ]) {
      expect(verdict(lines, order)).toPrint(
        'False',
        `The graph: ${described(lines)}. The order was ${order.join(', ')}: a value is in it, and an input of this value is not. Where is a thing that is not there? \`indexOf\` says -1, and a Map says undefined.`,
      )
    }
  })

  test('none in which a value stands twice', () => {
    const { lines, x, a, b, y } = named()
    for (const order of [
      [y, b, a, x, x],
      [y, b, b, a, x],
    ]) {
      expect(verdict(lines, order)).toPrint(
        'False',
        `The graph: ${described(lines)}. The order was ${order.join(', ')}: a value stands in it twice. The walk would send its gradient on twice.`,
      )
    }
  })

  test('a leaf alone is one', () => {
    const lines = renamed([['x']])
    expect(verdict(lines, [lines[0]![0]])).toPrint('True', 'A leaf has no inputs, so all of them stand behind it.')
  })
})

task('countUses', () => {
  /** Counts by name, as `a: 1, b: 2`. */
  const counts = (pairs: [string, number][]) =>
    pairs
      .map(([name, count]) => `${name}: ${print(count)}`)
      .sort()
      .join(', ')

  /** How often each name is used: in places; by operations, whatever the number of their places; or along every road from the root. */
  function uses(lines: Line[]) {
    const [places, operations, roads] = [
      new Map<string, number>(),
      new Map<string, number>(),
      new Map<string, number>(),
    ]
    const root = lines.at(-1)![0]
    for (const [name] of lines) for (const each of [places, operations, roads]) each.set(name, 0)
    const add = (to: Map<string, number>, name: string, n: number) => to.set(name, to.get(name)! + n)
    for (const [name, ...inputs] of [...lines].reverse()) {
      const ways = name === root ? 1 : roads.get(name)!
      for (const input of inputs) add(places, input, 1)
      for (const input of new Set(inputs)) add(operations, input, 1)
      for (const input of inputs) add(roads, input, ways)
    }
    const withRoot = (map: Map<string, number>, n: number) => [...new Map(map).set(root, n)]
    return {
      right: counts([...places]),
      operations: counts([...operations]),
      roads: counts([...roads]),
      rootOnce: counts(withRoot(places, 1)),
      noRoot: counts([...places].filter(([name]) => name !== root)),
      oneMore: counts([...places].map(([name, n]) => [name, n + 1])),
    }
  }

  function judge(lines: Line[], rootName = lines.at(-1)![0]) {
    const all = needed(lines, rootName)
    const { right, operations, roads, rootOnce, noRoot, oneMore } = uses(all)
    const { root } = open(lines, rootName)
    const answer: unknown = lesson.countUses(root)
    const isList = Array.isArray(answer) && answer.every((pair) => Array.isArray(pair) && typeof pair[0] === 'object')
    const seen = isList
      ? counts((answer as [Value, number][]).map(([value, count]) => [String(value?.name), count]))
      : Array.isArray(answer)
        ? 'a list, but not of pairs'
        : noList(answer)
    const graph = described(all)
    const placesOf = (name: string) => all.flatMap(([, ...inputs]) => inputs).filter((input) => input === name).length
    const words: Record<string, string> = { otherwise: `The graph: ${graph}.` }
    const add = (text: string, why: string) => {
      words[text] ??= `${why} The graph: ${graph}.`
    }
    add(
      'no list',
      'A list of pairs was asked for, a value and a number each. If you have a Map, `[...map]` makes one of it.',
    )
    add(
      'a list, but not of pairs',
      'A list of pairs was asked for, a value and a number each: the value itself, and not its name.',
    )
    add(
      operations,
      'An operation that uses a value in two places, as x times x does, uses it twice: it will send to it twice.',
    )
    add(
      roads,
      'A value was counted once for each road that leads to it from the root. Count the places in which it is used: each value has its inputs counted once, when it is found.',
    )
    add(rootOnce, `Nothing uses ${rootName}: the walk begins there. Its number is 0.`)
    add(noRoot, `${rootName} is missing. Nothing uses it, so its number is 0, and it belongs to the list.`)
    add(oneMore, 'Every number is one too large: a value that is found for the first time has been used once.')
    add(
      counts(all.map(([name, ...inputs]) => [name, inputs.length])),
      'This says how many inputs each value has. The other way round was asked for: in how many places it is an input.',
    )
    add(
      counts(all.map(([name]) => [name, Math.max(0, placesOf(name) - 1)])),
      'Every number is one too small: a value that is found for the first time has been used once.',
    )
    expect(seen).toPrint(right, words)
  }

  test('along a chain each value is used once, and the root by nobody', () => {
    judge(renamed(chain(whole(3, 5))))
  })

  test('a value that two operations use is used twice', () => {
    judge(renamed(triangle))
  })

  test('x times x uses x twice', () => {
    judge(renamed([['x'], ['y', 'x', 'x']]))
    judge(renamed(squareBeside))
  })

  test('what the root was not computed from uses nothing', () => {
    const lines = renamed(withOthers)
    judge(lines, lines.at(-1)![0])
    judge(lines, lines[3]![0])
  })

  test('places are counted, not roads', () => {
    judge(ladder(3))
    judge(randomGraph())
  })

  test('the uses in a chain of 20,000 values are counted without a call for each', () => {
    judgeDeep(lesson.countUses, (pair) => {
      const [value, count] = pair ?? []
      const right = value?.name === `v${depth - 1}` ? 0 : 1
      return count === right ? '' : 'Each value of a chain is used once, and the root by nobody.'
    })
  })
})

task('topologicalOrder', () => {
  const judge = (lines: Line[], root?: string) =>
    judgeList(
      (start) => lesson.topologicalOrder(start),
      lines,
      wrongOrder,
      (finding, graph) =>
        `${finding} Any order is right in which each value stands before all of its inputs. The graph: ${graph}.`,
      root,
    )

  test('a chain, from the root to the leaf', () => {
    judge(renamed(chain(whole(4, 6))))
  })

  test('a value waits for all that were computed from it (2 points)', () => {
    judge(renamed(triangle))
    judge(renamed([['x'], ['a', 'x'], ['b', 'a'], ['c', 'b'], ['y', 'a', 'c']]))
    judge(renamed([['x'], ['a', 'x'], ['b', 'a'], ['y', 'b', 'a']]))
  })

  test('a value that stands twice in one operation waits for the others, too', () => {
    judge(renamed(squareBeside))
    judge(renamed([['x'], ['p', 'x', 'x'], ['q', 'x'], ['r', 'q'], ['y', 'r', 'p']]))
  })

  test('a leaf is an order of its own', () => {
    judge(renamed([['x']]))
  })

  test('what the root was not computed from is left out, and nobody waits for it', () => {
    const lines = renamed(withOthers)
    judge(lines, lines.at(-1)![0])
    judge(lines, lines[3]![0])
  })

  test('random graphs (2 points)', () => {
    for (let i = 0; i < 10; i++) judge(randomGraph())
  })

  test('a ladder with 4096 ways down: each value once', () => {
    judge(ladder(12))
  })

  test('a chain of 20,000 values (2 points)', () => {
    judgeDeep(lesson.topologicalOrder, (value, place) =>
      value?.name === `v${depth - 1 - place}`
        ? ''
        : 'In a chain there is one order only: from the root, link by link, to the leaf.',
    )
  })
})

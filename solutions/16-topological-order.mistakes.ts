// Wrong answers to lesson 16, and what the suite must say to each.
import type { Mistake } from '../scripts/mistakes'

const walkAll = `const found = new Set([root])
  for (const value of found) for (const input of inputsOf(value)) found.add(input)
  return [...found]`
const kahn = `  const order = [root]
  for (const value of order) {
    for (const input of inputsOf(value)) {
      const left = waiting.get(input)! - 1
      waiting.set(input, left)
      if (left === 0) order.push(input)
    }
  }
  return order`
const waits = 'a value waits for all that were computed from it (2 points)'

export default [
  {
    name: 'a value for each road',
    in: 'reachable',
    replace: [
      walkAll,
      'const found = [root]\n  for (const value of found) found.push(...inputsOf(value))\n  return found',
    ],
    caughtBy: 'where two roads lead to a value, it is listed once',
    says: 'Remember which values you have seen',
  },
  {
    name: 'the root left out',
    in: 'reachable',
    replace: ['return [...found]', 'return [...found].slice(1)'],
    caughtBy: 'along a chain, every value and the root itself',
    says: 'itself is missing',
  },
  {
    name: 'leaves left out',
    in: 'reachable',
    replace: ['return [...found]', 'return [...found].filter((value) => value.node)'],
    caughtBy: 'along a chain, every value and the root itself',
    says: 'A leaf has no inputs, but it belongs to the list',
  },
  {
    name: 'only its own inputs',
    in: 'reachable',
    replace: [walkAll, 'return [...new Set([root, ...inputsOf(root)])]'],
    caughtBy: 'along a chain, every value and the root itself',
    says: 'Go on from each value that you find',
  },
  {
    name: 'only the first input followed',
    in: 'reachable',
    replace: ['of inputsOf(value))', 'of inputsOf(value).slice(0, 1))'],
    caughtBy: 'where two roads lead to a value, it is listed once',
    says: 'Missing',
  },
  {
    name: 'recursion',
    in: 'reachable',
    replace: [
      walkAll,
      'const found = new Set<Value>()\n  const visit = (value: Value) => {\n    if (found.has(value)) return\n    found.add(value)\n    for (const input of inputsOf(value)) visit(input)\n  }\n  visit(root)\n  return [...found]',
    ],
    caughtBy: 'a chain of 20,000 values is listed without a call for each',
    says: 'The stack is full',
  },
  {
    name: 'the way forward',
    in: 'isTopological',
    replace: ['(places.get(input) ?? -1) > place', '(places.get(input) ?? order.length) < place'],
    caughtBy: 'the other direction, leaves first, is none',
    says: 'that is the way forward',
  },
  {
    name: 'only the root asked',
    in: 'isTopological',
    replace: [
      'order.every((value, place) => inputsOf(value).every((input) => isBehind(input, place)))',
      'order.slice(0, 1).every((value, place) => inputsOf(value).every((input) => isBehind(input, place)))',
    ],
    caughtBy: 'none in which a value comes before one that was computed from it',
    says: 'not only of the first',
  },
  {
    name: 'one input is enough',
    in: 'isTopological',
    replace: ['inputsOf(value).every', '!inputsOf(value).length || inputsOf(value).some'],
    caughtBy: 'none in which a value comes before one that was computed from it',
    says: 'whether all of its inputs stand behind it',
  },
  {
    name: 'a missing input stands nowhere, so not before',
    in: 'isTopological',
    replace: ['(places.get(input) ?? -1) > place', '!(places.get(input)! < place)'],
    caughtBy: 'none in which an input is missing',
    says: 'Where is a thing that is not there',
  },
  {
    name: 'doubles let pass',
    in: 'isTopological',
    replace: ['places.size === order.length &&', ''],
    caughtBy: 'none in which a value stands twice',
    says: 'send its gradient on twice',
  },
  {
    name: 'inputs must follow at once',
    in: 'isTopological',
    replace: ['(places.get(input) ?? -1) > place', 'places.get(input) === place + 1'],
    caughtBy: 'a graph may have more than one',
    says: 'anywhere behind will do',
  },
  {
    name: 'operations counted, not places',
    in: 'countUses',
    replace: ['of inputsOf(value)) uses', 'of new Set(inputsOf(value))) uses'],
    caughtBy: 'x times x uses x twice',
    says: 'uses it twice',
  },
  {
    name: 'the root used once',
    in: 'countUses',
    replace: ['[[root, 0]]', '[[root, 1]]'],
    caughtBy: 'along a chain each value is used once, and the root by nobody',
    says: 'Its number is 0',
  },
  {
    name: 'one too many',
    in: 'countUses',
    replace: ['(uses.get(input) ?? 0) + 1', '(uses.get(input) ?? 1) + 1'],
    with: [['[[root, 0]]', '[[root, 1]]']],
    caughtBy: 'a value that two operations use is used twice',
    says: 'one too large',
  },
  {
    name: 'roads counted',
    in: 'countUses',
    replace: [
      'for (const [value] of uses) for (const input of inputsOf(value)) uses.set(input, (uses.get(input) ?? 0) + 1)',
      'const roads = [root]\n  for (const value of roads.slice(0, 1)) {\n    const todo = [value]\n    for (const each of todo)\n      for (const input of inputsOf(each)) {\n        uses.set(input, (uses.get(input) ?? 0) + 1)\n        todo.push(input)\n      }\n  }',
    ],
    caughtBy: 'places are counted, not roads',
    says: 'counted once for each road',
  },
  {
    name: 'recursion',
    in: 'countUses',
    replace: [
      'for (const [value] of uses) for (const input of inputsOf(value)) uses.set(input, (uses.get(input) ?? 0) + 1)',
      'const visit = (value: Value) => {\n    for (const input of inputsOf(value)) {\n      const seen = uses.has(input)\n      uses.set(input, (uses.get(input) ?? 0) + 1)\n      if (!seen) visit(input)\n    }\n  }\n  visit(root)',
    ],
    caughtBy: 'the uses in a chain of 20,000 values are counted without a call for each',
    says: 'The stack is full',
  },
  {
    name: 'preorder',
    in: 'topologicalOrder',
    replace: [
      kahn,
      '  const order = new Set<Value>()\n  const todo = [root]\n  while (todo.length > 0) {\n    const value = todo.pop()!\n    if (order.has(value)) continue\n    order.add(value)\n    todo.push(...inputsOf(value).toReversed())\n  }\n  return [...order]',
    ],
    caughtBy: waits,
    says: 'A value is ready when it has been seen for the last time',
  },
  {
    name: 'nearest first',
    in: 'topologicalOrder',
    replace: [kahn, '  return [...waiting.keys()]'],
    caughtBy: waits,
    says: 'A value is ready when it has been seen for the last time',
  },
  {
    name: 'leaves first',
    in: 'topologicalOrder',
    replace: ['return order', 'return order.reverse()'],
    caughtBy: 'a chain, from the root to the leaf',
    says: 'This begins at the leaves',
  },
  {
    name: 'a value for each road',
    in: 'topologicalOrder',
    replace: ['if (left === 0) order.push(input)', 'order.push(input)'],
    caughtBy: waits,
    says: 'stands in the list more than once',
  },
  {
    name: 'a value in two places counted once, and struck twice',
    in: 'topologicalOrder',
    replace: [
      'for (const input of inputsOf(value)) waiting.set(input, (waiting',
      'for (const input of new Set(inputsOf(value))) waiting.set(input, (waiting',
    ],
    caughtBy: 'a value that stands twice in one operation waits for the others, too',
    says: 'not all of it has arrived',
  },
  {
    name: 'recursion',
    in: 'topologicalOrder',
    replace: [
      kahn,
      '  const done = new Set<Value>()\n  const visit = (value: Value) => {\n    if (done.has(value)) return\n    for (const input of inputsOf(value)) visit(input)\n    done.add(value)\n  }\n  visit(root)\n  return [...done].reverse()',
    ],
    caughtBy: 'a chain of 20,000 values (2 points)',
    says: 'The stack is full',
  },
  {
    name: 'names for keys',
    in: 'reachable',
    replace: [
      'const found = new Set([root])\n  for (const value of found)',
      'const found = new Map([[root.name, root]])\n  for (const value of found.values())',
    ],
    with: [
      ['found.add(input)', 'found.set(input.name, input)'],
      ['[...found]', '[...found.values()]'],
    ],
    caughtBy: 'two values that bear the same name are two values',
    says: 'let the values themselves be the keys',
  },
  {
    name: 'inputs counted',
    in: 'countUses',
    replace: ['return [...uses]', 'return [...uses.keys()].map((value) => [value, inputsOf(value).length])'],
    caughtBy: 'along a chain each value is used once, and the root by nobody',
    says: 'The other way round was asked for',
  },
  {
    name: 'one too few',
    in: 'countUses',
    replace: ['(uses.get(input) ?? 0) + 1', '(uses.get(input) ?? -1) + 1'],
    caughtBy: 'along a chain each value is used once, and the root by nobody',
    says: 'one too small',
  },
] satisfies Mistake[]

// The measurement: what it compares before it times, and how it counts.
import type { Answer, Engine } from './engines'
import { firstDifference, measure, quantile } from './measure'

/** An engine that takes the given times in turn. */
function fake(name: string, answer: Answer | Error, times: number[] = [1]): Engine {
  let turn = 0
  return {
    name,
    prepare: async () => {
      if (answer instanceof Error) throw answer
      return { answer, step: 1 }
    },
    sample: async () => times[turn++ % times.length]!,
    close: () => {},
  }
}

const workload = { id: 'W1', what: 'a test' }
const right: Answer = { loss: 28, grad: [0, 4, 8, 12] }

function run(engines: Engine[], turns = 5) {
  return measure(workload, engines, turns, () => {})
}

test('the median and the quartiles are those of the samples', async () => {
  const { engines } = await run([fake('gradus', right, [5, 1, 100, 2, 3])])
  expect(engines[0]).toMatchObject({ median: 3, quartiles: [2, 5], samples: [5, 1, 100, 2, 3], reason: null })
})

test('an engine that computes something else is told, and never timed', async () => {
  const { engines } = await run([fake('gradus', right), fake('other', { loss: 28, grad: [0, 4, 8.1, 12] })])
  expect(engines[1]).toMatchObject({
    median: null,
    samples: [],
    reason: 'computes something else: grad[2] is 8.1 instead of 8',
  })
})

test('an engine that cannot run is listed with its reason, and the others are measured', async () => {
  const { engines } = await run([fake('gradus', right), fake('broken', new Error('needs a GPU')), fake('c', right)])
  expect(engines.map(({ name, reason }) => [name, reason])).toEqual([
    ['gradus', null],
    ['broken', 'needs a GPU'],
    ['c', null],
  ])
  expect(engines[2]!.samples.length).toBe(5)
})

test('an engine that needs seconds for a step gets three turns', async () => {
  const { engines } = await run([fake('gradus', right), fake('slow', right, [6000])], 7)
  expect(engines.map(({ samples }) => samples.length)).toEqual([7, 3])
})

test('answers agree to a thousandth; a missing number, a nan or a wrong one does not', () => {
  expect(firstDifference({ loss: 1000 }, { loss: 1000.9 })).toBeNull()
  expect(firstDifference({ loss: 1000 }, { loss: 1002 })).toBe('loss is 1002 instead of 1000')
  expect(firstDifference({ loss: 1 }, { loss: Number.NaN })).toBe('loss is NaN instead of 1')
  expect(firstDifference({ grad: [1, 2] }, { grad: [1] })).toBe('grad[1] is NaN instead of 2')
  expect(firstDifference({ grad: [1] }, {})).toBe('grad is NaN instead of 1')
})

test('a quantile between two samples is interpolated', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(quantile([10], 0.25)).toBe(10)
})

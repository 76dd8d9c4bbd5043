// Runs TypeScript snippets against what PyTorch printed or raised for the Python snippets of the same names (semantics.json).
import { floatRepr } from '../../decimal'
import * as torch from '../../index'
import { recording } from '../recording'

export interface Recorded {
  id: string
  python: string
  outcome: { stdout?: string; errorType?: string; message?: string }
}

export const recordings = new Map(recording<Recorded[]>('semantics.json').map((entry) => [entry.id, entry]))

let printed = ''

/** Python's print: texts as they are, all else as `repr` writes it, with spaces between. */
export function print(...values: unknown[]): void {
  printed += values.map((value) => (typeof value === 'string' ? value : repr(value))).join(' ') + '\n'
}

/** A number that Python would print as a float: 2.0. */
export function float(value: unknown): string {
  return floatRepr(Number(value))
}

/** Several values that Python has as a tuple: (1, 2), (1,). */
export function tuple(values: readonly unknown[]): string {
  return values.length === 1 ? `(${repr(values[0])},)` : `(${values.map(repr).join(', ')})`
}

function repr(value: unknown): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  return typeof value === 'string' ? `'${value}'` : String(value)
}

/** What a snippet printed and raised, in the form of the recordings. */
export function run(snippet: () => void): Recorded['outcome'] {
  printed = ''
  const outcome: Recorded['outcome'] = {}
  const gradMode = torch.is_grad_enabled()
  try {
    snippet()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    outcome.errorType = error.name
    outcome.message = error.message
  }
  torch.set_grad_enabled(gradMode)
  if (printed) outcome.stdout = printed
  return outcome
}

/** One test for each snippet, named after the recording that it is held to. Those of `notYet` must fail still. */
export function agreesWithPyTorch(snippets: Record<string, () => void>, notYet: string[] = []): void {
  const agrees = (id: string, snippet: () => void) => {
    const { stdout, errorType, message } = recordings.get(id)!.outcome
    const expected = {
      // A node's address isn't told.
      ...(stdout === undefined ? {} : { stdout: stdout.replace(/ object at 0x…/g, '') }),
      ...(errorType === undefined ? {} : { errorType, message }),
    }
    expect(run(snippet)).toEqual(expected)
  }
  for (const [id, snippet] of Object.entries(snippets)) {
    if (notYet.includes(id)) test.failing(id, () => agrees(id, snippet))
    else test(id, () => agrees(id, snippet))
  }
}

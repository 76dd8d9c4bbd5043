// Runs TypeScript snippets against what PyTorch printed or raised for the Python snippets of the same names (semantics.json).
import { floatRepr } from '../../decimal'
import * as torch from '../../index'
import { set_warning_handler } from '../../warnings'
import { recording } from '../recording'

interface Outcome {
  stdout?: string
  errorType?: string
  message?: string
  warning?: { message: string }[]
}

export interface Recorded {
  id: string
  python: string
  outcome: Outcome
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

/** What a snippet printed, raised and warned of, in the form of the recordings. */
export function run(snippet: () => void): Outcome {
  printed = ''
  const outcome: Outcome = {}
  const gradMode = torch.is_grad_enabled()
  const warnings: { message: string }[] = []
  const before = set_warning_handler((message) => warnings.push({ message }))
  try {
    snippet()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    outcome.errorType = error.name
    outcome.message = error.message
  }
  set_warning_handler(before)
  torch.set_grad_enabled(gradMode)
  if (printed) outcome.stdout = printed
  if (warnings.length > 0) outcome.warning = warnings
  return outcome
}

/** What PyTorch did, as far as it can be compared: without a node's address, and without Python's own stack. */
function expected({ stdout, errorType, message, warning }: Outcome): Outcome {
  const warnings = (warning ?? []).filter(({ message }) => !message.includes('Traceback of forward call'))
  return {
    ...(stdout === undefined ? {} : { stdout: stdout.replace(/ object at 0x…/g, '') }),
    ...(errorType === undefined ? {} : { errorType, message }),
    ...(warnings.length === 0 ? {} : { warning: warnings.map(({ message }) => ({ message })) }),
  }
}

/** One test for each snippet, named after the recording that it is held to. */
export function agreesWithPyTorch(snippets: Record<string, () => void>): void {
  test.each(Object.entries(snippets))('%s', (id, snippet) => {
    expect(run(snippet)).toEqual(expected(recordings.get(id)!.outcome))
  })
}

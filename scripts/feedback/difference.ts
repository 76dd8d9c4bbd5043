// One sentence on how a printed answer differs from the right one: kind before shape, shape before dtype, dtype before values, values before suffixes.
import { type Printed, type PrintedTensor, readPrinted } from './printed'

const kinds: Record<Printed['kind'], string> = {
  tensor: 'a tensor',
  tuple: 'a pair or list',
  None: 'None (null)',
  boolean: 'a boolean',
  number: 'a number',
  error: 'an error',
  text: 'text',
}

/** How `received` differs from `expected`, as a sentence; empty when no more can be said than the two texts show. */
export function explainDifference(expected: string, received: string): string {
  const [right, given] = [readPrinted(expected), readPrinted(received)]
  if (right.kind === 'error' || given.kind === 'error') return explainError(expected, received)
  if (right.kind !== given.kind) return `${capital(kinds[right.kind])} was expected; this is ${kinds[given.kind]}.`
  if (right.kind === 'tensor' && given.kind === 'tensor') return explainTensor(right, given)
  if (right.kind === 'tuple' && given.kind === 'tuple') return explainTuple(right.items, given.items)
  return ''
}

function explainError(expected: string, received: string): string {
  if (received === 'no error') return 'An error was expected, and none was thrown.'
  if (expected === 'no error') return 'No error was expected.'
  return readPrinted(received).kind === 'error'
    ? ''
    : `An error was expected; this is ${kinds[readPrinted(received).kind]}.`
}

function explainTuple(right: string[], given: string[]): string {
  if (right.length !== given.length)
    return `${right.length === 1 ? '1 value was' : `${right.length} values were`} expected; there ${given.length === 1 ? 'is' : 'are'} ${given.length}.`
  const place = right.findIndex((item, i) => item !== given[i])
  if (place < 0) return ''
  const inner = explainDifference(right[place] ?? '', given[place] ?? '')
  const ordinal = ['first', 'second', 'third', 'fourth', 'fifth'][place]
  return `${ordinal ? `The ${ordinal} value` : `Value ${place + 1}`} is not right.${inner && ` ${inner}`}`
}

function explainTensor(right: PrintedTensor, given: PrintedTensor): string {
  if (String(right.shape) !== String(given.shape)) return `The shape should be ${shape(right)}; it is ${shape(given)}.`
  if (dtype(right) !== dtype(given)) return `The dtype should be ${dtype(right)}; it is ${dtype(given)}.`
  const same = right.elements.every((element, i) => sameElement(element, given.elements[i] ?? ''))
  return same ? explainTracking(right.suffix, given.suffix) : explainElements(right.elements, given.elements)
}

function sameElement(a: string, b: string): boolean {
  return a === b || (!Number.isNaN(Number(a)) && Object.is(Number(a), Number(b)))
}

function shape(tensor: PrintedTensor): string {
  return tensor.shape.length === 0 ? '[] (a single number)' : `[${tensor.shape.join(', ')}]`
}

/** The dtype, which PyTorch prints only where it can't be seen from the elements. */
function dtype({ suffix, elements }: PrintedTensor): string {
  if (suffix.dtype) return suffix.dtype.replace('torch.', '')
  if (elements.some((each) => each === 'True' || each === 'False')) return 'bool'
  return elements.every((each) => /^-?\d+$/.test(each)) && elements.length > 0 ? 'int64' : 'float32'
}

/** Elements that are left out (`...`), infinite or nan in both say nothing about a factor or a shift between the others. */
function explainElements(right: string[], given: string[]): string {
  const told = right.map((_, i) => i).filter((i) => right[i] !== given[i] || Number.isFinite(Number(right[i])))
  const [wanted, answered] = [told.map((i) => Number(right[i])), told.map((i) => Number(given[i]))]
  if (told.some((i) => given[i] === 'nan' && right[i] !== 'nan')) return 'There is nan where a number was expected.'
  const ratio = commonRatio(wanted, answered)
  if (ratio !== undefined)
    return `Every entry is ${ratio === -1 ? 'the right one with the other sign' : `${factor(ratio)} what was expected`}.`
  const shift = commonShift(wanted, answered)
  if (shift !== undefined) return `Every entry is ${Math.abs(shift)} too ${shift > 0 ? 'large' : 'small'}.`
  return ''
}

/** The factor between two lists of at least two numbers, if it is one and the same everywhere. */
function commonRatio(right: number[], given: number[]): number | undefined {
  const ratios = right.flatMap((value, i) => (value === 0 && given[i] === 0 ? [] : [(given[i] as number) / value]))
  const [first = Number.NaN] = ratios
  const same =
    ratios.length > 1 &&
    Number.isFinite(first) &&
    first !== 0 &&
    ratios.every((ratio) => Math.abs(ratio - first) < 1e-3 * Math.abs(first))
  const rounded = Math.round(first * 1e3) / 1e3
  return same && rounded !== 1 && rounded !== 0 ? rounded : undefined
}

function factor(ratio: number): string {
  const names: Record<number, string> = { 2: 'exactly twice', 3: 'exactly three times', 0.5: 'exactly half' }
  return names[ratio] ?? `${ratio} times`
}

function commonShift(right: number[], given: number[]): number | undefined {
  const shifts = right.map((value, i) => (given[i] as number) - value)
  const rounded = Math.round((shifts[0] ?? 0) * 1e3) / 1e3
  return shifts.length > 1 && rounded !== 0 && shifts.every((shift) => Math.abs(shift - rounded) < 1e-3)
    ? rounded
    : undefined
}

function explainTracking(right: Record<string, string>, given: Record<string, string>): string {
  if (right.grad_fn && given.grad_fn && right.grad_fn !== given.grad_fn) {
    return `The numbers are right, but the last operation was ${given.grad_fn}, not ${right.grad_fn}.`
  }
  if (right.grad_fn && !given.grad_fn) {
    const missing = /^<\w+>$/.test(right.grad_fn) ? `: ${right.grad_fn} is missing` : '' // a suite may hide which operation it is
    return `The numbers are right, but nothing recorded how they were computed${missing}.`
  }
  if (!right.grad_fn && given.grad_fn)
    return `The numbers are right, but this tensor is part of a graph: ${given.grad_fn}.`
  if (right.requires_grad && !given.requires_grad) return 'The numbers are right, but requires_grad is not set.'
  if (!right.requires_grad && given.requires_grad) return 'The numbers are right, but requires_grad is set.'
  return ''
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

// The notation of `@shape` in docstrings, and whether a call has the shapes that it says.
//
// `(m, k), (k, n) → (m, n)`: names are sizes, `...` any sizes, capital letters whole shapes. `;` and `or` separate alternatives, `each`
// means several results. What
// cannot be put in signs is said in words, and not checked.
import { broadcastSizes, type Sizes, sameSizes } from '../shape'

export interface ShapedCall {
  readonly operands: readonly Sizes[]
  readonly results: readonly Sizes[]
}

/** Sizes by their names, runs of sizes by `...`, shapes by their letters. */
type Bindings = Map<string, number | Sizes>

/** Whether the shapes of a call are as `notation` says; null where it says so in words. */
export function agrees(notation: string, call: ShapedCall): boolean | null {
  const answers = notation.split('; ').map((alternative) => agreesWith(alternative, call))
  return answers.includes(true) ? true : answers.includes(null) ? null : false
}

function agreesWith(notation: string, { operands, results }: ShapedCall): boolean | null {
  const [left, right] = notation.split(' → ') as [string, string | undefined]
  if (right === undefined || !split(left).every((part) => /^([A-Z]|\([a-z., 0-9]*\))$/.test(part))) return null
  const bindings: Bindings = new Map()
  const fit = split(left).every((part, k) => operands[k] === undefined || bind(part, operands[k], bindings))
  if (!fit) return false
  const answers = right.split(' or ').map((one) => {
    const [, repeated] = /^(.*), (?:each|twice)$/.exec(one) ?? []
    const parts = repeated
      ? results.map(() => repeated)
      : /^\(.*[A-Z(].*\)$/.test(one)
        ? split(one.slice(1, -1))
        : [one]
    if (parts.length !== results.length) return false
    return every(parts.map((part, k) => isResult(part, results[k]!, bindings)))
  })
  return answers.includes(true) ? true : answers.includes(null) ? null : false
}

function every(answers: (boolean | null)[]): boolean | null {
  return answers.includes(false) ? false : answers.includes(null) ? null : true
}

/** The parts between commas that stand in no brackets. */
function split(text: string): string[] {
  const parts = ['']
  let depth = 0
  for (const c of text) {
    depth += c === '(' ? 1 : c === ')' ? -1 : 0
    if (c === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += c
  }
  return parts.map((part) => part.trim())
}

/** Finds out what the names of a pattern stand for; false if that contradicts what is known. */
function bind(pattern: string, sizes: Sizes, bindings: Bindings): boolean {
  if (!pattern.startsWith('(')) return same(pattern, sizes, bindings)
  const names = split(pattern.slice(1, -1)).filter(Boolean)
  const dots = names.indexOf('...')
  const hidden = sizes.length - (names.length - 1)
  if (dots < 0 ? names.length !== sizes.length : hidden < 0) return false
  return names.every((name, k) => {
    if (name === '...') return same(name, sizes.slice(k, k + hidden), bindings)
    const size = sizes[dots >= 0 && k > dots ? k + hidden - 1 : k]!
    return /^\d+$/.test(name) ? Number(name) === size : same(name, size, bindings)
  })
}

function same(name: string, value: number | Sizes, bindings: Bindings): boolean {
  const known = bindings.get(name)
  if (known === undefined) bindings.set(name, value)
  else if (typeof known === 'number' || typeof value === 'number') return known === value
  else return sameSizes(known, value)
  return true
}

function isResult(part: string, sizes: Sizes, bindings: Bindings): boolean | null {
  const [whole] = /^[A-Z]$/.exec(part) ?? []
  if (whole) return same(whole, sizes, bindings)
  const [, broadcast] = /^broadcast\(([A-Z, ]+)\)$/.exec(part) ?? []
  if (broadcast) {
    const operands = split(broadcast).map((name) => (bindings.get(name) ?? []) as Sizes)
    return sameSizes(operands.reduce(broadcastSizes), sizes)
  }
  const [, reduced] = /^([A-Z]) without dim$/.exec(part) ?? []
  if (reduced) return isWithout(bindings.get(reduced) as Sizes, sizes)
  return /^\([a-z., 0-9]*\)$/.test(part) ? bind(part, sizes, bindings) : null
}

/** Whether some dimensions of `whole` are missing in `rest`, or 1 there. */
function isWithout(whole: Sizes, rest: Sizes): boolean {
  if (whole.length === rest.length) return whole.every((size, d) => rest[d] === size || rest[d] === 1)
  let found = 0
  for (const size of whole) if (found < rest.length && rest[found] === size) found++
  return found === rest.length
}

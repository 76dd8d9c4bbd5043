// What may cross between the grader and a guest: text that is JSON, in which a tagged list stands for whatever JSON lacks.

export type Wire =
  | null
  | boolean
  | number
  | string
  /** A number that JSON has no word for, undefined, a bigint, a symbol's text. */
  | ['n', string]
  | ['u']
  | ['i', string]
  | ['y', string]
  /** A list, and a plain object, by value. */
  | ['a', Wire[]]
  | ['o', [string, Wire][]]
  /** A long list of the guest's by its number, and its length. */
  | ['l', number, number]
  /** An object of the host by its number, with the name of its class; a function of the host. */
  | ['h', number, string?]
  | ['H', number]
  /** An object of the guest by its number; the first time, what it looks like, and a function's name. */
  | ['g', number, Kind?, string?]

export type Kind = 'function' | 'promise' | 'error' | 'iterable' | 'object'

/** What was thrown in the guest: an error of its own, one of the host's that passed through, or any other value. */
export type WireError =
  | ['e', name: string, message: string, stack: string, hint: string]
  | ['E', id: number, stack: string]
  | ['v', Wire]

/** An answer: whether it failed, and the value or the error. */
export type Reply = [0, Wire] | [1, WireError]

/** A longer list than this no guest may answer with. */
export const lengthLimit = 200_000

/** Longer messages of a guest are refused, and longer texts of errors are cut. */
export const messageLimit = 2_000_000
export const textLimit = 20_000

export function numberOf(text: string): number {
  return text === '-0' ? -0 : Number(text)
}

// The form of programs.json: what PyTorch answered, step by step. recordings/README.md describes it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DTypeName } from '../dtype'

/** Everything a learner can see of a tensor. */
export interface Shows {
  repr: string
  shape: number[]
  dtype: DTypeName
  values: RecordedNumber[]
  requires_grad: boolean
  is_leaf: boolean
  grad_fn?: string
}

/** A number, or "nan", "inf", "-inf", which JSON lacks. */
export type RecordedNumber = number | boolean | string

/** Numbers, booleans, null, nested lists, a reference to one tensor or to several, or a dtype. */
export type Argument =
  | number
  | boolean
  | null
  | Argument[]
  | { ref: string }
  | { refs: string[] }
  | { dtype: DTypeName }

export type IndexItem = number | (number | null)[]

export interface Step {
  call?: string
  on?: string
  args?: Argument[]
  kwargs?: Record<string, Argument>
  index?: IndexItem[]
  get?: string
  set?: string
  show?: string
  with?: string
  steps?: Step[]
  out?: string
  shows?: Shows
  outs?: string[]
  shows_all?: (Shows | null)[]
  returns?: unknown
  error?: { type: string; message: string }
}

export interface Program {
  id: string
  kind: string
  steps: Step[]
}

/** The parsed contents of a file in recordings/ (or, with an absolute path, of any other). */
export function recording<T>(file: string): T {
  return JSON.parse(readFileSync(join(file.startsWith('/') ? '' : join(__dirname, '..', 'recordings'), file), 'utf8'))
}

const named: Record<string, number> = { nan: Number.NaN, inf: Infinity, '-inf': -Infinity }

export function toNumber(recorded: RecordedNumber): number {
  return typeof recorded === 'string' ? named[recorded]! : Number(recorded)
}

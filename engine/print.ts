// The text of a tensor, to the character what PyTorch's repr prints (its rules are in torch/_tensor_str.py).
import { fixed, intRepr, scientific } from './decimal'
import type { DTypeName } from './dtype'

/** What printing needs to see of a tensor. */
export interface PrintView {
  readonly sizes: readonly number[]
  readonly dtype: DTypeName
  /** The i-th element in logical row-major order. */
  at(i: number): number | boolean
}

/** What the tensor's place in the graph adds at the end. `grad_fn` is a node's name; it is shown instead of requires_grad. */
export interface PrintSuffix {
  requires_grad?: boolean
  grad_fn?: string | undefined
}

// PyTorch's default print options.
const precision = 4
const threshold = 1000
const edgeItems = 3
const lineWidth = 80

const prefix = 'tensor('

/** `repr(tensor)`: the elements, then what can't be told from them (size, dtype, grad_fn or requires_grad). */
export function formatTensor(view: PrintView, suffix: PrintSuffix = {}): string {
  return withSuffixes(prefix + formatElements(view), suffixes(view, suffix))
}

function formatElements(view: PrintView): string {
  const count = view.sizes.reduce((product, size) => product * size, 1)
  if (count === 0) return '[]'
  const shown = count > threshold ? edges : all
  const format = elementFormat(view, shownElements(view, shown))
  return formatBlock(view, 0, 0, shown, format)
}

/** Which indices of a dimension are printed; `null` stands for the ellipsis. */
type Shown = (size: number) => (number | null)[]

const all: Shown = (size) => Array.from({ length: size }, (_, i) => i)

const edges: Shown = (size) =>
  size <= 2 * edgeItems ? all(size) : [0, 1, 2, null, size - edgeItems, size - edgeItems + 1, size - edgeItems + 2]

/** The elements that will be printed, which alone decide the number format and its width. */
function shownElements(view: PrintView, shown: Shown): (number | boolean)[] {
  let positions = [0]
  for (const size of view.sizes) {
    const indices = shown(size).filter((i) => i !== null)
    positions = positions.flatMap((position) => indices.map((i) => position * size + i))
  }
  return positions.map((position) => view.at(position))
}

/** How every element of one tensor is written: all have the same width. */
interface ElementFormat {
  readonly width: number
  write(value: number | boolean): string
}

function elementFormat(view: PrintView, elements: (number | boolean)[]): ElementFormat {
  if (view.dtype === 'bool') return aligned(elements, (value) => (value ? 'True' : 'False'))
  if (view.dtype === 'int64' || view.dtype === 'int32') return aligned(elements, (value) => intRepr(Number(value)))
  return floatFormat(elements as number[])
}

/**
 * Floats are written with four decimals; as whole numbers with a dot if all are whole; with an exponent if they are
 * very large, very small, or more than a thousandfold apart. Zeros, infinities and nans have no say in that, nor in the width.
 */
function floatFormat(elements: number[]): ElementFormat {
  const telling = elements.filter((value) => Number.isFinite(value) && value !== 0)
  let smallest = Infinity
  let largest = 0
  for (const value of telling) {
    smallest = Math.min(smallest, Math.abs(value))
    largest = Math.max(largest, Math.abs(value))
  }
  const exponents = telling.length > 0 && (largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4)
  if (exponents) return aligned(telling, (value) => scientific(Number(value), precision))
  if (telling.every(Number.isInteger)) {
    const dot = (value: number | boolean) => (Number.isFinite(value) ? '.' : '')
    return aligned(telling, (value) => fixed(Number(value), 0) + dot(value))
  }
  return aligned(telling, (value) => fixed(Number(value), precision))
}

function aligned(elements: (number | boolean)[], write: (value: number | boolean) => string): ElementFormat {
  const width = elements.reduce<number>((most, value) => Math.max(most, write(value).length), 1)
  return { width, write: (value) => write(value).padStart(width) }
}

/** One sub-array in brackets: its `row`-th of all that have as many dimensions left, counted in row-major order. */
function formatBlock(view: PrintView, dim: number, row: number, shown: Shown, format: ElementFormat): string {
  const size = view.sizes[dim]
  if (size === undefined) return format.write(view.at(row))
  const dimensionsLeft = view.sizes.length - dim
  const indent = ' '.repeat(prefix.length + dim + 1)
  const parts = shown(size).map((i) => {
    if (i === null) return dimensionsLeft === 1 ? ' ...' : '...'
    return formatBlock(view, dim + 1, row * size + i, shown, format)
  })
  if (dimensionsLeft > 1) return `[${parts.join(`,${'\n'.repeat(dimensionsLeft - 1)}${indent}`)}]`
  const perLine = Math.max(1, Math.floor((lineWidth - (indent.length - 1)) / (format.width + ', '.length)))
  const lines: string[] = []
  for (let i = 0; i < parts.length; i += perLine) lines.push(parts.slice(i, i + perLine).join(', '))
  return `[${lines.join(`,\n${indent}`)}]`
}

function suffixes(view: PrintView, suffix: PrintSuffix): string[] {
  const { sizes, dtype } = view
  const isEmpty = sizes.includes(0)
  const isObvious = dtype === 'float32' || (!isEmpty && (dtype === 'int64' || dtype === 'bool'))
  const parts: string[] = []
  if (isEmpty && sizes.length !== 1) parts.push(`size=(${sizes.join(', ')})`)
  if (!isObvious) parts.push(`dtype=torch.${dtype}`)
  if (suffix.grad_fn) parts.push(`grad_fn=<${suffix.grad_fn}>`)
  else if (suffix.requires_grad) parts.push('requires_grad=True')
  return parts
}

/** A suffix that would pass the line's end goes to a line of its own. */
function withSuffixes(text: string, parts: string[]): string {
  // One more than the length of the last line, or two if it is the only one: PyTorch counts so.
  let column = text.length - text.lastIndexOf('\n') + 1
  for (const part of parts) {
    if (column + part.length + 2 > lineWidth) {
      text += `,\n${' '.repeat(prefix.length)}${part}`
      column = prefix.length + part.length
    } else {
      text += `, ${part}`
      column += part.length + 2
    }
  }
  return text + ')'
}

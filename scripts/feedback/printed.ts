// Reads printed text back: what kind of value it is, its shape, its elements, its suffixes. Suites compare text only, so this is all there is to explain from.

export interface PrintedTensor {
  kind: 'tensor'
  shape: number[]
  /** The elements as printed, in row-major order; `...` where PyTorch left some out. */
  elements: string[]
  /** `dtype`, `grad_fn`, `requires_grad`, `size`, as printed. */
  suffix: Record<string, string>
}

export type Printed =
  | PrintedTensor
  | { kind: 'tuple'; items: string[] }
  | { kind: 'None' | 'boolean' | 'number' | 'error' | 'text' }

const number = /^(nan|-?inf|-?\d+\.?\d*(e[+-]?\d+)?)$/
const element = new RegExp(`${number.source}|^(True|False|\\.\\.\\.)$`)

export function readPrinted(text: string): Printed {
  if (text.startsWith('tensor(') && text.endsWith(')')) {
    const tensor = readTensor(text.slice(7, -1))
    return tensor.elements.every((each) => element.test(each)) ? tensor : { kind: 'text' }
  }
  if (text.startsWith('(') && text.endsWith(')')) return { kind: 'tuple', items: splitTop(text.slice(1, -1)) }
  if (text === 'None') return { kind: 'None' }
  if (text === 'True' || text === 'False') return { kind: 'boolean' }
  if (number.test(text)) return { kind: 'number' }
  if (/^\w*(Error|Exception): /.test(text) || text === 'no error') return { kind: 'error' }
  return { kind: 'text' }
}

function readTensor(inside: string): PrintedTensor {
  const [data = '', ...suffixes] = splitTop(inside)
  const suffix = Object.fromEntries(suffixes.map((each) => each.split(/=(.*)/s, 2) as [string, string]))
  return {
    kind: 'tensor',
    shape: suffix.size ? sizes(suffix.size) : shapeOf(data),
    elements: data.match(/[^\s,[\]]+/g) ?? [],
    suffix,
  }
}

function sizes(printed: string): number[] {
  return (printed.match(/\d+/g) ?? []).map(Number)
}

/** The sizes of nested brackets: `[[1, 2], [3, 4]]` is [2, 2]. */
function shapeOf(data: string): number[] {
  if (!data.startsWith('[')) return []
  const rows = splitTop(data.slice(1, -1))
  return [rows.length, ...(rows[0] === undefined ? [] : shapeOf(rows[0]))]
}

/** Splits at the commas that stand inside no bracket. */
function splitTop(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if ('([{<'.includes(c)) depth++
    else if (')]}>'.includes(c)) depth--
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(start, i).trim())
      start = i + 1
    }
  }
  const last = text.slice(start).trim()
  return last === '' ? parts : [...parts, last]
}

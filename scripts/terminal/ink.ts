// The kit's two inks in the terminal: accent for your place and what can be followed, signal for what needs you. Off without a terminal and under NO_COLOR.
import { createColors } from 'picocolors'
import stringWidth from 'string-width'

const { env, stdout } = process
export const colourful =
  !env.NO_COLOR && env.FORCE_COLOR !== '0' && env.TERM !== 'dumb' && (Boolean(env.FORCE_COLOR) || Boolean(stdout.isTTY))

const colours = createColors(colourful)
export const ink = { strong: colours.bold, accent: colours.cyan, signal: colours.red, pale: colours.dim }

/** How wide a line of prose may be: the terminal's width, at most 100, at least 40; 80 where there is no terminal. */
export function lineWidth(): number {
  return Math.max(40, Math.min(stdout.columns ?? 80, 100))
}

/** Prose, wrapped and indented; each of its lines by itself. Chinese may break after any character, but no line begins with a closing mark. */
export function prose(text: string, indent = 0): string {
  const margin = ' '.repeat(indent)
  const wrapped = text.split('\n').flatMap((line) => wrap(line, lineWidth() - indent))
  return wrapped.map((line) => (line === '' ? '' : margin + line)).join('\n')
}

/** What must stay on one line: a Chinese character with the marks that close it, or anything else up to a space. */
const piece =
  /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef][、。，．；：？！）〉》」』】”’]*|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+[、。，．；：？！）〉》」』】”’]*|\s+/gu

function wrap(line: string, width: number): string[] {
  const lines: string[] = []
  let current = ''
  for (const [next] of line.matchAll(piece)) {
    if (current !== '' && stringWidth(current + next.trimEnd()) > width) {
      lines.push(current.trimEnd())
      current = next.trimStart()
    } else current += next
  }
  return [...lines, current.trimEnd()]
}

/** Lines of code, which end where the terminal does: wrapped, they would no longer stand above each other. */
export function cut(text: string): string {
  const { columns } = stdout
  if (columns === undefined) return text
  const lines = text.split('\n')
  return lines.map((line) => (stringWidth(line) <= columns ? line : `${line.slice(0, columns - 1)}…`)).join('\n')
}

/** Text with spaces after it, up to a width; a Chinese character is two columns wide. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}

/** Text as it is, indented: code, tensors, tables. */
export function indented(text: string, indent: number): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : ' '.repeat(indent) + line))
    .join('\n')
}

// What a command printed, in the kit's inks, as a picture that follows the reader's light and dark.
import stringWidth from 'string-width'
import { escapeHtml } from '../page/html'

const [columnWidth, lineHeight, margin] = [8.43, 20, 22]

/** The inks of scripts/terminal/ink.ts by their codes; whatever ends one ends all. */
const inks: Record<string, string> = { 1: 'strong', 2: 'pale', 31: 'signal', 36: 'accent' }

const style = `rect{fill:#fdfcf9;stroke:#e2ddd2}
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace;fill:#1c1b19;white-space:pre}
.strong{font-weight:700}.pale{fill:#716c63}.accent{fill:#1b4f83}.signal{fill:#a63b12}
@media (prefers-color-scheme:dark){rect{fill:#191816;stroke:#35322d}text{fill:#e8e4db}.pale{fill:#979084}.accent{fill:#93c0ea}.signal{fill:#f0986c}}`

export function terminalSvg(printed: string, title: string): string {
  const lines = printed.trimEnd().split('\n')
  const texts = lines.flatMap((line, row) => textsOf(line, margin + 14 + row * lineHeight))
  const columns = Math.max(...lines.map((line) => stringWidth(line)))
  const width = Math.ceil(columns * columnWidth + 2 * margin)
  const height = lines.length * lineHeight + 2 * margin
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escapeHtml(title)}</title>
<style>
${style}
</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
${texts.join('\n')}
</svg>
`
}

/** The pieces of a line, each in one ink and with the place of its first column, so that no font can move what follows. */
function textsOf(line: string, y: number): string[] {
  const texts: string[] = []
  let column = 0
  let ink = ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of a terminal begin with one
  for (const part of line.split(/(\u001b\[\d+m)/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    const code = /^\u001b\[(\d+)m$/.exec(part)?.[1]
    if (code !== undefined) {
      ink = inks[code] ?? ''
      continue
    }
    const width = stringWidth(part)
    if (part.trim() !== '') {
      const place = `x="${(margin + column * columnWidth).toFixed(1)}" y="${y}" textLength="${(width * columnWidth).toFixed(1)}"`
      texts.push(`<text ${place}${ink && ` class="${ink}"`} xml:space="preserve">${escapeHtml(part)}</text>`)
    }
    column += width
  }
  return texts
}

// Mathematics in lessons: `$…$` in a line and `$$…$$` by itself become KaTeX. What KaTeX does not understand is an error, not a red mark.
import katex from 'katex'
import type MarkdownIt from 'markdown-it'
import { Misuse } from '../course'
import { escapeHtml } from './html'

export function mathematics(markdown: InstanceType<typeof MarkdownIt>): void {
  markdown.inline.ruler.after('escape', 'math_inline', (state, silent) => {
    const rest = state.src.slice(state.pos)
    const match = /^\$\$(.+?)\$\$|^\$(?!\s)((?:\\.|[^$\\])+?)(?<!\s)\$(?!\d)/s.exec(rest)
    if (!match) return false
    if (!silent) {
      const token = state.push('math', 'math', 0)
      token.content = (match[1] ?? match[2]) as string
      token.markup = match[1] === undefined ? '$' : '$$'
    }
    state.pos += match[0].length
    return true
  })
  markdown.block.ruler.before('fence', 'math_block', (state, first, last, silent) => {
    const line = (n: number) => state.src.slice(state.bMarks[n]! + state.tShift[n]!, state.eMarks[n])
    if (!line(first).startsWith('$$')) return false
    let end = first
    let content = line(first).slice(2)
    while (!content.trimEnd().endsWith('$$')) {
      end++
      if (end >= last) return false
      content += `\n${line(end)}`
    }
    if (silent) return true
    const token = state.push('math', 'math', 0)
    token.content = content.trimEnd().slice(0, -2)
    token.markup = '$$'
    token.block = true
    token.map = [first, end + 1]
    state.line = end + 1
    return true
  })
  // A line may break beside a formula, as beside a picture. The marks that close it go with it.
  markdown.core.ruler.push('math_closed', ({ tokens }) => {
    for (const { children } of tokens)
      for (const [i, token] of (children ?? []).entries()) {
        const after = children![i + 1]
        if (token.type !== 'math' || after?.type !== 'text') continue
        const marks = /^[\p{Pe}\p{Pf}\p{Po}]*/u.exec(after.content)![0]
        after.content = after.content.slice(marks.length)
        token.info = marks
      }
  })
  markdown.renderer.rules.math = (tokens, i) => {
    const { content, markup, info } = tokens[i]!
    if (markup === '$') return closed(formula(content), info)
    return `<div class="equation" tabindex="0">${formula(content, true)}</div>\n`
  }
}

/** A formula of one piece never breaks itself, so that it and its marks can be forbidden to. */
function closed(html: string, marks: string): string {
  const isOnePiece = html.split('class="katex-base"').length === 2
  return marks && isOnePiece ? `<span class="closed">${html}${escapeHtml(marks)}</span>` : html + escapeHtml(marks)
}

/** @throws Misuse that quotes the formula, if KaTeX can't read it */
export function formula(tex: string, display = false): string {
  try {
    return katex.renderToString(tex.trim(), { displayMode: display, throwOnError: true, strict: 'error', trust: false })
  } catch (error) {
    throw new Misuse(`the formula ${tex.trim()} can't be read: ${(error as Error).message}`)
  }
}

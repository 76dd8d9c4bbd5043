// Notes in the margin: footnotes in the markdown, as GitHub knows them, which stand beside the line that they belong to. On a narrow page the number unfolds its note, without a script.
import type MarkdownIt from 'markdown-it'
import footnotes from 'markdown-it-footnote'

type Markdown = InstanceType<typeof MarkdownIt>
type Tokens = ReturnType<Markdown['parse']>

/** `word` is what a note is called to those who don't see its number. */
export function notes(markdown: Markdown, word: (n: number) => string): void {
  markdown.use(footnotes)
  /** By the number of the note, what it says; the text of all stands at the end of the tokens. */
  const texts = new Map<number, Tokens>()
  markdown.core.ruler.push('notes', (state) => {
    const from = state.tokens.findIndex(({ type }) => type === 'footnote_block_open')
    if (from < 0) return
    let text: Tokens = []
    for (const { type, meta, children } of state.tokens.splice(from)) {
      if (type === 'footnote_open') {
        text = []
        texts.set((meta as { id: number }).id, text)
      } else text.push(...(children ?? []))
    }
  })
  markdown.renderer.rules.footnote_ref = (tokens, i, options, env, renderer) => {
    const { id } = tokens[i]!.meta as { id: number }
    const n = id + 1
    const text = renderer.renderInline(texts.get(id) ?? [], options, env)
    return `<label class="ref" for="note-${n}">${n}</label><input class="vh" type="checkbox" id="note-${n}" aria-label="${word(n)}"><span class="note" role="note"><span class="ref" aria-hidden="true">${n}</span>${text}</span>`
  }
}

// A lesson's markdown as HTML: its head, its cells, its tasks with their hints folded, and what it says of the next lesson.
import MarkdownIt from 'markdown-it'
import type { Language } from '../course'
import { highlight } from './code'
import { escapeHtml, outClass } from './html'
import { safeMarkup, type Targets } from './markup'
import { mathematics } from './mathematics'
import { notes } from './notes'
import { wordsOf } from './words'

/** What can be found by a search: the text under one heading. */
export interface Section {
  id: string
  heading: string
  text: string
}

export interface LessonHtml {
  title: string
  /** Stems, or words, of what comes before; what one can do afterwards (HTML); how long it takes. Empty where the lesson doesn't say. */
  before: string
  after: string
  time: string
  body: string
  tasks: string[]
  /** The sentence that leads to the next lesson, as HTML. */
  next: string
  sections: Section[]
}

export interface Rendering extends Targets {
  language: Language
  /** What stands in a task before its hints: a place for its result. */
  result?(task: string): { verdict: string; result: string; state: string }
  /** What stands below a cell's output: its graph. */
  belowCell?(cell: number): string
}

type Token = ReturnType<InstanceType<typeof MarkdownIt>['parse']>[number]

/** @throws Misuse if the mathematics or the markup of the lesson can't be read */
export function renderLesson(source: string, number: string, rendering: Rendering): LessonHtml {
  return new Renderer(number, rendering).render(source)
}

class Renderer {
  private readonly markdown = new MarkdownIt({ html: true, typographer: false })
  private readonly lesson: LessonHtml = {
    title: '',
    before: '',
    after: '',
    time: '',
    body: '',
    tasks: [],
    next: '',
    sections: [],
  }
  private html = ''
  private cells = 0
  private headings = 0
  /** What is open: the section of a task, the box around its hints, and so many `<details>`. */
  private inTask = false
  private inHints = false
  private folds = 0

  constructor(
    private readonly number: string,
    private readonly rendering: Rendering,
  ) {
    this.markdown.use(mathematics)
    const { rules } = this.markdown.renderer
    rules.html_block = (tokens, i) => safeMarkup(tokens[i]!.content, rendering)
    rules.html_inline = (tokens, i) => safeMarkup(tokens[i]!.content, rendering)
    rules.table_open = () => '<div class="table" tabindex="0"><table>\n'
    // A corner with nothing in it is no heading.
    rules.th_open = (tokens, i, options, _, renderer) => {
      if (tokens[i + 1]!.content === '') return '<td>'
      tokens[i]!.attrSet('scope', 'col')
      return renderer.renderToken(tokens, i, options)
    }
    rules.th_close = (tokens, i) => (tokens[i - 1]!.content === '' ? '</td>\n' : '</th>\n')
    rules.table_close = () => '</table></div>\n'
    this.markdown.core.ruler.push('links', ({ tokens }) => {
      for (const token of tokens) this.followLinks(token)
    })
    notes(this.markdown, wordsOf(rendering.language).note)
  }

  render(source: string): LessonHtml {
    const tokens = this.markdown.parse(source, {})
    for (let i = 0; i < tokens.length; ) i = this.block(tokens, i)
    this.closeTask()
    this.lesson.body = this.html
    return this.lesson
  }

  /** Renders the block that begins at token `i`; answers where the next one begins. */
  private block(tokens: Token[], i: number): number {
    const token = tokens[i]!
    const end = endOf(tokens, i)
    if (token.type === 'heading_open') this.heading(token, tokens[i + 1]!)
    else if (token.type === 'fence') return this.fence(tokens, i)
    else if (token.type === 'html_block') this.fold(token)
    else if (token.type === 'paragraph_open' && this.folds === 0 && this.sayings(tokens[i + 1]!)) return end
    else {
      if (this.folds === 0) this.closeHints()
      this.html += this.markdown.renderer.render(tokens.slice(i, end), this.markdown.options, {})
      for (const { type, children } of tokens.slice(i, end)) if (type === 'inline') this.note(plain(children))
    }
    return end
  }

  private heading(open: Token, inline: Token): void {
    const text = inline.content
    if (open.tag === 'h1') {
      this.lesson.title ||= text.replace(/^\d+\s*·\s*/, '')
      this.lesson.sections.push({ id: '', heading: this.lesson.title, text: '' })
      return
    }
    this.closeTask()
    const task = open.tag === 'h3' ? /^(\d+)\.\s*`((\w+)[^`]*)`/.exec(text) : null
    if (task) {
      this.openTask(task[1]!, task[3]!, task[2]!)
      return
    }
    const id = `s${++this.headings}`
    this.html += `<${open.tag} id="${id}">${this.inline(inline)}</${open.tag}>\n`
    this.lesson.sections.push({ id, heading: plain(inline.children), text: '' })
  }

  private openTask(number: string, name: string, signature: string): void {
    const { verdict = '', result = '', state = '' } = this.rendering.result?.(name) ?? {}
    const shown = `${Number(this.number)}.${number}`
    this.inTask = true
    this.lesson.tasks.push(name)
    this.lesson.sections.push({ id: name, heading: signature, text: '' })
    this.html += `<section class="task" id="${name}" data-task="${name}"${state && ` data-state="${state}"`} aria-labelledby="h-${name}">
<header><h3 id="h-${name}"><span class="num">${shown}</span><code>${escapeHtml(signature).replace('(', '(<wbr>')}</code></h3><p class="verdict">${verdict}</p></header>\n`
    this.pendingResult = `<div class="result" data-task="${name}">${result}</div>\n`
  }

  /** The place for a task's result comes after its text and before its hints. */
  private pendingResult = ''

  private closeTask(): void {
    this.closeHints()
    if (!this.inTask) return
    this.html += `${this.pendingResult}</section>\n`
    this.pendingResult = ''
    this.inTask = false
  }

  private closeHints(): void {
    if (this.inHints) this.html += '</div>\n'
    this.inHints = false
  }

  private fence(tokens: Token[], i: number): number {
    const { content, info } = tokens[i]!
    const language = info.trim()
    if (language !== 'ts' || this.folds > 0) {
      this.html += `<pre class="figure" tabindex="0">${escapeHtml(content)}</pre>\n`
      return i + 1
    }
    this.closeHints()
    const output = tokens[i + 1]?.type === 'fence' && tokens[i + 1]!.info.trim() === 'text' ? tokens[i + 1] : undefined
    const n = this.cells++
    const words = wordsOf(this.rendering.language)
    const prints = `<pre class="${outClass(output?.content)}" tabindex="0" aria-label="${words.printed(n + 1)}"${output ? '' : ' hidden'}><samp>${escapeHtml(output?.content.trimEnd() ?? '')}</samp></pre>`
    this.html += `<div class="cell" id="cell-${n + 1}" data-cell="${n}">
<div class="in"><pre tabindex="0" aria-label="${words.code(n + 1)}"><code>${highlight(content.trimEnd())}</code></pre></div>
${prints}
${this.rendering.belowCell?.(n) ?? ''}</div>\n`
    this.note(content)
    return output ? i + 2 : i + 1
  }

  /** A piece of HTML: the hints of a task are gathered, and each gets a word for how much it gives away. */
  private fold(token: Token): void {
    const html = safeMarkup(token.content, this.rendering)
    if (html.includes('<details>') && this.folds === 0 && !this.inHints) {
      this.html += `${this.pendingResult}<div class="hints">\n`
      this.pendingResult = ''
      this.inHints = true
    }
    this.folds += count(html, '<details>') - count(html, '</details>')
    const words = wordsOf(this.rendering.language)
    this.html += html.replace(
      /<summary>(.*?)<\/summary>([^\n]*?)(?=<\/details>|\n|$)/g,
      (_, summary: string, body: string) => {
        const step = words.hintSteps[Number(/\d+/.exec(summary)?.[0]) - 1]
        const text = body.trim() && `<p>${body.trim()}</p>`
        return `<summary><b>${summary}</b>${step ? ` <span>${step}</span>` : ''}</summary>${text}`
      },
    )
  }

  /** The sentences that every lesson has at its head and at its end. They stand elsewhere on the page. */
  private sayings(inline: Token): boolean {
    const { content } = inline
    const head = /^\*\*(?:Before:|先学：)\*\*\s*(.*?)\s*\*\*(?:After:|学完后：)\*\*\s*(.*?)(?:\s*\*([^*]+)\*)?$/s.exec(
      content,
    )
    if (head) {
      this.lesson.before = head[1]!.replace(/[.。]$/, '')
      this.lesson.after = this.markdown.renderInline(head[2]!)
      this.lesson.time = (head[3] ?? '').replace(/[.。]$/, '')
      this.note(head[2]!.replace(/[`*]/g, ''))
      return true
    }
    const next = /^\*\*(?:Next:|下一课：)\*\*\s*(?:\d\d-[a-z0-9-]+[.。]\s*)?(.*)$/s.exec(content)
    if (next) this.lesson.next = this.markdown.renderInline(next[1]!)
    return next !== null
  }

  private inline(token: Token): string {
    return this.markdown.renderer.renderInline(token.children ?? [], this.markdown.options, {})
  }

  /** Keeps text for the search. */
  private note(text: string): void {
    const section = this.lesson.sections.at(-1)
    if (section) section.text += ` ${text}`
  }

  /** Links lead to this site's pages or out of it; a link that leads nowhere here keeps its text. */
  private followLinks(token: Token): void {
    const open: Token[] = []
    for (const child of token.children ?? []) {
      if (child.type === 'image') child.attrSet('src', this.rendering.image(String(child.attrGet('src'))))
      else if (child.type === 'link_open') {
        const target = this.rendering.link(String(child.attrGet('href')))
        if (target === undefined) vanish(child)
        else child.attrSet('href', target)
        if (target && /^https?:/.test(target)) child.attrSet('rel', 'noopener')
        open.push(child)
      } else if (child.type === 'link_close' && open.pop()?.type === 'text') vanish(child)
    }
  }
}

function vanish(token: Token): void {
  token.type = 'text'
  token.content = ''
}

/** Where the block that opens at token `i` has closed. */
function endOf(tokens: Token[], i: number): number {
  let depth = 0
  do depth += tokens[i++]!.nesting
  while (depth > 0)
  return i
}

function plain(children: Token['children']): string {
  return (children ?? []).map(({ type, content, info }) => (type === 'softbreak' ? ' ' : content + info)).join('')
}

function count(text: string, part: string): number {
  return text.split(part).length - 1
}

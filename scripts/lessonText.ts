// Reads a lesson's markdown: its cells, what they must print, its tasks and their hints, its links.
import MarkdownIt from 'markdown-it'

/** A `ts` block, with the line of its first statement (counted from 1), and the `text` block after it, if there is one. */
export interface Cell {
  code: string
  line: number
  prints?: string
}

export interface TaskText {
  number: number
  /** The function that the task is about. */
  name: string
  line: number
  hints: string[]
}

export interface LessonText {
  title: string
  cells: Cell[]
  tasks: TaskText[]
  /** The words that stand in the text as code: what the lesson names, apart from its cells. */
  names: Set<string>
  /** Targets of links and images. */
  links: { target: string; line: number }[]
  /** Other fenced blocks (figures, shell commands), which a translation must share. */
  figures: string[]
  /** Blocks that look like code or output, but are no cell and follow none: nothing would ever check them. */
  strays: { language: string; line: number }[]
}

const markdown = new MarkdownIt({ html: true })

type Token = ReturnType<typeof markdown.parse>[number]

export function readLesson(source: string): LessonText {
  const tokens = markdown.parse(source, {})
  const lesson: LessonText = { title: '', cells: [], tasks: [], names: new Set(), links: [], figures: [], strays: [] }
  let folded = '' // an open `<details>`, which a blank line cuts into several tokens
  let line = 1
  for (const [i, token] of tokens.entries()) {
    line = token.map ? token.map[0] + 1 : line // the cells of a table know no line of their own
    if (token.type === 'inline') readLinks(lesson, token, line)
    readNames(lesson, token)
    if (token.type === 'html_block') readHtmlLinks(lesson, token.content, line)
    if (folded !== '' || token.type === 'html_block') {
      folded +=
        token.type === 'fence'
          ? `<code>${markdown.utils.escapeHtml(token.content.trim())}</code>`
          : `${token.content}\n`
      if (/<details>(?!.*<\/details>)/s.test(folded)) continue
      readHints(lesson, folded)
      folded = ''
    } else if (token.type === 'fence') readFence(lesson, token, tokens[i - 1])
    else if (token.type === 'heading_open') readHeading(lesson, token, tokens[i + 1])
  }
  return lesson
}

function lineOf(token: Token): number {
  return (token.map?.[0] ?? 0) + 1
}

function readFence(lesson: LessonText, token: Token, before: Token | undefined): void {
  const language = token.info.trim()
  const cell = lesson.cells.at(-1)
  if (language === 'ts') lesson.cells.push({ code: token.content, line: lineOf(token) + 1 })
  else if (language === 'text' && cell && before?.info.trim() === 'ts') cell.prints = token.content
  else {
    lesson.figures.push(token.content)
    if (/^(ts|text|typescript|js|javascript)\b/.test(language)) lesson.strays.push({ language, line: lineOf(token) })
  }
}

function readHeading(lesson: LessonText, token: Token, inline: Token | undefined): void {
  const text = inline?.content ?? ''
  if (token.tag === 'h1') lesson.title ||= text.replace(/^\d+\s*·\s*/, '')
  const task = token.tag === 'h3' ? /^(\d+)\.\s*`(\w+)/.exec(text) : null
  if (task) lesson.tasks.push({ number: Number(task[1]), name: task[2] as string, line: lineOf(token), hints: [] })
}

/** A hint is a `<details>` whose summary is "Hint n" or "提示 n". */
function readHints(lesson: LessonText, html: string): void {
  for (const [, body = ''] of html.matchAll(/<details>\s*<summary>(?:Hint|提示)\s*\d+<\/summary>(.*?)<\/details>/gs)) {
    lesson.tasks.at(-1)?.hints.push(plainText(body))
  }
}

/** The text of a piece of HTML, with code between backticks. */
function plainText(html: string): string {
  const text = html
    .replace(/<\/?code>/g, '`')
    .replace(/<\/?(em|i|strong|b)>/g, '*')
    .replace(/<\/?[a-zA-Z][^>]*>/g, '')
  return markdown.utils.unescapeAll(text.replaceAll('\\', '\\\\')).replace(/\s+/g, ' ').trim()
}

function readNames({ names }: LessonText, token: Token): void {
  const code = (token.children ?? []).filter(({ type }) => type === 'code_inline').map(({ content }) => content)
  const html = [...token.content.matchAll(/<code>(.*?)<\/code>/gs)].map(([, inner = '']) => inner)
  for (const [name] of [...code, ...html].join(' ').matchAll(/[A-Za-z_]\w*/g)) names.add(name)
}

function readLinks(lesson: LessonText, token: Token, line: number): void {
  for (const child of token.children ?? []) {
    if (child.type === 'html_inline') readHtmlLinks(lesson, child.content, line)
    const target = child.attrGet(child.type === 'image' ? 'src' : 'href')
    if (target) lesson.links.push({ target: String(target), line })
  }
}

function readHtmlLinks(lesson: LessonText, html: string, line: number): void {
  for (const [, target = ''] of html.matchAll(/\s(?:href|src)\s*=\s*["']([^"']*)["']/g))
    lesson.links.push({ target, line })
}

// The little HTML that a lesson may hold. All else is refused when the page is made, so no text of a lesson can become a script.
import { escapeHtml } from './html'

const allowed = new Set(['details', 'summary', 'code', 'em', 'strong', 'b', 'i', 'sub', 'sup', 'kbd', 'br', 'p'])

/**
 * A piece of HTML with nothing in it but tags of a few names, without attributes. Comments are left out.
 * @throws Error that names any other tag
 */
export function safeMarkup(html: string): string {
  return html
    .replace(/<!--.*?-->/gs, '')
    .split(/(<[^<>]*>)/)
    .map((part, i) => (i % 2 === 1 ? safeTag(part) : safeText(part)))
    .join('')
}

function safeTag(tag: string): string {
  const match = /^<(\/?)([a-z]+)\s*\/?>$/.exec(tag)
  if (!match || !allowed.has(match[2] as string))
    throw new Error(`the tag ${tag} can't stand in a lesson; there are ${[...allowed].join(', ')}, without attributes`)
  return `<${match[1]}${match[2]}>`
}

/** Entities stay as they are. */
function safeText(text: string): string {
  return text.replace(/&(?!(?:#\d+|#x[\da-f]+|\w+);)|[<>]/gi, escapeHtml)
}

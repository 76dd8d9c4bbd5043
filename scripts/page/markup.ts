// The little HTML that a lesson may hold. All else is refused when the page is made, so no text of a lesson can become a script.
import { Misuse } from '../course'
import { escapeHtml } from './html'

const allowed = new Set(['details', 'summary', 'code', 'em', 'strong', 'b', 'i', 'sub', 'sup', 'kbd', 'br', 'p', 'a'])

/** Where links lead, and where pictures come from. */
export interface Targets {
  /** Undefined if it leads nowhere on this site, so that only its text stays. */
  link(target: string): string | undefined
  /** @throws Misuse if there is no such picture */
  image(target: string): string
}

/**
 * A piece of HTML with nothing in it but tags of a few names, links and pictures. Comments are left out.
 * @throws Misuse that names any other tag
 */
export function safeMarkup(html: string, targets: Targets): string {
  return html
    .replace(/<!--.*?-->/gs, '')
    .split(/(<[^<>]*>)/)
    .map((part, i) => (i % 2 === 1 ? safeTag(part, targets) : safeText(part)))
    .join('')
}

function safeTag(tag: string, { link, image }: Targets): string {
  const plain = /^<(\/?)([a-z]+)\s*\/?>$/.exec(tag)
  if (plain && allowed.has(plain[2]!)) return `<${plain[1]}${plain[2]}>`
  const anchor = /^<a\s+href=["']([^"']*)["']\s*>$/.exec(tag)
  if (anchor) {
    const target = link(anchor[1]!)
    return target === undefined ? '<a>' : `<a href="${escapeHtml(target)}">`
  }
  const picture = /^<img\s+src=["']([^"']*)["'](?:\s+alt=["']([^"']*)["'])?\s*\/?>$/.exec(tag)
  if (picture) return `<img src="${escapeHtml(image(picture[1]!))}" alt="${safeText(picture[2] ?? '')}">`
  throw new Misuse(
    `the tag ${tag} can't stand in a lesson (a plain < is written &lt;); there are ${[...allowed].join(', ')}, <a href> and <img src alt>`,
  )
}

/** Entities stay as they are. */
function safeText(text: string): string {
  return text.replace(/&(?!(?:#\d+|#x[\da-f]+|\w+);)|[<>]/gi, escapeHtml)
}

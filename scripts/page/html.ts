// Text into HTML, safely: everything that is not markup of ours is escaped.

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] as string)
}

/** Text in which code stands between backticks, as the kit's messages have it. */
export function inlineCode(text: string): string {
  return text
    .split(/`([^`\n]+)`/)
    .map((part, i) => (i % 2 === 1 ? `<code>${escapeHtml(part)}</code>` : escapeHtml(part)))
    .join('')
}

/** Errors are sentences, and wrap; tensors keep their rows. */
export function isSentences(text: string): boolean {
  return /^\w*(Error|Warning): /m.test(text)
}

export function outClass(text = ''): string {
  return isSentences(text) ? 'out sentences' : 'out'
}

/** One of the shapes that `sprite` declares. */
export function icon(name: string, label?: string): string {
  const told = label === undefined ? 'aria-hidden="true"' : `role="img" aria-label="${escapeHtml(label)}"`
  return `<svg class="i" ${told}><use href="#icon-${name}"/></svg>`
}

/** The shapes of a page: verdicts, arrows, tools. Their ids keep out of the way of tasks, whose ids are their names. */
export const sprite = `<svg class="sprite" aria-hidden="true">
${Object.entries({
  steps: '<path d="M1 14h4.5v-4H10V6h5"/>',
  passed: '<circle cx="8" cy="8" r="6.75" fill="currentColor"/><path d="m5 8.3 2.1 2.1L11 6" stroke="var(--paper)"/>',
  failed: '<circle cx="8" cy="8" r="6.75"/><path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8"/>',
  error: '<path d="M8 1.75 14.9 14H1.1z"/><path d="M8 6.25v3.5M8 11.9v.1"/>',
  todo: '<circle cx="8" cy="8" r="6.75" stroke-dasharray="2.65" stroke-linecap="butt"/>',
  tick: '<path d="m2.5 8.5 3.5 3.5 7.5-8"/>',
  menu: '<path d="M1 4h14M1 8h14M1 12h8.5"/>',
  close: '<path d="m3 3 10 10M13 3 3 13"/>',
  theme: '<circle cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor"/>',
  copy: '<path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3"/>',
  run: '<path d="M4.5 2.8 13 8l-8.5 5.2z"/>',
  stop: '<path d="M3.5 3.5h9v9h-9z"/>',
  restore: '<path d="M3 8a5.2 5.2 0 1 0 1.6-3.8M4.7 1.5v2.9h2.9"/>',
  graph:
    '<circle cx="3" cy="8" r="1.75"/><circle cx="12.5" cy="3.5" r="1.75"/><circle cx="12.5" cy="12.5" r="1.75"/><path d="m4.6 7.2 6.3-3M4.6 8.8l6.3 3"/>',
  search: '<circle cx="7" cy="7" r="4.75"/><path d="m10.5 10.5 4 4"/>',
  lost: '<path d="M1.5 6a9.5 9.5 0 0 1 4-2.2M14.5 6a9.5 9.5 0 0 0-5-2.5M4 9a6 6 0 0 1 2.5-1.5M12 9a6 6 0 0 0-1.2-.9M8 12.5v.1M2.5 1.5l11 13"/>',
  next: '<path d="M2 8h11.5M9 3.5 13.5 8 9 12.5"/>',
  open: '<path d="M7 3H3v10h10V9M9.5 2.5h4v4M13 3 7.5 8.5"/>',
})
  .map(([name, shape]) => `<symbol id="icon-${name}" viewBox="0 0 16 16">${shape}</symbol>`)
  .join('\n')}
<marker id="arrow-forth" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 .8 7.5 4 0 7.2z"/></marker>
<marker id="arrow-back" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head back" d="M0 .8 7.5 4 0 7.2z"/></marker>
</svg>`

// The search: a sheet that opens with its button or with a slash, over the texts of the course, which are loaded then.
/// <reference lib="dom" />
import type MiniSearch from 'minisearch'
import type { SearchResult } from 'minisearch'
import { escapeHtml, icon } from '../html'
import type { Searchable } from '../searchTexts'
import { wordsOf } from '../words'
import { load } from './load'

const language = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'
const words = wordsOf(language)

export function openSearch(): void {
  const opener = document.querySelector<HTMLButtonElement>('.search-button')
  if (!opener) return
  opener.hidden = false
  let dialog: HTMLDialogElement | undefined
  const open = () => {
    dialog ??= makeDialog()
    dialog.showModal()
    loadIndex().catch(() => {}) // told when something is looked for
    dialog.querySelector('input')!.select()
  }
  opener.addEventListener('click', open)
  document.addEventListener('keydown', (event) => {
    const writing = (event.target as HTMLElement).closest('input, textarea, [contenteditable]')
    if ((event.key === '/' && !writing) || (event.key === 'k' && (event.ctrlKey || event.metaKey))) {
      event.preventDefault()
      open()
    }
  })
}

function makeDialog(): HTMLDialogElement {
  const dialog = document.createElement('dialog')
  dialog.className = 'search'
  dialog.setAttribute('aria-label', words.searchCourse)
  dialog.innerHTML = `<form method="dialog">${icon('search')}<input type="search" aria-label="${words.searchCourse}" placeholder="${words.searchCourse}" autocomplete="off" spellcheck="false"><button type="button" class="close" aria-label="${words.closeSearch}">${icon('close')}</button></form><div class="found" role="region" aria-live="polite" aria-label="${words.search}"></div>`
  const field = dialog.querySelector('input')!
  const found = dialog.querySelector<HTMLElement>('.found')!
  field.addEventListener('input', () => void search(field.value, found))
  // Enter goes to the first result; it does not close the sheet, as a form of a dialog would.
  dialog.querySelector('form')!.addEventListener('submit', (event) => {
    event.preventDefault()
    found.querySelector('a')?.click()
  })
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    const stops = [field, ...found.querySelectorAll('a')]
    const at = stops.indexOf(document.activeElement as HTMLInputElement)
    stops.at((at + (event.key === 'ArrowDown' ? 1 : -1)) % stops.length)?.focus()
  })
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog || (event.target as HTMLElement).closest('.found a, .close')) dialog.close()
  })
  document.body.append(dialog)
  return dialog
}

let index: Promise<MiniSearch<Searchable>> | undefined

function loadIndex(): Promise<MiniSearch<Searchable>> {
  index ??= Promise.all([load('search.js'), load(`search-${language}.js`)]).then(() =>
    globalThis.gradusSearch!(globalThis.gradusSearchTexts!),
  )
  index.catch(() => {
    index = undefined
  })
  return index
}

async function search(text: string, found: HTMLElement): Promise<void> {
  const wanted = text.trim()
  if (wanted === '') {
    found.innerHTML = ''
    return
  }
  let texts: SearchResult[]
  try {
    texts = (await loadIndex()).search(wanted).slice(0, 12)
  } catch (error) {
    found.innerHTML = `<p class="none">${escapeHtml((error as Error).message)}</p>`
    return
  }
  found.innerHTML =
    texts.length === 0
      ? `<p class="none">${words.noResults}</p>`
      : texts.map((hit) => resultHtml(hit as unknown as Searchable, [...hit.queryTerms, wanted])).join('')
}

function resultHtml({ page, anchor, lesson, heading, text }: Searchable, terms: string[]): string {
  const where = heading === lesson ? '' : `<span class="where">${escapeHtml(lesson)}</span>`
  return `<a href="${page}${anchor && `#${anchor}`}"><b>${marked(heading, terms)}</b>${where}<p>${marked(excerpt(text, terms), terms)}</p></a>`
}

/** The text from shortly before the first word that was looked for. */
function excerpt(text: string, terms: string[]): string {
  const places = terms.map((term) => text.toLowerCase().indexOf(term.toLowerCase())).filter((place) => place >= 0)
  const near = Math.max(0, Math.min(...places, text.length) - 24)
  const start = near === 0 ? 0 : Math.max(near, text.indexOf(' ', near) + 1)
  return places.length === 0 ? text.slice(0, 120) : `${start > 0 ? '…' : ''}${text.slice(start, start + 140)}`
}

function marked(text: string, terms: string[]): string {
  const words = [...terms]
    .sort((a, b) => b.length - a.length)
    .map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return text
    .split(new RegExp(`(${words.join('|')})`, 'i'))
    .map((part, i) => (i % 2 === 1 ? `<mark>${escapeHtml(part)}</mark>` : escapeHtml(part)))
    .join('')
}

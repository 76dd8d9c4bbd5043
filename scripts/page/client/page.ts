// What every page can do: change between light and dark, open the search, and let its cells be edited and run.
/// <reference lib="dom" />
import { openCells } from './cells'
import { openSearch } from './search'

const root = document.documentElement

function themeButton(): void {
  const button = document.querySelector<HTMLButtonElement>('.theme-button')
  if (!button) return
  button.hidden = false
  button.addEventListener('click', () => {
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
    root.dataset.theme = dark ? 'light' : 'dark'
    try {
      localStorage.setItem('gradus-theme', root.dataset.theme)
    } catch {
      // It holds for this page, then.
    }
  })
}

/** The other language's page opens at the same place. */
function languageLinks(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.tools a.language')) {
    link.addEventListener('click', () => {
      link.hash = location.hash
    })
  }
}

/** A long list of contents is scrolled to where the reader is. */
function showPlace(): void {
  const list = document.querySelector<HTMLElement>('.toc')
  const here = list?.querySelector<HTMLElement>('.here')
  if (!list || !here) return
  const below = here.offsetTop + here.offsetHeight - list.clientHeight
  if (below > 0) list.scrollTop = Math.min(below + 24, here.offsetTop - 24)
}

themeButton()
showPlace()
languageLinks()
openSearch()
openCells()

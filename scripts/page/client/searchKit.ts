// What the search needs besides the page: loaded when it is opened.
/// <reference lib="dom" />
import MiniSearch from 'minisearch'
import type { Searchable } from '../searchTexts'

declare global {
  var gradusSearch: ((texts: Searchable[]) => MiniSearch<Searchable>) | undefined
  var gradusSearchTexts: Searchable[] | undefined
}

const chinese = /[\u3400-\u9fff\uf900-\ufaff]+/gu

/** Words and names as they are, `zero_grad` and its parts; Chinese, which has no spaces, by pairs of characters. */
function tokens(text: string): string[] {
  const names = text.toLowerCase().match(/[a-z0-9_]+/g) ?? []
  const parts = names.flatMap((name) => (name.includes('_') ? name.split('_').filter((part) => part !== '') : []))
  const pairs = [...text.matchAll(chinese)].flatMap(([run]) =>
    run.length === 1 ? [run] : Array.from({ length: run.length - 1 }, (_, i) => run.slice(i, i + 2)),
  )
  return [...names, ...parts, ...pairs]
}

globalThis.gradusSearch = (texts) => {
  const index = new MiniSearch<Searchable>({
    fields: ['heading', 'text'],
    storeFields: ['page', 'anchor', 'lesson', 'heading', 'text'],
    tokenize: tokens,
    searchOptions: {
      tokenize: tokens,
      combineWith: 'AND',
      prefix: true,
      fuzzy: (term) => (/^[a-z]{5,}$/.test(term) ? 0.2 : false),
      boost: { heading: 3 },
    },
  })
  index.addAll(texts)
  return index
}

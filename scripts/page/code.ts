// Highlighted code. One ink: keywords are bold and comments pale, so nothing else is marked.
import hljs from 'highlight.js/lib/core'
import typescript from 'highlight.js/lib/languages/typescript'

hljs.registerLanguage('typescript', typescript)

/** TypeScript as HTML, escaped. Runs in Node and in the browser. */
export function highlight(code: string): string {
  return hljs.highlight(code, { language: 'typescript', ignoreIllegals: true }).value
}

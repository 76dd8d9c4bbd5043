// What axe finds on a page, with all of its rules. Tests only.
import { readFileSync } from 'node:fs'
import type { AxeResults, Spec } from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

interface Axe {
  configure(spec: Spec): void
  run(root: Document, options: object): Promise<AxeResults>
}

/** Each rule that the page breaks, with the elements that do. */
export async function violations(page: Page): Promise<string[]> {
  // The policy of the pages lets no script in, unless it comes as the browser's own. It stays until another page is opened.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: Axe }
    // A colour that is just changing has no contrast to speak of.
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(ending.map(({ finished }) => finished))
    // Code and formulas are thousands of elements of a few kinds, and their contrast costs as much as all other rules: one of each kind is looked at.
    const kinds = new Set<string>()
    const chains = new Map<Element | null, string>([[document.body, '']])
    for (const element of document.body.querySelectorAll('*')) {
      const { color, fontSize, fontWeight } = getComputedStyle(element)
      const chain = `${chains.get(element.parentElement)}>${element.localName}.${element.getAttribute('class')}`
      chains.set(element, chain)
      const kind = [chain, color, fontSize, fontWeight].join()
      element.toggleAttribute('data-alike', element.childElementCount === 0 && kinds.has(kind))
      kinds.add(kind)
    }
    axe.configure({ rules: [{ id: 'color-contrast', selector: '*:not([data-alike])' }] })
    const found = await axe.run(document, { resultTypes: ['violations'] })
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
}

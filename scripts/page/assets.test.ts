// What pages load, by name: a server hands out nothing but this.
import { openCourse } from '../course'
import { pageAsset } from './pageAsset'

const course = openCourse()
jest.setTimeout(60_000)

test.each([
  ['page.css', 'light-dark('],
  ['page.js', 'gradus-theme'],
  ['search-en.js', '· Zeroing gradients"'],
  ['search-zh.js', '梯度清零'],
  ['katex.css', '.katex'],
])('%s is there', async (name, part) => {
  expect(String(Buffer.from((await pageAsset(course, name)) as Uint8Array))).toContain(part)
})

test.each(['', '../package.json', 'search-de.js', 'constructor'])('%j is not', async (name) => {
  expect(await pageAsset(course, name)).toBeUndefined()
})

test('no style and no script names a server', async () => {
  for (const name of ['page.css', 'katex.css', 'theme.js', 'page.js', 'search.js'])
    expect(String(Buffer.from((await pageAsset(course, name)) as Uint8Array))).not.toMatch(
      /(?:url\(["']?|src=["']|fetch\(["'`]|import\(["'`])(?:https?:)?\/\//,
    )
})

// The book as files: every page in both languages, and every link of it leads somewhere.
import { posix } from 'node:path'
import { openCourse } from '../course'
import { readLesson } from '../lessonText'
import { textOf } from '../state'
import { runUpTo } from './cellGraphs'
import { bookFiles } from './site'

const course = openCourse()
let files: Awaited<ReturnType<typeof bookFiles>>
let pages: [string, string][]
beforeAll(async () => {
  files = await bookFiles(course)
  pages = [...files].filter(([name]) => name.endsWith('.html')) as [string, string][]
})

/** The first time, all is compiled. */
jest.setTimeout(60_000)

test('every lesson has a page in each language, beside the first page', () => {
  const names = ['index.html', ...course.stems.map((stem) => `${stem}.html`)]
  expect(pages.map(([name]) => name).sort()).toEqual([...names, ...names.map((name) => `zh/${name}`)].sort())
})

test('every address on every page is relative and leads to a file and a place of the book', () => {
  const lost = pages.flatMap(([name, html]) =>
    [...html.matchAll(/<(?:a|link|script)\b[^>]*?\s(?:href|src)="([^"]*)"/g)].flatMap(([tag, target = '']) => {
      if (/^https?:/.test(target)) return tag.startsWith('<a ') ? [] : [`${name}: ${target}`]
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? name : posix.join(posix.dirname(name), path)
      const found = files.get(file)
      const reached = found !== undefined && (!anchor || String(found).includes(`id="${anchor}"`))
      return reached && !target.startsWith('/') ? [] : [`${name}: ${target}`]
    }),
  )
  expect(lost).toEqual([])
})

test('every address in the styles is a file of the book', () => {
  const styles = [...files].filter(([name]) => name.endsWith('.css'))
  const addresses = styles.flatMap(([name, css]) =>
    [...String(css).matchAll(/url\(([^)]+)\)/g)].map(([, path]) =>
      posix.join(posix.dirname(name), path!.replaceAll('"', '')),
    ),
  )
  expect(addresses.length).toBeGreaterThan(20)
  expect(addresses.filter((address) => !address.includes('#') && !files.has(address))).toEqual([])
})

test('a lesson shows what its first walk built: values, gradients, and the names of the functions', () => {
  const html = String(files.get('03-zero-grad.html'))
  const figure = /<details class="cell-graph" open>.*?<\/details>/s.exec(html)?.[0]
  for (const text of ['DotBackward0', 'MulBackward0', '>x<', '[0. 1. 2. 3.]', '[0. 4. 8. 12.]', '>14.<', '>28.<'])
    expect(figure).toContain(text)
  expect(figure?.match(/class="edge back"/g)).toHaveLength(8) // two wires from x, one on to mul, one on to the loss; twice, for wide and narrow pages
})

test('where a gradient was added to an old one, the picture shows the addition', () => {
  const html = String(files.get('zh/03-zero-grad.html'))
  for (const text of ['>原有<', '>[0. 4. 8. 12.]<', '>累加<', '>[1. 1. 1. 1.]<', '>[1. 5. 9. 13.]<'])
    expect(html).toContain(text)
})

test('both languages show the same graphs', () => {
  const count = (name: string) => String(files.get(name)).match(/class="cell-graph"/g)?.length ?? 0
  for (const stem of course.stems) expect(count(`zh/${stem}.html`)).toBe(count(`${stem}.html`))
  expect(course.stems.reduce((sum, stem) => sum + count(`${stem}.html`), 0)).toBeGreaterThan(10)
})

test('cells that are compiled for the browser print what the lessons say', () => {
  const told = course.stems.map((stem) => {
    const { cells } = readLesson(textOf(course.files(stem).text.en))
    const { printed } = runUpTo(
      cells.map(({ code }) => code),
      false,
    )
    return [stem, printed.map((text, i) => (text === (cells[i]!.prints ?? '') ? 'as the lesson says' : text))]
  })
  for (const [stem, printed] of told) expect([stem, new Set(printed)]).toEqual([stem, new Set(['as the lesson says'])])
})

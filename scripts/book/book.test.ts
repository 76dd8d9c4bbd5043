// The book: its files, whose links all lead somewhere, and its pages in a real browser, opened from a folder and served under a sub-path.
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, posix } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { languages, openCourse } from '../course'
import { readLesson } from '../lessonText'
import { pageFile } from '../page'
import { violations } from '../page/axe'
import { launchChromium, withChromium } from '../page/chromium'
import { textOf } from '../state'
import { runUpTo } from './cellGraphs'
import { writeBook } from './folder'
import { bookFiles } from './site'

jest.setTimeout(120_000)

const course = openCourse()
let files: Awaited<ReturnType<typeof bookFiles>>
let pages: [string, string][]
beforeAll(async () => {
  files = await bookFiles(course)
  pages = [...files].filter(([name]) => name.endsWith('.html')) as [string, string][]
})

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

describe('in a browser', () =>
  withChromium(() => {
    let folder: string
    let browser: Browser
    let page: Page
    /** What a page asked for from elsewhere, and the errors that it met. */
    let faults: string[]

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'gradus-book-'))
      writeBook(folder, files)
      browser = await launchChromium()
    })
    afterAll(async () => {
      await browser?.close()
      await rm(folder, { recursive: true, force: true })
    })
    beforeEach(async () => {
      faults = []
      page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
      page.on('request', (request) => {
        if (!/^(file|blob|data):|^http:\/\/127\.0\.0\.1:/.test(request.url())) faults.push(request.url())
      })
    })
    afterEach(async () => {
      await page.close()
      expect(faults).toEqual([])
    })

    const inFolder = (name: string) => pathToFileURL(join(folder, name)).href
    const cell = (n: number) => page.locator(`#cell-${n}`)
    const output = (n: number) => cell(n).locator('.out').innerText()
    const ended = () => page.waitForFunction(() => document.querySelector('.cell.busy') === null)

    test('from a folder: a cell is edited and run, shows its graph, and goes back to what it was', async () => {
      await page.goto(inFolder('03-zero-grad.html'))
      await cell(2).getByRole('textbox').fill('x.mul(3).sum().backward()\nconsole.log(x.grad)')
      await cell(2).getByRole('textbox').press('Shift+Enter')
      await ended()
      expect(await output(2)).toBe('tensor([ 3.,  7., 11., 15.])')
      expect(await cell(2).locator('.graph').innerText()).toContain('MulBackward0')
      await cell(2).getByRole('button', { name: 'Restore' }).click()
      expect(await output(2)).toBe('tensor([ 1.,  5.,  9., 13.])')
      expect(await cell(2).getByRole('textbox').inputValue()).toBe('x.sum().backward()\nconsole.log(x.grad)')
    })

    test.each(['05-no-grad', '12-gradient-descent'])(
      'every cell of %s prints in the browser what the lesson says',
      async (stem) => {
        await page.goto(inFolder(`zh/${stem}.html`))
        const outputs = () => page.locator('.cell .out').evaluateAll((all) => all.map((each) => each.textContent))
        const told = await outputs()
        await page.locator('.cell .out').evaluateAll((all) => {
          for (const each of all) each.textContent = ''
          for (const each of all) each.append(document.createElement('samp'))
        })
        await page.locator('.cell .run-button').last().click()
        await ended()
        expect(await outputs()).toEqual(told)
        expect(await page.locator('.cell .trouble:visible').count()).toBe(0)
      },
    )

    test('an endless loop in a cell is stopped, and what it printed before stays; the next run works', async () => {
      await page.clock.install()
      await page.goto(inFolder('03-zero-grad.html'))
      await cell(1).getByRole('textbox').fill('console.log("before")\nfor (;;) {}')
      await cell(1).getByRole('button', { name: 'Run' }).click()
      await page.waitForFunction(() => document.querySelector('#cell-1 .out')?.textContent === 'before')
      await page.clock.fastForward(11_000)
      await ended()
      expect(await cell(1).getByRole('alert').innerText()).toBe('It was stopped: it did not end within 10 seconds.')
      await cell(1).getByRole('textbox').fill('console.log(1 + 1)')
      await cell(1).getByRole('button', { name: 'Run' }).click()
      await ended()
      expect(await output(1)).toBe('2')
      expect(await cell(1).locator('.trouble').isVisible()).toBe(false)
    })

    test('an error in a cell is told with its line', async () => {
      await page.goto(inFolder('03-zero-grad.html'))
      const toldOf = async (code: string) => {
        await cell(2).getByRole('textbox').fill(code)
        await cell(2).getByRole('textbox').press('Control+Enter')
        await ended()
        return cell(2).getByRole('alert').innerText()
      }
      expect(await toldOf('const a = 1\nnull.foo()')).toBe(
        "TypeError: Cannot read properties of null (reading 'foo')\nline 2",
      )
      expect(await toldOf('const a = 1\n\nconst b = (')).toBe('SyntaxError: Unexpected token\nline 3')
      expect(await toldOf('const a = 1\nimport fs from "node:fs"\nfs.rmSync')).toBe(
        "Error: a cell imports node:fs; cells import '../engine' and nothing else\nline 2",
      )
      expect(await toldOf('console.log("<img src=x onerror=alert(1)>")\nthrow new Error("<b>")')).toBe(
        'Error: <b>\nline 2',
      )
      expect(await output(2)).toBe('<img src=x onerror=alert(1)>')
    })

    test('what a cell asks the network for is refused, and never reaches it', async () => {
      let asked = 0
      const elsewhere = createServer((_, response) => {
        asked++
        response.writeHead(200, { 'access-control-allow-origin': '*' }).end('secret')
      })
      await new Promise<void>((ready) => elsewhere.listen(0, '127.0.0.1', ready))
      const address = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`
      await page.goto(inFolder('03-zero-grad.html'))
      await cell(1)
        .getByRole('textbox')
        .fill(`const request = new XMLHttpRequest()\nrequest.open('GET', '${address}', false)\nrequest.send()`)
      await cell(1).getByRole('button', { name: 'Run' }).click()
      await ended()
      elsewhere.close()
      expect(await cell(1).getByRole('alert').innerText()).toMatch(/NetworkError/)
      expect(asked).toBe(0)
      faults = faults.filter((fault) => !/violates.*Content Security Policy/s.test(fault))
    })

    describe('on a server, under a sub-path', () => {
      let server: Server
      let root: string
      beforeAll(async () => {
        server = serve(folder, '/course/gradus/')
        await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
        root = `http://127.0.0.1:${(server.address() as AddressInfo).port}/course/gradus/`
      })
      afterAll(() => {
        server.closeAllConnections()
        server.close()
      })

      test('the theme stays from page to page, and the other language opens at the same place', async () => {
        await page.goto(root)
        await page.getByRole('button', { name: 'Light or dark' }).click()
        await page.getByRole('link', { name: 'Begin with' }).click()
        await page.waitForURL(`${root}01-requires-grad.html`)
        const dark = 'rgb(25, 24, 22)'
        expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(dark)
        await page.getByRole('link', { name: 'track', exact: true }).click()
        await page.getByRole('link', { name: '中文' }).click()
        await page.waitForURL(`${root}zh/01-requires-grad.html#track`)
        expect(
          await page.evaluate(() => [document.documentElement.lang, getComputedStyle(document.body).backgroundColor]),
        ).toEqual(['zh-CN', dark])
        await page.evaluate(() => localStorage.clear())
      })

      test('the search finds names and Chinese words, and the keyboard goes where it says', async () => {
        const first = page.locator('.found a b').first()
        await page.goto(root)
        await page.keyboard.press('/')
        await page.keyboard.type('zero_grad')
        await first.waitFor()
        expect(await first.innerText()).toBe('03 · Zeroing gradients')
        await page.goto(`${root}zh/index.html`)
        await page.keyboard.press('/')
        await page.keyboard.type('清零')
        await first.waitFor()
        expect(await first.innerText()).toBe('03 · 梯度清零')
        await page.getByRole('searchbox').fill('雅可比矩阵')
        await page.waitForFunction(() => document.querySelector('.found a b')?.textContent === '11 · 完整的雅可比矩阵')
        await page.keyboard.press('Enter')
        await page.waitForURL(`${root}zh/11-jacobian.html`)
      })

      test('on a phone the contents open and close, and nothing is wider than the page', async () => {
        await page.setViewportSize({ width: 390, height: 800 })
        for (const name of ['10-higher-order.html', 'zh/04-vector-loss.html']) {
          await page.goto(root + name)
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
        }
        await page.getByRole('button', { name: '目录', exact: true }).click()
        await page.getByRole('link', { name: '12 梯度下降' }).click()
        await page.waitForURL(`${root}zh/12-gradient-descent.html`)
      })

      describe('axe finds nothing with all of its rules', () => {
        /** Opens a page and all that is folded in it; `n` picks one of four ways to look at it. */
        async function look(name: string, n: number): Promise<void> {
          await page.emulateMedia({ colorScheme: n % 2 === 0 ? 'light' : 'dark' })
          await page.setViewportSize({ width: n % 4 < 2 ? 1280 : 320, height: 900 })
          await page.goto(root + name)
          await page.evaluate(() => {
            for (const folded of document.querySelectorAll('details')) folded.open = true
          })
        }

        test('on any page, and nothing is wider than the page: each lesson in one of eight looks, by language, theme and width', async () => {
          const found: string[] = []
          for (const [i, stem] of [undefined, ...course.stems].entries()) {
            const name = pageFile(languages[(i >> 2) % 2]!, stem)
            await look(name, i)
            found.push(...(await violations(page)).map((each) => `${name}: ${each}`))
            const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
            if (beyond > 0) found.push(`${name} is ${beyond} pixels wider than the page`)
          }
          expect(found).toEqual([])
        })

        test('on what a search finds, and where it finds nothing', async () => {
          for (const [language, n] of [
            ['en', 0],
            ['zh', 3],
          ] as const) {
            await look(pageFile(language), n)
            await page.keyboard.press('/')
            await page.getByRole('searchbox').fill('zero_grad')
            await page.locator('.found a b').first().waitFor()
            expect(await violations(page)).toEqual([])
            await page.getByRole('searchbox').fill('zzzz')
            await page.locator('.found .none').waitFor()
            expect(await violations(page)).toEqual([])
          }
        })
      })
    })

    test('printed, a page is light and has its text and graphs, but nothing to press', async () => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
      await page.goto(inFolder('03-zero-grad.html'))
      for (const gone of ['.bar', '.toc', '.cell-tools', '.hints', 'textarea'])
        expect(await page.locator(gone).first().isVisible()).toBe(false)
      expect(await page.locator('#cell-1 svg.wide').isVisible()).toBe(true)
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)')
    })
  }))

const types: Record<string, string> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** As simple as a file server can be, with the folder under a path of its own. */
function serve(folder: string, prefix: string): Server {
  return createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://localhost').pathname
    try {
      if (!path.startsWith(prefix)) throw new Error('elsewhere')
      const name = path.slice(prefix.length) || 'index.html'
      const content = readFileSync(join(folder, name))
      response.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' }).end(content)
    } catch {
      response.writeHead(404).end()
    }
  })
}

// A learner's path through a lesson, in a real browser beside the real command.
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { tinyCourse } from '../check/tinyCourse'
import { kitRoot } from '../course'
import { hintsSeen } from '../hints'
import { violations } from '../page/axe'
import { launchChromium, withChromium } from '../page/chromium'
import { textOf } from '../state'

let address = 'http://127.0.0.1:47360/'
const course = tinyCourse({ '01-twice': {}, '02-again': {} })
const { exercise, solution } = course.files('01-twice')
const stub = textOf(exercise)
const answer = (body: string) => textOf(solution).replace('return x.mul(2)', body)

let workshop: ChildProcess
let browser: Browser
let page: Page
const elsewhere: string[] = []

/** Starts the workshop and answers when it says where its page is. */
function start(): Promise<ChildProcess> {
  const env = { ...process.env, GRADUS_COURSE: course.root, GRADUS_LANG: 'en' }
  const words = [join(kitRoot, 'scripts', 'gradus.js'), 'start', '--no-open', '--port', new URL(address).port]
  const child = spawn(process.execPath, words, { cwd: kitRoot, env, stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}`)))
    child.stdout?.on('data', (data) => {
      const found = /http:\S+/.exec(String(data))
      if (!found) return
      address = found[0]
      resolve(child)
    })
  })
}

function stop(child: ChildProcess): Promise<unknown> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  return ended
}

const task = '.task[data-task="twice"]'
/** Nobody who reads the page otherwise is left out of what it shows now. */
const isForAll = async () => expect(await violations(page)).toEqual([])
const state = (name: string) => page.waitForSelector(`${task}[data-state="${name}"]`, { timeout: 30_000 })

withChromium(() => {
  jest.setTimeout(120_000)
  beforeAll(async () => {
    ;[workshop, browser] = await Promise.all([start(), launchChromium()])
    page = await browser.newPage()
    page.on('request', (request) => request.url().startsWith(address) || elsewhere.push(request.url()))
    page.on('pageerror', (error) => elsewhere.push(String(error)))
    await page.goto(`${address}01-twice.html`)
  })
  afterAll(async () => {
    await browser?.close()
    if (workshop) await stop(workshop)
  })

  test('a lesson begins not started, and says where its task begins', async () => {
    await state('todo')
    expect(await page.textContent(`${task} .result`)).toContain('exercises/01-twice.ts:6')
    await isForAll()
  })

  test('a wrong answer is red as soon as it is saved: what was expected and what was printed, and the graph that it built', async () => {
    writeFileSync(exercise, answer('return x.requires_grad_(true).mul(3)'))
    await state('failed')
    expect(await page.textContent(`${task} .compare`)).toMatch(/expected.*printed/s)
    expect(await page.textContent(`${task} .own-graph svg`)).toMatch(/x.*leaf.*MulBackward0/s)
    expect(await page.textContent('.summary')).toContain('First to fix')
    expect(await page.getAttribute('.toc [data-task="twice"]', 'data-state')).toBe('failed')
  })

  test('hints unfold, and stay open when the next verdict comes', async () => {
    await page.click(`${task} .hints summary >> nth=0`)
    await page.waitForSelector(`${task} .hints details.seen`)
    expect(hintsSeen(course, '01-twice')).toEqual({ twice: 1 }) // so that the terminal goes on from there
    writeFileSync(exercise, answer('return x.mul(0).sum().expand([40])'))
    await page.waitForFunction(() => (document.querySelector('.compare')?.scrollWidth ?? 0) > 648)
    expect(await page.getAttribute(`${task} .hints details >> nth=0`, 'open')).not.toBeNull()
    await isForAll()
  })

  test('a file that is no TypeScript is told above the tasks, with its line', async () => {
    writeFileSync(exercise, answer('return x.mul('))
    await page.waitForSelector('article > .trouble.result:not([hidden])')
    expect(await page.textContent('article > .trouble.result')).toMatch(/not valid TypeScript[\s\S]*01-twice\.ts:9/)
    await isForAll()
  })

  test('an endless loop is told with its place, and the save after it is graded as if nothing had been', async () => {
    writeFileSync(exercise, answer('for (;;) {}'))
    await state('endless')
    expect(await page.textContent(`${task} .result`)).toMatch(/did not end within 4 s[\s\S]*exercises\/01-twice\.ts:7/)
    await isForAll()
    writeFileSync(exercise, answer('return x.mul(3)'))
    await state('failed')
  })

  test('the right answer is green, is ticked in the contents, and leads on to the next lesson', async () => {
    writeFileSync(exercise, answer('return x.mul(2)'))
    await state('passed')
    await page.waitForSelector('.toc li[data-lesson="01-twice"] > a .mark [aria-label="Passed"]', { state: 'attached' })
    expect(await page.textContent('[role="status"]')).toContain('2 of 2 points')
    await page.click(`${task} button.solution`)
    expect(await page.textContent('dialog pre')).toContain('return x.mul(2)')
    await isForAll()
    await page.keyboard.press('Escape')
    await page.click('nav.next a[rel="next"]')
    await page.waitForURL(`${address}02-again.html`)
    await page.goBack()
    await state('passed')
  })

  test('the page speaks Chinese and turns dark', async () => {
    await isForAll()
    await page.click('.tools a.language >> nth=1')
    await page.waitForURL(`${address}zh/01-twice.html`)
    expect(await page.textContent(`${task} .verdict`)).toContain('通过')
    await page.click('.theme-button')
    expect(await page.getAttribute('html', 'data-theme')).toBe('dark')
    writeFileSync(exercise, answer('return x.mul(3)'))
    await state('failed')
    await isForAll()
    await page.goto(`${address}zh/index.html`)
    await isForAll()
    await page.click('.theme-button')
    await page.goto(`${address}01-twice.html`)
  })

  test('the stub comes back after a question, and what was there is kept', async () => {
    await page.click('.workbench button >> nth=2')
    await page.click('dialog .choices button')
    await state('todo')
    expect(textOf(exercise)).toBe(stub)
  })

  test('a lost workshop is said, and found again by itself', async () => {
    await stop(workshop)
    await page.waitForSelector('html.offline .lost')
    expect(await page.textContent('.lost')).toContain('Connection lost. Your work is safe')
    await isForAll()
    workshop = await start()
    await page.waitForSelector('html:not(.offline)', { timeout: 60_000 })
    writeFileSync(exercise, answer('return x.mul(2)'))
    await state('passed')
  })

  test('nothing was asked of any other address, and no script failed', () => {
    expect(elsewhere).toEqual([])
  })
})

// From a save to its verdict: the workshop in the terminal and on its page, beside Jest's own watching, taking turns on two copies of the kit.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { openCourse } from '../course'
import { chromiumPath, launchChromium } from '../page/chromium'
import { copyKit } from './kit'
import { quantile } from './measure'

export interface SaveTimes {
  rows: { what: string; samples: number[] }[]
  /** Jest's watching by the workshop's terminal, medians. */
  ratio: number
  /** What could not be measured, and why. */
  left: string[]
}

const stem = '03-zero-grad'
const turns = 25
/** The first saves find nothing warm. */
const warmingUp = 3
const port = '47420'
const patienceMs = 60_000

/** Whoever answers a save: resolves with the time of the answer, in milliseconds since 1970. */
type Answerer = () => Promise<number>

const now = () => performance.timeOrigin + performance.now()

export async function measureSaves(say: (what: string) => void): Promise<SaveTimes> {
  const copies = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'gradus-bench-'))) as [string, string]
  const ending: (() => unknown)[] = []
  try {
    say('saves: copying the kit twice')
    for (const copy of copies) copyKit(copy)
    const left: string[] = []
    say('saves: starting Jest and the workshop')
    const jest = await watching(copies[0], ending)
    const { address, terminal } = await workshop(copies[1], ending)
    const page = await onPage(address, ending, left)
    const rows = ['jest --watchAll 03', 'npm start, terminal', ...(page ? ['npm start, page'] : [])].map((what) => ({
      what,
      samples: [] as number[],
    }))
    for (let turn = 0; turn < warmingUp + turns; turn++) {
      say(`saves: ${turn < warmingUp ? 'warming up' : `turn ${turn - warmingUp + 1} of ${turns}`}`)
      const times = [
        ...(await saved(copies[0], turn, [jest])),
        ...(await saved(copies[1], turn, page ? [terminal, page] : [terminal])),
      ]
      if (turn >= warmingUp) for (const [k, row] of rows.entries()) row.samples.push(times[k] as number)
    }
    return { rows, left, ratio: quantile(rows[0]!.samples, 0.5) / quantile(rows[1]!.samples, 0.5) }
  } finally {
    for (const end of ending.reverse()) await end()
    for (const copy of copies) rmSync(copy, { recursive: true, force: true })
  }
}

/** Saves an answer that is wrong in every second turn, and tells how long each answer took. */
async function saved(copy: string, turn: number, answerers: Answerer[]): Promise<number[]> {
  const { exercise, solution } = openCourse(copy).files(stem)
  const right = readFileSync(solution, 'utf8')
  const text = turn % 2 === 0 ? right.replace('x.grad?.zero_()\n  x.sum()', 'x.sum()') : right
  const answers = answerers.map((answerer) => answerer())
  const began = now()
  writeFileSync(exercise, text)
  const times = (await Promise.all(answers)).map((at) => at - began)
  // What follows a verdict (types, what is remembered) should not count towards the next one.
  await new Promise((resolve) => setTimeout(resolve, 250))
  return times
}

/** Told which suite to run: `jest --watch` finds none, for suites name their lesson's file only when they run. */
async function watching(copy: string, ending: (() => unknown)[]): Promise<Answerer> {
  const child = started(copy, [join('node_modules', 'jest', 'bin', 'jest.js'), '--watchAll', stem], ending)
  await heard(child, /\d+ points/)
  return async () => (await heard(child, /\d+ points/)).at
}

async function workshop(copy: string, ending: (() => unknown)[]): Promise<{ address: string; terminal: Answerer }> {
  const words = [join('scripts', 'gradus.js'), 'start', '03', '--no-open', '--port', port]
  const child = started(copy, words, ending)
  const { text } = await heard(child, new RegExp(`${stem}: \\d+ of`))
  const address = /http:\S+/.exec(text)?.[0] ?? ''
  // Until all other lessons are graded and the stand-by is warm.
  await new Promise((resolve) => setTimeout(resolve, 10_000))
  const terminal = async () => (await heard(child, new RegExp(`${stem}: \\d+ of \\d+ points`))).at
  return { address, terminal }
}

async function onPage(address: string, ending: (() => unknown)[], left: string[]): Promise<Answerer | undefined> {
  if (chromiumPath === undefined) {
    left.push('npm start, page: there is no Chromium here')
    return undefined
  }
  const browser: Browser = await launchChromium()
  ending.push(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`${address}${stem}.html`)
  await page.waitForSelector('.verdict b')
  let answered: (at: number) => void = () => {}
  await page.exposeFunction('answered', (at: number) => answered(at))
  await page.evaluate(() => {
    const tell = (window as unknown as { answered(at: number): void }).answered
    const observer = new MutationObserver(() => tell(performance.timeOrigin + performance.now()))
    observer.observe(document.querySelector('#gradientOfSum .verdict')!, { childList: true, subtree: true })
  })
  return () =>
    new Promise((resolve) => {
      answered = resolve
    })
}

function started(cwd: string, words: string[], ending: (() => unknown)[]): ChildProcess {
  const { GRADUS_COURSE: _, CI: __, ...env } = process.env
  const child = spawn(process.execPath, words, { cwd, env: { ...env, NO_COLOR: '1' }, stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  ending.push(() => {
    child.kill('SIGTERM')
    return ended
  })
  return child
}

/** When the process has printed what is waited for, and all that it printed until then. */
function heard(child: ChildProcess, pattern: RegExp): Promise<{ at: number; text: string }> {
  return new Promise((resolve, reject) => {
    let text = ''
    const end = () => {
      clearTimeout(timer)
      child.stdout?.off('data', hear)
      child.stderr?.off('data', hear)
    }
    const timer = setTimeout(() => {
      end()
      reject(new Error(`${pattern} was not printed within a minute, but:\n${text.slice(-2000)}`))
    }, patienceMs)
    const hear = (data: Buffer) => {
      text += data
      if (!pattern.test(text)) return
      end()
      resolve({ at: now(), text })
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
  })
}

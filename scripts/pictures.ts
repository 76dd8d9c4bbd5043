// npm run pictures: takes the pictures of the READMEs anew, of the pages and the terminal as they are now.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { writeBook } from './book/folder'
import { bookFiles } from './book/site'
import { command, exitCodes, run } from './cli'
import { type Course, kitRoot, languages, openCourse } from './course'
import { makeMistake } from './mistakes'
import { pageFile } from './page'
import { launchChromium } from './page/chromium'
import { terminalSvg } from './pictures/terminalSvg'
import { defaultPort } from './start/ports'
import { openServer } from './start/server'
import { Workshop } from './start/workshop'
import { textOf } from './state'
import { deriveStub } from './stub'

const stem = '03-zero-grad'
const task = 'gradientOfSum'
const size = { width: 1280, height: 860 }

const program = command(
  'npm run pictures --',
  'Takes the pictures of the READMEs anew: a verdict on the live page and in the terminal, and a page of the book. It needs a Chromium.',
)

run(program, async () => {
  const kit = openCourse()
  const course = learnersCourse(kit)
  const browser = await launchChromium()
  try {
    const assets = join(kit.root, 'lessons', 'assets')
    writeFileSync(join(assets, 'verdict.svg'), verdict(course))
    await takeWorkshop(course, browser, assets)
    await takeBook(kit, browser, assets)
  } finally {
    await browser.close()
    rmSync(course.root, { recursive: true })
  }
  console.log('The pictures in lessons/assets/ are new. Look at them.')
  return exitCodes.right
})

/** A course in which somebody has learned for a while: two lessons are done, and in the third a known mistake was made. */
function learnersCourse(kit: Course): Course {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'gradus-')))
  for (const folder of ['exercises', 'lessons']) cpSync(join(kit.root, folder), join(root, folder), { recursive: true })
  symlinkSync(join(kitRoot, 'engine'), join(root, 'engine'), 'junction')
  const course = openCourse(root)
  for (const each of course.stems) {
    const solution = textOf(kit.files(each).solution)
    writeFileSync(
      course.files(each).exercise,
      each < stem ? solution : each > stem ? deriveStub(solution, each) : mistaken(solution),
    )
  }
  return course
}

/** The first two tasks are answered, the second of them as beginners do: nothing is zeroed. */
function mistaken(solution: string): string {
  const replace: [string, string] = ['  x.grad?.zero_()\n', '']
  const answer = makeMistake(solution, { name: 'never zeroed', in: task, replace, caughtBy: '', says: '' }, stem)
  let markers = 0
  return deriveStub(
    answer.replace(/^ *\/\/ #(end)?region.*\n/gm, (marker) => (markers++ < 4 ? '' : marker)),
    stem,
  )
}

/** What `npm test` says. */
function verdict(course: Course): string {
  const env = { ...process.env, GRADUS_COURSE: course.root, FORCE_COLOR: '1', GRADUS_LANG: 'en' }
  const { stdout } = spawnSync(process.execPath, [join(kitRoot, 'scripts', 'gradus.js'), 'test'], { env })
  return terminalSvg(stdout.toString(), 'npm test: two lessons are done, and the third has the first thing to fix')
}

async function takeWorkshop(course: Course, browser: Browser, assets: string): Promise<void> {
  const workshop = new Workshop(course, 'en', stem)
  const server = await openServer(workshop, defaultPort)
  try {
    await workshop.begin()
    await gradedLast(workshop)
    for (const language of languages) {
      const page = await browser.newPage({ viewport: size })
      await page.goto(server.address + pageFile(language, stem))
      await page.waitForSelector(`#${task} .own-graph svg`)
      await page.evaluate((id) => document.getElementById(id)?.scrollIntoView(), task)
      await take(page, join(assets, language === 'en' ? 'workshop.webp' : 'workshop-zh.webp'))
    }
  } finally {
    await server.close()
    await workshop.close()
  }
}

/** Once all is known, a save is graded as fast as learners see it. */
async function gradedLast(workshop: Workshop): Promise<void> {
  while (workshop.outcomes.length < workshop.course.stems.length || workshop.grading)
    await new Promise((resolve) => setTimeout(resolve, 100))
  await new Promise<void>((resolve) => {
    workshop.once('graded', () => resolve())
    workshop.grade(stem)
  })
}

async function takeBook(kit: Course, browser: Browser, assets: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gradus-book-'))
  writeBook(folder, await bookFiles(kit))
  for (const language of languages) {
    const page = await browser.newPage({ viewport: size })
    await page.goto(pathToFileURL(join(folder, pageFile(language, stem))).href)
    await take(page, join(assets, language === 'en' ? 'page.webp' : 'page-zh.webp'))
  }
  rmSync(folder, { recursive: true })
}

/** Playwright itself takes no WebP, which is a third of a PNG. */
async function take(page: Page, path: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(1000) // until what fades in stands
  const chromium = await page.context().newCDPSession(page)
  const { data } = await chromium.send('Page.captureScreenshot', { format: 'webp', quality: 85 })
  writeFileSync(path, Buffer.from(data, 'base64'))
  await page.close()
}

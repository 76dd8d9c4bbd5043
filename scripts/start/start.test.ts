// npm start as a process: its plain lines where there is no terminal, and that it ends with all of its children.
import { type ChildProcess, spawn } from 'node:child_process'
import { renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tinyCourse } from '../check/tinyCourse'
import { kitRoot } from '../course'
import { textOf } from '../state'

const course = tinyCourse()
const { exercise, solution } = course.files('01-twice')
const answer = (body: string) => textOf(solution).replace('return x.mul(2)', body)

interface Started {
  child: ChildProcess
  ended: Promise<number | null>
  /** All that was printed so far. */
  text(): string
}

function start(...words: string[]): Started {
  const env = { ...process.env, GRADUS_COURSE: course.root, GRADUS_LANG: 'en' }
  const child = spawn(process.execPath, [join(kitRoot, 'scripts', 'gradus.js'), 'start', ...words], { env })
  let text = ''
  const collect = (data: Buffer) => {
    text += data
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  return { child, ended: new Promise((resolve) => child.once('close', resolve)), text: () => text }
}

async function until(what: Started, pattern: RegExp): Promise<void> {
  for (const end = Date.now() + 60_000; !pattern.test(what.text()); await sleep(20))
    if (Date.now() > end) throw new Error(`${pattern} was not printed within a minute:\n${what.text()}`)
}

jest.setTimeout(120_000)

test('without a terminal each verdict is a few plain lines; a folder that is gone and back is said', async () => {
  const workshop = start('--no-page')
  await until(workshop, /^\d\d:\d\d:\d\d 01-twice: 0 of 2 points/m)
  writeFileSync(exercise, answer('return x.mul(3)'))
  await until(workshop, /01-twice: 0 of 2 points \(\d+ ms\)\nFix first: 01-twice · twice[\s\S]*expected/)
  writeFileSync(exercise, answer("return x.mul('two' as number)"))
  await until(workshop, /TypeScript also says: exercises\/01-twice\.ts:7/)
  renameSync(dirname(exercise), `${dirname(exercise)}-gone`)
  await until(workshop, /exercises\/ is gone/)
  renameSync(`${dirname(exercise)}-gone`, dirname(exercise))
  await until(workshop, /exercises\/ is back/)
  writeFileSync(exercise, answer('return x.mul(2)'))
  await until(workshop, /01-twice: 2 of 2 points/)
  expect(workshop.text()).not.toContain('\u001b')
  workshop.child.kill('SIGTERM')
  await workshop.ended
})

test.each<[string[], string]>([
  [['--port', '0'], '--port takes a whole number from 1 to 65535, not 0.'],
  [['07'], 'There is no lesson 07'],
  [['--lang', 'fr'], 'There is no language fr; there are en and zh.'],
])('a misuse ends with 2 and the way out: %s', async (words, message) => {
  const misused = start(...words)
  expect(await misused.ended).toBe(2)
  expect(misused.text()).toContain(message)
})

// Windows ends a process without telling it, so there is nothing to test; a skipped test would count as a problem.
const testSignals: (name: string, run: () => Promise<void>) => void = process.platform === 'win32' ? () => {} : test

testSignals('Ctrl-C in the middle of an endless loop leaves no process', async () => {
  const marker = join(course.root, 'pid')
  const workshop = start('--no-page')
  writeFileSync(
    exercise,
    `require('node:fs').writeFileSync(${JSON.stringify(marker)}, String(process.pid))\nfor (;;) {}\nexport {}\n`,
  )
  for (const end = Date.now() + 60_000; textOf(marker) === '' && Date.now() < end; ) await sleep(20)
  const looping = Number(textOf(marker))
  expect(looping).toBeGreaterThan(0)
  workshop.child.kill('SIGINT')
  await workshop.ended
  for (const end = Date.now() + 10_000; isAlive(looping) && Date.now() < end; ) await sleep(20)
  expect(isAlive(looping)).toBe(false)
})

/** A process that has ended but that nobody has asked about yet is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return !/^\d+ \(.*\) Z/.test(textOf(`/proc/${pid}/stat`))
}

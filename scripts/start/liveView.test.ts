// The terminal view on a terminal that is none: what is drawn, what keys do, and that the terminal is left as it was found.
import { EventEmitter } from 'node:events'
import { writeFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { tinyCourse } from '../check/tinyCourse'
import { textOf } from '../state'
import { LiveView, type Terminal } from './liveView'
import { outcomeOf, standIn, wrong } from './standIn'

const course = tinyCourse({ '01-twice': {}, '02-again': {} })
const { exercise, solution } = course.files('01-twice')

class Screen {
  written = ''
  raw = false
  readonly stdin = Object.assign(new EventEmitter(), {
    setRawMode: (on: boolean) => {
      this.raw = on
    },
    resume: () => {},
    pause: () => {},
  })
  readonly stdout = Object.assign(new EventEmitter(), {
    rows: 24,
    columns: 80,
    write: (text: string) => {
      this.written += text
    },
  })

  get terminal(): Terminal {
    return this as unknown as Terminal
  }

  /** What was drawn last. */
  get lines(): string[] {
    const frame = this.written.split('\u001b[?2026h').at(-1) ?? ''
    return stripVTControlCharacters(frame).split('\r\n')
  }

  get text(): string {
    return this.lines.join('\n')
  }
}

async function press(screen: Screen, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    screen.stdin.emit('keypress', key, { name: key === '\u0003' ? 'c' : key, ctrl: key === '\u0003' })
    await new Promise(setImmediate)
    await new Promise(setImmediate)
  }
}

function opened(language: 'en' | 'zh' = 'en') {
  const workshop = standIn(course, language)
  const screen = new Screen()
  const view = new LiveView(workshop, () => {}, screen.terminal)
  view.open()
  view.showPage('http://127.0.0.1:4400/')
  view.warm()
  return { workshop, screen, view }
}

let all: ReturnType<typeof opened>[] = []
const open = (language?: 'en' | 'zh') => {
  const made = opened(language)
  all.push(made)
  return made
}
afterEach(() => {
  for (const { view } of all) view.leave()
  all = []
})

test('a verdict is drawn at once: points, tasks, and the first thing to fix with its place', () => {
  const { workshop, screen } = open()
  workshop.standing('01-twice').outcome = outcomeOf('01-twice', wrong, 'hello\n')
  workshop.standing('01-twice').graded = { at: 0, took: 54.4 }
  workshop.emit('graded', '01-twice')
  expect(screen.lines[0]).toMatch(/^Gradus {3}01 · .* 0 of 2 points$/)
  expect(screen.lines[1]).toMatch(/0 of 2 lessons +http:\/\/127\.0\.0\.1:4400\/$/)
  expect(screen.text).toContain('⊗ 1 twice  0/2')
  expect(screen.text).toMatch(/expected {2}tensor\(\[2\.\]\)[\s\S]*Three times x, where twice was asked for\./)
  expect(screen.text).toMatch(/Your code printed\n {2}hello/)
  expect(screen.text).toMatch(/graded at \d\d:\d\d:\d\d in 54 ms/)
})

test('it speaks Chinese too', () => {
  const { workshop, screen } = open('zh')
  workshop.standing('01-twice').outcome = outcomeOf('01-twice', wrong)
  workshop.emit('graded', '01-twice')
  expect(screen.text).toContain('0 / 2 分')
  expect(screen.text).toContain('先改这里')
})

test('while a save is graded, the verdict before it stays, and does not point into the changed file', async () => {
  const { workshop, screen } = open()
  const failed = {
    kind: 'exception',
    message: 'Error: no',
    hint: '',
    place: { file: 'exercises/01-twice.ts', line: 6 },
  }
  workshop.standing('01-twice').outcome = outcomeOf('01-twice', { status: 'failed', cause: failed as never })
  workshop.emit('graded', '01-twice')
  const quoted = screen.lines.find((line) => line.includes('> 6 |'))
  const before = textOf(exercise)
  writeFileSync(exercise, before.replace(/.*TODO.*/, '  // changed'))
  Object.assign(workshop, { grading: { stem: '01-twice', since: Date.now() - 5000 } })
  screen.stdout.emit('resize')
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  writeFileSync(exercise, before)
  expect(quoted).toContain('TODO')
  expect(screen.text).toContain('grading … 5 s')
  expect(screen.lines).toContain(quoted)
})

test('hints come one by one, and stay while the learner works on', async () => {
  const { workshop, screen } = open()
  workshop.standing('01-twice').outcome = outcomeOf('01-twice', wrong)
  await press(screen, 'h')
  expect(screen.text).toContain('1. twice   hint 1 of 3')
  await press(screen, 'h')
  expect(screen.text).toMatch(/hint 2 of 3[\s\S]*1\.[\s\S]*2\./)
  workshop.emit('graded', '01-twice')
  expect(screen.text).toContain('hint 2 of 3')
  await press(screen, 'escape')
  expect(screen.text).toContain('Fix first')
})

test('the solution is shown after a yes, and the next verdict closes it', async () => {
  const { workshop, screen } = open()
  workshop.standing('01-twice').outcome = outcomeOf('01-twice', wrong)
  await press(screen, 's')
  expect(screen.text).toContain('not passed yet. Show its solution all the same? [y/N]')
  await press(screen, 'n')
  expect(screen.text).not.toContain('[y/N]')
  await press(screen, 's', 'y')
  expect(screen.text).toContain('return x.mul(2)')
  workshop.emit('graded', '01-twice')
  expect(screen.text).not.toContain('return x.mul(2)')
})

test('a reset asks first, and what was there is kept', async () => {
  const { screen } = open()
  await press(screen, 'x')
  expect(screen.text).toContain('is the stub already')
  writeFileSync(exercise, textOf(solution))
  await press(screen, 'x', 'n')
  expect(textOf(exercise)).toBe(textOf(solution))
  await press(screen, 'x', 'y')
  expect(textOf(exercise)).toContain('TODO')
  expect(screen.text).toMatch(/is the stub again\. What you had is in\s+\.gradus\/backups\/01-twice/)
})

test('keys go to other lessons, list them, and run them', async () => {
  const { workshop, screen } = open()
  await press(screen, 'n')
  expect(workshop.stem).toBe('02-again')
  await press(screen, 'n')
  expect(workshop.stem).toBe('02-again')
  await press(screen, 'p', 'l')
  expect(screen.lines[0]).toMatch(/^› ◌ 01 .*not started$/)
  await press(screen, 'escape', 'r', 'a')
  expect(workshop.asked).toEqual(['grade 01-twice', 'grade all'])
})

test('a screen that is too small is filled, not overrun, and can be scrolled', async () => {
  const { workshop, screen } = open()
  workshop.standing('01-twice').outcome = outcomeOf('01-twice', wrong)
  screen.stdout.rows = 9
  screen.stdout.emit('resize')
  await press(screen, 'escape')
  expect(screen.lines.length).toBeLessThanOrEqual(9)
  expect(screen.lines[0]).toContain('Gradus')
  expect(screen.text).toContain('↑↓ scrolls')
  await press(screen, 'down')
  expect(screen.lines[0]).not.toContain('Gradus')
})

test.each(['q', '\u0003'])('leaving by %j gives the terminal back', async (key) => {
  const { screen, view } = open()
  expect(screen.raw).toBe(true)
  await press(screen, key)
  await view.left
  expect(screen.raw).toBe(false)
  expect(screen.written.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true)
  expect(screen.stdin.listenerCount('keypress')).toBe(0)
  expect(screen.stdout.listenerCount('resize')).toBe(0)
  all = []
})

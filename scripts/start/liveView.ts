// The workshop in a terminal: a calm screen of its own that is drawn anew when something has changed, and keys. The terminal is left as it was found.
import { emitKeypressEvents, type Key } from 'node:readline'
import wrapAnsi from 'wrap-ansi'
import { type Course, Misuse } from '../course'
import { hasSolution, isStub, putStubBack, solutionText } from '../exercise'
import { kitTranslator } from '../feedback/translation'
import { firstOpenTask, lessonTasks, nextHints } from '../hints'
import { ink, lineWidth, prose } from '../terminal/ink'
import { footLines, lessonLines, listLines, noticeableMs } from './lines'
import { type Words, wordsOf } from './words'
import type { Workshop } from './workshop'

/** The process's own terminal, or what stands for it. */
export type Terminal = Pick<NodeJS.Process, 'stdin' | 'stdout'>

/** The alternate screen, without a cursor; and back. */
const enter = '\u001b[?1049h\u001b[?25l'
const leave = '\u001b[?25h\u001b[?1049l'
/** What is between these appears at once, in terminals that know them; others ignore them. */
const [begin, end] = ['\u001b[?2026h\u001b[H', '\u001b[J\u001b[?2026l']

interface Question {
  text: string
  yes(): void
}

export class LiveView {
  private readonly words: Words
  private readonly course: Course
  private isWarm = false
  /** The page's address; empty while there is none. */
  private address = ''
  private top = 0
  /** What lies over the lesson until it is closed: hints, the list, the solution. A verdict closes it, unless it `stays`. */
  private panel: { lines(): string[]; stays: boolean } | undefined
  private drawn: { stem: string; lines: string[] } | undefined
  private question: Question | undefined
  private note = ''
  private due: NodeJS.Immediate | undefined
  private ticking: NodeJS.Timeout | undefined
  private finish: () => void = () => {}
  /** Answers when the learner wants to leave. */
  readonly left = new Promise<void>((resolve) => {
    this.finish = resolve
  })

  constructor(
    private readonly workshop: Workshop,
    /** Opens the page. */
    private readonly openPage: () => void,
    private readonly terminal: Terminal = process,
  ) {
    this.words = wordsOf(workshop.language)
    this.course = workshop.course
    workshop.on('graded', (stem) => this.graded(stem))
    workshop.on('grading', () => this.tick())
    workshop.on('types', () => this.show())
    workshop.on('moved', () => this.close())
    workshop.on('note', (text) => this.say(text))
  }

  open(): void {
    const { stdin, stdout } = this.terminal
    stdout.write(enter)
    emitKeypressEvents(stdin)
    stdin.setRawMode(true)
    stdin.resume()
    stdin.on('keypress', this.onKey)
    stdout.on('resize', this.onResize)
    process.once('exit', this.restore)
    process.prependListener('uncaughtException', this.restore)
    this.show()
  }

  /** All suites can be run from now on. */
  warm(): void {
    this.isWarm = true
    this.show()
  }

  private graded(stem: string): void {
    const isHere = stem === this.workshop.stem
    if (isHere && this.panel && !this.panel.stays) this.close()
    this.show(isHere)
  }

  showPage(address: string): void {
    this.address = address
    this.show()
  }

  say(text: string): void {
    this.note = text
    this.show()
  }

  leave(): void {
    this.restore()
    this.finish()
  }

  private readonly onResize = () => this.show()

  private readonly restore = (): void => {
    const { stdin, stdout } = this.terminal
    process.removeListener('exit', this.restore)
    process.removeListener('uncaughtException', this.restore)
    stdin.removeListener('keypress', this.onKey)
    stdout.removeListener('resize', this.onResize)
    clearInterval(this.ticking)
    clearImmediate(this.due)
    stdin.setRawMode(false)
    stdin.pause()
    stdout.write(leave)
  }

  /** The job control of the shell: out of the way, and back as it was. */
  private suspend(): void {
    this.restore()
    process.once('SIGCONT', () => this.open())
    process.kill(process.pid, 'SIGTSTP')
  }

  private show(now = false): void {
    clearImmediate(this.due)
    if (now) this.draw()
    else this.due = setImmediate(() => this.draw())
  }

  /** While a run lasts, how long it has lasted is told once it is worth telling. */
  private tick(): void {
    clearInterval(this.ticking)
    const tick = () => {
      if (!this.workshop.grading) clearInterval(this.ticking)
      this.show()
    }
    this.ticking = setInterval(tick, noticeableMs + 10)
  }

  private draw(): void {
    const { stdout } = this.terminal
    const height = stdout.rows || 24
    const width = stdout.columns || 80
    const fitted = (lines: string[]) =>
      lines.flatMap((line) => wrapAnsi(line, width, { hard: true, trim: false }).split('\n'))
    const foot = fitted([...this.askLines(), ...footLines(this.workshop, this.isWarm, this.address !== '')])
    const lesson = fitted(this.panel ? this.panel.lines() : this.lesson())
    const room = Math.max(1, height - foot.length - 1)
    const most = Math.max(0, lesson.length - room)
    this.top = Math.min(this.top, most)
    const shown = lesson.slice(this.top, this.top + room)
    while (shown.length < room) shown.push('')
    const rule =
      most > 0 ? `${'─'.repeat(Math.max(0, lineWidth() - 14))} ${this.words.scroll}` : '─'.repeat(lineWidth())
    const frame = [...shown, ink.pale(rule), ...foot].slice(0, height)
    stdout.write(`${begin}${frame.map((line) => `\u001b[2K${line}`).join('\r\n')}${end}`)
  }

  /** While a save is graded, the verdict of the one before stays as it was drawn: the file that it quotes has changed. */
  private lesson(): string[] {
    const { stem, grading } = this.workshop
    if (this.drawn?.stem !== stem || grading?.stem !== stem)
      this.drawn = { stem, lines: lessonLines(this.workshop, this.address) }
    return this.drawn.lines
  }

  private askLines(): string[] {
    if (this.question) return prose(`${ink.signal(this.question.text)} ${this.words.yesNo}`).split('\n')
    return this.note === '' ? [] : prose(this.note).split('\n')
  }

  private readonly onKey = (text: string | undefined, key: Key): void => {
    if (key.ctrl && key.name === 'c') this.leave()
    else if (key.ctrl && key.name === 'z' && process.platform !== 'win32') this.suspend()
    else if (this.question) this.answer(/^y$/i.test(text ?? ''))
    else this.press(key.name ?? text ?? '')
  }

  private press(key: string): void {
    const { workshop } = this
    this.note = ''
    this.show()
    const height = this.terminal.stdout.rows || 24
    const moves: Record<string, number> = {
      up: -1,
      down: 1,
      pageup: -height / 2,
      pagedown: height / 2,
      space: height / 2,
    }
    const by = moves[key]
    if (by !== undefined) {
      this.top = Math.max(0, this.top + Math.round(by))
      return
    }
    const actions: Record<string, () => void> = {
      h: () => this.hint(),
      n: () => workshop.step(1),
      p: () => workshop.step(-1),
      r: () => workshop.grade(workshop.stem),
      a: () => workshop.gradeAll(),
      s: () => this.solution(),
      x: () => this.reset(),
      l: () => this.list(),
      o: () => this.openPage(),
      q: () => this.leave(),
      escape: () => this.close(),
      return: () => this.close(),
    }
    try {
      actions[key]?.()
    } catch (error) {
      if (!(error instanceof Misuse)) throw error
      this.note = kitTranslator(this.workshop.language)(error.message)
    }
  }

  private close(): void {
    this.panel = undefined
    this.top = 0
    this.show()
  }

  private lay(texts: () => string[], stays: boolean): void {
    const lines = () => [...texts().flatMap((text) => text.split('\n')), '', ink.pale(this.words.esc)]
    this.panel = { lines, stays }
    this.top = 0
  }

  private list(): void {
    const { stems } = this.course
    this.lay(() => listLines(this.workshop), false)
    this.top = Math.max(0, stems.indexOf(this.workshop.stem) - 5)
  }

  private hint(): void {
    const { workshop, course, words } = this
    const { stem, language } = workshop
    const tasks = lessonTasks(course, stem, language)
    const outcome = workshop.standing(stem).outcome
    const task = outcome ? firstOpenTask(tasks, outcome) : tasks[0]
    if (!task) {
      this.note = words.noHint
      return
    }
    const hints = nextHints(course, stem, task)
    workshop.emit('hinted', stem)
    const rows = hints.map((hint, i) => prose(`${i + 1}. ${i + 1 < hints.length ? ink.pale(hint) : hint}`, 2))
    const lastHint = words.lastHint(hasSolution(course, stem) ? 's' : undefined)
    const again = hints.length < task.hints.length ? words.anotherHint : lastHint
    const title = words.hint(`${task.number}. ${task.name}`, hints.length, task.hints.length)
    this.lay(() => [ink.strong(title), '', ...rows, '', ink.pale(again)], true)
  }

  private solution(): void {
    const { workshop, course, words } = this
    const { stem } = workshop
    const text = solutionText(course, stem)
    const title = ink.strong(words.solution(course.show(course.files(stem).exercise)))
    const show = () => this.lay(() => [title, '', text], false)
    if (workshop.standing(stem).outcome?.status === 'passed') show()
    else this.question = { text: words.hiddenSolution, yes: show }
  }

  private reset(): void {
    const { workshop, course, words } = this
    const { stem } = workshop
    const file = course.show(course.files(stem).exercise)
    if (isStub(course, stem)) {
      this.note = words.isStub(file)
      return
    }
    const yes = () => {
      this.note = words.reset(file, putStubBack(course, stem))
      this.close()
    }
    this.question = { text: words.resetting(file), yes }
  }

  private answer(isYes: boolean): void {
    const { question } = this
    this.question = undefined
    try {
      if (isYes) question?.yes()
    } catch (error) {
      if (!(error instanceof Misuse)) throw error
      this.note = kitTranslator(this.workshop.language)(error.message)
    }
    this.show()
  }
}

// From what grading found to what a page shows: pure functions from outcomes to fragments of HTML, for the page as it is made and for whoever
// swaps fragments into it later. Everything that a learner's code or a suite said is escaped.
import type { Language } from '../course'
import type { FeedbackPlace } from '../feedback/feedback'
import { type Cause, type LessonOutcome, type TestOutcome, todoOf, total } from '../runner/outcome'
import { escapeHtml, icon, inlineCode, isSentences } from './html'
import { type Words, wordsOf } from './words'

/** A state is a shape, a word and points. `endless` and `notRun` look like an error and like a task that is not started. */
export type TaskState = 'passed' | 'failed' | 'todo' | 'error' | 'endless' | 'notRun'

export interface TaskFragment {
  task: string
  /** What `data-state` of the task's section and of its entry in the contents is to be. */
  state: TaskState
  /** Goes into `.verdict` of the section. */
  verdict: string
  /** Goes into `.result` of the section. */
  result: string
  /** Goes into the last place of the task's entry in the contents. */
  mark: string
}

export interface LessonFragments {
  tasks: TaskFragment[]
  /** Why the lesson could not be graded to its end; empty if it could. Goes into `.trouble` above the tasks. */
  trouble: string
  /** What the learner's code printed; empty if nothing. Goes into `.printed` above the tasks. */
  printed: string
  /** Points and the first thing to fix: goes into `.summary` of the bar. */
  summary: string
  /** The summary as a sentence, for `role=status`. */
  announcement: string
  /** Goes into `.mark` of the lesson's entry in the contents. */
  mark: string
}

/** Outcomes are shown in the words that they come in: `inLanguage` puts them into a reader's. */
export interface Showing {
  language: Language
  /** Where a place in an exercise leads: into the learner's editor. Without it, places are text. */
  link?(place: FeedbackPlace): string | undefined
  /** The learner's file, for the lines around an error. */
  source?: string
  /** Where the solution can be seen after passing. */
  solution?: string
}

export function lessonFragments(outcome: LessonOutcome, showing: Showing): LessonFragments {
  const words = wordsOf(showing.language)
  const tasks = tasksOf(outcome).map(({ task, tests }) => taskFragment(task, tests, showing))
  const fix = tasks.find(({ state }) => isTrouble(state)) ?? tasks.find(({ state }) => state !== 'passed')
  const lead = fix && (isTrouble(fix.state) ? words.firstToFix : words.beginWith)
  const points = `<span class="points"><b>${outcome.score}</b> / ${outcome.max_score}</span>`
  const firstToFix = fix
    ? `<a class="fix" data-state="${fix.state}" href="#${escapeHtml(fix.task)}">${icon(shapeOf[fix.state])}<span class="long">${lead}</span> <code>${escapeHtml(fix.task)}</code></a>`
    : `<span class="fix" data-state="passed">${icon('passed')}<span class="long">${words.allDone}</span></span>`
  return {
    tasks,
    trouble: outcome.cause ? causeHtml(outcome.cause, words, showing) : lessonTrouble(outcome, words, showing),
    printed:
      outcome.output.trim() === ''
        ? ''
        : `<p class="check">${words.yourCodePrinted}</p><pre tabindex="0"><samp>${escapeHtml(outcome.output.trimEnd())}</samp></pre>`,
    summary: `${points}${firstToFix}`,
    announcement: words.summary(outcome.score, outcome.max_score, fix ? `${lead} ${fix.task}` : words.allDone),
    mark: lessonMark(outcome, words),
  }
}

/** How far a lesson is, for its entry in the contents. */
export function lessonMark(outcome: LessonOutcome | undefined, words: Words): string {
  if (!outcome) return ''
  if (outcome.status === 'passed') return icon('tick', words.state.passed)
  const points = `<span class="pts">${outcome.score} / ${outcome.max_score}</span>`
  return outcome.score > 0 || outcome.status !== 'not-started' ? points : ''
}

function tasksOf(outcome: LessonOutcome): { task: string; tests: TestOutcome[] }[] {
  const names = [...new Set(outcome.tests.map(({ task }) => task))]
  return names.map((task) => ({ task, tests: outcome.tests.filter((test) => test.task === task) }))
}

const shapeOf: Record<TaskState, string> = {
  passed: 'passed',
  failed: 'failed',
  todo: 'todo',
  error: 'error',
  endless: 'error',
  notRun: 'todo',
}

function isTrouble(state: TaskState): boolean {
  return state === 'failed' || state === 'error' || state === 'endless'
}

export function taskFragment(task: string, tests: TestOutcome[], showing: Showing): TaskFragment {
  const words = wordsOf(showing.language)
  const state = stateOf(tests)
  const { score, max_score } = total(tests)
  return {
    task,
    state,
    verdict: `${icon(shapeOf[state])}<b>${words.state[state]}</b><span class="pts">${score} / ${max_score}</span>`,
    result: resultHtml(state, tests, words, showing),
    mark: icon(state === 'passed' ? 'tick' : shapeOf[state], words.state[state]),
  }
}

function stateOf(tests: TestOutcome[]): TaskState {
  const failed = tests.find(({ status }) => status === 'failed')
  if (failed) {
    const kind = failed.cause?.kind
    return kind === 'endless' ? 'endless' : kind === 'exception' || kind === 'feedback' ? 'error' : 'failed'
  }
  if (tests.every(({ status }) => status === 'passed')) return 'passed'
  return tests.some(({ status }) => status === 'not-started') ? 'todo' : 'notRun'
}

function resultHtml(state: TaskState, tests: TestOutcome[], words: Words, showing: Showing): string {
  if (state === 'passed') {
    const compare = showing.solution ? ` ${showing.solution}` : ''
    return `<p class="good">${words.checks(tests.length)}${compare}</p>`
  }
  if (state === 'notRun') return `<p>${words.notRunWhy}</p>`
  if (state === 'todo') {
    const place = tests.find((test) => test.place)?.place
    const begins = place ? `<p>${words.beginsAt} ${placeHtml(place, showing)}</p>` : ''
    return begins + todoText(tests, showing)
  }
  const [first, ...more] = tests.filter(({ status, cause }) => status === 'failed' && !isShared(cause))
  if (!first) return ''
  return testHtml(first, words, showing) + moreHtml(more, words, showing)
}

function todoText(tests: TestOutcome[], showing: Showing): string {
  const asked = todoOf(tests.find(({ status }) => status === 'not-started')?.message ?? '')
  if (asked === '') return ''
  const sentence = /[\u4e00-\u9fff]/.test(asked) ? `${asked}。` : `${asked.charAt(0).toUpperCase()}${asked.slice(1)}.`
  return `<p class="todo"${foreign(asked, showing)}>${inlineCode(sentence)}</p>`
}

/** What concerns the whole file is told once, above the tasks. */
function isShared(cause: Cause | undefined): boolean {
  return cause?.kind === 'feedback' && cause.scope === 'lesson'
}

function testHtml({ name, message, cause }: TestOutcome, words: Words, showing: Showing): string {
  const title = `<p class="check"${foreign(name, showing)}>${inlineCode(name.charAt(0).toUpperCase() + name.slice(1))}</p>`
  return title + (cause ? causeHtml(cause, words, showing) : whyHtml(message, showing))
}

/** The other checks that failed, folded: they usually fail for the same reason. */
function moreHtml(tests: TestOutcome[], words: Words, showing: Showing): string {
  if (tests.length === 0) return ''
  const inner = tests.map((test) => testHtml(test, words, showing)).join('')
  return `<details class="more"><summary><b>${words.moreChecks(tests.length)}</b> <span>${words.alsoFailed}</span></summary>${inner}</details>`
}

/** What keeps a whole lesson from being graded is told once. */
function lessonTrouble(outcome: LessonOutcome, words: Words, showing: Showing): string {
  const broken = outcome.tests.find(({ cause }) => isShared(cause))
  if (broken?.cause) return causeHtml(broken.cause, words, showing)
  const stopped = outcome.status === 'timeout' || outcome.status === 'out-of-memory' || outcome.status === 'error'
  return stopped && outcome.message !== ''
    ? `<p class="why"${foreign(outcome.message, showing)}>${inlineCode(outcome.message)}</p>`
    : ''
}

function causeHtml(cause: Cause, words: Words, showing: Showing): string {
  if (cause.kind === 'wrong') {
    const rows = [
      row(words.expected, cause.expected, escapeHtml(cause.expected)),
      row(words.received, cause.received, differences(cause.expected, cause.received)),
      ...cause.given.map((input) => row(words.input, input, escapeHtml(input))),
    ]
    const told = [cause.difference, cause.why].filter((text) => text !== '')
    return `<dl class="compare" tabindex="0">${rows.join('')}</dl>${told.map((text) => whyHtml(text, showing)).join('')}`
  }
  const [, name, rest] = /^(\w*(?:Error|Exception)): (.*)$/s.exec(cause.message) ?? []
  const message =
    cause.kind === 'exception'
      ? `<p class="err"${foreign(cause.message, showing)}>${name ? `<b>${escapeHtml(name)}</b> ${escapeHtml(rest!)}` : escapeHtml(cause.message)}</p>`
      : whyHtml(cause.message, showing)
  const hint = cause.kind === 'exception' && cause.hint !== '' ? whyHtml(cause.hint, showing) : ''
  return message + frameHtml(cause.place, showing) + hint
}

function row(label: string, text: string, html: string): string {
  return `<dt>${label}</dt><dd${isSentences(text) ? ' class="sentences"' : ''}>${html}</dd>`
}

function whyHtml(text: string, showing: Showing): string {
  return `<p class="why"${foreign(text, showing)}>${inlineCode(text)}</p>`
}

/** Feedback that speaks English on a Chinese page says so, for screen readers and fonts. */
function foreign(text: string, { language }: Showing): string {
  return language === 'zh' && !/[\u4e00-\u9fff]/.test(text) ? ' lang="en"' : ''
}

function placeHtml(place: FeedbackPlace, { link, language }: Showing): string {
  const text = `<code>${escapeHtml(place.file)}${place.line === undefined ? '' : `:${place.line}`}</code>`
  const target = link?.(place)
  return target === undefined
    ? `<span lang="${wordsOf(language).locale}">${text}</span>`
    : `<a class="open" href="${escapeHtml(target)}">${text}</a>`
}

/** The learner's line, with the ones around it. */
function frameHtml(place: FeedbackPlace | undefined, showing: Showing): string {
  if (!place) return ''
  const told = `<p>${placeHtml(place, showing)}</p>`
  const lines = showing.source?.split(/\r?\n/)
  if (!lines || place.line === undefined || lines[place.line - 1] === undefined) return told
  const at = place.line
  const shown = [at - 2, at - 1, at, at + 1].filter((n) => lines[n - 1] !== undefined)
  const html = shown.map(
    (n) =>
      `<span class="ln${n === at ? ' at' : ''}"><i>${n}</i>${n === at ? pointed(lines[n - 1]!, place.column) : escapeHtml(lines[n - 1]!)}</span>`,
  )
  return `${told}<pre class="frame" tabindex="0"><code>${html.join('')}</code></pre>`
}

/** A line with a wave under the word that begins at a column. */
function pointed(line: string, column: number | undefined): string {
  if (column === undefined || column < 1 || column > line.length) return escapeHtml(line)
  const word = /^\w+|^./.exec(line.slice(column - 1))?.[0] ?? ''
  return `${escapeHtml(line.slice(0, column - 1))}<u>${escapeHtml(word)}</u>${escapeHtml(line.slice(column - 1 + word.length))}`
}

/** What was received, with the words that are not as expected marked: place by place where the two are built alike, else between what they share at both ends. */
export function differences(expected: string, received: string): string {
  const [right, given] = [pieces(expected), pieces(received)]
  const wrong = new Set<number>()
  const [a, b] = [right.filter(isWord), given.filter(isWord)]
  if (a.length === b.length)
    for (const [i, piece] of b.entries()) {
      if (piece !== a[i]) wrong.add(i)
    }
  else {
    let start = 0
    while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++
    let end = 0
    while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
    for (let i = start; i < b.length - end; i++) wrong.add(i)
  }
  let word = -1
  return given
    .map((piece) => {
      if (!isWord(piece)) return escapeHtml(piece)
      word++
      return wrong.has(word) ? `<mark>${escapeHtml(piece)}</mark>` : escapeHtml(piece)
    })
    .join('')
}

/** Numbers, words, single marks, and the space between them. */
function pieces(text: string): string[] {
  return text.match(/-?\d[\w.+-]*|<\w+>|\w+|\s+|[^\w\s]/g) ?? []
}

function isWord(piece: string): boolean {
  return piece.trim() !== ''
}

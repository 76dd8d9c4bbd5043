// What a learner sees after grading: where they stand, the first thing to fix, and what to do next.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeFrameColumns } from '@babel/code-frame'
import stringWidth from 'string-width'
import { type Course, type Language, titleOf } from '../course'
import { hasSolution } from '../exercise'
import type { FeedbackPlace } from '../feedback/feedback'
import { inLanguage } from '../feedback/translation'
import { chooseLanguage } from '../language'
import {
  type Cause,
  indentMore,
  type LessonOutcome,
  placeText,
  type TestOutcome,
  todoOf,
  total,
} from '../runner/outcome'
import type { TypeProblem } from '../types'
import { cut, indented, ink, padded, prose } from './ink'
import { type Words, wordsOf } from './words'

const marks = {
  passed: '●',
  failed: '⊗',
  'not-started': '◌',
  'not-run': '◌',
  error: '△',
  timeout: '△',
  'out-of-memory': '△',
}

type Status = keyof typeof marks

export function mark(status: Status): string {
  if (status === 'passed') return ink.accent(marks.passed)
  return status === 'not-started' || status === 'not-run' ? ink.pale(marks[status]) : ink.signal(marks[status])
}

/** All that `npm test` prints. For a single lesson its tasks and tests are listed, else a line a lesson. */
export function verdict(course: Course, found: LessonOutcome[], language = chooseLanguage()): string {
  const words = wordsOf(language)
  const outcomes = found.map((outcome) => inLanguage(course, outcome, language))
  const { score, max_score } = total(outcomes)
  const only = outcomes.length === 1 ? outcomes[0] : undefined
  const table = only ? taskTable(only) : lessonTable(course, outcomes, language)
  const todo = firstToFix(outcomes)
  const heading = only ? `${only.lesson} · ${titleOf(course.files(only.lesson), language)}` : 'Gradus'
  return [
    `${ink.strong(heading)}   ${words.points(score, max_score)}`,
    table,
    todo ? explain(course, todo, words) : '',
    printed(outcomes, todo, words),
    next(course, outcomes, todo, language),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function lessonTable(course: Course, outcomes: LessonOutcome[], language: Language): string {
  const rows = outcomes.map((outcome) => ({ outcome, title: titleOf(course.files(outcome.lesson), language) }))
  const width = Math.max(...rows.map(({ title }) => stringWidth(title)))
  return rows
    .map(({ outcome, title }) => {
      const { lesson, score, max_score, status } = outcome
      return `  ${mark(status)} ${lesson.slice(0, 2)}  ${padded(title, width)}  ${`${score}/${max_score}`.padStart(5)}  ${ink.pale(remark(outcome, wordsOf(language)))}`.trimEnd()
    })
    .join('\n')
}

function remark({ status, tests }: LessonOutcome, words: Words): string {
  if (status === 'not-started') return words.notStarted
  if (status === 'timeout') return words.timeout
  if (status === 'out-of-memory') return words.outOfMemory
  if (status === 'error') return words.notGraded
  const open = tasksOf(tests).filter(({ tests }) => tests.some((test) => test.status !== 'passed')).length
  return open === 0 ? '' : words.tasksToGo(open)
}

interface Task {
  name: string
  tests: TestOutcome[]
}

export function tasksOf(tests: TestOutcome[]): Task[] {
  const names = [...new Set(tests.map((test) => test.task))]
  return names.map((name) => ({ name, tests: tests.filter((test) => test.task === name) }))
}

function taskTable({ tests }: LessonOutcome): string {
  return tasksOf(tests)
    .map((task, i) => {
      const { score, max_score } = total(task.tests)
      const rows = task.tests.map(
        (test) => `     ${mark(test.status)} ${test.status === 'passed' ? ink.pale(test.name) : test.name}`,
      )
      return [`  ${i + 1}. ${ink.strong(task.name)}  ${ink.pale(`${score}/${max_score}`)}`, ...rows].join('\n')
    })
    .join('\n')
}

export interface ToFix {
  outcome: LessonOutcome
  test?: TestOutcome
}

/** What went wrong comes before what is not started; each in the order of the course. */
export function firstToFix(outcomes: LessonOutcome[]): ToFix | undefined {
  const wrong = outcomes.find(({ status }) => status !== 'passed' && status !== 'not-started')
  const broken = wrong?.tests.find((test) => test.status === 'failed')
  if (wrong && (broken || wrong.message !== '')) return { outcome: wrong, test: broken }
  const open = outcomes.find(({ status }) => status !== 'passed')
  return open && { outcome: open, test: open.tests.find((test) => test.status !== 'passed') }
}

/** Where it is, what was expected and what came instead, or where to begin. */
export function explain(course: Course, { outcome, test }: ToFix, words: Words): string {
  if (test?.status === 'not-started') return explainBeginning(outcome, test, words)
  const cause = test?.cause ?? outcome.cause
  const wholeLesson = !test || (cause?.kind === 'feedback' && cause.scope === 'lesson')
  const place = wholeLesson ? '' : placeOfTask(course, outcome.lesson, test.task)
  const what = `${outcome.lesson}${wholeLesson ? '' : ` · ${test.task}`}`
  const head = `${ink.strong(words.fixFirst)}${words.colon}${what}${place && `   ${ink.accent(place)}`}`
  if (!cause) return [head, prose(outcome.message, 4)].join('\n')
  const title = wholeLesson ? '' : `  ${mark('failed')} ${test.name}`
  const code = cause.kind === 'wrong' ? '' : frame(course, cause.place)
  return [head, title, explainCause(cause, words), code].filter(Boolean).join('\n')
}

function explainBeginning(outcome: LessonOutcome, { task, place, message }: TestOutcome, words: Words): string {
  const begin = outcome.score > 0 ? words.nextTask : words.beginWith
  const where = place?.line === undefined ? '' : `   ${ink.accent(`${place.file}:${place.line}`)}`
  const head = `${ink.strong(begin)}${words.colon}${outcome.lesson} · ${task}${where}`
  return [head, prose(todoOf(message), 4)].join('\n')
}

/** Where the learner's function begins. */
function placeOfTask(course: Course, stem: string, task: string): string {
  const { exercise } = course.files(stem)
  const lines = existsSync(exercise) ? readFileSync(exercise, 'utf8').split('\n') : []
  const line = lines.findIndex((text) => new RegExp(`^export .*\\b${task}\\b`).test(text))
  return line < 0 ? '' : `${course.show(exercise)}:${line + 1}`
}

function explainCause(cause: Cause, words: Words): string {
  if (cause.kind === 'wrong') {
    const rows = [
      `${label(words.expected)}${indentMore(cause.expected)}`,
      `${label(words.received)}${ink.signal(indentMore(cause.received))}`,
      ...cause.given.map((input) => `${label(words.input)}${indentMore(input)}`),
    ]
    return [
      indented(rows.join('\n'), 4),
      ...[cause.difference, cause.why].filter(Boolean).map((line) => prose(line, 4)),
    ].join('\n')
  }
  const hint = cause.kind === 'exception' ? cause.hint : ''
  return [
    prose(cause.message, 4),
    hint && prose(hint, 4),
    placeText(cause.place) && `    ${ink.accent(placeText(cause.place))}`,
  ]
    .filter(Boolean)
    .join('\n')
}

/** A label that takes the ten columns by which the rows of a tensor are moved. */
function label(word: string): string {
  return ink.pale(word) + ' '.repeat(10 - stringWidth(word))
}

/** The learner's line with one before and after it. */
function frame(course: Course, place: FeedbackPlace | undefined): string {
  const path = place && join(course.root, place.file)
  if (!path || place.line === undefined || !existsSync(path)) return ''
  const start = { line: place.line, column: place.column }
  const lines = codeFrameColumns(readFileSync(path, 'utf8'), { start }, { linesAbove: 2, linesBelow: 1 })
  return `\n${cut(indented(lines, 4))}`
}

function printed(outcomes: LessonOutcome[], todo: ToFix | undefined, words: Words): string {
  const source = todo?.outcome.output ? todo.outcome : outcomes.length === 1 ? outcomes[0] : undefined
  if (!source?.output.trim()) return ''
  const lines = source.output.trimEnd().split('\n')
  const shown = lines.slice(0, 20)
  const more = lines.length > shown.length ? [ink.pale(words.moreLines(lines.length - shown.length))] : []
  return [ink.strong(words.printed(source.lesson)), indented([...shown, ...more].join('\n'), 2)].join('\n')
}

function next(course: Course, outcomes: LessonOutcome[], todo: ToFix | undefined, language: Language): string {
  const words = wordsOf(language)
  if (!todo) return allDone(course, outcomes, language)
  const number = todo.outcome.lesson.slice(0, 2)
  const rows: [string, string][] = [
    [course.show(course.files(todo.outcome.lesson).text[language]), words.theLesson],
    [`npm run hint -- ${number}`, words.aHint],
    [`npm test -- ${number}`, words.gradesAlone],
  ]
  const { score } = total(outcomes)
  const kind = score === 0 && outcomes.length > 1 && outcomes.every(({ status }) => status === 'not-started')
  return [...(kind ? [prose(words.startingLine), ''] : []), table(rows)].join('\n')
}

function allDone(course: Course, outcomes: LessonOutcome[], language: Language): string {
  const words = wordsOf(language)
  const last = outcomes.at(-1)?.lesson ?? ''
  const isOne = outcomes.length === 1
  const following = isOne ? course.stems[course.stems.indexOf(last) + 1] : undefined
  const rows: [string, string][] = []
  if (hasSolution(course, last)) rows.push([`npm run solution -- ${last.slice(0, 2)}`, words.ourSolution])
  if (following) rows.push([course.show(course.files(following).text[language]), words.nextLesson])
  return [prose(isOne ? words.lessonDone : words.allDone), ...(rows.length > 0 ? ['', table(rows)] : [])].join('\n')
}

function table(rows: [string, string][]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${ink.accent(left.padEnd(width))}  ${ink.pale(right)}`).join('\n')
}

/** What TypeScript says beside the verdict; empty when it agrees. */
export function typesNote(problems: TypeProblem[], words = wordsOf(chooseLanguage())): string {
  if (problems.length === 0) return ''
  const shown = problems.slice(0, 5)
  const rows = shown.map(
    ({ file, line, column, message }) => `  ${ink.accent(`${file}:${line}:${column}`)}\n${prose(message, 4)}`,
  )
  const more = problems.length > shown.length ? [`  ${words.more(problems.length - shown.length)}`] : []
  return [ink.strong(words.typesSay), ...rows, ...more].join('\n')
}

/** Said first, because all that follows depends on it. */
export function editedNote(edited: string[], words = wordsOf(chooseLanguage())): string {
  return edited.length === 0 ? '' : prose(words.edited(edited, ink.signal))
}

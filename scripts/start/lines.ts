// What the terminal shows of the workshop: pure functions from what is known to lines of text.
import stringWidth from 'string-width'
import { titleOf } from '../course'
import { hasSolution } from '../exercise'
import { inLanguage } from '../feedback/translation'
import { type LessonOutcome, total } from '../runner/outcome'
import { indented, ink, lineWidth, prose } from '../terminal/ink'
import { explain, firstToFix, mark, tasksOf } from '../terminal/verdict'
import { wordsOf as verdictWords } from '../terminal/words'
import { type Words, wordsOf } from './words'
import type { Known, Standing } from './workshop'

const barWidth = 24
const printedLines = 8

/** The lesson that the learner is at: its points, its tasks, the first thing to fix. */
export function lessonLines(workshop: Known, address: string): string[] {
  const { course, language, stem } = workshop
  const words = wordsOf(language)
  const standing = workshop.standing(stem)
  const outcome = standing.outcome && inLanguage(course, standing.outcome, language)
  const title = `${ink.strong(stem.slice(0, 2))} · ${ink.strong(titleOf(course.files(stem), language))}`
  const points = outcome ? words.points(outcome.score, outcome.max_score) : ''
  return [
    spread(`${ink.accent('Gradus')}   ${title}`, points),
    spread(progressBar(workshop, words), address && ink.accent(address)),
    '',
    ...(outcome ? taskLines(outcome) : [prose(words.waiting(course.show(course.files(stem).exercise)), 2)]),
    ...(outcome ? ['', ...fixLines(workshop, outcome, words)] : []),
    ...printedText(standing, words),
    ...typeLines(standing, words),
  ].flatMap((text) => text.split('\n'))
}

/** Two ends of a line. */
function spread(left: string, right: string): string {
  const gap = lineWidth() - stringWidth(left) - stringWidth(right)
  return gap > 0 ? left + ' '.repeat(gap) + right : `${left}  ${right}`
}

function progressBar({ course, outcomes }: Known, words: Words): string {
  const done = outcomes.filter(({ status }) => status === 'passed').length
  const { score, max_score } = total(outcomes)
  // By points, so that each task moves it; by what is known, until everything has been graded once.
  const share = max_score === 0 ? 0 : (score / max_score) * (outcomes.length / course.stems.length)
  const filled = score === 0 ? 0 : Math.max(1, Math.floor(share * barWidth))
  const bar = ink.accent('━'.repeat(filled)) + ink.pale('─'.repeat(barWidth - filled))
  return `${bar}  ${ink.pale(words.lessons(done, course.stems.length))}`
}

function taskLines({ tests }: LessonOutcome): string[] {
  const tasks = tasksOf(tests)
  const width = Math.max(...tasks.map(({ name }) => name.length))
  return tasks.map(({ name, tests }, i) => {
    const { score, max_score } = total(tests)
    const worst = tests.find(({ status }) => status === 'failed') ?? tests.find(({ status }) => status !== 'passed')
    const status = worst?.cause && worst.cause.kind !== 'wrong' ? 'error' : (worst?.status ?? 'passed')
    const shown = worst ? name.padEnd(width) : ink.pale(name.padEnd(width))
    return `  ${mark(status)} ${i + 1} ${shown}  ${ink.pale(`${score}/${max_score}`)}`
  })
}

function fixLines({ course, stem, language, outcomes }: Known, outcome: LessonOutcome, words: Words): string[] {
  const todo = firstToFix([outcome])
  if (todo) return [explain(course, todo, verdictWords(language))]
  if (outcomes.length === course.stems.length && outcomes.every(({ status }) => status === 'passed'))
    return [ink.accent(words.doneAll)]
  const next = course.stems[course.stems.indexOf(stem) + 1]
  return [ink.accent(next ? words.doneNext(titleOf(course.files(next), language)) : words.done)]
}

function printedText({ outcome }: Standing, words: Words): string[] {
  if (!outcome?.output.trim()) return []
  const lines = outcome.output.trimEnd().split('\n')
  const shown = lines.slice(0, printedLines)
  return ['', ink.strong(words.printed(lines.length - shown.length)), indented(shown.join('\n'), 2)]
}

function typeLines({ types }: Standing, words: Words): string[] {
  const [first, ...more] = types
  if (!first) return []
  const place = ink.accent(`${first.file}:${first.line}:${first.column}`)
  const message = first.message.split('\n', 1)[0] as string
  return [
    '',
    `${ink.strong(words.types)}   ${place}`,
    prose(message, 4),
    ...(more.length > 0 ? [ink.pale(`    ${words.more(more.length)}`)] : []),
  ]
}

/** When it was graded, or that it is being graded, and the keys. */
export function footLines(workshop: Known, isWarm: boolean, hasPage: boolean): string[] {
  const words = wordsOf(workshop.language)
  const idle = [...(hasPage ? [] : ['o']), ...(hasSolution(workshop.course, workshop.stem) ? [] : ['s'])]
  return [ink.pale(statusLine(workshop, words, isWarm)), ...keyLines(words, idle)]
}

/** A run that is over before anyone could read it is not announced. */
export const noticeableMs = 150

function statusLine(workshop: Known, words: Words, isWarm: boolean): string {
  if (!isWarm) return words.warmingUp
  const { grading } = workshop
  const since = grading?.stem === workshop.stem ? Date.now() - grading.since : 0
  if (since >= noticeableMs) return words.grading(Math.floor(since / 1000))
  const { graded } = workshop.standing(workshop.stem)
  if (!graded) return words.waiting(workshop.course.show(workshop.course.files(workshop.stem).exercise))
  return words.graded(new Date(graded.at).toTimeString().slice(0, 8), Math.round(graded.took))
}

function keyLines(words: Words, idle: string[]): string[] {
  const keys = Object.entries(words.keys).filter(([key]) => !idle.includes(key))
  const lines: string[] = []
  let line = ''
  for (const [key, what] of keys) {
    const next = `${ink.accent(key)} ${what}`
    if (line !== '' && stringWidth(`${line}   ${next}`) > lineWidth()) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? next : `${line}   ${next}`
  }
  return [...lines, line]
}

/** All lessons, with the one that the learner is at. */
export function listLines(workshop: Known): string[] {
  const { course, language } = workshop
  const words = wordsOf(language)
  return course.stems.map((stem) => {
    const { outcome } = workshop.standing(stem)
    const points =
      !outcome || outcome.status === 'not-started' ? words.notStarted : words.points(outcome.score, outcome.max_score)
    const title = titleOf(course.files(stem), language)
    const name = `${stem.slice(0, 2)} ${title}`
    const padded = name + ' '.repeat(Math.max(1, 34 - stringWidth(name)))
    const here = stem === workshop.stem ? ink.accent('›') : ' '
    return `${here} ${mark(outcome?.status ?? 'not-run')} ${stem === workshop.stem ? ink.strong(padded) : padded} ${ink.pale(points)}`
  })
}

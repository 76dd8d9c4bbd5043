// What GitHub Actions shows of a grading: a summary of the job, and annotations at the lines in question.
import { appendFileSync } from 'node:fs'
import type { Report } from '../report'
import { lineOf } from './github'
import { cut, describe } from './words'

/** GitHub shows about ten annotations a step. */
const annotationLimit = 10
/** A step's summary may have 1 MiB. */
const summaryLimit = 900_000

/** Tells a running job what was found; elsewhere nothing. */
export function tellActions(report: Report, json: string, env: NodeJS.ProcessEnv = process.env): void {
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, actionsSummary(report))
  if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, `result=${Buffer.from(json).toString('base64')}\n`)
  if (env.GITHUB_ACTIONS) for (const line of annotations(report)) console.error(line)
}

/** Markdown; what learners wrote stands in it as code, with a fence that is longer than any of theirs. */
export function actionsSummary({ score, max_score, lessons }: Report): string {
  const rows = lessons.map(
    ({ lesson, score, max_score, status }) => `| ${lesson} | ${score}/${max_score} | ${status} |`,
  )
  const details = lessons.flatMap((lesson) => {
    const [first] = lesson.tests.filter(({ status }) => status === 'failed')
    return first ? [`\n### ${lesson.lesson}: ${first.name}\n${fenced(describe(lesson, first, true))}`] : []
  })
  const text = [
    `## Gradus: ${score} of ${max_score} points\n`,
    '| lesson | points | |',
    '|---|---|---|',
    ...rows,
    ...details,
  ]
  return `${cut(text.join('\n'), summaryLimit)}\n`
}

function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}`
}

export function annotations({ lessons }: Report): string[] {
  const failed = lessons.flatMap((lesson) =>
    lesson.tests.filter(({ status }) => status === 'failed').map((test) => ({ lesson, test })),
  )
  return failed.slice(0, annotationLimit).map(({ lesson, test }) => {
    const line = lineOf(test.message)
    const place = `file=exercises/${lesson.lesson}.ts${line > 0 ? `,line=${line}` : ''}`
    return `::error ${place},title=${property(test.name)}::${escaped(describe(lesson, test, true))}`
  })
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}

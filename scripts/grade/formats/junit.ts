// JUnit's XML, as Jenkins, GitLab and their like read it: a suite a lesson, a case a test.
import type * as xmlbuilder2 from 'xmlbuilder2'
import type { LessonReport, Report, TestReport } from '../report'
import { describe } from './words'

export function junit({ lessons }: Report): string {
  const all = lessons.flatMap(({ tests }) => tests)
  const { create } = require('xmlbuilder2') as typeof xmlbuilder2 // here, for it takes as long to load as all the rest of the command
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', { name: 'gradus', ...counts(all) })
  for (const lesson of lessons) addSuite(root, lesson)
  return `${root.end({ prettyPrint: true })}\n`
}

type Element = ReturnType<ReturnType<typeof xmlbuilder2.create>['ele']>

function addSuite(root: Element, lesson: LessonReport): void {
  const suite = root.ele('testsuite', { name: lesson.lesson, ...counts(lesson.tests) })
  lesson.tests.forEach((test, i) => {
    const name = test.max_score === 1 ? test.name : `${test.name} (${test.max_score} points)`
    const element = suite.ele('testcase', {
      name: allowed(name),
      classname: `${lesson.lesson}.${test.task}`,
      time: seconds(test.duration_ms),
    })
    if (test.status === 'passed') return
    const words = allowed(describe(lesson, test, i === 0))
    if (test.status !== 'failed') element.ele('skipped', { message: words.split('\n', 1)[0] })
    else element.ele('failure', { message: words.split('\n', 1)[0], type: 'wrong answer' }).txt(words)
  })
  if (lesson.output !== '') suite.ele('system-out').txt(allowed(lesson.output))
}

function counts(tests: TestReport[]): Record<string, string | number> {
  return {
    tests: tests.length,
    failures: tests.filter(({ status }) => status === 'failed').length,
    errors: 0,
    skipped: tests.filter(({ status }) => status === 'not-run' || status === 'not-started').length,
    time: seconds(tests.reduce((sum, { duration_ms }) => sum + duration_ms, 0)),
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

/** Without the characters that XML has no place for. */
function allowed(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/\p{Surrogate}/gu, '').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
}

// The kit's reporter for a plain `npx jest`: the same verdict as `npm test`, without its watch on endless loops.
import { basename } from 'node:path'
import type { AggregatedResult, Reporter, TestCaseResult, TestResult } from '@jest/reporters'
import { openCourse } from '../course'
import { editedFiles } from '../seal'
import { editedNote, verdict } from '../terminal/verdict'
import { type LessonOutcome, lessonOutcome, notRun, type TestOutcome, testOutcome } from './outcome'

export default class GradusReporter implements Pick<Reporter, 'onRunComplete'> {
  onRunComplete(_: unknown, { testResults }: AggregatedResult): void {
    const course = openCourse()
    const known = testResults.filter((result) => course.stems.includes(stemOf(result)))
    const outcomes = known.map(lessonOf).sort((a, b) => a.lesson.localeCompare(b.lesson))
    if (outcomes.length === 0) return
    const edited = editedNote(
      editedFiles(
        course,
        outcomes.map(({ lesson }) => lesson),
      ),
    )
    process.stdout.write(`${[edited, verdict(course, outcomes)].filter(Boolean).join('\n\n')}\n`)
  }
}

function stemOf({ testFilePath }: TestResult): string {
  return basename(testFilePath, '.test.ts')
}

function lessonOf(result: TestResult): LessonOutcome {
  const stem = stemOf(result)
  const output = (result.console ?? []).map(({ message }) => message).join('\n')
  const outcome = lessonOutcome(
    stem,
    result.testResults.map((test) => testOf(test, result.testFilePath)),
    output,
  )
  if (!result.testExecError) return outcome
  return { ...outcome, status: 'error', message: `The suite of ${stem} could not run: ${result.testExecError.message}` }
}

function testOf(test: TestCaseResult, suite: string): TestOutcome {
  const declared = { task: test.ancestorTitles[0] ?? '', title: test.title }
  if (test.status !== 'passed' && test.status !== 'failed') return notRun(declared)
  const subject = suite.replace(/\.test\.ts$/, '.ts')
  const failure = test.status === 'failed' ? { error: test.failureDetails[0] } : undefined
  return testOutcome(declared, failure, test.duration ?? 0, subject, `exercises/${basename(subject)}`)
}

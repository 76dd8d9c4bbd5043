// Exercism's test-runner interface, version 3: https://exercism.org/docs/building/tooling/test-runners/interface
import type { Report } from '../report'
import { cut, describe } from './words'

const outputLimit = 500
const messageLimit = 65_535

/** Tests in the order of their file. A file that could not be run at all is an `error`, with what to say to it. */
export function exercism({ lessons }: Report): string {
  const rejected = lessons.find((lesson) => ['rejected', 'error'].includes(lesson.status))
  if (rejected && lessons.length === 1)
    return text({ version: 3, status: 'error', message: cut(rejected.message, messageLimit), tests: [] })
  const tests = lessons.flatMap((lesson) =>
    lesson.tests.map((test, i) => ({
      name: test.name,
      status: test.status === 'passed' ? 'pass' : 'fail',
      message: test.status === 'passed' ? null : cut(describe(lesson, test, i === 0), messageLimit),
      output: i === 0 && lesson.output !== '' ? cut(lesson.output, outputLimit) : null,
      test_code: `${lesson.lesson} · ${test.task}: ${test.name}`,
      task_id: taskNumber(
        lesson.tests.map(({ task }) => task),
        test.task,
      ),
    })),
  )
  return text({
    version: 3,
    status: tests.every(({ status }) => status === 'pass') ? 'pass' : 'fail',
    message: null,
    tests,
  })
}

function text(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function taskNumber(all: string[], task: string): number {
  return [...new Set(all)].indexOf(task) + 1
}

// Every format against what its platform parses: JSON by schemas (ajv), JUnit by the rules of its XSD, the grade book as a spreadsheet reads it.
import Ajv, { type JSONSchemaType } from 'ajv'
import { parse } from 'csv-parse/sync'
import { convert } from 'xmlbuilder2'
import type { LessonReport, Report } from '../report'
import { actionsSummary, annotations } from './actions'
import { gradeBook } from './csv'
import { findFormat, formats } from './index'

const hostile = 'a ]]></failure> & "b" <script>x</script> ::error::y %0A \u{1f600} ```'

function lesson(name: string, changes: Partial<LessonReport> = {}): LessonReport {
  const test = { task: 'twice', max_score: 2, duration_ms: 7 }
  return {
    lesson: name,
    score: 2,
    max_score: 6,
    status: 'failed',
    message: '',
    output: 'z'.repeat(600),
    tests: [
      { ...test, name: 'passes', status: 'passed', score: 2, message: '' },
      { ...test, name: 'fails', status: 'failed', score: 0, message: `${hostile}\nat exercises/${name}.ts:12:3` },
      { ...test, name: 'waits', status: 'not-started', score: 0, message: 'Not started: write it' },
    ],
    ...changes,
  }
}

const report: Report = {
  version: 1,
  kit: 'gradus 0.1.0',
  submission: 'ana',
  score: 4,
  max_score: 12,
  lessons: [lesson('01-one'), lesson('02-two')],
  ignored: ['package.json'],
}
const rejected: Report = {
  ...report,
  lessons: [lesson('01-one', { status: 'rejected', message: 'exercises/01-one.ts is not valid TypeScript: no' })],
}

const string = { type: 'string' } as const
const number = { type: 'number', minimum: 0 } as const
const list = (item: object) => ({ type: 'array', items: item }) as const
const object = (properties: Record<string, object>, optional: string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
})
const oneOf = (...values: string[]) => ({ enum: values })

const schemas = {
  json: object({
    version: { const: 1 },
    kit: string,
    submission: string,
    score: number,
    max_score: number,
    lessons: list(
      object({
        lesson: string,
        score: number,
        max_score: number,
        status: oneOf('passed', 'failed', 'not-started', 'timeout', 'out-of-memory', 'rejected', 'error'),
        message: string,
        output: string,
        tests: list(
          object({
            name: string,
            task: string,
            status: oneOf('passed', 'failed', 'not-started', 'not-run'),
            score: number,
            max_score: number,
            message: string,
            duration_ms: number,
          }),
        ),
      }),
    ),
    ignored: list(string),
  }),
  gradescope: object({
    output_format: { const: 'text' },
    tests: list(
      object({
        name: string,
        score: number,
        max_score: number,
        status: oneOf('passed', 'failed'),
        output: string,
        output_format: { const: 'text' },
        visibility: oneOf('visible', 'hidden', 'after_due_date', 'after_published'),
      }),
    ),
  }),
  github: object({
    version: { const: 1 },
    status: oneOf('pass', 'fail', 'error'),
    max_score: number,
    tests: list(
      object({
        name: string,
        status: oneOf('pass', 'fail', 'error'),
        score: number,
        message: { type: ['string', 'null'] },
        test_code: string,
        filename: string,
        line_no: number,
        duration: number,
      }),
    ),
  }),
  exercism: object({
    version: { const: 3 },
    status: oneOf('pass', 'fail', 'error'),
    message: { type: ['string', 'null'], maxLength: 65_535 },
    tests: list(
      object({
        name: string,
        status: oneOf('pass', 'fail', 'error'),
        message: { type: ['string', 'null'], maxLength: 65_535 },
        output: { type: ['string', 'null'], maxLength: 500 },
        test_code: string,
        task_id: { type: 'integer', minimum: 1 },
      }),
    ),
  }),
  prairielearn: object(
    {
      gradable: { type: 'boolean' },
      score: { type: 'number', minimum: 0, maximum: 1 },
      format_errors: list(string),
      tests: list(object({ name: string, points: number, max_points: number, message: string })),
    },
    ['score', 'format_errors', 'tests'],
  ),
}

const ajv = new Ajv({ allowUnionTypes: true })

test.each(Object.entries(schemas))('%s has the shape that its platform reads', (name, schema) => {
  const validate = ajv.compile(schema as unknown as JSONSchemaType<unknown>)
  for (const each of [report, rejected, { ...report, lessons: [] }]) {
    validate(JSON.parse(formats[name as keyof typeof schemas](each)))
    expect(validate.errors ?? []).toEqual([])
  }
})

test('Gradescope counts the points of the tests, and shows what learners wrote as text', () => {
  const { score, tests } = JSON.parse(formats.gradescope(report))
  expect(score).toBeUndefined()
  expect(tests.map((each: { score: number }) => each.score)).toEqual([2, 0, 0, 2, 0, 0])
  expect(tests[1].output).toContain(hostile)
})

test("GitHub's reporter is told the line", () => {
  const { status, tests } = JSON.parse(formats.github(report))
  expect([status, tests[1].filename, tests[1].line_no]).toEqual(['fail', 'exercises/01-one.ts', 12])
})

test('annotations cannot be steered by what learners wrote', () => {
  const lines = annotations(report)
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/^::error file=exercises\/01-one\.ts,line=12,title=fails::[^\n\r]*$/)
  expect(lines[0]).toContain('%250A')
})

test('in the summary, what learners wrote stays inside its fence', () => {
  const text = actionsSummary(report)
  expect(text).toContain('| 01-one | 2/6 | failed |')
  expect(text).toContain('````text\na ]]>')
})

test('a file that does not parse costs no attempt on PrairieLearn, and is an error on Exercism', () => {
  expect(JSON.parse(formats.prairielearn(rejected))).toEqual({
    gradable: false,
    format_errors: ['exercises/01-one.ts is not valid TypeScript: no'],
  })
  expect(JSON.parse(formats.prairielearn(report)).score).toBeCloseTo(1 / 3)
  expect(JSON.parse(formats.exercism(rejected))).toMatchObject({ status: 'error', tests: [] })
})

type Node = Record<string, unknown>

test('JUnit: suites of cases, skipped before failure before output, and what learners wrote as text', () => {
  const xml = formats.junit({ ...report, lessons: [lesson('01-one', { output: 'a\u0000\u001b[2J\ufffeb' })] })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/)
  const { testsuites } = convert(xml, { format: 'object', verbose: false }) as unknown as { testsuites: Node }
  const suite = testsuites.testsuite as Node
  expect(suite).toMatchObject({ '@name': '01-one', '@tests': '3', '@failures': '1', '@skipped': '1', '@errors': '0' })
  const cases = suite.testcase as Node[]
  expect(cases.map((each) => Object.keys(each).filter((name) => !name.startsWith('@')))).toEqual([
    [],
    ['failure'],
    ['skipped'],
  ])
  expect(cases.every((each) => each['@name'] && each['@classname'] && /^\d+\.\d{3}$/.test(String(each['@time'])))).toBe(
    true,
  )
  expect(xml).toContain('a ]]&gt;&lt;/failure&gt; &amp; "b" &lt;script&gt;x&lt;/script&gt; ::error::y')
  expect(suite['system-out']).toBe('a[2Jb')
})

test('the grade book reads back as it was, and no name is a formula', () => {
  const rows = parse(
    gradeBook([
      { student: '=HYPERLINK("x")', report },
      { student: 'a, "b"', report: { ...report, lessons: [lesson('02-two')] } },
    ]),
  ) as string[][]
  expect(rows).toEqual([
    ['submission', 'score', 'max_score', '01-one', '02-two'],
    [`'=HYPERLINK("x")`, '4', '12', '2', '2'],
    ['a, "b"', '4', '12', '', '2'],
  ])
})

test('an unknown format is answered with the nearest', () => {
  expect(() => findFormat('gradscope')).toThrow('Did you mean gradescope?')
})

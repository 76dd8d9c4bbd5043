// What grading found, as data: the same shape in the terminal, in --json and in every later format.
import { inspect, stripVTControlCharacters } from 'node:util'
import type { FeedbackPlace } from '../feedback/feedback'

export type LessonStatus = 'passed' | 'failed' | 'not-started' | 'timeout' | 'out-of-memory' | 'error'
export type TestStatus = 'passed' | 'failed' | 'not-started' | 'not-run'

/** Why a test failed. */
export type Cause =
  /** The answer is not the right one. `given` are the random inputs it was tried on. */
  | { kind: 'wrong'; expected: string; received: string; difference: string; why: string; given: string[] }
  /** The answer could not be compared: nothing returned, an export missing, a file that does not parse. */
  | { kind: 'feedback'; message: string; place?: FeedbackPlace; scope: 'test' | 'lesson' }
  /** The learner's code threw. `hint` is the engine's second paragraph, in plain words. */
  | { kind: 'exception'; message: string; hint: string; place?: FeedbackPlace }
  /** It had to be stopped. */
  | { kind: 'endless'; message: string; place?: FeedbackPlace }

export interface TestOutcome {
  name: string
  task: string
  status: TestStatus
  score: number
  max_score: number
  message: string
  duration_ms: number
  cause?: Cause
  /** Where a task that is not started begins. */
  place?: FeedbackPlace
}

export interface LessonOutcome {
  lesson: string
  score: number
  max_score: number
  status: LessonStatus
  message: string
  tests: TestOutcome[]
  /** Why the whole lesson could not be graded to its end. */
  cause?: Cause
  /** What the learner's code printed. */
  output: string
}

/** A test as its suite declares it: `title (2 points)` inside the task that it belongs to. */
export interface DeclaredTest {
  task: string
  title: string
}

/** The points that a title declares, and the title without them. */
export function pointsOf(title: string): { name: string; points: number } {
  const match = /^(.*) \((\d+) points?\)$/s.exec(title)
  return match ? { name: match[1] as string, points: Number(match[2]) } : { name: title, points: 1 }
}

/** A test's outcome. `failure` holds what was thrown, which may be anything, even undefined. `subject` is the file that was judged. */
export function testOutcome(
  declared: DeclaredTest,
  failure: { error: unknown } | undefined,
  duration: number,
  subject: string,
  shown: string,
): TestOutcome {
  const { name, points } = pointsOf(declared.title)
  const outcome = {
    name,
    task: declared.task,
    score: 0,
    max_score: points,
    message: '',
    duration_ms: Math.round(duration),
  }
  if (!failure) return { ...outcome, status: 'passed', score: points }
  const { error } = failure
  const todo = /^TODO: (.*)/s.exec(messageOf(error))
  if (todo) {
    const place = placeIn(stackOf(error), subject, shown)
    return { ...outcome, status: 'not-started', message: `Not started: ${todo[1]}`, place }
  }
  const cause = causeOf(error, subject, shown)
  return { ...outcome, status: 'failed', message: describeCause(cause), cause }
}

/** What a test that is not started asks for, in either language. */
export function todoOf(message: string): string {
  return message.replace(/^(Not started: |未开始：)/, '')
}

/** A test that never ran. */
export function notRun(declared: DeclaredTest): TestOutcome {
  const { name, points } = pointsOf(declared.title)
  return { name, task: declared.task, status: 'not-run', score: 0, max_score: points, message: '', duration_ms: 0 }
}

export function lessonOutcome(lesson: string, tests: TestOutcome[], output = ''): LessonOutcome {
  const broken = tests.find((test) => test.cause?.kind === 'feedback' && test.cause.scope === 'lesson')
  const statuses = new Set(tests.map((test) => test.status))
  const status = broken
    ? 'error'
    : statuses.has('failed')
      ? 'failed'
      : statuses.size === 1 && statuses.has('passed')
        ? 'passed'
        : statuses.has('passed')
          ? 'failed'
          : 'not-started'
  return { lesson, ...total(tests), status, message: broken?.message ?? '', tests, output }
}

export function total(parts: readonly { score: number; max_score: number }[]): { score: number; max_score: number } {
  return {
    score: parts.reduce((sum, part) => sum + part.score, 0),
    max_score: parts.reduce((sum, part) => sum + part.max_score, 0),
  }
}

/** What stands before values, in ten columns. */
const labels = { expected: 'expected  ', received: 'received  ', input: 'input     ' }

/** The cause in plain text, a few lines, without colours. */
export function describeCause(cause: Cause, { expected, received, input } = labels): string {
  switch (cause.kind) {
    case 'wrong':
      return [
        `${expected}${indentMore(cause.expected)}`,
        `${received}${indentMore(cause.received)}`,
        ...cause.given.map((given) => `${input}${indentMore(given)}`),
        ...[cause.difference, cause.why].filter((line) => line !== ''),
      ].join('\n')
    case 'exception':
      return [cause.message, cause.hint, placeText(cause.place)].filter((line) => line !== '').join('\n')
    case 'endless':
    case 'feedback':
      return [cause.message, placeText(cause.place)].filter((line) => line !== '').join('\n')
  }
}

/** Keeps the rows of a printed tensor under each other, behind a label ten characters wide. */
export function indentMore(text: string): string {
  return text.replaceAll('\n', `\n${' '.repeat(10)}`)
}

export function placeText(place: FeedbackPlace | undefined): string {
  if (place?.line === undefined) return ''
  return `at ${place.file}:${place.line}${place.column === undefined ? '' : `:${place.column}`}`
}

function causeOf(error: unknown, subject: string, shown: string): Cause {
  const result = property(error, 'matcherResult')
  if (typeof result === 'object' && result !== null) return wrongAnswer(result)
  const name = property(error, 'name')
  if (name === 'Feedback') {
    const place = property(error, 'place') as FeedbackPlace | undefined
    const scope = property(error, 'scope') === 'lesson' ? 'lesson' : 'test'
    return { kind: 'feedback', message: messageOf(error), place, scope }
  }
  if (name === 'Stopped')
    return { kind: 'endless', message: messageOf(error), place: placeIn(stackOf(error), subject, shown) }
  const diagnostics = property(error, 'diagnosticText')
  if (typeof diagnostics === 'string') return syntaxError(diagnostics, shown)
  const message =
    typeof name === 'string' && name !== ''
      ? plainText(`${name}: ${messageOf(error)}`)
      : `Your code threw ${messageOf(error)}`
  const stack = stackOf(error)
  const place = placeIn(stack, subject, shown)
  const hint = property(error, 'hint')
  return {
    kind: 'exception',
    message,
    hint: typeof hint === 'string' ? plainText(hint) : hintFor(message, stack, place),
    place,
  }
}

function wrongAnswer(result: object): Cause {
  const { expected, actual, difference = '', why = '', given = [] } = result as Record<string, unknown>
  const text = (value: unknown) => plainText(typeof value === 'string' ? value : inspect(value))
  return {
    kind: 'wrong',
    expected: text(expected),
    received: text(actual),
    difference: String(difference),
    why: String(why),
    given: given as string[],
  }
}

/** ts-jest's words for a file that does not parse: `path:14:3 - error TS1005: ';' expected.` */
function syntaxError(diagnostics: string, shown: string): Cause {
  const plain = plainText(diagnostics)
  const match = /\(?(\d+)[:,](\d+)\)?(?: - |: )error (TS\d+): ([^\n]*)/.exec(plain)
  const place = match ? { file: shown, line: Number(match[1]), column: Number(match[2]) } : { file: shown }
  return {
    kind: 'feedback',
    message: `${shown} is not valid TypeScript: ${match?.[4] ?? plain.trim()}`,
    place,
    scope: 'lesson',
  }
}

/** Text that the learner's code made, without what would steer a terminal, and not longer than anyone reads. */
export function plainText(text: string, limit = 10_000): string {
  const plain = stripVTControlCharacters(text.slice(0, 2 * limit)).replace(control, '')
  return plain.length > limit ? `${plain.slice(0, limit)}…` : plain
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

/** What one writes here for a name that Python knows and JavaScript doesn't. */
const fromPython = new Map([
  ['None', 'null'],
  ['True', 'true'],
  ['False', 'false'],
  ['self', 'this'],
  ['len', 'list.length, x.shape[0]'],
  ['print', 'console.log(x)'],
  ['range', 'for (let i = 0; i < n; i++)'],
  ['enumerate', 'x.entries()'],
  ['abs', 'Math.abs(x)'],
  ['max', 'Math.max(a, b)'],
  ['min', 'Math.min(a, b)'],
  ['round', 'Math.round(x)'],
  ['all', 'x.every(…)'],
  ['any', 'x.some(…)'],
  ['set', 'new Set(x)'],
  ['dict', 'new Map()'],
  ['list', '[...x]'],
  ['sorted', '[...x].sort(…)'],
  ['str', 'String(x)'],
  ['math', 'Math'],
])

/** What to say to an exception that comes from JavaScript itself, not from the engine. */
function hintFor(message: string, stack: string, place: FeedbackPlace | undefined): string {
  if (message.includes('Maximum call stack size exceeded')) return 'A function calls itself without end.'
  if (stack === '') return 'Only an Error knows its place: `throw new Error(…)`.'
  if (!place) return 'It was thrown after your function had returned, by the test that used its answer.'
  const unknown = /^ReferenceError: (\w+) is not defined$/.exec(message)?.[1] ?? ''
  if (fromPython.has(unknown)) return `\`${unknown}\` is Python's. Here one writes \`${fromPython.get(unknown)}\`.`
  const wanted = /Cannot read properties of null \(reading '(\w+)'/.exec(message)?.[1]
  if (wanted === 'vjp' || wanted === 'inputs') {
    return 'A node is null here: a leaf has none, and neither has what is not tracked.'
  }
  if (wanted) {
    return 'Something is null here: `x.grad` is, until a backward pass has reached x.'
  }
  // What Python's spelling comes to in JavaScript.
  if (message.includes('Cannot read properties of undefined')) {
    return 'Something is undefined here. Do you come from Python? `list[-1]` is undefined: write `list.at(-1)`. And `for … in` goes through indices: `for (const each of list)` goes through the list.'
  }
  const early = /Cannot access '(\w+)' before initialization/.exec(message)?.[1]
  if (early) {
    return `\`${early}\` is used before its line has come to an end. Does the next line begin with ( or [? JavaScript then reads both lines as one; a semicolon between them parts them.`
  }
  return ''
}

/** The first line of a stack that is in the learner's own file. */
function placeIn(stack: string, subject: string, shown: string): FeedbackPlace | undefined {
  for (const line of stack.replaceAll('\\', '/').split('\n')) {
    const at = line.indexOf(`${subject.replaceAll('\\', '/')}:`)
    const match = at < 0 ? null : /:(\d+):(\d+)\)?$/.exec(line)
    if (match) return { file: shown, line: Number(match[1]), column: Number(match[2]) }
  }
  return undefined
}

function messageOf(error: unknown): string {
  const message = property(error, 'message')
  return plainText(typeof message === 'string' ? message : asText(error))
}

function stackOf(error: unknown): string {
  const stack = property(error, 'stack')
  return typeof stack === 'string' ? stack : ''
}

/** A property of what was thrown: anything at all, from another realm (so `instanceof` says nothing), and reading it may throw in turn. */
function property(error: unknown, name: string): unknown {
  try {
    return (error as Record<string, unknown> | null | undefined)?.[name]
  } catch {
    return undefined
  }
}

function asText(value: unknown): string {
  try {
    return String(value)
  } catch {
    return 'something that cannot be printed'
  }
}

// What a suite works with: openLesson, task, print, sample, errorOf, and the matcher toPrint. Runs inside Jest.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as torch from '../engine'
import { kitRoot, nearest } from './course'
import { capture, type Drawing, takeCaptured } from './drawings'
import { explainDifference } from './feedback/difference'
import { Feedback, type FeedbackPlace } from './feedback/feedback'
import { advise } from './feedback/wrongName'
import { type Without, withhold } from './withhold'

/** A lesson as its suite sees it. `lesson` is typed by the solution. */
export interface OpenLesson<L> {
  torch: typeof torch
  lesson: L
  /** Groups the tests of one task. Its name is the function that the learner fills in, or a method of a class of theirs. */
  task(name: Extract<keyof L | MethodsIn<L[keyof L]>, string>, tests: () => void): void
}

/** The names of the methods, if this is a class. */
type MethodsIn<C> = C extends abstract new (...inputs: never[]) => infer Instance ? keyof Instance : never

/** What to say to a wrong answer: by the text that it prints, or one sentence for any. `otherwise` is for all that is not listed. */
export type Misconceptions = string | (Record<string, string> & { otherwise?: string })

/** How the process that runs Jest tells a suite which file to judge, and is told that the learner's code begins. */
export interface Judge {
  /** The file to judge instead of the learner's exercise: a solution, a stub or a mistake. */
  subject?: string
  loading?(): void
  /** Opens the file in a sandbox instead of loading it, and answers with what it exports: values, and views of what is inside. */
  sandbox?(engine: typeof torch, without: Without, refuse: (message: string) => Error): Record<string, unknown>
  /** Told what each comparison expects, so that a check can see whether the learner's code has any say in it. */
  expected?(text: string): void
  /** Asks for the graph that the learner's function built in the test that has just ended. */
  drawn?(task: string, drawing: Drawing): void
}
declare global {
  var gradusJudge: Judge | undefined
  namespace jest {
    interface Matchers<R> {
      /** Compares what `print` gave with what PyTorch prints, to the character. A wrong answer is answered with `why`. */
      toPrint(expected: string, why?: Misconceptions): R
    }
  }
}

/** The answer that was returned last, so that `print` can name the function that returned nothing. */
let lastAnswer: { name: string; value: unknown } | undefined
/** What `sample` drew in the current test, shown beside a wrong answer. */
let drawn: string[] = []
/** What it has not drawn yet in this test: two samples differ in every place, so that mixing them up is seen. */
let bag: number[] = []
/** What `errorOf` caught last, with its stack: where nothing is known about an error, its place says most. */
let lastError: { text: string; error: unknown } | undefined
/** Why the lesson's file could not be loaded. */
let loadFailure: unknown
beforeEach(() => {
  lastAnswer = undefined
  lastError = undefined
  drawn = []
  bag = []
})
afterEach(() => {
  const captured = takeCaptured()
  if (captured) globalThis.gradusJudge?.drawn?.(captured.task, captured.drawing)
})

/**
 * Opens lesson `stem`: its functions, each answering a missing or misspelt export with one clear sentence. A file that cannot be loaded
 * fails every test of the lesson with the same sentence, so that all of its points are still counted. What the learner is to write, the
 * engine is opened `without`: where their code asks for it, it is told so; the suite has all of the engine.
 */
export function openLesson<L extends object>(
  stem: string,
  { without = [] }: { without?: Without } = {},
): OpenLesson<L> {
  const place: FeedbackPlace = { file: `exercises/${stem}.ts` }
  const isSandboxed = globalThis.gradusJudge?.sandbox !== undefined // there the learner's code has no engine but what is shown to it
  if (without.length > 0 && !isSandboxed) {
    const theirs = withhold(torch, without, place.file)
    jest.doMock('../engine', () => theirs)
  }
  const path = globalThis.gradusJudge?.subject ?? join(kitRoot, 'exercises', `${stem}.ts`)
  const { module, failure } = isSandboxed ? loadInSandbox(without) : load(path, stem, place)
  loadFailure = failure

  const lesson = new Proxy({} as L, {
    get(_, name) {
      if (failure) throw failure
      if (typeof name === 'symbol') return undefined
      const answer = module[name]
      if (typeof answer === 'function') return watched(name, answer as (...inputs: unknown[]) => unknown)
      if (answer !== undefined)
        throw new Feedback(
          `\`${name}\` should be a function, and ${place.file} exports ${describeValue(answer)}.`,
          place,
        )
      throw new Feedback(missing(name, Object.keys(module), place.file), place)
    },
  })
  return { torch, lesson, task: (name, tests) => describe(name, tests) }
}

function load(
  path: string,
  stem: string,
  place: FeedbackPlace,
): { module: Record<string, unknown>; failure?: unknown } {
  const putBack = `\`npm run reset -- ${stem.slice(0, 2)}\` puts the stub back.`
  if (!existsSync(path)) {
    const renamed = otherName(path, stem)
    const advice = renamed ? `Was it renamed to exercises/${renamed}? Then give it its name back.` : putBack
    return { module: {}, failure: new Feedback(`${place.file} is missing. ${advice}`, place, 'lesson') }
  }
  if (readFileSync(path, 'utf8').trim() === '') {
    return { module: {}, failure: new Feedback(`${place.file} is empty. ${putBack}`, place, 'lesson') }
  }
  globalThis.gradusJudge?.loading?.()
  try {
    return { module: require(path) }
  } catch (error) {
    advise(error, torch)
    return { module: {}, failure: error }
  }
}

function loadInSandbox(without: Without): { module: Record<string, unknown>; failure?: unknown } {
  globalThis.gradusJudge?.loading?.()
  try {
    return { module: globalThis.gradusJudge?.sandbox?.(torch, without, (message) => new Feedback(message)) ?? {} }
  } catch (failure) {
    return { module: {}, failure }
  }
}

/** A file beside the missing one that has its number: it was renamed, rather than lost. */
function otherName(path: string, stem: string): string | undefined {
  const folder = dirname(path)
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.find((name) => name.startsWith(stem.slice(0, 2)) && name.endsWith('.ts') && !name.endsWith('.test.ts'))
}

function watched(name: string, answer: (...inputs: unknown[]) => unknown): (...inputs: unknown[]) => unknown {
  return (...inputs) => {
    try {
      const value = globalThis.gradusJudge?.drawn ? capture(name, answer, inputs) : answer(...inputs)
      lastAnswer = { name, value }
      return value
    } catch (error) {
      advise(error, torch)
      throw error
    }
  }
}

function missing(name: string, exported: string[], file: string): string {
  const close = nearest(name, exported)
  if (close === undefined)
    return `${file} exports nothing. The suite calls \`${name}\`: is the word \`export\` still before it?`
  return `${file} exports no \`${name}\`. The nearest name that it exports is \`${close}\`: was it renamed, or is the word \`export\` missing?`
}

/** The text that Python prints for a value: a tensor's repr, `True`, `None`, `(a, b)` for an array. */
export function print(value: unknown): string {
  if (value instanceof torch.Tensor) return String(value)
  if (Array.isArray(value)) return value.length === 1 ? `(${print(value[0])},)` : `(${value.map(print).join(', ')})`
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return printNumber(value)
  if (typeof value === 'string') return value
  const who = lastAnswer && holds(lastAnswer.value, value) ? `\`${lastAnswer.name}\`` : 'Your code'
  throw new Feedback(`${who} returned ${describeValue(value)}.${remedy(value)}`)
}

function printNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  return String(value).replace('Infinity', 'inf')
}

function holds(container: unknown, value: unknown): boolean {
  return container === value || (Array.isArray(container) && container.includes(value))
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing (undefined)'
  if (value instanceof torch.Tensor) return 'a tensor'
  if (isPromise(value)) return 'a promise'
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object') return 'an object'
  return `the ${typeof value} ${String(value)}`
}

function remedy(value: unknown): string {
  if (value === undefined) return ' Is a `return` missing?'
  if (isPromise(value)) return ' Answers are plain values here: take out `async`.'
  if (typeof value === 'function') return ' Was a pair of parentheses forgotten?'
  return ' A tensor, a number, a boolean, null or an array of these was expected.'
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** What `action` throws, as Python's traceback ends: `RuntimeError: …`; `no error` when it throws nothing. */
export function errorOf(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof Feedback || isUnanswered(error) || error === loadFailure) throw error
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    lastError = { text, error }
    return text
  }
  return 'no error'
}

function isUnanswered(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('TODO: ')
}

/**
 * A tensor of fresh random values, different in every run, so that an answer copied from the lesson fails. All are quarters, distinct within a test,
 * between -4 and 4, without 0 and ±1 and ±2 (which hide a missing factor): sums and products of a few of them are exact in float32, and print
 * the same whatever the order of the additions.
 */
export function sample(shape: number[], options: { requires_grad?: boolean } = {}): torch.Tensor {
  const tensor = torch.tensor(nested(pick(shape.reduce((product, size) => product * size, 1)), shape), options)
  drawn.push(String(tensor))
  return tensor
}

type Nested = number | Nested[]

function nested(values: number[], shape: number[]): Nested {
  const [size, ...inner] = shape
  if (size === undefined) return values[0] ?? 0
  const step = values.length / size
  return Array.from({ length: size }, (_, i) => nested(values.slice(i * step, (i + 1) * step), inner))
}

const quarters = Array.from({ length: 33 }, (_, i) => (i - 16) / 4).filter(
  (value) => ![-2, -1, 0, 1, 2].includes(value),
)

function pick(count: number): number[] {
  while (bag.length < count) bag.push(...shuffled(quarters))
  return bag.splice(0, count)
}

function shuffled(values: readonly number[]): number[] {
  return values
    .map((value) => ({ value, key: Math.random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value)
}

/** A whole number from `low` to `high`, both included, different in every run. */
export function sampleInteger(low: number, high: number): number {
  const value = low + Math.floor(Math.random() * (high - low + 1))
  drawn.push(String(value))
  return value
}

expect.extend({
  toPrint(received: unknown, expected: string, why?: Misconceptions) {
    globalThis.gradusJudge?.expected?.(expected)
    const pass = received === expected
    const text = String(received)
    const words = typeof why === 'string' ? why : (why?.[text] ?? why?.otherwise)
    if (expected === 'no error' && text === lastError?.text && !words) throw lastError.error
    const difference = pass ? '' : explainDifference(expected, text)
    const lines = [`expected  ${expected}`, `received  ${text}`, ...[difference, words].filter(Boolean)]
    return {
      pass,
      message: () => lines.join('\n'),
      expected,
      actual: text,
      difference,
      why: words ?? '',
      given: [...drawn],
    }
  },
})

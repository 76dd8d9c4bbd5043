// The engine without what a lesson is about: the learner's code is refused what it should write itself; suites and the engine are not.
import { sep } from 'node:path'
import type * as torch from '../engine'
import { kitRoot } from './course'
import { Feedback, type FeedbackPlace } from './feedback/feedback'

type Engine = typeof torch

/**
 * What of the engine a lesson withholds. A name is refused wherever it stands, behind `torch.`, in a module of it or behind a tensor
 * (`backward`, `grad`, `autograd`); a path only there (`autograd.functional`). `'everything'` is for lessons of plain numbers.
 */
export type Without = readonly string[] | 'everything'

/**
 * The engine as the learner's file is to see it. There is one class of tensors for all, so a method that is withheld asks who calls it:
 * the nearest code outside of the engine is a suite's, or the learner's. Withholding a name that the engine does not have is an error.
 */
export function withhold(engine: Engine, without: Without, file: string): Engine {
  if (without === 'everything')
    return view(
      engine,
      () => true,
      (path) => onNumbers(path),
      file,
    )
  const unseen = new Set(without)
  const isWithheld = (path: string) => {
    const found = [path, path.split('.').at(-1) as string].filter((name) => without.includes(name))
    for (const name of found) unseen.delete(name)
    return found.length > 0
  }
  for (const name of without) if (withholdMethod(engine, name, file)) unseen.delete(name)
  for (const path of pathsIn(engine)) isWithheld(path)
  if (unseen.size > 0)
    throw new Error(`openLesson withholds ${[...unseen].join(', ')}, which the engine does not have.`)
  return view(engine, isWithheld, yourself, file)
}

export const yourself = (name: string) =>
  `This lesson is about writing it yourself: \`${name}\` is not to be used here.`
export const onNumbers = (name: string) =>
  `This lesson is about plain numbers and your own code: nothing of the engine is to be used here, and \`torch.${name}\` is of the engine.`

/** `module` with a refusal in each place that is withheld, however deep it stands. */
function view<T extends object>(
  module: T,
  isWithheld: (path: string) => boolean,
  words: (path: string) => string,
  file: string,
  inside = '',
): T {
  return new Proxy(module, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof name === 'symbol' || name === '__esModule') return value
      const path = inside + name
      if (isWithheld(path)) throw new Feedback(words(path), callerPlace(file) ?? { file })
      return isModule(value) ? view(value, isWithheld, words, file, `${path}.`) : value
    },
  })
}

const withheld = Symbol.for('gradus.withheld')
interface Withheld {
  [withheld]?: (...inputs: unknown[]) => unknown
}

/** Refuses a method of tensors to the learner's code. Answers whether there is such a method. */
function withholdMethod({ Tensor }: Engine, name: string, file: string): boolean {
  const found: unknown = Object.getOwnPropertyDescriptor(Tensor.prototype, name)?.value
  if (typeof found !== 'function') return false
  // Where one engine serves several openings of a lesson, a refusal takes the place of the one before.
  const method = (found as Withheld)[withheld] ?? found
  const value = function (this: unknown, ...inputs: unknown[]): unknown {
    const place = callerPlace(file)
    if (place) throw new Feedback(yourself(name), place)
    return method.apply(this, inputs)
  }
  Object.assign(value, { [withheld]: method })
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true })
  return true
}

function pathsIn(module: object, inside = ''): string[] {
  return Object.entries(module).flatMap(([name, value]) => [
    inside + name,
    ...(isModule(value) ? pathsIn(value, `${inside}${name}.`) : []),
  ])
}

function isModule(value: unknown): value is object {
  return typeof value === 'object' && value !== null && '__esModule' in value
}

/** Where in the learner's file the engine was called; undefined if the nearest code outside of the engine is the kit's own. */
function callerPlace(file: string): FeedbackPlace | undefined {
  if (isKits(callerFile())) return undefined
  for (const line of withStack(() => String(new Error().stack)).split('\n')) {
    const at = /:(\d+):(\d+)\)?$/.exec(line)
    if (at && isOutside(line)) return { file, line: Number(at[1]), column: Number(at[2]) }
  }
  return { file }
}

/** The file of the nearest code outside of the engine, without the line: to find that in the source costs a hundred times as much. */
function callerFile(): string | undefined {
  const { prepareStackTrace } = Error
  Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFileName() ?? '')
  const files = withStack(() => new Error().stack as unknown as string[])
  Error.prepareStackTrace = prepareStackTrace
  return files.find((path) => path !== '' && isOutside(path))
}

function withStack<T>(read: () => T): T {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 100
  const stack = read()
  Error.stackTraceLimit = stackTraceLimit
  return stack
}

function isOutside(place: string): boolean {
  return !place.includes(__filename) && !place.includes('node:') && !place.includes(engineFolder)
}

function isKits(path: string | undefined): boolean {
  return path === undefined || path.includes(scriptsFolder) || path.endsWith('.test.ts')
}

const [engineFolder, scriptsFolder] = [`${kitRoot}${sep}engine${sep}`, `${kitRoot}${sep}scripts${sep}`]

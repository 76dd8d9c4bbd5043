// The grader's end of the wire. The suite's functions and tensors stay here; the guest gets numbers for them, and may ask for what the engine
// offers. Whatever the guest sends is plain data: no object of it is ever touched by the grader, only asked about.
import type * as torch from '../../../engine'
import type { Without } from '../../withhold'
import { Layers } from './layers'
import { LongList } from './longList'
import { type ClassDescription, Surface } from './surface'
import { View } from './view'
import {
  type Kind,
  lengthLimit,
  messageLimit,
  numberOf,
  type Reply,
  textLimit,
  type Wire,
  type WireError,
} from './wire'

/** The JavaScript realm in which the suite runs: what it is handed must be made there. */
export interface Realm {
  Error: ErrorConstructor
  Array: ArrayConstructor
  Object: ObjectConstructor
  Promise: PromiseConstructor
}

export interface Outside {
  engine: typeof torch
  without: Without
  realm: Realm
  /** A sentence for the learner that no test may swallow. */
  refuse(message: string): Error
  print(text: string): void
  /** Rings the guest in so many milliseconds: a timer of its own is due then. */
  wake(ms: number): void
  /** What is thrown when the guest has used up its memory. */
  outOfMemory(guestStack: string): Error
  /** Loads into the guest what shows values in its console. */
  loadInspector(): void
  /** A stack of the guest as text, with the places in the learner's own file. */
  stack(heading: string, guestStack: string): string
  /** Called after a function of the guest has returned to the suite, with what it was given. */
  afterCall?(inputs: unknown[]): void
  /** What to say to someone who uses what the lesson withholds. */
  withheldWords(path: string): string
}

/** Sends a message into the guest. */
export type Send = (message: string) => string

type AnyFunction = (...inputs: unknown[]) => unknown

const depthLimit = 100
/** The largest tensor that a guest may make: its memory is the grader's. */
const elementLimit = 4_000_000

export class Membrane {
  private readonly surface: Surface
  private readonly layers: Layers
  /** Objects that the guest knows, by number; and the numbers, by object. A membrane lives for one lesson: it keeps them all. */
  private readonly objects = new Map<number, object>()
  private readonly ids = new Map<object, number>()
  private readonly errors: unknown[] = []
  /** What stands here for objects of the guest, by the guest's numbers; and the numbers. */
  private readonly views = new Map<number, object>()
  private readonly guestIds = new Map<object, number>()
  private readonly blank: object
  /** Guards that the guest has not put back: hooks and switches of the whole engine, which must not outlast a call. */
  private left: { restore(): void }[] = []

  constructor(
    private readonly outside: Outside,
    private readonly send: Send,
  ) {
    this.surface = new Surface(isWithheld(outside.without))
    this.layers = new Layers(outside.engine.nn)
    this.blank = new outside.realm.Object()
  }

  /** What the engine exports, as the guest is told. */
  get engineEntries(): string {
    return JSON.stringify(this.surface.entries(this.outside.engine, (value) => this.encode(value)))
  }

  /** Asks the guest; its error is thrown here. */
  ask(...message: unknown[]): unknown {
    return this.answerOf(this.send(JSON.stringify(message)))
  }

  answerOf(text: string): unknown {
    if (text.length > messageLimit) throw this.tooLong()
    const [failed, answer] = JSON.parse(text) as Reply
    if (failed) throw this.decodeError(answer as WireError)
    return this.decode(answer as Wire)
  }

  private tooLong(): Error {
    return new this.outside.realm.Error('The answer is too long to be looked at.')
  }

  /** Puts back what the guest has switched and left: all but whether operations are recorded, which lessons are about. */
  restore(): void {
    for (const guard of this.left.splice(0).reverse()) guard.restore()
  }

  /** Answers a question of the guest. */
  hear(text: string): string {
    try {
      if (text.length > messageLimit) throw new RangeError('That is too much at once.')
      const [what, ...rest] = JSON.parse(text) as [string, ...unknown[]]
      return JSON.stringify([0, this.encode(this.answer(what, rest))])
    } catch (error) {
      return JSON.stringify([1, this.encodeError(error)])
    }
  }

  private answer(what: string, [first, second, third, fourth]: unknown[]): unknown {
    switch (what) {
      case 'call':
        return this.call(String(first), this.decodeAll(second))
      case 'method':
        return this.method(this.instance(first), String(second), this.decodeAll(third))
      case 'get':
        return this.surface.get(this.instance(first), String(second))
      case 'set':
        return this.surface.set(this.instance(first), String(second), this.decode(third as Wire))
      case 'new':
        return this.construct(String(first), this.decodeAll(second))
      case 'apply':
        return this.apply(this.object(first) as AnyFunction, this.decodeAll(second))
      case 'custom':
        return this.custom(String(first), this.decodeAll(second), this.decodeAll(third))
      case 'class':
        return this.surface.describe(String(first)) satisfies ClassDescription
      case 'iterate':
        return [...(this.object(first) as Iterable<unknown>)]
      case 'primitive':
        return (this.object(first) as { [Symbol.toPrimitive]?(wanted: unknown): unknown })[Symbol.toPrimitive]?.(second)
      case 'withheld':
        throw this.outside.refuse(this.outside.withheldWords(String(first)))
      case 'math':
        return this.math(String(first), this.decodeAll(second))
      case 'inspector':
        return this.outside.loadInspector()
      case 'derive':
        return this.derive(String(first), String(second), this.decodeAll(third), this.decodeAll(fourth))
      case 'part':
        return this.layers.setPart(this.object(first), String(second), this.decode(third as Wire))
      case 'wake':
        return this.outside.wake(Number(first))
      case 'print':
        return this.outside.print(String(first))
      default:
        throw new TypeError(`a guest asked for ${what}`)
    }
  }

  private call(path: string, inputs: unknown[]): unknown {
    refuseTooLarge(path, inputs)
    const result = this.checked(this.surface.functionAt(path)(...inputs))
    if (isGuard(result) && !recordingSwitches.has(path)) this.left.push(result)
    return result
  }

  private method(object: object, name: string, inputs: unknown[]): unknown {
    const { without } = this.outside
    if (without === 'everything' || without.includes(name)) {
      if (object instanceof this.outside.engine.Tensor) throw this.outside.refuse(this.outside.withheldWords(name))
    }
    if (name === 'restore') this.left = this.left.filter((guard) => guard !== object)
    if (object instanceof this.outside.engine.Tensor) refuseTooLarge(name, inputs)
    return this.checked(this.surface.method(this.layers.methodsOf(object), name).apply(object, inputs))
  }

  /** The number of the new object, and the fields of it that may be read. */
  private construct(path: string, inputs: unknown[]): [number, string[]] {
    const object = new (this.surface.constructorAt(path))(...inputs)
    return [this.idOf(object), this.surface.fieldsOf(object)]
  }

  /** As `construct`, for a class that the learner derived. */
  private derive(path: string, name: string, [forward, extra_repr]: unknown[], inputs: unknown[]): [number, string[]] {
    const object = this.layers.derive(this.surface.constructorAt(path), name, { forward, extra_repr }, inputs)
    return [this.idOf(object), this.surface.fieldsOf(object)]
  }

  /** A function of the suite, or one that the engine gave out. */
  private apply(call: AnyFunction, inputs: unknown[]): unknown {
    if (typeof call !== 'function') throw new TypeError('a guest called what is no function')
    return call(...inputs)
  }

  /** torch.autograd.Function.apply on a class of the learner's. */
  private custom(name: string, [forward, backward, setup]: unknown[], inputs: unknown[]): unknown {
    const parts = { forward, backward, setup_context: setup }
    const Definition = class extends this.outside.engine.autograd.Function {}
    Object.defineProperty(Definition, 'name', { value: name.replace(/\W/g, '') })
    for (const [part, value] of Object.entries(parts)) {
      if (typeof value === 'function') Object.defineProperty(Definition, part, { value })
    }
    return (Definition as unknown as { apply(...given: unknown[]): unknown }).apply(...inputs)
  }

  /** Math also has what every object has, such as the means to redefine its members. */
  private math(name: string, inputs: unknown[]): unknown {
    if (!roundedDifferently.has(name)) throw new TypeError(`a guest asked for Math.${name}`)
    return (Math[name as 'exp'] as AnyFunction)(...inputs)
  }

  private checked(result: unknown): unknown {
    if (result instanceof this.outside.engine.Tensor && result.numel() > elementLimit) throw tooLarge(result.numel())
    return result
  }

  // -- Values

  encode(value: unknown, depth = 0): Wire {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : ['n', Object.is(value, -0) ? '-0' : String(value)]
      case 'undefined':
        return ['u']
      case 'bigint':
        return ['i', String(value)]
      case 'symbol':
        return ['y', String(value)]
    }
    if (value === null) return null
    const object = value as object
    const guestId = this.guestIds.get(object)
    if (guestId !== undefined) return ['g', guestId]
    if (typeof value === 'function') return ['H', this.idOf(object)]
    if (depth > depthLimit) throw new RangeError('A list is nested too deeply.')
    if (Array.isArray(value)) return ['a', Array.from(value, (entry) => this.encode(entry, depth + 1))]
    if (ArrayBuffer.isView(value)) return this.encode([...(value as unknown as Iterable<unknown>)], depth)
    const prototype = Object.getPrototypeOf(value) as object | null
    if (prototype === null || Object.getPrototypeOf(prototype) === null) {
      return ['o', Object.entries(object).map(([name, entry]): [string, Wire] => [name, this.encode(entry, depth + 1)])]
    }
    return ['h', this.idOf(object), this.surface.classOf(object)]
  }

  decode(wire: Wire): unknown {
    if (typeof wire !== 'object' || wire === null) return wire
    const { realm } = this.outside
    switch (wire[0]) {
      case 'n':
        return numberOf(wire[1])
      case 'u':
        return undefined
      case 'i':
        return BigInt(wire[1])
      case 'y':
        return String(wire[1])
      case 'a':
        return this.decodeList(wire[1])
      case 'o':
        return realm.Object.fromEntries(wire[1].map(([name, entry]) => [String(name), this.decodeEntry(entry)]))
      case 'l':
        return this.longList(wire[1], wire[2])
      case 'h':
        return this.object(wire[1])
      case 'g':
        return this.view(wire[1], wire[2], wire[3])
      default:
        throw new TypeError('a guest sent what cannot be read')
    }
  }

  private decodeList(wires: Wire[]): unknown[] {
    const list = new this.outside.realm.Array<unknown>()
    for (const wire of wires) list.push(this.decodeEntry(wire))
    return list
  }

  /** Long lists stand alone, so that what a guest tells of one at last is bounded. */
  private decodeEntry(wire: Wire): unknown {
    if (Array.isArray(wire) && wire[0] === 'l') throw new TypeError('a guest sent what cannot be read')
    return this.decode(wire)
  }

  /** An array whose entries are asked for when they are first looked at. */
  private longList(id: number, length: number): unknown[] {
    if (!Number.isInteger(length) || length < 0 || length > lengthLimit)
      throw new TypeError('a guest sent what cannot be read')
    let told = 0
    const part = (from: number, to: number) => {
      const text = this.send(JSON.stringify(['part', id, from, to]))
      told += text.length
      if (told > messageLimit) throw this.tooLong()
      return this.answerOf(text)
    }
    return new Proxy(new this.outside.realm.Array<unknown>(length), new LongList(part, length))
  }

  private decodeAll(wires: unknown): unknown[] {
    return (wires as Wire[]).map((wire) => this.decode(wire))
  }

  private idOf(object: object): number {
    const known = this.ids.get(object)
    if (known !== undefined) return known
    const id = this.ids.size
    this.ids.set(object, id)
    this.objects.set(id, object)
    return id
  }

  private object(id: unknown): object {
    const object = this.objects.get(id as number)
    if (!object) throw new TypeError('this is no object of the engine')
    return object
  }

  /** What has members that a guest may use. A function can be called and nothing else: its text is that of a suite. */
  private instance(id: unknown): object {
    const object = this.object(id)
    if (typeof object === 'function') throw new TypeError('a guest asked for a member of a function')
    return object
  }

  // -- Objects of the guest

  private view(id: number, kind?: Kind, name?: string): object {
    const known = this.views.get(id)
    if (known) return known
    // The guest tells it once; an answer that was cut short may have been that one.
    const [looks, called] = kind === undefined ? (this.ask('look', id) as [Kind, string]) : [kind, name]
    const made = this.newView(id, looks, String(called ?? ''))
    this.views.set(id, made)
    this.guestIds.set(made, id)
    return made
  }

  private newView(id: number, kind: Kind, name: string): object {
    const { realm } = this.outside
    if (kind === 'function') {
      const membrane = this
      const call = function (this: unknown, ...inputs: unknown[]): unknown {
        const self =
          typeof this === 'object' && this !== null && membrane.guestIds.has(this) ? membrane.encode(this) : ['u']
        const wires = inputs.map((input) => membrane.encode(input))
        const answer = membrane.ask('call', id, self, wires)
        membrane.outside.afterCall?.(inputs)
        return answer
      }
      Object.defineProperty(call, 'name', { value: name })
      return call
    }
    if (kind === 'promise') {
      const promise = new realm.Promise((done, failed) => {
        const reject = (text: unknown) => failed(this.decodeError(JSON.parse(String(text)) as WireError))
        this.ask(
          'settle',
          id,
          this.encode((value: unknown) => done(value)),
          this.encode(reject),
        )
      })
      promise.catch(() => {}) // a rejection that nobody waits for would end the process
      return promise
    }
    return new Proxy(this.blank, new View(this, id, kind))
  }

  // -- Errors

  private encodeError(error: unknown): ['e', number, string, string, string, boolean] {
    const id = this.errors.push(error) - 1
    const { name, message, hint } = (error ?? {}) as { name?: unknown; message?: unknown; hint?: unknown }
    const ofEngine = error instanceof this.outside.engine.TorchError
    const text = message === undefined ? String(error) : String(message)
    return ['e', id, String(name ?? 'Error'), text, typeof hint === 'string' ? hint : '', ofEngine]
  }

  private decodeError(wire: WireError): unknown {
    const { realm, stack } = this.outside
    if (wire[0] === 'v') return this.decode(wire[1])
    if (wire[0] === 'E') {
      const error = this.errors[wire[1]]
      const place = stack(`${(error as Error)?.name}: ${(error as Error)?.message}`, String(wire[2]))
      if (error instanceof this.outside.engine.TorchError || isRefusal(error)) error.stack = place
      return error
    }
    const [, name, message, guestStack, hint] = wire
    if (name === 'InternalError' && /out of memory|too long/.test(String(message)))
      return this.outside.outOfMemory(String(guestStack))
    const error: Error & { hint?: string } = new realm.Error(inWordsOfNode(String(message).slice(0, textLimit)))
    // The names of the grader's own errors are not for the guest to use.
    const claimed = ['Error', 'Stopped', 'Feedback'].includes(String(name)) ? 'Error' : String(name).slice(0, 200)
    if (claimed !== 'Error') Object.defineProperty(error, 'name', { value: claimed, configurable: true })
    error.stack = stack(`${error.name}: ${error.message}`, String(guestStack))
    if (hint) error.hint = String(hint)
    return error
  }
}

/** A refusal has no place of its own yet: it is where the guest was. */
function isRefusal(error: unknown): error is Error {
  return (
    error instanceof Object &&
    (error as Error).name === 'Feedback' &&
    (error as { place?: unknown }).place === undefined
  )
}

/** Functions of Math that QuickJS rounds differently from Node. */
export const roundedDifferently = new Set([
  'exp',
  'log',
  'sin',
  'cos',
  'tan',
  'tanh',
  'sinh',
  'cosh',
  'log10',
  'log2',
  'log1p',
  'expm1',
  'pow',
  'cbrt',
  'hypot',
  'asin',
  'acos',
  'atan',
  'atan2',
  'asinh',
  'acosh',
  'atanh',
])

/** These stay as the learner left them: lessons look at how recording stands. */
const recordingSwitches = new Set(['no_grad', 'enable_grad', 'set_grad_enabled'])

function isGuard(value: unknown): value is { restore(): void } {
  return typeof value === 'object' && value !== null && 'restore' in value && typeof value.restore === 'function'
}

function isWithheld(without: Without): (path: string) => boolean {
  if (without === 'everything') return () => true
  return (path) => without.includes(path) || without.includes(path.split('.').at(-1) as string)
}

function tooLarge(elements: number): Error {
  return new RangeError(`A tensor of ${elements} elements is too large for the grader: ${elementLimit} is the most.`)
}

/** What makes a tensor of the size that it is told. */
const sized = new Set([
  'zeros',
  'ones',
  'full',
  'empty',
  'rand',
  'randn',
  'randint',
  'eye',
  'arange',
  'linspace',
  'randperm',
  'expand',
  'repeat',
  'tile',
  'broadcast_to',
  'new_zeros',
  'new_ones',
  'new_full',
  'new_empty',
])

/** Sizes are refused before anything is allocated. */
function refuseTooLarge(name: string, inputs: unknown[]): void {
  if (!sized.has(name)) return
  const elements = inputs
    .flat()
    .reduce((all: number, size) => (typeof size === 'number' && size > 1 ? all * size : all), 1)
  if (elements > elementLimit) throw tooLarge(elements)
}

/** QuickJS's words for common errors, as Node says them: the feedback speaks of these. */
function inWordsOfNode(message: string): string {
  return message
    .replace(/^cannot read property '(.*)' of (null|undefined)$/, "Cannot read properties of $2 (reading '$1')")
    .replace(/^cannot set property '(.*)' of (null|undefined)$/, "Cannot set properties of $2 (setting '$1')")
    .replace(/^'(.*)' is read-only$/, 'Assignment to constant variable.')
    .replace(/^not a function$/, 'What is called here is not a function')
}

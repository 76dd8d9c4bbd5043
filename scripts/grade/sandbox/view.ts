// What stands outside for an object of the guest: each question about it is asked in the guest, but for those that JavaScript or Jest asks by itself.
import type { Kind, Wire } from './wire'

/** The grader's end of the wire, as far as a view needs it. */
interface Asker {
  ask(...message: unknown[]): unknown
  encode(value: unknown): Wire
}

/** Nothing that JavaScript or Jest asks an object for by itself may be answered by the learner. */
const denied = new Set([
  'then',
  'toJSON',
  'constructor',
  '__proto__',
  'asymmetricMatch',
  '$$typeof',
  'nodeType',
  'valueOf',
])

/** The traps of a proxy. A chain of records has thousands of objects, so that what they share is made once, by the class. */
export class View implements ProxyHandler<object> {
  constructor(
    private readonly asker: Asker,
    private readonly id: number,
    private readonly kind: Kind,
  ) {}

  get(_: object, key: string | symbol): unknown {
    if (key === Symbol.iterator && this.kind === 'iterable') return () => this.list()[Symbol.iterator]()
    return isAsked(key) ? this.asker.ask('get', this.id, key) : undefined
  }

  set(_: object, key: string | symbol, value: unknown): boolean {
    if (!isAsked(key)) return false
    this.asker.ask('set', this.id, key, this.asker.encode(value))
    return true
  }

  has(_: object, key: string | symbol): boolean {
    return isAsked(key) && this.asker.ask('has', this.id, key) === true
  }

  ownKeys(): string[] {
    const keys = this.asker.ask('keys', this.id)
    return Array.isArray(keys) ? [...new Set(keys.map(String))].filter(isAsked) : []
  }

  getOwnPropertyDescriptor(_: object, key: string | symbol): PropertyDescriptor | undefined {
    return typeof key === 'string' && this.ownKeys().includes(key)
      ? { value: this.asker.ask('get', this.id, key), enumerable: true, configurable: true, writable: true }
      : undefined
  }

  defineProperty(): boolean {
    return false
  }

  deleteProperty(): boolean {
    return false
  }

  setPrototypeOf(): boolean {
    return false
  }

  preventExtensions(): boolean {
    return false
  }

  private list(): unknown[] {
    return this.asker.ask('list', this.id) as unknown[]
  }
}

function isAsked(key: string | symbol): key is string {
  return typeof key === 'string' && !denied.has(key)
}

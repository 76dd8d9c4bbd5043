// Each suite brings its own copy of Jest's parts, and one of them keeps an AsyncLocalStorage, which Node consults at every promise from then on.
// In a process that runs many suites those of the past are switched off, or each run would be slower than the one before.
import asyncHooks from 'node:async_hooks'

const created = new Set<asyncHooks.AsyncLocalStorage<unknown>>()

class Noted<T> extends asyncHooks.AsyncLocalStorage<T> {
  constructor(...options: ConstructorParameters<typeof asyncHooks.AsyncLocalStorage<T>>) {
    super(...options)
    created.add(this as asyncHooks.AsyncLocalStorage<unknown>)
  }
}

export function noteStorages(): void {
  // Node 24 has a getter there.
  Object.defineProperty(asyncHooks, 'AsyncLocalStorage', { value: Noted, configurable: true, writable: true })
}

/** Those made since the last call. */
export function switchOffStorages(): void {
  for (const storage of created) storage.disable()
  created.clear()
}

// What a program expects to find around it and QuickJS does not bring: the console, timers, structuredClone, and a Math that rounds as Node's does.

/**
 * Puts it on the guest's global object, and answers with what runs the next timer.
 * @param {(...message: unknown[]) => unknown} ask asks the host
 * @param {(values: unknown[]) => unknown[]} encodeAll
 * @param {string[]} rounded names in Math of what differs in the last digit
 */
// biome-ignore lint/correctness/noUnusedVariables: the guest calls it
function surround(ask, encodeAll, rounded) {
  // -- Math: exp, pow and their like differ in the last digit.

  for (const name of rounded) {
    const original = Object.getOwnPropertyDescriptor(Math, name)
    const value = (...inputs) => {
      if (inputs.some((input) => typeof input === 'bigint')) return inputs[0] ** inputs[1]
      return ask('math', name, encodeAll(inputs.map(Number)))
    }
    Object.defineProperty(Math, name, { ...original, value })
  }

  // -- The console

  let inspect
  const print = (...values) => {
    if (!inspect) {
      ask('inspector')
      inspect = globalThis.gradusInspect
      delete globalThis.gradusInspect
    }
    ask('print', values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '))
  }
  const printing = ['log', 'info', 'debug', 'warn', 'error', 'trace', 'dir', 'table', 'group', 'groupCollapsed']
  const silent = ['groupEnd', 'time', 'timeLog', 'timeEnd', 'count', 'countReset', 'clear']
  globalThis.console = {
    ...Object.fromEntries(printing.map((name) => [name, print])),
    ...Object.fromEntries(silent.map((name) => [name, () => {}])),
    assert: (condition, ...values) => condition || print('Assertion failed', ...values),
  }
  globalThis.global = globalThis

  // -- Timers: they wait here, and the host has one alarm for them all.

  const timers = new Map()
  let last = 0
  const next = () => [...timers.values()].reduce((first, each) => (each.due < first.due ? each : first))
  let alarm = Infinity
  function setAlarm(due) {
    alarm = due
    ask('wake', due - Date.now())
  }

  function start(run, ms, inputs, repeats) {
    if (typeof run !== 'function') throw new TypeError('The "callback" argument must be of type function.')
    const id = ++last
    const due = Date.now() + ms
    timers.set(id, { id, ms, due, repeats, run: () => run(...inputs) })
    if (due < alarm) setAlarm(due)
    const timer = { ref: () => timer, unref: () => timer, hasRef: () => true, [Symbol.toPrimitive]: () => id }
    return timer
  }
  const stop = (timer) => {
    if (timer !== undefined && timer !== null) timers.delete(Number(timer))
  }
  /** As Node has it: at least a millisecond, and no more than 32 bits can say. */
  const delay = (ms) => (ms >= 1 && ms < 2 ** 31 ? Math.trunc(ms) : 1)
  globalThis.setTimeout = (run, ms, ...inputs) => start(run, delay(ms), inputs, false)
  globalThis.setInterval = (run, ms, ...inputs) => start(run, delay(ms), inputs, true)
  globalThis.setImmediate = (run, ...inputs) => start(run, 0, inputs, false)
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate']) globalThis[name] = stop

  /** Runs the timer that is due, and no other, so that promises settle between two of them. */
  function ring() {
    alarm = Infinity
    if (timers.size === 0) return
    const timer = next()
    try {
      if (timer.due > Date.now()) return
      if (timer.repeats) timer.due = Date.now() + timer.ms
      else timers.delete(timer.id)
      timer.run()
    } finally {
      if (timers.size > 0) setAlarm(next().due)
    }
  }

  // -- structuredClone

  globalThis.structuredClone = (value) => clone(value, new Map())

  function clone(value, known) {
    if (typeof value === 'function' || typeof value === 'symbol')
      throw new DOMException(`${String(value)} could not be cloned.`, 'DataCloneError')
    if (typeof value !== 'object' || value === null) return value
    if (known.has(value)) return known.get(value)
    const keep = (copy) => {
      known.set(value, copy)
      return copy
    }
    if (value instanceof Date) return keep(new Date(value))
    if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags))
    if (value instanceof ArrayBuffer) return keep(value.slice(0))
    if (ArrayBuffer.isView(value)) {
      const buffer = clone(value.buffer, known)
      return keep(new value.constructor(buffer, value.byteOffset, value.length ?? value.byteLength))
    }
    if (value instanceof Map) {
      const copy = keep(new Map())
      for (const [key, entry] of value) copy.set(clone(key, known), clone(entry, known))
      return copy
    }
    if (value instanceof Set) {
      const copy = keep(new Set())
      for (const entry of value) copy.add(clone(entry, known))
      return copy
    }
    if (value instanceof Error) {
      const Kind =
        [TypeError, RangeError, SyntaxError, ReferenceError].find((each) => each.name === value.name) ?? Error
      return keep(Object.assign(new Kind(value.message), { stack: value.stack }))
    }
    const copy = keep(Array.isArray(value) ? new Array(value.length) : {})
    for (const [key, entry] of Object.entries(value)) copy[key] = clone(entry, known)
    return copy
  }

  return ring
}

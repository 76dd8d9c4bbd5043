// What runs inside QuickJS before the learner's file: the engine's names as stand-ins, the console, and both ends of the wire. Nothing here is
// trusted: all that it can do is send text, and the membrane outside believes nothing but the shape of it.

/**
 * Starts the guest. `host` takes a message as text and answers with text; what is returned does the same the other way, and loads the
 * learner's file.
 * @param {(message: string) => string} host
 * @param {string} rounded what of Math is the host's to compute
 */
// biome-ignore lint/correctness/noUnusedVariables: the membrane calls it
function startGuest(host, rounded) {
  Symbol.dispose ??= Symbol('Symbol.dispose')
  Symbol.asyncDispose ??= Symbol('Symbol.asyncDispose')

  // -- Values on the wire: JSON, with a tagged list for whatever JSON lacks.

  const depthLimit = 60
  const lengthLimit = 200_000
  const longList = 1000

  /** Objects of the guest that the host may speak of, by number. */
  const shared = []
  /** Stand-ins for objects of the host, by number. */
  const standIns = new Map()
  /** How an object of either end that the other one knows goes on the wire. */
  const known = new WeakMap()
  /** Errors that came from the host, to be handed back as they were. */
  const hostErrors = new WeakMap()

  /** What an object looks like, which the host is told with its number, the first time. */
  const look = (object) => [kindOf(object), typeof object === 'function' ? String(object.name) : '']

  function share(object) {
    const id = shared.push(object) - 1
    known.set(object, ['g', id])
    const [kind, name] = look(object)
    return name === '' ? ['g', id, kind] : ['g', id, kind, name]
  }

  /** A list of thousands of objects, of which the host asks for those parts that it looks at; as it is now, whatever becomes of it. */
  function shareList(list, length) {
    const copy = []
    for (let i = 0; i < length; i++) copy.push(list[i])
    return ['l', shared.push(copy) - 1, length]
  }

  const isPlain = (object) => {
    const prototype = Object.getPrototypeOf(object)
    return prototype === Object.prototype || prototype === null
  }

  function kindOf(object) {
    if (typeof object === 'function') return 'function'
    if (object instanceof Promise) return 'promise'
    if (object instanceof Error) return 'error'
    return typeof object[Symbol.iterator] === 'function' ? 'iterable' : 'object'
  }

  /** `copied`: plain objects go by value, as options of the engine do; else the host sees them as they are, and as they change. */
  function encode(value, copied = false, depth = 0) {
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
    if (depth > depthLimit) throw new RangeError('A list is nested too deeply.')
    if (Array.isArray(value)) {
      const { length } = value
      if (length > lengthLimit) throw new RangeError(`A list of ${length} entries is too long.`)
      if (!copied && depth === 0 && length > longList && typeof value[0] === 'object') return shareList(value, length)
      const entries = []
      for (let i = 0; i < length; i++) entries.push(encode(value[i], copied, depth + 1))
      return ['a', entries]
    }
    if (copied && typeof value === 'object' && isPlain(value)) {
      return ['o', Object.entries(value).map(([name, entry]) => [name, encode(entry, copied, depth + 1)])]
    }
    const wire = known.get(value)
    if (wire !== undefined) return wire
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return encode(Array.from(value), copied, depth)
    return share(value)
  }

  const encodeAll = (values, copied = false) => values.map((value) => encode(value, copied))

  function decode(wire) {
    if (typeof wire !== 'object' || wire === null) return wire
    switch (wire[0]) {
      case 'n':
        return Number(wire[1])
      case 'u':
        return undefined
      case 'i':
        return BigInt(wire[1])
      case 'a':
        return wire[1].map(decode)
      case 'o':
        return Object.fromEntries(wire[1].map(([name, entry]) => [name, decode(entry)]))
      case 'g':
        return shared[wire[1]]
      case 'h':
        return standIn(wire[1], wire[2])
      case 'H':
        return hostFunction(wire[1])
    }
  }

  function remember(object, id) {
    known.set(object, ['h', id])
    standIns.set(id, object)
    return object
  }

  /** The number of what a stand-in stands for; one that nobody has, if it is none. */
  function idOf(object) {
    const wire = known.get(object)
    return wire?.[0] === 'h' ? wire[1] : -1
  }

  function standIn(id, className) {
    return standIns.get(id) ?? remember(Object.create(classNamed(className).prototype), id)
  }

  function hostFunction(id) {
    return standIns.get(id) ?? remember((...inputs) => ask('apply', id, encodeAll(inputs)), id)
  }

  function encodeError(error) {
    try {
      if (typeof error !== 'object' || error === null) return ['v', encode(error)]
      if (hostErrors.has(error)) return ['E', hostErrors.get(error), String(error.stack)]
      if (!(error instanceof Error)) return ['v', String(error)]
      const hint = typeof error.hint === 'string' ? error.hint : ''
      return ['e', String(error.name), String(error.message), String(error.stack), hint]
    } catch {
      return ['v', 'something that cannot be read']
    }
  }

  const plainErrors = { TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError }

  function decodeError([, id, name, message, hint, ofEngine]) {
    const Kind = (ofEngine && errorParents.has(name) ? errorClass(name) : plainErrors[name]) ?? Error
    const error = new Kind(message)
    if (error.name !== name) error.name = name
    if (hint) error.hint = hint
    hostErrors.set(error, id)
    return error
  }

  /** Asks the host for something: the answer, or its error thrown here. */
  function ask(...message) {
    const [failed, answer] = JSON.parse(host(JSON.stringify(message)))
    if (failed) throw decodeError(answer)
    return decode(answer)
  }

  // -- The engine: its functions and classes, as stand-ins that ask the host.

  const classes = new Map()
  const errorParents = new Map()
  const errorClasses = {}

  function classNamed(name) {
    const known = classes.get(name)
    if (known) return known
    const { parent, path, methods, getters, setters, isIterable } = ask('class', name)
    const Parent = parent ? classNamed(parent) : Object
    const Kind = {
      [name]: class {
        constructor(...inputs) {
          if (!path) throw new TypeError(`${name} cannot be made by new.`)
          const isDerived = new.target !== Kind
          const [id, fields] = isDerived
            ? ask('derive', path, String(new.target.name), encodeAll(ownParts), encodeAll(inputs, true))
            : ask('new', path, encodeAll(inputs, true))
          for (const field of fields) if (!(field in Kind.prototype)) defineGetter(field)
          // biome-ignore lint/correctness/noConstructorReturn: what the learner's constructor goes on with
          if (isDerived) return remember(mirrored(this, id), id)
          remember(this, id)
        }
      },
    }[name]
    if (Parent !== Object) Object.setPrototypeOf(Kind.prototype, Parent.prototype)
    const define = (key, descriptor) =>
      Object.defineProperty(Kind.prototype, key, { configurable: true, ...descriptor })
    for (const method of methods) {
      define(method, {
        writable: true,
        value(...inputs) {
          return ask('method', idOf(this), method, encodeAll(inputs, true))
        },
      })
    }
    const defineGetter = (getter) => {
      define(getter, {
        get() {
          return ask('get', idOf(this), getter)
        },
        set: setters.includes(getter)
          ? function (value) {
              ask('set', idOf(this), getter, encode(value, true))
            }
          : undefined,
      })
    }
    for (const getter of getters) defineGetter(getter)
    if (methods.includes('restore')) define(Symbol.dispose, { value: Kind.prototype.restore })
    if (methods.includes('toString')) {
      define(Symbol.for('nodejs.util.inspect.custom'), { value: Kind.prototype.toString })
      define(Symbol.toPrimitive, {
        value(wanted) {
          return wanted === 'string' ? this.toString() : ask('primitive', idOf(this), wanted)
        },
      })
    }
    if (isIterable) {
      define(Symbol.iterator, {
        value() {
          return ask('iterate', idOf(this))[Symbol.iterator]()
        },
      })
    }
    classes.set(name, Kind)
    return Kind
  }

  /** What the engine asks a learner's layer for, as functions of it. */
  const ownParts = ['forward', 'extra_repr'].map(
    (name) =>
      (layer, ...inputs) =>
        layer[name](...inputs),
  )

  /** A learner's layer: the parameters and layers that become its properties are the engine's to know, too. */
  function mirrored(layer, id) {
    return new Proxy(layer, {
      defineProperty(_, name, descriptor) {
        if (typeof name === 'string' && 'value' in descriptor)
          ask('part', id, name, idOf(descriptor.value) >= 0 ? encode(descriptor.value) : ['u'])
        return Reflect.defineProperty(layer, name, descriptor)
      },
      deleteProperty(_, name) {
        if (typeof name === 'string') ask('part', id, name, null)
        return Reflect.deleteProperty(layer, name)
      },
    })
  }

  /** A mode for as long as a body runs is a matter of the guest: the host only turns it on and puts it back. */
  const modes = ['no_grad', 'enable_grad', 'set_grad_enabled', 'inference_mode']

  function engineFunction(path) {
    const plain = (...inputs) => ask('call', path, encodeAll(inputs, true))
    if (!modes.includes(path)) return plain
    return (...inputs) => {
      const body = inputs.find((input) => typeof input === 'function')
      if (!body) return plain(...inputs)
      const guard = plain(...inputs.slice(0, inputs.indexOf(body)))
      try {
        return body()
      } finally {
        guard.restore()
      }
    }
  }

  /** torch.autograd.Function: what the learner derives from it is called by the engine. */
  function CustomFunction() {}
  CustomFunction.apply = function (...inputs) {
    const parts = ['forward', 'backward', 'setup_context'].map((name) => {
      const part = this[name]
      return typeof part === 'function' ? encode((...given) => part.apply(this, given)) : ['u']
    })
    return ask('custom', String(this.name), parts, encodeAll(inputs))
  }

  function errorClass(name) {
    const parent = errorParents.get(name)
    const Parent = errorParents.has(parent) ? errorClass(parent) : Error
    errorClasses[name] ??= {
      [name]: class extends Parent {
        constructor(message, hint) {
          super(message)
          this.name = name
          if (hint !== undefined) this.hint = hint
        }
      },
    }[name]
    return errorClasses[name]
  }

  const makers = {
    function: engineFunction,
    class: (detail) => (detail === 'CustomFunction' ? CustomFunction : classNamed(detail)),
    error: (_, name) => errorClass(name),
    module: (detail) => engineModule(detail),
    value: decode,
    withheld: (detail) => ask('withheld', detail),
  }

  function engineModule(entries) {
    const module = {}
    Object.defineProperty(module, '__esModule', { value: true })
    for (const [name, kind, detail] of entries) {
      let made
      if (kind === 'error') errorParents.set(name, detail)
      Object.defineProperty(module, name, { enumerable: true, get: () => (made ??= makers[kind](detail, name)) })
    }
    return module
  }

  const ring = surround(ask, encodeAll, JSON.parse(rounded))

  // -- What the host may ask for.

  const answers = {
    call: (id, self, inputs) => Reflect.apply(shared[id], decode(self), inputs.map(decode)),
    get: (id, name) => shared[id][name],
    set: (id, name, value) => {
      shared[id][name] = decode(value)
    },
    has: (id, name) => name in shared[id],
    keys: (id) => Object.keys(shared[id]),
    list: (id) => Array.from(shared[id]),
    part: (id, from, to) => [shared[id].slice(from, to)],
    look: (id) => look(shared[id]),
    settle: (id, done, failed) => {
      shared[id].then(decode(done), (error) => decode(failed)(JSON.stringify(encodeError(error))))
    },
    ring,
  }

  const reply = (action, first, second, third) => {
    try {
      return JSON.stringify([0, encode(action(first, second, third))])
    } catch (error) {
      return JSON.stringify([1, encodeError(error)])
    }
  }

  return {
    answer: (text) => {
      const message = JSON.parse(text)
      return reply(answers[message[0]], message[1], message[2], message[3])
    },
    /** Runs the learner's file, and answers with what it exports. */
    load: (file, engine) =>
      reply(() => {
        const torch = engineModule(JSON.parse(engine))
        const module = { exports: {} }
        const require = (name) => {
          if (/^(\.\.\/|\.\/)?engine(\/index)?(\.[jt]s)?$/.test(name) || name === '../engine/index.ts') return torch
          throw new Error(`'${name}' cannot be imported here: an exercise imports '../engine', and nothing else.`)
        }
        file(module.exports, require, module)
        return Object.entries(module.exports)
      }),
  }
}

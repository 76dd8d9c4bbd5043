// Loads the kit by Node's own loader, out of one file: of each module it holds where it was found, its text as JavaScript, and what V8 has compiled of
// it. For processes that are started again and again: the one that runs suites, and those that grade. Plain JavaScript, because it is what
// loads TypeScript there.
const { readFileSync, statSync } = require('node:fs')
const Module = require('node:module')
const { dirname, join, sep } = require('node:path')
const { deserialize, serialize } = require('node:v8')
const { Script } = require('node:vm')

const kitRoot = join(__dirname, '..')
const nodes = 'exports, require, module, __filename, __dirname'

/**
 * What the file holds: where to find what is asked for, by folder and request; functions, by path and parameters; and when each module was
 * changed last, where the file's name does not tell what it was made of.
 */
let kept = { found: {}, functions: {} }
/** What was found and compiled in this process. */
const own = { found: {}, functions: {}, changed: {} }

/** A `require` for a module that stands in `filename`. What `file` does not know is found and compiled as ever. */
exports.loaderIn = (filename, file, transform) => {
  if (!Module._extensions['.ts']?.isGradus) hook(file, transform)
  return Module.createRequire(filename)
}

/** A module's text as a function of these parameters: compiled already, if the file knows it. */
exports.functionOf = (path, text, parameters) => {
  const key = keyOf(path, parameters)
  if (own.functions[key]?.text === text) return own.functions[key].script
  const known = kept.functions[key]
  const cachedData = known?.text === text ? known.code : undefined
  const script = new Script(`(function (${parameters}) {${text}\n})`, { filename: path, cachedData })
  own.functions[key] = { text, script, isNew: cachedData === undefined || script.cachedDataRejected }
  return script
}

/** Whether the file lacks something that was compiled in this process. */
exports.hasNew = () => Object.values(own.functions).some(({ isNew }) => isNew)

/** What the file shall hold: all that it holds, and all that this process has loaded, which must have been nothing but the kit. */
exports.loaded = ({ dated = false } = {}) => {
  const functions = {}
  for (const [key, { text, code, script }] of Object.entries({ ...kept.functions, ...own.functions }))
    functions[key] = { text, code: code ?? script.createCachedData() }
  const changed = dated ? { ...kept.changed, ...own.changed } : undefined
  return serialize({ found: { ...kept.found, ...own.found }, functions, changed })
}

function hook(file, transform) {
  try {
    kept = deserialize(readFileSync(file))
  } catch {} // there is none yet, or it is not whole
  const find = Module._resolveFilename
  Module._resolveFilename = (request, parent, ...more) => {
    if (Module.isBuiltin(request) || !parent?.filename) return find(request, parent, ...more)
    const folder = dirname(parent.filename)
    const key = `${folder}\0${request}`
    const known = kept.found[key]
    if (known !== undefined && textOf(known) !== undefined) return known
    const path = find(isOfKit(request, folder) ? join(kitRoot, request.slice(3)) : request, parent, ...more)
    own.found[key] = path
    return path
  }
  const loads = (read) =>
    Object.assign((module, path) => run(module, path, textOf(path) ?? read(path)), { isGradus: true })
  Module._extensions['.js'] = loads((path) => readFileSync(path, 'utf8').replace(/^#!.*/, ''))
  Module._extensions['.ts'] = loads((path) => transform({ source: readFileSync(path, 'utf8'), filename: path }).code)
}

/** The JavaScript of a module, if the file knows it and it has not changed since. */
function textOf(path) {
  const known = kept.functions[keyOf(path, nodes)]
  const changed = changedAt(path) // before it is read: what changes in between is noticed the next time
  return known && (!kept.changed || kept.changed[path] === changed) ? known.text : undefined
}

function changedAt(path) {
  own.changed[path] ??= statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0
  return own.changed[path]
}

function keyOf(path, parameters) {
  return `${path}(${parameters})`
}

/** Wherever a suite stands, it works with this kit's engine and this kit's tools: see moduleNameMapper in jest.config.ts. */
function isOfKit(request, folder) {
  return /^\.\.\/(engine|scripts)(\/|$)/.test(request) && !folder.startsWith(kitRoot + sep)
}

function run(module, path, text) {
  const call = exports.functionOf(path, text, nodes).runInThisContext()
  call.call(module.exports, module.exports, requireOf(module), module, path, dirname(path))
}

/** As Module.createRequire makes it, but for a module that is there already: that is a tenth of the time. */
function requireOf(module) {
  const resolve = (request, options) => Module._resolveFilename(request, module, false, options)
  const { _cache: cache, _extensions: extensions } = Module
  return Object.assign((id) => module.require(id), { resolve, cache, extensions, main: require.main })
}

// How the process that holds a submission loads the kit: by Node's own loader, out of one file in which stands of each module where it was found, its
// text as JavaScript, and what V8 has compiled of it. Plain JavaScript, because it is what loads TypeScript there.
const { existsSync, readFileSync } = require('node:fs')
const Module = require('node:module')
const { dirname, join, sep } = require('node:path')
const { deserialize, serialize } = require('node:v8')
const { Script } = require('node:vm')

const kitRoot = join(__dirname, '..', '..')

/** Modules by path, and where to find what is asked for, by folder and request. */
let kept = { modules: {}, found: {} }
/** What was compiled in this process, by path. */
const scripts = new Map()

/** A `require` for a module that stands in `filename`. What `file` does not know is found and compiled as ever. */
exports.loaderIn = (filename, file, transform) => {
  if (!Module._extensions['.ts']?.isGradus) hook(file, transform)
  return Module.createRequire(filename)
}

/** All that this process has loaded, as such a file: it must have loaded nothing but the kit. */
exports.loaded = () => {
  const modules = {}
  for (const [path, { text, script }] of scripts) modules[path] = { text, code: script.createCachedData() }
  return serialize({ modules, found: kept.found })
}

function hook(file, transform) {
  if (existsSync(file)) kept = deserialize(readFileSync(file))
  const find = Module._resolveFilename
  Module._resolveFilename = (request, parent, ...more) => {
    if (Module.isBuiltin(request) || !parent?.filename) return find(request, parent, ...more)
    const folder = dirname(parent.filename)
    const key = `${folder}\0${request}`
    const known = kept.found[key]
    if (known in kept.modules) return known
    const path = find(isOfKit(request, folder) ? join(kitRoot, request.slice(3)) : request, parent, ...more)
    kept.found[key] = path
    return path
  }
  const loads = (read) => Object.assign((module, path) => run(module, path, read), { isGradus: true })
  Module._extensions['.js'] = loads((path) => readFileSync(path, 'utf8').replace(/^#!.*/, ''))
  Module._extensions['.ts'] = loads((path) => transform({ source: readFileSync(path, 'utf8'), filename: path }).code)
}

/** Wherever a suite stands, it works with this kit's engine and this kit's tools: see moduleNameMapper in jest.config.ts. */
function isOfKit(request, folder) {
  return /^\.\.\/(engine|scripts)(\/|$)/.test(request) && !folder.startsWith(kitRoot + sep)
}

function run(module, path, read) {
  if (!scripts.has(path)) {
    const { text = read(path), code } = kept.modules[path] ?? {}
    const wrapped = `(function (exports, require, module, __filename, __dirname) {${text}\n})`
    scripts.set(path, { text, script: new Script(wrapped, { filename: path, cachedData: code }) })
  }
  const call = scripts.get(path).script.runInThisContext()
  call.call(module.exports, module.exports, Module.createRequire(path), module, path, dirname(path))
}

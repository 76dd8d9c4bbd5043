// Jest's way of finding modules, with one thing remembered between suites: where the kit's own modules stand, which no learner moves.
const { realpathSync } = require('node:fs')
const { join, sep } = require('node:path')

const kitRoot = join(__dirname, '..', '..')
const kept = ['engine', 'node_modules'].map((folder) => realpathSync(join(kitRoot, folder)) + sep)
const isKept = (path) => kept.some((folder) => path.startsWith(folder))

/** By folder and name. */
const found = new Map()

module.exports = (name, options) => {
  if (!isKept(options.basedir + sep)) return options.defaultResolver(name, options)
  const key = `${options.basedir}\0${name}`
  let path = found.get(key)
  if (path === undefined) {
    path = options.defaultResolver(name, options)
    if (isKept(path)) found.set(key, path)
  }
  return path
}

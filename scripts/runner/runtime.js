// Jest's module runtime, with one thing remembered between suites: the compiled scripts of what no learner edits. Each suite still runs in a
// context of its own and executes every module anew; V8 only needn't parse and compile the engine again.
const { realpathSync } = require('node:fs')
const { join, sep } = require('node:path')
const { Script } = require('node:vm')
const Runtime = require('jest-runtime').default

const kitRoot = join(__dirname, '..', '..')
const [packages, ...own] = ['node_modules', 'engine', 'scripts'].map(
  (folder) => realpathSync(join(kitRoot, folder)) + sep,
)
const shared = [packages, ...own]

/** By file name: the text that was compiled, and what came of it. */
const compiled = new Map()

module.exports = class SharingRuntime extends Runtime {
  constructor(...parts) {
    super(...parts)
    const { executor } = this
    const compile = executor.compile.bind(executor)
    const environment = parts[1]
    executor.compile = (source, filename) => {
      const context = environment.getVmContext()
      if (context === null || !shared.some((folder) => filename.startsWith(folder))) return compile(source, filename)
      if (!filename.startsWith(packages)) environment.loads?.(filename)
      return scriptOf(source, filename, executor.injectedModuleParameters).runInContext(context)
    }
  }
}

function scriptOf(source, filename, parameters) {
  const known = compiled.get(filename)
  if (known?.source === source) return known.script
  const script = new Script(`(function (${parameters.join(',')}) {${source}\n})`, { filename })
  compiled.set(filename, { source, script })
  return script
}

// Jest's module runtime, with one thing remembered between suites: the compiled scripts of what no learner edits. Each suite still runs in a
// context of its own and executes every module anew; V8 only needn't parse and compile the engine again.
const { realpathSync } = require('node:fs')
const { join, sep } = require('node:path')
const Runtime = require('jest-runtime').default
const { functionOf } = require('../modules')

const kitRoot = join(__dirname, '..', '..')
const [packages, ...own] = ['node_modules', 'engine', 'scripts'].map(
  (folder) => realpathSync(join(kitRoot, folder)) + sep,
)
const shared = [packages, ...own]

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
      return functionOf(filename, source, executor.injectedModuleParameters.join()).runInContext(context)
    }
  }
}

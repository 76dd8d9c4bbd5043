// ts-jest, but loaded only when there is something to compile: with a warm cache, TypeScript itself (9 MB of JavaScript) is never read. The kit's own
// programs, of which nobody need be told what is wrong with them, are compiled as they are for its commands, in a tenth of the time.
const { createHash, randomUUID } = require('node:crypto')
const { readFileSync, realpathSync } = require('node:fs')
const { join, sep } = require('node:path')
const { transform } = require('../load')

/** All that decides how a file is compiled, besides its own text. */
const settings = [
  '../../tsconfig.json',
  '../../node_modules/typescript/package.json',
  '../../node_modules/ts-jest/package.json',
  '../../node_modules/sucrase/package.json',
]
  .map((path) => readFileSync(join(__dirname, path), 'utf8'))
  .join('\0')

/** Compiled anew each time, so that a process that has warmed up has the compiler loaded too. */
const neverCached = join(__dirname, 'warmUp', 'answer.ts')

const own = ['engine', 'scripts'].map((folder) => realpathSync(join(__dirname, '..', '..', folder)) + sep)
const isOwn = (path) =>
  path !== neverCached && !path.endsWith('.test.ts') && own.some((folder) => path.startsWith(folder))

/** Compiling a learner's file is not their code running: it does not count towards the time that their code may take. */
function offTheClock(compile) {
  const clock = globalThis.gradusBench?.clock
  const began = clock?.[0]
  if (!began) return compile()
  clock[0] = 0
  try {
    return compile()
  } finally {
    clock[0] = Date.now()
  }
}

module.exports = {
  createTransformer(options) {
    let compiler
    const load = () => {
      compiler ??= require('ts-jest').default.createTransformer(options)
      return compiler
    }
    return {
      // Jest's own configuration is left out: where the tests stand does not change how a file is compiled.
      getCacheKey: (source, path, { instrument }) =>
        createHash('sha256')
          .update([settings, instrument, isOwn(path), path, path === neverCached ? randomUUID() : source].join('\0'))
          .digest('hex')
          .slice(0, 32),
      process: (source, filename, ...more) =>
        isOwn(filename)
          ? transform({ source, filename })
          : offTheClock(() => load().process(source, filename, ...more)),
      processAsync: (...call) => load().processAsync(...call),
    }
  },
}

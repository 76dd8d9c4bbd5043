// Starts one of the kit's programs: node scripts/gradus.js VERB [ARGUMENTS]. Plain JavaScript, because it is what loads TypeScript.
const { existsSync } = require('node:fs')
const { join } = require('node:path')

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 11)) {
  console.error(`Gradus needs Node 20.11 or later; this is ${process.version}. See https://nodejs.org for a newer one.`)
  process.exit(2)
}

let loaderIn
try {
  ;({ loaderIn } = require('./load'))
} catch {
  console.error('The packages that Gradus needs are not installed yet. Run `npm ci` first.')
  process.exit(2)
}

// An error that nobody caught is told by its stack alone; Node would print the line of the loader that it passed through, which is a megabyte long.
process.on('uncaughtException', (error) => {
  // A full disk is nobody's fault, and what jiti compiles is the first that finds no room.
  const isFull = ['ENOSPC', 'EDQUOT'].includes(error?.code)
  const full = `The disk is full: make room where the kit is and in ${require('node:os').tmpdir()}, and run the command again.`
  console.error(isFull ? full : error instanceof Error ? error.stack : error)
  process.exit(2)
})

const verb = process.argv[2] ?? ''
if (!['.ts', '/index.ts'].some((ending) => existsSync(join(__dirname, verb + ending)))) {
  const verbs = Object.keys(require('../package.json').scripts)
  console.error(
    `There is no command ${verb || '“”'}. Did you mean ${require('fastest-levenshtein').closest(verb, verbs)}?`,
  )
  process.exit(2)
}

loaderIn(__filename)(`./${verb}`)

// Loads the kit's TypeScript. Plain JavaScript, because it is what does so for all the rest.
const { createJiti } = require('jiti')

/** TypeScript as CommonJS, by Sucrase: what jiti itself brings takes five times as long, which a new copy of the kit feels. */
function transform({ source, filename }) {
  const options = { transforms: ['typescript', 'imports'], disableESTransforms: true, filePath: filename }
  return { code: require('sucrase').transform(source, options).code }
}
exports.transform = transform

/** Tried in this order for an import without one. Nearly all of the kit is TypeScript: with jiti's own order, looking for files took a third of a process's start. */
const extensions = ['.ts', '.js', '.json']

/** A `require` for a module that stands in `filename`. A process that holds a submission has a cache of its own: see scripts/grade/contain.ts. */
exports.loaderIn = (filename, options) =>
  createJiti(filename, {
    fsCache: process.env.GRADUS_CACHE ?? true,
    transform,
    extensions,
    interopDefault: false,
    ...options,
  })

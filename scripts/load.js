// Loads the kit's TypeScript. Plain JavaScript, because it is what does so for all the rest.

/** TypeScript as CommonJS, by Sucrase: what jiti itself brings takes five times as long, which a new copy of the kit feels. */
function transform({ source, filename }) {
  const options = { transforms: ['typescript', 'imports'], disableESTransforms: true, filePath: filename }
  return { code: require('sucrase').transform(source, options).code }
}
exports.transform = transform

/** Tried in this order for an import without one. Nearly all of the kit is TypeScript: with jiti's own order, looking for files took a third of a process's start. */
const extensions = ['.ts', '.js', '.json']

/** Where processes that are started again and again find what they load: see modules.js. */
const file = process.env.GRADUS_CACHE
const { createJiti } = file ? {} : require('jiti')

/** A `require` for a module that stands in `filename`. */
exports.loaderIn = (filename) =>
  file
    ? require('./modules').loaderIn(filename, file, transform)
    : createJiti(filename, { fsCache: true, transform, extensions, interopDefault: false })

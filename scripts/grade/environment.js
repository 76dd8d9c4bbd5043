// Jest loads this file by itself, without TypeScript; it hands over to environment.ts.
module.exports = require('jiti').createJiti(__filename, { fsCache: process.env.GRADUS_CACHE ?? true })(
  './environment.ts',
)

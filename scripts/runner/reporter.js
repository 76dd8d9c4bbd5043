// Jest loads this file by itself, without TypeScript; it hands over to reporter.ts.
module.exports = require('../load').loaderIn(__filename)('./reporter.ts')

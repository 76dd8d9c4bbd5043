// Jest loads this file by itself, without TypeScript; it hands over to environment.ts.
module.exports = require('../load').loaderIn(__filename)('./environment.ts')

/**
 * Runs the kit's own tests: the engine's and the scripts'. Learners never need it; `npm run check` does.
 * @jest-config-loader ts-node
 * @jest-config-loader-options {"transpileOnly": true, "ignoreDiagnostics": [5011, 5107]}
 */
import type { Config } from 'jest'

const config: Config = {
  rootDir: '..',
  roots: ['<rootDir>/engine', '<rootDir>/scripts'],
  testMatch: ['**/*.test.ts'],
  transform: { '\\.ts$': ['<rootDir>/scripts/runner/transform.js', { tsconfig: '<rootDir>/tsconfig.json' }] },
  // A hundred test files load one engine: it is found and compiled once in each worker.
  runtime: '<rootDir>/scripts/runner/runtime.js',
  resolver: '<rootDir>/scripts/runner/resolver.js',
}

export default config

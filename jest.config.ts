/**
 * Grades the exercises. `npm test` runs the same suites with a watch on endless loops.
 * @jest-config-loader ts-node
 * @jest-config-loader-options {"transpileOnly": true, "ignoreDiagnostics": [5011, 5107]}
 */
import type { Config } from 'jest'

const config: Config = {
  rootDir: __dirname,
  roots: ['<rootDir>/exercises', '<rootDir>/engine'],
  testMatch: ['<rootDir>/exercises/*.test.ts'],
  transform: { '\\.ts$': ['<rootDir>/scripts/runner/transform.js', { tsconfig: '<rootDir>/tsconfig.json' }] },
  // Solutions and mistakes are judged from other folders; all use the one engine.
  moduleNameMapper: {
    '^\\.\\./engine$': '<rootDir>/engine',
    '^\\.\\./scripts/(lesson|feedback/feedback)$': '<rootDir>/scripts/$1',
  },
  reporters: ['<rootDir>/scripts/runner/reporter.js'],
  maxWorkers: 1,
}

export default config

// The parts of the check that other programs do: TypeScript, Biome, and Jest on the kit's own tests.
import { spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { kitRoot } from '../course'
import { patience, youngSpace } from '../patience'
import { type Finding, finding } from './problem'

/** What tsc found the last time is kept, so that it looks only at what has changed since, and at what that touches. */
export async function checkTypes(): Promise<Finding> {
  const { code, output } = await runNode(require.resolve('typescript/bin/tsc'), [
    '--noEmit',
    '--incremental',
    '--tsBuildInfoFile',
    join(kitRoot, '.gradus', 'types.tsbuildinfo'),
    '--pretty',
    'false',
  ])
  return finding(1, code === 0 ? [] : [{ where: 'tsc --noEmit', message: output }])
}

export async function checkStyle(): Promise<Finding> {
  const { code, output } = await runNode(require.resolve('@biomejs/biome/bin/biome'), [
    'ci',
    '--colors=off',
    '--max-diagnostics=20',
    '.',
  ])
  return finding(
    1,
    code === 0
      ? []
      : [{ where: 'biome', message: `${output}\n\`npx biome check --write\` mends what can be mended by itself.` }],
  )
}

interface JestReport {
  numTotalTests: number
  numPassedTests: number
  testResults: {
    name: string
    message: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}

/** Every test must run and pass: a skipped one is a problem too. */
export async function checkKitTests(): Promise<Finding> {
  const file = join(kitRoot, '.gradus', `kit-tests.${process.pid}.json`)
  // Jest's workers have the options of the process that starts them.
  const options = [...patience, ...youngSpace]
  const { output } = await runNode(
    require.resolve('jest/bin/jest'),
    ['--config', 'scripts/jest.kit.config.ts', '--json', '--outputFile', file, '--silent', '--maxWorkers=2'],
    options,
  )
  let report: JestReport
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as JestReport
  } catch {
    return finding(1, [{ where: 'jest', message: `the kit's own tests could not run:\n${output}` }])
  } finally {
    rmSync(file, { force: true })
  }
  const problems = report.testResults.flatMap(({ name, message, assertionResults }) => {
    const where = name.slice(kitRoot.length + 1)
    if (assertionResults.length === 0) return [{ where, message: message || 'has no tests.' }]
    return assertionResults
      .filter(({ status }) => status !== 'passed')
      .map(({ status, fullName, failureMessages }) => ({
        where,
        message: `“${fullName}” ${status}\n${failureMessages.join('\n')}`,
      }))
  })
  return finding(report.numTotalTests, problems)
}

function runNode(
  script: string,
  parameters: string[],
  options: string[] = [],
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const words = [...options, script, ...parameters]
    const child = spawn(process.execPath, words, { cwd: kitRoot, stdio: ['ignore', 'pipe', 'pipe'] })
    const kill = () => child.kill('SIGKILL')
    process.once('exit', kill)
    let output = ''
    const collect = (data: Buffer) => {
      output += data
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', reject)
    child.on('close', (code) => {
      process.removeListener('exit', kill)
      resolve({ code, output: output.trim() })
    })
  })
}
